"""What changed rules would have answered, in the words of a plan."""

from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO

from rich.console import Console

from kingpost.cli.commands.changing.asking import tell_past
from kingpost.decisions.carrying.answering import Answered, Otherwise
from kingpost.engine.carrying.answers import Asked, Listed, Past

AT = datetime(2026, 11, 2, tzinfo=UTC)


def told(past: Past, *, listed: bool = False) -> str:
    written = StringIO()
    tell_past(Console(file=written, width=200), past, listed=listed)
    return written.getvalue()


def test_all_that_comes_out_otherwise_is_told() -> None:
    fee = Otherwise("fee", "5", "20", Decimal(15))
    asked = Asked("claim", "classify", "levels", cases=3, asked=4, unsure=1)
    asked.other = [
        Listed("CLM-3", 2, AT, Answered((fee,), ways=("handling", "approve"))),
        Listed("CLM-1", 2, AT, Answered(refused="`levels` finds no `fee`", ways=("a", "a"))),
    ]

    assert (
        told(Past((asked, Asked("claim", "again", "levels")), ("much",)), listed=True)
        == """\

What changed rules would have answered
  `levels` at claim/classify: 4 answers in 3 cases, 2 would have come out otherwise
    1: `fee` `20` instead of `5`
    `fee` differs in 1 by +15 to +15, together +15
    1 would have gone to `approve` instead of `handling`
    1 would have had no answer: `levels` finds no `fee`
    1 could not be asked again: the record of then is not whole
    CLM-3: `fee` `20` instead of `5`; goes to `approve` instead of `handling`
    CLM-1: `levels` finds no `fee`
  `levels` at claim/again: none of the latest cases asked it
  `much`: not asked again, since only conditions call it
"""
    )


def test_more_than_fits_is_counted() -> None:
    asked = Asked("claim", "classify", "levels", cases=9, asked=9)
    asked.other = [
        Listed(f"CLM-{one}", 2, AT, Answered((Otherwise("level", str(one), "x", None),)))
        for one in range(9)
    ]

    assert told(Past((asked,))).splitlines()[-1] == "    and 1 more line: see `--json`"


def test_nothing_is_told_where_no_rule_changed() -> None:
    assert told(Past()) == ""
