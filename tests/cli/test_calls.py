"""`kingpost calls`: what is in trouble, and acting on several with a result for each."""

from collections.abc import Callable, Iterator

import pytest

from kingpost.store.pool import Database as Pool
from tests.cli.program import run, settings_of
from tests.database import Database
from tests.engine.office import key
from tests.worker.lender import Lender
from tests.worker.receiver import receiving

Said = Callable[..., tuple[int, str]]


@pytest.fixture
def lender(database: Database) -> Iterator[Lender]:
    with Pool(database.app_url, connections=6) as pool:
        yield Lender(pool)


@pytest.fixture
def said(database: Database) -> Said:
    """Run `kingpost calls` and return its status and its words."""

    def said(*words: str) -> tuple[int, str]:
        answer = run("calls", *words, settings=settings_of(database))
        return answer.status, (answer.out + answer.err).strip()

    return said


def test_nothing_is_listed_while_every_call_runs(lender: Lender, said: Said) -> None:
    lender.begin()

    assert said("list") == (0, "Every call runs as it should.")


def test_several_are_tried_again_each_with_a_result(lender: Lender, said: Said) -> None:
    cases = [lender.begin() for _ in range(2)]
    lender.work()
    calls, stranger = [str(lender.call(case)["id"]) for case in cases], str(key())

    status, listed = said("list")
    assert status == 0
    for words in (*calls, "LOA-1", "LOA-2", "bureau", "failed", "1 of 5", "links"):
        assert words in listed, listed
    assert "`KINGPOST_INTERFACE_BUREAU_URL` is not set" in listed

    no = "`ask` asks another system, and you do not answer for that: `links` may"
    assert said("retry", *calls, "--by", "carl") == (1, f"{calls[0]}: {no}\n{calls[1]}: {no}")
    assert said("retry", *calls, stranger, "--by", "lina", "--reason", "it is set now") == (
        1,
        (
            f"{calls[0]}: done in LOA-1\n{calls[1]}: done in LOA-2\n"
            f"{stranger}: this work is no longer open: somebody finished it, or it never was"
        ),
    )
    assert [lender.open_steps(case) for case in cases] == [[("ask", None)]] * 2
    assert lender.sound()


def test_one_that_is_tried_again_is_given_up(lender: Lender, said: Said) -> None:
    case = lender.begin()
    with receiving((500, {})) as bureau:
        lender.knows("bureau", bureau)
        lender.work()
    call = str(lender.call(case)["id"])
    status, listed = said("list")
    assert (status, "paused until " in listed, "it answers 500" in listed) == (0, True, True)

    assert said("give-up", call, "--by", "lina") == (0, f"{call}: done in LOA-1")

    assert lender.open_steps(case) == [("ask", "call-failed")]
    assert "failed" in said("list")[1]
