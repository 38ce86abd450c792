"""Dialogs and fields in which rules are written: expressions, the builder, live results."""
