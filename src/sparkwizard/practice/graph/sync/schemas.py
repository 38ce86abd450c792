"""Answer the schema of jobs and templates, and what the service knows of expressions."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sparkwizard.practice.entra.world import EntraWorld
from sparkwizard.practice.graph.access import authorize, authorize_administrator
from sparkwizard.practice.graph.answers import (
    GraphRefusal,
    bad_request,
    json_answer,
    read_object,
)
from sparkwizard.practice.graph.sync.jobs import READ_SYNC, WRITE_SYNC
from sparkwizard.practice.graph.sync.principals import find_job, find_principal
from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.provisioning_service.mapping.expressions import (
    ExpressionFault,
    evaluate,
    parse,
)
from sparkwizard.practice.provisioning_service.mapping.filter_operators import operator_list
from sparkwizard.practice.provisioning_service.mapping.functions import function_list


class SchemaRoutes:
    """Answer ``…/jobs/{id}/schema`` and ``…/templates/{id}/schema``."""

    def __init__(self, world: EntraWorld) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes."""
        sync = "/servicePrincipals/{id}/synchronization"
        job, template = f"{sync}/jobs/{{job}}/schema", f"{sync}/templates/{{template}}/schema"
        routes = [Route(job, self.replace, methods=["PUT"])]
        for schema in (job, template):
            routes += [
                Route(schema, self.read),
                Route(f"{schema}/directories", self.directories),
                Route(f"{schema}/filterOperators", self.operators),
                Route(f"{schema}/filterOperators()", self.operators),
                Route(f"{schema}/functions", self.functions),
                Route(f"{schema}/functions()", self.functions),
                Route(f"{schema}/parseExpression", self.parse, methods=["POST"]),
            ]
        return routes

    async def read(self, request: Request) -> Response:
        """Return a schema."""
        authorize(self._world, request, *READ_SYNC)
        schema = self._schema(request)
        return json_answer({"@odata.context": self._context("schema/$entity"), **schema})

    async def directories(self, request: Request) -> Response:
        """Return the directories of a schema."""
        authorize(self._world, request, *READ_SYNC)
        return self._listed("directories", self._schema(request)["directories"])

    async def replace(self, request: Request) -> Response:
        """Take a schema, whole."""
        authorize_administrator(self._world, request, *WRITE_SYNC)
        job = find_job(self._world, request)
        schema = await read_object(request)
        _require_sense(schema)
        job.replace_schema({key: schema[key] for key in schema if not key.startswith("@")})
        return Response(status_code=204)

    async def operators(self, request: Request) -> Response:
        """List the operators of scoping filters."""
        authorize(self._world, request, *READ_SYNC)
        self._schema(request)
        return self._listed("filterOperators", operator_list())

    async def functions(self, request: Request) -> Response:
        """List the functions of expressions."""
        authorize(self._world, request, *READ_SYNC)
        self._schema(request)
        return self._listed("functions", function_list())

    async def parse(self, request: Request) -> Response:
        """Parse an expression, and evaluate it for a test object where one is sent."""
        authorize_administrator(self._world, request, *WRITE_SYNC)
        self._schema(request)
        sent = await read_object(request)
        context = self._context("microsoft.graph.parseExpressionResponse")
        return json_answer({"@odata.context": context, **_parsed(sent)})

    def _schema(self, request: Request) -> JsonObject:
        if "job" in request.path_params:
            return find_job(self._world, request).schema
        principal = find_principal(self._world, request)["id"]
        wanted = request.path_params["template"]
        if wanted != self._world.provisioning.template_of(principal):
            raise GraphRefusal(404, "NotFound", f"The template '{wanted}' was not found.")
        return self._world.provisioning.template_schema(principal)

    def _listed(self, what: str, values: list[JsonObject]) -> Response:
        return json_answer({"@odata.context": self._context(what), "value": values})

    def _context(self, what: str) -> str:
        return f"{self._world.graph_url}/$metadata#{what}"


def _parsed(sent: dict[str, Any]) -> JsonObject:
    answer: JsonObject = {
        "error": None,
        "evaluationResult": [],
        "evaluationSucceeded": False,
        "parsedExpression": None,
        "parsingSucceeded": False,
    }
    try:
        answer["parsedExpression"] = parse(str(sent.get("expression") or ""))
        answer["parsingSucceeded"] = True
        tested = sent.get("testInputObject")
        if tested is not None:
            properties = tested.get("properties") or []
            attributes = {one["key"]: one.get("value") for one in properties}
            value = evaluate(answer["parsedExpression"], attributes)
            values = value if isinstance(value, list) else [value]
            answer["evaluationResult"] = [one for one in values if one is not None]
            answer["evaluationSucceeded"] = True
    except ExpressionFault as error:
        answer["error"] = {
            "code": "InvalidExpression" if not answer["parsingSucceeded"] else "CannotEvaluate",
            "message": str(error),
            "details": [],
            "innerError": None,
            "target": None,
        }
    return answer


def _require_sense(schema: dict[str, Any]) -> None:
    """Refuse what no job could run with; raises GraphRefusal (400)."""
    rules = schema.get("synchronizationRules")
    if not isinstance(rules, list) or not rules:
        raise bad_request("A schema needs synchronizationRules.", "InvalidSchema")
    for rule in rules:
        for mapping in rule.get("objectMappings") or []:
            _complete(mapping)
            mappings = mapping["attributeMappings"]
            if mapping.get("enabled") and not any(one.get("matchingPriority") for one in mappings):
                raise bad_request(
                    f"The mapping of {mapping.get('sourceObjectName')} needs a matching attribute.",
                    "InvalidSchema",
                )
            for one in mappings:
                _require_expression(one)


def _complete(mapping: dict[str, Any]) -> None:
    """Give what was left out the value that the type has then; raises GraphRefusal (400)."""
    mapping.setdefault("enabled", False)
    mapping.setdefault("flowTypes", "None")
    mapping.setdefault("attributeMappings", [])
    for name in ("sourceObjectName", "targetObjectName"):
        if not mapping.get(name):
            raise bad_request(f"An object mapping needs {name}.", "InvalidSchema")
    for one in mapping["attributeMappings"]:
        one.setdefault("matchingPriority", 0)
        one.setdefault("flowType", "Always")
        if not one.get("targetAttributeName"):
            raise bad_request("An attribute mapping needs targetAttributeName.", "InvalidSchema")


def _require_expression(mapping: dict[str, Any]) -> None:
    source = mapping.get("source")
    if source is None:
        return
    try:
        parse(str(source.get("expression") or ""))
    except ExpressionFault as error:
        target = mapping.get("targetAttributeName")
        raise bad_request(f"The source of {target}: {error}", "InvalidExpression") from error
