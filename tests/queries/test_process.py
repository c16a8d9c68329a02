"""Processes: counts, times and lateness of six claims, and the same from the raw log."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from kingpost.decisions.sealing import read_instant
from kingpost.insight.stays import Heat, percentile
from kingpost.queries.cases import CaseFilter, list_cases
from kingpost.queries.changes.versions import read_versions
from kingpost.queries.flow import last_position, list_imports, read_flow
from kingpost.queries.process import NodeNow, Process, Window, read_process, read_processes
from kingpost.store.pool import Database
from tests.queries.claims import DAY, HOUR, Claims


def process(claims: Claims, window: Window = Window.MONTH) -> Process:
    found = read_process(claims.database, claims.program, "claim", window)
    assert found is not None
    return found


def node(found: Process, name: str) -> NodeNow:
    return next(node for node in found.nodes if node.id == name)


def test_a_step_shows_who_stands_there_and_how_long_it_takes(claims: Claims) -> None:
    examine = node(process(claims), "examine")

    assert (examine.now, examine.suspended, examine.overdue) == (3, 1, 1)
    # Completed after 24, 36 and 72 hours: the 85th percentile lies at 36 + 0.7 × 36.
    assert (examine.stay.completed, examine.stay.withdrawn) == (3, 0)
    assert examine.stay.median == 36 * HOUR
    assert examine.stay.p85 == timedelta(hours=61.2)
    assert (examine.target, examine.heat) == (2 * DAY, Heat.NEAR)
    assert (examine.post, examine.role, examine.title) == ("desk", "clerk", "Examine")


def test_blocks_and_suspensions_have_nodes_of_their_own(claims: Claims) -> None:
    found = process(claims)

    fork, why = node(found, "handling/fork"), node(found, "exception/info-missing")
    assert (fork.kind, fork.step, fork.now, fork.overdue) == ("fork", "handling", 3, 0)
    assert (why.kind, why.exception, why.now, why.stay.completed) == (
        "suspension",
        "info-missing",
        1,
        0,
    )
    ends = {name for edge in found.edges for name in (edge.source, edge.target)}
    assert ends == {node.id for node in found.nodes}


def test_a_window_counts_what_ended_in_it(claims: Claims) -> None:
    week, day = process(claims, Window.WEEK), process(claims, Window.DAY)

    # B was examined 5 days ago, F 36 hours ago; A 11 days ago.
    assert node(week, "examine").stay.completed == 2
    assert node(week, "examine").stay.median == 54 * HOUR
    assert node(day, "examine").stay.completed == 0
    assert node(day, "examine").stay.median is None
    assert node(day, "examine").heat is Heat.NONE
    assert (week.card.started, week.card.closed) == (4, 1)
    assert week.since == week.as_at - 7 * DAY
    assert process(claims, Window.ALL).since is None


def test_a_process_in_one_line(claims: Claims) -> None:
    (card,) = read_processes(claims.database, claims.program).cards

    assert card == process(claims).card
    assert (card.in_flight, card.overdue, card.suspended) == (4, 1, 1)
    assert (card.started, card.closed) == (6, 2)
    # Closed after 3 and 4 days.
    assert card.stay.median == 84 * HOUR
    assert (card.owner.post, card.owner.holders[0].name) == ("head", "Hedy")


def test_states_count_open_and_closed_cases(claims: Claims) -> None:
    states = {state.id: state for state in process(claims).states}

    assert {name: state.now for name, state in states.items()} == {
        "new": 2,
        "waiting": 1,
        "settled": 1,
        "paid": 1,
        "rejected": 1,
    }
    # A and B were settled for two days and for one.
    assert (states["settled"].stay.completed, states["settled"].stay.median) == (2, 36 * HOUR)


def test_time_in_state_is_what_the_raw_log_says(claims: Claims) -> None:
    """An oracle that knows nothing of visits: it folds the kept events itself."""
    expected: dict[str, list[int]] = {}
    for state, length in _stays_in_state(claims.database):
        expected.setdefault(state, []).append(length // timedelta(microseconds=1))

    for state in process(claims, Window.ALL).states:
        lengths = expected.get(state.id, [])
        assert state.stay.completed == len(lengths)
        for part, found in ((0.5, state.stay.median), (0.85, state.stay.p85)):
            exact = percentile(lengths, part)
            assert (exact is None) == (found is None)
            if exact is not None and found is not None:
                assert abs(found / timedelta(microseconds=1) - float(exact)) <= 1


def _stays_in_state(database: Database) -> Iterator[tuple[str, timedelta]]:
    with database.connection() as connection:
        rows = connection.execute("SELECT header, body FROM event ORDER BY case_id, seq").fetchall()
    state: dict[str, tuple[str, datetime]] = {}
    for row in rows:
        header: dict[str, Any] = json.loads(row["header"])
        case, at = header["case"], read_instant(header["at"])
        for change in json.loads(row["body"])["changes"]:
            if change["do"] == "state":
                if case in state:
                    name, since = state[case]
                    yield name, at - since
                state[case] = (change["state"], at)


def test_an_unknown_process_is_none_and_an_empty_one_has_no_times(nothing: Claims) -> None:
    assert read_process(nothing.database, nothing.program, "no-such") is None
    found = process(nothing)
    assert {node.now for node in found.nodes} == {0}
    assert {node.stay.median for node in found.nodes} == {None}
    assert (found.card.in_flight, found.card.started, found.card.stay.completed) == (0, 0, 0)


def numbers(claims: Claims, wanted: CaseFilter, **other: int) -> list[str]:
    found = list_cases(claims.database, claims.program, wanted, **other)
    return [row.number[-1] for row in found.page.rows]


def test_cases_are_listed_open_ones_first(claims: Claims) -> None:
    assert numbers(claims, CaseFilter()) == ["D", "E", "F", "C", "B", "A"]
    assert numbers(claims, CaseFilter(is_open=False)) == ["B", "A"]
    assert numbers(claims, CaseFilter(state="new")) == ["D", "C"]
    assert numbers(claims, CaseFilter(step="examine")) == ["D", "E", "C"]
    assert numbers(claims, CaseFilter(step="handling")) == ["D", "E", "C"]
    assert numbers(claims, CaseFilter(exception="info-missing")) == ["E"]
    assert numbers(claims, CaseFilter(post="lead")) == ["F"]
    assert numbers(claims, CaseFilter(overdue=True)) == ["C"]
    assert numbers(claims, CaseFilter(overdue=True, step="suspect")) == []
    assert numbers(claims, CaseFilter(text="clm-b")) == ["B"]
    assert numbers(claims, CaseFilter(text="claimant a")) == ["A"]
    assert numbers(claims, CaseFilter(workflow="no-such")) == []


def test_pages_of_cases_hold_every_case_once(claims: Claims) -> None:
    pages = [numbers(claims, CaseFilter(), page=page, size=4) for page in (1, 2, 3)]

    assert pages == [["D", "E", "F", "C"], ["B", "A"], []]
    assert list_cases(claims.database, claims.program, CaseFilter(), page=3, size=4).page.total == 6


def test_a_case_in_a_list_says_where_it_stands(claims: Claims) -> None:
    row = list_cases(claims.database, claims.program, CaseFilter(text="CLM-D")).page.rows[0]

    assert [(step.step, step.person) for step in row.steps] == [
        ("examine", "anna"),
        ("suspect", None),
    ]
    assert row.due_at == claims.now - HOUR + 2 * DAY
    assert (row.state_title, row.titles[0].value) == ("New", "Claimant D")


def test_arrivals_and_completions_fall_into_hours_and_days(claims: Claims) -> None:
    hours = read_flow(claims.database)
    days = read_flow(claims.database, workflow="claim", per="day", buckets=10)

    # D started an hour before the world was opened, which is a moment ago.
    assert len(hours.buckets) == 24
    assert (hours.started, hours.closed) == (1, 0)
    assert hours.buckets[-2].started == 1
    assert (days.started, days.closed) == (5, 2)
    assert [bucket.started for bucket in days.buckets] == [0, 1, 0, 0, 1, 0, 1, 0, 1, 1]
    assert days.buckets[0].since == days.as_at - 10 * DAY
    assert read_flow(claims.database, workflow="no-such").started == 0


def test_the_signal_grows_with_every_event(claims: Claims) -> None:
    before = last_position(claims.database)
    claims.start("G", HOUR)

    assert last_position(claims.database) == before + 1


def test_the_version_in_force_counts_its_open_cases(claims: Claims) -> None:
    (version,) = read_versions(claims.database, lambda _: b"").found

    assert version.digest == claims.program.version
    assert (version.company, version.open_cases) == ("Harbour Mutual", 4)
    assert list_imports(claims.database) == ()
