"""With which role people and groups are assigned, and what is to be said of those that are. Pure.

Microsoft's tutorial says that *Default Access* keeps people from being provisioned; the page on
users who aren't provisioned says that this ended for set-ups made since 2020-04-16. So nobody's
role is changed, and new assignments get a declared role (facts: entra.md §1, Conflict).
"""

from collections.abc import Iterator

from sparkwizard.entra.provisioning_job.types import (
    DEFAULT_ACCESS,
    Application,
    Desired,
    Principal,
    Problem,
    Step,
    TenantChange,
    TenantState,
)

__all__ = ["assignment_changes", "assignment_problems", "role_for"]

_USUAL = "user"  # what the applications of the gallery declare beside msiam_access


def role_for(application: Application | None) -> str | None:
    """Return the id of the role to assign; None where the application has none for people.

    *Default Access* only where no roles are declared (Graph: appRoleAssignment, ``appRoleId``).
    """
    roles = application.roles if application else ()
    if not roles:
        return DEFAULT_ACCESS
    usable = [role for role in roles if role.enabled and role.for_people]
    usual = [role for role in usable if role.name.strip().lower() == _USUAL]
    return (usual or usable)[0].id if usable else None


def assignment_changes(desired: Desired, state: TenantState) -> Iterator[TenantChange]:
    """Yield one change for each person or group that is not assigned yet."""
    assigned = {one.principal_id.lower() for one in state.assignments}
    name = state.application.name if state.application else desired.name
    for one in to_assign(desired, state):
        if one.missing or one.id.lower() in assigned:
            continue
        whom = f"the group {one.label}" if one.kind == "Group" else one.label
        yield TenantChange(
            Step.ASSIGNMENTS,
            f"assign:{one.id.lower()}",
            f"Assign {whom} to {name}, so that Entra provisions "
            f"{'its direct members' if one.kind == 'Group' else 'them'}.",
            f"Users and groups of {name}",
            None,
            one.label,
            "Remove the assignment in the Entra admin centre.",
        )


def assignment_problems(desired: Desired, state: TenantState) -> Iterator[Problem]:
    """Yield what hinders assignments, and what is to be said of those that are there."""
    for one in to_assign(desired, state):
        if one.missing:
            yield Problem(
                "principal-missing",
                f"Nobody in the directory is called {one.label}, neither a person nor a group.",
                "Correct the groups of the scope, or the people to be assigned.",
                blocking=True,
            )
    if state.application and role_for(state.application) is None and desired.assign:
        yield Problem(
            "no-role",
            f"{state.application.name} declares no role that people or groups can have.",
            "Enable a role for users and groups in the application's app roles.",
            blocking=True,
        )
    if not desired.sync_all and not desired.assign and not state.assignments:
        yield Problem(
            "nobody-assigned",
            "Only who is assigned is provisioned, and nobody is assigned.",
            "Name groups in the scope, or choose everybody.",
        )
    declared = bool(state.application and state.application.roles)
    plain = [one.name for one in state.assignments if one.role_id == DEFAULT_ACCESS]
    if declared and plain and not desired.sync_all:
        more = f" and {len(plain) - 1:,} more" if len(plain) > 1 else ""
        yield Problem(
            "default-access",
            f"{plain[0]}{more} have the role Default Access. Set-ups made before April 2020 leave"
            " them out; newer ones provision them.",
            "If they are not provisioned, assign them with another role.",
        )


def to_assign(desired: Desired, state: TenantState) -> tuple[Principal, ...]:
    """Return those to be assigned with what is known of them."""
    return state.principals or tuple(Principal(one) for one in desired.assign)
