"""The command line as people use it: in this process where that is enough, else in its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic

from typer.testing import CliRunner

from kingpost.cli.main import app
from tests.database import Database

EXAMPLE = Path(__file__).parents[2] / "examples" / "service-desk"
NOWHERE = "postgresql://clerk:secret@127.0.0.1:1/company"

# What a test hands on to a process of its own.
_ENVIRONMENT = os.environ  # noqa: TID251 - as above
_PROGRAM = "from kingpost.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed, and its status."""

    status: int
    out: str
    err: str


def copy_of(example: Path, folder: Path, *, fault: bool = False) -> Path:
    """Copy the model of an example, with one name misspelt when a fault is wanted."""
    folder.mkdir(exist_ok=True)
    for path in example.glob("*.yaml"):
        text = path.read_text()
        if fault:
            text = text.replace("reports-to: duty-officer", "reports-to: duty-oficer", 1)
        (folder / path.name).write_text(text)
    return folder


def settings_of(database: Database) -> dict[str, str]:
    return {"KINGPOST_DATABASE_URL": database.app_url, "KINGPOST_OWNER_URL": database.owner_url}


def run(*words: object, settings: Mapping[str, str] | None = None, typed: str = "") -> Answer:
    """Run a command in this process; an error that was not expected is raised."""
    sent = {"NO_COLOR": "1", "COLUMNS": "200", **(settings or {})}
    arguments = [str(word) for word in words]
    result = CliRunner().invoke(app, arguments, input=typed, env=sent)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


@contextmanager
def running(
    *words: object, settings: Mapping[str, str] | None = None, folder: Path | None = None
) -> Generator[subprocess.Popen[str]]:
    """Run a command in a process of its own; end it at the end, when it has not ended."""
    command = [sys.executable, "-P", "-c", _PROGRAM, *(str(word) for word in words)]
    sent = {**_ENVIRONMENT, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1", **(settings or {})}
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, env=sent, stdout=pipe, stderr=pipe, text=True, cwd=folder)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def until(process: subprocess.Popen[str], line: str) -> str:
    """Read what a process prints up to a line that holds some words; return what was read."""
    assert process.stdout is not None
    read: list[str] = []
    for text in process.stdout:
        read.append(text)
        if line in text:
            return "".join(read)
    assert process.stderr is not None
    raise AssertionError("".join(read) + process.stderr.read())


def wait_until(happens: Callable[[], object], seconds_max: float = 60) -> None:
    """Wait until something is so."""
    deadline, tick = monotonic() + seconds_max, Event()
    while not happens():
        assert monotonic() < deadline, "it did not happen in time"
        tick.wait(0.05)
