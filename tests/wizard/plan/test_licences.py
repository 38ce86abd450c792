"""How many licences a plan may need, in words."""

from datetime import UTC, datetime

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Action, ActionKind, Reason, Stop
from sparkwizard.webex.types import Licence, Licences
from sparkwizard.wizard.plan.licences import licence_need

BASIC = Licence("1", "Messaging", 2_000, 1_760)
SCARCE = Licence("2", "Events", 2, 0)


def plan(creates: int, *stops: Stop) -> Plan:
    return Plan(
        created_at=datetime(2026, 11, 23, tzinfo=UTC),
        profile_id="p",
        profile_name="Contoso",
        profile_digest="",
        source_digest="",
        organization_id="",
        tenant_url="",
        actions=tuple(Action(ActionKind.CREATE, f"{n}", "", "", "") for n in range(creates)),
        stops=stops,
    )


def test_what_is_needed_stands_beside_what_is_free_of_the_licence_most_users_hold() -> None:
    need = licence_need(plan(187), Licences((SCARCE, BASIC)))
    assert need is not None
    assert need.words == "187 licences needed, 240 free"
    assert need.enough
    assert need.short == (SCARCE,)


def test_one_new_user_needs_one_licence() -> None:
    need = licence_need(plan(1), Licences((BASIC,)))
    assert need is not None
    assert need.words == "1 licence needed, 240 free"


def test_too_few_licences_are_told() -> None:
    need = licence_need(plan(241), Licences((BASIC,)))
    assert need is not None
    assert not need.enough


def test_a_licence_without_a_limit_suffices() -> None:
    need = licence_need(plan(9), Licences((Licence("1", "Free", None, 5),)))
    assert need is not None
    assert (need.words, need.enough) == ("9 licences needed, no limit", True)


def test_creates_that_a_safeguard_holds_back_need_no_licence() -> None:
    held = Stop(ActionKind.CREATE, 3, Reason("limit", "Held back."))
    need = licence_need(plan(3, held), Licences((BASIC,)))
    assert need is not None
    assert (need.needed, need.words) == (0, "")


def test_nothing_is_said_where_nobody_could_be_asked() -> None:
    assert licence_need(plan(3), None) is None


def test_how_a_user_gets_a_licence_is_said_with_every_licence() -> None:
    need = licence_need(plan(3), Licences((BASIC, SCARCE)))
    assert need is not None
    assert need.details.splitlines()[:2] == ["Messaging: 240 free", "Events: 2 free"]
    assert "auto-assign" in need.details
