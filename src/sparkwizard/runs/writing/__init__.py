"""Write single actions to Webex, and find out by reading what became of them."""
