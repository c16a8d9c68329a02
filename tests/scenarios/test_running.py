"""A scenario runs by the function that decides live work, and says where it went another way."""

# ruff: noqa: E501 - stories and words stand as they are written.

import pytest

from kingpost.decisions.program import compile_model
from kingpost.scenarios import run_scenarios
from tests.checks.words import read
from tests.scenarios.stories import EXAMINED, GIVEN, differences, run, run_one, text_of, told

GRANTED = "{post: head, decides: judge, outcome: grant}"


def test_a_story_comes_out_as_it_is_told() -> None:
    result = run_one(
        EXAMINED,
        "{expect: {open: judge, state: open, addressed: {judge: head}, obligations: {fair-answer: owed}}}",
        "{post: head, takes: judge}",
        GRANTED,
        "{interface: bank, delivers: was-paid}",
        then="{closed: true, state: paid, open: [], decided: {judge: grant}, record: {band: high, amount: 200, urgent: true, receipt: r-12}, empty: [handler], obligations: {fair-answer: met}}",
    )

    assert differences(result) == []
    assert told(result) == [
        "Mon 09:00 counter begins a case with claimant Ines, amount 200, kind fire → examine; open",
        "Mon 09:00 counter does examine with urgent true, receipt r-12 → judge",
        "Mon 09:00 head takes judge → judge",
        "Mon 09:00 head decides judge: grant → pay",
        "Mon 09:00 bank delivers was-paid → closed, paid",
    ]


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("{open: pay}", "`pay` is open | `judge` is open | `examine` led to `judge`, since `claim.urgent = true`"),
        ("{open: [judge, pay]}", "`judge`, `pay` are open | `judge` is open | `examine` led to `judge`, since `claim.urgent = true`"),
        ("{open: []}", "nothing is open | `judge` is open | `examine` led to `judge`, since `claim.urgent = true`"),
        ("{state: paid}", "the state is `paid` | it is `open` | `examine` led to `judge`, since `claim.urgent = true`"),
        ("{closed: true}", "the case is closed | the case is open, in `open` | `examine` led to `judge`, since `claim.urgent = true`"),
        ("{record: {amount: 300}}", "`amount` is `300` | it is `200`"),
        ("{record: {handler: head}}", "`handler` is `head` | it is empty"),
        ("{record: {amount: many}}", "`amount` is `many` | it is `200`"),
        ("{empty: receipt}", "`receipt` is empty | it is `r-12`"),
        ("{decided: {judge: grant}}", "`judge` was decided as `grant` | it was not taken"),
        ("{obligations: {fair-answer: met}}", "`fair-answer` is met | it is owed | its evidence is made by `claim/judge`"),
        ("{record: {band: low}}", "`band` is `low` | it is `high` | `band` answered it in row 2"),
        ("{due: {judge: 2026-01-05 14:00}}", "the term of `judge` ends 2026-01-05 14:00 | it ends 2026-01-05 13:00"),
        ("{due: {pay: 2026-01-05 14:00}}", "the term of `pay` ends 2026-01-05 14:00 | `judge` is open"),
        ("{overdue: judge}", "`judge` is overdue | it ends 2026-01-05 13:00"),
        ("{addressed: {judge: counter}}", "`judge` is addressed to `counter` | it is addressed to `head`"),
        ("{addressed: {pay: head}}", "`pay` is addressed to `head` | `judge` is open"),
        ("{suspended: {judge: papers-missing}}", "`judge` stands still for `papers-missing` | it is not suspended"),
        ("{refused: needs}", "it is refused: needs | it is done"),
    ],
)  # fmt: skip
def test_what_is_not_as_expected_is_told_with_what_is_instead(then: str, words: str) -> None:
    assert differences(run_one(EXAMINED, then=then)) == [words]


def test_an_else_is_explained_by_what_did_not_hold() -> None:
    unhurried = EXAMINED.replace("urgent: true", "urgent: false")

    assert differences(run_one(unhurried, then="{open: judge}")) == [
        "`judge` is open | `call`, `letter` are open | `examine` led to `both`, since not `claim.urgent = true`"
    ]


