"""Tell: messages, and how far something is."""
