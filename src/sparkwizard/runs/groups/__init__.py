"""Groups of a run: planned beside people, and written once everybody is there."""
