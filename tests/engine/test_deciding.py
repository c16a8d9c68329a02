"""Deciding of one live case whether and where it goes over, as who keeps its workflow."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from psycopg import connect

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Complete, Decide, Deliver
from kingpost.engine.carrying import deciding
from kingpost.engine.carrying.applying import carry_on
from kingpost.engine.carrying.deciding import Decided, Wish, decide_case
from kingpost.engine.carrying.receipts import entries, receipt
from kingpost.engine.perform import KeyReusedError
from kingpost.engine.verify import verify
from kingpost.queries.case_page import read_case_page
from tests.database import Database
from tests.engine.carrying import TEXT, carried, sound, told
from tests.engine.office import Office, key


def asks(office: Office) -> tuple[Wish, UUID]:
    """Return what the head may decide of a case whose step is gone, and the change that asks."""
    case = office.start()
    change = carried(office, TEXT.replace("examine", "inspect"))
    assert told(office, change) == {"asks": 1}
    places = {"examine": "inspect"}
    return Wish(key(), office.case(case).number, "hedy", "it is the same work", places), change


def test_who_keeps_the_workflow_decides_where_a_case_goes_on(office: Office) -> None:
    wish, change = asks(office)

    first = decide_case(office.company, wish)
    again = decide_case(office.company, wish)

    assert isinstance(first, Decided)
    assert isinstance(again, Decided)
    assert (first.outcome, first.different[0]) == ("carried", "`examine` is `inspect` now")
    assert (again.change, again.outcome) == (wish.key, "carried")
    for other in (
        replace(wish, reason="another"),
        replace(wish, places={}),
        replace(wish, places={}, stays=True),
    ):
        with pytest.raises(KeyReusedError):
            decide_case(office.company, other)
    case = UUID(str(office.scalar("SELECT id FROM case_file")))
    assert office.steps(case) == {"handling", "inspect", "suspect"}
    assert told(office, change) == {"superseded": 1}
    decided = receipt(office.company, wish.key)
    assert decided is not None
    assert (decided.person, decided.reason, decided.sentence()) == (
        "hedy",
        "it is the same work",
        "1 carried over",
    )
    sound(office)


def test_the_history_says_who_decided_by_which_right_and_why(office: Office) -> None:
    wish, _ = asks(office)
    decide_case(office.company, wish)

    page = read_case_page(office.company.database, wish.number, office.company.program)

    assert page is not None
    event = page.events[-1]
    assert (event.kind, event.reason) == ("carried", "it is the same work")
    assert (event.by.person, event.by.post) == ("hedy", "head")
    assert event.by.right == str(office.appointments["hedy"])
    sound(office)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (("UPDATE appointment SET during = tstzrange(lower(during), now() - interval '1 day'),"
          " ended_at = now() - interval '1 day', ended_by = 'test'"),
         "event 2: it rests on an appointment that did not run then"),
        ("UPDATE appointment SET person = 'leo' WHERE person = 'hedy'",
         "event 2: it rests on an appointment that is not there"),
    ],
)  # fmt: skip
def test_a_right_that_was_not_there_is_told_by_both(
    office: Office, database: Database, statement: str, words: str
) -> None:
    wish, _ = asks(office)
    decide_case(office.company, wish)
    with connect(database.owner_url) as connection:
        connection.execute(statement.encode())

    assert verify(office.company).faults
    found = [str(finding) for finding in audit(office.company.database)]
    assert any(words in each for each in found), found


def test_that_who_decided_does_not_keep_the_workflow_is_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish, _ = asks(office)

    def keeps(*_: object) -> tuple[str, ...]:
        return ()

    def lead(*_: object) -> str:
        return "lead"

    monkeypatch.setattr(deciding, "not_kept", keeps)
    monkeypatch.setattr(deciding, "custodian_of", lead)
    decide_case(office.company, replace(wish, person="leo"))

    found = [str(finding) for finding in audit(office.company.database)]
    assert any("event 2: `lead` does not keep `claim`" in each for each in found), found


def test_a_case_that_asks_may_end_on_its_version(office: Office) -> None:
    wish, change = asks(office)

    decided = decide_case(office.company, replace(wish, places={}, stays=True))

    assert isinstance(decided, Decided)
    assert decided.outcome == "stays"
    assert told(office, change) == {"superseded": 1}
    [entry] = entries(office.company, wish.key, "stays")
    assert entry.words == "`hedy` let it end on its version"


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"person": "leo"},
         "how cases of `claim` go over is decided by `head`, which keeps it"),
        ({"places": {}},
         ("`workflow/claim/step/examine`, by `head`:"
          " the new version has no such step, and no map says where its cases go")),
        ({"places": {"exmine": "inspect"}},
         "`CLM-1` does not stand at `exmine`: did you mean `examine`?"),
        ({"places": {"examine": "inspct"}},
         "`claim` has no step `inspct`: did you mean `inspect`?"),
        ({"reason": " "},
         "deciding how a case goes over needs a reason: it stands in the receipt"),
        ({"stays": True},
         "a case that stays goes on nowhere: leave the places away, or let it go over"),
        ({"number": "CLM-9"},
         "this work is no longer open: somebody finished it, or it never was"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_changes_nothing(
    office: Office, other: dict[str, Any], words: str
) -> None:
    wish, change = asks(office)

    answer = decide_case(office.company, replace(wish, **other))

    assert str(answer) == words
    assert told(office, change) == {"asks": 1}
    assert receipt(office.company, wish.key) is None


def test_of_a_case_that_is_there_or_has_ended_nothing_is_decided(office: Office) -> None:
    there, ended = office.start(), office.approved()
    office.do(Deliver(office.task(ended, "payment"), "paid-out"), interface="bank")

    def words(case: UUID) -> str:
        number = office.case(case).number
        return str(decide_case(office.company, Wish(key(), number, "hedy", "why", {})))

    assert words(there) == "`CLM-1` runs on the version that runs already"
    assert words(ended) == "`CLM-2` has ended: it stays on the version on which it ended"


def test_a_case_that_asks_is_looked_at_again_once_it_has_moved(office: Office) -> None:
    case = office.start()
    change = carried(office, TEXT.replace("examine", "inspect"))
    assert told(office, change) == {"asks": 1}
    assert carry_on(office.company) == 0
    found = receipt(office.company, change)
    assert found is not None
    assert found.ended_at is None

    office.do(Complete(office.task(case, "examine"), {"report": "fine"}), "anna")
    office.do(Decide(office.task(case, "suspect"), "clear"), "carl")
    assert carry_on(office.company) == 1

    assert told(office, change) in ({"carried": 1}, {"unaffected": 1})
    sound(office)
