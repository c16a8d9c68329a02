"""Invented changes of the model."""

from kingpost.web.changes import ChangePage, Section
from kingpost.web.pieces import Cell, Column, Link, Notice, Pager, Pill, Table
from kingpost.web.presenters import Head

_COLUMNS = tuple(map(Column, ("Part", "How", "What")))


def versions() -> ChangePage:
    """Return the list of versions."""
    rows = (
        (
            Cell("Version 2", "/versions/2", "a71c90e2d4f1"),
            Cell("1 Nov", note="runs now"),
            Cell("yara", "/people/yara"),
            Cell("130", number=True),
            Cell("2 differences"),
        ),
        (
            Cell("Version 1", "/versions/1", "07be3c55a1d0"),
            Cell("3 Mar"),
            Cell("Nobody was named"),
            Cell("4", number=True),
            Cell("The first"),
        ),
    )
    columns = (
        *map(Column, ("Version", "In effect since", "By")),
        Column("Live cases", number=True),
        Column("Changed"),
    )
    table = Table("Versions of the model", columns, rows)
    head = Head("Versions", (Link("2 versions"),))
    return ChangePage(head, (Section("versions", table),), pager=Pager("1–2 of 2"))


def version() -> ChangePage:
    """Return what one version changed."""
    rows = (
        (
            Cell("Client onboarding", note="workflow/client-onboarding"),
            Cell("", pill=Pill("Changed", "accent")),
            Cell("Step approve is due 2 hours sooner: within 6 hours instead of 8 hours."),
        ),
        (
            Cell("Client onboarding", note="workflow/client-onboarding"),
            Cell("", pill=Pill("Added", "good")),
            Cell("Step screen again, a task, is inserted after approve."),
        ),
    )
    table = Table("What is different", _COLUMNS, rows)
    note = "Compared with version 1 (07be3c55a1d0)."
    return ChangePage(
        Head("Version 2", (Link("a71c90e2d4f1"),), state=Pill("Runs now", "good", "check")),
        (Section("changes", table, note),),
        Notice("Live cases stay on their version.", "Four are left on version 1."),
    )
