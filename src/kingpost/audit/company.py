"""The models by which cases run, as their stored content says them."""

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from operator import itemgetter
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.audit.folding import Standing
from kingpost.expressions import Compiled, YesNoType, compile_expression
from kingpost.model.content import from_content
from kingpost.model.custody import heir_of
from kingpost.model.model import Model
from kingpost.model.records.values import to_value
from kingpost.model.ruling.book import RuleBook
from kingpost.model.scope import CHANGED, ENTERED, STATE, case_scope, put
from kingpost.model.workflow import Step, Workflow
from kingpost.store import whole
from kingpost.values.business_time import Calendar

_KEPT_MAX = 64


class NoSuchModelError(Exception):
    """A case runs on a model that is not there as it was."""


class Declared:
    """One model, with what its conditions say about a case as it stands."""

    def __init__(self, content: bytes) -> None:
        """Read the model of some content. Raises ValueError, when it is of another format."""
        self.model: Model = from_content(json.loads(content))
        self._book = RuleBook(self.model)
        self._conditions: dict[tuple[str, str], Compiled | None] = {}

    def workflow(self, name: str) -> Workflow:
        """Return a workflow."""
        return self.model.workflows[name]

    def step(self, workflow: str, name: str) -> Step:
        """Return a step of a workflow, or what an exception opens besides. Raises KeyError."""
        step = self.model.workflows[workflow].work(name)
        if step is None:
            raise KeyError(name)
        return step

    def carriers(self, role: str) -> frozenset[str]:
        """Return the posts that carry a role."""
        return frozenset(name for name, post in self.model.posts.items() if role in post.roles)

    def upwards(self, post: str) -> tuple[str, ...]:
        """Return a post and those above it."""
        return (post, *self.model.superiors(post))

    def calendar(self, name: str) -> Calendar:
        """Return a calendar; the empty name is plain time."""
        return self.model.calendars[name] if name else Calendar("", "UTC")

    def calendar_of(self, post: str) -> Calendar:
        """Return the calendar of the unit in which a post stands."""
        return self.model.calendars[self.model.units[self.model.posts[post].unit].calendar]

    def holds(self, workflow: str, text: str | None, now: Standing) -> bool:
        """Tell whether a condition is true of a case as it stands; none always is."""
        if text is None:
            return True
        condition = self._condition(workflow, text)
        return condition is not None and condition.require(self._values(workflow, now)) is True

    def _condition(self, workflow: str, text: str) -> Compiled | None:
        key = (workflow, text)
        if key not in self._conditions:
            scope = {
                **self._book.rules.called(),
                **case_scope(self.model, self.workflow(workflow)),
            }
            made = compile_expression(text, scope, YesNoType())
            self._conditions[key] = made if isinstance(made, Compiled) else None
        return self._conditions[key]

    def _values(self, workflow: str, now: Standing) -> Mapping[str, Any]:
        declared = self.workflow(workflow)
        about = self.model.objects[declared.object]
        record: dict[str, Any] = {}
        entered: dict[str, Any] = {}
        changed: dict[str, Any] = {}
        for field in about.fields:
            put(record, field.id, to_value(field, now.fields.get(field.id)))
            put(changed, field.id, Decimal(now.changed.get(field.id, 0)))
        for step in declared.all_steps():
            put(entered, step.id, Decimal(now.entered.get(step.id, 0)))
        record[STATE] = now.state
        return {**self._book.functions, about.id: record, ENTERED: entered, CHANGED: changed}


class Models:
    """The models in the database, each read when a case first needs it."""

    def __init__(self, connection: Connection[DictRow]) -> None:
        """Read over a connection that sees one moment."""
        self._connection = connection
        self.declared = lru_cache(maxsize=_KEPT_MAX)(self._read)
        rows = connection.execute(
            "SELECT activated_at, digest FROM activation ORDER BY activated_at, position"
        ).fetchall()
        self._ran = [(row["activated_at"], row["digest"]) for row in rows]

    def answered_for_by(self, post: str, at: datetime) -> str | None:
        """Return the post that answered for the agent in a post, by the model that ran then."""
        ran = bisect_right(self._ran, at, key=itemgetter(0))
        try:
            declared = self.declared(self._ran[ran - 1][1]).model.posts.get(post) if ran else None
        except NoSuchModelError:
            return None  # Which `faults` tells, once.
        return declared.answered_for_by if declared is not None else None

    def heir(self, post: str, at: datetime) -> str:
        """Return the post to which what was laid on one went, that the model of then had not."""
        heir, known, before = post, False, None
        for _, digest in self._ran[: bisect_right(self._ran, at, key=itemgetter(0))]:
            try:
                model = self.declared(digest).model
            except NoSuchModelError:
                continue  # Which `faults` tells, once.
            if post in model.posts:
                heir, known = post, True
            elif known and before is not None and heir not in model.posts:
                heir = heir_of(before, model, heir)
            before = model
        return heir

    def faults(self) -> Iterator[tuple[str, str, str]]:
        """Yield models that were changed, and those that took effect and are not there."""
        for version, content in whole.all_models(self._connection):
            if sha256(content).hexdigest() != version:
                yield "I15", f"model {version}", "its content was changed"
        rows = self._connection.execute(
            """
            SELECT digest FROM activation
             WHERE NOT EXISTS (SELECT FROM model_version WHERE digest = activation.digest)
            """
        )
        for row in rows.fetchall():
            yield "I15", f"model {row['digest']}", "it took effect and is not there"
        moment = max((at for at, _ in self._ran), default=None)
        for row in self._connection.execute("SELECT post, heir FROM post_heir").fetchall():
            if moment is None or self.heir(row["post"], moment) != row["heir"]:
                words = f"`{row['heir']}` is not what became of it"
                yield "I15", f"post {row['post']}", words

    def _read(self, version: str) -> Declared:
        row = self._connection.execute(
            "SELECT content FROM model_version WHERE digest = %s", [version]
        ).fetchone()
        if row is None or sha256(row["content"]).hexdigest() != version:
            raise NoSuchModelError("the model that it runs on is not there as it was")
        return Declared(row["content"])
