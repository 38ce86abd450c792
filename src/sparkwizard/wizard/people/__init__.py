"""The source's people in numbers and words: who was read, who is in scope, what is odd."""
