"""Objectives and metrics: each number from six claims by hand, and the cases behind it."""

from decimal import Decimal

from kingpost.insight.status import Status
from kingpost.queries.objectives import (
    MeasureNow,
    MetricPage,
    ObjectiveNow,
    Objectives,
    read_metric,
    read_objectives,
)
from tests.queries.claims import DAY, HOUR, Claims

DAY_SECONDS = 86_400


def objective(found: Objectives, name: str) -> ObjectiveNow:
    return next(item for item in found.objectives if item.id == name)


def measure(found: Objectives, name: str) -> MeasureNow:
    return next(item for item in objective(found, "fast").measures if item.id == name)


def metric(claims: Claims, name: str, **other: int) -> MetricPage:
    found = read_metric(claims.database, claims.program, name, **other)
    assert found is not None
    return found


def counted(found: MetricPage) -> list[tuple[str, Decimal]]:
    return [(row.number[-1], row.value) for row in found.cases.rows]


def test_measures_are_computed_from_the_work(claims: Claims) -> None:
    found = read_objectives(claims.database, claims.program)

    # Closed after 3 and 4 days.
    time = measure(found, "time")
    assert (time.now.value, time.now.population) == (Decimal("3.5") * DAY_SECONDS, 2)
    assert time.status is Status.ON_TRACK
    # Examined within two days: A and F, but not B.
    prompt = measure(found, "prompt")
    assert (prompt.now.value, prompt.now.population) == (Decimal(200) / 3, 3)
    assert prompt.status is Status.AT_RISK
    # C is of 900.
    few = measure(found, "few")
    assert (few.now.value, few.status) == (1, Status.OFF_TRACK)


def test_objectives_stand_above_those_that_serve_them(claims: Claims) -> None:
    found = read_objectives(claims.database, claims.program)

    assert [item.id for item in found.objectives] == ["trust", "fast"]
    assert {item.status for item in found.objectives} == {Status.OFF_TRACK}
    for item in found.objectives:
        assert (item.workflows, item.in_flight) == (("claim",), 4)
    assert objective(found, "trust").owner.holders[0].name == "Hedy"
    assert objective(found, "fast").parents == ("trust",)


def test_a_stream_keeps_its_promise(claims: Claims) -> None:
    (stream,) = read_objectives(claims.database, claims.program).streams

    assert (stream.promise.status, stream.promise.now.population) == (Status.ON_TRACK, 2)
    assert [(stage.id, stage.in_flight) for stage in stream.stages] == [("settle", 4)]


def test_every_metric_reads_now(claims: Claims) -> None:
    found = read_objectives(claims.database, claims.program)

    assert {item.metric.id: item.now.value for item in found.metrics} == {
        "in-flight": 4,
        "big-in-flight": 1,
        "examining": 3,
        "waiting-now": 1,
        "closed-lately": 1,
        # After 1, 1, 1, 1 and 2 hours: at 1 + 0.4 × 1.
        "slow-suspicion": Decimal("1.4") * 3600,
        "mean-time": Decimal("3.5") * DAY_SECONDS,
        "claim-time": Decimal("3.5") * DAY_SECONDS,
        "examined-in-time": Decimal(200) / 3,
    }


def test_a_trend_reads_each_week_as_it_read_then(claims: Claims) -> None:
    time = measure(read_objectives(claims.database, claims.program), "time")

    # A closed 9 days ago and B 4 days ago.
    assert [reading.population for reading in time.trend] == [0, 0, 0, 0, 0, 0, 1, 2]
    assert [reading.value for reading in time.trend[-3:]] == [
        None,
        Decimal(3 * DAY_SECONDS),
        Decimal("3.5") * DAY_SECONDS,
    ]
    assert time.trend[-1] == time.now
    assert time.trend[-2].at == time.now.at - 7 * DAY


def test_a_share_opens_into_its_cases_those_that_missed_first(claims: Claims) -> None:
    found = metric(claims, "examined-in-time")

    assert counted(found) == [("B", 0), ("F", 1), ("A", 1)]
    assert found.cases.total == found.now.population == 3
    assert found.cases.rows[0].seq == 3
    assert found.cases.rows[0].at == claims.now - 5 * DAY
    assert [(name, bound.id) for name, bound in found.bound] == [("fast", "prompt")]


def test_a_time_opens_into_its_cases_the_longest_first(claims: Claims) -> None:
    assert counted(metric(claims, "claim-time")) == [
        ("B", Decimal(4 * DAY_SECONDS)),
        ("A", Decimal(3 * DAY_SECONDS)),
    ]
    assert counted(metric(claims, "slow-suspicion"))[0] == ("A", Decimal(7200))


def test_a_count_opens_into_exactly_the_cases_it_counts(claims: Claims) -> None:
    assert counted(metric(claims, "in-flight")) == [("D", 1), ("E", 1), ("F", 1), ("C", 1)]
    assert counted(metric(claims, "big-in-flight")) == [("C", 1)]
    assert counted(metric(claims, "waiting-now")) == [("E", 1)]
    assert counted(metric(claims, "closed-lately")) == [("B", 1)]
    waiting = metric(claims, "waiting-now").cases.rows[0]
    assert (waiting.at, waiting.seq) == (claims.now - DAY + 2 * HOUR, None)
    assert metric(claims, "in-flight").trend == ()


def test_pages_of_a_metric_hold_everything_once(claims: Claims) -> None:
    for name, numbers in (("in-flight", "DEFC"), ("examined-in-time", "BFA")):
        pages = [metric(claims, name, page=page, size=2) for page in (1, 2, 3)]
        assert "".join(number for page in pages for number, _ in counted(page)) == numbers
        assert [page.cases.total for page in pages] == [len(numbers)] * 3


def test_without_work_there_is_no_data(nothing: Claims) -> None:
    found = read_objectives(nothing.database, nothing.program)

    assert measure(found, "time").status is Status.NO_DATA
    assert measure(found, "time").now.value is None
    # Nothing in flight is a number, and it is below one.
    assert measure(found, "few").status is Status.ON_TRACK
    assert metric(nothing, "closed-lately").now.value == 0
    assert metric(nothing, "claim-time").cases.rows == ()
    assert read_metric(nothing.database, nothing.program, "no-such") is None
