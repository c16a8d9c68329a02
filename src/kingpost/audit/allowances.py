"""What is used of the allowances of posts: added up again, from the events and from the ledgers."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.audit.organising.changes import Changes
from kingpost.audit.rights import Act
from kingpost.audit.telling import Found, Members, Told
from kingpost.model.organisation import Allowance, Grant
from kingpost.store import whole
from kingpost.store.whole import CaseRows

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def allowance_faults(act: Act, changes: Changes) -> Iterator[str]:
    """Yield what is wrong with what a live decision says that it uses up.

    changes: of the organisation; what an earlier post uses up counts with its heir.
    """
    event = act.event
    by = act.decided_by
    if not event.is_live or by is None:
        return
    said: Members | None = event.body.get("allowance")
    grants = [grant for grant in _grants(act, by.post) if grant.when == by.grant]
    if said is None:
        if grants and all(grant.allowance is not None for grant in grants):
            yield f"`{by.post}` decides within an allowance, and nothing says what it uses up"
        return
    bounds = [grant.allowance for grant in grants if grant.allowance is not None]
    bound = next((each for each in bounds if _is_of(each, said)), None)
    if bound is None or said["post"] != changes.first(by.post, event.recorded):
        yield f"`{by.post}` has no such allowance as it says"
        return
    yield from _sum_faults(act, bound, said)
    if date.fromisoformat(said["since"]) != _since(act, by.post, bound):
        yield f"it counts from {said['since']}, where no {bound.per} begins"


def _sum_faults(act: Act, bound: Allowance, said: Members) -> Iterator[str]:
    value = _money(act.judged.fields.get(bound.of))
    if _money(said["counts"]) != max(value, Decimal(0)):
        yield f"it counts for {said['counts']}, and `{bound.of}` was {value}"
    before, counts, after = (_money(said[name]) for name in ("before", "counts", "after"))
    if before + counts != after:
        yield f"{said['before']} and {said['counts']} do not come to {said['after']}"
    elif after > bound.at_most:
        yield f"it brings `{said['post']}` to {said['after']}, beyond {said['at-most']}"


def _grants(act: Act, post: str) -> tuple[Grant, ...]:
    step = act.step
    assert step is not None, "a decision has a step"
    return tuple(
        grant
        for grant in act.declared.model.posts[post].authority
        if (grant.workflow, grant.step) == (act.workflow.id, step.id)
        and act.event.body.get("choice") in grant.outcomes
    )


def _is_of(bound: Allowance, said: Members) -> bool:
    most = _money(said["at-most"])
    named = (bound.of, bound.per.value, bound.at_most, bound.currency)
    return named == (said["of"], said["per"], most, str(said["at-most"]).rpartition(" ")[2])


def _since(act: Act, post: str, bound: Allowance) -> date:
    """Return the first day of the period, on the clocks of the unit in which the post stands."""
    zone = act.declared.calendar_of(post).zone
    day = act.event.at.astimezone(ZoneInfo(zone)).date()
    if bound.per.value in _MONTHS:
        months = _MONTHS[bound.per.value]
        return date(day.year, (day.month - 1) // months * months + 1, 1)
    return day - timedelta(days=day.weekday() if bound.per.value == "week" else 0)


def _money(written: object) -> Decimal:
    """Return the number of an amount; nothing for what is empty."""
    return Decimal(str(written).partition(" ")[0]) if written else Decimal(0)


def ledger_faults(rows: CaseRows, told: list[Told]) -> Found:
    """Each decision that uses up an allowance is one entry of its ledger, and no other is."""
    flow = told[0].header["workflow"]
    expected = [
        (
            event.seq,
            said["post"],
            f"{flow}/{event.body['step']}",
            said["of"],
            said["per"],
            date.fromisoformat(said["since"]),
            said["entry"],
            _money(said["before"]),
            _money(said["counts"]),
        )
        for event in told
        if (said := event.body.get("allowance")) is not None
    ]
    if [_entry(row) for row in rows.of("allowance_use")] != expected:
        yield "I7", "what it uses up of allowances is not what its events say"


def _entry(row: DictRow) -> tuple[object, ...]:
    names = ("seq", "post", "decision", "field", "per", "since", "entry", "before", "counts")
    return tuple(row[name] for name in names)


def ledgers_faults(connection: Connection[DictRow]) -> Iterator[tuple[str, str, str]]:
    """Yield the ledgers whose entries do not follow each other, each from what the last came to."""
    key: tuple[object, ...] = ()
    entries, amount, told = 0, Decimal(0), False
    for row in whole.all_uses(connection):
        names = ("post", "decision", "field", "per", "since")
        here = tuple(row[name] for name in names)
        if here != key:
            key, entries, amount, told = here, 0, Decimal(0), False
        if not told and (row["entry"], row["before"]) != (entries + 1, amount):
            told = True
            words = f"entry {entries + 1} since {row['since']} does not follow the one before it"
            yield "I7", f"allowance of {row['post']} for {row['decision']}", words
        entries, amount = row["entry"], row["before"] + row["counts"]
