"""Calls in trouble and messages that wait, in their states."""

from kingpost.web.overviews import CallsPage, CaseList
from kingpost.web.pieces import Act, Cell, Column, Empty, Link, Pager, Pill, Table
from kingpost.web.presenters import Head
from kingpost.web.samples.frame import NOW

_CALLS = ("Case", "Asks", "Stands", "Why", "Attempts", "Answers for it", "Act")
_MESSAGES = ("Message", "From", "Came", "Why it waits", "Answers for it", "Act")


def calls(*, empty: bool = False) -> CallsPage:
    """Return the page, right after two calls were tried again."""
    retry = Act("Try again", "/calls/retry", post=True, key="c-1", fields=(("call", "1"),))
    give_up = Act("Give up", "/calls/give-up", post=True, key="c-2", confirm="Let it fail now?")
    drop = Act("Drop", "/messages/drop", post=True, key="m-1", asks="Why it is dropped")
    rows = (
        (
            Cell("CLI-381", "/tasks/381", note="Ask the bureau"),
            Cell("Credit bureau"),
            Cell("", pill=Pill("Failed", "late")),
            Cell("it answers 500"),
            Cell("5 of 5"),
            Cell("Onboarding lead"),
            Cell("", act=retry, about="CLI-381"),
        ),
        (
            Cell("CLI-402", "/tasks/402", note="Ask the bureau"),
            Cell("Credit bureau"),
            Cell("", pill=Pill("System down", "risk"), note="next at 08:03"),
            Cell("its name is not found"),
            Cell("1 of 5"),
            Cell("Onboarding lead"),
            Cell("", act=give_up, about="CLI-402"),
        ),
    )
    kept = (
        (
            Cell("deposit-came", note="DE-2207"),
            Cell("Bank"),
            Cell("today, 07:41"),
            Cell("no case waits for it yet", note="kept until 21 Dec"),
            Cell("Onboarding lead"),
            Cell("", act=drop, about="DE-2207"),
        ),
    )
    done = ((Cell("CLI-377"), Cell("Done")), (Cell("CLI-379"), Cell("Done")))
    return CallsPage(
        Head("Calls", (Link("no calls" if empty else "2 calls"),), (), NOW),
        CaseList(
            Table(
                "Calls in trouble",
                tuple(map(Column, _CALLS)),
                () if empty else rows,
                Empty("Every call runs as it should", "What fails is listed here with its cause."),
            ),
            Pager("0 rows" if empty else "1–2 of 2"),
        ),
        CaseList(
            Table(
                "Messages that wait for their case",
                tuple(map(Column, _MESSAGES)),
                () if empty else kept,
                Empty("No message waits", "What comes before its case does is listed here."),
            ),
            Pager("0 rows" if empty else "1–1 of 1"),
        ),
        Table("What came of it", (Column("What"), Column("Result")), () if empty else done),
    )
