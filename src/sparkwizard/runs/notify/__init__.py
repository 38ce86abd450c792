"""Write to people after a run: when, what, and through which mail server."""

from sparkwizard.runs.notify.notifier import Notifier
from sparkwizard.runs.notify.types import Ended, Notification

__all__ = ["Ended", "Notification", "Notifier"]
