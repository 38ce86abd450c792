"""The rules of a setup that has none of its own: who reads setups compiles no expressions."""

from sparkwizard.provisioning.types import MappingRule

__all__ = ["DEFAULT_GROUP_MAPPING", "DEFAULT_MAPPING"]

DEFAULT_MAPPING: tuple[MappingRule, ...] = (
    MappingRule("userName", "[userPrincipalName]", matching_precedence=1),
    MappingRule("externalId", "[objectId]", matching_precedence=2),
    MappingRule("active", 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'),
    MappingRule("displayName", "[displayName]"),
    MappingRule("name.givenName", "[givenName]"),
    MappingRule("name.familyName", "[surname]"),
)
"""The attributes of Microsoft's gallery application for Webex (facts: entra.md §1)."""

DEFAULT_GROUP_MAPPING: tuple[MappingRule, ...] = (
    MappingRule("displayName", "[displayName]", matching_precedence=1),
    MappingRule("members", "[members]"),
    MappingRule("externalId", "[objectId]"),
)
"""The attributes of Microsoft's gallery application for Webex (facts: entra.md §1)."""
