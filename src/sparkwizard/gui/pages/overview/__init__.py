"""The overview of a saved setup."""
