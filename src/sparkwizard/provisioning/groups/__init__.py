"""Groups: whose they are, what they are called, who joins and leaves, the inverse."""
