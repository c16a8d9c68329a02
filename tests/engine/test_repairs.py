"""Repairs over a real database: two at once, what is stale, what breaks off, and the checkers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Command, Complete, Confirm, Propose, Record
from kingpost.engine.perform import Asked, Done, perform
from kingpost.engine.verify import verify
from kingpost.queries.case_page import read_case_page
from kingpost.store import cases
from kingpost.store.pool import Database as Pool
from tests.database import Database, Databases
from tests.engine.office import HOLDERS, Office, key
from tests.engine.test_races import at_once, kinds

TEXT = (
    (Path(__file__).parent / "company.yaml")
    .read_text()
    .replace("    prefix: CLM\n", "    prefix: CLM\n    repaired-by: [head, lead]\n")
)


@pytest.fixture(scope="module")
def office(databases: Databases) -> Iterator[Office]:
    """One company for all tests here: each looks at cases of its own."""
    with databases.kept() as database, Pool(database.app_url, connections=8) as pool:
        yield Office.opened(pool, {**HOLDERS, "hugo": "head"}, text=TEXT)


def ask(
    office: Office, case: UUID, command: Command, person: str, *, again: UUID | None = None
) -> object:
    return perform(office.company, Asked(again or key(), command, case, person))


def proposed(office: Office, case: UUID, command: Propose) -> Confirm:
    done = ask(office, case, command, "hedy")
    assert isinstance(done, Done), str(done)
    return Confirm(done.seq)


def faults(office: Office) -> list[str]:
    """Return what either checker finds, the one that shares the fold and the one that does not."""
    found = [f"{fault.invariant} {fault.message}" for fault in verify(office.company).faults]
    return [*found, *(str(each) for each in audit(office.company.database))]


def test_a_repair_of_every_kind_leaves_nothing_behind(office: Office) -> None:
    case = office.start()
    for command in (
        Propose({"amount": "300", "claimant": "Rita Pardo"}, reason="misspelt"),
        Propose(task=office.task(case, "examine"), to="done", reason="examined on paper"),
    ):
        assert isinstance(ask(office, case, proposed(office, case, command), "leo"), Done)
        assert faults(office) == []
    assert office.steps(case) == {"handling", "suspect"}
    for command in (
        Propose(task=office.task(case, "suspect"), outcome="clear", reason="the checker is ill"),
        Propose({"report": "on paper"}, reason="typed"),
    ):
        assert isinstance(ask(office, case, proposed(office, case, command), "leo"), Done)
    moved = Propose(task=office.task(case, "approve"), to="payment", reason="paid already")
    proposed(office, case, moved)
    assert faults(office) == []
    assert isinstance(ask(office, case, Confirm(office.case(case).version), "hugo"), Done)

    assert office.steps(case) == {"payment"}
    assert faults(office) == []
    page = read_case_page(office.company.database, office.case(case).number, office.company.program)
    assert page is not None
    first, second = page.events[1:3]
    assert [(item.field, item.before, item.after) for item in first.changes] == [
        ("amount", "200", "300"),
        ("claimant", "Rita Prado", "Rita Pardo"),
    ]
    assert (first.kind, first.reason, second.kind, second.changes) == (
        "proposed",
        "misspelt",
        "repaired",
        first.changes,
    )


def test_of_many_who_confirm_at_once_one_repairs(office: Office) -> None:
    case = office.start()
    confirm = proposed(office, case, Propose({"amount": "1"}, reason="less"))

    answers = at_once(8, lambda n: ask(office, case, confirm, ("leo", "hugo")[n % 2]))

    assert kinds(answers) == {"Done": 1, "ProposalGone": 7}
    assert office.case(case).version == 3


def test_a_case_that_moves_at_the_same_moment_is_repaired_before_or_not_at_all(
    office: Office,
) -> None:
    for _ in range(5):
        case = office.start()
        examine = office.task(case, "examine")
        confirm = proposed(office, case, Propose(task=examine, to="done", reason="on paper"))

        repaired, done = at_once(
            2,
            lambda n, case=case, examine=examine, confirm=confirm: (
                ask(office, case, confirm, "leo")
                if n
                else office.ask(Complete(examine, {"report": "x"}), "anna")
            ),
        )[::-1]

        assert isinstance(repaired, Done) != isinstance(done, Done)
        assert office.steps(case) == {"handling", "suspect"}


def test_a_proposal_is_stale_once_anything_was_recorded(office: Office) -> None:
    case = office.start()
    confirm = proposed(office, case, Propose({"amount": "1"}, reason="less"))
    office.do(Record(office.task(case, "examine"), {"report": "x"}), "anna")

    assert str(ask(office, case, confirm, "leo")) == (
        "event 2 is not the latest of the case, or proposes nothing: look at the case again, and"
        " propose the repair anew"
    )


@pytest.mark.parametrize("through", [True, False])
def test_an_answer_that_is_lost_is_given_again_and_the_repair_happens_once(
    office: Office, monkeypatch: pytest.MonkeyPatch, *, through: bool
) -> None:
    """The connection breaks off when the commit is through, or just before it."""
    case, name, record, broken = office.start(), key(), cases.record, list[bool]()
    confirm = proposed(office, case, Propose({"amount": "1"}, reason="less"))

    def cut(*what: Any, **more: Any) -> object:  # noqa: ANN401 - whatever the real one takes
        answer = record(*what, **more) if broken or through else None
        if broken:
            return answer
        broken.append(True)
        raise psycopg.OperationalError("the connection broke")

    with monkeypatch.context() as patched:
        patched.setattr(cases, "record", cut)
        answer = ask(office, case, confirm, "leo", again=name)

    assert isinstance(answer, Done)
    assert (answer.seq, answer.repeated) == (3, through)
    assert office.case(case).version == 3
    again = ask(office, case, confirm, "leo", again=name)
    assert again == Done(case, answer.number, 3, repeated=True)


def test_who_may_not_confirm_is_told_why(office: Office) -> None:
    case = office.start()
    confirm = proposed(office, case, Propose({"amount": "1"}, reason="less"))

    assert str(ask(office, case, confirm, "anna")) == (
        "you may not repair cases of `claim`: `head`, `lead` may"
    )
    assert str(ask(office, case, confirm, "hedy")) == (
        "`hedy` proposed this repair: another person has to confirm it"
    )


def test_the_checker_finds_a_repair_that_one_person_did_alone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the road that writes had not asked for a second person; in a company of its own."""
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool, text=TEXT)
        case = office.start()
        confirm = proposed(office, case, Propose({"amount": "1"}, reason="less"))
        with monkeypatch.context() as patched:
            patched.setattr("kingpost.decisions.judging.repairs.repairing._person", _somebody)
            assert isinstance(ask(office, case, confirm, "hedy"), Done)

        (fault,) = (str(each) for each in audit(office.company.database))

    assert "event 3: it was proposed and confirmed by the same person" in fault


def _somebody(_: object) -> str:
    return "somebody"
