"""Page 1, Start."""
