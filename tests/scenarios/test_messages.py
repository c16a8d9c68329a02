"""Stories in which a message comes before its case waits for it."""

from kingpost.decisions.program import compile_model
from kingpost.scenarios import run_scenarios
from tests.checks.words import read
from tests.engine.orders import ORDERS
from tests.scenarios.stories import differences, told

STORY = """
scenarios:
  early:
    given: {order: {}}
    when:
      - {interface: carrier, delivers: arrived, records: {note: at the door}}
      - {expect: {open: pack}}
      - {post: desk, does: pack, records: {parcel: P-1}}
    then: {closed: true, state: there, record: {note: at the door}}
"""


def test_a_message_that_comes_early_is_delivered_in_its_time() -> None:
    (result,) = run_scenarios(compile_model(read(ORDERS + STORY)))

    assert differences(result) == []
    assert told(result)[1:] == [
        "Mon 09:00 carrier delivers arrived with note at the door → kept until it is waited for",
        "Mon 09:00 desk does pack with parcel P-1 → way",
        "Mon 09:00 carrier delivers arrived with note at the door → closed, there",
    ]


def test_a_message_that_names_its_case_does_not_come_early() -> None:
    named = ORDERS.replace(", by: parcel", "")
    (result,) = run_scenarios(compile_model(read(named + STORY)))

    assert differences(result) == [
        "it is done | it is refused: nothing is open for `arrived`: `pack` is open"
    ]
