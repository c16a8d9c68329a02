"""Signing in to the API."""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict

from kingpost.api.caller import AnyCaller, ThisCompany
from kingpost.api.problems import ProblemError
from kingpost.engine import access

router = APIRouter(tags=["session"])


class SignInBody(BaseModel):
    """The name of an account and its password."""

    model_config = ConfigDict(extra="forbid", strict=True)

    person: str
    password: str


class TokenAnswer(BaseModel):
    """A token to send as bearer, until it expires."""

    token: str
    expires_at: datetime


class WhoAnswer(BaseModel):
    """Who the token speaks for."""

    person: str | None
    interface: str | None
    acting_as: str | None


@router.post("/session", status_code=HTTPStatus.CREATED)
def sign_in(body: SignInBody, request: Request, company: ThisCompany) -> TokenAnswer:
    """Exchange a password for a token."""
    clock: Callable[[], datetime] = request.app.state.clock
    try:
        signed = access.sign_in(company, body.person, body.password, now=clock().astimezone(UTC))
    except access.NotSignedInError as error:
        raise ProblemError(HTTPStatus.UNAUTHORIZED, "not-signed-in", str(error)) from None
    return TokenAnswer(token=signed.token, expires_at=signed.expires_at)


@router.get("/session")
def who_am_i(caller: AnyCaller) -> WhoAnswer:
    """Tell who the token speaks for."""
    return WhoAnswer(person=caller.person, interface=caller.interface, acting_as=caller.acting_as)


@router.delete("/session", status_code=HTTPStatus.NO_CONTENT)
def sign_out(
    company: ThisCompany,
    _: AnyCaller,
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())],
) -> None:
    """End the session of this token."""
    access.sign_out(company, credentials.credentials)
