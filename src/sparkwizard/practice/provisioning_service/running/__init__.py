"""Run cycles: read the directory, ask Webex, write to it, and record what was done."""