def test_a_refusal_that_nobody_expected_ends_the_story_where_it_stands() -> None:
    (result,) = run(f"""
story:
  {GIVEN}
  when:
    - {EXAMINED}
    - {{post: counter, decides: judge, outcome: grant}}
    - {{interface: bank, delivers: was-paid}}
  then: {{state: paid}}
""")

    assert differences(result) == [
        "it is done | it is refused: `judge` needs the role `judge` and is addressed to `head`: `head` may"
    ]
    assert told(result)[-1].startswith("Mon 09:00 counter decides judge: grant → refused: `judge`")
    place = result.failures[0].place
    assert place is not None
    assert (place.line - (result.place.line if result.place else 0), place.column) == (4, 9)


def test_an_expected_refusal_is_named_by_its_words() -> None:
    by_counter = "{post: counter, decides: judge, outcome: grant}"
    other = run_one(EXAMINED, by_counter, then="{refused: only when, open: judge}")

    assert differences(run_one(EXAMINED, by_counter, then="{refused: needs the role}")) == []
    assert differences(other) == [
        "it is refused: only when | it is refused: `judge` needs the role `judge` and is addressed to `head`: `head` may"
    ]


def test_after_an_expected_refusal_the_story_goes_on() -> None:
    result = run_one(
        EXAMINED,
        "{post: counter, decides: judge, outcome: grant}",
        "{expect: {refused: needs the role}}",
        GRANTED,
        then="{open: pay}",
    )

    assert differences(result) == []


