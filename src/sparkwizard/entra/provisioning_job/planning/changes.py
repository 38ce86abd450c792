"""Work out what would be changed in the tenant: a setup beside what was read. Pure.

The same state gives the same plan. A plan that was carried out leaves nothing to change.
"""

from collections.abc import Iterator

from sparkwizard.entra.provisioning_job.planning.roles import (
    assignment_changes,
    assignment_problems,
)
from sparkwizard.entra.provisioning_job.planning.schema import (
    fresh_schema_changes,
    schema_changes,
    schema_digest,
    unknown_operators,
)
from sparkwizard.entra.provisioning_job.planning.sealing import sealed
from sparkwizard.entra.provisioning_job.planning.settings import (
    narrows,
    settings_changes,
    settings_problems,
)
from sparkwizard.entra.provisioning_job.types import (
    Desired,
    Problem,
    Step,
    TenantChange,
    TenantPlan,
    TenantState,
)
from sparkwizard.errors import InputError

__all__ = ["is_fresh", "make_plan", "tenant_changes"]


def make_plan(
    desired: Desired,
    state: TenantState,
    profile_id: str,
    notes: tuple[Problem, ...] = (),
    *,
    restart_owed: bool = False,
) -> TenantPlan:
    """Return the sealed plan; ``notes`` are what is to be said of the setup itself.

    ``restart_owed``: an earlier list narrowed the scope and stopped before its restart.
    """
    problems = [*notes, *_problems(desired, state)]
    changes: tuple[TenantChange, ...] = ()
    try:
        changes = tenant_changes(desired, state, restart_owed=restart_owed)
    except InputError as error:
        problems.append(Problem("schema", error.message, error.fix, blocking=True))
    application = state.application
    return sealed(
        TenantPlan(
            profile_id=profile_id,
            desired=desired,
            changes=changes,
            problems=tuple(problems),
            application_id=application.id if application else "",
            application_name=application.name if application else desired.name,
            job_id=state.job.id if state.job else "",
            schema_digest=schema_digest(state.schema),
        )
    )


def tenant_changes(
    desired: Desired, state: TenantState, *, restart_owed: bool = False
) -> tuple[TenantChange, ...]:
    """Return every change in the order it is carried out.

    Raises ``MappingError`` where the schema can't be ours.
    """
    return tuple(_in_order(desired, state, restart_owed))


def is_fresh(state: TenantState) -> bool:
    """Return whether the schema is still to come, with the application or its job."""
    return state.schema is None


def _in_order(desired: Desired, state: TenantState, restart_owed: bool) -> Iterator[TenantChange]:
    yield from _application(desired, state)
    yield from _job(desired, state)
    yield from assignment_changes(desired, state)
    yield from settings_changes(desired, state)
    if state.schema is None:
        yield from fresh_schema_changes(desired)
    else:
        yield from schema_changes(desired, state.schema)
    yield from _restart(desired, state, restart_owed)
    yield from _status(desired, state)


def _application(desired: Desired, state: TenantState) -> Iterator[TenantChange]:
    if state.application is not None:
        return
    kind = "from Microsoft's gallery" if desired.application == "gallery" else "of your own"
    yield TenantChange(
        Step.APPLICATION,
        "application",
        f"Add the application {desired.name} {kind} to your organization.",
        "Enterprise applications",
        None,
        desired.name,
        "Delete the application in the Entra admin centre; it stays restorable for 30 days.",
    )


def _job(desired: Desired, state: TenantState) -> Iterator[TenantChange]:
    if state.job is not None:
        return
    yield TenantChange(
        Step.JOB,
        "job",
        "Set automatic provisioning up for it. It stays off until it is switched on.",
        f"Provisioning of {_name(desired, state)}",
        None,
        "automatic, off",
        "Delete the provisioning job, or the application.",
    )


