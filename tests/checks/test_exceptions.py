"""Exceptions and the hours in which clocks run."""

from dataclasses import replace

from kingpost.checks import check
from kingpost.values.business_time import Opening
from tests.checks.words import SOUND, assert_says, edited, read, said

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


ALONGSIDE = "        alongside: {task: Tell the agent, role: clerk, due: 1 working day}\n"
UNTIL = "        suspend: {state: held, clocks: stop, until: "


def test_what_an_exception_opens_has_a_name_of_its_own() -> None:
    assert_says(
        {
            STEPS: "        steps: [judge]\n",
            SUSPEND: ALONGSIDE,
            "      papers-missing:\n": "      examine: # !\n",
            **UNUSED,
        },
        "KP0708 exception `examine` opens work of its own name, and a step has that name | Give one"
        " of them another id.",
    )


def test_a_suspension_until_the_time_of_a_field_can_be_ended_by_somebody() -> None:
    assert_says(
        {SUSPEND: f"{UNTIL}{{field: receipt}}}} # !\n"},
        "KP0535 exception `papers-missing` ends at the time of field `receipt`, which holds text"
        " and no time | Name a field of type date or datetime, or make `receipt` one.",
        "KP0709 exception `papers-missing` ends at the time of field `receipt`, which may be"
        " emptied meanwhile, and nobody could end it then | Add `ends` to the suspension.",
    )


def test_a_suspension_that_ends_by_itself_has_to_lead_back() -> None:
    assert_says({SUSPEND: f"{UNTIL}{{limit: 2 days}}}}\n"})
    assert_says(
        {
            SUSPEND: f"{UNTIL}{{limit: 2 days}}}} # !\n",
            "      - held -> open\n": "      - held -> paid\n",
        },
        "KP0704 exception `papers-missing` cannot put the record back from state `held` into"
        " `open`: the lifecycle of `claim` has no such move | Add the move `held -> open` to object"
        " `claim`.",
    )


def test_work_that_an_exception_asks_for_is_of_a_role_that_there_is() -> None:
    assert_says(
        {SUSPEND: ALONGSIDE.replace("clerk", "clark").rstrip() + " # !\n", **UNUSED},
        "KP0103 there is no role `clark` | Write `clerk`.",
    )


def test_working_time_of_what_an_exception_opens_needs_a_calendar_that_opens() -> None:
    model = read(edited({SUSPEND: ALONGSIDE, **UNUSED}))
    closed = replace(model.calendars["office"], openings=(Opening(0, 540, 540),))
    (finding,) = (
        item
        for item in check(replace(model, calendars={"office": closed}))
        if item.subject.endswith("papers-missing")
    )

    (words,) = said([finding])
    assert words == (
        "KP0706 step `papers-missing` is due in working time, and calendar `office` of unit"
        " `desk` never opens | Give the calendar hours, or write the due time without `working`."
    )
    assert finding.place is not None
