"""The pure numbers: percentiles, heat, targets, statuses, and the map of a workflow."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.insight.diagram import Node
from kingpost.insight.process_graph import graph_of
from kingpost.insight.process_map import lay_out
from kingpost.insight.status import Status, judge, objective_statuses, worst
from kingpost.insight.stays import Heat, heat, percentile, target_of
from kingpost.model.intent import Comparison, Measure, Objective, Target
from kingpost.model.workflow import Due
from kingpost.values.business_time import Calendar, Opening
from kingpost.values.span import Span
from tests.queries.claims import model as claims_model

HOUR = timedelta(hours=1)
ALWAYS = Calendar("always", "UTC")
OFFICE = Calendar("office", "UTC", tuple(Opening(day, 8 * 60, 18 * 60) for day in range(5)))


@pytest.mark.parametrize(
    ("values", "part", "expected"),
    [
        ([], 0.5, None),
        ([7], 0.85, "7"),
        ([1, 2], 0.5, "1.5"),
        ([4, 1, 3, 2], 0.5, "2.5"),
        ([24, 36, 72], 0.85, "61.2"),
        ([5, 5, 5, 5], 0.85, "5"),
    ],
)
def test_a_percentile_lies_between_neighbours(
    values: list[int], part: float, expected: str | None
) -> None:
    assert percentile(values, part) == (None if expected is None else Decimal(expected))


@given(st.lists(st.integers(0, 10**12), min_size=1), st.sampled_from([0.0, 0.5, 0.85, 1.0]))
def test_a_percentile_lies_within_its_values(values: list[int], part: float) -> None:
    found = percentile(values, part)
    assert found is not None
    assert min(values) <= found <= max(values)
    assert percentile(values, 1.0) == max(values)


@pytest.mark.parametrize(
    ("typical", "target", "expected"),
    [
        (None, 4, Heat.NONE),
        (4, None, Heat.NONE),
        (2.9, 4, Heat.NONE),
        (3, 4, Heat.NEAR),
        (4, 4, Heat.NEAR),
        (4.1, 4, Heat.OVER),
        (5.9, 4, Heat.OVER),
        (6, 4, Heat.FAR),
    ],
)
def test_heat_compares_with_the_target(
    typical: float | None, target: float | None, expected: Heat
) -> None:
    lengths = [None if hours is None else hours * HOUR for hours in (typical, target)]
    assert heat(lengths[0], lengths[1]) is expected


def test_a_target_is_plain_time() -> None:
    spans = (("low", Span(10, "day")), ("high", Span(4, "hour")))

    assert target_of(None, ALWAYS) is None
    assert target_of(Due(Span(4, "hour")), OFFICE) == 4 * HOUR
    assert target_of(Due(field="level", spans=spans), ALWAYS) == 240 * HOUR
    # Two working days of ten hours, in a week of 168 hours that is open for 50.
    assert target_of(Due(Span(2, "day", working=True)), OFFICE) == 20 * HOUR * 168 / 50
    assert target_of(Due(Span(2, "day", working=True)), ALWAYS) == 48 * HOUR


def test_a_measure_is_judged_by_its_target_and_then_by_its_risk() -> None:
    target = Target(Comparison.AT_LEAST, Decimal(80))
    risk = Target(Comparison.LESS, Decimal(85))
    measure = Measure("m", "M", "metric", target, risk)

    assert judge(measure, None) is Status.NO_DATA
    assert judge(measure, Decimal("79.9")) is Status.OFF_TRACK
    assert judge(measure, Decimal(80)) is Status.AT_RISK
    assert judge(measure, Decimal(85)) is Status.ON_TRACK
    assert judge(Measure("m", "M", "metric", target), Decimal(80)) is Status.ON_TRACK


def test_the_worst_counts_and_what_has_no_data_does_not() -> None:
    assert worst([]) is Status.NO_DATA
    assert worst([Status.NO_DATA, Status.ON_TRACK]) is Status.ON_TRACK
    assert worst([Status.ON_TRACK, Status.AT_RISK]) is Status.AT_RISK
    assert worst([Status.OFF_TRACK, Status.AT_RISK]) is Status.OFF_TRACK


def test_an_objective_stands_as_its_measures_or_else_as_those_that_serve_it() -> None:
    measure = Measure("m", "M", "metric", Target(Comparison.MORE, Decimal(0)))
    objectives = {
        "top": Objective("top", "Top", "boss"),
        "left": Objective("left", "Left", "boss", ("top",), (measure,)),
        "right": Objective("right", "Right", "boss", ("top",), (measure,)),
        "below": Objective("below", "Below", "boss", ("left",), (measure,)),
        "alone": Objective("alone", "Alone", "boss"),
        "round": Objective("round", "Round", "boss", ("about",)),
        "about": Objective("about", "About", "boss", ("round",)),
    }
    measured = {
        ("left", "m"): Status.ON_TRACK,
        ("right", "m"): Status.AT_RISK,
        ("below", "m"): Status.OFF_TRACK,
    }

    assert objective_statuses(objectives, measured) == {
        "top": Status.AT_RISK,
        "left": Status.ON_TRACK,
        "right": Status.AT_RISK,
        "below": Status.OFF_TRACK,
        "alone": Status.NO_DATA,
        "round": Status.NO_DATA,
        "about": Status.NO_DATA,
    }


def test_a_map_has_a_node_for_each_step_and_a_way_for_each_route() -> None:
    workflow = claims_model().workflows["claim"]

    graph = graph_of(workflow)
    ways = {(edge.source, edge.target): edge for edge in graph.edges}

    assert [(stop.id, stop.kind) for stop in graph.stops] == [
        ("classify", "step"),
        ("handling/fork", "fork"),
        ("examine", "step"),
        ("suspect", "step"),
        ("handling/join", "join"),
        ("approve", "step"),
        ("payment", "step"),
        ("paid", "end"),
        ("rejected", "end"),
        ("exception/info-missing", "suspension"),
        ("exception/delayed", "suspension"),
    ]
    assert ways.keys() == {
        ("classify", "handling/fork"),
        ("handling/fork", "examine"),
        ("handling/fork", "suspect"),
        ("examine", "handling/join"),
        ("suspect", "handling/join"),
        ("suspect", "suspect"),
        ("handling/join", "approve"),
        ("approve", "payment"),
        ("approve", "rejected"),
        ("payment", "paid"),
        ("examine", "exception/info-missing"),
        ("payment", "exception/delayed"),
    }
    assert ways["approve", "rejected"].label == "Reject / The claimant withdraws"
    assert {way for way, edge in ways.items() if edge.kind == "rework"} == {("suspect", "suspect")}


def test_a_map_can_be_laid_out() -> None:
    graph = graph_of(claims_model().workflows["claim"])
    nodes = [Node(stop.id, stop.kind) for stop in graph.stops]

    layout = lay_out(nodes, graph.edges)

    assert {box.id for box in layout.boxes} == {node.id for node in nodes}
