"""Hold requests and answers to Webex's own description of its programming interface."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
from jsonschema_path import SchemaPath
from openapi_core.testing import MockRequest, MockResponse
from openapi_core.validation.request.validators import V30RequestValidator
from openapi_core.validation.response.validators import V30ResponseValidator

DESCRIPTION = Path(__file__).parents[3] / "shared" / "contracts" / "webex-openapi.json"


def closed(schema: Any) -> Any:
    """Return a schema in which no object takes properties that it does not list."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    result = {key: closed(value) for key, value in schema.items()}
    properties = result.get("properties")
    if isinstance(properties, dict) and "properties" not in properties:
        result["properties"] = dict(_numbered(properties))
        result.setdefault("additionalProperties", False)
    return result


def _numbered(properties: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Write out the fifteen attributes that the description abbreviates with a star."""
    for name, schema in properties.items():
        if name.endswith("*"):
            yield from ((f"{name[:-1]}{number}", schema) for number in range(1, 16))
        else:
            yield name, schema


class Examiner:
    """Validate exchanges and remember which operations they exercised."""

    def __init__(self, base_url: str) -> None:
        description = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
        description["servers"] = [{"url": f"{base_url}/v1"}, {"url": base_url}]
        for path in description["paths"].values():
            for operation in path.values():
                for answer in operation["responses"].values():
                    for content in answer.get("content", {}).values():
                        content["schema"] = closed(content.get("schema", {}))
                for content in operation.get("requestBody", {}).get("content", {}).values():
                    content["schema"] = closed(content.get("schema", {}))
        schemas = description["components"]["schemas"]
        description["components"]["schemas"] = {k: closed(v) for k, v in schemas.items()}
        self.operations = {
            (method.upper(), path)
            for path, methods in description["paths"].items()
            for method in methods
        }
        spec = SchemaPath.from_dict(description)
        self._requests = V30RequestValidator(spec)
        self._responses = V30ResponseValidator(spec)
        self._templates = {path: _pattern(path) for path in description["paths"]}
        self._base_url = base_url
        self.exercised: set[tuple[str, str]] = set()
        self.differences: list[str] = []

    def examine(self, response: httpx.Response) -> None:
        """Validate both halves of an exchange."""
        response.read()
        request = response.request
        path = request.url.path.removeprefix("/v1")
        template = self._template(path)
        self.exercised.add((request.method, template))
        asked = MockRequest(
            f"{self._base_url}/v1" if request.url.path.startswith("/v1/") else self._base_url,
            request.method.lower(),
            path,
            args=dict(request.url.params),
            data=request.content or None,
        )
        answered = MockResponse(response.content, status_code=response.status_code)
        label = f"{request.method} {template}"
        self._note(f"{label} | request", self._requests.iter_errors(asked))
        if response.status_code != 204:
            self._note(f"{label} | response", self._responses.iter_errors(asked, answered))

    def _template(self, path: str) -> str:
        fitting = [one for one, pattern in self._templates.items() if pattern.fullmatch(path)]
        best: str = min(fitting, key=lambda one: one.count("{"))
        return best

    def _note(self, label: str, errors: Any) -> None:
        for error in errors:
            details = getattr(error.__cause__, "schema_errors", None)
            if details is None:
                name = getattr(error, "name", "")
                self.differences.append(f"{label} | {name} | {error!r} {error.__cause__!r}")
                continue
            for detail in details:
                place = "/".join(map(str, detail.absolute_path))
                self.differences.append(f"{label} | {place} | {detail.message}")


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{[^}]+\}", "[^/]+", template))
