"""The command line itself: its version, its help, and how it says what went wrong."""

import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import psycopg
import pytest

from kingpost.cli.main import COMMANDS, imported
from tests.cli.program import EXAMPLE, NOWHERE, copy_of, run, settings_of
from tests.database import Database

MAPPING = EXAMPLE / "log" / "mapping.yaml"
NO_MODEL = "no model is active: load one with `kingpost load FOLDER`\n"


def test_the_version_is_told() -> None:
    assert run("--version").out == f"kingpost {version('kingpost')}\n"


def test_the_help_lists_every_command_in_the_order_of_the_work() -> None:
    told = run("--help").out

    names = ["check", "load", "people", "import", "serve", "worker", "verify", "demo"]
    places = [told.index(f"│ {name} ") for name in names]
    assert places == sorted(places)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_says_of_a_command_what_its_own_help_begins_with(name: str) -> None:
    own = imported(name).help or ""

    assert COMMANDS[name].about == own.partition("\n\n")[0]


def test_the_help_waits_for_no_command() -> None:
    program = (
        "import sys\n"
        "from kingpost.cli.main import app\n"
        "app(['--help'], standalone_mode=False)\n"
        "print(*sorted(name for name in sys.modules if name.startswith('kingpost')))\n"
    )

    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    *_, last = answer.stdout.splitlines()
    assert last == "kingpost kingpost.cli kingpost.cli.main"


def test_the_nearest_command_is_offered() -> None:
    answer = run("chck")

    assert answer.status == 2
    assert "No such command 'chck'. Did you mean 'check'?" in answer.err


@pytest.mark.parametrize(
    "words",
    [
        ("verify",),
        ("people", "list"),
        ("load", EXAMPLE),
        ("worker",),
        ("import", EXAMPLE / "people.csv", "--mapping", MAPPING),
    ],
)
def test_a_database_that_is_not_there_is_said_without_a_trace(words: tuple[object, ...]) -> None:
    answer = run(*words, settings={"KINGPOST_DATABASE_URL": NOWHERE})

    assert (answer.status, answer.out) == (1, "")
    assert answer.err == (
        "the database cannot be reached: connection failed: connection to server at "
        '"127.0.0.1", port 1 failed: Connection refused. '
        "Check that it runs, and `KINGPOST_DATABASE_URL`.\n"
    )


@pytest.mark.parametrize("written", ["postgresql//clerk:secret@host/x", "nonsense", "a=b"])
def test_an_address_that_is_none_is_said_without_its_password(written: str) -> None:
    answer = run("verify", settings={"KINGPOST_DATABASE_URL": written})

    assert answer.status == 1
    assert answer.err == (
        "`KINGPOST_DATABASE_URL` cannot be used: it is not an address of a database. "
        "Write it such as `postgresql://user@host/name`.\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("people", "appoint", "anna", "desk"),
        ("people", "list", "--post", "desk"),
        ("people", "token", "--interface", "bank", "--name", "x"),
        ("import", EXAMPLE / "people.csv", "--mapping", MAPPING),
        ("serve", "--port", "9"),
    ],
)
def test_without_a_model_there_is_nothing_to_run(
    database: Database, words: tuple[object, ...]
) -> None:
    answer = run(*words, settings=settings_of(database))

    assert (answer.status, answer.err) == (1, NO_MODEL)


def newer(database: Database) -> str:
    _as_owner(database, "INSERT INTO migration (name, digest) VALUES ('9999_later', '')")
    return (
        "the database was made by a newer Kingpost: it has migration `9999_later`; "
        "update this program\n"
    )


def edited(database: Database) -> str:
    _as_owner(database, "UPDATE migration SET digest = 'x' WHERE name = '0001_spine'")
    return (
        "migration `0001_spine` was edited after it was applied. The example may be made anew: "
        "remove it with `make clean`. For a company, use the release that made its database.\n"
    )


@pytest.mark.parametrize("happens", [newer, edited])
def test_a_database_of_another_program_is_left_alone(
    database: Database, happens: Callable[[Database], str]
) -> None:
    words = happens(database)

    answer = run("verify", settings=settings_of(database))

    assert (answer.status, answer.err) == (1, words)


def test_who_may_not_migrate_is_told_whom_to_name(database: Database) -> None:
    _as_owner(database, "DELETE FROM migration")

    answer = run("verify", settings={"KINGPOST_DATABASE_URL": database.app_url})

    assert answer.status == 1
    assert answer.err == (
        "the database refuses: permission denied for schema public. "
        "Name the owner of its tables in `KINGPOST_OWNER_URL`.\n"
    )


def test_a_data_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    answer = run("verify", "--data", tmp_path / "file" / "data")

    assert answer.status == 1
    assert answer.err == f"`{tmp_path / 'file' / 'data'}` cannot be used: not a directory\n"


def test_an_unsound_model_is_not_loaded(database: Database, tmp_path: Path) -> None:
    copy_of(EXAMPLE, tmp_path, fault=True)

    answer = run("load", tmp_path, settings=settings_of(database))

    assert answer.status == 1
    assert answer.out.endswith("Nothing was loaded.\n")
    assert run("people", "list", "--post", "x", settings=settings_of(database)).err == NO_MODEL


def test_a_sound_model_takes_effect_once(database: Database) -> None:
    first = run("load", EXAMPLE, settings=settings_of(database))
    second = run("load", EXAMPLE, settings=settings_of(database))

    assert first == second
    assert first.out.startswith("Meridian IT Services: model version ")
    with psycopg.connect(database.owner_url) as connection:
        count = connection.execute("SELECT count(*) FROM activation").fetchone()
    assert count == (1,)


def _as_owner(database: Database, statement: str) -> None:
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        connection.execute(statement.encode())


def test_a_group_of_commands_offers_no_completion_of_its_own() -> None:
    assert "completion" in run("--help").out
    assert "completion" not in run("bpmn", "--help").out
