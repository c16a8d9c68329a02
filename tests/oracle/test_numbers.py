"""Every number of the service desk, as Kingpost reads it and as the oracle reckons it.

Run with `-s` to see both columns.
"""

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from random import Random  # noqa: TID251 - a sample that is the same in every run.
from typing import NamedTuple

import psycopg
import pytest
from psycopg import sql

from kingpost.engine import register
from kingpost.engine.company import Company
from kingpost.engine.register import Appointment
from kingpost.exchange.imports import run_import
from kingpost.exchange.replay.plan import plan_import
from kingpost.exchange.report import Report
from kingpost.model.intent import MetricKind
from kingpost.notation.reading import read_model
from kingpost.queries.metrics.readings import Reading
from kingpost.queries.objectives import read_objectives
from kingpost.queries.obligations import read_obligations
from kingpost.queries.process import Window, read_process
from kingpost.store.pool import Database
from tests.database import Database as Urls
from tests.oracle.log import DESK, LOG, STATES, read_log
from tests.oracle.reckoning import MONTH, WEEK, percentile, within
from tests.oracle.service_desk import Totals, replay

INCIDENTS, MIDWAY = 2_500, 7_500
SPOT_CHECKS = 200
LATER = 551 * WEEK
# So that office hours of the log are no longer office hours.
ASKEW = LATER + timedelta(days=2, hours=7, minutes=13)

Entered = list[tuple[str, datetime]]


class Line(NamedTuple):
    """One number, twice."""

    name: str
    oracle: object
    kingpost: object


@dataclass(frozen=True, slots=True)
class Seen:
    """Both accounts of the log at one moment. moment: shifted, and the database's now."""

    moment: datetime
    oracle: Totals
    report: Report
    database: Database
    company: Company


# Both accounts ------------------------------------------------------------------------------------


@pytest.fixture
def seen(request: pytest.FixtureRequest, database: Urls, tmp_path: Path) -> Iterator[Seen]:
    incidents, moment, shift = request.param
    log = first_incidents(tmp_path / "log.csv", incidents) if incidents else LOG
    stop_the_clock(database, moment + shift)
    oracle = replay(read_log(incidents, shift), moment + shift)
    with Database(database.app_url, connections=2) as pool:
        company = Company(pool)
        open_the_desk(company)
        program = company.active()
        with plan_import(log, DESK / "log" / "mapping.yaml", program, moment=moment) as plan:
            report = run_import(pool, plan, now=moment + shift, seed=bytes(range(32)))
        yield Seen(moment + shift, oracle, report, pool, company)


def open_the_desk(company: Company) -> None:
    """Load the model, and put everybody on their posts."""
    reading = read_model({path.name: path.read_text() for path in sorted(DESK.glob("*.yaml"))})
    assert reading.model is not None, [str(item) for item in reading.diagnostics]
    company.load(reading.model)
    register.keep_people(company, ((row["id"], row["name"]) for row in table("people.csv")))
    wishes = (
        Appointment(row["person"], row["post"], datetime.fromisoformat(f"{row['from']}T00Z"))
        for row in table("appointments.csv")
    )
    register.appoint(company, wishes, by="test")


def table(name: str) -> list[dict[str, str]]:
    with (DESK / name).open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def first_incidents(path: Path, incidents: int) -> Path:
    with gzip.open(LOG, "rt", encoding="utf-8") as text, path.open("w", encoding="utf-8") as kept:
        kept.write(next(text))
        by_number = groupby(text, lambda line: line.split(",", 1)[0])
        for _, (_, lines) in zip(range(incidents), by_number, strict=False):
            kept.writelines(lines)
    return path


_STOPPED_CLOCK = sql.SQL(
    """
    CREATE SCHEMA stopped;
    GRANT USAGE ON SCHEMA stopped TO PUBLIC;
    CREATE FUNCTION stopped.transaction_timestamp() RETURNS timestamptz
    LANGUAGE sql STABLE AS $$ SELECT {moment}::timestamptz $$;
    ALTER DATABASE {database} SET search_path = stopped, pg_catalog, public;
    """
)


def stop_the_clock(database: Urls, moment: datetime) -> None:
    """Let every transaction of this database begin at one moment, before anybody connects."""
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(
            _STOPPED_CLOCK.format(moment=sql.Literal(moment.isoformat()), database=name)
        )


# The numbers, one after the other -----------------------------------------------------------------


