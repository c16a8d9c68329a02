"""What is due of many cases is done together; one that cannot be holds up no other."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from typing import LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from kingpost.audit.auditing import audit
from kingpost.engine.batches.together import perform_together
from kingpost.engine.perform import Asked, expire, expiry, perform
from kingpost.engine.verify import verify
from kingpost.store.pool import Database as Pool
from kingpost.worker.pump import Pumped, Resting, pump_once
from tests.database import Database
from tests.engine.office import WITH_A_LADDER, Office

DAYS_OVER, DAYS_NOT_OVER = 20, 5
STUMBLE: LiteralString = """
    CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the disk stumbles';
    END $$;
    CREATE TRIGGER stumble BEFORE INSERT ON visit
       FOR EACH ROW WHEN (NEW.case_id = {bad}) EXECUTE FUNCTION stumble();
"""
WARNED = timedelta(days=1, hours=1)


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=8) as pool:
        yield Office.opened(pool, text=WITH_A_LADDER)


def over(office: Office, days: int = DAYS_OVER) -> Asked:
    """Return what the clock asks of a case that waits for the bank since so many days."""
    case = office.paid_long_ago(days)
    return expiry(UUID(office.task(case, "payment")), case)


def transactions(office: Office, kind: str) -> object:
    """Return in how many transactions the events of a kind were recorded, and how many they are."""
    return office.scalar(
        "SELECT ARRAY[count(DISTINCT xmin::text), count(*)] FROM event WHERE kind = %s", kind
    )


def test_what_is_due_of_many_cases_is_recorded_in_one_transaction(office: Office) -> None:
    for _ in range(3):
        office.begun_ago(WARNED)
        office.paid_long_ago(DAYS_OVER)

    assert pump_once(office.company) == Pumped(done=6, left=0)

    assert transactions(office, "expired") == [1, 3]
    assert transactions(office, "warned") == [1, 3]
    assert (verify(office.company).faults, [*audit(office.company.database)]) == ((), [])


def test_what_is_refused_or_known_is_left_out_and_the_others_are_done(office: Office) -> None:
    due, early, done = over(office), over(office, DAYS_NOT_OVER), over(office)
    perform(office.company, done)
    unnamed = expiry(UUID(int=1))

    found = perform_together(office.company, [early, due, done, unnamed])

    assert list(found) == [due.key]
    assert (found[due.key].case, found[due.key].seq) == (due.case, 5)
    assert due.case is not None
    assert office.case(due.case).is_closed


def test_it_has_the_effect_and_the_key_that_it_has_by_itself(office: Office) -> None:
    due = over(office)

    (first,) = perform_together(office.company, [due]).values()
    again = expire(office.company, UUID(due.command.task))  # type: ignore[union-attr]

    assert (again.case, again.seq, again.repeated) == (first.case, first.seq, True)  # type: ignore[union-attr]


def test_of_two_about_one_case_the_first_is_done(office: Office) -> None:
    due = over(office)
    other = expiry(UUID(int=1), due.case)

    assert list(perform_together(office.company, [due, other])) == [due.key]


def test_a_case_in_other_hands_is_waited_for_by_itself(office: Office) -> None:
    held, free = over(office), over(office)
    with office.company.database.transaction() as connection:
        connection.execute("SELECT FROM case_file WHERE id = %s FOR UPDATE", [held.case])

        assert list(perform_together(office.company, [held, free])) == [free.key]
        worker = Thread(target=pump_once, args=(office.company,))
        worker.start()

    worker.join()
    assert held.case is not None
    assert office.case(held.case).is_closed


def test_one_that_the_database_does_not_take_holds_up_no_other(
    office: Office, database: Database
) -> None:
    bad, *good = (office.paid_long_ago(DAYS_OVER) for _ in range(4))
    with psycopg.connect(database.owner_url, autocommit=True) as owner:
        owner.execute(sql.SQL(STUMBLE).format(bad=sql.Literal(str(bad))))
    resting = Resting()

    assert pump_once(office.company, resting=resting) == Pumped(done=3, left=1)

    assert [office.case(case).is_closed for case in (bad, *good)] == [False, True, True, True]
    assert resting.now() == (UUID(office.task(bad, "payment")),)
