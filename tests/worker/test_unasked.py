"""A call that the clock comes to and nobody can make: it fails in sight, and is made later."""

from collections.abc import Iterator

import pytest

from kingpost.decisions.commands import Command, Confirm, Propose, Retry
from kingpost.engine.perform import Asked, perform
from kingpost.queries.trouble.calls import CallState, read_calls
from kingpost.store.pool import Database as Pool
from kingpost.worker.pump import pump_once
from tests.database import Database
from tests.engine.office import key
from tests.worker.lender import LENDER, Lender
from tests.worker.receiver import receiving

RESTS = (
    LENDER.replace("path: /scores", 'path: "/scores/{loan.ref}"')
    .replace("{type: integer}}", "{type: integer}, ref: {type: text}, rests: {type: date}}")
    .replace("form: [name]", "form: [name, rests]")
    .replace("    steps:\n", "    repaired-by: [desk, links]\n    steps:\n"
             "      rest: {wait: It rests, until: rests, then: ask}\n")
)  # fmt: skip


@pytest.fixture
def lender(database: Database) -> Iterator[Lender]:
    with Pool(database.app_url, connections=4) as pool:
        yield Lender(pool, RESTS)


def test_a_due_wait_that_leads_to_a_call_nobody_can_make_ends_and_is_mended(lender: Lender) -> None:
    case = lender.begin(rests="2026-01-05")

    def ask(command: Command, person: str) -> object:
        return perform(lender.company, Asked(key(), command, case, person=person))

    assert pump_once(lender.company).done == 1
    assert lender.open_steps(case) == [("ask", "call-failed")]
    (call,) = read_calls(lender.pool, lender.company.program).page.rows
    assert (call.state, call.cause, call.post, call.attempts) == (
        CallState.FAILED,
        "`bureau` cannot be asked while `ref` is empty",
        "links",
        0,
    )
    assert lender.sound()

    again = Retry(str(call.id), "once more")
    assert str(ask(again, "lina")) == call.cause
    ask(Propose({"ref": "R-1"}, reason="left out"), "carl")
    ask(Confirm(3), "lina")
    ask(again, "lina")
    with receiving((200, {"score": 5})) as bureau:
        lender.knows("bureau", bureau)
        lender.work()

    assert [path for path, *_ in bureau.asked] == ["/scores/R-1"]
    assert lender.open_steps(case) == [("judge", None)]
    assert lender.sound()
