"""Runs in words: how far one is, how it came out, how a setup is doing since."""
