"""`kingpost override decline`, `kingpost repair decline`, and reviews that are overdue."""

import re

from kingpost.store.pool import Database as Pool
from tests.cli.program import run, settings_of
from tests.database import Database
from tests.engine.office import Office
from tests.engine.test_declining import REPAIRED, proposed
from tests.engine.test_overrides import PEOPLE, asked, overridden


def test_the_second_person_says_no_and_why(database: Database) -> None:
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool, PEOPLE, text=REPAIRED)
        case = office.examined("900")
        asked(office, case)

        def said(*words: str) -> tuple[int, str]:
            answer = run(*words, settings=settings_of(database))
            return answer.status, (answer.out + answer.err).strip()

        no = ("--reason", "the roof is on")
        own = said("override", "decline", "CLM-1", "4", "--by", "leo", *no)
        empty = said("override", "decline", "CLM-1", "4", "--by", "cora", "--reason", " ")
        done = said("override", "decline", "CLM-1", "4", "--by", "cora", *no)
        again = said("override", "decline", "CLM-1", "4", "--by", "cora", *no)
        event = proposed(office, case)
        repair = said("repair", "decline", "CLM-1", str(event), "--by", "hedy", *no)

        assert own == (1, "you may not decline what event 4 proposes: `check` may")
        assert empty == (1, "`refusal` needs a reason")
        assert done == (0, "CLM-1: what event 4 asks for is declined")
        assert again == (
            1,
            (
                "event 4 proposes nothing any more, or never did: there is nothing left to decline;"
                " look at the case again"
            ),
        )
        assert repair == (0, f"CLM-1: what event {event} proposes is declined")
        assert office.case(case).proposal is None


def test_an_overdue_review_is_listed_with_the_exceptions(database: Database) -> None:
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool, PEOPLE, text=REPAIRED)
        overridden(office)

        def said(*words: str) -> str:
            return run("exceptions", "list", *words, settings=settings_of(database)).out

        assert said() == "Nothing is held up.\n"
        with pool.connection() as connection:
            connection.execute("UPDATE task SET due_at = opened_at WHERE kind = 'review'")

        head, names, row = said().splitlines()
        assert head == "Reviews of overrides that are overdue, and hold further ones back:"
        assert names.split("  ")[0] == "work"
        assert re.search(r"CLM-1 +Is the claim approved\? +.* UTC +Internal audit +Team lead", row)
        assert said("--by", "alma").splitlines()[2] == row
        assert said("--by", "anna") == "Nothing is held up.\n"
