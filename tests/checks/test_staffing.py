"""Whether the people suffice: the search against force, and its words on the sound model."""

from collections.abc import Mapping
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.checks.staffing.assigning import Problem, TooManyTriesError, assign, shortage
from kingpost.checks.staffing.findings import Staffing, check_staffing
from kingpost.checks.staffing.register import Register
from tests.checks.words import edited, read, said

# What tests have said of registers, for the pages that explain findings by examples of the tests.
REGISTERS: list[tuple[Mapping[str, tuple[str, ...]], str]] = []

PEOPLE = {"ann": "Ann Bell", "bob": "Bob Cox", "cid": "Cid Dow", "dan": "Dan Eve", "eve": "Eve Fox"}
CREW = tuple(f"p{number}" for number in range(15))
FULL = {"head": ("ann", "bob"), "counter": ("cid", "dan"), "control": ("eve",)}


def staffed(edits: Mapping[str, str], holders: Mapping[str, tuple[str, ...]]) -> Staffing:
    people = {**PEOPLE, **dict.fromkeys(CREW, "One of many"), "bot": "Bot"}
    register = Register(people, holders, agents=frozenset({"bot"}))
    return check_staffing(read(edited(edits)), register)


def assert_short(
    edits: Mapping[str, str], holders: Mapping[str, tuple[str, ...]], *expected: str
) -> None:
    """Assert what is said when the sound model, edited, has these holders."""
    REGISTERS.extend((holders, words) for words in expected)
    assert said(staffed(edits, holders).findings) == list(expected)


def test_with_enough_people_there_is_an_example_of_who_does_what() -> None:
    staffing = staffed({}, FULL)

    assert staffing.findings == ()
    assert dict(staffing.plans["claim"]) == {
        "examine": "cid",
        "judge": "ann",
        "call": "cid",
        "letter": "cid",
    }


def test_when_nobody_holds_the_post_above_either_nobody_may_decide() -> None:
    assert_short(
        {},
        {"counter": ("cid", "dan"), "control": ("eve",)},
        "KP1103 nobody may decide `judge` | Appoint one more person to `head`.",
    )


def test_with_the_only_judge_absent_nobody_may_decide() -> None:
    assert_short(
        {},
        {**FULL, "head": ("ann",)},
        "KP1104? with `Ann Bell` absent nobody may decide `judge`"
        " | Appoint one more person to `head`.",
    )


COUNTER = "roles: [clerk], seats: 2, vacancy: {falls-to: superior}}"
LIMITED = {
    COUNTER: (
        "roles: [clerk, judge], seats: 2, vacancy: {falls-to: superior},"
        " authority: [{decide: claim/judge, outcomes: [grant, deny]}]}"
    ),
    "        to: {post: head}\n": "        to: {post: counter}\n",
}
BOTH = {**LIMITED, ', when: "claim.amount > 100"}': "}"}


def test_one_person_may_not_do_what_two_must() -> None:
    assert_short(
        BOTH,
        {"counter": ("cid",)},
        "KP1103 nobody else may decide `judge` after `examine`"
        " | Appoint one more person to `counter`.",
    )


def test_with_one_of_two_absent_the_other_may_not_do_both() -> None:
    assert_short(
        BOTH,
        {"counter": ("cid", "dan")},
        "KP1104? with `Cid Dow` absent nobody else may decide `judge` after `examine` | Appoint"
        " one more person to `head`.",
        "KP1104? with `Dan Eve` absent nobody else may decide `judge` after `examine` | Appoint"
        " one more person to `head`.",
    )


def test_an_outcome_that_only_some_may_take_is_named_with_the_record() -> None:
    assert_short(
        LIMITED,
        {"head": ("ann", "bob"), "counter": ("cid", "dan")},
        "KP1104? with `Cid Dow` absent nobody else may take outcome `grant` of `judge` after"
        " `examine` when `claim.amount` is `99` | Give post `counter` one more seat, and appoint"
        " somebody to it.",
        "KP1104? with `Dan Eve` absent nobody else may take outcome `grant` of `judge` after"
        " `examine` when `claim.amount` is `99` | Give post `counter` one more seat, and appoint"
        " somebody to it.",
    )


