"""Table models of the pages."""
