"""Obligations: how each stands, and the cases and events that show it."""

from kingpost.queries.obligations import (
    Counts,
    ObligationPage,
    Standing,
    read_obligation,
    read_obligations,
)
from kingpost.queries.process import Window
from tests.queries.claims import DAY, HOUR, Claims


def obligation(claims: Claims, status: str = "", page: int = 1, size: int = 50) -> ObligationPage:
    found = read_obligation(
        claims.database, claims.program, "report-kept", status=status, page=page, size=size
    )
    assert found is not None
    return found


def test_an_obligation_counts_how_its_cases_stand(claims: Claims) -> None:
    board = read_obligations(claims.database, claims.program)
    (framework,) = board.frameworks
    (found,) = framework.obligations

    # Due after 2 days: A and F met it, B after 3 days; C owes it since 5 days.
    assert found.counts == Counts(met=2, late=1, missing=0, owed=3, overdue=1)
    assert found.standing is Standing.FAILED
    assert (found.owner.post, found.owner.holders[0].name) == ("lead", "Leo")
    assert found.latest == claims.now - 3 * DAY + 36 * HOUR
    assert (framework.title, framework.edition) == ("Rules of the trade", "2025")


def test_a_window_leaves_out_what_was_settled_before(claims: Claims) -> None:
    board = read_obligations(claims.database, claims.program, Window.DAY)

    assert board.frameworks[0].obligations[0].counts == Counts(owed=3, overdue=1)


def test_occasions_show_failures_first_with_the_event_behind_each(claims: Claims) -> None:
    rows = obligation(claims).occasions.rows

    assert [(row.number[-1], row.status) for row in rows] == [
        ("C", "overdue"),
        ("B", "late"),
        ("D", "owed"),
        ("E", "owed"),
        ("F", "met"),
        ("A", "met"),
    ]
    late = rows[1]
    assert (late.seq, late.kind, late.step, late.person_name) == (3, "completed", "examine", "Ben")
    assert late.due_at == claims.now - 6 * DAY
    assert late.since == claims.now - 5 * DAY
    assert len(late.hash) == 64


def test_occasions_are_listed_by_status_and_page(claims: Claims) -> None:
    for status, numbers in (("owed", "DE"), ("overdue", "C"), ("met", "FA"), ("missing", "")):
        page = obligation(claims, status).occasions
        assert ("".join(row.number[-1] for row in page.rows), page.total) == (
            numbers,
            len(numbers),
        )
    second = obligation(claims, page=2, size=4).occasions
    assert ([row.number[-1] for row in second.rows], second.total) == (["F", "A"], 6)
    assert obligation(claims, "no-such").occasions.rows == ()


def test_without_work_there_was_no_occasion(nothing: Claims) -> None:
    found = obligation(nothing)

    assert found.now.standing is Standing.NO_OCCASION
    assert found.now.counts == Counts()
    assert found.now.latest is None
    assert found.occasions.rows == ()
    assert read_obligation(nothing.database, nothing.program, "no-such") is None
