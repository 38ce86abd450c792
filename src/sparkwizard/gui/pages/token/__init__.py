"""Page 2, Access token."""
