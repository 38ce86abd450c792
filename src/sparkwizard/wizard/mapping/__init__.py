"""The attribute mapping while it is edited: its rules, their expressions, and people to try."""
