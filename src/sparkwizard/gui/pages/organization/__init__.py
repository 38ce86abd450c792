"""Page 3, Organization."""
