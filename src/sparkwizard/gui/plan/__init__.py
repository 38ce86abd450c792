"""What several pages and windows show of a plan: its people, its findings, its files."""
