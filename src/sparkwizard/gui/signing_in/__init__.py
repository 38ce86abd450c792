"""Sign in to Microsoft Entra ID in the window: what is asked for, the browser, the device code."""
