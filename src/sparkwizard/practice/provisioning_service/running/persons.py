"""Decide and do what one person needs: import, scope, match, export."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sparkwizard.practice.entra.directory import Directory
from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.provisioning_service.jobs import Job
from sparkwizard.practice.provisioning_service.mapping.expressions import (
    ExpressionFault,
    Value,
    evaluate,
)
from sparkwizard.practice.provisioning_service.mapping.filter_operators import in_scope
from sparkwizard.practice.provisioning_service.mapping.targets import (
    coerced,
    operations,
    read_target,
    sent,
    user_body,
)
from sparkwizard.practice.provisioning_service.running.outcomes import Outcome
from sparkwizard.practice.provisioning_service.running.people import legacy_attributes
from sparkwizard.practice.provisioning_service.running.webex_scim import EntryRefused, WebexScim

REMOVALS = frozenset({"disable", "delete"})


@dataclass(slots=True)
class Plan:
    """Hold what was decided for one person, before anything is written.

    ``searched`` is what Webex was searched for first, "" for who had a user already; ``inside``
    tells that the person is provisioned.
    """

    outcome: Outcome
    wanted: dict[str, Any] = field(default_factory=dict)
    operations: list[dict[str, Any]] = field(default_factory=list)
    searched: str = ""
    inside: bool = False

    @property
    def writes(self) -> bool:
        """Tell whether there is anything to write."""
        return self.outcome.status == "success" and self.outcome.action != "other"


class Persons:
    """Provision people for one job; ``entitled`` gives the role of everybody who counts."""

    def __init__(
        self,
        job: Job,
        mapping: JsonObject,
        *,
        directory: Directory,
        webex: WebexScim,
        entitled: Mapping[str, str | None],
        roles: Mapping[str, str],
        keep_out_of_scope: bool,
    ) -> None:
        self._job = job
        self._mapping = mapping
        self._directory = directory
        self._webex = webex
        self._entitled = entitled
        self._roles = roles
        self._keep_out_of_scope = keep_out_of_scope
        self._flows = {part.strip() for part in mapping["flowTypes"].split(",")}

    def plan(self, identifier: str) -> Plan:
        """Decide; raises Unreachable where Webex cannot be asked."""
        user = self._user(identifier)
        if user is None:
            return self._plan_purged(identifier)
        outcome = Outcome("User", identifier, user["userPrincipalName"])
        try:
            return self._decide(user, outcome)
        except ExpressionFault as fault:
            return Plan(outcome.fail("SchemaMappingError", str(fault), "matching"))
        except EntryRefused as refused:
            return Plan(outcome.fail(refused.code, str(refused), "matching"))

    def refuse_duplicates(self, plans: Iterable[Plan]) -> None:
        """Fail all those of a cycle who would be one and the same user of Webex.

        ED/howto-analyze-provisioning-logs, DuplicateSourceEntries.
        """
        every = [plan for plan in plans if plan.searched]
        times = Counter(plan.searched for plan in every)
        for plan in every:
            if times[plan.searched] > 1:
                self._job.links.pop(plan.outcome.source_id, None)
                text = f"{times[plan.searched]} users have the matching value {plan.searched}."
                plan.outcome.fail("DuplicateSourceEntries", text, "matching")

    def carry_out(self, plan: Plan) -> Outcome:
        """Write what was decided; raises Unreachable where Webex cannot be asked."""
        outcome = plan.outcome
        if not plan.writes:
            return outcome
        try:
            self._write(plan)
        except EntryRefused as refused:
            return outcome.fail(refused.code, str(refused))
        outcome.step("export", _DONE[outcome.action].format(outcome.source_name), plan.wanted)
        return outcome

    def references(self, plan: Plan) -> dict[str, str]:
        """Return whom a provisioned person's references name, by target: ids of the directory."""
        user = self._user(plan.outcome.source_id)
        if user is None or not plan.inside or "Update" not in self._flows:
            return {}
        attributes = self._attributes(user, soft_deleted=False)
        found = {}
        for mapping in self._mapping["attributeMappings"]:
            path = mapping["targetAttributeName"]
            value = evaluate(mapping.get("source"), attributes) if _refers(path) else None
            if isinstance(value, str):
                found[path] = value
        return found

    def _decide(self, user: JsonObject, outcome: Outcome) -> Plan:
        identifier = user["id"]
        deleted = identifier in self._directory.deleted
        attributes = self._attributes(user, soft_deleted=False)
        outcome.step("import", f"Retrieved User '{user['userPrincipalName']}'", attributes)
        failing = in_scope(self._mapping.get("scope"), attributes)
        assigned = identifier in self._entitled
        active = user["accountEnabled"] and not deleted
        inside = assigned and active and failing is None
        outcome.step(
            "scoping",
            "Determine if User is in scope by evaluating against each scoping filter",
            {
                "Active in source system": active,
                "Assigned to application": assigned,
                "ScopeEvaluationResult": failing or "{}",
                "IsEffectivelyEntitledForProvisioning": inside,
            },
            status="success" if inside else "skipped",
        )
        if not inside:
            return self._plan_outside(user, outcome, by_scope=active)
        known = identifier in self._job.links
        target = self._match(attributes, identifier)
        outcome.step(
            "matching",
            f"Found {target['userName']}" if target else "No matching user was found",
            {"id": target["id"], "userName": target["userName"]} if target else {},
        )
        if target is None:
            plan = self._plan_create(attributes, outcome)
        else:
            plan = self._plan_update(target, attributes, outcome)
        plan.searched = "" if known else self._searched(attributes)
        plan.inside = True
        return plan

    def _searched(self, attributes: Mapping[str, Value]) -> str:
        values = (evaluate(one["source"], attributes) for one in self._by_priority())
        return next((one.casefold() for one in values if isinstance(one, str) and one), "")

    def _plan_outside(self, user: JsonObject, outcome: Outcome, *, by_scope: bool) -> Plan:
        linked = self._job.links.get(user["id"])
        if linked is None or (by_scope and self._keep_out_of_scope):
            return Plan(outcome.skip("NotEffectivelyEntitled", "The user is not in scope."))
        if user["id"] in self._job.disabled:
            return Plan(outcome.skip("RedundantExport", "The user is disabled already."))
        target = self._webex.read("Users", linked)
        if target is None:
            return Plan(outcome.skip("RedundantExport", "The user has gone from Webex already."))
        plan = self._plan_change(target, self._attributes(user, soft_deleted=True), outcome)
        if plan.writes:
            outcome.action = "disable"
        return plan

    def _plan_purged(self, identifier: str) -> Plan:
        outcome = Outcome("User", identifier, identifier)
        linked = self._job.links.get(identifier)
        if linked is None:
            return Plan(outcome.skip("NotEffectivelyEntitled", "The user was never provisioned."))
        if "Delete" not in self._flows:
            return Plan(outcome.skip("DeleteNotAllowed", "The job does not delete."))
        outcome.action, outcome.target_id = "delete", linked
        return Plan(outcome)

    def _plan_create(self, attributes: Mapping[str, Value], outcome: Outcome) -> Plan:
        if "Add" not in self._flows:
            return Plan(outcome.skip("AddNotAllowed", "The job does not create."))
        wanted = self._values(attributes, creating=True)
        outcome.action = "create"
        for path, value in wanted.items():
            outcome.change(path, None, value)
        return Plan(outcome, wanted)

    def _plan_update(
        self, target: JsonObject, attributes: Mapping[str, Value], outcome: Outcome
    ) -> Plan:
        self._job.links[outcome.source_id] = target["id"]
        self._job.disabled.discard(outcome.source_id)
        return self._plan_change(target, attributes, outcome)

    def _plan_change(
        self, target: JsonObject, attributes: Mapping[str, Value], outcome: Outcome
    ) -> Plan:
        outcome.target_id, outcome.target_name = target["id"], target["userName"]
        if "Update" not in self._flows:
            return Plan(outcome.skip("UpdateNotAllowed", "The job does not update."))
        wanted = self._values(attributes, creating=False)
        changed = operations(wanted, target)
        if not changed:
            return Plan(outcome.skip("RedundantExport", "Both sides hold the same values already."))
        outcome.action = "update"
        for one in changed:
            outcome.change(one["path"], read_target(target, one["path"]), one["value"])
        return Plan(outcome, wanted, changed)

    def _write(self, plan: Plan) -> None:
        outcome, job = plan.outcome, self._job
        if outcome.action == "create":
            made = self._webex.create("Users", user_body(plan.wanted))
            outcome.target_id, outcome.target_name = made["id"], made.get("userName", "")
            job.links[outcome.source_id] = made["id"]
        elif outcome.action == "delete":
            self._webex.delete("Users", outcome.target_id)
            del job.links[outcome.source_id]
        else:
            self._webex.patch("Users", outcome.target_id, sent(plan.operations))
        if outcome.action == "disable":
            job.disabled.add(outcome.source_id)

    def _match(self, attributes: Mapping[str, Value], identifier: str) -> JsonObject | None:
        linked = self._job.links.get(identifier)
        if linked is not None and (found := self._webex.read("Users", linked)) is not None:
            return found
        for mapping in self._by_priority():
            value = evaluate(mapping["source"], attributes)
            if isinstance(value, str) and value:
                found = self._webex.find("Users", mapping["targetAttributeName"], value)
                if found is not None:
                    return found
        return None

    def _by_priority(self) -> list[JsonObject]:
        mappings = [one for one in self._mapping["attributeMappings"] if one["matchingPriority"]]
        return sorted(mappings, key=lambda one: int(one["matchingPriority"]))

    def _values(self, attributes: Mapping[str, Value], *, creating: bool) -> dict[str, Any]:
        """Return what Webex should hold but for references; a null is never written."""
        values: dict[str, Any] = {}
        for mapping in self._mapping["attributeMappings"]:
            path = mapping["targetAttributeName"]
            if _refers(path) or (mapping.get("flowType") == "ObjectAddOnly" and not creating):
                continue
            value = evaluate(mapping.get("source"), attributes)
            if value in (None, "", []) and creating:
                value = mapping.get("defaultValue")
            if value not in (None, "", []):
                values[path] = coerced(path, value)
        return values

    def _attributes(self, user: JsonObject, *, soft_deleted: bool) -> dict[str, Value]:
        role = self._entitled.get(user["id"])
        return legacy_attributes(
            user,
            manager=self._directory.managers.get(user["id"]),
            role=self._roles.get(role or "", "Default Access" if role else None),
            soft_deleted=soft_deleted,
        )

    def _user(self, identifier: str) -> JsonObject | None:
        if identifier in self._directory.users:
            return self._directory.users.get(identifier)
        return self._directory.deleted.get(identifier)


def _refers(path: str) -> bool:
    return path.endswith(":manager")


_DONE = {
    "create": "User '{}' was created in Cisco Webex",
    "update": "User '{}' was updated in Cisco Webex",
    "disable": "User '{}' was disabled in Cisco Webex",
    "delete": "User '{}' was deleted in Cisco Webex",
}
