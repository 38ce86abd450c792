"""Set provisioning up in the practice tenant, as a client of Graph does."""

import json
from typing import Any

import httpx

from sparkwizard.practice import PracticeServer

ANNA = "anna.schmidt@fabrikam.example"
GRETA = "greta.lindqvist@fabrikam.example"
USER_ROLE = "18d14569-c3bd-439b-9a66-3a2aee01d14f"


class Cloud:
    """Hold one application with one job, and what a test asks of them."""

    def __init__(self, practice: PracticeServer, graph: httpx.Client) -> None:
        self.practice = practice
        self.graph = graph
        found = self.value("/applicationTemplates?$filter=displayName eq 'Cisco Webex'")
        template = found[0]["id"]
        made = self.send("POST", f"/applicationTemplates/{template}/instantiate", displayName="W")
        self.principal = made["servicePrincipal"]["id"]
        self.sync = f"/servicePrincipals/{self.principal}/synchronization"
        job_template = self.value(f"{self.sync}/templates")[0]["id"]
        self.job_id = self.send("POST", f"{self.sync}/jobs", templateId=job_template)["id"]
        self.job = f"{self.sync}/jobs/{self.job_id}"

    def send(self, method: str, path: str, status: int = 0, **body: Any) -> dict[str, Any]:
        """Send a request and return its JSON; any success will do unless a status is named."""
        answer = self.graph.request(method, path, json=body)
        assert answer.status_code == status if status else answer.is_success, answer.text
        return dict(answer.json()) if answer.content else {}

    def value(self, path: str) -> list[dict[str, Any]]:
        answer = self.graph.get(path)
        assert answer.is_success, answer.text
        found: list[dict[str, Any]] = answer.json()["value"]
        return found

    def save_secrets(self, **more: str) -> None:
        secrets = {
            "BaseAddress": self.practice.tenant_url,
            "SecretToken": self.practice.token,
            **more,
        }
        pairs = [{"key": key, "value": value} for key, value in secrets.items()]
        self.send("PUT", f"{self.sync}/secrets", value=pairs)

    def assign(self, who: str, role: str = USER_ROLE, status: int = 201) -> dict[str, Any]:
        path = f"/servicePrincipals/{self.principal}/appRoleAssignedTo"
        return self.send(
            "POST", path, status, principalId=who, resourceId=self.principal, appRoleId=role
        )

    def start(self) -> None:
        answer = self.graph.post(f"{self.job}/start")
        assert answer.status_code == 204, answer.text

    def cycle(self) -> list[dict[str, Any]]:
        """Run one cycle and return what it recorded, in order."""
        before = len(self.practice.entra.provisioning.logs)
        assert self.practice.run_cycle() == 1
        return self.practice.entra.provisioning.logs[before:]

    def status(self) -> dict[str, Any]:
        body: dict[str, Any] = self.graph.get(self.job).json()["status"]
        return body

    def schema(self) -> dict[str, Any]:
        body: dict[str, Any] = self.graph.get(f"{self.job}/schema").json()
        return {key: value for key, value in body.items() if not key.startswith("@")}

    def users_mapping(self, schema: dict[str, Any]) -> dict[str, Any]:
        mappings = schema["synchronizationRules"][0]["objectMappings"]
        return next(one for one in mappings if one["sourceObjectName"] == "User")

    def put_schema(self, schema: dict[str, Any], status: int = 204) -> None:
        self.send("PUT", f"{self.job}/schema", status, **schema)

    def map(self, target: str, expression: str, **more: Any) -> None:
        """Add one mapping of users, its source parsed by the service."""
        schema = self.schema()
        parsed = self.send("POST", f"{self.job}/schema/parseExpression", expression=expression)
        mapping = {
            "defaultValue": None,
            "exportMissingReferences": False,
            "flowBehavior": "FlowWhenChanged",
            "flowType": "Always",
            "matchingPriority": 0,
            "source": parsed["parsedExpression"],
            "targetAttributeName": target,
            **more,
        }
        self.users_mapping(schema)["attributeMappings"].append(mapping)
        self.put_schema(schema)

    def on_demand(self, who: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Provision one person at once and return key and value, read."""
        rule = self.schema()["synchronizationRules"][0]["id"]
        subject = {"objectId": who, "objectTypeName": "User"}
        parameters = [{"ruleId": rule, "subjects": [subject]}]
        told = self.send("POST", f"{self.job}/provisionOnDemand", parameters=parameters)
        return json.loads(told["key"]), json.loads(told["value"])

    def webex_user(self, name: str) -> dict[str, Any] | None:
        found = self.webex("GET", f'/Users?filter=userName eq "{name}"')["Resources"]
        return found[0] if found else None

    def webex(self, method: str, path: str) -> dict[str, Any]:
        answer = httpx.request(
            method,
            f"{self.practice.tenant_url}{path}",
            headers={"Authorization": f"Bearer {self.practice.token}"},
            trust_env=False,
        )
        assert answer.is_success, answer.text
        return dict(answer.json()) if answer.content else {}


def actions(records: list[dict[str, Any]], kind: str = "User") -> dict[str, str]:
    """Return action and status by the name of whom they were for."""
    return {
        one["sourceIdentity"]["displayName"]: f"{one['provisioningAction']} "
        f"{one['provisioningStatusInfo']['status']}"
        for one in records
        if one["sourceIdentity"]["identityType"] == kind
    }
