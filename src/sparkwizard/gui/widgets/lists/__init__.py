"""Lists: tables of many rows, layers, changes, values."""
