"""Doing it: preview, apply, journal and reports."""
