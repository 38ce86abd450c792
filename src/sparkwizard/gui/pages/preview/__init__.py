"""Page 9, Preview."""
