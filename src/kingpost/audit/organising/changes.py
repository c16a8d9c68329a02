"""The changes of the organisation, each held against the versions, the register and the ledgers."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.audit.company import Models, NoSuchModelError
from kingpost.audit.organising.taking_over import Acting, acting, successor
from kingpost.audit.telling import Members
from kingpost.model.model import Model
from kingpost.store import whole

_FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Changes:
    """Who acted for earlier posts since when, by what the changes say.

    since: the moment; pairs of a post and an earlier one for which it acts; and, by earlier post,
           who does so in the first place. moved: by moment, how appointments went on.
    """

    since: tuple[tuple[datetime, frozenset[tuple[str, str]], Mapping[str, str]], ...]
    moved: tuple[tuple[datetime, Mapping[str, str | None]], ...] = ()

    def went_on(self, right: str, at: datetime) -> str:
        """Return the appointment by which the holder of another one went on until a moment."""
        for since, moved in self.moved:
            if since <= at:
                right = moved.get(right) or right
        return right

    def acted_for(self, post: str, other: str, at: datetime) -> bool:
        """Tell whether a post acted for another one at a moment."""
        known = [pairs for since, pairs, _ in self.since if since <= at]
        return bool(known) and (post, other) in known[-1]

    def first(self, post: str, at: datetime) -> str:
        """Return who acted at a moment for a post in the first place: mostly itself."""
        known = [firsts for since, _, firsts in self.since if since <= at]
        return known[-1].get(post, post) if known else post


def read(connection: Connection[DictRow]) -> Changes:
    """Read what the changes say."""
    told = [json.loads(row["body"]) for row in whole.all_reorganisations(connection)]
    return Changes(
        tuple(
            (
                datetime.fromisoformat(body["at"]),
                frozenset((it[3], it[0]) for it in body["heirs"]),
                {it[0]: it[3] for it in body["heirs"] if it[4] and not it[1]},
            )
            for body in told
        ),
        tuple((datetime.fromisoformat(body["at"]), dict(body["appointments"])) for body in told),
    )


def change_faults(
    connection: Connection[DictRow], models: Models
) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the changes of the organisation."""
    try:
        yield from _Walk(connection, models).faults()
    except NoSuchModelError:
        return  # Which `Models.faults` tells, once.
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        yield "I17", "reorganisations", f"they do not read: {type(error).__name__}: {error}"


class _Walk:
    """Goes through the versions that took effect, and what is noted of each."""

    def __init__(self, connection: Connection[DictRow], models: Models) -> None:
        """Read what is noted."""
        self._connection, self._models = connection, models
        rows = whole.all_reorganisations(connection)
        self._noted = {row["activation"]: row for row in rows}
        self._register = _Register(connection)
        self._versions: list[Model] = []
        self._previous, self._known = _FIRST, Acting()

    def faults(self) -> Iterator[tuple[str, str, str]]:
        took = self._connection.execute(
            "SELECT position, digest, reorganised FROM activation ORDER BY position"
        ).fetchall()
        for row in took:
            model = self._models.declared(row["digest"]).model
            # What took effect before this was noted counts for nothing but the version before.
            self._versions = [*self._versions, model] if row["reorganised"] else [model]
            noted = self._noted.pop(row["position"], None)
            if noted is not None:
                place = f"reorganisation {noted['position']}"
                yield from (("I17", place, words) for words in self._noted_faults(row, noted))
            elif len(self._versions) > 1 and self._is_changed(model):
                yield "I17", f"version {row['digest']}", "posts changed with it, and nothing tells"
        for left in self._noted.values():
            yield "I17", f"reorganisation {left['position']}", "no version took effect with it"
        yield from _table_faults(self._connection, self._known)

    def _is_changed(self, model: Model) -> bool:
        return acting(self._versions) != self._known or _lost(self._versions[-2], model)

    def _noted_faults(self, row: DictRow, noted: DictRow) -> Iterator[str]:
        body = json.loads(noted["body"])
        if sha256(noted["body"]).hexdigest() != noted["hash"] or body["prev"] != self._previous:
            yield "it is not what follows the one before"
        self._previous = noted["hash"]
        if body["version"] != row["digest"] or not self._versions[:-1]:
            yield "it says another version than took effect"
            return
        self._known = acting(self._versions)
        if _said(body) != self._known:
            yield "by the versions other posts act for those before"
        two = self._versions[-2:]
        yield from self._register.faults(noted["position"], body, *two)


