"""The company that runs: its database, and its models made ready once a process."""

import json
from collections.abc import Callable
from datetime import datetime
from threading import Lock

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.program import Program, compile_model
from kingpost.engine.restructuring.applying import reorganise
from kingpost.model.content import content, from_content
from kingpost.model.model import Model
from kingpost.proof.canonical import canonical, digest
from kingpost.store import models
from kingpost.store.due import carrying
from kingpost.store.pool import Database


class NoModelError(Exception):
    """No model is active: there is no company to run yet."""


class ModelChangedError(Exception):
    """A stored model is not the one that its version names; nothing runs on it."""


class Company:
    """A database with the models that its cases run on.

    Programs are compiled once a process and kept by digest; they never change.
    """

    def __init__(self, database: Database) -> None:
        """Serve the company in `database`, which is open."""
        self.database = database
        self._programs: dict[str, Program] = {}
        self._ran: str | None = None
        self._lock = Lock()

    def program(self, version: str) -> Program:
        """Return the program of a model version.

        Raises: KeyError, when it is not kept; ModelChangedError, when it was changed.
        """
        found = self._programs.get(version)
        if found is not None:
            return found
        with self.database.connection() as connection:
            return self.program_on(connection, version)

    def program_on(self, connection: Connection[DictRow], version: str) -> Program:
        """Return the program of a model version, read over a connection that is at hand.

        A second one of the pool might never come while everybody holds one and waits.
        """
        found = self._programs.get(version)
        if found is not None:
            return found
        with self._lock:
            if version not in self._programs:
                written = _read_content(connection, version)
                self._programs[version] = compile_model(from_content(json.loads(written)))
            return self._programs[version]

    def content(self, version: str) -> bytes:
        """Return the canonical content of a model version as it was stored.

        Raises: KeyError, when it is not kept; ModelChangedError, when it was changed.
        """
        with self.database.connection() as connection:
            return _read_content(connection, version)

    def active(self) -> Program:
        """Return the program of the model that runs now. Raises NoModelError."""
        with self.database.connection() as connection:
            return self.active_on(connection)

    def active_on(self, connection: Connection[DictRow]) -> Program:
        """Return the program of the model that runs now, read over a connection at hand."""
        found = models.active(connection)
        return self.running_on(connection, found[0] if found else None)

    def ran_at(self, at: datetime) -> Program:
        """Return the program of the version that ran at a moment; the first one before that."""
        with self.database.connection() as connection:
            rows = models.activations(connection)
            found = [row["digest"] for row in rows if row["activated_at"] <= at]
            version = found[-1] if found else next((row["digest"] for row in rows), None)
            return (
                self.running_on(connection, version)
                if version is None
                else self.program_on(connection, version)
            )

    def running_on(self, connection: Connection[DictRow], version: str | None) -> Program:
        """Return the program of the version that runs. Raises NoModelError, when none does."""
        if version is None:
            raise NoModelError("no model is active: load one with `kingpost load FOLDER`")
        self._ran = version
        return self.program_on(connection, version)

    def ran(self, workflow: str) -> bool:
        """Tell whether the version that ran when it was last asked for has such a workflow."""
        program = self._programs.get(self._ran or "")
        return program is not None and workflow in program.workflows

    def load(self, model: Model, *, person: str | None = None) -> Program:
        """Keep a checked model and let it take effect now, unless it is the one that runs.

        Cases in flight stay on the version that they are on.
        """
        version = digest(canonical(content(model)))
        with self.database.transaction() as connection:
            if models.hold_active(connection) != version:
                self.take_effect(connection, model, person, carrying.leave_all)
        return self.program(version)

    def take_effect(
        self,
        connection: Connection[DictRow],
        model: Model,
        person: str | None,
        reach: Callable[[Connection[DictRow]], object],
    ) -> None:
        """Keep a model and let it take effect in a transaction that has `models.hold_active`.

        reach: says what becomes of live cases. It comes before the posts, since commands too take
               hold of a case first and of a post afterwards.
        Raises: UnsettledError, when something of the organisation would not be whole.
        """
        kept = canonical(content(model))
        version, found = digest(kept), models.active(connection)
        models.keep_version(connection, version, model.company, kept)
        models.activate(connection, version, person)
        reach(connection)
        if found is None:
            models.keep_posts(connection, model.posts.values())
            return
        before = self.program_on(connection, found[0]).model
        reorganise(connection, (found[0], version), before, model, person)


def _read_content(connection: Connection[DictRow], version: str) -> bytes:
    written = models.read_content(connection, version)
    if written is None:
        raise KeyError(version)
    if digest(written) != version:
        raise ModelChangedError(
            f"the stored model {version} does not match its version: "
            "it was changed in the database; restore it from a backup"
        )
    return written
