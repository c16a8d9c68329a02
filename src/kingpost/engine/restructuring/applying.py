"""Letting a change of the organisation take effect, with the version that says it."""

import json
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.restructuring.facts import Known
from kingpost.decisions.restructuring.restructure import Restructure, restructure
from kingpost.decisions.written.times import instant
from kingpost.model.custody import heir_of
from kingpost.model.model import Model
from kingpost.model.restructuring.heirs import WHOLE, Heirs, first_heir, heirs_after, parts_of
from kingpost.proof.canonical import canonical, digest
from kingpost.proof.chain import GENESIS
from kingpost.store import models
from kingpost.store.changing import reorganising as store
from kingpost.store.reading.people import clock
from kingpost.values.identity import derive

_SHOWN_MAX = 20
NOBODY_IN_PARTICULAR = "load"


class UnsettledError(Exception):
    """Something of a change of the organisation is not settled; the message says what."""


def reorganise(
    connection: Connection[DictRow],
    versions: tuple[str, str],
    before: Model,
    after: Model,
    person: str | None,
) -> None:
    """Let seats, delegations, allowances and work follow the posts of a version that takes effect.

    versions: the one before, and the one that took effect in this transaction.
    Raises: UnsettledError.
    Lock:   the rows of posts, and the appointments to those that are gone.
    """
    earlier = store.heirs(connection)
    gone = before.posts.keys() - after.posts.keys()
    is_still = not gone and not before.units.keys() - after.units.keys()
    if is_still and heirs_after(before, after, earlier) == earlier:
        models.keep_posts(connection, after.posts.values(), _firsts(earlier))
        return
    store.lock(connection, gone)
    now = clock(connection)
    found = restructure(before, after, read_known(connection, before, after, now), earlier)
    if found.blocking:
        raise UnsettledError(_words(found))
    by = person or NOBODY_IN_PARTICULAR
    store.end(connection, {each.held.id: each.to for each in found.moved}, now, by)
    for each in found.moved:
        if each.made is not None:
            store.seat(connection, each.made, now, by)
    lent = [(each.lent.id, each.to, derive(f"{each.lent.id}/{each.to}")) for each in found.relent]
    for old, to, new in lent:
        if to is not None:
            store.lend_on(connection, old, new, to, now, by)
    store.keep_heirs(connection, found.heirs)
    firsts = _firsts(found.heirs)
    store.act_as(connection, firsts)
    laid = {post: heir_of(before, after, post) for post in gone}
    models.keep_posts(connection, after.posts.values(), firsts, laid)
    position, previous = store.last(connection) or (0, GENESIS)
    body = canonical(_body(found, versions, now, previous, person))
    store.keep(connection, position + 1, now, person, body, digest(body))
    for each in found.openings:
        store.open_ledger(connection, position + 1, _entry(each))


def _firsts(heirs: Heirs) -> dict[str, str]:
    return {each.post: each.heir for each in heirs if each.first and each.role == WHOLE}


def plan_restructure(
    connection: Connection[DictRow], before: Model, after: Model, now: datetime
) -> Restructure:
    """Return what a version would do to the organisation if it took effect now."""
    known = read_known(connection, before, after, now)
    return restructure(before, after, known, store.heirs(connection))


def read_known(
    connection: Connection[DictRow], before: Model, after: Model, now: datetime
) -> Known:
    """Read what a change of the organisation is judged by."""
    gone = {name: post for name, post in before.posts.items() if name not in after.posts}
    split = [name for name in before.posts if parts_of(before, after, name)]
    heirs = {first_heir(before, after, name) for name in gone}
    parts = {part.id for name in split for part in parts_of(before, after, name)}
    ledgers = {*gone, *split, *parts, *(name for name in heirs if name is not None)}
    return Known(
        now,
        store.held(connection, now),
        store.lent(connection, now),
        store.work(connection, {name: post.roles for name, post in gone.items()}),
        store.cases(connection),
        store.used(connection, ledgers, now),
    )


def _body(
    found: Restructure,
    versions: tuple[str, str],
    now: datetime,
    previous: str,
    person: str | None,
) -> dict[str, Any]:
    """Return what is kept of a change, without anything personal but who let it take effect."""
    return {
        "format": 1,
        "prev": previous,
        "before": versions[0],
        "version": versions[1],
        "at": instant(now),
        "person": person,
        "posts": [[each.post, each.became.value, each.heir] for each in found.said.gone],
        "units": [[name, became.value, heir] for name, became, heir in found.said.units],
        "parts": [[each.post, each.part, list(each.roles)] for each in found.said.parts],
        "heirs": [
            [each.post, each.role, each.called, each.heir, each.first]
            for each in sorted(found.heirs)
        ],
        "appointments": [
            [str(each.held.id), str(each.to) if each.to else None] for each in found.moved
        ],
        "delegations": [
            [str(each.lent.id), str(derive(f"{each.lent.id}/{each.to}")) if each.to else None]
            for each in found.relent
        ],
        "allowances": [
            json.loads(json.dumps(_entry(each), default=str)) for each in found.openings
        ],
    }


def _entry(item: Any) -> list[object]:  # noqa: ANN401 - an Opening
    used = item.used
    key = [used.decision, used.field, used.per, used.since]
    return [item.post, item.source, *key, used.entries + 1, used.amount, item.counts]


def _words(found: Restructure) -> str:
    blocking = found.blocking
    shown = [f"  {each}" for each in blocking[:_SHOWN_MAX]]
    more = len(blocking) - len(shown)
    rest = [f"  and {more} more"] if more else []
    return "\n".join(["the organisation would not be whole afterwards:", *shown, *rest])
