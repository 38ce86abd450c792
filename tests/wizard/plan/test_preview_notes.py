"""What must be known of a plan before it is applied, and about how long it takes."""

from datetime import UTC, datetime

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Action, ActionKind, Reason, Stop
from sparkwizard.runs.types import Estimate
from sparkwizard.wizard.plan.estimate import estimate_words, pilot_of
from sparkwizard.wizard.plan.preview_notes import NoteAction, notes, remarks


def plan(
    *kinds: ActionKind,
    stops: tuple[Stop, ...] = (),
    findings: tuple[Reason, ...] = (),
    complete: bool = True,
    guarded: bool = True,
) -> Plan:
    actions = tuple(
        Action(kind, str(n), f"p{n}@contoso.example", f"P{n}") for n, kind in enumerate(kinds)
    )
    return Plan(
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        profile_id="p",
        profile_name="Contoso",
        profile_digest="d",
        source_digest="s",
        organization_id="o",
        tenant_url="https://webexapis.com/identity/scim/o/v2",
        actions=actions,
        stops=stops,
        findings=findings,
        source_complete=complete,
        operator_guarded=guarded,
        users_read=500,
    )


def test_a_clean_plan_has_no_notes() -> None:
    assert notes(plan(ActionKind.CREATE)) == ()


def test_too_many_removals_lead_to_the_limit() -> None:
    reason = Reason("too-many-removals", "5 people would lose access, and the limit allows 2.")
    stops = (Stop(ActionKind.DISABLE, 4, reason), Stop(ActionKind.DELETE, 1, reason))
    (note,) = notes(plan(stops=stops))
    assert note.grave
    assert note.heading == "5 people would lose access: held back"
    assert note.action is NoteAction.RAISE_LIMIT


def test_a_new_source_can_be_confirmed() -> None:
    stop = Stop(ActionKind.DISABLE, 1, Reason("source-changed", "Not removed: another file."))
    (note,) = notes(plan(stops=(stop,)))
    assert note.action is NoteAction.CONFIRM_SOURCE
    assert note.text == "Another file."
    assert note.heading.startswith("1 person would")


def test_an_incomplete_read_is_told_in_terms_of_people() -> None:
    findings = (Reason("short-row", "Row 7 is short."),)
    (note,) = notes(plan(findings=findings, complete=False))
    assert note.heading == "Not everything could be read, so nobody loses access"
    assert note.text == "Row 7 is short."


def test_many_findings_can_all_be_shown() -> None:
    findings = (Reason("a", "One."), Reason("b", "Two."))
    (note,) = notes(plan(findings=findings))
    assert note.heading == "2 things to look at"
    assert note.action is NoteAction.SHOW_FINDINGS


def test_what_needs_nothing_to_be_done_is_a_remark_and_no_note() -> None:
    guests = Reason("guests", "The file holds 3 guests of other organizations.")
    assert notes(plan(findings=(guests,))) == ()
    assert remarks(plan(findings=(guests,))) == "1 remark"
    assert remarks(plan()) == ""


def test_beside_something_to_look_at_a_remark_is_shown_with_it() -> None:
    guests, short = Reason("guests", "3 guests."), Reason("short-row", "Row 7 is short.")
    (note,) = notes(plan(findings=(guests, short)))
    assert note.heading == "1 thing to look at"
    assert note.text == "Row 7 is short."
    assert note.action is NoteAction.SHOW_FINDINGS
    assert remarks(plan(findings=(guests, short))) == ""


def test_an_unguarded_operator_is_told_to_look() -> None:
    (note,) = notes(plan(guarded=False))
    assert "can't tell which user the token belongs to" in note.heading


def test_the_pilot_is_a_new_person_before_a_changed_one() -> None:
    assert pilot_of(plan(ActionKind.UPDATE, ActionKind.DISABLE, ActionKind.CREATE)) == "2"
    assert pilot_of(plan(ActionKind.DISABLE, ActionKind.UPDATE)) == "1"


def test_nobody_loses_access_in_a_pilot() -> None:
    assert pilot_of(plan(ActionKind.DISABLE, ActionKind.DELETE)) == ""


def test_what_a_run_takes_is_told_in_words() -> None:
    assert estimate_words(Estimate(401, 41.0)) == "About 40 seconds, 401 requests"
    assert estimate_words(Estimate(1, 0.2)) == "Less than 5 seconds, 1 request"
