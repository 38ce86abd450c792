"""Which windows are open on this data folder, and how those before them ended."""
