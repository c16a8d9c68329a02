"""Reorganising while people work and are appointed, while who does it is killed, and forgeries."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from uuid import UUID

import psycopg
import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Assign, Complete, Start
from kingpost.decisions.refusals import OverAllowance
from kingpost.engine import register
from kingpost.engine.change import change_model
from kingpost.engine.perform import Done
from kingpost.engine.register import Appointment, NotAppointedError
from kingpost.engine.verify import verify
from kingpost.model.assurance import CarryOver
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.decisions.purchase import PURCHASE
from tests.engine.office import LONG_AGO, Office, read
from tests.engine.restructuring.reorganised import MERGED, RENAMED, load, sound
from tests.engine.test_allowances import HOLDERS as BUYERS
from tests.engine.test_allowances import approve, ledger
from tests.engine.test_races import at_once

RACES = 8
# Loads a version of the test's company, and says when it begins to.
LOADER = """
import sys
from kingpost.engine.change import change_model
from kingpost.engine.company import Company
from kingpost.store.pool import Database
from tests.engine.office import read
from tests.engine.restructuring.reorganised import RENAMED
with Database(sys.argv[1], connections=2) as pool:
    company, model = Company(pool), read(RENAMED)
    print("ready", flush=True)
    change_model(company, model, person="hedy")
