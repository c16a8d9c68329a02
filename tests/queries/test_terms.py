"""Terms: of the work itself, and of the blocks around it."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kingpost.decisions.case import Clock
from kingpost.decisions.program import compile_model
from kingpost.decisions.sealing import write_clock
from kingpost.notation import read_model
from kingpost.queries.open_work import like, soonest, term, within
from kingpost.web.pages import words
from tests.decisions.world import DAY, HOUR, MONDAY, PROGRAM


def clock(step: str, budget: timedelta, *, runs: bool = True) -> dict[str, Any]:
    since = MONDAY if runs else None
    return {
        "step": step,
        "clock": write_clock(Clock(budget // timedelta(milliseconds=1), 1000, since, "")),
    }


def test_work_stands_under_its_own_term_and_those_around_it() -> None:
    assert within(PROGRAM, "claim", "examine") == {"examine", "handling"}
    assert within(PROGRAM, "claim", "approve") == {"approve"}
    assert within(PROGRAM, "claim", "no-such") == {"no-such"}
    assert within(PROGRAM, "no-such", "examine") == {"examine"}


def test_the_term_that_ends_soonest_counts() -> None:
    steps = within(PROGRAM, "claim", "examine")
    clocks = [clock("examine", 2 * DAY), clock("handling", 8 * HOUR), clock("suspect", HOUR)]

    found = term(PROGRAM, "claim", steps, clocks, MONDAY + 4 * HOUR)

    assert found is not None
    assert (found.step, found.spent_ms) == ("handling", 4 * 3_600_000 + 1000)
    assert found.due_at == MONDAY + 8 * HOUR - timedelta(seconds=1)
    assert soonest(PROGRAM, steps, clocks) == found.due_at


def test_a_term_that_stands_still_counts_only_when_no_other_runs() -> None:
    still, running = clock("examine", HOUR, runs=False), clock("handling", DAY)
    steps = frozenset({"examine", "handling"})

    both, one = (
        term(PROGRAM, "claim", steps, some, MONDAY) for some in ([still, running], [still])
    )

    assert both is not None
    assert both.step == "handling"
    assert one is not None
    assert (one.step, one.due_at, one.spent_ms) == ("examine", None, 1000)
    assert soonest(PROGRAM, steps, [still]) is None
    assert term(PROGRAM, "claim", steps, [], MONDAY) is None


def test_a_term_is_near_when_its_step_says_so() -> None:
    text = (Path(__file__).parents[1] / "engine" / "company.yaml").read_text()
    text = text.replace("due: 2 days", "due: 2 days\n                  warn: at 40 %", 1)
    model = read_model({"company.yaml": text}).model
    assert model is not None
    program = compile_model(model)

    found = term(
        program, "claim", frozenset({"examine"}), [clock("examine", 2 * DAY)], MONDAY + DAY
    )

    assert found is not None
    assert found.warn == 40
    shown = [
        words.clock(found.due_at, found.fraction, now=MONDAY + DAY, zone=ZoneInfo("UTC"), warn=warn)
        for warn in (found.warn, None)
    ]
    assert [one.tone for one in shown if one] == ["risk", "neutral"]


def test_what_somebody_writes_is_no_pattern() -> None:
    assert like(r" 50%_\ ") == r"%50\%\_\\%"
    assert like("INC-1", begins=True) == "INC-1%"
    assert like("  ") == ""
