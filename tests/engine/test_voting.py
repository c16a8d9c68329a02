"""Several people who decide together over a real database, also at the same moment."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from kingpost.decisions.commands import Decide, Start
from kingpost.decisions.refusals import NotYourPost
from kingpost.engine import perform as road
from kingpost.engine import register
from kingpost.engine.verify import verify
from kingpost.model.workflow import Decision
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.decisions.loan import LOAN
from tests.engine.office import Office
from tests.engine.test_races import at_once, kinds

BOARD = {"dina": "desk", "ada": "board", "bo": "board", "cy": "board", "di": "board"}


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=16) as pool:
        yield Office.opened(pool, BOARD, text=LOAN, workflow="loan")


def asked(office: Office) -> str:
    case = office.do(Start({"amount": "400"}), "dina").case
    return office.task(case, "agree")


def events(office: Office) -> Counter[str]:
    with office.company.database.connection() as connection:
        rows = connection.execute("SELECT kind FROM event").fetchall()
    return Counter(row["kind"] for row in rows)


def test_two_votes_at_once_both_count_and_one_decides(office: Office) -> None:
    tasks = [asked(office) for _ in range(10)]

    for task in tasks:
        answers = at_once(
            2, lambda n, task=task: office.ask(Decide(task, "grant"), ("ada", "bo")[n])
        )
        assert kinds(answers) == {"Done": 2}

    assert events(office) == {"started": 10, "voted": 10, "decided": 10}
    assert office.scalar("SELECT count(*) FROM case_file WHERE closed_at IS NULL") == 0
    assert verify(office.company).faults == ()


def test_one_person_in_many_windows_has_one_vote(office: Office) -> None:
    task = asked(office)

    answers = at_once(20, lambda _: office.ask(Decide(task, "grant"), "ada"))

    assert kinds(answers) == {"Done": 1, "AlreadyVoted": 19}
    assert office.scalar("SELECT count(*) FROM case_file WHERE closed_at IS NULL") == 1


def test_four_votes_at_once_are_two_and_two_too_late(office: Office) -> None:
    task = asked(office)

    answers = at_once(4, lambda n: office.ask(Decide(task, "grant"), ("ada", "bo", "cy", "di")[n]))

    assert kinds(answers) == {"Done": 2, "NoSuchCase": 2}
    assert events(office) == {"started": 1, "voted": 1, "decided": 1}


def test_a_vote_needs_its_right_when_it_is_recorded(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, decide, ended = asked(office), road.decide, list[str]()
    office.do(Decide(task, "grant"), "ada")

    def slow(*facts: object) -> object:
        outcome = decide(*facts)  # type: ignore[arg-type]
        if not ended:
            now = datetime.now(UTC)  # noqa: TID251 - when an appointment ends is told from outside.
            register.end_appointment(office.company, office.appointments["bo"], now, by="test")
            ended.append("ended")
        return outcome

    monkeypatch.setattr(road, "decide", slow)

    assert isinstance(office.ask(Decide(task, "grant"), "bo"), NotYourPost)
    assert events(office) == {"started": 1, "voted": 1}


def test_a_decision_that_too_few_voted_for_is_found(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the road that writes had counted wrong."""
    task = asked(office)
    with monkeypatch.context() as patched:
        patched.setattr(Decision, "needs", _one)
        office.do(Decide(task, "grant"), "ada")

    (fault,) = verify(office.company).faults

    assert (fault.invariant, fault.message) == (
        "I7",
        "event 2 decides what fewer people voted for than must agree",
    )


def _one(step: Decision, outcome: str) -> int:
    return 1
