"""Where people go: tokens, organizations, Tenant URLs, SCIM and the connection diagnosis."""
