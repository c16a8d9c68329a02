"""Ends: a case that was led past a decision is found afterwards, whoever let it."""

from collections.abc import Iterator

import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Command, Confirm, Propose
from kingpost.decisions.judging.repairs import repairing
from kingpost.engine.perform import Asked, Done, perform
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.decisions.test_moves import nothing
from tests.engine.office import HOLDERS, Office, key
from tests.engine.test_repairs import TEXT


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=4) as pool:
        yield Office.opened(pool, HOLDERS, text=TEXT)


def test_a_case_that_ended_past_a_decision_is_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.start()

    def do(command: Command, person: str) -> int:
        done = perform(office.company, Asked(key(), command, case, person))
        assert isinstance(done, Done), str(done)
        return done.seq

    cleared = Propose(task=office.task(case, "suspect"), outcome="clear", reason="x")
    do(Confirm(do(cleared, "hedy")), "carl")
    examined = Propose(task=office.task(case, "examine"), to="done", reason="x")
    do(Confirm(do(examined, "hedy")), "leo")
    assert office.steps(case) == {"approve"}
    assert [str(fault) for fault in audit(office.company.database)] == []

    monkeypatch.setattr(repairing, "led_past", nothing)
    do(
        Confirm(do(Propose(task=office.task(case, "approve"), to="paid", reason="x"), "hedy")),
        "leo",
    )

    assert [fault.message for fault in audit(office.company.database)] == [
        "event 7: no way leads to `paid` but by `approve` in `approve`, and nobody has decided so"
    ]
