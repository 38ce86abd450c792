"""Page 7, Scope."""
