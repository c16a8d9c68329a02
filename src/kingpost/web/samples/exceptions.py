"""Exceptions in their states: listed, with nothing chosen, looked at, and done."""

from kingpost.web.form_pieces import Field, Form, Option
from kingpost.web.overviews import BatchPage, CaseList, Choosing, ExceptionsPage
from kingpost.web.pieces import Cell, Chip, Column, Empty, Link, Pager, Pill, Tab, Table
from kingpost.web.presenters import Head
from kingpost.web.record_pieces import Fact, FactGroup
from kingpost.web.samples.frame import NOW

_GROUPS = ("Kind", "Process", "Why", "How many", "Oldest", "Next due")
_ROWS = ("Case", "Kind", "Why", "Since", "Due", "Answers for it")
_MISSING, _PAPERS = "Documents are missing", "Onboarding lead"


_BY_CAUSE = (
    (
        Cell(_MISSING, "/exceptions?kind=documents-missing"),
        Cell("Client onboarding"),
        Cell("–"),
        Cell("212", number=True),
        Cell("9 d 4 h"),
        Cell("", pill=Pill("Fri 17:00", "late", "alert")),
    ),
    (
        Cell("The other system does not answer as it should", "/exceptions?kind=call-failed"),
        Cell("Client onboarding"),
        Cell("It answers 500."),
        Cell("41", number=True),
        Cell("3 h 12 m"),
        Cell("Mon 12:00"),
    ),
)
_ONE_BY_ONE = (
    (
        Cell("CLI-381", "/tasks/381", note="Collect the documents", pick="381"),
        Cell(_MISSING),
        Cell("–"),
        Cell("9 d 4 h", note="since Thu 12 Nov"),
        Cell("", pill=Pill("Fri 17:00", "late", "alert")),
        Cell(_PAPERS),
    ),
    (
        Cell("CLI-402", "/tasks/402", note="Ask the bureau", pick="402"),
        Cell("The other system does not answer as it should"),
        Cell("It answers 500.", note="next at 08:03"),
        Cell("3 h 12 m", note="since 04:50"),
        Cell("Mon 12:00"),
        Cell(_PAPERS),
    ),
)


def exceptions(*, empty: bool = False, wrong: bool = False) -> ExceptionsPage:
    """Return the page. wrong: right after nothing was chosen."""
    groups, rows = ((), ()) if empty else (_BY_CAUSE, _ONE_BY_ONE)
    return ExceptionsPage(
        Head("Exceptions", (Link("0 exceptions" if empty else "253 exceptions"),), (), NOW),
        Table("What is held up, by cause", tuple(map(Column, _GROUPS)), groups),
        CaseList(
            Table(
                "Exceptions, the oldest first",
                tuple(map(Column, _ROWS)),
                rows,
                Empty("Nothing is held up", "What goes wrong is listed here."),
            ),
            Pager("0 rows" if empty else "1–2 of 253", "", "" if empty else "/exceptions?page=2"),
            (
                Tab("Mine", "/exceptions", current=True, count="0" if empty else "253"),
                Tab("All", "/exceptions?whose=all", count="0" if empty else "391"),
            ),
            () if empty else (Chip("Process: Client onboarding", "/exceptions"),),
            "" if empty else "/exceptions",
        ),
        None if empty else _choosing(wrong=wrong),
        () if empty else (Link("Try again: 18 items not tried yet", "/exceptions/acts/1"),),
    )


def _choosing(*, wrong: bool) -> Choosing:
    return Choosing(
        "/exceptions/look",
        (("kind", "documents-missing"),),
        "All 253 of mine that match",
        Field(
            "choice",
            "act",
            "What to do",
            options=(
                Option("retry", "Try again"),
                Option("end/came", f"End it: They came ({_MISSING})"),
            ),
        ),
        Field("text", "reason", "Reason"),
        "See what it does",
        "Choose at least one, or all that match." if wrong else "",
    )


def look() -> BatchPage:
    """Return what an act would do, before it is done."""
    form = Form(
        "/exceptions/acts",
        "End it: They came: 212 items",
        "b-1",
        cancel=Link("Back to exceptions", "/exceptions"),
    )
    rows = (
        (Cell("CLI-381", "/tasks/381"), Cell("Collect the documents"), Cell("Goes on from there")),
        (
            Cell("CLI-402", "/tasks/402"),
            Cell("Ask the bureau"),
            Cell("", pill=Pill("Refused", "late"), note="This can no longer be chosen here."),
        ),
    )
    return BatchPage(
        Head("Before you act", (Link("Nothing has happened yet"),)),
        FactGroup(
            "",
            (
                Fact("What to do", "End it: They came"),
                Fact("To", "212 items"),
                Fact("Reason", "The post brought two boxes"),
                Fact("Refused as it stands", "1 of the 50 looked at"),
            ),
        ),
        Table(
            "What it does to the first 50; the others are judged when tried",
            tuple(map(Column, ("Case", "Step", "What happens"))),
            rows,
        ),
        Pager("50 rows"),
        form,
    )


def batch() -> BatchPage:
    """Return what came of each."""
    rows = (
        (
            Cell("CLI-402", "/cases/CLI-402"),
            Cell("", pill=Pill("Refused", "late")),
            Cell("There is no ending came here."),
        ),
        (
            Cell("CLI-377", "/cases/CLI-377"),
            Cell("", pill=Pill("Too late", "risk")),
            Cell("Collect is not suspended."),
        ),
        (Cell("CLI-381", "/cases/CLI-381"), Cell("", pill=Pill("Done", "good")), Cell("–")),
    )
    return BatchPage(
        Head("What came of it", (Link("212 items"),)),
        FactGroup("", (Fact("Done", "210"), Fact("Refused", "1"), Fact("Too late", "1"))),
        Table("What came of each", tuple(map(Column, ("Case", "Result", "Why"))), rows),
        Pager("1–50 of 212", "", "/exceptions/acts/1?page=2"),
        done=212,
        of=212,
    )
