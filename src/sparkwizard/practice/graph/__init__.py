"""Answer Microsoft Graph (v1.0) for the practice tenant."""
