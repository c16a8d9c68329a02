"""The company that runs: its database, and its models made ready once a process."""

import json
from threading import Lock

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.program import Program, compile_model
from kingpost.model.content import content, from_content, version
from kingpost.model.model import Model
from kingpost.proof.canonical import canonical
from kingpost.store import models
from kingpost.store.pool import Database


class NoModelError(Exception):
    """No model is active: there is no company to run yet."""


class Company:
    """A database with the models that its cases run on.

    Programs are compiled once a process and kept by digest; they never change.
    """

    def __init__(self, database: Database) -> None:
        """Serve the company in `database`, which is open."""
        self.database = database
        self._programs: dict[str, Program] = {}
        self._lock = Lock()

    def program(self, digest: str) -> Program:
        """Return the program of a model version. Raises KeyError when it is not kept."""
        found = self._programs.get(digest)
        if found is not None:
            return found
        with self.database.connection() as connection:
            return self.program_on(connection, digest)

    def program_on(self, connection: Connection[DictRow], digest: str) -> Program:
        """Return the program of a model version, read over a connection that is at hand.

        A second one of the pool might never come while everybody holds one and waits.
        """
        found = self._programs.get(digest)
        if found is not None:
            return found
        with self._lock:
            if digest not in self._programs:
                written = models.read_content(connection, digest)
                if written is None:
                    raise KeyError(digest)
                self._programs[digest] = compile_model(from_content(json.loads(written)))
            return self._programs[digest]

    def active(self) -> Program:
        """Return the program of the model that runs now. Raises NoModelError."""
        with self.database.connection() as connection:
            return self.active_on(connection)

    def active_on(self, connection: Connection[DictRow]) -> Program:
        """Return the program of the model that runs now, read over a connection at hand."""
        found = models.active(connection)
        if found is None:
            raise NoModelError("no model is active: load one with `kingpost load FOLDER`")
        return self.program_on(connection, found[0])

    def load(self, model: Model, *, person: str | None = None) -> Program:
        """Keep a checked model and let it take effect now, unless it is the one that runs.

        Cases in flight stay on the version that they began on.
        """
        digest, kept = version(model), canonical(content(model))
        seats = {post.id: post.seats for post in model.posts.values()}
        with self.database.transaction() as connection:
            running = models.active(connection)
            if running is None or running[0] != digest:
                models.keep_version(connection, digest, model.company, kept)
                models.activate(connection, digest, seats, person)
        return self.program(digest)