def test_a_case_that_may_not_begin_is_a_refusal_too() -> None:
    given = "given: {claim: {amount: 200, kind: fire}}"

    assert differences(run_one(then="{refused: needs `claimant`}", given=given)) == []
    assert differences(run_one(then="{open: examine}", given=given)) == [
        "it is done | it is refused: `claim` needs `claimant`"
    ]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{post: head, decides: judge, outcome: grant}", "`judge` is not open: `examine` is open"),
        ("{interface: bank, delivers: was-paid}", "nothing is open for `was-paid`: `examine` is open"),
        ("{post: counter, resolves: papers-missing, ending: came}", "nothing is open for `papers-missing`: `examine` is open"),
        ("{post: counter, resolves: papers-missing, ending: came, in: examine}", "`examine` is not suspended"),
        ("{post: counter, raises: papers-missing, in: judge}", "`judge` is not open: `examine` is open"),
        ("{post: head, does: examine, records: {receipt: r}}", "`examine` needs the role `clerk` and is addressed to `counter`: `counter` may"),
        ("{post: counter, does: examine, records: {amount: 1}}", "`examine` does not record `amount`: it records `urgent`, `receipt`"),
        ("{post: counter, does: examine, records: {urgent: perhaps}}", "`urgent` expects yes or no, got `perhaps`"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_in_words(entry: str, words: str) -> None:
    assert differences(run_one(entry, then="{open: judge}")) == [
        f"it is done | it is refused: {words}"
    ]


def test_an_exception_suspends_and_is_resolved() -> None:
    result = run_one(
        "{post: counter, raises: papers-missing, reason: no receipt}",
        "{expect: {suspended: {examine: papers-missing}, state: held, open: examine}}",
        "{wait: 3 days}",
        "{post: counter, resolves: papers-missing, ending: came}",
        then="{state: open, due: {examine: 2026-01-08 17:00}}",
    )

    assert differences(result) == []
    assert told(result)[1] == (
        "Mon 09:00 counter raises papers-missing (no receipt) → examine (suspended); held"
    )


def test_a_clock_that_stands_still_ends_nowhere() -> None:
    result = run_one(
        "{post: counter, raises: papers-missing}", then="{due: {examine: 2026-01-05 17:00}}"
    )

    assert differences(result) == [
        "the term of `examine` ends 2026-01-05 17:00 | its clock stands still"
    ]


def test_time_passes_in_working_hours_or_by_the_clock() -> None:
    by_length = run_one(
        "{wait: 1 working day}", "{wait: 4 working hours}", EXAMINED, then="{open: judge}"
    )
    by_clock = run_one("{wait: 1 day}", "{at: 2026-01-09 16:59}", EXAMINED, then="{open: judge}")

    assert told(by_length)[1].startswith("Tue 13:00 counter does examine")
    assert told(by_clock)[1].startswith("Fri 16:59 counter does examine")


def test_a_limit_takes_effect_at_its_time() -> None:
    result = run_one(EXAMINED, GRANTED, "{wait: 40 days}", then="{open: examine, overdue: examine}")

    assert differences(result) == []
    assert told(result)[-1] == "Wed 09:00 the limit of pay is over → examine"


def test_one_holds_every_post_unless_the_story_says_who() -> None:
    given = GIVEN.replace("given: {", "given: {people: {ann: [counter, head], bob: head}, ")
    alone = run_one(
        "{person: ann, as: counter, does: examine, records: {urgent: true, receipt: r}}",
        "{person: ann, decides: judge, outcome: grant}",
        "{expect: {refused: you performed `examine`}}",
        "{person: bob, decides: judge, outcome: grant}",
        then="{open: pay}",
        given=given,
    )

    assert differences(alone) == []


def test_the_first_of_the_named_acts_for_a_post() -> None:
    given = GIVEN.replace("given: {", "given: {people: {ann: [counter, head]}, ")
    result = run_one(EXAMINED, GRANTED, then="{open: pay}", given=given)

    assert differences(result) == [
        "it is done | it is refused: `judge` is for somebody else: you performed `examine` in this case"
    ]


def test_a_vacant_post_acts_by_who_stands_in() -> None:
    given = GIVEN.replace("given: {", "given: {post: head, vacant: counter, ")

    by_nobody = run_one(EXAMINED, then="{refused: nobody holds `counter`}", given=given)
    stand_in = EXAMINED.replace("counter", "head")
    by_superior = run_one(stand_in, then="{open: judge}", given=given)

    assert differences(by_nobody) == []
    assert differences(by_superior) == []


def test_a_story_begins_when_and_by_whom_it_says() -> None:
    given = GIVEN.replace("given: {", "given: {post: counter, at: 2026-07-03 16:30, ")
    result = run_one(EXAMINED, then="{due: {judge: 2026-07-06 12:30}}", given=given)

    assert differences(result) == []
    assert told(result)[0].startswith("Fri 16:30 counter begins a case")


def test_a_story_that_is_told_after_another_begins_where_that_one_ends() -> None:
    examined, paid = run(f"""
examined:
  {GIVEN}
  when:
    - {EXAMINED}
  then: {{open: judge}}
paid:
  after: examined
  when:
    - {GRANTED}
    - {{interface: bank, delivers: was-paid}}
  then: {{state: paid, record: {{amount: 200}}}}
""")

    assert (examined.passed, paid.passed) == (True, True)
    assert told(paid)[:2] == told(examined)
    assert told(paid)[-1] == "Mon 09:00 bank delivers was-paid → closed, paid"


def test_what_a_later_story_gives_overrules_what_an_earlier_one_gave() -> None:
    base, other = run(f"""
base:
  {GIVEN}
  when:
    - {EXAMINED}
    - {{expect: {{record: {{band: high}}}}}}
  then: {{record: {{amount: 200}}}}
other:
  after: base
  given: {{at: 2026-01-06 10:00, people: {{ann: head}}, claim: {{amount: 50}}}}
  when:
    - {{person: ann, decides: judge, outcome: grant}}
    - {{expect: {{refused: only when `claim.amount > 100`}}}}
  then: {{record: {{amount: 50, band: low, kind: fire}}}}
""")

    assert (differences(base), differences(other)) == ([], [])
    assert told(other)[0].startswith(
        "Tue 10:00 counter begins a case with claimant Ines, amount 50"
    )


def test_a_refusal_on_the_way_is_still_expected_in_a_later_story() -> None:
    by_counter = "{post: counter, decides: judge, outcome: grant}"
    results = run(f"""
base:
  {GIVEN}
  when:
    - {EXAMINED}
    - {by_counter}
    - {{expect: {{refused: needs the role}}}}
    - {by_counter}
  then: {{refused: needs the role}}
later:
  after: base
  when:
    - {GRANTED}
  then: {{open: pay}}
""")

    assert [differences(result) for result in results] == [[], []]


def test_what_fails_in_a_story_before_is_told_where_that_one_is_written() -> None:
    _, later = run(f"""
base:
  {GIVEN}
  when:
    - {GRANTED}
  then: {{open: pay}}
later:
  after: base
  then: {{open: pay}}
""")
    place = later.failures[0].place

    assert place is not None
    assert later.place is not None
    assert place.line < later.place.line


def test_lists_groups_money_and_times_are_written_as_people_write_them() -> None:
    fields = (
        "      pages:    {type: list, of: integer}\n"
        "      paid-at:  {type: datetime}\n"
        "      cost:     {type: money, currency: EUR}\n"
        "      address:  {type: group, fields: {city: {type: text}, kinds: {type: list, of: {type: choice, of: [flat, house]}}}}\n"
    )
    text = text_of(f"""
story:
  {GIVEN.replace("kind: fire", "kind: fire, pages: [1, 2], cost: 12.50, paid-at: 2026-07-01 10:00, address: {city: Porto, kinds: house}")}
  then:
    record: {{pages: [1, 2], cost: 12.5 EUR, paid-at: "2026-07-01T09:00:00Z", address: {{city: Porto, kinds: [house]}}}}
""")
    text = text.replace(
        "      receipt:  {title: Receipt, type: text}\n",
        f"      receipt:  {{title: Receipt, type: text}}\n{fields}",
    )
    text = text.replace(
        "form: [claimant, amount, kind]",
        "form: [claimant, amount, kind, pages, cost, paid-at, address]",
    )

    (result,) = run_scenarios(compile_model(read(text)))

    assert differences(result) == []


def test_limits_that_lead_to_each_other_come_to_an_end() -> None:
    text = text_of(f"""
story:
  {GIVEN}
  when:
    - {EXAMINED}
    - {GRANTED}
    - {{wait: 2 days}}
  then: {{open: pay}}
""")
    text = text.replace(
        "        limit: 30 days\n        then: examine\n",
        "        limit: 1 minute\n        then: again\n      again: {title: Again, rule: band, then: pay}\n",
    )

    (result,) = run_scenarios(compile_model(read(text)))

    assert differences(result) == [
        "it is done | it is refused: more than 1000 limits and notices fall into this time"
    ]


def test_time_does_not_run_back() -> None:
    assert differences(run_one("{at: 2026-01-05 08:59}", then="{open: examine}")) == [
        "it is done | it is refused: time does not run back from 2026-01-05 09:00"
    ]


def test_working_time_that_hardly_ever_comes_is_refused() -> None:
    text = text_of(
        f"story:\n  {GIVEN}\n  when:\n    - {{wait: 5000 working hours}}\n  then: {{open: examine}}"
    )
    text = text.replace('hours: ["Mon-Fri 09:00-17:00"]', 'hours: ["Mon 09:00-09:01"]')

    (result,) = run_scenarios(compile_model(read(text)))

    assert differences(result) == [
        "it is done | it is refused: calendar `office` does not open for long enough within a hundred years"
    ]


def test_a_story_does_not_outlast_the_calendar() -> None:
    waits = ["{wait: 500 weeks}"] * 30

    assert differences(run_one(*waits, then="{open: examine}")) == [
        "it is done | it is refused: a story ends before 2300"
    ]


def test_a_story_goes_on_from_one_that_expected_what_did_not_come() -> None:
    base, later = run(f"""
base:
  {GIVEN}
  when:
    - {EXAMINED}
  then: {{open: pay}}
later:
  after: base
  when:
    - {GRANTED}
  then: {{open: pay}}
""")

    assert (base.passed, later.passed) == (False, True)


def test_why_a_case_stands_where_it_does_is_known_from_the_story_before() -> None:
    _, later = run(f"""
base:
  {GIVEN}
  when:
    - {EXAMINED}
  then: {{open: judge}}
later:
  after: base
  then: {{open: pay}}
""")

    assert differences(later) == [
        "`pay` is open | `judge` is open | `examine` led to `judge`, since `claim.urgent = true`"
    ]