def test_the_superior_acts_for_those_below_when_the_role_is_there() -> None:
    denying = {old: new.replace("[grant, deny]", "[deny]") for old, new in LIMITED.items()}

    assert_short(denying, {"head": ("ann", "bob"), "counter": ("cid", "dan")})


def test_work_of_a_vacant_post_falls_to_its_superior() -> None:
    staffing = staffed({}, {"head": ("ann", "bob"), "control": ("eve",)})

    assert dict(staffing.plans["claim"])["call"] == "ann"


def test_roles_that_no_post_may_carry_together_no_person_may_either() -> None:
    assert_short(
        {},
        {**FULL, "control": ("ann",)},
        "KP1102 `Ann Bell` carries `judge` and `auditor` by holding `head` and `control`, and these"
        " roles are incompatible | End one of the appointments.",
    )


def test_somebody_who_holds_an_unknown_post_is_found() -> None:
    assert_short(
        {},
        {**FULL, "countre": ("ann",)},
        "KP1101 `Ann Bell` holds post `countre`, which is not there | Write `counter`.",
    )


def test_somebody_whom_the_people_do_not_know_is_found() -> None:
    assert_short(
        {},
        {**FULL, "control": ("evee",)},
        "KP1108 `evee` holds post `control`, and is not among the people | Write `eve`.",
    )


def test_somebody_whom_the_people_do_not_know_takes_no_seat() -> None:
    assert_short(
        {},
        {**FULL, "counter": ("cid", "dan", "evee")},
        "KP1108 `evee` holds post `counter`, and is not among the people | Write `eve`.",
    )


def test_more_people_than_seats_are_found() -> None:
    assert_short(
        {},
        {**FULL, "counter": ("cid", "dan", "eve"), "control": ()},
        "KP1109 post `counter` has 2 seats, and 3 people hold it: `Cid Dow`, `Dan Eve` and"
        " `Eve Fox` | End an appointment, or give the post more seats.",
    )


# The counter is run by an agent, for which control answers.
AGENCY = {
    "roles: [clerk], seats: 2, vacancy: {falls-to: superior}}": (
        "roles: [clerk], vacancy: holds, answered-for-by: control}"
    )
}


def test_an_agent_does_work_while_somebody_answers_for_it() -> None:
    staffing = staffed(AGENCY, {**FULL, "counter": ("bot",)})

    assert {finding.code for finding in staffing.findings} == {"KP1104"}
    assert dict(staffing.plans["claim"])["examine"] == "eve"


def test_an_agent_is_nobody_besides_who_answers_for_it() -> None:
    assert_short(
        AGENCY,
        {"head": ("eve",), "counter": ("bot",), "control": ("eve",)},
        "KP1102 `Eve Fox` carries `judge` and `auditor` by holding `head` and `control`, and these"
        " roles are incompatible | End one of the appointments.",
        "KP1103 nobody else may decide `judge` after `examine` | Appoint one more person to"
        " `head`.",
    )


def test_agents_and_people_do_not_hold_the_same_posts() -> None:
    assert_short(
        AGENCY,
        {"head": ("ann", "bot"), "counter": ("cid",), "control": ("eve",)},
        "KP1110 the agent `Bot` holds post `head`, which names nobody to answer for it | Write"
        " `answered-for-by` at the post, or appoint a person.",
        "KP1110 `Cid Dow` is a person and holds post `counter`, which is for an agent | Appoint an"
        " agent, or appoint the person to another post.",
        "KP1104? with `Eve Fox` absent nobody may do `examine` | Let a post of people carry the"
        " role of the step as well.",
    )


def test_before_anybody_is_appointed_one_finding_names_the_posts_to_begin_with() -> None:
    assert_short(
        {},
        {},
        "KP1107 nobody holds any post | Appoint somebody to each post that work comes to:"
        " `counter` and `head`.",
    )


def test_when_the_first_appointment_is_still_to_come_its_day_is_told() -> None:
    register = Register(PEOPLE, {}, date(2027, 1, 4))

    (found,) = check_staffing(read(edited({})), register).findings

    assert (
        found.message == "nobody holds any post yet: the first appointment begins on 4 January 2027"
    )


