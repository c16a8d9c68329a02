"""`kingpost override`: one person asks, another confirms, a third reviews."""

import re

from kingpost.store.pool import Database as Pool
from tests.cli.program import run, settings_of
from tests.database import Database
from tests.engine.office import Office
from tests.engine.test_overrides import PEOPLE, TEXT


def test_an_override_is_asked_for_confirmed_and_reviewed(database: Database) -> None:
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool, PEOPLE, text=TEXT)
        case = office.examined("900")

        def said(*words: str) -> tuple[int, str]:
            answer = run("override", *words, settings=settings_of(database))
            return answer.status, (answer.out + answer.err).strip()

        shown = said("show", "CLM-1", "approve", "approve", "--by", "leo")
        asked = said("ask", "CLM-1", "approve", "approve", "--by", "leo", "--reason", "no roof")
        unknown = said("confirm", "CLM-1", "9", "--by", "cora")
        confirmed = said("confirm", "CLM-1", "4", "--by", "cora")
        own = said("review", "CLM-1", "approve", "kept", "--by", "leo", "--reason", "fine")
        reviewed = said("review", "CLM-1", "approve", "kept", "--by", "alma", "--reason", "right")
        again = said("review", "CLM-1", "approve", "kept", "--by", "alma", "--reason", "right")

        assert shown == (0, "leaves approve\ncomes to payment")
        assert asked[0] == 0
        assert re.fullmatch(
            r"asked: until \d+ \w+ \d{4} at \d\d:\d\d UTC another person confirms it by"
            r" `kingpost override confirm CLM-1 4`",
            asked[1],
        )
        assert unknown[0] == 1
        assert unknown[1] == (
            "event 9 asks for no override any more, or never did: look at the case again, and ask"
            " for it anew"
        )
        assert confirmed == (0, "CLM-1: event 4 has taken effect, for `audit` to review")
        assert own == (1, "the override of `approve` is for `audit` to review")
        assert reviewed == (0, "CLM-1: the override of approve is reviewed: kept")
        assert again == (1, "no override of `approve` is to be reviewed in CLM-1")
        assert office.steps(case) == {"payment"}