def of_import(seen: Seen) -> Iterator[Line]:
    tally, oracle = seen.report.tally, seen.oracle
    yield Line("cases", len(oracle.cases), tally.cases)
    yield Line("rows that conform", oracle.rows["conforming"], tally.conforming)
    yield Line("rows that change nothing", oracle.rows["unchanged"], tally.unchanged)
    yield Line("rows that deviate", oracle.rows["deviating"], tally.deviating)
    counted = Counter(kind for _, kind in oracle.deviations)
    for kind in sorted({*counted, *tally.kinds}):
        found = tally.kinds.get(kind)
        yield Line(f"deviations, {kind}", counted[kind], found.count if found else 0)
    with seen.database.connection() as connection:
        kept = connection.execute("SELECT line, kind FROM deviation").fetchall()
    lines = sorted((row["line"], row["kind"]) for row in kept)
    yield Line("each deviation by line", Long(sorted(oracle.deviations)), Long(lines))


def of_process(seen: Seen, window: Window) -> Iterator[Line]:
    process = read_process(seen.database, seen.company.active(), "incident", window)
    assert process is not None
    assert process.as_at == seen.moment
    cases, since = seen.oracle.cases, window.length
    now = Counter(case.state for case in cases)
    closed = [case for case in cases if case.state == "closed"]
    times = [(case.since, (case.since - case.started).total_seconds()) for case in closed]
    ended = [time for at, time in times if is_within(at, seen.moment, since)]
    card, name = process.card, f"process, {window}"
    yield Line(f"{name}, in flight", len(cases) - len(closed), card.in_flight)
    yield Line(f"{name}, suspended", sum(case.suspended for case in cases), card.suspended)
    started = sum(is_within(case.started, seen.moment, since) for case in cases)
    yield Line(f"{name}, started", started, card.started)
    yield Line(f"{name}, closed", len(ended), card.closed)
    yield Line(f"{name}, median", as_time(percentile(ended, 0.5)), card.stay.median)
    yield Line(f"{name}, p85", as_time(percentile(ended, 0.85)), card.stay.p85)
    assert {state.id for state in process.states} == {*STATES, "cancelled"}
    for state in process.states:
        stays = within(seen.oracle.visits[state.id], seen.moment, since)
        yield Line(f"{name}, {state.id}, now", now[state.id], state.now)
        yield Line(f"{name}, {state.id}, visits", len(stays), state.stay.completed)
        yield Line(
            f"{name}, {state.id}, median", as_time(percentile(stays, 0.5)), state.stay.median
        )
        yield Line(f"{name}, {state.id}, p85", as_time(percentile(stays, 0.85)), state.stay.p85)


def of_objectives(seen: Seen) -> Iterator[Line]:
    read = read_objectives(seen.database, seen.company.active())
    in_flight = sum(case.state != "closed" for case in seen.oracle.cases)
    for found in read.metrics:
        yield from of_reading(seen, found.metric.id, found.metric.kind, found.now)
    measures = [measure for item in read.objectives for measure in item.measures]
    for measure in (*measures, *(stream.promise for stream in read.streams)):
        assert (len(measure.trend) == 8) is (measure.metric.id != "in-flight")
        for reading in measure.trend:
            yield from of_reading(seen, measure.metric.id, measure.metric.kind, reading)
    for item in read.objectives:
        yield Line(f"objective {item.id}, in flight", in_flight, item.in_flight)
    for stage in (stage for stream in read.streams for stage in stream.stages):
        # The log shows incidents and nothing else, so nothing else is in flight.
        shown = in_flight if "incident" in stage.workflows else 0
        yield Line(f"stage {stage.id}, in flight", shown, stage.in_flight)


def of_reading(seen: Seen, metric: str, kind: MetricKind, reading: Reading) -> Iterator[Line]:
    weeks = (seen.moment - reading.at) // WEEK
    name = f"{metric}, {weeks} weeks ago" if weeks else metric
    values = within(seen.oracle.samples[metric], reading.at, MONTH)
    population = len(values)
    match kind:
        case MetricKind.COUNT:
            population = sum(case.state != "closed" for case in seen.oracle.cases)
            value: Decimal | None = Decimal(population)
        case MetricKind.SHARE:
            value = 100 * Decimal(sum(map(int, values))) / population if values else None
        case _:
            part = {MetricKind.MEDIAN: 0.5, MetricKind.PERCENTILE_85: 0.85}[kind]
            found = percentile(values, part)
            value = None if found is None else Decimal(str(found)) / 1000
    yield Line(name, value, reading.value)
    yield Line(f"{name}, population", population, reading.population)


