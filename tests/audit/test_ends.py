"""Ends: a case that was led past a decision is found afterwards, whoever let it."""

from collections.abc import Iterator

import pytest

from kingpost.audit.auditing import audit
from kingpost.audit.flow.ways import way_faults
from kingpost.audit.telling import Told
from kingpost.decisions.commands import Command, Complete, Confirm, Decide, Propose
from kingpost.decisions.judging.repairs import repairing
from kingpost.engine.perform import Asked, Done, perform
from kingpost.model.workflow import Route
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.decisions.test_moves import END, HUGO, ask, desk_of, nothing, work
from tests.decisions.world import ANNA, HEDY, Desk
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
        "event 7: no way leads to `paid` but by `approve` in `approve`, and nobody has decided so",
        "event 7: no way leads to `paid` without `approve`",
    ]


def test_a_case_that_went_on_after_a_no_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was approved once, and paid, before it was sent back: its end lacks nothing."""
    found = looping()
    found.do(Complete(found.id("prepare")), ANNA)
    found.do(Decide(found.id("judge"), "yes"), HEDY)
    found.do(Complete(found.id("pay")), ANNA)
    found.do(Decide(found.id("judge"), "no"), HEDY)
    assert found.steps() == {"prepare"}
    assert ways_told(found) == []
    monkeypatch.setattr(repairing, "led_past", nothing)
    found.do(Propose(task=found.id("prepare"), to="pay", reason="x"), HEDY)
    found.do(Confirm(found.case.version), HUGO)

    assert ways_told(found) == ["event 7: no way leads to `pay` after `no` in `judge`"]


def looping() -> Desk:
    return desk_of(
        work("prepare", Route("judge")),
        ask("judge", yes="pay", no="prepare", finish="end"),
        work("pay", Route("judge")),
        END,
    )


def ways_told(found: Desk) -> list[str]:
    at, workflow = found.now, found.program.workflows["claim"].workflow
    told = [
        Told(number, done.kind, at, at, at, "", {"model": ""}, {**done.body}, done.body["changes"])
        for number, done in enumerate(found.history, start=1)
    ]
    return [words for _, words in way_faults({"": workflow}, told)]
