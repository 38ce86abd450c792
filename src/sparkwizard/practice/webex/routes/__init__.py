"""What Webex is asked over HTTP, by subject."""
