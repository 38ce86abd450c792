"""How the commands speak, and what several of them tell."""
