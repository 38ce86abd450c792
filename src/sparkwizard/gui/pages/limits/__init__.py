"""Page 8, Limits."""
