"""Read a CSV file of people as the tests write it."""

from pathlib import Path

import pytest

from sparkwizard.directory.csv_file import read_csv_people
from sparkwizard.errors import SourceError
from sparkwizard.provisioning.types import Person, Population

HEADER_2025 = (
    "userPrincipalName,displayName,surname,mail,givenName,objectId,userType,jobTitle,department,"
    "accountEnabled,usageLocation,streetAddress,state,country,physicalDeliveryOfficeName,city,"
    "postalCode,telephoneNumber,mobile,authenticationAlternativePhoneNumber,authenticationEmail,"
    "alternateEmailAddress,ageGroup,consentProvidedForMinor,legalAgeGroupClassification"
)
HEADER_2021 = (
    "userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,"
    "accountEnabled,usageLocation,streetAddress,state,country,officeLocation,city,postalCode,"
    "telephoneNumber,mobilePhone,alternateEmailAddress,ageGroup,consentProvidedForMinor,"
    "legalAgeGroupClassification,companyName,creationType,directorySynced,invitationState,"
    "identityIssuer,createdDateTime"
)
DOCUMENTED_2025 = HEADER_2025.split(",")
SEEN_2021 = HEADER_2021.split(",")


def read(folder: Path, content: str | bytes, *, name: str = "people.csv") -> Population:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_csv_people(path)


def only(population: Population) -> Person:
    (person,) = population.people
    return person


def codes(population: Population) -> list[str]:
    return [finding.code for finding in population.findings]


def refusal(folder: Path, content: str | bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(folder, content)
    assert caught.value.fix
    return caught.value
