"""Whom a connection with TLS trusts, and who it met instead."""
