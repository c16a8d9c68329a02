"""A step that begins cases of another workflow: begun once, waited for, and told apart."""

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Complete, Parent, Retry, Start
from kingpost.decisions.refusals import NotYourInterface
from kingpost.engine import perform as road
from kingpost.engine.carrying.applying import carry_all
from kingpost.engine.change import change_model
from kingpost.engine.outside.cases import do_due
from kingpost.engine.perform import Asked, perform
from kingpost.engine.verify import verify
from kingpost.model.assurance import CarryOver
from kingpost.store import cases
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.chains.lender import TEXT, checks, loan, look, opened, work
from tests.engine.office import Office, key, read
from tests.engine.test_races import at_once


@pytest.fixture
def lender(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=16) as pool:
        yield opened(pool)


def faults(lender: Office) -> set[str]:
    """Return what two opinions that know nothing of each other find wrong."""
    first = {str(fault) for fault in verify(lender.company).faults}
    return first | {str(finding) for finding in audit(lender.company.database)}


def test_a_case_for_each_begins_with_what_the_step_fills_in(lender: Office) -> None:
    case = loan(lender, "Rui", "Eva")
    assert lender.scalar("SELECT count(*) FROM case_file") == 1

    assert work(lender) == 2

    rui, eva = checks(lender, case)
    assert lender.case(rui).fields == {"who": "Rui", "amount": 100}
    assert lender.case(eva).fields == {"who": "Eva", "amount": 100}
    assert lender.case(rui).number.startswith("CK-")
    assert lender.steps(case) == {"checks"}
    assert faults(lender) == set()


def test_the_step_ends_with_the_last_of_them_and_keeps_what_they_brought(lender: Office) -> None:
    case = loan(lender, "Rui", "Eva")
    work(lender)
    rui, eva = checks(lender, case)

    look(lender, eva, 700)
    assert work(lender) == 1
    assert lender.steps(case) == {"checks"}
    look(lender, rui, 500)
    work(lender)

    assert lender.steps(case) == {"close"}
    # In the order of the list, and not in that in which they ended.
    assert lender.case(case).fields["scores"] == [500, 700]
    assert lender.case(case).fields["answers"] == ["bad", "good"]
    assert faults(lender) == set()


def test_nothing_listed_is_nothing_to_wait_for(lender: Office) -> None:
    case = loan(lender)

    assert lender.steps(case) == {"close"}
    assert work(lender) == 0
    assert faults(lender) == set()


# --- for which of them it waits -------------------------------------------------------------------

WAITS = "          each: guarantors\n"


def test_any_ends_with_the_first_and_the_others_go_on(database: Database) -> None:
    changed = {WAITS: WAITS + "          waits: any\n"}
    with Pool(database.app_url, connections=4) as pool:
        lender = opened(pool, changed)
        case = loan(lender, "Rui", "Eva")
        work(lender)
        rui, eva = checks(lender, case)

        look(lender, eva, 700)
        work(lender)
        assert lender.steps(case) == {"close"}
        assert lender.case(case).fields["scores"] == [700]
        look(lender, rui, 500)

        assert work(lender) == 0
        assert lender.case(rui).is_closed
        assert lender.case(case).fields["scores"] == [700]
        assert faults(lender) == set()


def test_none_goes_on_when_all_have_begun(database: Database) -> None:
    changed = {
        WAITS: WAITS + "          waits: none\n",
        "          brings: {scores: score, answers: state}\n": "",
    }
    with Pool(database.app_url, connections=4) as pool:
        lender = opened(pool, changed)
        case = loan(lender, "Rui", "Eva")
        assert do_due(lender.company, 1) == 1
        assert lender.steps(case) == {"checks"}
        work(lender)

        assert lender.steps(case) == {"close"}
        for check in checks(lender, case):
            look(lender, check, 700)
        assert work(lender) == 0
        assert faults(lender) == set()


# --- failures, withdrawal, chains without end -----------------------------------------------------


