"""Webex's attributes: where they stand, what they take, what counts as the same."""
