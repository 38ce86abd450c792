"""Show the company's people under the names that Microsoft Graph gives their properties."""

from collections.abc import Callable, Mapping
from typing import Any

from sparkwizard.practice.company.people import COLUMNS, Person

type Row = tuple[str, ...]
"""The cells of one person, in the order of the company's file."""

NOBODY: Row = ("",) * len(COLUMNS)
COMPANY = "Fabrikam"
CREATED = "2024-03-04T08:00:00Z"

# what Graph returns where no $select asks for more (GD/api/user-list.md)
DEFAULT_PROPERTIES = (
    *("businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone"),
    *("officeLocation", "preferredLanguage", "surname", "userPrincipalName", "id"),
)

_LANGUAGES = {"DE": "de-DE", "GB": "en-GB", "FR": "fr-FR", "US": "en-US", "ES": "es-ES"}
_PLACE = {name: index for index, name in enumerate(COLUMNS)}
_EXTENSIONS = tuple(f"extensionAttribute{number}" for number in range(1, 16))


def as_row(person: Person) -> Row:
    """Return a person's cells: a hundred thousand of them take little memory."""
    return tuple(person[column] for column in COLUMNS)


def graph_user(row: Row, number: int) -> dict[str, Any]:
    """Return all properties of a person; ``number`` counts from 0 in the order of the file."""
    return {name: read(row, number) for name, read in PROPERTIES.items()}


def chosen_properties(row: Row, number: int, names: tuple[str, ...]) -> dict[str, Any]:
    """Return only these properties, in this order."""
    return {name: PROPERTIES[name](row, number) for name in names}


def _cell(column: str) -> Callable[[Row, int], str | None]:
    place = _PLACE[column]
    return lambda row, _number: row[place] or None


def _always(value: object) -> Callable[[Row, int], Any]:
    return lambda _row, _number: value


def _empty(_row: Row, _number: int) -> list[str]:
    return []


def _enabled(row: Row, _number: int) -> bool:
    return row[_PLACE["accountEnabled"]] == "True"


def is_guest(row: Row) -> bool:
    """Tell whether a person was invited from another organization."""
    return row[_PLACE["userType"]] == "Guest"


def _phones(row: Row, _number: int) -> list[str]:
    phone = row[_PLACE["telephoneNumber"]]
    return [phone] if phone else []


def _nickname(row: Row, _number: int) -> str:
    return row[_PLACE["userPrincipalName"]].partition("@")[0]


def _employee_id(row: Row, number: int) -> str | None:
    return f"{number + 1:06d}" if row[_PLACE["department"]] else None


def _company(row: Row, _number: int) -> str | None:
    return None if is_guest(row) else COMPANY


def _language(row: Row, _number: int) -> str | None:
    return _LANGUAGES.get(row[_PLACE["usageLocation"]])


def _synchronized(row: Row, _number: int) -> bool | None:
    # null where a person never came from an on-premises directory
    return None if is_guest(row) or not row[_PLACE["department"]] else True


def _extensions(row: Row, number: int) -> dict[str, str | None]:
    values: dict[str, str | None] = dict.fromkeys(_EXTENSIONS)
    if row[_PLACE["department"]]:
        values["extensionAttribute1"] = f"CC-{number % 9 + 1:03d}"
    return values


def _addresses(row: Row, _number: int) -> list[str]:
    mail = row[_PLACE["mail"]]
    return [f"SMTP:{mail}"] if mail else []


def _invitation(row: Row, _number: int) -> str | None:
    return "Accepted" if is_guest(row) else None


def _creation(row: Row, _number: int) -> str | None:
    return "Invitation" if is_guest(row) else None


PROPERTIES: Mapping[str, Callable[[Row, int], Any]] = {
    "id": _cell("objectId"),
    "accountEnabled": _enabled,
    "ageGroup": _cell("ageGroup"),
    "businessPhones": _phones,
    "city": _cell("city"),
    "companyName": _company,
    "consentProvidedForMinor": _cell("consentProvidedForMinor"),
    "country": _cell("country"),
    "createdDateTime": _always(CREATED),
    "creationType": _creation,
    "deletedDateTime": _always(None),
    "department": _cell("department"),
    "displayName": _cell("displayName"),
    "employeeHireDate": _always(None),
    "employeeId": _employee_id,
    "employeeLeaveDateTime": _always(None),
    "employeeOrgData": _always(None),
    "employeeType": _always(None),
    "externalUserState": _invitation,
    "faxNumber": _always(None),
    "givenName": _cell("givenName"),
    "imAddresses": _empty,
    "isResourceAccount": _always(None),
    "jobTitle": _cell("jobTitle"),
    "legalAgeGroupClassification": _cell("legalAgeGroupClassification"),
    "mail": _cell("mail"),
    "mailNickname": _nickname,
    "mobilePhone": _cell("mobile"),
    "officeLocation": _cell("physicalDeliveryOfficeName"),
    "onPremisesDistinguishedName": _always(None),
    "onPremisesDomainName": _always(None),
    "onPremisesExtensionAttributes": _extensions,
    "onPremisesImmutableId": _always(None),
    "onPremisesLastSyncDateTime": _always(None),
    "onPremisesSamAccountName": _always(None),
    "onPremisesSecurityIdentifier": _always(None),
    "onPremisesSyncEnabled": _synchronized,
    "onPremisesUserPrincipalName": _always(None),
    "otherMails": _empty,
    "postalCode": _cell("postalCode"),
    "preferredDataLocation": _always(None),
    "preferredLanguage": _language,
    "proxyAddresses": _addresses,
    "securityIdentifier": _always(None),
    "showInAddressList": _always(None),
    "state": _cell("state"),
    "streetAddress": _cell("streetAddress"),
    "surname": _cell("surname"),
    "usageLocation": _cell("usageLocation"),
    "userPrincipalName": _cell("userPrincipalName"),
    "userType": _cell("userType"),
}
