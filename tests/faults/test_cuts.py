"""The network to the database is cut at any moment: the key tells what became of what was asked."""

import random  # noqa: TID251 - with a seed, so that it can be had again
from collections.abc import Callable, Iterator

import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Record
from kingpost.engine.perform import Done
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.office import Office, key
from tests.faults.wire import Wire, wire_to

# A command is two statements, or three when its answer was lost and it asks what became of it.
_STATEMENTS = 3


@pytest.fixture
def wired(database: Database) -> Iterator[tuple[Office, Wire]]:
    with (
        wire_to(database.app_url) as (wire, url),
        Pool(url, connections=1) as pool,
    ):
        yield Office.opened(pool), wire


@pytest.mark.slow
def test_every_unknown_outcome_is_resolved_by_the_key(
    wired: tuple[Office, Wire], size: Callable[[int], int]
) -> None:
    office, wire = wired
    task = office.task(office.start(), "examine")
    chance, cuts, done, lost = random.Random(7), size(12), 0, 0

    while cuts:
        asked, again = Record(task, {"report": f"{done}"}), key()
        wire.arm(chance.randint(1, _STATEMENTS), after=chance.random() < 2 / 3)
        answer = office.ask(asked, "anna", again=again)
        cuts -= wire.disarm()
        done += 1
        assert isinstance(answer, Done), str(answer)
        lost += answer.repeated
        # Whatever was told, asked once more it is the same event.
        once_more = office.ask(asked, "anna", again=again)
        assert once_more == Done(answer.case, answer.number, answer.seq, repeated=True)
        assert answer.seq == done + 1

    assert office.scalar("SELECT count(*) FROM event") == done + 1
    assert lost > 0, "an answer was lost after the commit at least once"
    assert list(audit(office.company.database)) == []
