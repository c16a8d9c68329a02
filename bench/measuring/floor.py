"""The floor: the same writes by a hand-written read and one recording call, and nothing else.

No model is looked at and nothing is decided: what is recorded is what the engine recorded for a
case just like it, with other identifiers in it.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from measuring.desk import RECORDED, Work, new_key

from kingpost.decisions.commands import Actor, Complete, Facts
from kingpost.decisions.decide import decide
from kingpost.decisions.transition import Transition
from kingpost.engine.company import Company
from kingpost.store import cases
from kingpost.store.pool import Database
from kingpost.store.recording.news import write_news

_READ = """
    SELECT c.id, c.version, c.head, c.fields, c.position, clock_timestamp() AS now,
           (SELECT jsonb_agg(id) FROM appointment
             WHERE person = %(person)s AND during @> clock_timestamp()) AS rights
      FROM task AS t
      JOIN case_file AS c ON c.id = t.case_id
     WHERE t.id = %(task)s
"""
_RECORD = """
    SELECT answer FROM record(%(command)s, %(fingerprint)s, %(expected)s, %(news)s::jsonb,
                              %(header)s, %(body)s)
"""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What one completion recorded, as text, and the identifiers that stand in it."""

    news: str
    header: str
    body: str
    case: str
    task: str
    opened: str

    def of(self, case: str, task: str, opened: str) -> tuple[str, bytes, bytes]:
        """Return the same with other identifiers."""
        texts = (self.news, self.header, self.body)
        swaps = ((self.case, case), (self.task, task), (self.opened, opened))
        for old, new in swaps:
            texts = tuple(text.replace(old, new) for text in texts)
        return texts[0], texts[1].encode(), texts[2].encode()


def pattern(company: Company, work: Work) -> Pattern:
    """Decide one completion, without recording it, and keep what it would record."""
    with company.database.connection() as connection:
        row = connection.execute("SELECT case_id FROM task WHERE id = %s", [work.task]).fetchone()
        assert row is not None
        case, held, now = cases.read_facts(connection, None, row["case_id"], work.person)
    assert case is not None
    facts = Facts(now, now, Actor(work.person, None, held), seed=bytes(32))
    program = company.program(case.model)
    made = decide(program, case, Complete(work.task, RECORDED), facts)
    assert isinstance(made, Transition), str(made)
    (item,) = (item for item in made.items if item.step == "work")
    news = json.dumps(write_news(made), separators=(",", ":"))
    link = made.link
    texts = (news, link.header.decode(), link.body.decode())
    return Pattern(*texts, case=str(case.id), task=work.task, opened=str(item.id))


def complete(database: Database, shape: Pattern, work: Work) -> None:
    """Do to a task what the engine does, without looking."""
    with database.connection() as connection:
        row = connection.execute(_READ, {"person": work.person, "task": work.task}).fetchone()
        assert row is not None
        news, header, body = shape.of(str(row["id"]), work.task, str(new_key()))
        assert datetime.now(UTC) >= row["now"]  # noqa: TID251 - the row is used, as one would.
        answer = connection.execute(
            _RECORD,
            {
                "command": new_key(),
                "fingerprint": sha256(news.encode()).hexdigest(),
                "expected": row["version"],
                "news": news,
                "header": header,
                "body": body,
            },
        ).fetchone()
    assert answer == {"answer": "recorded"}, answer
