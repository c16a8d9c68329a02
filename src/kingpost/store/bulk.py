"""Histories written many at a time: the same rows that `record` writes, by COPY."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, TypeAlias
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import DictRow

from kingpost.decisions.case import Case
from kingpost.decisions.transition import CallNews, Transition
from kingpost.store.recording.news import call_row, write_position

_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode

Values: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class History:
    """A case with everything that happened in it, from its beginning.

    transitions: in order, each with the key of the command that led to it.
    recorded:    when it is written down.
    """

    case: Case
    transitions: Sequence[tuple[UUID, Transition]]
    recorded: datetime


@dataclass(frozen=True, slots=True)
class DeviationRow:
    """Something that a log says and the model does not allow; as the table has it."""

    line: int
    part: int
    number: str
    at: datetime | None
    kind: str
    reason: str
    row: Mapping[str, str]


def provide_months(connection: Connection[DictRow], starts: Iterable[datetime]) -> None:
    """Provide the partitions of history for cases that start at these times."""
    for month in sorted({start.date().replace(day=1) for start in starts}):
        connection.execute("SELECT provide_event_month(%s)", [month])


def write_histories(connection: Connection[DictRow], histories: Sequence[History]) -> None:
    """Write cases that are not there yet; the caller's transaction makes it all or nothing."""
    for table, columns, rows in _TABLES:
        _copy(connection, table, columns, (row for item in histories for row in rows(item)))


def write_deviations(
    connection: Connection[DictRow], run: UUID, deviations: Iterable[DeviationRow]
) -> None:
    """Write what deviated in an import."""
    rows = (
        (
            run,
            item.line,
            item.part,
            item.number,
            item.at,
            item.kind,
            item.reason,
            _compact(item.row),
        )
        for item in deviations
    )
    columns = ("run_id", "line", "part", "number", "at", "kind", "reason", "row")
    _copy(connection, "deviation", columns, rows)


def _copy(
    connection: Connection[DictRow],
    table: LiteralString,
    columns: tuple[LiteralString, ...],
    rows: Iterable[Values],
) -> None:
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _case_file(history: History) -> Iterator[Values]:
    case = history.case
    yield (
        case.id,
        case.number,
        case.workflow,
        case.model,
        case.version,
        case.head,
        case.state,
        case.state_since,
        case.started_at,
        case.closed_at,
        _compact(dict(case.fields)),
        _compact(write_position(case)),
    )


def _event(history: History) -> Iterator[Values]:
    for _, done in history.transitions:
        yield (
            done.case.id,
            done.case.version,
            done.kind,
            done.step,
            done.body["actor"].get("person"),
            done.at,
            history.recorded,
            done.link.hash,
            done.link.header,
            done.link.body,
        )


def _task(history: History) -> Iterator[Values]:
    open_now = {item.id: item for _, done in history.transitions for item in done.items}
    ends: dict[UUID, datetime | None] = {}
    for _, done in history.transitions:
        ends |= {item.id: item.ends_at for item in (*done.items, *done.terms)}
        for gone in done.gone:
            open_now.pop(gone, None)
    case = history.case
    for item in open_now.values():
        yield (
            item.id,
            case.id,
            case.workflow,
            item.step,
            item.kind,
            item.role,
            item.post,
            item.person,
            item.opened_at,
            item.due_at,
            item.budget_ms,
            item.spent_ms,
            item.suspended,
            item.limit_at,
            list(item.told),
            ends[item.id],
        )


def _timer(history: History) -> Iterator[Values]:
    latest = {item.id: item for _, done in history.transitions for item in done.timers}
    for item in latest.values():
        if item.at is not None:
            yield item.id, history.case.id, item.at, item.notice


def _visit(history: History) -> Iterator[Values]:
    case = history.case
    for _, done in history.transitions:
        for stay in done.visits:
            yield case.id, case.workflow, stay.kind, stay.name, stay.since, stay.until, stay.how


def _measurement(history: History) -> Iterator[Values]:
    for _, done in history.transitions:
        for item in done.measurements:
            yield done.case.id, done.case.version, item.metric, item.value, done.at


def _duty(history: History) -> Iterator[Values]:
    case = history.case
    latest = {
        news.obligation: (news, done) for _, done in history.transitions for news in done.duties
    }
    for name, (news, done) in latest.items():
        version = done.case.version
        yield case.id, name, case.workflow, news.status, news.due, done.at, version


def _vault(history: History) -> Iterator[Values]:
    for _, done in history.transitions:
        for secret in done.secrets:
            value = _compact(secret.value)
            yield done.case.id, done.case.version, secret.name, secret.salt, value


def _outbox(history: History) -> Iterator[Values]:
    """Yield the calls. None is still to be made: an import lets each be answered or fail."""
    case, rows = history.case, dict[UUID, dict[str, Any]]()
    for _, done in history.transitions:
        for call in done.calls:
            row = rows.setdefault(call.id, call_row(call) | {"seq": done.case.version})
            row.setdefault("asked", done.at)
            over, failed = call.news is CallNews.OVER, call.news is CallNews.FAILED
            row |= {"ended": done.at if over else None, "failed": done.at if failed else None}
            row["cause"] = call.cause or row["cause"]
    for call, row in rows.items():
        request = None if row["ended"] else _compact(row["request"])
        where = (row["step"], row["interface"], request, row["limit_seconds"])
        times = (row["asked"], row["failed"], row["ended"])
        yield call, case.id, row["seq"], case.workflow, *where, *times, row["cause"] or None


def _awaited(history: History) -> Iterator[Values]:
    latest = {heard.task: heard.keys for _, done in history.transitions for heard in done.heard}
    for task, keys in latest.items():
        for key in keys:
            yield task, history.case.id, key.message, key.sender, key.value


def _command(history: History) -> Iterator[Values]:
    for key, done in history.transitions:
        yield key, "import", done.case.id, done.case.version, history.recorded


_TABLES: tuple[
    tuple[LiteralString, tuple[LiteralString, ...], Callable[[History], Iterator[Values]]], ...
] = (
    (
        "case_file",
        (
            "id", "number", "workflow", "model", "version", "head", "state", "state_since",
            "started_at", "closed_at", "fields", "position",
        ),
        _case_file,
    ),
    (
        "event",
        (
            "case_id", "seq", "kind", "step", "person", "at", "recorded_at", "hash", "header",
            "body",
        ),
        _event,
    ),
    (
        "task",
        (
            "id", "case_id", "workflow", "step", "kind", "role", "post", "person", "opened_at",
            "due_at", "budget_ms", "spent_ms", "suspended", "limit_at", "told",
            "ends_at",
        ),
        _task,
    ),
    ("timer", ("id", "case_id", "at", "notice"), _timer),
    ("visit", ("case_id", "workflow", "kind", "name", "since", "until", "how"), _visit),
    ("measurement", ("case_id", "seq", "metric", "value", "at"), _measurement),
    (
        "duty",
        ("case_id", "obligation", "workflow", "status", "due_at", "since", "seq"),
        _duty,
    ),
    ("vault", ("case_id", "seq", "name", "salt", "value"), _vault),
    (
        "outbox",
        (
            "id", "case_id", "seq", "workflow", "step", "interface", "request", "limit_seconds",
            "asked_at", "failed_at", "ended_at", "cause",
        ),
        _outbox,
    ),
    ("awaited", ("task", "case_id", "message", "sender", "value"), _awaited),
    ("command", ("id", "fingerprint", "case_id", "seq", "recorded_at"), _command),
)  # fmt: skip
