"""Bring the schema of a database up to date: numbered files, forward only, never edited."""

import hashlib
from collections.abc import Iterator
from importlib import resources
from typing import LiteralString, cast

import psycopg

_LOCK = 0x6B696E67706F7374


class MigrationError(Exception):
    """The schema cannot be brought up to date; nothing was changed."""


def migrate(url: str) -> tuple[str, ...]:
    """Apply the migrations that a database lacks, in one transaction; return their names.

    url:    connects as the role that is to own the tables; it may create roles or the role
            `kingpost_app` exists already.
    Raises: MigrationError, when an applied file was edited or the database is newer than we are.
    Lock:   an advisory lock of the database, so that two processes do not migrate at once.
    """
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        connection.execute(
            """
            CREATE TABLE IF NOT EXISTS migration (
                name       text        PRIMARY KEY,
                digest     text        NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
            )
            """
        )
        applied = dict(connection.execute("SELECT name, digest FROM migration").fetchall())
        files = dict(numbered_files())
        _refuse_foreign(applied, files)
        new = [name for name in files if name not in applied]
        if new:
            _provide_role(connection)
        for name in new:
            # The text is a file of this package, not something that a user wrote.
            connection.execute(cast("LiteralString", files[name]))
            connection.execute(
                "INSERT INTO migration (name, digest) VALUES (%s, %s)", [name, _digest(files[name])]
            )
        return tuple(new)


def numbered_files() -> Iterator[tuple[str, str]]:
    """Yield name and text of each migration, in order."""
    folder = resources.files(__name__)
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.name.endswith(".sql"):
            yield item.name.removesuffix(".sql"), item.read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_foreign(applied: dict[str, str], files: dict[str, str]) -> None:
    for name, digest in applied.items():
        if name not in files:
            raise MigrationError(
                f"the database was made by a newer Kingpost: it has migration `{name}`; "
                "update this program"
            )
        if _digest(files[name]) != digest:
            raise MigrationError(
                f"migration `{name}` was edited after it was applied. The example may be made "
                "anew: remove it with `make clean`. For a company, use the release that made its "
                "database."
            )


def _provide_role(connection: psycopg.Connection) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'kingpost_app'").fetchone()
    if found is None:
        connection.execute("CREATE ROLE kingpost_app")
        # Whoever migrates may step down to it, so that one address is enough for a small set-up.
        connection.execute("GRANT kingpost_app TO CURRENT_USER")
