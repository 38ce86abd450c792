"""Know all provisioning jobs of the tenant, their secrets and their logs."""

import copy
from collections.abc import Callable, Mapping

from sparkwizard.practice.entra.applications import Applications
from sparkwizard.practice.entra.gallery import GALLERY
from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.provisioning_service.jobs import Job
from sparkwizard.practice.provisioning_service.mapping.default_schema import default_schema

# what GET of the secrets does not show
HIDDEN = frozenset(
    {
        *("SecretToken", "Password", "ClientSecret", "ConsumerSecret", "TokenKey", "AppKey"),
        *("Oauth2AccessToken", "Oauth2RefreshToken", "Oauth2ClientSecret"),
    }
)
MASK = "*"


class Provisioning:
    """Hold jobs by service principal; the engine that runs them is elsewhere."""

    def __init__(
        self, applications: Applications, new_id: Callable[[], str], tenant_id: str
    ) -> None:
        self.jobs: dict[str, dict[str, Job]] = {}
        self.secrets: dict[str, dict[str, str]] = {}
        self.logs: list[JsonObject] = []
        self._applications = applications
        self._new_id = new_id
        self._tenant_id = tenant_id
        self._rule_ids: dict[str, str] = {}

    def template_of(self, principal_id: str) -> str:
        """Return what jobs of an application are made from, "" where it cannot be provisioned."""
        entry = GALLERY.get(self._applications.principals[principal_id]["applicationTemplateId"])
        return entry.job_template if entry else ""

    def shown_templates(self, principal_id: str) -> list[JsonObject]:
        """Return the templates of an application as Graph shows them."""
        template = self.template_of(principal_id)
        if not template:
            return []
        return [
            {
                "id": template,
                "applicationId": self._applications.principals[principal_id]["appId"],
                "default": True,
                "description": None,
                "discoverable": True,
                "factoryTag": template,
                "metadata": [],
                "schema": self.template_schema(principal_id),
            }
        ]

    def template_schema(self, principal_id: str) -> JsonObject:
        """Return the schema that new jobs of an application have."""
        template = self.template_of(principal_id)
        rule = self._rule_ids.setdefault(principal_id, self._new_id())
        return default_schema(template, rule)

    def add_job(self, principal_id: str) -> Job:
        """Make a job, which is off."""
        tenant = self._tenant_id.replace("-", "")
        template = self.template_of(principal_id)
        identifier = f"{template}.{tenant}.{self._new_id()}"
        schema = self.template_schema(principal_id) | {"id": identifier}
        job = Job(identifier, template, principal_id, schema)
        self.jobs.setdefault(principal_id, {})[identifier] = job
        return job

    def configured(self, principal_id: str) -> bool:
        """Tell whether there is anything to reach Webex with."""
        secrets = self.secrets.get(principal_id, {})
        return bool(secrets.get("BaseAddress") and secrets.get("SecretToken"))

    def shown_secrets(self, principal_id: str) -> list[JsonObject]:
        """Return the secrets as Graph shows them: passwords are masked."""
        return [
            {"key": key, "value": MASK if key in HIDDEN else value}
            for key, value in self.secrets.get(principal_id, {}).items()
        ]

    def replace_secrets(self, principal_id: str, secrets: Mapping[str, str]) -> None:
        """Keep these secrets and no others."""
        self.secrets[principal_id] = dict(secrets)

    def forget(self, principal_id: str) -> None:
        """Forget everything of an application that was deleted."""
        self.jobs.pop(principal_id, None)
        self.secrets.pop(principal_id, None)

    def all_jobs(self) -> list[Job]:
        """Return every job."""
        return [job for jobs in list(self.jobs.values()) for job in list(jobs.values())]

    def edit_schema_elsewhere(self) -> int:
        """Change every job's schema as a colleague in the portal would; return how many."""
        jobs = self.all_jobs()
        for job in jobs:
            schema = copy.deepcopy(job.schema)
            for rule in schema["synchronizationRules"]:
                for mapping in rule["objectMappings"]:
                    for one in mapping["attributeMappings"]:
                        if one["targetAttributeName"] == "displayName":
                            one["defaultValue"] = "Changed elsewhere"
            job.replace_schema(schema)
        return len(jobs)
