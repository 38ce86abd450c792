"""Provision groups and their members, after the people."""

from typing import Any

from sparkwizard.practice.entra.directory import Directory
from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.provisioning_service.jobs import Job
from sparkwizard.practice.provisioning_service.mapping.expressions import (
    ExpressionFault,
    evaluate,
)
from sparkwizard.practice.provisioning_service.mapping.targets import group_body, operations
from sparkwizard.practice.provisioning_service.running.outcomes import Outcome
from sparkwizard.practice.provisioning_service.running.people import group_attributes
from sparkwizard.practice.provisioning_service.running.webex_scim import EntryRefused, WebexScim


class Groups:
    """Provision groups for one job: only direct members who are linked to a user of Webex."""

    def __init__(
        self, job: Job, mapping: JsonObject, *, directory: Directory, webex: WebexScim
    ) -> None:
        self._job = job
        self._mapping = mapping
        self._directory = directory
        self._webex = webex

    def provision(self, identifier: str) -> Outcome:
        """Create or update a group; raises Unreachable where Webex cannot be asked."""
        group = self._directory.groups.get(identifier)
        if group is None:
            return Outcome("Group", identifier, identifier).skip("NotFound", "The group has gone.")
        outcome = Outcome("Group", identifier, group["displayName"])
        attributes = group_attributes(self._directory, identifier)
        outcome.step("import", f"Retrieved Group '{outcome.source_name}'", attributes)
        outcome.step("scoping", "The group is assigned", {"Assigned to application": True})
        try:
            wanted = self._values(identifier)
            self._settle(identifier, wanted, outcome)
        except ExpressionFault as fault:
            return outcome.fail("SchemaMappingError", str(fault), "matching")
        except EntryRefused as refused:
            return outcome.fail(refused.code, str(refused))
        return outcome

    def remove(self, identifier: str) -> Outcome:
        """Delete a group that is no longer assigned."""
        outcome = Outcome("Group", identifier, identifier, action="delete")
        outcome.target_id = self._job.group_links[identifier]
        try:
            self._webex.delete("Groups", outcome.target_id)
        except EntryRefused as refused:
            return outcome.fail(refused.code, str(refused))
        del self._job.group_links[identifier]
        self._job.group_members.pop(identifier, None)
        outcome.step("export", "The group was deleted in Cisco Webex", {})
        return outcome

    def _settle(self, identifier: str, wanted: dict[str, Any], outcome: Outcome) -> None:
        found = self._match(identifier, wanted)
        outcome.step("matching", "Found the group" if found else "No matching group was found", {})
        if found is None:
            found = self._webex.create("Groups", group_body(wanted))
            outcome.action = "create"
        elif changed := operations(wanted, found):
            self._webex.patch("Groups", found["id"], changed)
            outcome.action = "update"
        self._job.group_links[identifier] = outcome.target_id = found["id"]
        outcome.target_name = str(wanted.get("displayName", ""))
        moved = self._move_members(identifier, found["id"], outcome)
        if moved and outcome.action == "other":
            outcome.action = "update"
        if outcome.action == "other":
            outcome.skip("RedundantExport", "Both sides hold the same values already.")
        else:
            outcome.step("export", "The group was written to Cisco Webex", wanted)

    def _move_members(self, identifier: str, target: str, outcome: Outcome) -> bool:
        wanted = {
            self._job.links[one]
            for one in self._directory.members(identifier)
            if one in self._job.links and one not in self._job.disabled
        }
        before = self._job.group_members.get(identifier, set())
        changes = [
            {"op": op, "path": "members", "value": [{"value": one, "type": "user"}]}
            for op, ids in (("Add", wanted - before), ("Remove", before - wanted))
            for one in sorted(ids)
        ]
        if changes and any(m["targetAttributeName"] == "members" for m in self._mappings()):
            self._webex.patch("Groups", target, changes)
            outcome.change("members", sorted(before), sorted(wanted))
            self._job.group_members[identifier] = wanted
            return True
        return False

    def _match(self, identifier: str, wanted: dict[str, Any]) -> JsonObject | None:
        linked = self._job.group_links.get(identifier)
        if linked is not None and (found := self._webex.read("Groups", linked)) is not None:
            return found
        for mapping in self._mappings():
            path = mapping["targetAttributeName"]
            if mapping["matchingPriority"] and wanted.get(path):
                found = self._webex.find("Groups", path, wanted[path])
                if found is not None:
                    return found
        return None

    def _values(self, identifier: str) -> dict[str, Any]:
        attributes = group_attributes(self._directory, identifier)
        values = {
            one["targetAttributeName"]: evaluate(one.get("source"), attributes)
            for one in self._mappings()
            if one["targetAttributeName"] != "members"
        }
        return {path: value for path, value in values.items() if value}

    def _mappings(self) -> list[JsonObject]:
        mappings: list[JsonObject] = self._mapping["attributeMappings"]
        return mappings
