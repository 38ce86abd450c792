"""A little tenant with a gallery, applications and one kind of job, over real HTTP.

It keeps what it is sent and answers by it; not the practice tenant, which provisions people too.
"""

import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.entra.little_graph import Asked, Reply, refusal
from tests.provisioning.entra_schema.documents import schema as schema_document

GALLERY = "a1b2c3d4-0000-4000-8000-000000000001"
ROLE = "18d14569-c3bd-439b-9a66-3a2aee01d14f"
GROUP = "33333333-3333-4333-8333-333333333333"
PERSON = "44444444-4444-4444-8444-444444444444"
TOKEN = "secret-token-for-entra-0123456789abcdef"


@dataclass
class LittleTenant:
    """Hold the tenant; ``writes`` are what changed it, ``before`` may answer in its place."""

    applications: dict[str, dict[str, Any]] = field(default_factory=dict)
    assignments: list[dict[str, Any]] = field(default_factory=list)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    schema: dict[str, Any] = field(default_factory=schema_document)
    logs: list[dict[str, Any]] = field(default_factory=list)
    good_tokens: set[str] = field(default_factory=lambda: {TOKEN})
    before: Callable[[Asked], Reply | None] = lambda _asked: None
    writes: list[str] = field(default_factory=list)
    restarts: list[str] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Reply:
        if (said := self.before(asked)) is not None:
            return said
        url = urlsplit(asked.path)
        path = unquote(url.path).removeprefix("/v1.0")
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        for pattern, answer in _ROUTES:
            found = re.fullmatch(pattern, path)
            if found and answer.__name__.startswith(f"_{asked.method.lower()}_"):
                return answer(self, *found.groups(), asked.body, query)
        return refusal(404, "Request_ResourceNotFound")

    def begin_anew(self) -> None:
        """Be a tenant without anything, on the same connection."""
        for name, value in vars(LittleTenant()).items():
            setattr(self, name, value)

    # -- applications ---------------------------------------------------------------------------

    def add(self, *, job: bool = True, on: bool = False, name: str = "Cisco Webex") -> str:
        """Add an application as somebody else would; return its object ID."""
        made = f"99999999-0000-4000-8000-{len(self.applications):012d}"
        self.applications[made] = {
            "id": made,
            "appId": made.replace("9999", "8888"),
            "displayName": name,
            "applicationTemplateId": GALLERY,
            "appRoles": [
                {"id": "b9632174-c057-4f7e-951b-be3adc52bfe6", "displayName": "msiam_access",
                 "isEnabled": True, "allowedMemberTypes": ["User"]},
                {"id": ROLE, "displayName": "User", "isEnabled": True,
                 "allowedMemberTypes": ["User"]},
            ],
        }  # fmt: skip
        if job:
            self.add_job(on=on)
        return made

    def add_job(self, *, on: bool = False) -> str:
        job = {
            "id": "scim.0001",
            "templateId": "scim",
            "schedule": {"interval": "PT40M", "state": "Active" if on else "Disabled"},
            "status": {"code": "Active" if on else "NotRun"},
        }
        self.jobs["scim.0001"] = job
        return "scim.0001"

    def _get_template(self, _body: Any, query: dict[str, str]) -> Reply:
        named = "Cisco Webex" in query.get("$filter", "")
        found = [{"id": GALLERY, "displayName": "Cisco Webex",
                  "supportedProvisioningTypes": ["sync"]}]  # fmt: skip
        return Reply(200, {"value": found if named else []})

    def _post_instantiate(self, _template: str, body: Any, _query: object) -> Reply:
        made = self.add(job=False, name=body["displayName"])
        self.writes.append("instantiate")
        return Reply(201, {"servicePrincipal": self.applications[made]})

    def _get_applications(self, _body: Any, _query: object) -> Reply:
        return Reply(200, {"value": list(self.applications.values())})

    def _get_application(self, app: str, _body: Any, _query: object) -> Reply:
        return self._known(app, self.applications.get(app))

    def _known(self, app: str, body: object) -> Reply:
        if app not in self.applications:
            return refusal(404, "Request_ResourceNotFound")
        return Reply(200, copy.deepcopy(body))

    def _get_assigned(self, app: str, _body: Any, _query: object) -> Reply:
        return self._known(app, {"value": self.assignments})

    def _post_assigned(self, app: str, body: Any, _query: object) -> Reply:
        self.assignments.append({**body, "principalDisplayName": "Sales", "principalType": "Group"})
        self.writes.append("assign")
        return Reply(201, self.assignments[-1])

    def _get_principal(self, kind: str, wanted: str, _body: Any, _query: object) -> Reply:
        known = {("groups", GROUP): "Sales", ("users", PERSON): "Adele Vance"}
        name = known.get((kind, wanted))
        if name is None:
            return refusal(404, "Request_ResourceNotFound")
        return Reply(200, {"id": wanted, "displayName": name})

    # -- jobs -----------------------------------------------------------------------------------

    def _get_templates(self, app: str, _body: Any, _query: object) -> Reply:
        return self._known(app, {"value": [{"id": "scim", "factoryTag": "scim", "default": True}]})

    def _get_jobs(self, app: str, _body: Any, _query: object) -> Reply:
        return self._known(app, {"value": list(self.jobs.values())})

    def _post_jobs(self, app: str, _body: Any, _query: object) -> Reply:
        self.writes.append("job")
        return Reply(201, self.jobs[self.add_job()])

    def _get_job(self, app: str, job: str, _body: Any, _query: object) -> Reply:
        return self._known(app, self.jobs[job])

    def _post_run(self, _app: str, job: str, action: str, body: Any, _query: object) -> Reply:
        if action in ("start", "pause"):
            self.jobs[job]["schedule"]["state"] = "Active" if action == "start" else "Disabled"
            self.jobs[job]["status"]["code"] = "Active" if action == "start" else "Paused"
        else:
            self.restarts.append(body["criteria"].get("resetScope", ""))
        self.writes.append(action)
        return Reply(204)

    def _get_secrets(self, app: str, _body: Any, _query: object) -> Reply:
        hidden = {"SecretToken", "Password"}
        shown = [
            {"key": key, "value": "*****" if key in hidden else value}
            for key, value in self.settings.items()
        ]
        return self._known(app, {"value": shown})

    def _put_secrets(self, _app: str, body: Any, _query: object) -> Reply:
        self.settings = {one["key"]: one["value"] for one in body["value"]}
        self.writes.append("settings")
        return Reply(204)

    def _post_validate(self, _app: str, _job: str, body: Any, _query: object) -> Reply:
        given = body.get("credentials")
        tested = {one["key"]: one["value"] for one in given} if given else self.settings
        if tested.get("SecretToken") in self.good_tokens:
            return Reply(204)
        return refusal(400, "InvalidCredentials", "The credentials are not valid.")

    def _get_schema(self, app: str, _job: str, _body: Any, _query: object) -> Reply:
        return self._known(app, self.schema)

    def _put_schema(self, _app: str, _job: str, body: Any, _query: object) -> Reply:
        self.schema = body
        self.writes.append("schema")
        return Reply(204)

    def _post_parse(self, _app: str, _job: str, body: Any, _query: object) -> Reply:
        text = body["expression"]
        name = text.partition("(")[0].strip()
        parsed = {
            "expression": text,
            "name": name,
            "type": "Function",
            "parameters": [{"key": "parsed", "value": {"expression": "\"here\"", "name": "here",
                            "type": "Constant", "parameters": []}}],
        }  # fmt: skip
        return Reply(200, {"parsingSucceeded": True, "parsedExpression": parsed})

    def _get_operators(self, _app: str, _job: str, _body: Any, _query: object) -> Reply:
        names = ("EQUALS", "NOT EQUALS", "IS NULL", "IS NOT NULL", "Greater Than", "INCLUDES")
        return Reply(200, {"value": [{"id": name, "arity": "Binary"} for name in names]})

    def _post_demand(self, _app: str, _job: str, _body: Any, _query: object) -> Reply:
        step = {"name": "EntryImport", "provisioningStepType": "Import", "status": "Success",
                "description": "Retrieved user", "details": {"objectId": PERSON}}  # fmt: skip
        value = {"provisioningSteps": [step], "provisioningAction": "Create",
                 "provisioningStatusInfo": {"status": "Success"},
                 "modifiedProperties": [{"displayName": "userName", "newValue": "a@b"}],
                }  # fmt: skip
        return Reply(200, {"key": "Microsoft.Identity.Health", "value": json.dumps([value])})

    def _get_logs(self, _body: Any, _query: object) -> Reply:
        return Reply(200, {"value": self.logs})


