"""Invent the practice company: its people, and what Webex already knows of them."""
