"""Who calls: the bearer of a token."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from kingpost.api.problems import ProblemError
from kingpost.decisions.program import Program
from kingpost.engine import access
from kingpost.engine.company import Company
from kingpost.engine.outside.signed import is_bound_to_sign
from kingpost.queries.people import Reader, may_see_case, read_reader

_bearer = HTTPBearer(auto_error=False, description="A token from `/session` or the command line.")


@dataclass(frozen=True, slots=True)
class Caller:
    """A person or an interface, with the company that it calls on. token: it came with."""

    company: Company
    person: str | None
    interface: str | None
    acting_as: str | None
    token: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person who calls."""

    company: Company
    person: str
    acting_as: str | None
    token: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who holds a post of the model that runs, and so may read."""

    company: Company
    program: Program
    reader: Reader
    acting_as: str | None

    @property
    def person(self) -> str:
        """Return who it is."""
        return self.reader.person


def company_of(request: Request) -> Company:
    """Return the company that this API serves."""
    company = request.app.state.company
    assert isinstance(company, Company), "set when the API was made"
    return company


def now_of(request: Request) -> datetime:
    """Return the time by the clock that the application was given."""
    clock: Callable[[], datetime] = request.app.state.clock
    return clock()


def _caller(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    company = company_of(request)
    token = credentials.credentials if credentials else ""
    session = access.who(company, token) if token else None
    if session is None:
        detail = "sign in first: send `Authorization: Bearer` with a token that has not expired"
        raise ProblemError(HTTPStatus.UNAUTHORIZED, "not-signed-in", detail)
    interface = session.interface
    if interface is not None and is_bound_to_sign(company.active().model, interface):
        detail = f"`{interface}` signs what it sends: send it to `/inbound/{interface}`"
        raise ProblemError(HTTPStatus.FORBIDDEN, "signature-needed", detail)
    return Caller(company, session.person, interface, session.acting_as, token)


def _person(caller: Annotated[Caller, Depends(_caller)]) -> Person:
    if caller.person is None:
        detail = "this is for people: an interface may only begin cases and deliver messages"
        raise ProblemError(HTTPStatus.FORBIDDEN, "people-only", detail)
    return Person(caller.company, caller.person, caller.acting_as, caller.token)


def holder(person: Annotated[Person, Depends(_person)]) -> Holder:
    """Return somebody as who holds a post. Raises: ProblemError."""
    company, program = person.company, person.company.active()
    reader = read_reader(company.database, person.person, person.acting_as)
    if not may_see_case(reader, program):
        detail = "you hold no post of this company: ask whoever keeps the register"
        if person.acting_as is not None:
            detail = f"you act in `{person.acting_as}`, which you do not hold now: choose another"
        raise ProblemError(HTTPStatus.FORBIDDEN, "no-post", detail)
    return Holder(company, program, reader, person.acting_as)


AnyCaller = Annotated[Caller, Depends(_caller)]
PersonCaller = Annotated[Person, Depends(_person)]
HolderCaller = Annotated[Holder, Depends(holder)]
ThisCompany = Annotated[Company, Depends(company_of)]
