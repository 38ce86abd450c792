"""Access in words: tokens, sign-ins, clouds, and what is in the way of a connection."""
