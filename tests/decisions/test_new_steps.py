"""Steps in short, joins of some, exceptions of systems and tests of evidence, in a case."""

import pytest

from kingpost.decisions.commands import Actor, Complete, Raise, Start
from kingpost.decisions.program import compile_model
from kingpost.decisions.refusals import EvidenceMissing, NotYourInterface
from kingpost.notation import read_model
from tests.decisions.world import Desk, person

PERMIT = """
kingpost: 1
company: Town
timezone: Europe/Lisbon
calendars: {c: {hours: "Mon-Fri 09:00-17:00"}}
units: {u: {calendar: c}}
roles: {clerk: {}}
posts: {desk: {unit: u, roles: [clerk], vacancy: holds}}
interfaces: {portal: {kind: inbound, begins: building-permit}, register: {title: Register}}
frameworks: {law: {edition: "1"}}
obligations:
  measured:
    from: {framework: law, clause: "1"}
    owner: desk
    evidence: {made-by: [building-permit/file], holds: [height], covers: case}
    test: permit.height > 0
objects:
  permit:
    custodian: desk
    fields: {height: {type: integer}}
    states: {new: {begin: true}, known: , gone: {end: true}}
    moves: [new -> known, "* -> gone"]
workflows:
  building-permit:
    object: permit
    owner: desk
    begins: {roles: [clerk]}
    steps:
      note: {state: known, then: look}
      look:
        parallel:
          join: 2 of 3
          branches:
            soil: {task: Look at the soil, role: clerk}
            noise: {task: Listen, role: clerk}
            light: {task: Look at the light, role: clerk}
        then: file
      file: {task: File it, role: clerk, records: [height], discharges: [measured], then: close}
      close: {state: gone, then: end}
    exceptions:
      withdrawn: {cause: party, raised-by: [interface/register], divert: close}
"""
CLERK = person("carl", "desk")
REGISTER, PORTAL = Actor(interface="register"), Actor(interface="portal")


def begun() -> Desk:
    reading = read_model({"permit.yaml": PERMIT})
    assert reading.model is not None, reading.diagnostics
    assert reading.diagnostics == ()
    desk = Desk(compile_model(reading.model), workflow="building-permit")
    desk.do(Start({}), PORTAL)
    return desk


def at_file() -> Desk:
    desk = begun()
    for branch in ("soil", "light"):
        desk.do(Complete(desk.id(branch)), CLERK)
    return desk


def test_a_step_may_set_the_state_alone() -> None:
    desk = begun()

    assert desk.case.state == "known"
    assert desk.steps() == {"look", "soil", "noise", "light"}


def test_a_join_of_some_waits_for_no_more() -> None:
    desk = begun()

    desk.do(Complete(desk.id("soil")), CLERK)
    assert desk.steps() == {"look", "noise", "light"}
    desk.do(Complete(desk.id("light")), CLERK)

    assert desk.steps() == {"file"}


def test_a_way_to_the_end_needs_no_step() -> None:
    desk = at_file()

    desk.do(Complete(desk.id("file"), {"height": 3}), CLERK)

    assert desk.case.is_closed
    assert desk.case.state == "gone"
    assert desk.case.settled == {"measured": "met"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "`file` owes evidence for `measured`: `height` must be filled"),
        ({"height": 0}, "`file` owes evidence for `measured`: `permit.height > 0`"),
    ],
)
def test_evidence_must_satisfy_its_test(fields: dict[str, int], words: str) -> None:
    desk = at_file()

    refusal = desk.try_(Complete(desk.id("file"), {**fields}), CLERK)

    assert isinstance(refusal, EvidenceMissing)
    assert str(refusal) == words


def test_a_system_may_raise_an_exception_where_somebody_works() -> None:
    desk = at_file()

    assert isinstance(desk.try_(Raise(desk.id("file"), "withdrawn"), PORTAL), NotYourInterface)
    desk.do(Raise(desk.id("file"), "withdrawn"), REGISTER)

    assert desk.case.is_closed


def test_what_is_left_out_is_put_in() -> None:
    flow = begun().program.workflows["building-permit"].workflow

    assert flow.prefix == "BP"
    assert flow.begins.interfaces == ("portal",)
    assert [exception.steps for exception in flow.exceptions] == [("file",)]
