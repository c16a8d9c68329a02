"""Many at once on few cases, posts and people: nobody waits for each other in a circle."""

import random  # noqa: TID251 - with a seed, so that it can be had again
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Assign, Decide, Record
from kingpost.engine import delegations, register
from kingpost.engine.delegations import Delegation
from kingpost.engine.perform import ContentionError, Done
from kingpost.engine.register import Absence, Appointment, NotAppointedError, NotAwayError
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.office import Office
from tests.engine.test_races import at_once

_CLIENTS = 16
_CASES = 3


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=_CLIENTS) as pool:
        yield Office.opened(pool)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - when somebody comes or goes is told from outside.


def _one(office: Office, tasks: list[dict[str, str]], chance: random.Random) -> object:
    """Do one thing that somebody else may be doing to the same rows."""
    task = chance.choice(tasks)
    match chance.randrange(6):
        case 0:
            return office.ask(Record(task["examine"], {"report": str(chance.random())}), "anna")
        case 1:
            return office.ask(Decide(task["suspect"], "again"), "leo")
        case 2:
            return office.ask(Assign(task["examine"], "ben"), "ben")
        case 3:
            posts = chance.sample(["check", "desk", "head"], 2)
            wishes = [Appointment("ben", post, _now()) for post in posts]
            made = register.appoint(office.company, wishes, by="test")
            return [
                register.end_appointment(office.company, each, _now(), by="test") for each in made
            ]
        case 4:
            absence = Absence("carl", _now(), _now() + timedelta(seconds=1))
            made_absence = register.note_absence(office.company, absence, by="carl")
            return register.end_absence(office.company, made_absence, _now(), by="carl")
        case _:
            wish = Delegation("leo", "lead", "anna", _now(), _now() + timedelta(days=1), "Leave")
            lent = delegations.delegate(office.company, wish, by="leo")
            return delegations.end_delegation(office.company, lent, _now(), by="leo")


@pytest.mark.slow
def test_a_storm_has_no_deadlock(
    office: Office, database: Database, size: Callable[[int], int]
) -> None:
    tasks: list[dict[str, str]] = []
    for _ in range(_CASES):
        case = office.start()
        tasks.append({step: office.task(case, step) for step in ("examine", "suspect")})
    each = -(-size(160) // _CLIENTS)

    def client(number: int) -> list[object]:
        chance, answers = random.Random(number), list[object]()
        for _ in range(each):
            try:
                answers.append(_one(office, tasks, chance))
            except (ContentionError, NotAppointedError, NotAwayError) as error:
                answers.append(error)
        return answers

    answers = at_once(_CLIENTS, client)

    broken = [answer for answer in answers if not isinstance(answer, list)]
    assert broken == []
    assert any(isinstance(item, Done) for answer in answers for item in answer)  # type: ignore[attr-defined]
    with psycopg.connect(database.owner_url) as owner:
        query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        assert owner.execute(query).fetchone() == (0,)
    assert list(audit(office.company.database)) == []
