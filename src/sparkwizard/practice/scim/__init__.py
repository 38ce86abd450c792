"""Speak SCIM 2.0 as Webex describes it: attributes, filters, paths and PATCH."""
