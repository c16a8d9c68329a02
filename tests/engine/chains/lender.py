"""A lender whose loans wait for cases about their guarantors: short words for what happens."""

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from kingpost.decisions.case import Plain
from kingpost.decisions.commands import Complete, Start
from kingpost.engine.outside.cases import do_due
from kingpost.store.pool import Database
from tests.engine.office import Office

TEXT = (Path(__file__).parent / "company.yaml").read_text()
_AS_IT_IS: Mapping[str, str] = {}
HOLDERS: Mapping[str, str] = {"carl": "desk", "kim": "check", "hedy": "head"}


def opened(database: Database, changed: Mapping[str, str] = _AS_IT_IS) -> Office:
    """Open the lender. changed: words of its model, and what stands there instead."""
    text = TEXT
    for old, new in changed.items():
        assert old in text, old
        text = text.replace(old, new)
    return Office.opened(database, HOLDERS, text=text, workflow="loan")


def loan(lender: Office, *guarantors: str) -> UUID:
    """Return a loan that has just begun, with some guarantors."""
    listed: Plain = [*guarantors] or None
    start = Start({"name": "Ines Prado", "amount": 100, "guarantors": listed})
    return lender.do(start, "carl").case


def work(lender: Office) -> int:
    """Do everything that is due with cases of cases; return how much that was."""
    done = 0
    while count := do_due(lender.company, 100):
        done += count
    return done


def checks(lender: Office, case: UUID) -> list[UUID]:
    """Return the cases that a loan has begun, in the order of its list."""
    with lender.company.database.connection() as connection:
        rows = connection.execute(
            "SELECT id FROM child_case WHERE parent_id = %s AND begun_at IS NOT NULL"
            " ORDER BY asked_at, place",
            [case],
        ).fetchall()
    return [row["id"] for row in rows]


def look(lender: Office, check: UUID, score: int) -> None:
    """Let somebody look at a guarantor, which ends the case."""
    lender.do(Complete(lender.task(check, "look"), {"score": score}), "kim")
