"""What the pages and commands tell of Entra's own provisioning service; words and states, no Qt.

``checklist``: the set-up by hand, point by point; ``words``: status, quarantine, logs, plans.
"""
