"""How the journal's rows and the product's values turn into each other."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import cast

import msgspec

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Action, ActionKind, Change, Counts, Link, Reason, Stop
from sparkwizard.runs.types import (
    ActionRecord,
    ActionState,
    GroupTally,
    Outcome,
    RunRecord,
    RunState,
)

__all__ = [
    "DELETE_LINK_OF_PERSON",
    "DELETE_LINK_OF_USER",
    "INSERT_ACTION",
    "INSERT_LINK",
    "SELECT_ACTION",
    "SELECT_RUN",
    "UPDATE_OUTCOME",
    "action_record",
    "action_row",
    "action_rows",
    "get_in_each_others_way",
    "link_of",
    "link_row",
    "outcome_row",
    "resolution_row",
    "run_record",
    "run_row",
]

type Row = tuple[object, ...]


def _ended(table: str) -> str:
    """Return what counts a run's actions: applied, failed, neither; what broke off is neither."""
    failed = "(state = 'failed' OR (state = 'sent' AND runs.state = 'done'))"
    conditions = ("state = 'applied'", failed, f"state != 'applied' AND NOT {failed}")
    return ",\n".join(
        f"(SELECT count(*) FROM {table} WHERE run_id = runs.id AND {condition})"  # noqa: S608 -- fixed names
        for condition in conditions
    )


SELECT_RUN = f"""
    SELECT runs.id, plan_digest, profile_id, profile_name, organization_id, tenant_url, started_at,
        finished_at, state, counts, stops, {_ended("actions")}, cycle, {_ended("group_actions")},
        group_stop
    FROM runs
"""  # noqa: S608 -- fixed names
SELECT_ACTION = """
    SELECT seq, kind, source_id, webex_id, user_name, label, before, changes, reasons, state,
        attempts, code, message, tracking_id, at, sign_in, refers_to
    FROM actions
"""
INSERT_ACTION = """
    INSERT OR IGNORE INTO actions (run_id, seq, kind, source_id, webex_id, user_name, label, before,
        changes, reasons, state, code, message, sign_in, refers_to)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

UPDATE_OUTCOME = """
    UPDATE actions SET state = ?, code = ?, message = ?, tracking_id = ?, at = ?,
        webex_id = CASE ? WHEN '' THEN webex_id ELSE ? END
    WHERE run_id = ? AND seq = ?
"""
# not in one statement: with OR, SQLite goes through every link of the profile
DELETE_LINK_OF_PERSON = """
    DELETE FROM links WHERE profile_id = ? AND organization_id = ? AND source_id = ?
"""
DELETE_LINK_OF_USER = """
    DELETE FROM links WHERE profile_id = ? AND organization_id = ? AND webex_id = ?
"""
INSERT_LINK = "INSERT INTO links VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"

_decode_changes = msgspec.json.Decoder(tuple[Change, ...]).decode
_decode_reasons = msgspec.json.Decoder(tuple[Reason, ...]).decode


def run_row(plan: Plan, now: str) -> tuple[str, Row]:
    """Return the statement and values that begin a run."""
    sql = """
        INSERT INTO runs (plan_digest, profile_id, profile_name, organization_id, tenant_url,
            started_at, state, counts, stops, cycle)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
    values = (
        plan.digest,
        plan.profile_id,
        plan.profile_name,
        plan.organization_id,
        plan.tenant_url,
        now,
        RunState.RUNNING,
        _text(plan.counts.as_dict()),
        _text(plan.stops),
        plan.cycle or "",
    )
    return sql, values


def action_row(run_id: int, seq: int, action: Action, state: ActionState) -> Row:
    """Return the values of one action; one that a safeguard holds back says so."""
    held = state is ActionState.NOT_ATTEMPTED
    return (
        run_id,
        seq,
        action.kind,
        action.source_id,
        action.webex_id,
        action.user_name,
        action.label,
        _text(action.before),
        _text(action.changes),
        _text(action.reasons),
        state,
        "held-back" if held else "",
        "A safeguard held this back." if held else "",
        action.sign_in or "",
        action.refers_to or "",
    )


def resolution_row(run_id: int, record: ActionRecord) -> Row:
    """Return the values that write down whom an action of the second pass is about."""
    action = record.action
    return (action.webex_id, _text(action.changes), run_id, record.seq)


def action_rows(
    run_id: int,
    actions: Iterable[tuple[Action, ActionState]],
    only: frozenset[str] | None,
    first: int = 0,
) -> Iterator[Row]:
    """Yield the rows of actions from place ``first`` on, of ``only`` these people if given."""
    for place, (action, state) in enumerate(actions, start=first):
        if only is None or action.source_id in only:
            yield action_row(run_id, place, action, state)


def outcome_row(run_id: int, outcome: Outcome, now: str) -> Row:
    """Return the values that record an outcome."""
    return (
        outcome.state,
        outcome.code,
        outcome.message,
        outcome.tracking_id,
        now,
        outcome.webex_id,
        outcome.webex_id,
        run_id,
        outcome.seq,
    )


def get_in_each_others_way(links: Sequence[Link]) -> bool:
    """Return whether two of these links are about one person or one user."""
    people = {link.source_id for link in links}
    users = [link.webex_id for link in links if link.webex_id]
    return len(people) < len(links) or len(set(users)) < len(users)


def run_record(row: Row) -> RunRecord:
    """Return a run from its row."""
    return RunRecord(
        id=cast("int", row[0]),
        plan_digest=str(row[1]),
        profile_id=str(row[2]),
        profile_name=str(row[3]),
        organization_id=str(row[4]),
        tenant_url=str(row[5]),
        started_at=datetime.fromisoformat(str(row[6])),
        finished_at=_moment(row[7]),
        state=RunState(str(row[8])),
        counts=msgspec.json.decode(str(row[9]), type=Counts),
        stops=msgspec.json.decode(str(row[10]), type=tuple[Stop, ...]),
        applied=cast("int", row[11]),
        failed=cast("int", row[12]),
        not_attempted=cast("int", row[13]),
        incremental=row[14] == "incremental",
        groups=GroupTally(*cast("tuple[int, int, int]", row[15:18])),
        group_stop=msgspec.json.decode(str(row[18]), type=Reason) if row[18] else None,
    )


def action_record(row: Row) -> ActionRecord:
    """Return an action from its row."""
    action = Action(
        kind=ActionKind(str(row[1])),
        source_id=str(row[2]),
        webex_id=str(row[3]),
        user_name=str(row[4]),
        label=str(row[5]),
        before=msgspec.json.decode(str(row[6])),
        changes=_decode_changes(str(row[7])),
        reasons=_decode_reasons(str(row[8])),
        sign_in=str(row[15]) or msgspec.UNSET,
        refers_to=str(row[16]) or msgspec.UNSET,
    )
    return ActionRecord(
        seq=cast("int", row[0]),
        action=action,
        state=ActionState(str(row[9])),
        attempts=cast("int", row[10]),
        code=str(row[11]),
        message=str(row[12]),
        tracking_id=str(row[13]),
        at=_moment(row[14]),
    )


def link_row(link: Link) -> Row:
    """Return the values of a link up to when it was made."""
    off = link.disabled_at.isoformat() if link.disabled_at else None
    return (link.source_id, link.webex_id, link.user_name, off)


def link_of(row: Row) -> Link:
    """Return a link from its row."""
    return Link(str(row[0]), str(row[1]), str(row[2]), _moment(row[3]), str(row[4]))


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