def test_a_case_that_cannot_begin_is_the_owners_trouble_until_it_can(database: Database) -> None:
    changed = {"who: each": "who: 'if each = \"nobody\" then null else each'"}
    with Pool(database.app_url, connections=4) as pool:
        lender = opened(pool, changed)
        case = loan(lender, "nobody", "Eva")

        work(lender)

        (token,) = lender.case(case).tokens.values()
        assert token.suspension is not None
        assert token.suspension.exception == "run-failed"
        assert lender.scalar("SELECT cause FROM child_case WHERE cause IS NOT NULL") == (
            "`check` needs `who`"
        )
        assert lender.scalar("SELECT post FROM task WHERE kind = 'run'") == "head"
        assert len(checks(lender, case)) == 1
        assert faults(lender) == set()
        refused = lender.ask(Retry(token.id), "kim")
        assert str(refused) == (
            "`checks` begins other cases, and you do not answer for that: `head` may"
        )
        lender.do(Retry(token.id, "try again"), "hedy")
        assert work(lender) == 1
        assert lender.scalar("SELECT fails FROM child_case WHERE cause IS NOT NULL") == 2
        assert faults(lender) == set()


def test_what_is_left_begins_nothing_more_and_what_has_begun_goes_on(database: Database) -> None:
    """A branch that nobody waits for any more is withdrawn with the cases that it wanted."""
    branches = """      checks:
        parallel:
          branches:
            asking:
              steps:
                ask:
                  run: {workflow: check, each: guarantors, with: {who: each}}
                  then: done
            asked: {task: Close, role: clerk}
          join: any
        state: checked
        then: closed
"""
    start = TEXT.index("      checks:\n")
    stop = TEXT.index("      closed: {state: gone")
    with Pool(database.app_url, connections=4) as pool:
        lender = opened(pool, {TEXT[start:stop]: branches})
        case = loan(lender, "Rui", "Eva")
        assert do_due(lender.company, 1) == 1
        (rui,) = checks(lender, case)

        lender.do(Complete(lender.task(case, "asked")), "carl")

        assert lender.case(case).is_closed
        assert work(lender) == 0
        look(lender, rui, 700)
        assert work(lender) == 0
        assert lender.case(rui).is_closed
        assert lender.scalar("SELECT count(*) FROM case_file") == 2
        assert lender.scalar("SELECT count(*) FROM child_case WHERE form IS NOT NULL") == 0
        assert faults(lender) == set()


def test_a_chain_of_cases_is_cut(database: Database) -> None:
    changed = {
        "workflows: [loan]": "workflows: [loan, check]",
        "      look: {task": "      more: {run: {workflow: check}, then: look}\n      look: {task",
    }
    with Pool(database.app_url, connections=4) as pool:
        lender = opened(pool, changed)
        loan(lender, "Rui")

        assert work(lender) == 21

        assert lender.scalar("SELECT count(*) FROM case_file") == 21
        assert lender.scalar("SELECT cause FROM child_case WHERE cause IS NOT NULL") == (
            "more than 20 cases have begun each other in a row"
        )
        assert faults(lender) == set()


def test_nobody_begins_a_case_in_the_name_of_a_step(lender: Office) -> None:
    case = loan(lender, "Rui")
    parent = Parent(case, "LN-1", "loan", "checks", lender.task(case, "checks"))
    asked = Asked(key(), Start({"who": "X"}, parent), person="kim", workflow="check")
    other = Asked(key(), Start({"name": "X"}, replace(parent, workflow="check")), workflow="loan")

    assert str(perform(lender.company, asked)) == "`check` is accepted only from `workflow/loan`"
    assert isinstance(perform(lender.company, other), NotYourInterface)


# --- races and kills ------------------------------------------------------------------------------


def test_cases_that_end_at_once_are_each_told_once(lender: Office) -> None:
    case = loan(lender, *(f"guarantor {number}" for number in range(8)))
    work(lender)
    begun = checks(lender, case)

    at_once(8, lambda number: look(lender, begun[number], 600 + number))
    at_once(6, lambda _: work(lender))
    work(lender)

    assert lender.steps(case) == {"close"}
    assert lender.case(case).fields["scores"] == [600 + number for number in range(8)]
    assert lender.case(case).version == 9
    assert faults(lender) == set()