def test_a_vacant_post_that_does_not_say_what_becomes_of_its_work_is_found() -> None:
    assert_short(
        {COUNTER: "roles: [clerk], seats: 2}"},
        {"head": ("ann", "bob"), "control": ("eve",)},
        "KP1105? work is addressed to post `counter`, nobody holds it, and it does not say what"
        " becomes of its work | Appoint somebody, or add `vacancy` to the post.",
        "KP1103 nobody may do `examine` | Appoint one more person to `counter`.",
    )


def test_three_steps_that_two_people_share_are_named_together() -> None:
    problem = Problem(
        {"one": ("a", "b"), "two": ("b", "a"), "three": ("a", "b")},
        {
            "one": frozenset({"two", "three"}),
            "two": frozenset({"one", "three"}),
            "three": frozenset({"one", "two"}),
        },
    )

    assert assign(problem) is None
    assert shortage(problem) == ("one", "two", "three")


def test_a_search_that_takes_too_long_says_so() -> None:
    # Sixteen steps that are all kept apart, and fifteen people for them.
    names = [f"s{number}" for number in range(16)]
    people = tuple(f"p{number}" for number in range(15))
    everything = {name: frozenset(names) - {name} for name in names}

    with pytest.raises(TooManyTriesError):
        assign(Problem(dict.fromkeys(names, people), everything))


def test_where_it_cannot_be_told_whether_people_suffice_this_is_said() -> None:
    steps = "".join(
        f"      w{number}: {{task: Do, role: clerk, then: w{number + 1}, separate-from:"
        f" [{', '.join(f'w{other}' for other in range(number))}]}}\n"
        for number in range(15)
    )
    before = ", ".join(f"w{other}" for other in range(15))
    last = f"      w15: {{task: Do, role: clerk, then: examine, separate-from: [{before}]}}\n"

    assert_short(
        {"rule: band, then: examine}": "rule: band, then: w0}",
         "      examine:\n": f"{steps}{last}      examine:\n",
         "roles: [clerk], seats: 2": "roles: [clerk], seats: 15"},
        {**FULL, "counter": CREW},
        "KP1106? it cannot be told whether people suffice for workflow `claim` | Keep fewer steps"
        " apart, or appoint more people.",
    )  # fmt: skip


NAMES = ("s1", "s2", "s3", "s4", "s5")
PERSONS = ("a", "b", "c")


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    able = {name: tuple(sorted(draw(st.sets(st.sampled_from(PERSONS))))) for name in names}
    pairs = draw(st.sets(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=8))
    apart = {
        name: frozenset(
            {one if two == name else two for one, two in pairs if name in {one, two}} - {name}
        )
        for name in names
    }
    return Problem(able, apart)


def fits(problem: Problem, chosen: Mapping[str, str]) -> bool:
    return all(
        chosen[name] in problem.able[name]
        and all(chosen[name] != chosen[other] for other in problem.apart[name])
        for name in problem.able
    )


def by_force(problem: Problem) -> bool:
    names = list(problem.able)
    every = product(*(problem.able[name] for name in names))
    return any(fits(problem, dict(zip(names, chosen, strict=True))) for chosen in every)


@given(problem=problems())
def test_an_assignment_is_found_where_there_is_one(problem: Problem) -> None:
    chosen = assign(problem)

    assert (chosen is not None) == by_force(problem)
    assert chosen is None or fits(problem, chosen)


@given(problem=problems())
def test_a_shortage_has_nothing_too_much(problem: Problem) -> None:
    if assign(problem) is None:
        names = shortage(problem)
        assert not by_force(problem.only(names))
        for name in names:
            assert by_force(problem.only(other for other in names if other != name))


@pytest.mark.parametrize("size", [3, 30])
def test_much_work_with_many_people_is_assigned_at_once(size: int) -> None:
    names = [f"s{number}" for number in range(size)]
    people = tuple(f"p{number}" for number in range(size))
    everything = {name: frozenset(names) - {name} for name in names}

    assert assign(Problem(dict.fromkeys(names, people), everything)) is not None
