"""Cases that steps of other cases begin: their rows beside the events of both."""

from psycopg.rows import DictRow

from kingpost.audit.folding import Standing
from kingpost.audit.telling import Found, Told
from kingpost.store.whole import CaseRows


def chain_of_cases_faults(rows: CaseRows, told: list[Told], now: Standing) -> Found:
    """Each case that an event wants has one row, as far as it came; each that began had one."""
    wanted = sorted(
        (case, item["token"], event.seq, item["workflow"])
        for event in told
        for item in event.body.get("begins", ())
        for case in item["cases"]
    )
    kept = sorted(
        (str(row["id"]), str(row["token"]), row["seq"], row["workflow"])
        for row in rows.of("child_case")
    )
    if kept != wanted:
        yield "I6", "the cases that it begins are not those that its events want"
    for row in rows.of("child_case"):
        yield from _row_faults(row, now)
    parent = told[0].body.get("parent")
    said = [(parent["case"], parent["task"], parent["step"])] if parent else []
    by = [(str(row["parent_id"]), str(row["token"]), row["step"]) for row in rows.of("begun")]
    if by != said:
        yield "I6", "it was not begun by the step by which it says that it was"


def _row_faults(row: DictRow, now: Standing) -> Found:
    token = now.tokens.get(str(row["token"]), {})
    waiting = any(
        child["case"] == str(row["id"]) and "state" not in child
        for child in token.get("children", ())
    )
    if row["over"] is waiting or row["begun"] is not row["there"]:
        yield "I6", f"a case that `{row['step']}` begins is not as far as its events say"
    elif row["begun"]:
        if row["due"] is not (waiting and (row["closed"] or not row["ends"])):
            yield "I6", f"nobody will tell `{row['step']}` of its case, or somebody for nothing"
    elif row["due"] is not waiting and not (waiting and "suspension" in token):
        yield "I6", f"nobody will begin a case of `{row['step']}`, or somebody will for nothing"
