"""What is known of Entra's provisioning service, and what would be changed: frozen values.

No value in here ever holds the Secret Token.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

import msgspec

from sparkwizard.entra.provisioning_job.job_types import JobStatus
from sparkwizard.provisioning.types import Actions, Filter, Json, MappingRule, Reason

__all__ = [
    "DEFAULT_ACCESS",
    "NON_GALLERY_TEMPLATE",
    "AppRole",
    "Application",
    "Assignment",
    "Desired",
    "Job",
    "Principal",
    "Problem",
    "SchemaDifference",
    "Step",
    "Template",
    "TenantChange",
    "TenantPlan",
    "TenantState",
]

NON_GALLERY_TEMPLATE = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"
"""The application template of a non-gallery application (facts: entra.md §6, Template)."""

DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"
"""The role *Default Access*: right where an application declares no roles (§6, Assign)."""

type Choice = Literal["gallery", "existing", "non-gallery"]


# -- what was read -----------------------------------------------------------------------------


class Template(msgspec.Struct, frozen=True):
    """Hold one entry of the application gallery."""

    id: str
    name: str
    provisions: bool = True


class AppRole(msgspec.Struct, frozen=True):
    """Hold one role that an application declares; ``for_people``: users and groups may have it."""

    id: str
    name: str
    value: str = ""
    enabled: bool = True
    for_people: bool = True


class Application(msgspec.Struct, frozen=True):
    """Hold one enterprise application: its service principal.

    ``id`` is the object ID of the service principal, ``app_id`` its application (client) ID.
    """

    id: str
    app_id: str
    name: str
    template_id: str = ""
    roles: tuple[AppRole, ...] = ()


class Principal(msgspec.Struct, frozen=True):
    """Hold a user or a group that can be assigned; ``name`` is empty where nobody could be asked.

    ``missing`` tells that the directory knows no such object.
    """

    id: str
    name: str = ""
    kind: Literal["User", "Group", ""] = ""
    missing: bool = False

    @property
    def label(self) -> str:
        """Return what to call them on screen."""
        return self.name or self.id


class Assignment(msgspec.Struct, frozen=True):
    """Hold who is assigned to an application, with which role."""

    principal_id: str
    name: str
    kind: str
    role_id: str = DEFAULT_ACCESS


class Job(msgspec.Struct, frozen=True):
    """Hold one provisioning job of an application."""

    id: str
    template_id: str
    status: JobStatus


class TenantState(msgspec.Struct, frozen=True):
    """Hold everything of the tenant that the set-up rests on, as it was read.

    ``candidates`` are the applications it may be where none was chosen. ``settings`` are the
    job's settings (Graph calls them *secrets*); the values of those in ``masked`` can't be read.
    ``credentials_work`` tells whether the saved ones were accepted, None where that was not asked.
    ``principals`` are those to be assigned. ``parsed`` holds the service's own reading of
    expressions; ``operators`` what it calls the operators of filters.
    ``unreadable`` says what could not be read, and why.
    """

    application: Application | None = None
    candidates: tuple[Application, ...] = ()
    template: Template | None = None
    assignments: tuple[Assignment, ...] = ()
    principals: tuple[Principal, ...] = ()
    job: Job | None = None
    job_template_id: str = ""
    settings: Mapping[str, str] = msgspec.field(default_factory=dict)
    masked: frozenset[str] = frozenset()
    credentials_work: bool | None = None
    schema: Mapping[str, Json] | None = None
    parsed: Mapping[str, Json] = msgspec.field(default_factory=dict)
    operators: frozenset[str] = frozenset()
    unreadable: tuple[Reason, ...] = ()


# -- what is wanted ----------------------------------------------------------------------------


class Desired(msgspec.Struct, frozen=True):
    """Hold a setup as the service should run it.

    ``application_id`` is the chosen service principal, else empty. ``assign`` are object IDs.
    ``delete_threshold`` 0 switches the guard against accidental deletions off; None leaves it.
    ``token_at_hand``: a Secret Token can be sent; ``new_token``: it is to be sent even though
    the saved one works. ``on`` None leaves the provisioning status as it is.
    """

    application: Choice
    name: str
    application_id: str
    tenant_url: str
    sync_all: bool
    assign: tuple[str, ...]
    email: str
    notify: bool
    delete_threshold: int | None
    user_rules: tuple[MappingRule, ...]
    group_rules: tuple[MappingRule, ...]
    filters: tuple[Filter, ...]
    provision_groups: bool
    actions: Actions
    token_at_hand: bool = False
    new_token: bool = False
    on: bool | None = None


# -- what would be changed ---------------------------------------------------------------------


class Step(StrEnum):
    """Name the steps of a set-up, in the order they are carried out."""

    APPLICATION = "application"
    JOB = "job"
    ASSIGNMENTS = "assignments"
    SETTINGS = "settings"
    SCHEMA = "schema"
    RESTART = "restart"
    STATUS = "status"


class TenantChange(msgspec.Struct, frozen=True):
    """Say one thing that would be changed in the tenant.

    ``key`` is stable within a plan, such as ``rule:title``. ``before`` and ``after`` are for
    people; None is nothing, or for ``before`` not known yet. ``sentence`` says what happens,
    ``touches`` on what. ``undo`` says how to take it back, empty where nobody can.
    """

    step: Step
    key: str
    sentence: str
    touches: str
    before: str | None = None
    after: str | None = None
    undo: str = ""

    @property
    def reversible(self) -> bool:
        """Return whether it can be taken back."""
        return bool(self.undo)


class Problem(msgspec.Struct, frozen=True):
    """Say what hinders the set-up, or needs a look; a ``blocking`` one lets nothing be written.

    ``code`` is stable: ``which-application``, ``template-missing``, ``token-missing``,
    ``other-secret``, ``no-role``, ``principal-missing``, ``default-access``, ``schema``,
    ``unreadable`` and so on.
    """

    code: str
    text: str
    fix: str = ""
    blocking: bool = False


class TenantPlan(msgspec.Struct, frozen=True):
    """Hold the list of changes to the tenant, sealed; ``digest`` is over everything else.

    ``application_id`` is empty where the application is added by this plan, and ``schema_digest``
    where the schema comes into being with it.
    """

    profile_id: str
    desired: Desired
    changes: tuple[TenantChange, ...]
    problems: tuple[Problem, ...] = ()
    application_id: str = ""
    application_name: str = ""
    job_id: str = ""
    schema_digest: str = ""
    digest: str = ""

    @property
    def blocked(self) -> bool:
        """Return whether nothing may be written."""
        return any(problem.blocking for problem in self.problems)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Return the steps that have something to change, in order."""
        used = {change.step for change in self.changes}
        return tuple(step for step in Step if step in used)

    @property
    def switches_on(self) -> bool:
        """Return whether Entra begins to provision people by this plan."""
        return bool(self.desired.on and self.of(Step.STATUS))

    def of(self, step: Step) -> tuple[TenantChange, ...]:
        """Return the changes of one step."""
        return tuple(change for change in self.changes if change.step is step)


# -- the hand-off ------------------------------------------------------------------------------


class SchemaDifference(msgspec.Struct, frozen=True):
    """Say one difference between the schema of the job and the setup.

    ``key`` is stable, such as ``rule:title``, ``filters`` or ``users-off``. ``setup`` and
    ``entra`` are for people; None is nothing.
    """

    key: str
    sentence: str
    setup: str | None
    entra: str | None
