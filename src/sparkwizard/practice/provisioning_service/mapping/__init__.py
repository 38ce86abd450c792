"""Read schemas, expressions and filters, and work out what Webex should hold."""
