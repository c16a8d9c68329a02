"""`kingpost exceptions`: what is held up, and acting on many with a result for each."""

from kingpost.decisions.commands import Raise
from kingpost.store.pool import Database as Pool
from tests.cli.program import run, settings_of
from tests.database import Database
from tests.engine.office import Office, key


def test_many_are_listed_and_acted_on_each_with_a_result(database: Database) -> None:
    def said(*words: str) -> tuple[int, str]:
        answer = run("exceptions", *words, settings=settings_of(database))
        return answer.status, answer.out.strip() or answer.err.strip()

    with Pool(database.app_url, connections=4) as pool:
        office = Office.opened(pool)
        assert said("list") == (0, "Nothing is held up.")
        cases = [office.start() for _ in range(3)]
        tasks = [office.task(case, "examine") for case in cases]
        for task in tasks:
            office.do(Raise(task, "info-missing"), "anna")

        status, listed = said("list", "--by", "anna")
        assert status == 0
        for words in (*tasks, "CLM-1", "info-missing", "desk", "end/answered, end/solved"):
            assert words in listed, listed
        assert said("list", "--by", "carl") == (0, "Nothing is held up.")
        assert said("list", "--kind", "delayed") == (0, "Nothing is held up.")

        why, stranger = ("--by", "anna", "--reason", "they came"), str(key())
        gone = "this work is no longer open: somebody finished it, or it never was"
        acted = said("act", "end/answered", tasks[0], stranger, *why)
        assert acted == (1, f"{stranger}: too late: {gone}\nCLM-1: done")
        assert said("act", "end/answered", "--all", *why) == (0, "CLM-2: done\nCLM-3: done")
        for words, answer in (
            ((), "Name what to act on, or say `--all`, and not both."),
            ((tasks[0], "--all"), "Name what to act on, or say `--all`, and not both."),
            (("--all",), "Nothing was chosen: choose what is to be acted on."),
        ):
            status, told = said("act", "end/answered", *words, *why)
            assert (status, answer in told) == (1, True), told
        status, told = said("go-on", stranger, "--by", "anna")
        assert (status, "There is no such batch of yours." in told) == (1, True)
