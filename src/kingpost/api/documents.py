"""The OpenAPI document: what each route is for, and how it may say no."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from kingpost.api.problems import MEDIA_TYPE

Responses = dict[int | str, dict[str, Any]]

_WORDS: Mapping[int, str] = {
    401: "No token, or one that is nobody's or has expired; no signature that fits.",
    403: "The caller has no right to this.",
    404: "There is no such thing.",
    409: "The case does not stand where this could happen.",
    410: "It was dropped, and does not come back.",
    413: "The body is larger than 1 MB.",
    415: "The body is of another kind than JSON.",
    422: "The request, or what it says, does not fit.",
    503: "Not now: ask again.",
}

PROBLEM_SCHEMA = {
    "title": "Problem",
    "description": "How the API says no. Source: RFC 9457.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "`urn:kingpost:problem:` and the kind."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "For people: why, and what to do."},
        "reference": {"type": "string", "description": "Of a failure, in the log of the server."},
        "faults": {
            "type": "array",
            "description": "Of a request that has not the shape of this document.",
            "items": {
                "type": "object",
                "required": ["at", "message"],
                "properties": {"at": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def says_no(*statuses: int) -> Responses:
    """Return the problems that a route answers with, for its documentation."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _WORDS[status], "content": content} for status in statuses}


def operation_id(route: APIRoute) -> str:
    """Return the name by which generated clients call a route."""
    return route.name


class Documented(FastAPI):
    """An application whose document says of each route what its docstring says."""

    def openapi(self) -> dict[str, Any]:
        """Return the document."""
        if self.openapi_schema is None:
            document = super().openapi()
            document["components"]["schemas"]["Problem"] = PROBLEM_SCHEMA
            for path in document["paths"].values():
                for operation in path.values():
                    _tell(operation)
        return super().openapi()


def _tell(operation: dict[str, Any]) -> None:
    """Make the first sentence of the description the summary."""
    first, _, rest = operation.pop("description").partition("\n\n")
    operation["summary"] = first.rstrip(".")
    if rest:
        operation["description"] = rest
