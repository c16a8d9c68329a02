"""The lending process through the engine, and on the floor beneath it.

The floor does for each command a hand-written read and the one recording call, with what the engine
recorded for a case just like it; it looks at no model and decides nothing.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from measuring.desk import new_key
from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.commands import Command, Complete, Decide, Deliver, Start
from kingpost.decisions.transition import Transition
from kingpost.engine import register
from kingpost.engine.company import Company
from kingpost.engine.outside import calls
from kingpost.engine.perform import Asked, Done, perform
from kingpost.engine.register import Appointment
from kingpost.notation.reading import read_model
from kingpost.store import cases
from kingpost.store.due import outbox
from kingpost.store.pool import Database
from kingpost.store.recording.news import write_news
from kingpost.values.identity import identify

PEOPLE: Mapping[str, str] = {"una": "underwriter", "app": "approver", "pay": "payer"}
FORM = {"amount": "48000", "income": "30000", "debts": "2000"}
_MODEL = Path(__file__).with_name("loan.yaml")
_READ = """
    SELECT c.id, c.version, c.head, c.fields, c.position, clock_timestamp() AS now,
           (SELECT jsonb_agg(id) FROM appointment
             WHERE person = %(person)s AND during @> clock_timestamp()) AS rights
      FROM case_file AS c
     WHERE c.id = %(case)s
"""
_RECORD = """
    SELECT answer FROM record(%(command)s, %(fingerprint)s, %(expected)s, %(news)s::jsonb,
                              %(header)s, %(body)s)
"""


def open_lender(database: Database) -> Company:
    """Load the model, and put three people on its posts."""
    company = Company(database)
    reading = read_model({_MODEL.name: _MODEL.read_text()})
    assert reading.model is not None, [str(item) for item in reading.diagnostics]
    company.load(reading.model)
    register.keep_people(company, ((name, name) for name in PEOPLE))
    since = datetime(2020, 1, 1, tzinfo=UTC)
    held = [Appointment(name, post, since) for name, post in PEOPLE.items()]
    register.appoint(company, held, by="bench")
    return company


def case(company: Company) -> UUID:
    """Take one case from the form to the money."""

    def act(person: str | None, command: Command, interface: str | None = None) -> UUID:
        flow = "loan" if isinstance(command, Start) else None
        asked = Asked(new_key(), command, person=person, interface=interface, workflow=flow)
        answer = perform(company, asked)
        assert isinstance(answer, Done), str(answer)
        return answer.case

    made = act(None, Start(FORM), "portal")
    (job,) = calls.claim(company, "bureau", 1)
    assert calls.answered(company, job, {"score": 702}) is None
    act("una", Decide(_task(company, made), "eligible"))
    act("app", Decide(_task(company, made), "approve"))
    act(None, Deliver(_task(company, made), "accepted"), "portal")
    act("pay", Complete(_task(company, made), {"paid-on": "2026-11-27"}))
    return made


def _task(company: Company, case: UUID) -> str:
    """Return the one piece of open work of a case, as a worklist would."""
    with company.database.connection() as connection:
        row = connection.execute("SELECT id FROM task WHERE case_id = %s", [case]).fetchone()
    assert row is not None, "the case waits for somebody"
    return str(row["id"])


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one command recorded, as text. person: whose rights were read."""

    news: str
    header: str
    body: str
    expected: int
    person: str | None


class Floor:
    """Does to a new case what the engine did to one like it, without looking."""

    def __init__(self, company: Company) -> None:
        """Watch the engine take one case through."""
        self._database = company.database
        seen: list[Transition] = []
        record = cases.record

        def watched(
            connection: Connection[DictRow], made: Transition, *, command: UUID, fingerprint: str
        ) -> tuple[bool, UUID, int]:
            seen.append(made)
            return record(connection, made, command=command, fingerprint=fingerprint)

        with patch.object(cases, "record", watched):
            case(company)
        self._number = seen[0].case.number
        self._case = str(seen[0].case.id)
        self._tokens = sorted({name for made in seen for name in made.case.tokens})
        self._steps = tuple(map(_recorded, seen))

    def case(self) -> None:
        """Take one case from the form to the money."""
        made = identify(datetime.now(UTC), str(new_key()))  # noqa: TID251 - as the floor would
        swaps = {self._case: str(made), self._number: f"FLOOR-{made}"}
        swaps |= {name: str(new_key()) for name in self._tokens}
        for step in self._steps:
            with self._database.connection() as connection:
                if step.expected == 1:
                    (claimed,) = outbox.claim(connection, "bureau", 1, 30)
                    assert claimed.case == made
                    outbox.note_health(connection, "bureau", answers=True)
                connection.execute(_READ, {"person": step.person, "case": made}).fetchone()
                _write(connection, step, swaps)
                # As a worklist would.
                connection.execute("SELECT id FROM task WHERE case_id = %s", [made]).fetchone()


def _recorded(made: Transition) -> Recorded:
    body: dict[str, Any] = made.body
    news = json.dumps(write_news(made), separators=(",", ":"))
    person = body.get("actor", {}).get("person")
    link = made.link
    return Recorded(news, link.header.decode(), link.body.decode(), made.case.version - 1, person)


def _write(connection: Connection[DictRow], step: Recorded, swaps: Mapping[str, str]) -> None:
    news, header, body = _swapped((step.news, step.header, step.body), swaps)
    answer = connection.execute(
        _RECORD,
        {
            "command": new_key(),
            "fingerprint": "0" * 64,
            "expected": step.expected,
            "news": news,
            "header": header.encode(),
            "body": body.encode(),
        },
    ).fetchone()
    assert answer == {"answer": "recorded"}, answer


def _swapped(texts: tuple[str, ...], swaps: Mapping[str, str]) -> Iterator[str]:
    for text in texts:
        for old, new in swaps.items():
            text = text.replace(old, new)  # noqa: PLW2901 - one after the other
        yield text
