"""Settings: the one place that reads the environment, and that chooses the database."""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kingpost.store.embedded import EmbeddedServer
from kingpost.store.migrations import migrate
from kingpost.store.pool import Database
from kingpost.store.watch import kept_running

# The command line is where settings enter the program.
_ENVIRONMENT = os.environ  # noqa: TID251 - here they are read.

DATA_FOLDER = ".kingpost"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the company's data live.

    data:         folder of the embedded database.
    database_url: a PostgreSQL of one's own, or None for the embedded one.
    owner_url:    connects as the owner of its tables, for migrations; `database_url` by default.
    """

    data: Path
    database_url: str | None = None
    owner_url: str | None = None


def read_settings(data: Path | None = None) -> Settings:
    """Read the settings from the environment; `data` given on the command line goes first."""
    folder = data or Path(_ENVIRONMENT.get("KINGPOST_DATA", DATA_FOLDER))
    url = _ENVIRONMENT.get("KINGPOST_DATABASE_URL")
    return Settings(folder.resolve(), url, _ENVIRONMENT.get("KINGPOST_OWNER_URL", url))


def systems() -> Mapping[str, str]:
    """Return what the environment says of other systems: their addresses and their secrets."""
    return {
        name: value
        for name, value in _ENVIRONMENT.items()
        if name.startswith("KINGPOST_INTERFACE_")
    }


@dataclass(frozen=True, slots=True)
class Addresses:
    """Connection strings: as the role that runs the company, and as the owner of the tables."""

    app: str
    owner: str


@contextmanager
def running_database(settings: Settings) -> Generator[Addresses]:
    """Make sure that the database runs and is up to date; stop it at the end if we started it.

    The embedded one is started again when it was killed.
    """
    if settings.database_url is not None:
        migrate(settings.owner_url or settings.database_url)
        yield Addresses(settings.database_url, settings.owner_url or settings.database_url)
        return
    settings.data.mkdir(parents=True, exist_ok=True)
    with EmbeddedServer(settings.data) as server, kept_running(server):
        migrate(server.url())
        yield Addresses(server.url(user="kingpost_app"), server.url())


@contextmanager
def open_database(
    settings: Settings, *, connections: int = 10, patience: float | None = None
) -> Generator[Database]:
    """Lend the database, running and up to date.

    patience: seconds to wait for one answer, when not as long as it takes.
    """
    with (
        running_database(settings) as addresses,
        Database(addresses.app, connections=connections, patience=patience) as database,
    ):
        yield database
