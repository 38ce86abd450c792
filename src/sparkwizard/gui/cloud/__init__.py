"""Let Microsoft Entra do it: the window that sets its provisioning service up and watches it."""
