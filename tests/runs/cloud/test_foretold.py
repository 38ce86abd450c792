"""What was foretold beside what Entra did, person by person and group by group."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sparkwizard.entra.provisioning_job.job_types import LogEntry
from sparkwizard.provisioning.groups.types import Member, member_change
from sparkwizard.provisioning.mapping.references import MANAGER
from sparkwizard.provisioning.types import Action, ActionKind, Change, Reason
from sparkwizard.runs.cloud.foretelling import provisioned_before, read_foretold
from sparkwizard.runs.cloud.foretold import compare
from sparkwizard.runs.cloud.types import HandOffKind
from sparkwizard.values import replace

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def action(kind: ActionKind, *changes: Change, **values: Any) -> Action:
    return Action(kind, "adele-id", "adele@contoso.example", "Adele", changes=changes, **values)


def entry(action: str = "create", status: str = "success", **values: Any) -> LogEntry:
    known = {
        "id": "1",
        "at": NOON,
        "job_id": "j",
        "cycle_id": "c",
        "change_id": "x",
        "source_id": "ADELE-ID",
        "source_name": "Adele",
        "source_type": "User",
    }
    return LogEntry(action=action, status=status, **{**known, **values})


def verdict(foretold: Action, *entries: LogEntry) -> tuple[HandOffKind, str]:
    (person,) = compare((foretold,), entries).people
    return person.kind, person.text


@pytest.mark.parametrize(
    ("kind", "done"),
    [
        (ActionKind.CREATE, entry("create")),
        (ActionKind.UPDATE, entry("update")),
        (ActionKind.DISABLE, entry("disable")),
        (ActionKind.DISABLE, entry("update", changes=(("active", "True", "False"),))),
        (ActionKind.DELETE, entry("delete")),
        (ActionKind.UNCHANGED, entry("other", "skipped", error_code="RedundantExport")),
        (ActionKind.PROBLEM, entry("create", "failure")),
    ],
)
def test_what_was_foretold_and_done_matches(kind: ActionKind, done: LogEntry) -> None:
    assert verdict(action(kind), done)[0] is HandOffKind.MATCHED


def test_who_was_left_alone_as_foretold_matches_without_an_entry() -> None:
    assert verdict(action(ActionKind.SKIPPED))[0] is HandOffKind.MATCHED


def test_who_is_not_in_the_logs_is_still_to_come() -> None:
    assert verdict(action(ActionKind.CREATE))[0] is HandOffKind.MISSING


def test_another_value_differs_and_is_named() -> None:
    foretold = action(ActionKind.CREATE, Change("title", None, "Engineer"))
    kind, text = verdict(foretold, entry(changes=(("title", "", "Boss"),)))
    assert kind is HandOffKind.DIFFERING
    assert "title is “Boss” and not “Engineer”" in text


def test_the_same_value_in_another_writing_matches() -> None:
    foretold = action(
        ActionKind.CREATE,
        Change("active", None, True),
        Change("userName", None, "A@contoso.example"),
    )
    logged = entry(changes=(("active", "", "True"), ("userName", "", "a@contoso.example")))
    assert verdict(foretold, logged)[0] is HandOffKind.MATCHED


def test_a_value_that_ends_in_a_quote_matches_itself() -> None:
    name = 'Nadia "front desk"'
    foretold = action(ActionKind.CREATE, Change("displayName", None, name))
    for logged in (name, f'"{name}"'):
        done = entry(changes=(("displayName", "", logged),))
        assert verdict(foretold, done)[0] is HandOffKind.MATCHED


def test_a_failure_differs_with_what_it_means() -> None:
    failed = entry(status="failure", error_code="InvalidDomain")
    kind, text = verdict(action(ActionKind.CREATE), failed)
    assert kind is HandOffKind.DIFFERING
    assert "domain" in text


def test_a_value_that_nobody_foretold_differs_and_is_named() -> None:
    foretold = action(ActionKind.UPDATE, Change("title", "Boss", "Engineer"))
    logged = entry("update", changes=(("title", "Boss", "Engineer"), ("nickName", "", "Del")))
    kind, text = verdict(foretold, logged)
    assert kind is HandOffKind.DIFFERING
    assert "nickName became “Del”" in text


def test_who_fails_though_nothing_was_to_happen_differs() -> None:
    failed = entry("other", "failure", error_code="InternalServerError")
    kind, text = verdict(action(ActionKind.UNCHANGED), failed)
    assert (kind, "it failed" in text) == (HandOffKind.DIFFERING, True)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (ActionKind.UNCHANGED, "NotEffectivelyEntitled"),
        (ActionKind.SKIPPED, "RedundantExport"),
        (ActionKind.PROBLEM, "RedundantExport"),
    ],
)
def test_who_is_left_out_for_another_reason_differs(kind: ActionKind, code: str) -> None:
    skipped = entry("other", "skipped", error_code=code)
    assert verdict(action(kind), skipped)[0] is HandOffKind.DIFFERING


def test_a_manager_whom_the_same_cycle_created_is_compared_by_the_new_id() -> None:
    boss = Action(ActionKind.CREATE, "boss-id", "boss@x", "Boss")
    linked = action(ActionKind.UPDATE, Change(MANAGER, None, "boss@x"), refers_to="boss-id")
    done = entry(source_id="boss-id", source_name="Boss", target_id="42")
    for written, kind in (("42", HandOffKind.MATCHED), ("43", HandOffKind.DIFFERING)):
        logged = entry("update", changes=((MANAGER, "", written),))
        told = compare((boss, linked), (logged, done)).people
        assert {one.label: one.kind for one in told}["Adele"] is kind


def test_what_the_second_pass_of_the_same_cycle_wrote_belongs_to_it() -> None:
    foretold = action(
        ActionKind.CREATE, Change("title", None, "Boss"), Change("nickName", None, "Del")
    )
    first = entry(changes=(("title", "", "Boss"),))
    second = entry("update", changes=(("nickName", "", "Other"),))
    assert verdict(foretold, second, first)[0] is HandOffKind.DIFFERING


def group(kind: ActionKind, *members: str) -> list[Action]:
    own = Action(kind, "sales-id", "Sales", "Sales", "g1")
    if not members:
        return [own]
    added = member_change(added=[Member(one, one, one.title()) for one in members])
    return [own, replace(own, kind=ActionKind.UPDATE, changes=added)]


def group_verdict(foretold: list[Action], logged: LogEntry) -> tuple[HandOffKind, str]:
    (found,) = compare((), (logged,), foretold).groups
    return found.kind, found.text


def of_group(action: str, status: str = "success", **values: Any) -> LogEntry:
    return entry(
        action, status, source_id="sales-id", source_name="Sales", source_type="Group", **values
    )


def test_groups_are_compared_apart_from_people() -> None:
    done = of_group("create", changes=(("members", "", "a, b"),))
    assert group_verdict(group(ActionKind.CREATE, "a", "b"), done)[0] is HandOffKind.MATCHED
    assert compare((), (done,), group(ActionKind.CREATE)).people == ()


def test_a_member_who_was_not_added_is_named() -> None:
    done = of_group("update", changes=(("members", "", "a"),))
    kind, text = group_verdict(group(ActionKind.UNCHANGED, "a", "b"), done)
    assert (kind, "without B" in text) == (HandOffKind.DIFFERING, True)


def test_members_who_were_there_already_may_be_written_again() -> None:
    done = of_group("update", changes=(("members", "", "a, b"),))
    assert group_verdict(group(ActionKind.UNCHANGED), done)[0] is HandOffKind.MATCHED


def test_who_was_to_be_left_alone_and_entra_changed_is_unexpected_with_the_reason() -> None:
    foretold = action(ActionKind.SKIPPED, reasons=(Reason("scope", "Out of scope."),))
    kind, text = verdict(foretold, entry("update"))
    assert kind is HandOffKind.UNEXPECTED
    assert "Out of scope." in text


def test_who_was_not_foretold_is_unexpected_only_if_something_was_done() -> None:
    strangers = (
        entry(source_id="b", source_name="B"),
        entry("other", "skipped", source_id="c", source_name="C"),
    )
    (person,) = compare((), strangers).people
    assert (person.kind, person.label) == (HandOffKind.UNEXPECTED, "B")


def test_a_failure_that_was_mended_by_a_later_try_counts_as_done() -> None:
    later = entry(at=NOON + timedelta(minutes=40))
    assert verdict(action(ActionKind.CREATE), later, entry(status="failure"))[0] is (
        HandOffKind.MATCHED
    )


def test_what_a_later_cycle_did_is_no_matter_of_the_preview() -> None:
    later = entry("update", at=NOON + timedelta(minutes=40))
    assert verdict(action(ActionKind.CREATE), later, entry())[0] is HandOffKind.MATCHED


def test_people_of_a_file_without_object_ids_are_found_by_name() -> None:
    logged = entry(source_id="another", source_name="adele@contoso.example")
    assert verdict(action(ActionKind.CREATE), logged)[0] is HandOffKind.MATCHED


def test_those_that_need_a_look_come_first() -> None:
    good = Action(ActionKind.CREATE, "b", "b@x", "B")
    entries = (entry(), entry(source_id="b", source_name="B", status="failure"))
    kinds = [person.kind for person in compare((action(ActionKind.CREATE), good), entries).people]
    assert kinds == [HandOffKind.DIFFERING, HandOffKind.MATCHED]


@pytest.mark.parametrize(
    ("entries", "known"),
    [
        ((entry(target_id="w"),), {"adele-id": "w"}),
        ((entry("update", "failure", target_id="w"),), {"adele-id": "w"}),
        ((entry("other", "skipped", target_id="w"),), {"adele-id": "w"}),
        ((entry("other", "skipped"), entry(target_id="w")), {"adele-id": "w"}),
        ((entry("delete", target_id="w"), entry(target_id="w")), {}),
        ((entry("create", "failure"),), {}),
        ((entry(target_id="w", source_type="Group"),), {}),
    ],
)
def test_whom_the_service_has_a_user_for_is_read_from_its_logs(
    entries: tuple[LogEntry, ...], known: dict[str, str]
) -> None:
    assert provisioned_before(entries) == known


def test_what_another_version_kept_counts_as_nothing_foretold() -> None:
    assert read_foretold(b'{"actions": 3}') is None
    assert read_foretold(None) is None
