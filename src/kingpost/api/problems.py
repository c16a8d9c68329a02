"""Problem documents: how the API says no."""

import re
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from kingpost.decisions import refusals
from kingpost.engine.perform import ContentionError, KeyReusedError, NoSuchCase, NoSuchWorkflow

MEDIA_TYPE = "application/problem+json"

_FORBIDDEN = (
    refusals.NotYourPost,
    refusals.NotYourInterface,
    refusals.OutsideAuthority,
    refusals.NotSeparate,
)
_UNFITTING = (
    refusals.FieldNotAsked,
    refusals.FieldNotFitting,
    refusals.FieldsMissing,
    refusals.ReasonMissing,
    refusals.EvidenceMissing,
    refusals.NoSuchChoice,
    refusals.InvariantBroken,
    refusals.HandoverNotMet,
    refusals.Undecided,
    refusals.NoRow,
)


class ProblemError(Exception):
    """Carries a problem to the caller."""

    def __init__(self, status: int, kind: str, detail: str) -> None:
        """Say no with an HTTP status; kind: in kebab-case."""
        super().__init__(detail)
        self.status, self.kind, self.detail = status, kind, detail


def problem(
    status: int, kind: str, detail: str, more: Mapping[str, object] | None = None
) -> JSONResponse:
    """Return a problem document.

    kind:   in kebab-case; names the kind of problem for programs. detail: for people.
    Source: RFC 9457.
    """
    body = {
        "type": f"urn:kingpost:problem:{kind}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **(more or {}),
    }
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


def refused(refusal: refusals.Refusal | NoSuchCase | NoSuchWorkflow) -> ProblemError:
    """Return the problem that states a refusal."""
    if isinstance(refusal, _FORBIDDEN):
        status = HTTPStatus.FORBIDDEN
    elif isinstance(refusal, NoSuchCase | NoSuchWorkflow):
        status = HTTPStatus.NOT_FOUND
    elif isinstance(refusal, _UNFITTING):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        status = HTTPStatus.CONFLICT
    return ProblemError(status, kebab(type(refusal).__name__), str(refusal))


def kebab(name: str) -> str:
    """Return a CamelCase name in kebab-case."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def on_problem(_: Request, error: Exception) -> JSONResponse:
    """Answer a ProblemError."""
    assert isinstance(error, ProblemError), "registered for this class"
    return problem(error.status, error.kind, error.detail)


def on_key_reused(_: Request, error: Exception) -> JSONResponse:
    """Answer a key that was used for another command."""
    assert isinstance(error, KeyReusedError), "registered for this class"
    detail = "this idempotency key was used for another command: take a new one"
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "key-reused", detail)


def on_contention(_: Request, error: Exception) -> JSONResponse:
    """Answer that others were faster, many times."""
    assert isinstance(error, ContentionError), "registered for this class"
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, "contention", str(error))


def on_http(_: Request, error: Exception) -> JSONResponse:
    """Answer what the router refuses: no such address, no such method."""
    assert isinstance(error, HTTPException), "registered for this class"
    return problem(error.status_code, kebab(HTTPStatus(error.status_code).name), error.detail)


def on_invalid(_: Request, error: Exception) -> JSONResponse:
    """Answer a request that does not have the shape that is documented."""
    assert isinstance(error, RequestValidationError), "registered for this class"
    faults = [
        {"at": ".".join(str(part) for part in item["loc"]), "message": item["msg"]}
        for item in error.errors()
    ]
    detail = "; ".join(f"{fault['at']}: {fault['message']}" for fault in faults)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "request", detail, {"faults": faults})
