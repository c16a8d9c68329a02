"""Bringing the schema up to date: once, in order, and never over what we do not know."""

import psycopg
import pytest

from kingpost.store import migrations
from kingpost.store.embedded import EmbeddedServer
from kingpost.store.migrations import MigrationError, migrate
from tests.database import Database


def test_a_fresh_database_gets_every_migration_in_order(server: EmbeddedServer) -> None:
    name = "migrated_fresh"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}".encode())
        connection.execute(f"CREATE DATABASE {name}".encode())

    first, second = migrate(server.url(name)), migrate(server.url(name))

    assert first == tuple(sorted(first))
    assert first[0] == "0001_spine"
    assert second == ()


def test_a_file_that_was_edited_afterwards_is_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = dict(migrations.numbered_files())
    edited = {name: f"{text}\n-- edited" for name, text in files.items()}
    monkeypatch.setattr(migrations, "numbered_files", lambda: iter(edited.items()))

    with pytest.raises(MigrationError) as caught:
        migrate(database.owner_url)

    assert str(caught.value) == (
        "migration `0001_spine` was edited after it was applied. The example may be made anew: "
        "remove it with `make clean`. For a company, use the release that made its database."
    )


def test_a_database_of_a_newer_program_is_refused(database: Database) -> None:
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("INSERT INTO migration (name, digest) VALUES ('9999_later', 'x')")

    with pytest.raises(
        MigrationError, match="made by a newer Kingpost: it has migration `9999_later`"
    ):
        migrate(database.owner_url)


def test_a_migration_that_fails_leaves_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = dict(migrations.numbered_files()) | {
        "9998_good": "CREATE TABLE half (id integer)",
        "9999_bad": "SELECT 1 / 0",
    }
    monkeypatch.setattr(migrations, "numbered_files", lambda: iter(files.items()))

    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(database.owner_url)

    with psycopg.connect(database.owner_url) as connection:
        assert connection.execute("SELECT to_regclass('half')").fetchone() == (None,)


def test_a_month_that_has_events_elsewhere_stays_there(database: Database) -> None:
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(
            "INSERT INTO event (case_id, seq, kind, at, hash, header, body)"
            " VALUES (uuid_floor('2031-05-09Z'), 1, 'x', now(), repeat('0', 64), '', '')"
        )
        for month in ("2031-05-01", "2031-06-01", "2031-06-30"):
            connection.execute("SELECT provide_event_month(%s::date)", [month])
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relname LIKE 'event_2031___' AND relkind = 'r'"
        ).fetchall()

    assert tables == [("event_2031_06",)]
