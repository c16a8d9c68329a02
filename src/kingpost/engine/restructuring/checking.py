"""Look over the changes of the organisation: their chain, and what follows from the versions."""

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from operator import itemgetter
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.written.times import read_instant
from kingpost.engine.fault import Fault
from kingpost.model.model import Model
from kingpost.model.restructuring.heirs import NOBODY, Heir, Heirs, heirs_after
from kingpost.proof.canonical import digest
from kingpost.proof.chain import GENESIS
from kingpost.store import models, whole
from kingpost.store.changing import reorganising as store


@dataclass(frozen=True, slots=True)
class Known:
    """Who acted for the posts of earlier versions, since when."""

    since: tuple[tuple[datetime, Heirs], ...]

    def acted_for(self, post: str, heir: str, at: datetime) -> bool:
        """Tell whether a post had taken over something of another one at a moment."""
        found = bisect_right(self.since, at, key=itemgetter(0))
        heirs = self.since[found - 1][1] if found else NOBODY
        return any((item.post, item.heir) == (post, heir) for item in heirs)


def read_changes(connection: Connection[DictRow]) -> Known:
    """Read who acted for the posts of earlier versions, as the changes say it."""
    bodies = [json.loads(row["body"]) for row in store.every(connection)]
    return Known(tuple((read_instant(body["at"]), _heirs(body)) for body in bodies))


def restructuring_faults(
    connection: Connection[DictRow], model_of: Callable[[str], Model | None]
) -> Iterator[Fault]:
    """Yield what is wrong with the changes of the organisation, or is missing of them.

    model_of: a version; None when it is not there as it was.
    """
    known, previous = NOBODY, GENESIS
    rows = {row["activation"]: row for row in whole.all_reorganisations(connection)}
    for before, after in pairwise(models.reorganised(connection)):
        if not after["reorganised"]:
            continue
        old, new = model_of(before["digest"]), model_of(after["digest"])
        if old is None or new is None:
            return  # Which is told of the models themselves.
        expected = heirs_after(old, new, known)
        row = rows.pop(after["position"], None)
        if row is not None:
            digests = (before["digest"], after["digest"])
            place = f"reorganisation {row['position']}"
            faults = _noted_faults(row, digests, previous, expected)
            yield from (Fault("I17", place, words) for words in faults)
            known, previous = expected, row["hash"]
        elif expected != known or old.posts.keys() - new.posts.keys():
            yield Fault("I17", f"version {after['digest']}", "its posts changed, unnoted")
    for row in rows.values():
        yield Fault("I17", f"reorganisation {row['position']}", "no version took effect with it")
    if store.heirs(connection) != known:
        yield Fault("I17", "posts", "who acts for earlier posts is not what the versions say")


def _noted_faults(
    row: DictRow, digests: tuple[str, str], previous: str, expected: Heirs
) -> Iterator[str]:
    if digest(row["body"]) != row["hash"]:
        yield "its content was changed"
        return
    body = json.loads(row["body"])
    if body["prev"] != previous:
        yield "it does not follow the one before it"
    if (body["before"], body["version"]) != digests:
        yield "it is of other versions than took effect"
    if _heirs(body) != expected:
        yield "the versions say otherwise who takes over"


def _heirs(body: dict[str, Any]) -> Heirs:
    return frozenset(Heir(*item) for item in body["heirs"])
