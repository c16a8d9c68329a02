"""Who calls: the bearer of a token."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from kingpost.api.problems import ProblemError
from kingpost.engine import access
from kingpost.engine.company import Company

_bearer = HTTPBearer(auto_error=False, description="A token from `/session` or the command line.")


@dataclass(frozen=True, slots=True)
class Caller:
    """A person or an interface, with the company that it calls on."""

    company: Company
    person: str | None
    interface: str | None
    acting_as: str | None


def company_of(request: Request) -> Company:
    """Return the company that this API serves."""
    company = request.app.state.company
    assert isinstance(company, Company), "set when the API was made"
    return company


def _caller(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    company = company_of(request)
    session = access.who(company, credentials.credentials) if credentials else None
    if session is None:
        detail = "sign in first: send `Authorization: Bearer` with a token that has not expired"
        raise ProblemError(HTTPStatus.UNAUTHORIZED, "not-signed-in", detail)
    return Caller(company, session.person, session.interface, session.acting_as)


def _person(caller: Annotated[Caller, Depends(_caller)]) -> Caller:
    if caller.person is None:
        detail = "this is for people: an interface may only begin cases and deliver messages"
        raise ProblemError(HTTPStatus.FORBIDDEN, "people-only", detail)
    return caller


AnyCaller = Annotated[Caller, Depends(_caller)]
PersonCaller = Annotated[Caller, Depends(_person)]
ThisCompany = Annotated[Company, Depends(company_of)]
