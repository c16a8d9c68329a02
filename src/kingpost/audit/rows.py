"""The rows of a case beside its fold: its own, open work, calls, keys, and what is counted."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from psycopg.rows import DictRow

from kingpost.audit.company import Declared
from kingpost.audit.duties import used_ms
from kingpost.audit.folding import Standing
from kingpost.audit.notices import told_of
from kingpost.audit.pending.reviews import reviews_of
from kingpost.audit.pending.waiting import waiting_of
from kingpost.audit.telling import Found, Members, Told
from kingpost.model.workflow import OPEN_WORK, Decision, Step, Task, Wait, Workflow
from kingpost.store.whole import CaseRows

# So long after its time something that nobody did has been left lying.
OVERDUE = timedelta(minutes=10)


def case_faults(rows: CaseRows, told: list[Told], now: Standing) -> Found:
    """Compare the row of the case with its fold."""
    row, first, last = rows.of("case_file")[0], told[0], told[-1]
    expected = {
        "version": len(told),
        "head": last.hash,
        "number": first.body.get("number"),
        "workflow": first.header["workflow"],
        "model": now.model,
        "state": now.state,
        "state_since": now.state_since,
        "started_at": first.at,
        "closed_at": now.closed_at,
        "fields": now.fields,
        "position": now.position(),
    }
    for name, value in expected.items():
        if row[name] != value:
            yield "I3", f"`{name}` of the case is not what its events give"
    if any(each.header["workflow"] != row["workflow"] for each in told):
        yield "I15", "an event is about another workflow"


def work_faults(
    declared: Declared, workflow: Workflow, rows: CaseRows, told: list[Told], now: Standing
) -> Found:
    """Compare open work with where the case stands, and look that each can be done by somebody."""
    steps = {name: declared.step(workflow.id, token["step"]) for name, token in now.tokens.items()}
    expected = {
        name: _work(declared, workflow, now, name, step)
        for name, step in steps.items()
        if isinstance(step, OPEN_WORK)
    }
    whole = expected | reviews_of(declared, workflow.id, now)
    whole |= waiting_of(declared, workflow.id, rows.case, told, now)
    yield from _compared({str(row["id"]): row for row in rows.of("task")}, whole)
    if now.closed_at is None and not expected:
        yield "I9", "the case is open and nothing in it is"
    if now.closed_at is not None and now.tokens:
        yield "I9", "the case is closed and something in it is open"
    for name, step in steps.items():
        if isinstance(step, Task | Decision):
            yield from _addressed(declared, step, now.tokens[name].get("post"))


def _compared(kept: dict[str, DictRow], expected: dict[str, dict[str, object]]) -> Found:
    for name in sorted(expected.keys() | kept.keys()):
        if name not in expected:
            yield "I3", f"the open work `{kept[name]['step']}` is not where the case stands"
        elif name not in kept:
            yield "I3", f"the case stands at `{expected[name]['step']}`, which is no open work"
        else:
            differ = [
                column for column, value in expected[name].items() if kept[name][column] != value
            ]
            if differ:
                yield (
                    "I3",
                    f"`{differ[0]}` of the open work `{kept[name]['step']}` is not as it was",
                )


def _work(
    declared: Declared, workflow: Workflow, now: Standing, name: str, step: Step
) -> dict[str, object]:
    token = now.tokens[name]
    clock, limit = token.get("clock"), token.get("limit")
    touched = now.touched[name]
    return {
        "workflow": workflow.id,
        "step": step.id,
        "kind": type(step).__name__.lower(),
        "role": step.role if isinstance(step, Task | Decision | Wait) else "",
        "post": token.get("post"),
        "person": token.get("person"),
        "opened_at": datetime.fromisoformat(token["since"]),
        "due_at": _runs_out(declared, clock),
        "budget_ms": clock["budget-ms"] if clock else None,
        "spent_ms": used_ms(clock, touched, declared.calendar(clock["calendar"]))
        if clock
        else None,
        "suspended": token["suspension"]["exception"] if "suspension" in token else None,
        "limit_at": _runs_out(declared, limit),
        "told": told_of(now, token),
        "ends_at": _first_end(declared, now, token),
    }


def _first_end(declared: Declared, now: Standing, token: Members) -> datetime | None:
    """Return when the first term of a token, or of a block around it, is over."""
    found = _runs_out(declared, token.get("clock"))
    if (around := token.get("parent")) is None:
        return found
    wider = _first_end(declared, now, now.tokens[around])
    return min(end for end in (found, wider) if end) if found or wider else None


def _runs_out(declared: Declared, clock: Members | None) -> datetime | None:
    if clock is None or clock["since"] is None:
        return None
    left = max(0, clock["budget-ms"] - clock["consumed-ms"]) / 1000
    return declared.calendar(clock["calendar"]).add(datetime.fromisoformat(clock["since"]), left)


def _addressed(declared: Declared, step: Task | Decision, post: str | None) -> Found:
    if post is not None and post not in declared.model.posts:
        yield "I9", f"`{step.id}` is addressed to `{post}`, which is no post"
        return
    carriers = declared.carriers(step.role)
    if not carriers.intersection(declared.upwards(post) if post else carriers):
        yield "I9", f"`{step.id}` is addressed to nobody who may do it"


def timer_faults(rows: CaseRows, moment: datetime) -> Found:
    """Yield waits and calls whose time came long ago, and that nobody has attended to."""
    for row in rows.of("task"):
        over: datetime | None = None if row["suspended"] else row["limit_at"]
        if over is not None and over < moment - OVERDUE:
            yield "I10", f"the wait `{row['step']}` was over at {_words(over)}"
    for row in rows.of("outbox"):
        if row["due"] and row["next_at"] < moment - OVERDUE:
            yield "I10", f"the call `{row['step']}` was to be made at {_words(row['next_at'])}"

    for row in rows.of("child_case"):
        if row["due"] and row["next_at"] < moment - OVERDUE:
            yield "I10", f"a case of `{row['step']}` was to be seen to at {_words(row['next_at'])}"


def expiry_faults(declared: Declared, before: Standing, event: Told) -> Iterator[str]:
    """Yield a wait that was ended before its time."""
    token = before.tokens.get(event.body.get("task", ""), {})
    if event.kind == "expired":
        limit = _runs_out(declared, token.get("limit"))
        if limit is None or event.at < limit:
            yield f"the wait `{token.get('step')}` ended before its time"


def call_faults(rows: CaseRows, told: list[Told], now: Standing) -> Found:
    """Each call that an event asks for lies in the outbox, and no other, as far as it has come."""
    asked = sorted(
        (UUID(call["token"]), event.seq, call["interface"])
        for event in told
        for call in event.body.get("asked", ())
    )
    if sorted((row["id"], row["seq"], row["interface"]) for row in rows.of("outbox")) != asked:
        yield "I6", "its calls are not those that its events ask for"
    for row in rows.of("outbox"):
        token = now.tokens.get(str(row["id"]))
        failed = token is not None and "suspension" in token
        if (row["open"], row["failed"]) != (token is not None, failed):
            yield "I6", f"the call `{row['step']}` is not as far as its events say"
        elif row["due"] != (token is not None and not failed):
            yield "I6", f"nobody will make the call `{row['step']}`, or somebody will for nothing"


def key_faults(rows: CaseRows, told: list[Told]) -> Found:
    """Each event has one key, and each key one event."""
    kept = sorted((row["seq"], row["fingerprint"] == "import") for row in rows.of("command"))
    if kept != [(event.seq, not event.is_live) for event in told]:
        yield "I5", "its commands are not one for each of its events"


def counted_faults(rows: CaseRows, told: list[Told], now: Standing) -> Found:
    """Compare stays, obligations and measurements with what the events tell."""
    flow = told[0].header["workflow"]
    stays = sorted((flow, *stay) for stay in now.stays)
    if sorted(map(_stay, rows.of("visit"))) != stays:
        yield "I3", "its stays are not those that its events tell"
    duties = {
        row["obligation"]: (row["status"], row["due_at"], row["since"], row["seq"])
        for row in rows.of("duty")
        if row["workflow"] == flow
    }
    if duties != now.duties or len(duties) != len(rows.of("duty")):
        yield "I3", "its obligations are not those that its events tell"
    measured = sorted(
        (event.seq, item["metric"], item["value"], event.at)
        for event in told
        for item in event.body.get("measured", ())
    )
    kept = sorted(
        (row["seq"], row["metric"], row["value"], row["at"]) for row in rows.of("measurement")
    )
    if kept != measured:
        yield "I3", "its measurements are not those that its events tell"


def _stay(row: DictRow) -> tuple[str, str, str, datetime, datetime, str]:
    return (row["workflow"], row["kind"], row["name"], row["since"], row["until"], row["how"])


def _words(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