_APP = "/servicePrincipals/([^/]+)"
_SYNC = f"{_APP}/synchronization"
_JOB = f"{_SYNC}/jobs/([^/]+)"
_ROUTES: tuple[tuple[str, Callable[..., Reply]], ...] = (
    ("/applicationTemplates", LittleTenant._get_template),
    ("/applicationTemplates/([^/]+)/instantiate", LittleTenant._post_instantiate),
    ("/servicePrincipals", LittleTenant._get_applications),
    (_APP, LittleTenant._get_application),
    (f"{_APP}/appRoleAssignedTo", LittleTenant._get_assigned),
    (f"{_APP}/appRoleAssignedTo", LittleTenant._post_assigned),
    ("/(groups|users)/([^/]+)", LittleTenant._get_principal),
    (f"{_SYNC}/templates", LittleTenant._get_templates),
    (f"{_SYNC}/jobs", LittleTenant._get_jobs),
    (f"{_SYNC}/jobs", LittleTenant._post_jobs),
    (f"{_SYNC}/secrets", LittleTenant._get_secrets),
    (f"{_SYNC}/secrets", LittleTenant._put_secrets),
    (_JOB, LittleTenant._get_job),
    (f"{_JOB}/(start|pause|restart)", LittleTenant._post_run),
    (f"{_JOB}/validateCredentials", LittleTenant._post_validate),
    (f"{_JOB}/schema", LittleTenant._get_schema),
    (f"{_JOB}/schema", LittleTenant._put_schema),
    (f"{_JOB}/schema/parseExpression", LittleTenant._post_parse),
    (f"{_JOB}/schema/filterOperators", LittleTenant._get_operators),
    (f"{_JOB}/provisionOnDemand", LittleTenant._post_demand),
    ("/auditLogs/provisioning", LittleTenant._get_logs),
)
