"""What may stand in a setup, what is missing, and how a slip is told."""

import pytest

from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING
from sparkwizard.provisioning.types import RemovalLimit
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import (
    Profile,
)
from sparkwizard.setup.store import (
    effective_mapping,
)
from tests.setup.contoso import CONTOSO, DOCUMENTED, ORGANIZATION, loaded, refusal

# Reading


def test_the_documented_profile_is_read(places: Places) -> None:
    assert loaded(places, DOCUMENTED) == CONTOSO


def test_missing_sections_take_the_documented_defaults(places: Places) -> None:
    profile = loaded(places, 'version = 1\nname = "Contoso"\n')
    assert profile == Profile(name="Contoso")
    assert profile.safeguards.max_removals == RemovalLimit(10, percent=True)
    assert not profile.actions.delete


def test_an_explicit_id_is_kept(places: Places) -> None:
    assert loaded(places, 'version = 1\nname = "C"\nid = "abc"\n').id == "abc"


@pytest.mark.parametrize(
    ("written", "limit"),
    [
        ('"25%"', RemovalLimit(25)),
        ('"0 %"', RemovalLimit(0)),
        ("7", RemovalLimit(7, percent=False)),
    ],
)
def test_the_limit_of_removals_is_a_percentage_or_a_number(
    places: Places, written: str, limit: RemovalLimit
) -> None:
    text = f'version = 1\nname = "C"\n[safeguards]\nmax_removals = {written}\n'
    assert loaded(places, text).safeguards.max_removals == limit


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("[safeguards]\nmax_removals = 10.5", "max_removals in [safeguards]"),
        ('[safeguards]\nmax_removals = "101%"', "max_removals in [safeguards]"),
        ('[safeguards]\nmax_removals = "ten"', "max_removals in [safeguards]"),
        ("[safeguards]\nmax_removals = -1", "max_removals in [safeguards]"),
        ("[safeguards]\nmax_removals = true", "max_removals in [safeguards]"),
        ('[actions]\ndelete = "false"', "delete in [actions]"),
        ('[source]\nkind = "ldap"', "kind in [source]"),
        ("[webex]\ntenant_url = 4", "tenant_url in [webex]"),
        ("[scope]\ngroups = [1]", "groups in [scope]"),
        ('[[mapping]]\nexpression = "[mail]"', "target in [mapping number 1]"),
        (
            '[[mapping]]\ntarget = "title"\nmatching_precedence = 0',
            "matching_precedence in [mapping “title”]",
        ),
        ('[mapping]\ntarget = "x"', "mapping must be sections"),
        (
            '[[scope.filters]]\nname = "S"\n[[scope.filters.clauses]]\nattribute = "a"',
            "operator in [scope.filters “S”.clauses “a”]",
        ),
        ("[safeguard]\nmax_removals = 1", "safeguard is not known"),
    ],
)
def test_a_wrong_value_is_told_with_file_and_key(places: Places, section: str, told: str) -> None:
    error = refusal(places, f'version = 1\nname = "C"\n{section}\n')
    assert "Contoso.toml" in error.message
    assert told in error.message


def test_an_unknown_key_names_the_nearest_one(places: Places) -> None:
    error = refusal(places, 'version = 1\nname = "C"\n[actions]\ndisabel = false\n')
    assert error.fix == "Did you mean disable?"


@pytest.mark.parametrize("line", ["", "version = 2\n", 'version = "1"\n', "version = true\n"])
def test_a_profile_of_another_version_is_refused(places: Places, line: str) -> None:
    assert "version" in refusal(places, f'{line}name = "C"\n').message


def test_a_profile_without_name_is_refused(places: Places) -> None:
    assert "name is missing" in refusal(places, "version = 1\n").message


def test_broken_toml_is_told_with_its_line(places: Places) -> None:
    assert "at line 2" in refusal(places, "version = 1\nname = Contoso\n").message


@pytest.mark.parametrize("text", ["x = " + "[" * 100_000, "x = " + "9" * 10_000])
def test_absurd_toml_is_refused_like_broken_toml(places: Places, text: str) -> None:
    assert "not valid TOML" in refusal(places, text).message


def test_a_byte_order_mark_is_no_obstacle(places: Places) -> None:
    assert loaded(places, "\ufeff" + DOCUMENTED) == CONTOSO


@pytest.mark.parametrize(
    "line",
    [
        'token = "x"',
        'client_secret = "x"',
        'Password = "x"',
        'api_url = "Bearer abcdefghijklmnopqrstuvwx"',
        'api_url = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NTY3In0.c2lnbmF0dXJl"',
        f'tenant_url = "{"Ab9" * 21}_PF84_{ORGANIZATION}"',
        f'organization_id = "{"Ab9x" * 20}"',
        'api_url = "https://admin:letmein@webexapis.com/v1"',
    ],
)
def test_a_secret_in_a_profile_is_refused_and_not_repeated(places: Places, line: str) -> None:
    error = refusal(places, f'version = 1\nname = "C"\n[webex]\n{line}\n')
    assert "looks like a secret" in error.message
    assert line.split('"')[1] not in str(error) or line.split('"')[1] == "x"


def test_the_base64_form_of_an_organization_is_no_secret(places: Places) -> None:
    encoded = "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8wZDRiMWMyZS01YTNmLTRmNmUtOWE3Nw"
    text = f'version = 1\nname = "C"\n[webex]\norganization_id = "{encoded}"\n'
    assert loaded(places, text).webex.organization_id == encoded


def test_a_profile_without_rules_uses_the_default_mapping(places: Places) -> None:
    profile = loaded(places, 'version = 1\nname = "Contoso"\n')
    assert effective_mapping(profile) == DEFAULT_MAPPING


def test_a_profile_with_rules_uses_only_them(places: Places) -> None:
    assert effective_mapping(loaded(places, DOCUMENTED)) == CONTOSO.mapping
