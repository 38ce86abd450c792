"""A run for people and paper: one page that needs nothing else, charts and all."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sparkwizard import __version__
from sparkwizard.provisioning.target.schema import label
from sparkwizard.provisioning.types import ActionKind, Change
from sparkwizard.runs.cycles.types import Stranger
from sparkwizard.runs.reports.bystanders import MOST_NAMED, Bystanders
from sparkwizard.runs.reports.charts import Bar, Part, Tick, bars, donut, timeline
from sparkwizard.runs.reports.markup import Markup, element, joined
from sparkwizard.runs.reports.style import STYLE
from sparkwizard.runs.reports.words import (
    KINDS,
    OPEN,
    STATES,
    group_changes,
    headline,
    shown,
    why,
)
from sparkwizard.runs.types import ActionRecord, ActionState, RunRecord

__all__ = ["html_report"]

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def html_report(
    run: RunRecord,
    actions: Sequence[ActionRecord],
    groups: Sequence[ActionRecord] = (),
    bystanders: Bystanders | None = None,
) -> bytes:
    """Return the page: how it came out, what was predicted and done, everybody, the records."""
    head = joined(
        [
            Markup("<meta charset='utf-8'>"),
            Markup(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
            Markup("<meta name='viewport' content='width=device-width, initial-scale=1'>"),
            element("title", f"Run {run.id}: {run.profile_name}"),
            element("style", Markup(STYLE)),
        ]
    )
    body = element("body", element("main", *_parts(run, actions, groups, bystanders)))
    page = element("html", element("head", head), body, lang="en")
    return f"<!doctype html>{page}\n".encode()


def _parts(
    run: RunRecord,
    actions: Sequence[ActionRecord],
    groups: Sequence[ActionRecord],
    bystanders: Bystanders | None,
) -> Iterator[Markup]:
    yield element("h1", headline(run))
    yield element("p", f"{run.profile_name} to Cisco Webex, run {run.id}, {_period(run)}")
    held = [stop.reason for stop in run.stops] + ([run.group_stop] if run.group_stop else [])
    for reason in held:
        yield element("p", element("b", "Held back: "), reason.text, class_="held")
    if actions:
        yield _charts(run, actions)
    yield element("h2", "Predicted and done")
    yield _numbers(run, actions)
    yield _people("Failed", [r for r in actions if r.state is ActionState.FAILED])
    yield _people("Left alone", [r for r in actions if r.state in OPEN])
    yield _people("Done", [r for r in actions if r.state is ActionState.APPLIED])
    yield _groups(groups)
    if bystanders is not None:
        yield _only_in_webex(bystanders)
    yield element("h2", "For the records")
    yield _facts(run)


# -- numbers and charts --------------------------------------------------------------------------


def _charts(run: RunRecord, actions: Sequence[ActionRecord]) -> Markup:
    done = _done(actions)
    rows = [Bar(name, _predicted(run, kind), done[kind]) for kind, name in KINDS.items()]
    parts = (
        Part("Done", run.applied, "done"),
        Part("Failed", run.failed, "failed"),
        Part("Left alone", run.not_attempted, "open"),
    )
    figures = [
        _figure("How it came out", donut(parts, f"{len(actions):,}")),
        _figure("Predicted and done", bars(rows), _key("predicted"), _key("done")),
    ]
    over_time = timeline(_ticks(actions))
    if over_time:
        keys = [_key("done"), *([_key("failed")] if run.failed else [])]
        figures.append(_figure("The run over time", over_time, *keys, style="wide"))
    return element("div", *figures, class_="charts")


def _figure(title: str, chart: Markup, *keys: Markup, style: str = "chart") -> Markup:
    return element("figure", element("figcaption", title, *keys), chart, class_=style)


def _key(style: str) -> Markup:
    return element("span", element("i", class_=f"key {style}"), style)


def _ticks(actions: Sequence[ActionRecord]) -> list[Tick]:
    ended = (ActionState.APPLIED, ActionState.FAILED)
    return [
        Tick(record.at, record.state is ActionState.FAILED)
        for record in actions
        if record.at and record.state in ended
    ]


def _done(actions: Sequence[ActionRecord]) -> Counter[ActionKind]:
    return Counter(r.action.kind for r in actions if r.state is ActionState.APPLIED)


def _predicted(run: RunRecord, kind: ActionKind) -> int:
    number: int = getattr(run.counts, kind.value)
    return number


def _numbers(run: RunRecord, actions: Sequence[ActionRecord]) -> Markup:
    done = _done(actions)
    rows = [(name, f"{_predicted(run, kind):,}", f"{done[kind]:,}") for kind, name in KINDS.items()]
    rows += [
        ("Unchanged", f"{run.counts.unchanged:,}", ""),
        ("Skipped", f"{run.counts.skipped:,}", ""),
        ("Problems", f"{run.counts.problem:,}", ""),
    ]
    body = [
        element("tr", element("th", row[0], scope="row"), *(element("td", c) for c in row[1:]))
        for row in rows
    ]
    return _table("numbers", ("Action", "Predicted", "Done"), body)


def _table(style: str, header: Sequence[str], body: Sequence[Markup]) -> Markup:
    head = element("tr", *(element("th", cell, scope="col") for cell in header))
    return element("table", element("thead", head), element("tbody", *body), class_=style)


# -- people --------------------------------------------------------------------------------------


def _people(title: str, records: Sequence[ActionRecord]) -> Markup:
    if not records:
        return Markup("")
    header = ("Person", "Action", "What changes: before, after", "Why and when")
    table = _table("people", header, [_person(record) for record in records])
    return joined([element("h2", f"{title} ({len(records):,})"), table])


def _groups(records: Sequence[ActionRecord]) -> Markup:
    if not records:
        return Markup("")
    header = ("Group", "Action", "What changes", "Outcome, why and when")
    table = _table("people", header, [_group(record) for record in records])
    return joined([element("h2", f"Groups ({len(records):,} changes)"), table])


def _only_in_webex(bystanders: Bystanders) -> Markup:
    users, when = bystanders.users, _moment(bystanders.seen_at)
    words = f"In Webex, but not among the people read. This setup leaves them alone. As of {when}."
    parts = [element("h2", f"Only in Webex ({len(users):,})"), element("p", words)]
    if users:
        named = users[:MOST_NAMED]
        rows = [element("tr", *_named(user)) for user in named]
        parts.append(_table("people", ("User", "User name", "Webex ID"), rows))
    if len(users) > MOST_NAMED:
        more = f"The first {MOST_NAMED:,} are named. `sparkwizard preview --json` names them all."
        parts.append(element("p", more))
    return joined(parts)


def _named(user: Stranger) -> tuple[Markup, Markup, Markup]:
    return (
        element("th", user.label, scope="row"),
        element("td", user.user_name),
        element("td", element("code", user.webex_id)),
    )


def _group(record: ActionRecord) -> Markup:
    action = record.action
    changes = [element("li", one) for one in group_changes(action)]
    return element(
        "tr",
        element("th", action.label, scope="row"),
        element("td", KINDS.get(action.kind, action.kind.value)),
        element("td", element("ul", *changes) if changes else ""),
        element("td", *_ended(record), *_told(record)),
    )


def _ended(record: ActionRecord) -> Iterator[Markup]:
    if record.state not in (ActionState.PLANNED, ActionState.SENT):
        yield element("p", STATES[record.state])


def _person(record: ActionRecord) -> Markup:
    action = record.action
    return element(
        "tr",
        element("th", action.label, element("div", action.user_name), scope="row"),
        element("td", KINDS.get(action.kind, action.kind.value)),
        element("td", element("ul", *map(_change, action.changes)) if action.changes else ""),
        element("td", *_told(record)),
    )


def _change(change: Change) -> Markup:
    before = [] if change.before is None else [element("del", shown(change.before)), " → "]
    return element(
        "li", element("b", label(change.attribute)), *before, element("ins", shown(change.after))
    )


def _told(record: ActionRecord) -> Iterator[Markup]:
    if record.state in (ActionState.PLANNED, ActionState.SENT):
        yield element("p", STATES[record.state])
    yield element("p", why(record))
    if record.at:
        yield element("p", _moment(record.at), class_="soft")
    if record.tracking_id:
        yield element("p", "Tracking ID ", element("code", record.tracking_id), class_="soft")


# -- for the records -----------------------------------------------------------------------------


def _facts(run: RunRecord) -> Markup:
    facts: Mapping[str, str] = {
        "Organization": run.organization_id,
        "Tenant URL": run.tenant_url,
        "Started": _moment(run.started_at),
        "Ended": _moment(run.finished_at) if run.finished_at else "not ended",
        "Plan (SHA-256)": run.plan_digest,
        "SparkWizard": __version__,
    }
    rows = (joined([element("dt", name), element("dd", fact)]) for name, fact in facts.items())
    return element("dl", *rows)


def _period(run: RunRecord) -> str:
    if run.finished_at is None:
        return f"begun {_moment(run.started_at)}, not ended"
    seconds = (run.finished_at - run.started_at).total_seconds()
    return f"{_moment(run.started_at)}, {_duration(seconds)}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        number = max(1, round(seconds))
        return "1 second" if number == 1 else f"{number} seconds"
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 90 else f"{minutes / 60:.1f} hours"


def _moment(moment: datetime) -> str:
    zone = f"{moment:%z}"
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" + ("" if zone == "+0000" else f"{zone[:3]}:{zone[3:]}")
