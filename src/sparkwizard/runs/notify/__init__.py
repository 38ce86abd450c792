"""Write to people after a run: when, what, and through which mail server."""

from sparkwizard.runs.notify.notifier import Notification, Notifier
from sparkwizard.runs.notify.words import Ended

__all__ = ["Ended", "Notification", "Notifier"]
