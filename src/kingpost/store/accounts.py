"""Accounts, sessions and tokens: only digests of what is secret."""

from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow


@dataclass(frozen=True, slots=True)
class Account:
    """What signing in needs. failures: wrong passwords in a row, the last one at `failed_at`."""

    person: str
    password_hash: str
    failures: int
    failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Session:
    """A session or token that has not expired: of a person, or of an interface."""

    person: str | None
    interface: str | None
    person_name: str | None
    acting_as: str | None


def keep_account(connection: Connection[DictRow], person: str, password_hash: str) -> None:
    """Give a person an account, or another password, and forget wrong attempts."""
    connection.execute(
        """
        INSERT INTO account (person, password_hash)
        VALUES (%(person)s, %(hash)s)
        ON CONFLICT (person) DO UPDATE
           SET password_hash = EXCLUDED.password_hash, failures = 0, failed_at = NULL
        """,
        {"person": person, "hash": password_hash},
    )


def read_account(connection: Connection[DictRow], person: str) -> Account | None:
    """Read an account, or None."""
    row = connection.execute(
        "SELECT person, password_hash, failures, failed_at FROM account WHERE person = %s",
        [person],
    ).fetchone()
    return None if row is None else Account(**row)


def note_attempt(connection: Connection[DictRow], person: str, *, right: bool) -> None:
    """Count a wrong password, or forget them after a right one."""
    connection.execute(
        """
        UPDATE account
           SET failures = CASE WHEN %(right)s THEN 0 ELSE failures + 1 END,
               failed_at = CASE WHEN %(right)s THEN NULL ELSE clock_timestamp() END
         WHERE person = %(person)s
        """,
        {"person": person, "right": right},
    )


def open_session(
    connection: Connection[DictRow],
    digest: bytes,
    *,
    person: str | None,
    interface: str | None,
    name: str | None,
    expires_at: datetime,
) -> None:
    """Open a session of a person or an interface. name: of a token, None for a browser."""
    connection.execute(
        """
        INSERT INTO session (token_digest, person, interface, name, expires_at)
        VALUES (%(digest)s, %(person)s, %(interface)s, %(name)s, %(expires_at)s)
        """,
        {
            "digest": digest,
            "person": person,
            "interface": interface,
            "name": name,
            "expires_at": expires_at,
        },
    )


def read_session(connection: Connection[DictRow], digest: bytes) -> Session | None:
    """Read a session that has not expired, or None."""
    row = connection.execute(
        """
        SELECT session.person, session.interface, person.name AS person_name, session.acting_as
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
