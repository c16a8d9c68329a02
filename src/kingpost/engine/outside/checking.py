"""Look over the cases that steps of other cases begin: rows against events, from both ends."""

from collections.abc import Iterator
from uuid import UUID

from psycopg.rows import DictRow

from kingpost.engine.replay import Replayed
from kingpost.store.whole import CaseRows


def case_faults(found: CaseRows, replayed: Replayed) -> Iterator[tuple[str, str]]:
    """Each case that an event wants has one row, as far as it came; each that began had one."""
    wanted = {
        (UUID(case), UUID(item["token"]), passed.header["seq"], item["workflow"])
        for passed in replayed.events
        for item in passed.body.get("begins", ())
        for case in item["cases"]
    }
    rows = found.of("child_case")
    kept = {(row["id"], row["token"], row["seq"], row["workflow"]) for row in rows}
    if kept != wanted or len(rows) != len(wanted):
        yield "I6", "the cases that it begins are not those that its events want"
    for row in rows:
        if not _stands(row, replayed):
            yield "I6", f"a case that `{row['step']}` begins is not as far as its events say"
    yield from _parent(found, replayed)


def _stands(row: DictRow, replayed: Replayed) -> bool:
    """Tell whether a row is as far as the case that wants it, and its own case, have come."""
    token = replayed.case.tokens.get(str(row["token"]))
    told = {child.id: bool(child.state) for child in token.children} if token else {}
    is_over = told.get(str(row["id"]), True)
    if row["begun"] != row["there"] or row["over"] != is_over:
        return False
    if row["begun"]:
        return row["due"] == (not is_over and (row["closed"] or not row["ends"]))
    failed = token is not None and token.suspension is not None
    return not is_over if row["due"] else is_over or failed


def _parent(found: CaseRows, replayed: Replayed) -> Iterator[tuple[str, str]]:
    """Find a case that says of itself by which step it was begun, and was not, or the other way."""
    told = replayed.events[0].body.get("parent")
    said = (told["case"], told["task"], told["step"]) if told else None
    kept = [(str(row["parent_id"]), str(row["token"]), row["step"]) for row in found.of("begun")]
    if kept != ([] if said is None else [said]):
        yield "I6", "it was not begun by the step by which it says that it was"
