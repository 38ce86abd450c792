"""The documented setup, as text and as a value."""

import pytest

from sparkwizard.errors import ProfileError
from sparkwizard.provisioning.types import Clause, Filter, MappingRule
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import (
    Notifications,
    Profile,
    ScopeSettings,
    SourceSettings,
    WebexSettings,
)
from sparkwizard.setup.store import (
    load_profile,
)

ORGANIZATION = "0d4b1c2e-5a3f-4f6e-9a77-0c8a5d3b1e42"
DOCUMENTED = f"""\
version = 1
name = "Contoso"
[webex]
tenant_url = "https://webexapis.com/identity/scim/{ORGANIZATION}/v2"   # spoken from here
organization_id = "{ORGANIZATION}"
# api_url = "https://webexapis.com/v1"      another cloud
[source]
kind = "csv"                    # or "entra"
path = "people.csv"             # relative to the profile
[scope]
people = "all"                  # or "assigned"
groups = []
[[scope.filters]]
name = "Sales"
[[scope.filters.clauses]]
attribute = "department"
operator = "EQUALS"
values = ["Sales"]
[[mapping]]
target = "userName"             # the sign-in name
expression = "[userPrincipalName]"
matching_precedence = 1         # absent = not used for matching
apply = "always"                # or "create"
# default = "none"
[[mapping]]
target = "title"                # shown on the card
expression = "[jobTitle]"
[actions]
create = true
update = true
disable = true
delete = false                  # never yet
[safeguards]
max_removals = "10%"            # or a number
[notifications]
email = "it@contoso.example"
on_failure = true
"""
CONTOSO = Profile(
    name="Contoso",
    webex=WebexSettings(f"https://webexapis.com/identity/scim/{ORGANIZATION}/v2", ORGANIZATION),
    source=SourceSettings("csv", "people.csv"),
    scope=ScopeSettings(
        filters=(Filter("Sales", (Clause("department", "EQUALS", ("Sales",)),)),),
    ),
    mapping=(
        MappingRule("userName", "[userPrincipalName]", 1),
        MappingRule("title", "[jobTitle]"),
    ),
    notifications=Notifications("it@contoso.example"),
)


def loaded(places: Places, text: str) -> Profile:
    path = places.profiles_dir / "Contoso.toml"
    path.write_text(text, encoding="utf-8")
    return load_profile("Contoso", places).profile


def refusal(places: Places, text: str) -> ProfileError:
    with pytest.raises(ProfileError) as caught:
        loaded(places, text)
    assert caught.value.fix
    return caught.value
