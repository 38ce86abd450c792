"""Try a frozen program as an administrator's workstation would run it: no Python, no PATH."""
