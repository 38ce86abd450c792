"""A plan in words: what happens to whom and why, what it takes, what an edit would mean."""
