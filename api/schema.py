"""Describes the people's API as OpenAPI 3.1, with every refusal that any address may give."""

from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, License, SecurityScheme

from api.problems import MEDIA_TYPE, Problem

REFUSALS = (400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503)
SCHEME = "token"


def close_bodies(schema: dict[str, Any]) -> None:
    """Say of every body, and of what is inside it, that unknown fields are refused."""
    parts, closed = schema["components"]["schemas"], set[str]()

    def close(node: Any) -> None:
        if isinstance(node, list):
            for below in node:
                close(below)
        if not isinstance(node, dict):
            return
        name = str(node.get("$ref", "")).rpartition("/")[2]
        if name and name not in closed:
            closed.add(name)
            parts[name]["additionalProperties"] = False
            close(parts[name])
        for below in node.values():
            close(below)

    for operations in schema["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict):
                close(operation.get("requestBody"))


def with_refusals(schema: dict[str, Any]) -> dict[str, Any]:
    """Add the refusals to every operation: they are one kind of answer, made in one place."""
    _, parts = msgspec.json.schema_components([Problem], ref_template="#/components/schemas/{name}")
    schema["components"].setdefault("schemas", {}).update(parts)
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in schema["paths"].values():
        for method, operation in operations.items():
            if method in {"get", "post", "put", "patch", "delete"}:
                answers = operation.setdefault("responses", {})
                answers.pop("400", None)  # Litestar's own form of it, which no one is answered
                for status in REFUSALS:
                    described = {"description": HTTPStatus(status).phrase, "content": content}
                    answers.setdefault(str(status), described)
    return schema


class DescribedPlugin(JsonRenderPlugin):
    """Shows the description as JSON and nothing else: no page that loads from elsewhere."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Write the description with its refusals and closed bodies."""
        close_bodies(openapi_schema)
        return super().render(request, with_refusals(openapi_schema))


def openapi_config() -> OpenAPIConfig:
    """Set up `/schema/openapi.json`."""
    return OpenAPIConfig(
        title="netreach",
        version="1",
        description="Shifts, claims, protocols and answers of the projects on this node.",
        license=License(name="Apache-2.0", identifier="Apache-2.0"),
        path="/schema",
        render_plugins=[DescribedPlugin(path="/openapi.json")],
        security=[{SCHEME: []}],
        components=Components(
            security_schemes={
                SCHEME: SecurityScheme(
                    type="http", scheme="bearer", description="An API token of a person."
                )
            }
        ),
        use_handler_docstrings=True,
    )
