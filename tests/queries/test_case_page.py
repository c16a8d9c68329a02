"""The page of a case and of a task: history, record, trace, proof, and earlier decisions."""

import psycopg
import pytest

from kingpost.decisions.options import options
from kingpost.model.objects import FieldClass
from kingpost.queries.case_page import CasePage, read_case_page
from kingpost.queries.task_page import TaskPage, read_task_page
from tests.database import Database
from tests.queries.claims import DAY, HOUR, Claims


def case(claims: Claims, name: str) -> CasePage:
    found = read_case_page(claims.database, f"CLM-{name}", claims.company.program)
    assert found is not None
    return found


def task(claims: Claims, name: str, step: str, person: str) -> TaskPage:
    id_ = next(item.id for item in case(claims, name).work if item.step == step)
    found = read_task_page(claims.database, id_, claims.company.program, person=person)
    assert found is not None
    return found


def change_as_owner(database: Database, statement: str, case: str) -> None:
    with psycopg.connect(database.owner_url) as connection:
        query = f"{statement} = (SELECT id FROM case_file WHERE number = '{case}')"
        assert connection.execute(query.encode()).rowcount > 0


def test_a_closed_case_tells_how_it_went(claims: Claims) -> None:
    found = case(claims, "A")

    assert [(event.seq, event.kind, event.step) for event in found.events] == [
        (1, "started", None),
        (2, "decided", "suspect"),
        (3, "completed", "examine"),
        (4, "decided", "approve"),
        (5, "delivered", "payment"),
    ]
    assert (found.state, found.state_title) == ("paid", "Paid")
    assert found.closed_at == claims.now - 9 * DAY
    assert (found.standings, found.work, found.term) == ((), (), None)
    assert (found.workflow_title, found.owner.post) == ("Claim", "head")


def test_an_event_says_who_by_which_right_and_what_changed(claims: Claims) -> None:
    started, _, examined, approved, paid = case(claims, "A").events

    assert [(c.field, c.before, c.after) for c in started.changes] == [
        ("amount", None, "200"),
        ("claimant", None, "Claimant A"),
        ("level", None, "low"),
    ]
    assert started.entered == ("classify", "handling", "examine", "suspect")
    (rule,) = started.rules
    assert (rule.rule, rule.rows, rule.title) == ("levels", (1,), "Level from amount")
    assert [(item.field, item.after) for item in rule.outputs] == [("level", "low")]
    assert (examined.by.person, examined.by.name, examined.by.post) == ("anna", "Anna", "desk")
    assert examined.discharged == ("report-kept",)
    assert (examined.left, examined.state) == (("examine", "handling"), "settled")
    assert (approved.choice, approved.choice_title) == ("approve", "Approve")
    assert (approved.by.grant, approved.options) == ("claim.amount <= 500", ("approve", "reject"))
    assert [(item.title, item.after) for item in approved.shown] == [
        ("Claimant", "Claimant A"),
        ("Amount", "200"),
        ("Report", "fine"),
    ]
    assert approved.objectives == ("fast", "trust")
    assert (paid.by.interface, paid.by.person, paid.choice_title) == ("bank", None, "Paid out")


def test_an_event_names_who_was_accountable_on_that_day(claims: Claims) -> None:
    company = claims.company
    with company.database.connection() as connection:
        connection.execute(
            "UPDATE appointment SET during = tstzrange(lower(during), %s), ended_by = 'test',"
            " ended_at = now() WHERE person = 'hedy'",
            [claims.now - 11 * DAY],
        )

    _, cleared, _, approved, _ = case(claims, "A").events

    assert [holder.name for holder in cleared.owner.holders] == ["Hedy"]
    assert approved.owner.is_vacant
    assert approved.addressed is not None
    assert (approved.addressed.post, approved.addressed.holders[0].name) == ("lead", "Leo")
    assert cleared.addressed is not None
    assert cleared.addressed.title == "Fraud checker"


def test_a_reason_is_told_until_it_is_erased(claims: Claims, database: Database) -> None:
    rejected = case(claims, "B").events[-1]
    assert (rejected.reason, rejected.reason_erased) == ("The roof was old", False)

    change_as_owner(database, "DELETE FROM vault WHERE case_id", "CLM-B")

    found = case(claims, "B")
    rejected, started = found.events[-1], found.events[0]
    assert (rejected.reason, rejected.reason_erased) == (None, True)
    assert (rejected.shown, rejected.shown_erased) == ((), True)
    erased = {change.field: change.after for change in started.changes if change.erased}
    assert erased == {"claimant": None}
    # The proof holds without what was erased.
    assert found.chain.fault is None


