"""The versions of the model, each found by its number, its digest, or a day on which it ran."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kingpost.model.content import from_content
from kingpost.model.model import Model
from kingpost.planning.difference import Difference, differences
from kingpost.store.pool import Database
from kingpost.store.reading import running

RUNNING = "running"
_NUMBER = re.compile("[0-9]{1,5}", re.ASCII)
_DIGEST = re.compile("[0-9a-f]{6,64}")
_FORMS = (
    "write its number, the first 6 characters or more of its digest, a day such as 2026-11-21, "
    "a time in UTC such as 2026-11-21T09:00, or `running`"
)

Contents = Callable[[str], bytes]


class NoVersionError(Exception):
    """No version of the model is meant by what was written; the message says why."""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A version of the model that is or was in force.

    number: from 1, in the order in which versions took effect. One that came back has two.
    person: who let it take effect, by id, and by name.
    again:  the number under which it came back last, and which has its live cases; or None.
    """

    number: int
    digest: str
    company: str
    activated_at: datetime
    person: str | None
    name: str | None
    again: int | None
    open_cases: int


@dataclass(frozen=True, slots=True)
class Versions:
    """Every version that took effect, the one in force first.

    contents: returns the canonical content of a digest.
    """

    found: tuple[ModelVersion, ...]
    contents: Contents

    @property
    def running(self) -> ModelVersion:
        """Return the one in force. Raises: NoVersionError, before the first."""
        if not self.found:
            raise NoVersionError("no model is active: load one with `kingpost load FOLDER`")
        return self.found[0]

    def find(self, written: str) -> ModelVersion:
        """Return the version that is meant; of one that took effect twice, the later time.

        Raises: NoVersionError.
        """
        newest = self.running
        if written == RUNNING:
            return newest
        if _NUMBER.fullmatch(written):
            return self._numbered(int(written))
        if _DIGEST.fullmatch(written):
            return self._beginning(written)
        until = self._moment(written)
        if until is None:
            raise NoVersionError(f"`{written}` is no version: {_FORMS}.")
        for item in self.found:
            if item.activated_at < until:
                return item
        first = self.found[-1].activated_at
        raise NoVersionError(
            f"no model ran at {written} yet: the first took effect at {first:%Y-%m-%d %H:%M} UTC."
        )

    def model(self, version: ModelVersion) -> Model:
        """Return the model of a version; it has no places and no scenarios."""
        return from_content(json.loads(self.contents(version.digest)))

    def before(self, version: ModelVersion) -> ModelVersion | None:
        """Return the version that was in force before another; None before the first."""
        return next((item for item in self.found if item.number == version.number - 1), None)

    def changes(self, version: ModelVersion) -> tuple[Difference, ...]:
        """Return what a version changed in the one before; nothing for the first."""
        earlier = self.before(version)
        return () if earlier is None else self.between(earlier, version)

    def between(self, before: ModelVersion, after: ModelVersion) -> tuple[Difference, ...]:
        """Return what two versions differ in."""
        return differences(self.model(before), self.model(after))

    def _numbered(self, number: int) -> ModelVersion:
        for item in self.found:
            if item.number == number:
                return item
        raise NoVersionError(f"there is no version {number}: the newest is {self.found[0].number}.")

    def _beginning(self, written: str) -> ModelVersion:
        fitting = [item for item in self.found if item.digest.startswith(written)]
        if not fitting:
            raise NoVersionError(
                f"no version begins with `{written}`: `kingpost versions` lists them all."
            )
        if len({item.digest for item in fitting}) > 1:
            known = ", ".join(f"`{item.digest[:12]}` ({item.number})" for item in fitting)
            raise NoVersionError(f"several versions begin with `{written}`: {known}. Write more.")
        return fitting[0]

    def _moment(self, written: str) -> datetime | None:
        """Return the end of a day where the company is, or right after a moment in UTC."""
        try:
            if "T" in written:
                typed = datetime.strptime(written, "%Y-%m-%dT%H:%M").replace(tzinfo=UTC)
                return typed + timedelta(minutes=1)
            day = datetime.strptime(written, "%Y-%m-%d")  # noqa: DTZ007 - given its zone below
        except ValueError:
            return None
        zone = ZoneInfo(self.model(self.running).zone)
        return (day + timedelta(days=1)).replace(tzinfo=zone)


def read_versions(database: Database, contents: Contents) -> Versions:
    """Read which versions took effect. contents: returns the canonical content of a digest."""
    with database.connection() as connection:
        found = tuple(ModelVersion(**row) for row in running.versions(connection))
    return Versions(found, contents)
