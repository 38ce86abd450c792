"""The last page, Result."""
