"""Problem documents: how the API says no."""

import logging
import re
import secrets
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from kingpost.decisions import refusals
from kingpost.decisions.refusing.agents import OnlyPeopleVote
from kingpost.decisions.refusing.calls import AnswerNotFitting, NotYourCall, PathNotFitting
from kingpost.decisions.refusing.overrides import (
    NotOverridable,
    NotYourConfirmation,
    NotYourOverride,
    NotYourReview,
    OwnReview,
)
from kingpost.decisions.refusing.repairs import (
    BeyondBoth,
    CouldNotVote,
    DeclinesOwn,
    NeedsAnother,
    NothingToRepair,
    NotYourRepair,
    NotYoursToDecline,
    PastDecision,
    ProposerLeft,
    TwoRepairs,
)
from kingpost.engine.away import OperationalError, is_away, is_full
from kingpost.engine.company import NoModelError
from kingpost.engine.perform import ContentionError, KeyReusedError, NoSuchCase, NoSuchWorkflow

MEDIA_TYPE = "application/problem+json"
TOO_LARGE = "the body is larger than 1 MB: send less"

# A database that restarts has answered by then.
_AGAIN_SECONDS = "5"

_log = logging.getLogger(__name__)

_FORBIDDEN = (
    refusals.NotYourPost,
    refusals.NotYourInterface,
    NotYourCall,
    refusals.OutsideAuthority,
    refusals.OutsideDelegation,
    refusals.NotSeparate,
    refusals.NobodyAnswers,
    OnlyPeopleVote,
    refusals.OverAllowance,
    NotYourRepair,
    NeedsAnother,
    ProposerLeft,
    PastDecision,
    BeyondBoth,
    CouldNotVote,
    NotYoursToDecline,
    DeclinesOwn,
    NotYourOverride,
    NotYourConfirmation,
    NotYourReview,
    OwnReview,
)
_UNFITTING = (
    refusals.FieldNotAsked,
    refusals.FieldNotFitting,
    AnswerNotFitting,
    refusals.FieldsMissing,
    refusals.ReasonMissing,
    refusals.EvidenceMissing,
    refusals.NoSuchChoice,
    refusals.InvariantBroken,
    refusals.HandoverNotMet,
    refusals.Undecided,
    refusals.NoRow,
    refusals.InputMissing,
    refusals.NoAnswer,
    PathNotFitting,
    NothingToRepair,
    TwoRepairs,
    NotOverridable,
)

# Kind and words for what the router or the parser refuses.
_ROUTED: Mapping[int, tuple[str, str]] = {
    400: ("unreadable", "the body cannot be read as JSON"),
    404: ("no-such-address", "there is nothing at this address: see `openapi.json`"),
    405: ("method-not-allowed", "this address does not take this method: see the header `Allow`"),
    413: ("too-large", TOO_LARGE),
}
# Python's phrases for these differ from version to version. Source: RFC 9110, section 15.5.
_TITLES: Mapping[int, str] = {413: "Content Too Large", 422: "Unprocessable Content"}


class ProblemError(Exception):
    """Carries a problem to the caller."""

    def __init__(self, status: int, kind: str, detail: str, challenge: str = "Bearer") -> None:
        """Say no with an HTTP status.

        kind: in kebab-case. challenge: what shows who asks, where that is what is missing.
        """
        super().__init__(detail)
        self.status, self.kind, self.detail = status, kind, detail
        self.challenge = challenge


def problem(
    status: int,
    kind: str,
    detail: str,
    *,
    more: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return a problem document.

    kind:   in kebab-case; names the kind of problem for programs. detail: for people.
    Source: RFC 9457.
    """
    body = {
        "type": f"urn:kingpost:problem:{kind}",
        "title": _TITLES.get(status) or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **(more or {}),
    }
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)


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


def nothing(what: str, name: str) -> ProblemError:
    """Return the problem that there is no such thing."""
    return nothing_such(f"there is no {what} `{name}`")


def nothing_such(words: str) -> ProblemError:
    """Return the problem that nothing is meant by what was written, in words of its own."""
    return ProblemError(HTTPStatus.NOT_FOUND, "not-found", words)


def kebab(name: str) -> str:
    """Return a CamelCase name in kebab-case."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def on_problem(_: Request, error: Exception) -> JSONResponse:
    """Answer a ProblemError."""
    assert isinstance(error, ProblemError), "registered for this class"
    asks = {"WWW-Authenticate": error.challenge} if error.status == HTTPStatus.UNAUTHORIZED else {}
    return problem(error.status, error.kind, error.detail, headers=asks)


def on_key_reused(_: Request, error: Exception) -> JSONResponse:
    """Answer a key that was used for another command."""
    assert isinstance(error, KeyReusedError), "registered for this class"
    detail = "this idempotency key was used for another command: take a new one"
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "key-reused", detail)


def on_contention(_: Request, error: Exception) -> JSONResponse:
    """Answer that others were faster, many times."""
    assert isinstance(error, ContentionError), "registered for this class"
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, "contention", str(error))


def on_no_model(_: Request, error: Exception) -> JSONResponse:
    """Answer that there is no company to run yet."""
    assert isinstance(error, NoModelError), "registered for this class"
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, "no-model", str(error))


def on_database(request: Request, error: Exception) -> JSONResponse:
    """Answer that the database is away, is full, or failed.

    Its words are for the log: they may name it.
    """
    assert isinstance(error, OperationalError), "registered for this class"
    if is_full(error):
        _log.error("the disk of the database is full at %s: %s", request.url.path, error)
        words = (
            "the disk of the database is full, and nothing of this was recorded: ask again when "
            "whoever runs Kingpost has made room, with the same idempotency key if there was one"
        )
        return problem(HTTPStatus.INSUFFICIENT_STORAGE, "no-room", words)
    if not is_away(error):
        return on_failure(request, error)
    _log.warning("the database is away at %s: %s", request.url.path, error)
    words = (
        "the database cannot be reached, and what was recorded before is safe: ask again, with the "
        "same idempotency key if there was one"
    )
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return problem(status, "no-database", words, headers={"Retry-After": _AGAIN_SECONDS})


def on_http(_: Request, error: Exception) -> JSONResponse:
    """Answer what the router or the parser refuses."""
    assert isinstance(error, HTTPException), "registered for this class"
    status = error.status_code
    kind, words = _ROUTED.get(status, ("http", error.detail))
    return problem(status, kind, words, headers=error.headers)


def on_invalid(_: Request, error: Exception) -> JSONResponse:
    """Answer a request that does not have the shape that is documented."""
    assert isinstance(error, RequestValidationError), "registered for this class"
    faults = [
        {"at": ".".join(_readable(part) for part in item["loc"]), "message": item["msg"]}
        for item in error.errors()
    ]
    detail = "; ".join(f"{fault['at']}: {fault['message']}" for fault in faults)
    more = {"faults": faults}
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "request", detail, more=more)


def on_failure(request: Request, error: Exception) -> JSONResponse:
    """Answer a failure of ours, with a reference that stands in the log as well."""
    reference = secrets.token_hex(4)
    _log.error("failure %s at %s", reference, request.url.path, exc_info=error)
    detail = (
        "the fault is ours: what you sent was carried out whole, or not at all; "
        "send it again with the same key"
    )
    more = {"reference": reference}
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "failure", detail, more=more)


def _readable(part: object) -> str:
    """Return a part of a place in the request, without what no text can hold."""
    return str(part).encode("utf-8", "replace").decode()
