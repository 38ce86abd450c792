"""The headless commands: the same services as the wizard, for scripts and schedulers."""
