"""The command line: what it understands, and the help it gives."""