def test_an_open_case_says_where_it_stands(claims: Claims) -> None:
    found = case(claims, "E")

    assert {(item.step, item.suspended) for item in found.standings} == {
        ("handling", None),
        ("examine", "info-missing"),
    }
    assert [item.step for item in found.work] == ["examine"]
    assert found.term is not None
    assert (found.term.due_at, found.term.spent_ms) == (None, 2 * 3_600_000)
    assert found.events[-1].choice_title == "Information is missing"
    assert [(item.value.field, item.privacy) for item in found.record][:2] == [
        ("claimant", FieldClass.PERSONAL),
        ("amount", FieldClass.INTERNAL),
    ]


def test_a_case_leads_up_to_its_objectives_and_down_to_its_duties(claims: Claims) -> None:
    trace = case(claims, "B").trace

    assert [(item.stream, item.stage) for item in trace.stages] == [("claims", "settle")]
    assert [(item.id, item.owner.post) for item in trace.objectives] == [
        ("fast", "lead"),
        ("trust", "head"),
    ]
    (duty,) = trace.duties
    assert (duty.obligation, duty.clause, duty.status, duty.seq) == (
        "report-kept",
        "R-1",
        "late",
        3,
    )


def test_the_chain_is_checked_over_the_stored_bytes(claims: Claims, database: Database) -> None:
    assert case(claims, "A").chain.fault is None
    assert case(claims, "A").chain.events == 5

    change_as_owner(database, "UPDATE case_file SET head = repeat('0', 64) WHERE id", "CLM-A")
    assert case(claims, "A").chain.fault == "the last event is not the one that the head names"

    change_as_owner(database, "UPDATE case_file SET version = 3 WHERE id", "CLM-B")
    assert case(claims, "B").chain.fault == "the case stands at event 3, its history at 4"


@pytest.mark.parametrize(
    ("forgery", "fault", "told"),
    [
        ("body = '{}'", "event 1 has a body that does not match its header", 0),
        ("body = 'no'", "event 1 is not in canonical form", 0),
        ("hash = repeat('1', 64)", "the hash of event 1 does not match its header", 5),
        ("header = 'no'", "event 1 is not in canonical form", 0),
    ],
)
def test_forged_history_is_told_from_the_page(
    claims: Claims, database: Database, forgery: str, fault: str, told: int
) -> None:
    with psycopg.connect(database.owner_url) as connection:
        rows = connection.execute("SELECT DISTINCT tableoid::regclass::text FROM event").fetchall()
        for (table,) in rows:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
    change_as_owner(database, f"UPDATE event SET {forgery} WHERE seq = 1 AND case_id", "CLM-A")

    found = case(claims, "A")

    assert str(found.chain.fault).startswith(fault)
    assert len(found.events) == told


def test_an_unknown_case_or_task_is_none(nothing: Claims) -> None:
    programs = nothing.company.program
    assert read_case_page(nothing.database, "CLM-1", programs) is None
    task = next(iter(nothing.appointments.values()))
    assert read_task_page(nothing.database, task, programs, person="anna") is None


def test_a_task_comes_with_what_judging_it_needs(claims: Claims) -> None:
    found = task(claims, "F", "approve", "leo")

    assert (found.work.step, found.work.post) == ("approve", "lead")
    assert [(item.field, item.after) for item in found.shown] == [
        ("claimant", "Claimant F"),
        ("amount", "200"),
        ("report", "fine"),
    ]
    assert len(found.digest) == 64
    assert [(rule.rule, rule.rows) for rule in found.rules] == [("levels", (1,))]
    assert found.addressed is not None
    assert found.addressed.holders[0].name == "Leo"
    assert len(found.history) == 3
    given = options(found.program, found.case, str(found.work.id), found.facts)
    assert [(item.id, item.refusal) for item in given.outcomes] == [
        ("approve", None),
        ("reject", None),
    ]


def test_a_decision_shows_how_others_like_it_were_taken(claims: Claims) -> None:
    similar = task(claims, "F", "approve", "leo").similar

    # A was approved and B rejected; what the step shows has no choices to compare.
    assert similar is not None
    assert (similar.considered, similar.fields) == (2, ())
    assert similar.outcomes == {"approve": 1, "reject": 1}
    assert task(claims, "C", "examine", "anna").similar is None


def test_a_task_that_nobody_may_do_can_still_be_looked_at(claims: Claims) -> None:
    found = task(claims, "D", "suspect", "nobody")

    assert found.facts.actor.holdings == ()
    given = options(found.program, found.case, str(found.work.id), found.facts)
    assert all(item.refusal is not None for item in given.outcomes)
    assert found.as_at - found.work.opened_at >= HOUR
