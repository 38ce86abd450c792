"""Serve the jobs that send activation e-mails again."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.webex.access import authorize_tenant
from sparkwizard.practice.webex.answers import Refusal, json_answer, tracking_id
from sparkwizard.practice.webex.identifiers import bare_id, webex_id
from sparkwizard.practice.webex.tokens import Right
from sparkwizard.practice.webex.world import ActivationJob, World

_JOBS = "/identity/organizations/{orgId}/jobs/sendActivationEmails"


class ActivationRoutes:
    """Answer the requests under ``jobs/sendActivationEmails``.

    A job runs until somebody asks for its status: rehearsals then need no waiting, and a second
    job started before is refused, since only one may run.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(_JOBS, self.start, methods=["POST"]),
            Route(_JOBS + "/{jobId}/status", self.status, methods=["GET"]),
            Route(_JOBS + "/{jobId}/errors", self.errors, methods=["GET"]),
        ]

    async def start(self, request: Request) -> Response:
        """Start a job for everyone whose activation is pending."""
        token = authorize_tenant(self._world, request, Right.WRITE_LICENCES)
        if any(job.ended is None for job in self._world.jobs.values()):
            raise Refusal(409, "A job to send activation e-mails is already running.")
        identifier = self._world.new_id()
        job = ActivationJob(
            id=webex_id("JOB_ID", identifier),
            number=len(self._world.jobs) + 1,
            tracking_id=tracking_id(request),
            asked_by=token.user or identifier,
            started=self._world.now(),
            waiting=self._pending(),
        )
        self._world.jobs[identifier] = job
        return json_answer(self._details(job), 202)

    async def status(self, request: Request) -> Response:
        """Return how far a job is; asking for the first time finds it completed."""
        authorize_tenant(self._world, request, Right.SEE_ADMIN_PAGES)
        job = self._job(request)
        if job.ended is None:
            job.ended = self._world.now()
        return json_answer(self._details(job))

    async def errors(self, request: Request) -> Response:
        """Return whom a job could not write to: those deleted since it started."""
        authorize_tenant(self._world, request, Right.SEE_ADMIN_PAGES)
        job = self._job(request)
        most = int(request.query_params.get("max") or 50)
        failed = [one for one in job.waiting if self._world.users.get(one) is None]
        items = [_error(job, place, user) for place, user in enumerate(failed, 1)]
        return json_answer({"items": items[:most]})

    def _job(self, request: Request) -> ActivationJob:
        given = request.path_params["jobId"]
        job = self._world.jobs.get(bare_id("JOB_ID", given) or given)
        if job is None:
            raise Refusal(404, "The job was not found.")
        return job

    def _pending(self) -> tuple[str, ...]:
        return tuple(
            one.id for one in self._world.users if b'"accountStatus":["pending"]' in one.raw
        )

    def _details(self, job: ActivationJob) -> JsonObject:
        running = job.ended is None
        state, exit_code = ("STARTED", "UNKNOWN") if running else ("COMPLETED", "COMPLETED")
        gone = sum(1 for one in job.waiting if self._world.users.get(one) is None)
        step: JsonObject = {
            "id": job.number,
            "startTime": job.started,
            "lastUpdated": job.ended or job.started,
            "statusMessage": state,
            "exitCode": exit_code,
            "name": "resendinviteemail",
            "timeElapsed": "PT0S",
        }
        if job.ended is not None:
            step["endTime"] = job.ended
        organization = webex_id("ORGANIZATION", self._world.organization_id)
        return {
            "name": "resendinviteemail",
            "id": job.id,
            "trackingId": job.tracking_id,
            "sourceUserId": webex_id("PEOPLE", job.asked_by),
            "sourceCustomerId": organization,
            "targetCustomerId": organization,
            "instanceId": job.number,
            "jobExecutionStatus": [step],
            "latestExecutionStatus": state,
            "latestExecutionExitCode": exit_code,
            "counts": {
                "userResendInviteSent": 0 if running else len(job.waiting) - gone,
                "userResendInviteFailed": 0 if running else gone,
                "userResendInviteSkipped": 0,
                "totalUsers": 0 if running else len(job.waiting),
            },
            "allowAdminInviteEmails": True,
        }


def _error(job: ActivationJob, place: int, user: str) -> JsonObject:
    return {
        "itemNumber": place,
        "trackingId": f"{job.tracking_id}_{place}",
        "error": {
            "key": "404",
            "message": [{"description": f"The user {user} was not found.", "code": "PRACTICE-404"}],
        },
    }
