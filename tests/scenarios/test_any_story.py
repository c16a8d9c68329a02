"""Whatever is told about a sound model, the runner answers: nothing makes it fail."""

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from kingpost.decisions.program import Program
from kingpost.model.scenario import (
    Act,
    Deed,
    Entry,
    Expectation,
    Given,
    Passing,
    Scenario,
    Who,
    Written,
)
from kingpost.model.workflow import Decision, Task, Wait
from kingpost.scenarios import coverage, run_scenario
from kingpost.scenarios.coverage import parts
from kingpost.values.span import Span
from tests.scenarios.examples import company, program

MODEL = company("lending")
WORKFLOW = MODEL.workflows["loan-origination"]
STEPS = {step.id: step for step in WORKFLOW.all_steps()}
FIELDS = [field.id for field in MODEL.objects["application"].fields]
VALUES: st.SearchStrategy[Written] = st.sampled_from(
    ["180000", "0", "-1", "720", "true", "low", "2026-01-05", "EUR 5", "", ("one", "two")]
)
RECORDS: st.SearchStrategy[Mapping[str, Written]] = st.dictionaries(
    st.sampled_from(FIELDS), VALUES, max_size=3
)
WHO = st.sampled_from(
    [
        *(Who(post=post) for post in sorted(MODEL.posts)),
        *(Who(interface=name) for name in sorted(MODEL.interfaces)),
        Who(person="ann"),
        Who(person="ann", acting_as="clerk"),
    ]
)
TASKS = [name for name, step in STEPS.items() if isinstance(step, Task)]
OUTCOMES = [
    (name, outcome.id)
    for name, step in STEPS.items()
    if isinstance(step, Decision)
    for outcome in step.outcomes
]
MESSAGES = [
    awaited.message
    for step in STEPS.values()
    if isinstance(step, Wait)
    for awaited in step.messages
]
ENDINGS = [(item.id, ending.id) for item in WORKFLOW.exceptions for ending in item.endings]


def decides(who: Who, taken: tuple[str, str], records: Mapping[str, Written], reason: str) -> Entry:
    return Act(who, Deed.DECIDE, taken[0], taken[1], records=records, reason=reason)


def resolves(who: Who, ended: tuple[str, str]) -> Entry:
    return Act(who, Deed.RESOLVE, *ended)


def beginning(record: Mapping[str, Written], vacant: tuple[str, ...]) -> Given:
    whole: dict[str, Written] = {"applicant": "A. Vos", "amount": "180000", "income": "60000"}
    people = {"ann": ("clerk", "loan-officer")}
    return Given("application", {**whole, **record}, people=people, vacant=vacant)


REASONS = st.sampled_from(["", "since it is so"])
EXCEPTIONS = st.sampled_from([item.id for item in WORKFLOW.exceptions])
SPANS = st.sampled_from([Span(20, "minute"), Span(40, "day"), Span(1, "day", working=True)])
ACTS: st.SearchStrategy[Entry] = st.one_of(
    st.builds(Act, WHO, st.just(Deed.COMPLETE), st.sampled_from(TASKS), records=RECORDS),
    st.builds(decides, WHO, st.sampled_from(OUTCOMES), RECORDS, REASONS),
    st.builds(Act, WHO, st.just(Deed.RECORD), st.sampled_from(TASKS), records=RECORDS),
    st.builds(Act, WHO, st.just(Deed.TAKE), st.sampled_from(TASKS)),
    st.builds(Act, WHO, st.just(Deed.RAISE), EXCEPTIONS),
    st.builds(resolves, WHO, st.sampled_from(ENDINGS)),
    st.builds(Act, WHO, st.just(Deed.DELIVER), st.sampled_from(MESSAGES), records=RECORDS),
    st.builds(Passing, SPANS),
)
VACANT: st.SearchStrategy[tuple[str, ...]] = st.sampled_from(
    [(), ("head-of-lending",), ("senior-officer", "appraiser")]
)
GIVEN = st.builds(
    beginning,
    st.dictionaries(st.sampled_from(["term", "income", "debts", "amount"]), VALUES, max_size=2),
    VACANT,
)
# So far every story comes, so that what is drawn meets more than the first step.
BEGINNING = MODEL.scenarios["examined"].when


def telling(scenario: Scenario) -> Program:
    model = replace(MODEL, scenarios={scenario.id: scenario})
    return replace(program("lending"), model=model)


@settings(deadline=None, max_examples=60)
@given(begun=st.booleans(), given_=GIVEN, acts=st.lists(ACTS, max_size=8))
def test_whatever_is_told_the_runner_answers(begun: bool, given_: Given, acts: list[Entry]) -> None:
    # Each may be refused, and the story goes on.
    asked = [entry for act in acts for entry in (act, Expectation(refused=""))]
    when = (*(BEGINNING if begun else ()), *asked)
    scenario = Scenario("any", "Any", given_, when, (Expectation(closed=False),))
    told = telling(scenario)

    result = run_scenario(told, "any")

    known = {part.address for part in parts(told.model)}
    always = {address for address in result.reached if "/then/" in address}
    assert result.story
    assert result.reached - always <= known
    covered = {part.address for part in coverage(told.model, [result]) if "any" in part.by}
    assert covered <= result.reached