def _restart(desired: Desired, state: TenantState, owed: bool) -> Iterator[TenantChange]:
    """Yield the restart that a narrower scope needs to take effect (entra.md §4, Limits).

    A restart switches provisioning on, so that one that is off and stays off is left alone.
    """
    wanted = _narrower(desired, state) or (owed and not desired.sync_all)
    if wanted and _ran(state) and _will_be_on(desired, state):
        yield TenantChange(
            Step.RESTART,
            "restart",
            "Read everybody again, so that those who are not assigned are turned off in Webex.",
            f"Provisioning of {_name(desired, state)}",
            None,
            "restarted",
        )


def _ran(state: TenantState) -> bool:
    return state.job is not None and state.job.status.code != "NotRun"


def _will_be_on(desired: Desired, state: TenantState) -> bool:
    now = bool(state.job and state.job.status.on)
    return now if desired.on is None else desired.on


def _narrower(desired: Desired, state: TenantState) -> bool:
    return narrows(desired, state) and bool(settings_changes(desired, state))


def _status(desired: Desired, state: TenantState) -> Iterator[TenantChange]:
    now = bool(state.job and state.job.status.on)
    if desired.on is None or desired.on == now:
        return
    text = (
        "Switch provisioning on: Entra begins to create, update and turn off users in Webex."
        if desired.on
        else "Switch provisioning off: a cycle that runs comes to its end, then nothing happens."
    )
    words = {True: "on", False: "off"}
    back = "Switch it off; what was written to Webex stays." if desired.on else "Switch it on."
    yield TenantChange(
        Step.STATUS,
        "status",
        text,
        f"Provisioning of {_name(desired, state)}",
        words[now],
        words[desired.on],
        back,
    )


def _name(desired: Desired, state: TenantState) -> str:
    return state.application.name if state.application else desired.name


# -- problems ----------------------------------------------------------------------------------


def _problems(desired: Desired, state: TenantState) -> Iterator[Problem]:
    yield from _which_application(desired, state)
    yield from assignment_problems(desired, state)
    yield from settings_problems(desired, state)
    if _ran(state) and not _will_be_on(desired, state) and _narrower(desired, state):
        yield Problem(
            "restart-later",
            "Those who are not assigned are turned off in Webex only after a restart, and"
            " provisioning is off.",
            "Once you switch it on, restart it from the start.",
        )
    if not any(rule.matching_precedence for rule in desired.user_rules):
        yield Problem(
            "no-matching",
            "Entra needs userName for matching, to find the Webex user a person already has.",
            "Use userName for matching in the attribute mapping.",
            blocking=True,
        )
    for name in unknown_operators(desired, state.operators):
        yield Problem(
            "operator-unknown",
            f"Entra's service knows no filter operator {name}.",
            "Choose another operator for this clause.",
            blocking=True,
        )
    for reason in state.unreadable:
        yield Problem("unreadable", reason.text, blocking=True)


def _which_application(desired: Desired, state: TenantState) -> Iterator[Problem]:
    if state.application is not None:
        if state.template is not None and not state.template.provisions:
            yield _no_provisioning(state.template.name)
        return
    if desired.application_id:
        yield Problem(
            "application-gone",
            "The application of this setup is not in the directory any more.",
            "Restore it in the Entra admin centre within 30 days, or take its ID out of the setup"
            " to add it anew.",
            blocking=True,
        )
    elif desired.application == "existing":
        yield Problem(
            "which-application",
            "It is not said which application of the organization is to be used.",
            "Choose one.",
            blocking=True,
        )
    elif state.candidates:
        names = ", ".join(f"{one.name} ({one.id})" for one in state.candidates[:5])
        yield Problem(
            "which-application",
            f"There is more than one application it may be: {names}.",
            "Choose one, by its object ID.",
            blocking=True,
        )
    elif state.template is None:
        yield Problem(
            "template-missing",
            f"Microsoft's gallery has no application called {desired.name} for this organization.",
            "Choose an application that is there, or a non-gallery application.",
            blocking=True,
        )
    elif not state.template.provisions:
        yield _no_provisioning(state.template.name)


def _no_provisioning(name: str) -> Problem:
    return Problem(
        "no-provisioning",
        f"The gallery's {name} knows no automatic provisioning.",
        "Choose another application, or a non-gallery application.",
        blocking=True,
    )