def _lost(old: Model, new: Model) -> bool:
    return bool(old.posts.keys() - new.posts.keys())


def _said(body: Members) -> Mapping[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], set[str]] = {}
    for post, role, _, heir, _ in body["heirs"]:
        found.setdefault((post, role), set()).add(heir)
    return {key: tuple(sorted(names)) for key, names in found.items()}


def _table_faults(
    connection: Connection[DictRow], known: Mapping[tuple[str, str], tuple[str, ...]]
) -> Iterator[tuple[str, str, str]]:
    rows = connection.execute("SELECT post, role, heir FROM post_taken").fetchall()
    found = {(row["post"], row["role"], row["heir"]) for row in rows}
    if found != {(*key, name) for key, names in known.items() for name in names}:
        yield "I17", "posts", "other posts act for earlier ones than the versions say"


class _Register:
    """What the register and the ledgers say of what went over."""

    def __init__(self, connection: Connection[DictRow]) -> None:
        """Read them whole: they hold people, not cases."""
        self._held = self._rows(
            connection,
            """
            SELECT id, person, post, kind, recorded_at, lower(during) AS start,
                   upper(during) AS stop, isempty(during) AS withdrawn FROM appointment
            """,
        )
        self._lent = self._rows(
            connection,
            """
            SELECT id, appointment, person, workflows, outcomes, condition, reason,
                   upper(wished) AS until, upper(during) AS stop, isempty(during) AS withdrawn
              FROM delegation
            """,
        )
        uses = whole.all_uses(connection)
        self._used = sorted((row for row in uses if row["reorganisation"] is not None), key=_entry)

    @staticmethod
    def _rows(connection: Connection[DictRow], query: Any) -> dict[str, DictRow]:  # noqa: ANN401 - SQL
        return {str(row["id"]): row for row in connection.execute(query).fetchall()}

    def faults(self, position: int, body: Members, old: Model, new: Model) -> Iterator[str]:
        """Yield what was not done as a change says, or done otherwise than its version says."""
        at = datetime.fromisoformat(body["at"])
        gone = old.posts.keys() - new.posts.keys()
        moved = dict(body["appointments"])
        for name, row in self._held.items():
            if row["post"] in gone and not row["withdrawn"] and row["recorded_at"] < at:
                stop = row["stop"]
                if name not in moved and (stop is None or stop > at):
                    yield f"the appointment {name} to `{row['post']}` went on"
        for name, to in body["appointments"]:
            yield from self._moved(name, to, at, old, new)
        for name, to in body["delegations"]:
            yield from self._relent(name, to, at)
        entries = [_entry(row) for row in self._used if row["reorganisation"] == position]
        if entries != sorted([str(part) for part in each] for each in body["allowances"]):
            yield "what ledgers took over is not what it says"

    def _moved(
        self, name: str, to: str | None, at: datetime, old: Model, new: Model
    ) -> Iterator[str]:
        row = self._held.get(name)
        if row is None or not (row["withdrawn"] or row["stop"] == at):
            yield f"the appointment {name} did not end then"
            return
        heir = successor(old, new, row["post"])
        if to is None:
            if heir is not None and row["post"] not in new.posts[heir].takes_over:
                yield f"whoever held `{row['post']}` by {name} did not come along to `{heir}`"
            return
        after = self._held.get(to)
        if after is None or (after["person"], after["post"]) != (row["person"], heir):
            yield f"the appointment {name} goes on as another person's, or in another post"
        elif (after["kind"] == "agent") != (row["kind"] == "agent"):
            yield f"the appointment {name} goes on as one of another kind"

    def _relent(self, name: str, to: str | None, at: datetime) -> Iterator[str]:
        row = self._lent.get(name)
        if row is None or not (row["withdrawn"] or row["stop"] == at):
            yield f"the delegation {name} did not end then"
            return
        after = self._lent.get(to or "")
        if to is None or after is None:
            return  # What ended gives nobody anything.
        same = ("person", "workflows", "outcomes", "condition", "reason")
        if any(row[each] != after[each] for each in same) or after["until"] > row["until"]:
            yield f"the delegation {name} goes on as more than it was"
        if (
            self._held[str(row["appointment"])]["person"]
            != (self._held[str(after["appointment"])]["person"])
        ):
            yield f"the delegation {name} goes on as one of another giver"


def _entry(row: DictRow) -> list[str]:
    names = ("post", "source", "decision", "field", "per", "since", "entry", "before", "counts")
    return [str(row[name]) for name in names]
