"""The versions that the database keeps, for commands that read them."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from kingpost.cli.failures import CommandError
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.company import Company
from kingpost.model.model import Model
from kingpost.queries.changes.versions import (
    ModelVersion,
    NoVersionError,
    Versions,
    read_versions,
)


@contextmanager
def stored_versions(data: Path | None) -> Generator[Versions]:
    """Open the database and read which versions took effect.

    Raises: CommandError, where no version is meant.
    """
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        try:
            yield read_versions(database, company.content)
        except NoVersionError as error:
            raise CommandError(str(error)) from None


def stored_model(data: Path | None, written: str) -> Model:
    """Return the model of a version. Raises: CommandError, where none is meant."""
    with stored_versions(data) as versions:
        return versions.model(versions.find(written))


def told(version: ModelVersion) -> str:
    """Return a version in words."""
    since = f"in effect since {version.activated_at:%Y-%m-%d %H:%M} UTC"
    return f"version {version.number} ({version.digest[:12]}), {since}"
