"""Who is asking: accounts, sessions and tokens."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from zxcvbn import zxcvbn

from kingpost.engine.company import Company
from kingpost.store import accounts
from kingpost.store.accounts import Session
from kingpost.store.errors import (
    AgentSignInError as AgentSignInError,  # noqa: PLC0414 - for the faces
)

SESSION_HOURS = 12
TOKEN_DAYS_MAX = 90
PASSWORD_CHARACTERS_MIN, PASSWORD_CHARACTERS_MAX = 8, 200
# What a patient attacker with a list tries first. Source: NIST SP 800-63B, 3.1.1.2; D. Wheeler,
# zxcvbn: Low-Budget Password Strength Estimation, USENIX Security 2016.
_GUESSES_MIN = 10**8
_GUESSED_CHARACTERS = 72
_DEVICE_CHARACTERS = 100
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


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session or token that somebody has open.

    id:   by which it is ended; nobody signs in with it. name: of a token; None for a browser.
    mine: it is the one that asks.
    """

    id: str
    name: str | None
    device: str
    created_at: datetime
    expires_at: datetime
    mine: bool


class NotSignedInError(Exception):
    """The name or the password is wrong, or there were too many attempts."""


class WeakPasswordError(Exception):
    """A password would be guessed; the message says why and what to choose."""


def set_password(company: Company, person: str, password: str) -> None:
    """Give a person an account with a password, and forget wrong attempts.

    Raises: WeakPasswordError; AgentSignInError.
    """
    _refuse_weak(password, person)
    password_hash = _hasher.hash(password)
    with company.database.transaction() as connection:
        accounts.keep_account(connection, person, password_hash)
        accounts.forget_attempts(connection, _digest(person))


def change_password(
    company: Company, person: str, old: str, new: str, *, token: str, now: datetime
) -> int:
    """Let a person choose another password; all their other sessions and tokens end.

    token: of the session that asks, and stays. Returns how many ended.

    Raises: NotSignedInError, when the old one is not right; WeakPasswordError.
    """
    _refuse_weak(new, person)
    _check(company, person, old, now=now)
    set_password(company, person, new)
    return end_sessions(company, person, kept=token)


def make_token(
    company: Company, person: str, password: str, *, name: str, lasts: timedelta, now: datetime
) -> SignedIn:
    """Make a token of the API for who knows the person's password: an open browser is not enough.

    Raises: NotSignedInError.
    """
    _check(company, person, password, now=now)
    return open_session(company, person=person, name=name, lasts=lasts, now=now)


def sign_in(
    company: Company, person: str, password: str, *, now: datetime, device: str = ""
) -> SignedIn:
    """Open a session. Raises NotSignedInError; it does not say whether the person exists.

    device: from what, so that the person knows the session again.
    """
    _check(company, person, password, now=now)
    return open_session(company, person=person, device=device, now=now)


def _check(company: Company, person: str, password: str, *, now: datetime) -> None:
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


def open_session(  # noqa: PLR0913 - the parts of a session
    company: Company,
    *,
    now: datetime,
    person: str | None = None,
    interface: str | None = None,
    name: str | None = None,
    device: str = "",
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
            device=device[:_DEVICE_CHARACTERS],
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


def open_sessions(company: Company, person: str, *, token: str = "") -> tuple[OpenSession, ...]:
    """Return the sessions and tokens of a person that are open, the latest first.

    token: of the one that asks.
    """
    with company.database.connection() as connection:
        found = accounts.opened(connection, person)
    mine = _digest(token)
    return tuple(
        OpenSession(
            each.digest.hex(),
            each.name,
            each.device,
            each.created_at,
            each.expires_at,
            each.digest == mine,
        )
        for each in found
    )


def end_session(company: Company, person: str, session: str) -> bool:
    """End one session or token of a person by its id. Returns whether there was one."""
    try:
        digest = bytes.fromhex(session)
    except ValueError:
        return False
    with company.database.connection() as connection:
        return accounts.close_of(connection, person, digest)


def end_sessions(
    company: Company, person: str, *, kept: str | None = None, tokens: bool = True
) -> int:
    """End the sessions of a person; returns how many.

    kept: the token of one that stays. tokens: those of the API end, too.
    """
    stays = None if kept is None else _digest(kept)
    with company.database.connection() as connection:
        return accounts.close_others(connection, person, stays, tokens=tokens)


def _refuse_weak(password: str, person: str) -> None:
    if not PASSWORD_CHARACTERS_MIN <= len(password) <= PASSWORD_CHARACTERS_MAX:
        least, most = PASSWORD_CHARACTERS_MIN, PASSWORD_CHARACTERS_MAX
        raise WeakPasswordError(f"a password has {least} to {most} characters")
    known = [person, *person.split("-"), "kingpost"]
    if zxcvbn(password[:_GUESSED_CHARACTERS], known)["guesses"] < _GUESSES_MIN:
        raise WeakPasswordError(
            "this password would soon be guessed. Take several words that have nothing to do "
            "with each other"
        )


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
