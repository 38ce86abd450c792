"""Simulate the parts of Webex that provisioning touches: people, SCIM, licences, activation."""
