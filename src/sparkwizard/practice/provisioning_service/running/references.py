"""Link people to their managers once everybody has a user: the second pass of a cycle."""

from collections.abc import Iterable, Mapping
from typing import Any

from sparkwizard.practice.provisioning_service.jobs import Job
from sparkwizard.practice.provisioning_service.mapping.targets import (
    operations,
    read_target,
    sent,
)
from sparkwizard.practice.provisioning_service.running.outcomes import Outcome
from sparkwizard.practice.provisioning_service.running.webex_scim import EntryRefused, WebexScim


def link_references(
    outcomes: Iterable[Outcome],
    references: Mapping[str, Mapping[str, str]],
    *,
    job: Job,
    webex: WebexScim,
) -> None:
    """Write the references of whom a cycle looked at, once everybody has their user.

    ``references`` are ids of the directory by target, by source id
    (ED/how-provisioning-works,
    initial cycle, 6). Raises Unreachable where Webex cannot be asked.
    """
    for outcome in outcomes:
        named = references.get(outcome.source_id, {})
        target = job.links.get(outcome.source_id)
        wanted = {path: job.links[one] for path, one in named.items() if one in job.links}
        if target is not None and wanted and outcome.status != "failure":
            _write(outcome, target, wanted, webex)


def _write(outcome: Outcome, target: str, wanted: Mapping[str, Any], webex: WebexScim) -> None:
    user = webex.read("Users", target)
    changed = operations(wanted, user) if user is not None else []
    if user is None or not changed:
        return
    try:
        webex.patch("Users", target, sent(changed))
    except EntryRefused as refused:
        outcome.fail(refused.code, str(refused))
        return
    outcome.referred(target, user["userName"])
    for one in changed:
        outcome.change(one["path"], read_target(user, one["path"]), one["value"])