def test_workers_that_begin_at_once_begin_each_case_once(lender: Office) -> None:
    case = loan(lender, *(f"guarantor {number}" for number in range(5)))

    at_once(6, lambda _: work(lender))

    assert len(checks(lender, case)) == 5
    assert lender.scalar("SELECT count(*) FROM case_file") == 6
    assert faults(lender) == set()


def test_a_step_is_left_while_its_case_begins(
    lender: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row is the one thing that both want: what comes second finds nothing to do."""
    loan(lender, "Rui")
    decide = road.decide

    def left_meanwhile(*given: object) -> object:
        with lender.company.database.connection() as connection:
            connection.execute("UPDATE child_case SET over_at = now(), form = NULL, next_at = NULL")
        return decide(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(road, "decide", left_meanwhile)
    work(lender)

    assert lender.scalar("SELECT count(*) FROM case_file") == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_that_dies_at_any_moment_leaves_it_to_the_next(
    lender: Office, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    case = loan(lender, "Rui", "Eva")
    _die(lender, monkeypatch, moment, count=2)
    for check in checks(lender, case):
        look(lender, check, 700)
    _die(lender, monkeypatch, moment, count=2)

    assert lender.steps(case) == {"close"}
    assert lender.scalar("SELECT count(*) FROM case_file") == 3
    assert lender.case(case).fields["scores"] == [700, 700]
    assert faults(lender) == set()


class KilledError(BaseException):
    """The worker is gone, as if it had been killed."""


def _die(lender: Office, monkeypatch: pytest.MonkeyPatch, moment: str, count: int) -> None:
    """Kill a worker at each command that it gives, just before or just after it is recorded."""
    record = cases.record
    for _ in range(count):

        def killed(*given: object, **named: object) -> object:
            if moment == "after":
                record(*given, **named)  # type: ignore[arg-type]
            raise KilledError

        with monkeypatch.context() as patched:
            patched.setattr(cases, "record", killed)
            with pytest.raises(KilledError):
                work(lender)
    work(lender)


# --- what the checker sees ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM child_case WHERE begun_at IS NULL",
        "UPDATE child_case SET over_at = now(), next_at = NULL, form = NULL WHERE form IS NOT NULL",
        "UPDATE child_case SET next_at = NULL WHERE begun_at IS NULL",
        "UPDATE child_case SET next_at = now() WHERE begun_at IS NOT NULL AND over_at IS NULL",
        "UPDATE child_case SET step = 'other' WHERE begun_at IS NOT NULL",
        "UPDATE child_case SET begun_at = now(), form = NULL WHERE begun_at IS NULL",
        "UPDATE child_case SET workflow = 'loan'",
    ],
)
def test_damage_is_found(lender: Office, database: Database, statement: str) -> None:
    loan(lender, "Rui", "Eva")
    assert do_due(lender.company, 1) == 1

    with psycopg.connect(database.owner_url) as connection:
        connection.execute(statement.encode())

    assert "I6" in {fault.invariant for fault in verify(lender.company).faults}
    assert "I6" in {finding.invariant for finding in audit(lender.company.database)}


GOVERNED = TEXT + 'governance: [{part: "*", custodian: head}]\n'
# What a case brings has another name, in it and where it is brought to.
GRADED = (
    GOVERNED.replace("      score: {type: integer}\n", "      grade: {was: score, type: integer}\n")
    .replace("brings: {scores: score", "brings: {scores: grade")
    .replace("records: [score], requires: [score]", "records: [grade], requires: [grade]")
    .replace("check.score", "check.grade")
)


def test_what_a_case_brings_is_known_by_its_name_when_one_of_two_went_over(lender: Office) -> None:
    lender.company.load(read(GOVERNED))
    case = loan(lender, "Rui")
    work(lender)
    [rui] = checks(lender, case)
    old = lender.case(case).model

    change_model(lender.company, read(GRADED), person="hedy", carry_over=CarryOver.NOW)
    carry_all(lender.company)
    # The loan waits for cases that are under way, so that somebody has to be asked about it.
    assert lender.case(case).model == old
    assert lender.case(rui).model == lender.company.active().version
    lender.do(Complete(lender.task(rui, "look"), {"grade": 700}), "kim")
    work(lender)

    assert lender.steps(case) == {"close"}
    assert lender.case(case).fields["scores"] == [700]
    assert faults(lender) == set()
