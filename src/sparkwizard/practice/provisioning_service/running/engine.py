"""Run provisioning cycles; everything here runs on a thread of its own."""

import json
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from sparkwizard.practice.entra.world import EntraWorld
from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.provisioning_service.jobs import Escrow, Job, Quarantine
from sparkwizard.practice.provisioning_service.running.counts import Counts
from sparkwizard.practice.provisioning_service.running.groups import Groups
from sparkwizard.practice.provisioning_service.running.outcomes import Outcome
from sparkwizard.practice.provisioning_service.running.persons import REMOVALS, Persons, Plan
from sparkwizard.practice.provisioning_service.running.references import link_references
from sparkwizard.practice.provisioning_service.running.webex_scim import Unreachable, WebexScim

# ED/application-provisioning-quarantine-status.md
_FAILED_SHARE = 0.4
_MOST_RECORDS = 200_000


class Engine:
    """Run the jobs of a tenant of Entra against the practice Webex."""

    def __init__(self, world: EntraWorld) -> None:
        self._world = world
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Let the cycle under way end after the entry it is at."""
        self._stopped.set()

    def validate(self, secrets: Mapping[str, str]) -> None:
        """Test credentials; raises Unreachable."""
        with WebexScim(secrets, only=self._world.base_url) as webex:
            webex.test()

    def due(self) -> list[Job]:
        """Return the jobs that are on and whose next cycle should have begun."""
        if self._world.faults.cycle_seconds <= 0:
            return []
        now = time.monotonic()
        jobs = self._world.provisioning.all_jobs()
        return [job for job in jobs if job.started and job.next_cycle <= now]

    def run_due(self) -> None:
        """Run a cycle of each job that is due."""
        for job in self.due():
            self.cycle(job)
            job.next_cycle = time.monotonic() + self._world.faults.cycle_seconds

    def run_all(self) -> int:
        """Run one cycle of each job that is on, due or not; return how many ran."""
        jobs = [job for job in self._world.provisioning.all_jobs() if job.started]
        for job in jobs:
            self.cycle(job)
        return len(jobs)

    def cycle(self, job: Job) -> None:
        """Run one cycle: initial where the job has no watermark, else incremental."""
        with job.lock:
            counts = Counts(self._world.directory.now())
            try:
                secrets = self._world.provisioning.secrets.get(job.principal_id, {})
                with WebexScim(secrets, only=self._world.base_url) as webex:
                    webex.test()
                    self._run(job, webex, secrets, counts)
            except Unreachable as error:
                self._quarantine(job, "EncounteredQuarantineException", error.code, str(error))
                counts.failed(error.code, str(error))
            except Exception as error:  # noqa: BLE001 - one bad schema must not end all cycles
                message = f"The schema or the directory could not be read: {error!r}"
                self._quarantine(job, "EncounteredQuarantineException", "InternalError", message)
                counts.failed("InternalError", message)
            counts.end(self._world.directory.now())
            self._conclude(job, counts)

    def on_demand(self, job: Job, subject: Mapping[str, str]) -> JsonObject:
        """Provision one object at once; raises KeyError, Unreachable."""
        secrets = self._world.provisioning.secrets.get(job.principal_id, {})
        with job.lock, WebexScim(secrets, only=self._world.base_url) as webex:
            webex.test()
            outcome = self._one(job, webex, secrets, subject)
            change = self._record(job, [outcome], self._world.new_id())
        return outcome.on_demand(change_id=change, now=self._world.directory.now())

    def _one(
        self, job: Job, webex: WebexScim, secrets: Mapping[str, str], subject: Mapping[str, str]
    ) -> Outcome:
        identifier = str(subject.get("objectId"))
        directory = self._world.directory
        if identifier in directory.groups:
            mapping = _mapping_of(job, "Group")
            if mapping is None:
                raise KeyError(identifier)
            return Groups(job, mapping, directory=directory, webex=webex).provision(identifier)
        if identifier not in directory.users and identifier not in directory.deleted:
            raise KeyError(identifier)
        persons = self._persons(job, webex, secrets)
        if persons is None:
            raise KeyError(identifier)
        plan = persons.plan(identifier)
        outcome = persons.carry_out(plan)
        link_references([outcome], {identifier: persons.references(plan)}, job=job, webex=webex)
        return outcome

    def _run(self, job: Job, webex: WebexScim, secrets: Mapping[str, str], counts: Counts) -> None:
        revision = self._world.directory.revision
        job.cycles += 1
        initial = job.watermark is None
        entitled = set(self._entitled(job, secrets))
        outcomes = self._people(job, webex, secrets, counts)
        groups = self._groups(job, webex, secrets)
        # later cycles only tell of groups for which something was to be done
        outcomes += [one for one in groups if initial or one.status != "skipped"]
        counts.take(outcomes, entitled=len(entitled))
        self._record(job, outcomes, self._world.new_id())
        self._keep_escrows(job, outcomes)
        self._judge(job, counts)
        job.watermark, job.in_scope = revision, entitled
        job.allow_deletes = False
        if initial:
            job.steady_since = self._world.directory.now()

    def _people(
        self, job: Job, webex: WebexScim, secrets: Mapping[str, str], counts: Counts
    ) -> list[Outcome]:
        persons = self._persons(job, webex, secrets)
        if persons is None:
            return []
        candidates = self._candidates(job, secrets)
        counts.imported = len(candidates)
        plans = [persons.plan(identifier) for identifier in self._until_stopped(candidates)]
        persons.refuse_duplicates(plans)
        staged = self._staged(job, plans, secrets)
        job.staged = {plan.outcome.source_id for plan in staged}
        outcomes = []
        for number, plan in enumerate(self._until_stopped(plans)):
            job.progress = (number, len(plans))
            if plan in staged:
                plan.outcome.action = "stagedDelete"
                outcomes.append(plan.outcome)
            else:
                outcomes.append(persons.carry_out(plan))
        named = {plan.outcome.source_id: persons.references(plan) for plan in plans}
        link_references(outcomes, named, job=job, webex=webex)
        job.progress = None
        return outcomes

    def _until_stopped[Entry](self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            if self._stopped.is_set():
                raise Unreachable("Stopped", "The practice tenant ends.")
            yield entry

    def _groups(self, job: Job, webex: WebexScim, secrets: Mapping[str, str]) -> list[Outcome]:
        mapping = _mapping_of(job, "Group")
        if mapping is None:
            return []
        directory = self._world.directory
        assigned = self._world.applications.assigned_groups(job.principal_id)
        known = list(directory.groups.values())
        everything = [group["id"] for group in known if group["securityEnabled"]]
        wanted = everything if _syncs_all(secrets) else assigned
        groups = Groups(job, mapping, directory=directory, webex=webex)
        gone = [one for one in job.group_links if one not in wanted]
        return [
            *(groups.provision(one) for one in wanted),
            *(groups.remove(one) for one in gone),
        ]

    def _persons(self, job: Job, webex: WebexScim, secrets: Mapping[str, str]) -> Persons | None:
        mapping = _mapping_of(job, "User")
        if mapping is None:
            return None
        return Persons(
            job,
            mapping,
            directory=self._world.directory,
            webex=webex,
            entitled=self._entitled(job, secrets),
            roles=self._world.applications.role_names(job.principal_id),
            keep_out_of_scope=secrets.get("SkipOutOfScopeDeletions", "").lower() == "true",
        )

    def _entitled(self, job: Job, secrets: Mapping[str, str]) -> dict[str, str | None]:
        """Return who counts, with the role: everybody, or those who are assigned."""
        assigned = self._world.applications.assigned_people(job.principal_id)
        if not _syncs_all(secrets):
            return dict(assigned)
        return {who: assigned.get(who) for who in self._world.directory.users}

    def _candidates(self, job: Job, secrets: Mapping[str, str]) -> list[str]:
        """Return whom this cycle looks at: everybody, or those for whom something changed."""
        entitled = self._entitled(job, secrets)
        left = [one for one in job.links if one not in entitled]
        if job.watermark is None:
            return list(dict.fromkeys((*entitled, *left)))
        changes = self._world.directory.changes[job.watermark :]
        changed = (one.id for one in changes if one.kind == "user")
        moved = job.in_scope.symmetric_difference(entitled)
        due = [one for one, escrow in job.escrows.items() if escrow.next_cycle <= job.cycles]
        known = entitled.keys() | job.links.keys()
        found = dict.fromkeys((*changed, *moved, *due, *job.staged))
        return [one for one in found if one in known]

    def _staged(self, job: Job, plans: list[Plan], secrets: Mapping[str, str]) -> list[Plan]:
        """Return the removals that are held back, because there are too many of them."""
        removals = [one for one in plans if one.outcome.action in REMOVALS and one.writes]
        threshold = _delete_threshold(secrets)
        if job.allow_deletes or threshold is None or len(removals) <= threshold:
            return []
        self._quarantine(
            job,
            "TooManyDeletes",
            "TooManyDeletes",
            f"{len(removals)} removals are more than the {threshold} that are allowed.",
        )
        return removals

    def _record(self, job: Job, outcomes: Iterable[Outcome], cycle: str) -> str:
        change = ""
        principal = self._world.applications.principals.get(job.principal_id)
        if principal is None:  # the application was deleted meanwhile
            return change
        for outcome in outcomes:
            change = self._world.new_id()
            ids = {
                "id": self._world.new_id(),
                "change": change,
                "cycle": cycle,
                "job": job.id,
                "tenant": self._world.tenant_id,
                "target": job.principal_id,
            }
            now = self._world.directory.now()
            self._world.provisioning.logs.append(
                outcome.record(ids=ids, principal=principal, now=now)
            )
        del self._world.provisioning.logs[:-_MOST_RECORDS]
        return change

    def _keep_escrows(self, job: Job, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            if outcome.kind == "User":
                old = job.escrows.pop(outcome.source_id, None)
                if outcome.status == "failure":
                    job.escrows[outcome.source_id] = Escrow.after(old, job.cycles)

    def _judge(self, job: Job, counts: Counts) -> None:
        """Quarantine a job in which too much failed; free one that works again."""
        too_many = counts.escrowed >= self._world.faults.quarantine_failures
        if too_many and counts.escrowed > _FAILED_SHARE * counts.tried:
            reason = "EncounteredEscrowProportionThreshold"
            self._quarantine(job, reason, reason, f"{counts.escrowed} entries failed.")
        elif job.quarantine is not None and job.quarantine.reason != "TooManyDeletes":
            job.quarantine = None

    def _quarantine(self, job: Job, reason: str, code: str, message: str) -> None:
        now = self._world.directory.now()
        later = datetime.fromtimestamp(self._world.clock(), UTC) + timedelta(days=1)
        next_attempt = later.strftime("%Y-%m-%dT%H:%M:%SZ")
        old = job.quarantine
        began, count = (old.began, old.count + 1) if old else (now, 1)
        job.quarantine = Quarantine(reason, began, code, message, next_attempt, count)

    def _conclude(self, job: Job, counts: Counts) -> None:
        job.last = counts.shown(self._world.new_id())
        if counts.error is not None:
            job.failures_in_a_row += 1
            return
        job.failures_in_a_row = 0
        job.last_success = job.last
        job.steady_until = str(job.last["timeEnded"])
        if counts.exported:
            job.last_with_exports = job.last


def _mapping_of(job: Job, kind: str) -> JsonObject | None:
    """Return the object mapping of a kind, where it is on."""
    for rule in job.schema["synchronizationRules"]:
        for mapping in rule["objectMappings"]:
            if mapping["sourceObjectName"].lower() == kind.lower() and mapping["enabled"]:
                found: JsonObject = mapping
                return found
    return None


def _syncs_all(secrets: Mapping[str, str]) -> bool:
    return secrets.get("SyncAll", "").lower() == "true"


def _delete_threshold(secrets: Mapping[str, str]) -> int | None:
    try:
        settings = json.loads(secrets.get("SyncNotificationSettings") or "{}")
    except ValueError:
        return None
    if not settings.get("DeleteThresholdEnabled"):
        return None
    return int(settings.get("DeleteThresholdValue") or 0)
