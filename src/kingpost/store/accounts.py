"""Accounts, sessions and tokens: only digests of what is secret."""

from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection, DatabaseError
from psycopg.rows import DictRow

from kingpost.store.errors import translated


@dataclass(frozen=True, slots=True)
class Account:
    """Who may sign in with a password."""

    person: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class Attempts:
    """Attempts in a row to sign in with a name that did not succeed, the last at `failed_at`."""

    failures: int
    failed_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A session or token that has not expired: of a person, or of an interface.

    is_agent: the person is a machine agent.
    """

    person: str | None
    interface: str | None
    person_name: str | None
    acting_as: str | None
    is_agent: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A session or token of a person that has not expired.

    digest: of its token. name: of a token of the API; None for a session of a browser.
    device: from what the person signed in; empty where nobody said.
    """

    digest: bytes
    name: str | None
    device: str
    created_at: datetime
    expires_at: datetime


def keep_account(connection: Connection[DictRow], person: str, password_hash: str) -> None:
    """Give a person an account, or another password. Raises AgentSignInError."""
    try:
        connection.execute(
            """
            INSERT INTO account (person, password_hash)
            VALUES (%(person)s, %(hash)s)
            ON CONFLICT (person) DO UPDATE
               SET password_hash = EXCLUDED.password_hash
            """,
            {"person": person, "hash": password_hash},
        )
    except DatabaseError as error:
        raise translated(error) from error


def read_account(connection: Connection[DictRow], person: str) -> Account | None:
    """Read an account, or None."""
    row = connection.execute(
        "SELECT person, password_hash FROM account WHERE person = %s",
        [person],
    ).fetchone()
    return None if row is None else Account(**row)


def lock_attempts(connection: Connection[DictRow], name: bytes) -> Attempts:
    """Read the attempts with a name, which may be nobody's; none before counts as 0.

    name: its digest.
    Lock: its row, until the transaction ends, so that attempts at one time are counted one by one.
    """
    row = connection.execute(
        """
        INSERT INTO attempt (name_digest, failures, failed_at)
        VALUES (%s, 0, clock_timestamp())
        ON CONFLICT (name_digest) DO UPDATE SET failures = attempt.failures
        RETURNING failures, failed_at
        """,
        [name],
    ).fetchone()
    assert row is not None, "a row is written or found"
    return Attempts(**row)


def count_attempt(connection: Connection[DictRow], name: bytes) -> None:
    """Count an attempt with a name as one that did not succeed."""
    connection.execute(
        """
        UPDATE attempt
           SET failures = failures + 1, failed_at = clock_timestamp()
         WHERE name_digest = %s
        """,
        [name],
    )


def forget_attempts(connection: Connection[DictRow], name: bytes) -> None:
    """Forget the attempts with a name."""
    connection.execute("DELETE FROM attempt WHERE name_digest = %s", [name])


def forget_old_attempts(connection: Connection[DictRow]) -> None:
    """Forget names that nobody has tried for a day: anybody can make rows of this table."""
    connection.execute(
        """
        DELETE FROM attempt
         WHERE name_digest IN (
                SELECT name_digest
                  FROM attempt
                 WHERE failed_at < clock_timestamp() - interval '1 day'
                   FOR UPDATE SKIP LOCKED
               )
        """
    )


def open_session(  # noqa: PLR0913 - the parts of a session
    connection: Connection[DictRow],
    digest: bytes,
    *,
    person: str | None,
    interface: str | None,
    name: str | None,
    device: str,
    expires_at: datetime,
) -> None:
    """Open a session of a person or an interface. name: of a token, None for a browser.

    device: from what; up to 100 characters.

    Raises: AgentSignInError.
    """
    try:
        connection.execute(
            """
            INSERT INTO session (token_digest, person, interface, name, device, expires_at)
            VALUES (%(digest)s, %(person)s, %(interface)s, %(name)s, %(device)s, %(expires_at)s)
            """,
            {
                "digest": digest,
                "person": person,
                "interface": interface,
                "name": name,
                "device": device,
                "expires_at": expires_at,
            },
        )
    except DatabaseError as error:
        raise translated(error) from error


def read_session(connection: Connection[DictRow], digest: bytes) -> Session | None:
    """Read a session that has not expired, or None."""
    row = connection.execute(
        """
        SELECT session.person, session.interface, person.name AS person_name, session.acting_as,
               coalesce(person.is_agent, false) AS is_agent
          FROM session
          LEFT JOIN person ON person.id = session.person
         WHERE token_digest = %s AND expires_at > clock_timestamp()
        """,
        [digest],
    ).fetchone()
    return None if row is None else Session(**row)


def choose_post(connection: Connection[DictRow], digest: bytes, post: str | None) -> None:
    """Note the post that the person acts in, or (None) all of them."""
    connection.execute("UPDATE session SET acting_as = %s WHERE token_digest = %s", [post, digest])


def close_session(connection: Connection[DictRow], digest: bytes) -> None:
    """End a session."""
    connection.execute("DELETE FROM session WHERE token_digest = %s", [digest])


def opened(connection: Connection[DictRow], person: str) -> list[Opened]:
    """Return the sessions and tokens of a person that have not expired, the latest first."""
    rows = connection.execute(
        """
        SELECT token_digest AS digest, name, device, created_at, expires_at
          FROM session
         WHERE person = %s AND expires_at > clock_timestamp()
         ORDER BY created_at DESC, token_digest
        """,
        [person],
    ).fetchall()
    return [Opened(**row) for row in rows]


def close_of(connection: Connection[DictRow], person: str, digest: bytes) -> bool:
    """End a session or token of a person. Returns whether it was theirs, and open."""
    ended = connection.execute(
        "DELETE FROM session WHERE token_digest = %s AND person = %s", [digest, person]
    )
    return ended.rowcount > 0


def close_others(
    connection: Connection[DictRow], person: str, kept: bytes | None, *, tokens: bool
) -> int:
    """End the sessions of a person but one. tokens: those of the API, too. Returns how many."""
    ended = connection.execute(
        """
        DELETE FROM session
         WHERE person = %(person)s
           AND token_digest IS DISTINCT FROM %(kept)s
           AND (%(tokens)s OR name IS NULL)
        """,
        {"person": person, "kept": kept, "tokens": tokens},
    )
    return ended.rowcount
