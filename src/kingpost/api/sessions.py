"""Signing in to the API."""

from dataclasses import asdict
from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from pydantic import BaseModel

from kingpost.api.caller import AnyCaller, PersonCaller, ThisCompany, now_of
from kingpost.api.documents import says_no
from kingpost.api.problems import ProblemError, nothing_such
from kingpost.api.texts import Body, Name
from kingpost.engine import access
from kingpost.queries.people import read_reader

router = APIRouter(tags=["session"])


class SignInBody(Body):
    """The name of an account and its password."""

    person: Name
    password: Name


class SeatBody(Body):
    """The post to act in; null for whichever suffices."""

    post: Name | None


class PasswordBody(Body):
    """The password of now, and the new one."""

    old: Name
    new: Name


class SessionAnswer(BaseModel):
    """Where a person is signed in, or a token. id: by which it is ended. mine: it asks this."""

    id: str
    name: str | None
    device: str
    created_at: datetime
    expires_at: datetime
    mine: bool


class TokenAnswer(BaseModel):
    """A token to send as bearer, until it expires."""

    token: str
    expires_at: datetime


class WhoAnswer(BaseModel):
    """Who the token speaks for."""

    person: str | None
    interface: str | None
    acting_as: str | None


@router.post("/session", status_code=HTTPStatus.CREATED, responses=says_no(401, 413, 422))
def sign_in(body: SignInBody, request: Request, company: ThisCompany) -> TokenAnswer:
    """Exchange a password for a token."""
    try:
        signed = access.sign_in(company, body.person, body.password, now=now_of(request))
    except access.NotSignedInError as error:
        raise ProblemError(HTTPStatus.UNAUTHORIZED, "not-signed-in", str(error)) from None
    return TokenAnswer(token=signed.token, expires_at=signed.expires_at)


@router.get("/session", responses=says_no(401))
def who_am_i(caller: AnyCaller) -> WhoAnswer:
    """Tell who the token speaks for."""
    return WhoAnswer(person=caller.person, interface=caller.interface, acting_as=caller.acting_as)


@router.put("/session/acting-as", responses=says_no(401, 403, 413, 422))
def act_as(body: SeatBody, caller: PersonCaller) -> WhoAnswer:
    """Act in one post from now on, or in whichever suffices."""
    database = caller.company.database
    if body.post is not None and not read_reader(database, caller.person, body.post).holdings:
        detail = f"you do not hold `{body.post}` now: choose one that you hold"
        raise ProblemError(HTTPStatus.FORBIDDEN, "not-held", detail)
    access.act_as(caller.company, caller.token, body.post)
    return WhoAnswer(person=caller.person, interface=None, acting_as=body.post)


@router.delete("/session", status_code=HTTPStatus.NO_CONTENT, responses=says_no(401))
def sign_out(caller: AnyCaller) -> None:
    """End the session of this token."""
    access.sign_out(caller.company, caller.token)


@router.get("/sessions", responses=says_no(401, 403))
def sessions(caller: PersonCaller) -> tuple[SessionAnswer, ...]:
    """List where you are signed in, and your tokens, the latest first."""
    found = access.open_sessions(caller.company, caller.person, token=caller.token)
    return tuple(SessionAnswer(**asdict(each)) for each in found)


@router.delete(
    "/sessions/{session}", status_code=HTTPStatus.NO_CONTENT, responses=says_no(401, 403, 404, 422)
)
def end_session(session: Name, caller: PersonCaller) -> None:
    """End one of your sessions or tokens by its id."""
    if not access.end_session(caller.company, caller.person, session):
        raise nothing_such("you have no such session: it has ended, or is not yours")


@router.put(
    "/session/password",
    status_code=HTTPStatus.NO_CONTENT,
    responses=says_no(401, 403, 413, 422),
)
def change_password(body: PasswordBody, caller: PersonCaller, request: Request) -> None:
    """Choose another password; all your other sessions and tokens end."""
    try:
        access.change_password(
            caller.company,
            caller.person,
            body.old,
            body.new,
            token=caller.token,
            now=now_of(request),
        )
    except access.NotSignedInError as error:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "wrong-password", str(error)) from None
    except access.WeakPasswordError as error:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "weak-password", str(error)) from None
