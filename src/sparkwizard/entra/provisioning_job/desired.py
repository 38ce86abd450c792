"""Say how a setup is to be run by Entra's own provisioning service. Pure."""

from sparkwizard.entra.provisioning_job.types import Desired, Problem
from sparkwizard.provisioning.target.schema import canonical_target
from sparkwizard.provisioning.types import MappingRule
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import effective_group_mapping, effective_mapping
from sparkwizard.values import replace
from sparkwizard.webex.organization import parse_organization_id
from sparkwizard.webex.tenant import TenantUrl, entra_form

__all__ = ["GALLERY_NAME", "desired_of", "setup_problems", "tenant_url_for_entra"]

GALLERY_NAME = "Cisco Webex"
"""What Microsoft's gallery calls the application; its id is looked up (facts: entra.md §6)."""


def desired_of(
    profile: Profile,
    *,
    token_at_hand: bool = False,
    new_token: bool = False,
    on: bool | None = None,
) -> Desired:
    """Return a setup as the service should run it. Raises InputError for a Tenant URL that is none.

    ``token_at_hand``: there is a Secret Token to send; ``new_token``: send it even though the saved
    one works; ``on``: the provisioning status, None leaves it as it is.
    """
    cloud, scope = profile.cloud, profile.scope
    assigned = scope.people == "assigned"
    wanted = dict.fromkeys((*scope.groups, *cloud.assign)) if assigned else {}
    return Desired(
        application=cloud.application,
        name=cloud.name or GALLERY_NAME,
        application_id=cloud.application_id,
        tenant_url=tenant_url_for_entra(profile),
        sync_all=not assigned,
        assign=tuple(wanted),
        email=profile.notifications.email.strip(),
        notify=bool(profile.notifications.email.strip()) and profile.notifications.on_failure,
        delete_threshold=cloud.delete_threshold,
        user_rules=_matching_by_search(effective_mapping(profile)),
        group_rules=effective_group_mapping(profile),
        filters=scope.filters,
        provision_groups=profile.groups.provision,
        actions=profile.actions,
        token_at_hand=token_at_hand,
        new_token=new_token and token_at_hand,
        on=on,
    )


def _matching_by_search(rules: tuple[MappingRule, ...]) -> tuple[MappingRule, ...]:
    """Return the rules with matching only where Webex can be searched, as Entra must do.

    The gallery's application marks userName alone as supported for filtering (facts: entra.md §1);
    here everybody is read, and can be matched by anything.
    """
    return tuple(
        replace(rule, matching_precedence=None) if _in_vain(rule) else rule for rule in rules
    )


def _in_vain(rule: MappingRule) -> bool:
    return rule.matching_precedence is not None and canonical_target(rule.target) != "userName"


def tenant_url_for_entra(profile: Profile) -> str:
    """Return the Tenant URL for Entra: the setup's own, else Webex's form, else the SCIM address.

    Raises InputError where there is none.
    """
    if profile.webex.entra_tenant_url:
        return profile.webex.entra_tenant_url
    tenant = TenantUrl.parse(profile.webex.tenant_url)
    if tenant.is_webex:
        return entra_form(parse_organization_id(tenant.organization_id))
    flags = f"?{tenant.flags[0]}" if tenant.flags else ""
    return f"{tenant.scim_base}{flags}"


def setup_problems(profile: Profile) -> tuple[Problem, ...]:
    """Return where the service does something else than this computer would with a setup."""
    found = []
    if profile.source.kind == "csv" and profile.scope.people == "all":
        found.append(
            Problem(
                "everybody",
                "This setup reads people from a file, but Entra would provision everybody in the"
                " directory, not only those in the file.",
                "Choose “assigned” in the scope and name the groups, or read people from Entra.",
            )
        )
    if vain := [rule.target for rule in effective_mapping(profile) if _in_vain(rule)]:
        found.append(
            Problem(
                "matching",
                f"Entra finds people in Webex by userName only, not by {' or '.join(vain)}: Webex"
                " has no search for that. Who has another user name there is created anew.",
                "Apply the setup once from this computer first; it gives them their user names.",
            )
        )
    if not profile.actions.disable:
        found.append(
            Problem(
                "disables",
                "This setup never turns anybody off, but Entra turns off who leaves the scope.",
                "Entra's own setting for that is SkipOutOfScopeDeletions; it is left as it is.",
            )
        )
    if profile.safeguards.never_touch:
        found.append(
            Problem(
                "never-touched",
                "Entra knows no list of people that are never touched.",
                "Leave them out by a scoping filter, or don't assign them.",
            )
        )
    if len([one for one in profile.notifications.email.replace(";", ",").split(",") if one]) > 1:
        found.append(
            Problem(
                "several-recipients",
                "Entra's notification is made for one address; several may not all be written to.",
                "Use the address of a distribution list.",
            )
        )
    return tuple(found)
