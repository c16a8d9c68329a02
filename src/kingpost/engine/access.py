"""Who is asking: accounts, sessions and tokens."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from kingpost.engine.company import Company
from kingpost.store import accounts
from kingpost.store.accounts import Session
from kingpost.store.errors import (
    AgentSignInError as AgentSignInError,  # noqa: PLC0414 - for the faces
)

SESSION_HOURS = 12
TOKEN_DAYS_MAX = 90
_FAILURES_FREE = 5
_WAIT_SECONDS_MAX = 300

_hasher = PasswordHasher()
# Verified for people who have no account, so that the answer takes as long as for those who have.
_NOBODY = _hasher.hash(secrets.token_hex(16))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session. token: shown once, kept by the browser or the caller only."""

    token: str
    expires_at: datetime


class NotSignedInError(Exception):
    """The name or the password is wrong, or there were too many attempts."""


def set_password(company: Company, person: str, password: str) -> None:
    """Give a person an account with a password, and forget wrong attempts.

    Raises: AgentSignInError.
    """
    password_hash = _hasher.hash(password)
    with company.database.transaction() as connection:
        accounts.keep_account(connection, person, password_hash)
        accounts.forget_attempts(connection, _digest(person))


def sign_in(company: Company, person: str, password: str, *, now: datetime) -> SignedIn:
    """Open a session. Raises NotSignedInError; it does not say whether the person exists."""
    name = _digest(person)
    with company.database.connection() as connection:
        accounts.forget_old_attempts(connection)
    # Counted before the password is tried, which takes long: of many at one time, few pass.
    with company.database.transaction() as connection:
        attempts = accounts.lock_attempts(connection, name)
        _refuse_hurry(attempts.failures, attempts.failed_at, now)
        accounts.count_attempt(connection, name)
        account = accounts.read_account(connection, person)
    right = _matches(account.password_hash if account else _NOBODY, password)
    if account is None or not right:
        raise NotSignedInError("the name or the password is not right")
    with company.database.connection() as connection:
        accounts.forget_attempts(connection, name)
    return open_session(company, person=person, now=now)


def open_session(
    company: Company,
    *,
    now: datetime,
    person: str | None = None,
    interface: str | None = None,
    name: str | None = None,
    lasts: timedelta = timedelta(hours=SESSION_HOURS),
) -> SignedIn:
    """Open a session, or with a `name` a token for the API, of a person or an interface.

    Raises: AgentSignInError, when a machine agent would get a session of the browser.
    """
    token = secrets.token_urlsafe(32)
    expires_at = now + min(lasts, timedelta(days=TOKEN_DAYS_MAX))
    with company.database.transaction() as connection:
        accounts.open_session(
            connection,
            _digest(token),
            person=person,
            interface=interface,
            name=name,
            expires_at=expires_at,
        )
    return SignedIn(token, expires_at)


def who(company: Company, token: str) -> Session | None:
    """Return whose token this is, or None when it is nobody's or has expired."""
    with company.database.connection() as connection:
        return accounts.read_session(connection, _digest(token))


def act_as(company: Company, token: str, post: str | None) -> None:
    """Let the session act in one post, or (None) in whichever suffices."""
    with company.database.connection() as connection:
        accounts.choose_post(connection, _digest(token), post)


def sign_out(company: Company, token: str) -> None:
    """End the session."""
    with company.database.connection() as connection:
        accounts.close_session(connection, _digest(token))


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _refuse_hurry(failures: int, failed_at: datetime, now: datetime) -> None:
    if failures < _FAILURES_FREE:
        return
    wait = min(_WAIT_SECONDS_MAX, 2 ** (failures - _FAILURES_FREE + 1))
    left = (failed_at + timedelta(seconds=wait) - now.astimezone(UTC)).total_seconds()
    if left > 0:
        raise NotSignedInError(f"too many attempts: try again in {int(left) + 1} seconds")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
