"""`kingpost alarms`: what nobody can do, as text and as JSON, and its status."""

import json
from collections.abc import Iterator

import pytest

from kingpost.engine import register
from kingpost.store.pool import Database as Pool
from tests.cli.program import run, settings_of
from tests.database import Database
from tests.engine.office import LONG_AGO, Office


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=4) as pool:
        yield Office.opened(pool)


def test_without_an_alarm_it_says_so(office: Office, database: Database) -> None:
    assert office.appointments

    answer = run("alarms", settings=settings_of(database))

    assert (answer.status, answer.out) == (
        0,
        "No alarm: every post that has something to do is filled, and all work reaches somebody.\n",
    )


def test_alarms_are_told_with_what_to_do(office: Office, database: Database) -> None:
    office.examined("900")
    register.end_appointment(office.company, office.appointments["hedy"], LONG_AGO, by="test")
    settings = settings_of(database)

    told, document = run("alarms", settings=settings), run("alarms", "--json", settings=settings)

    head, claim = (found := json.loads(document.out))["alarms"]
    left, opened = (alarm["since"][:16].replace("T", " ") for alarm in (head, claim))
    assert (told.status, told.out) == (
        1,
        f"""\
vacant post/head since {left} UTC
    Nobody holds “Head of claims”, and nobody stands in for it. It is needed for \
“Customers trust us”, “Claim”, “the model’s part *” and “Is the claim approved?”.
    Appoint somebody to it, or name in its vacancy policy a post that acts.
    For: whoever keeps the register
undecided workflow/claim/step/approve, oldest from {opened} UTC
    Nobody whom “Is the claim approved?” reaches may take any outcome of it in 1 case.
    CLM-1
    Appoint somebody to “Head of claims”, who may take an outcome here.
    For: whoever keeps the register
2 alarms.
""",
    )
    assert (document.status, sorted(found)) == (1, ["alarms", "as_at"])
    assert (claim["kind"], claim["posts"], claim["numbers"]) == ("undecided", ["head"], ["CLM-1"])
    assert head["duties"][0] == {"address": "objective/trust", "title": "Customers trust us"}
