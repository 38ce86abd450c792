"""Initial and incremental cycles: what changed, what is tried again, what is in quarantine."""
