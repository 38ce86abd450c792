"""From people and users to a plan: who is matched, decided, held back."""
