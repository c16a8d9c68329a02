"""What differs of a step between two versions, in words."""

import pytest

from kingpost.decisions.carrying.differing import differing
from kingpost.decisions.carrying.judged import Aspect
from kingpost.decisions.carrying.meeting import Met
from kingpost.model.workflow import Decision, Due, Outcome, Route, Step, Task
from kingpost.values.span import Span

DAY, DAYS = Span(1, "day"), Span(2, "day")
WORDS: list[tuple[Due | None, Due | None, str]] = [
    (Due(DAYS), Due(DAY), "`work` may take 1 day instead of 2 days"),
    (None, Due(DAY), "`work` may take 1 day instead of any time"),
    (Due(DAY), Due(DAY, warn=50), "`work` warns at another time"),
    (
        Due(field="priority", spans=(("high", DAYS),)),
        Due(field="priority", spans=(("high", DAY),)),
        "`work` may take other times by `priority`",
    ),
    (
        Due(DAY),
        Due(field="priority", spans=(("high", DAY),)),
        "`work` may take a time by `priority` instead of 1 day",
    ),
]


@pytest.mark.parametrize(("was", "is_", "words"), WORDS)
def test_another_due_time_is_told(was: Due | None, is_: Due | None, words: str) -> None:
    old, new = (
        {"workflow/claim/step/work": Met(Aspect.STEP, Task("work", "Work", due=due), "work")}
        for due in (was, is_)
    )

    assert [item.sentence for item in differing(old, new)] == [words]


@pytest.mark.parametrize(
    ("is_", "words"),
    [
        (Outcome("yes", "Yes", then=(Route("pay"),)), "leads on otherwise"),
        (Outcome("yes", "Surely"), "asks for other fields, or offers other outcomes"),
    ],
)
def test_an_outcome_that_leads_elsewhere_is_offered_as_before(is_: Outcome, words: str) -> None:
    def met(outcome: Outcome) -> dict[str, Met]:
        step: Step = Decision("judge", "Is it?", outcomes=(outcome,))
        return {"workflow/claim/step/judge": Met(Aspect.STEP, step, "judge")}

    found = differing(met(Outcome("yes", "Yes")), met(is_))

    assert [item.sentence for item in found] == [f"`judge` {words}"]
