"""`kingpost repair`: what a repair would do, proposed by one person and confirmed by another."""

from kingpost.store.pool import Database as Pool
from tests.cli.program import run, settings_of
from tests.database import Database
from tests.engine.office import Office
from tests.engine.test_repairs import TEXT


def test_a_repair_is_shown_proposed_and_confirmed(database: Database) -> None:
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool, text=TEXT)
        case = office.start()
        number = office.case(case).number

        def said(*words: str) -> tuple[int, str]:
            answer = run("repair", *words, settings=settings_of(database))
            return answer.status, (answer.out + answer.err).strip()

        what = ("--set", "amount=300", "--at", "examine", "--to", "done")
        assert said("show", number, "--by", "hedy", *what) == (
            0,
            "amount: 200 -> 300\nleaves examine",
        )
        assert said("show", number, "--by", "anna", *what) == (
            1,
            "you may not repair cases of `claim`: `head`, `lead`, `check` may",
        )
        assert said("show", number, "--by", "hedy", "--set", "amuont=3") == (
            1,
            "there is no field `amuont` on object `claim`",
        )
        assert said("show", number, "--by", "hedy", "--at", "payment", "--to", "paid") == (
            1,
            f"{number} does not stand at `payment`",
        )
        assert said("propose", number, "--by", "hedy", "--reason", "on paper", *what) == (
            0,
            f"proposed: another person confirms it by `kingpost repair confirm {number} 2`",
        )
        assert said("confirm", number, "2", "--by", "hedy") == (
            1,
            "`hedy` proposed this repair: another person has to confirm it",
        )
        assert said("confirm", number, "2", "--by", "leo") == (0, f"{number} is repaired")
        assert office.steps(case) == {"handling", "suspect"}
