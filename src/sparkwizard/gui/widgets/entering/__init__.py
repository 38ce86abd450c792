"""Enter: fields, switches, choices from many, files."""
