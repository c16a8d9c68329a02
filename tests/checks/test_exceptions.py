"""Exceptions and the hours in which clocks run."""

from dataclasses import replace

from kingpost.checks import check
from kingpost.values.business_time import Opening
from tests.checks.words import SOUND, assert_says, read, said

STEPS = "        steps: [examine]\n"
ENDS = "            came: {title: Came, then: resume}\n"
SUSPEND = f"""\
        suspend:
          state: held
          clocks: stop
          ends:
{ENDS}"""
UNUSED = {
    "      held:   {title: Held}\n": "",
    "      - open -> held\n": "",
    "      - held -> open\n": "",
}


def test_an_exception_is_raised_where_somebody_works() -> None:
    assert_says(
        {STEPS: "        steps: [examine, both] # !\n"},
        "KP0701 exception `papers-missing` cannot be raised in step `both`: nobody works there |"
        " Name tasks, decisions and waits only.",
    )


def test_a_diversion_stays_in_its_block() -> None:
    assert_says(
        {STEPS: "        steps: [call]\n", SUSPEND: "        divert: judge # !\n", **UNUSED},
        "KP0702 exception `papers-missing` diverts from step `call` to `judge`, which is no way out"
        " of its block | Divert to a step of the same block, or to `done` from a branch.",
    )
    assert_says(
        {SUSPEND: "        divert: done # !\n", **UNUSED},
        "KP0702 exception `papers-missing` diverts from step `examine` to `done`, which is no way"
        " out of its block | Divert to a step of the same block, or to `done` from a branch.",
    )


def test_a_diversion_may_leave_a_branch() -> None:
    assert_says({STEPS: "        steps: [call]\n", SUSPEND: "        divert: done\n", **UNUSED})


def test_only_a_task_is_completed_by_an_ending() -> None:
    assert_says(
        {STEPS: "        steps: [judge]\n", "then: resume}\n": "then: complete} # !\n"},
        "KP0705 ending `came` completes the step, and `judge` is no task | Write `then: resume`, or"
        " leave `judge` out of `steps`.",
    )


def test_working_time_needs_a_calendar_that_opens() -> None:
    model = read(SOUND)
    closed = replace(model.calendars["office"], openings=(Opening(0, 540, 540),))
    findings = check(replace(model, calendars={"office": closed}))

    assert said(findings) == [
        f"KP0706 step `{step}` is due in working time, and calendar `office` of unit `desk` never"
        f" opens | Give the calendar hours, or write the due time without `working`."
        for step in ("examine", "judge")
    ]
