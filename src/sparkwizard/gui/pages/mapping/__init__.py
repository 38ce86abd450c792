"""Page 6, Attribute mapping."""
