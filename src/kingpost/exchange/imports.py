"""Import a log: replay it case by case, and write it many cases at a time."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TypeVar

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.program import Program
from kingpost.exchange.files.faults import unreadable
from kingpost.exchange.replay.plan import CaseIndex, Plan
from kingpost.exchange.replay.replayer import Frame, Replayed, replay
from kingpost.exchange.replay.rights import Appointed, Rights
from kingpost.exchange.report import Progress, Report, Tally, read_tally
from kingpost.store import imports, register
from kingpost.store.bulk import (
    DeviationRow,
    History,
    provide_months,
    write_deviations,
    write_histories,
)
from kingpost.store.imports import ImportRun
from kingpost.store.pool import Database

CASES_A_BATCH = 300
_NUMBERS_A_QUERY = 5_000
_MILLISECOND = timedelta(milliseconds=1)

_T = TypeVar("_T")


def run_import(  # noqa: PLR0913 - what the world outside has to give
    database: Database,
    plan: Plan,
    *,
    now: datetime,
    seed: bytes,
    progress: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
    cases_a_batch: int = CASES_A_BATCH,
) -> Report:
    """Carry out an import, or the rest of one that was stopped or killed.

    now:    aware; what the moment of the plan becomes, and when the history is written down.
    seed:   32 fresh random bytes. An import that goes on keeps the time and seed it began with.
    stop:   asked after each batch.
    Raises: UnreadableError, when other cases have the numbers of the log; ImportTakenError.
    """
    begun = monotonic()
    run = _open(database, plan, now, seed)
    tally, before = read_tally(run.counts), read_tally(run.counts).rows
    done = run.done
    if run.seed is not None:
        replayer = _Replayer(database, plan, run, run.seed)
        cases = plan.cases[done:]
        with database.connection() as connection:
            provide_months(connection, {case.started + run.shift for case in cases})
        for batch in _parts(cases, cases_a_batch):
            if stop():
                break
            replayer.write(batch, done, tally)
            done += len(batch)
            progress(Progress(done, len(plan.cases), tally.rows))
        if done == len(plan.cases):
            with database.connection() as connection:
                imports.finish(connection, run.id, now)
    return Report(
        source=plan.source,
        tally=tally,
        cases_total=len(plan.cases),
        finished=done == len(plan.cases),
        fresh=tally.rows - before,
        later=plan.later,
        seconds=monotonic() - begun,
    )


def read_rights(database: Database, program: Program) -> Rights:
    """Read the register once."""
    with database.connection() as connection:
        rows = register.all_appointments(connection)
    appointed = (
        Appointed(person, post, right, kind, start, end)
        for person, post, right, kind, start, end in rows
    )
    return Rights(appointed, program.model.posts)


class _Replayer:
    """Replays batches of cases and writes each in one transaction."""

    def __init__(self, database: Database, plan: Plan, run: ImportRun, seed: bytes) -> None:
        self.database = database
        self.plan = plan
        self.run = run
        self.rights = read_rights(database, plan.program)
        until = run.moment + run.shift
        self.frame = Frame(run.id, run.shift, until, run.started_at, seed)

    def write(self, batch: Sequence[CaseIndex], done: int, tally: Tally) -> None:
        replayed = [(case, self._replay(case)) for case in batch]
        for _, item in replayed:
            _count(item, tally)
        histories = [
            History(item.case, item.transitions, self.run.started_at)
            for _, item in replayed
            if item.case is not None
        ]
        deviations = [row for case, item in replayed for row in self._deviations(case, item)]
        with self.database.transaction() as connection:
            counts = tally.as_json()
            after = done + len(batch)
            imports.advance(connection, self.run.id, done=(done, after), counts=counts)
            write_histories(connection, histories)
            write_deviations(connection, self.run.id, deviations)

    def _replay(self, case: CaseIndex) -> Replayed:
        rows = self.plan.rows_of(case)
        return replay(self.plan.program, self.plan.mapping, self.rights, self.frame, rows)

    def _deviations(self, case: CaseIndex, item: Replayed) -> Iterator[DeviationRow]:
        for found in item.deviants:
            row = found.row
            at = row.at + self.run.shift
            yield DeviationRow(
                row.line, found.part, case.number, at, found.kind, found.reason, row.raw
            )


def _open(database: Database, plan: Plan, now: datetime, seed: bytes) -> ImportRun:
    now = now.astimezone(UTC)
    moment = plan.moment or now
    _refuse_the_future(plan, moment)
    # Whole milliseconds, since that is how the shift is kept.
    shift = now - moment
    shift -= shift % _MILLISECOND
    wish = ImportRun(
        id=plan.run,
        source=plan.source,
        cases=len(plan.cases),
        done=0,
        counts={},
        shift=shift,
        moment=moment,
        played=None,
        seed=seed,
        started_at=now,
        finished_at=None,
    )
    with database.transaction() as connection:
        if imports.read_run(connection, wish.id) is None:
            _refuse_known_numbers(connection, plan)
        return imports.open_run(connection, wish)


def _refuse_the_future(plan: Plan, moment: datetime) -> None:
    ahead = next((case for case in plan.cases if case.last > moment), None)
    if ahead is not None:
        message = (
            f"`{ahead.number}` has a row at {ahead.last:%-d %B %Y %H:%M} UTC, which is to come"
        )
        help_text = "Choose a moment of the log that is to become now."
        raise unreadable(plan.source, 0, message, help_text)


def _refuse_known_numbers(connection: Connection[DictRow], plan: Plan) -> None:
    for part in _parts([case.number for case in plan.cases], _NUMBERS_A_QUERY):
        known = imports.known_numbers(connection, part)
        if known:
            names = ", ".join(f"`{name}`" for name in known)
            message = f"there are cases with these numbers already: {names}"
            help_text = "Import into an empty company, or take the cases out of the log."
            raise unreadable(plan.source, 0, message, help_text)


def _count(item: Replayed, tally: Tally) -> None:
    tally.cases += item.case is not None
    tally.events += len(item.transitions)
    tally.conforming += item.conforming
    tally.unchanged += item.unchanged
    tally.deviating += item.deviating
    for found in item.deviants:
        tally.note(found.kind, f"{found.row.number}, line {found.row.line}: {found.reason}")


def _parts(items: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
