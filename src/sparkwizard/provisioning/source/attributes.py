"""Know the source attributes: Entra's own (legacy directory) names, their Graph aliases, meanings.

Entra's provisioning uses the directory's old names; Microsoft Graph and newer exports use others.
``canonical`` brings both to the old ones, so that a rule works with every source.
"""

import difflib
from collections.abc import Mapping

import msgspec

__all__ = [
    "IS_SOFT_DELETED",
    "SOURCE_ATTRIBUTES",
    "SourceAttribute",
    "attributes_for_rules",
    "canonical",
    "describe_source",
    "similar_source",
    "truth",
]

IS_SOFT_DELETED = "IsSoftDeleted"


class SourceAttribute(msgspec.Struct, frozen=True):
    """Describe one source attribute in one line; ``aliases`` are its names elsewhere.

    ``usable`` is False where Entra does not offer the attribute to rules or filters.
    """

    name: str
    meaning: str
    aliases: tuple[str, ...] = ()
    multi_valued: bool = False
    usable: bool = True


def _extension_attributes() -> tuple[SourceAttribute, ...]:
    return tuple(
        SourceAttribute(
            f"extensionAttribute{number}",
            f"Extension attribute {number}, filled from Active Directory",
            (f"onPremisesExtensionAttributes.extensionAttribute{number}",),
        )
        for number in range(1, 16)
    )


SOURCE_ATTRIBUTES: tuple[SourceAttribute, ...] = (
    SourceAttribute("userPrincipalName", "The name the person signs in with"),
    SourceAttribute(
        "originalUserPrincipalName", "The sign-in name of a guest as stored, with #EXT#"
    ),
    SourceAttribute("objectId", "The id that never changes", ("id",)),
    SourceAttribute("displayName", "The full name as shown"),
    SourceAttribute("givenName", "Given name"),
    SourceAttribute("surname", "Family name", ("sn", "familyName", "lastName")),
    SourceAttribute("mail", "The main e-mail address"),
    SourceAttribute("mailNickname", "The e-mail alias without the domain"),
    SourceAttribute("proxyAddresses", "All e-mail addresses, with SMTP: in front", (), True),
    SourceAttribute("otherMails", "Further e-mail addresses", (), True),
    SourceAttribute("jobTitle", "Job title"),
    SourceAttribute("department", "Department"),
    SourceAttribute("companyName", "Company"),
    SourceAttribute("employeeId", "Employee number"),
    SourceAttribute("employeeType", "Employee, contractor and so on"),
    SourceAttribute("employeeHireDate", "The day the person starts"),
    SourceAttribute("division", "Division", ("employeeOrgData.division",)),
    SourceAttribute("costCenter", "Cost centre", ("employeeOrgData.costCenter",)),
    SourceAttribute("manager", "The id of the person's manager"),
    SourceAttribute("accountEnabled", "Whether sign-in is allowed: True or False"),
    SourceAttribute(
        IS_SOFT_DELETED, "True when the person was deleted, disabled or left the scope"
    ),
    SourceAttribute(
        "telephoneNumber", "Business phone", ("businessPhones", "businessPhones[0]", "phone")
    ),
    SourceAttribute("mobile", "Mobile phone", ("mobilePhone",)),
    SourceAttribute("facsimileTelephoneNumber", "Fax number", ("faxNumber",)),
    SourceAttribute("physicalDeliveryOfficeName", "Office", ("officeLocation",)),
    SourceAttribute("streetAddress", "Street address"),
    SourceAttribute("postalCode", "Postal code"),
    SourceAttribute("city", "City", ("l", "locality")),
    SourceAttribute("state", "State or province", ("st",)),
    SourceAttribute("country", "Country or region"),
    SourceAttribute("usageLocation", "The country licences are used in, two letters"),
    SourceAttribute("preferredLanguage", "Preferred language, e.g. en-US"),
    SourceAttribute(
        "dirSyncEnabled",
        "Whether the person comes from Active Directory",
        ("onPremisesSyncEnabled", "directorySynced"),
    ),
    SourceAttribute("immutableId", "The anchor in Active Directory", ("onPremisesImmutableId",)),
    SourceAttribute("onPremisesSamAccountName", "The old Windows sign-in name"),
    SourceAttribute("onPremisesUserPrincipalName", "The sign-in name in Active Directory"),
    SourceAttribute("onPremisesDistinguishedName", "The place in Active Directory"),
    SourceAttribute("onPremisesDomainName", "The Active Directory domain"),
    SourceAttribute("onPremisesSecurityIdentifier", "The security identifier on premises"),
    SourceAttribute("appRoleAssignments", "Roles assigned in the application", (), True),
    SourceAttribute("alternateEmailAddress", "Alternate e-mail address"),
    SourceAttribute("authenticationEmail", "E-mail for password reset"),
    SourceAttribute("authenticationAlternativePhoneNumber", "Phone for password reset"),
    SourceAttribute("ageGroup", "Age group"),
    SourceAttribute("consentProvidedForMinor", "Consent given for a minor"),
    SourceAttribute("legalAgeGroupClassification", "Legal age group"),
    SourceAttribute("creationType", "How the account came to be"),
    SourceAttribute("createdDateTime", "When the account came to be"),
    SourceAttribute("invitationState", "Whether a guest accepted the invitation"),
    SourceAttribute("identityIssuer", "Who vouches for the identity"),
    # Entra has these in its directory, but does not hand them to provisioning.
    SourceAttribute("userType", "Member or guest", usable=False),
    SourceAttribute("SamAccountName", "The old Windows sign-in name", usable=False),
    *_extension_attributes(),
)

_BY_NAME: dict[str, SourceAttribute] = {
    name.lower(): attribute
    for attribute in SOURCE_ATTRIBUTES
    for name in (attribute.name, *attribute.aliases)
}

_TRUE = frozenset(("true", "1", "yes"))
_FALSE = frozenset(("false", "0", "no"))


def canonical(name: str) -> str:
    """Return Entra's own spelling of a source attribute.

    Known names and aliases count without regard to case. Unknown ones stay as they are: the names
    of directory extensions are case-sensitive in Entra.
    """
    stripped = name.strip()
    known = _BY_NAME.get(stripped.lower())
    return known.name if known else stripped


def describe_source(name: str) -> SourceAttribute | None:
    """Return what is known of a source attribute, under any of its names."""
    return _BY_NAME.get(name.strip().lower())


def truth(value: object) -> bool | None:
    """Read a boolean as directories and files write it; None where it can't be told."""
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    return True if text in _TRUE else False if text in _FALSE else None


def attributes_for_rules(attributes: Mapping[str, object]) -> Mapping[str, object]:
    """Return a person's attributes with ``IsSoftDeleted``, which Entra computes, as True or False.

    Where the source did not say, it is "not accountEnabled", and "False" where that is unknown too
    (design §6): nobody is switched off by a missing column.
    """
    given = attributes.get(IS_SOFT_DELETED)
    if given in ("True", "False"):
        return attributes
    deleted = truth(given)
    if deleted is None:
        deleted = truth(attributes.get("accountEnabled")) is False
    return {**attributes, IS_SOFT_DELETED: str(deleted)}


def similar_source(name: str) -> str:
    """Return the known attribute whose name is most like this one, or an empty text."""
    found = difflib.get_close_matches(name.strip().lower()[:60], _BY_NAME, n=1, cutoff=0.75)
    return _BY_NAME[found[0]].name if found else ""
