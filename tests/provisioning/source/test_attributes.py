"""The names of source attributes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.provisioning.source.attributes import (
    SOURCE_ATTRIBUTES,
    attributes_for_rules,
    canonical,
    describe_source,
    truth,
)

# The two headers of facts/entra.md §8: the documented order, and a real file of 2021.
DOCUMENTED = (
    "userPrincipalName,displayName,surname,mail,givenName,objectId,userType,jobTitle,department,"
    "accountEnabled,usageLocation,streetAddress,state,country,physicalDeliveryOfficeName,city,"
    "postalCode,telephoneNumber,mobile,authenticationAlternativePhoneNumber,authenticationEmail,"
    "alternateEmailAddress,ageGroup,consentProvidedForMinor,legalAgeGroupClassification"
)
REAL = (
    "userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,"
    "accountEnabled,usageLocation,streetAddress,state,country,officeLocation,city,postalCode,"
    "telephoneNumber,mobilePhone,alternateEmailAddress,ageGroup,consentProvidedForMinor,"
    "legalAgeGroupClassification,companyName,creationType,directorySynced,invitationState,"
    "identityIssuer,createdDateTime"
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("id", "objectId"),
        ("mobilePhone", "mobile"),
        ("businessPhones[0]", "telephoneNumber"),
        ("officeLocation", "physicalDeliveryOfficeName"),
        ("faxNumber", "facsimileTelephoneNumber"),
        ("onPremisesExtensionAttributes.extensionAttribute3", "extensionAttribute3"),
        ("onPremisesSyncEnabled", "dirSyncEnabled"),
        ("USERPRINCIPALNAME", "userPrincipalName"),
        (" issoftdeleted ", "IsSoftDeleted"),
        ("extension_9d98_Badge", "extension_9d98_Badge"),
    ],
)
def test_a_name_of_graph_or_in_any_case_is_brought_to_entras_own(name: str, expected: str) -> None:
    assert canonical(name) == expected


@pytest.mark.parametrize("name", [*DOCUMENTED.split(","), *REAL.split(",")])
def test_every_column_of_entras_own_download_is_known(name: str) -> None:
    assert describe_source(name) is not None


@given(st.one_of(st.text(), st.sampled_from([one.name for one in SOURCE_ATTRIBUTES])))
def test_the_canonical_name_is_its_own_canonical_name(name: str) -> None:
    assert canonical(canonical(name)) == canonical(name)


def test_no_two_attributes_share_a_name_or_alias() -> None:
    names = [name.lower() for one in SOURCE_ATTRIBUTES for name in (one.name, *one.aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("value", "expected"),
    [("True", True), ("FALSE", False), ("1", True), (False, False), ("", None), ("maybe", None)],
)
def test_booleans_of_files_are_read(value: object, expected: bool | None) -> None:
    assert truth(value) is expected


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, "False"),
        ({"accountEnabled": "False"}, "True"),
        ({"accountEnabled": True}, "False"),
        ({"accountEnabled": ""}, "False"),
        ({"accountEnabled": "True", "IsSoftDeleted": "True"}, "True"),
        ({"IsSoftDeleted": "true"}, "True"),
        ({"IsSoftDeleted": False, "accountEnabled": "False"}, "False"),
    ],
)
def test_is_soft_deleted_follows_account_enabled_where_the_source_does_not_say(
    attributes: dict[str, object], expected: str
) -> None:
    assert attributes_for_rules(attributes)["IsSoftDeleted"] == expected