def of_obligations(seen: Seen, window: Window) -> Iterator[Line]:
    read = read_obligations(seen.database, seen.company.active(), window)
    found = [item for framework in read.frameworks for item in framework.obligations]
    # The log shows no major incident, so nothing may be counted of the fourth.
    assert len(found) == 4
    for item in found:
        name = item.obligation.id
        duties = [case.duties[name] for case in seen.oracle.cases if name in case.duties]
        settled = Counter(
            duty.status for duty in duties if is_within(duty.since, seen.moment, window.length)
        )
        owed = [duty for duty in duties if duty.status == "owed"]
        overdue = sum(duty.due is not None and duty.due < seen.moment for duty in owed)
        made = [duty.since for duty in duties if duty.status in {"met", "late"}]
        name = f"{name}, {window}"
        yield Line(f"{name}, met", settled["met"], item.counts.met)
        yield Line(f"{name}, late", settled["late"], item.counts.late)
        yield Line(f"{name}, missing", settled["missing"], item.counts.missing)
        yield Line(f"{name}, owed", len(owed), item.counts.owed)
        yield Line(f"{name}, overdue", overdue, item.counts.overdue)
        yield Line(f"{name}, latest", max(made, default=None), item.latest)


class Long(list[tuple[int, str]]):
    """A list that is compared whole and shown by its length."""

    def __str__(self) -> str:
        return f"{len(self)} lines"


def is_within(at: datetime, until: datetime, length: timedelta | None) -> bool:
    return length is None or at > until - length


def as_time(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


# The comparison -----------------------------------------------------------------------------------


def all_lines(seen: Seen) -> Iterator[Line]:
    yield from of_import(seen)
    for window in (Window.ALL, Window.MONTH):
        yield from of_process(seen, window)
        yield from of_obligations(seen, window)
    yield from of_objectives(seen)


def compare(seen: Seen) -> None:
    lines = list(all_lines(seen))
    title = f"oracle and Kingpost at {seen.moment:%Y-%m-%d %H:%M}"
    print("", title, *map(written, lines), sep="\n")  # noqa: T201 - seen with `-s`.
    assert [line for line in lines if line.oracle != line.kingpost] == []


def written(line: Line) -> str:
    mark = "" if line.oracle == line.kingpost else "  differs"
    return f"{line.name:56}{shown(line.oracle):>28}{shown(line.kingpost):>28}{mark}"


def shown(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, Decimal) else str(value)


def entered_in_events(seen: Seen, number: str) -> Entered:
    """Read from the bytes of a case's events which states it entered, and when."""
    query = """
        SELECT event.at, event.body
          FROM event
          JOIN case_file ON case_file.id = event.case_id
         WHERE case_file.number = %s
         ORDER BY event.seq
    """
    with seen.database.connection() as connection:
        events = connection.execute(query, [number]).fetchall()
    return [
        (change["state"], event["at"])
        for event in events
        for change in json.loads(event["body"])["changes"]
        if change["do"] == "state"
    ]


def compare_some_cases(seen: Seen) -> None:
    by_number = {case.number: case.entered for case in seen.oracle.cases}
    chosen = Random(498).sample(sorted(by_number), SPOT_CHECKS)

    found = {number: entered_in_events(seen, number) for number in chosen}

    assert found == {number: by_number[number] for number in chosen}


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param((INCIDENTS, datetime(2016, 3, 9, 11, tzinfo=UTC), timedelta()), id="early"),
        pytest.param((INCIDENTS, datetime(2016, 4, 20, 11, tzinfo=UTC), ASKEW), id="askew"),
    ],
    indirect=True,
)
def test_the_first_incidents_come_to_the_same_numbers(seen: Seen) -> None:
    compare(seen)
    compare_some_cases(seen)


@pytest.mark.slow
@pytest.mark.parametrize(
    "seen",
    [pytest.param((MIDWAY, datetime(2016, 5, 4, 11, tzinfo=UTC), timedelta()), id="midway")],
    indirect=True,
)
def test_more_incidents_come_to_the_same_numbers_while_most_are_open(seen: Seen) -> None:
    compare(seen)
    compare_some_cases(seen)


@pytest.mark.slow
@pytest.mark.parametrize(
    "seen",
    [pytest.param((None, datetime(2017, 2, 16, tzinfo=UTC), LATER), id="end")],
    indirect=True,
)
def test_the_whole_log_comes_in_and_to_the_same_numbers(seen: Seen) -> None:
    tally = seen.report.tally
    assert seen.report.finished
    assert (tally.cases, tally.rows) == (20_769, 119_998)
    assert tally.deviating < 0.05 * tally.rows
    compare(seen)
    compare_some_cases(seen)
