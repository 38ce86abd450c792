"""Page 5, People."""
