"""Describe people as the Entra admin centre's "Download users" file does."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.resources import resource_folder
from sparkwizard.practice.scim.attributes import ENTERPRISE_USER

type Person = Mapping[str, str]
"""One row of the file: every column is there, an empty cell is an empty text."""

# the documented order (users-bulk-download.md, 2025-08)
COLUMNS = (
    *("userPrincipalName", "displayName", "surname", "mail", "givenName", "objectId"),
    *("userType", "jobTitle", "department", "accountEnabled", "usageLocation"),
    *("streetAddress", "state", "country", "physicalDeliveryOfficeName", "city", "postalCode"),
    *("telephoneNumber", "mobile", "authenticationAlternativePhoneNumber"),
    *("authenticationEmail", "alternateEmailAddress", "ageGroup"),
    *("consentProvidedForMinor", "legalAgeGroupClassification"),
)
HAND_MADE_PEOPLE = 60


def hand_made_people() -> list[Person]:
    """Return the sixty people of the practice company's own file."""
    with (resource_folder() / "company.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_people(path: Path, people: Iterable[Person]) -> Iterator[Person]:
    """Write people to a file, passing each on as it is written.

    The file is complete once the iterator is exhausted.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for person in people:
            writer.writerow([person[column] for column in COLUMNS])
            yield person


def as_webex_user(person: Person) -> JsonObject:
    """Return the user that the product's default mapping makes of a person."""
    user: JsonObject = {
        "userName": person["userPrincipalName"],
        "externalId": person["objectId"],
        "active": person["accountEnabled"] == "True",
        "userType": "user",
        "displayName": person["displayName"],
        "name": _filled(givenName=person["givenName"], familyName=person["surname"]),
        "title": person["jobTitle"],
        "phoneNumbers": [
            {"value": number, "type": kind}
            for kind, number in (("work", person["telephoneNumber"]), ("mobile", person["mobile"]))
            if number
        ],
        ENTERPRISE_USER: _filled(department=person["department"]),
    }
    return {key: value for key, value in user.items() if value not in ("", {}, [])}


def _filled(**values: str) -> JsonObject:
    return {key: value for key, value in values.items() if value}
