"""What the wizard produces: profiles, and secrets in the keyring."""