"""


def all_held(office: Office, post: str) -> set[str]:
    with office.company.database.connection() as connection:
        rows = connection.execute(
            "SELECT person FROM appointment WHERE post = %s AND during @> clock_timestamp()",
            [post],
        ).fetchall()
    return {row["person"] for row in rows}


def test_who_is_appointed_at_the_same_moment_comes_along_or_is_told_that_the_post_is_gone(
    database: Database, size: Callable[[int], int]
) -> None:
    with Pool(database.app_url, connections=16) as pool:
        office = Office.opened(pool)
        again = RENAMED.replace("was: desk", "was: counter").replace("  counter: {", "  office: {")
        again = again.replace("{post: counter}", "{post: office}")
        for text, old, new in ((RENAMED, "desk", "counter"), (again, "counter", "office")):
            people = [f"{old}-{number}" for number in range(size(RACES))]
            register.keep_people(office.company, [(name, name) for name in people])

            def act(
                number: int, text: str = text, old: str = old, people: list[str] = people
            ) -> object:
                if number == 0:
                    return load(office, text)
                wish = Appointment(people[number - 1], old, LONG_AGO)
                return register.appoint(office.company, [wish], by="test")

            answers = at_once(len(people) + 1, act)

            assert answers[0] is None, answers[0]
            made = {
                name
                for name, answer in zip(people, answers[1:], strict=True)
                if isinstance(answer, list)
            }
            refused = [answer for answer in answers[1:] if not isinstance(answer, list)]
            assert all(isinstance(answer, NotAppointedError | KeyError) for answer in refused), (
                refused
            )
            assert all_held(office, old) == set()
            assert made <= all_held(office, new)
        sound(office)


def test_work_that_is_taken_and_done_at_the_same_moment_is_done_once_and_by_who_may(
    database: Database, size: Callable[[int], int]
) -> None:
    with Pool(database.app_url, connections=16) as pool:
        office = Office.opened(pool)
        cases = [office.start() for _ in range(size(RACES))]
        tasks = [office.task(case, "examine") for case in cases]

        def act(number: int) -> object:
            if number == 0:
                return load(office, MERGED)
            task = tasks[number - 1]
            if number % 2:
                return office.ask(Assign(task, "anna"), "anna")
            return office.ask(Complete(task, {"report": "fine"}), "ben")

        answers = at_once(len(tasks) + 1, act)

        assert answers[0] is None, answers[0]
        assert all(isinstance(answer, Done) for answer in answers[1:]), answers
        sound(office)
        for case, task in zip(cases, tasks, strict=True):
            if task in {token.id for token in office.case(case).tokens.values()}:
                assert isinstance(office.ask(Complete(task, {"report": "fine"}), "carl"), Done)
        sound(office)


def test_who_is_killed_while_it_takes_effect_has_done_all_of_it_or_nothing(
    database: Database, size: Callable[[int], int]
) -> None:
    with Pool(database.app_url, connections=4) as pool:
        office = Office.opened(pool)
        office.start()
        for number in range(size(4)):
            command = [sys.executable, "-c", LOADER, database.app_url]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
                assert child.stdout is not None
                assert child.stdout.readline() == "ready\n"
                time.sleep(0.012 * number)
                os.kill(child.pid, signal.SIGKILL)
            held = {post: all_held(office, post) for post in ("desk", "counter")}
            both = {"anna", "ben"}
            done = held == {"desk": set(), "counter": both}
            assert done or held == {"desk": both, "counter": set()}, held
            sound(office)
            if done:
                break


@pytest.fixture
def shop(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=8) as pool:
        yield Office.opened(pool, BUYERS, text=PURCHASE, workflow="purchase")


def test_what_is_used_up_of_an_allowance_is_no_fresh_money_under_another_name(shop: Office) -> None:
    def wished(price: str) -> UUID:
        return shop.do(Start({"price": price, "what": "a drill"}), "anna").case

    old, later, spent = wished("300.00 EUR"), wished("400.00 EUR"), wished("600.00 EUR")
    assert isinstance(approve(shop, spent), Done)

    renamed = PURCHASE.replace("  lead:\n", "  buyer:\n    was: lead\n").replace("lead", "buyer")
    renamed = renamed.replace("was: buyer", "was: lead")
    change_model(shop.company, read(renamed), person="hedy", carry_over=CarryOver.STAY)

    assert ledger(shop) == [("buyer", 1, 0, 600), ("lead", 1, 0, 600)]
    # A case of before and one of now draw on the same money.
    assert isinstance(approve(shop, old), Done)
    assert ledger(shop)[1] == ("buyer", 2, 600, 300)
    new = wished("200.00 EUR")
    assert isinstance(approve(shop, new), OverAllowance)
    assert isinstance(approve(shop, later), OverAllowance)
    sound(shop)
    # Taken back, it is still no fresh money, and nothing counts twice.
    change_model(shop.company, read(PURCHASE), person="hedy", carry_over=CarryOver.STAY)
    assert ledger(shop)[-1] == ("lead", 2, 600, 300)
    sound(shop)


_OPEN = "ALTER TABLE reorganisation DISABLE TRIGGER USER; "
_TOLD = "convert_to(replace(convert_from(body, 'UTF8'), 'renamed', 'merged'), 'UTF8')"
FORGED = (
    "UPDATE post_taken SET heir = 'head' WHERE post = 'desk'",
    "DELETE FROM post_taken",
    f"{_OPEN} UPDATE reorganisation SET hash = repeat('0', 64)",
    f"{_OPEN} UPDATE reorganisation SET body = {_TOLD}",
    f"{_OPEN} DELETE FROM reorganisation",
)


@pytest.mark.parametrize("forgery", FORGED)
def test_whoever_forges_what_was_reorganised_is_found_by_both_who_verify(
    database: Database, forgery: str
) -> None:
    with Pool(database.app_url, connections=4) as pool:
        office = Office.opened(pool)
        load(office, RENAMED)
        sound(office)

        with psycopg.connect(database.owner_url, autocommit=True) as owner:
            owner.execute(forgery.encode())

        assert [fault for fault in verify(office.company).faults if fault.invariant == "I17"]
        assert [found for found in audit(office.company.database) if found.invariant == "I17"]


def test_an_appointment_that_did_not_go_over_as_it_says_is_found(database: Database) -> None:
    with Pool(database.app_url, connections=4) as pool:
        office = Office.opened(pool)
        load(office, RENAMED)

        with psycopg.connect(database.owner_url, autocommit=True) as owner:
            owner.execute(
                "UPDATE appointment SET person = 'leo' WHERE post = 'counter' AND person = 'ben'"
            )

        found = [str(each) for each in audit(office.company.database)]
        assert [words for words in found if "goes on as another person's" in words], found
