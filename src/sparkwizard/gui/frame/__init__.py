"""The frame around the pages: windows, and what every page has."""
