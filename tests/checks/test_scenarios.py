"""Scenarios name what the model has, and do what can be done."""

# ruff: noqa: E501 - stories and words stand as they are written.

import pytest

from kingpost.checks import check
from kingpost.model.content import version
from tests.checks.words import SOUND, read, said

STORY = """
scenarios:
  paid:
    given:
      post: counter
      people: {ann: [counter], bob: [head]}
      vacant: control
      claim: {claimant: Ines, amount: 200, kind: fire}
    when:
      - {post: counter, raises: papers-missing, in: examine}
      - {post: counter, resolves: papers-missing, ending: came}
      - {person: ann, as: counter, does: examine, records: {urgent: true, receipt: 12, handler: counter}}
      - {expect: {open: judge, addressed: {judge: head}, due: {judge: 2026-01-05 13:00}}}
      - {post: head, takes: judge}
      - {person: bob, decides: judge, outcome: grant}
      - {interface: bank, delivers: was-paid}
    then: {state: paid, decided: {judge: grant}, obligations: {fair-answer: met}, record: {band: high}}
"""


def words_of(old: str, new: str) -> list[str]:
    """Return what is said of the story with one text in it replaced, each with the line it names."""
    assert STORY.count(old) == 1, old
    text = SOUND + STORY.replace(old, new)
    findings = check(read(text))
    lines = text.splitlines()
    before = set((SOUND + STORY).splitlines())
    for finding in findings:
        assert finding.place is not None
        assert lines[finding.place.line - 1] not in before, finding
    return said(findings)


def test_a_story_of_the_model_is_sound() -> None:
    assert said(check(read(SOUND + STORY))) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("post: counter\n", "post: conter\n", "KP0104 there is no post `conter` | Write `counter`."),
        ("bob: [head]", "bob: [hed]", "KP0104 there is no post `hed` | Write `head`."),
        ("vacant: control", "vacant: kontrol", "KP0104 there is no post `kontrol` | Write `control`."),
        ("vacant: control", "vacant: head", "KP1010 `head` is vacant, and `bob` holds it | Leave one of them out."),
        ("amount: 200", "amont: 200",
         "KP0106 there is no field `amont` on object `claim` | Write `amount`."),
        ("kind: fire", "kind: fier",
         "KP0118 there is no choice `fier` of field `kind` | Write `fire`."),
        ("handler: counter", "handler: conter",
         "KP0104 there is no post `conter` | Write `counter`."),
        ("raises: papers-missing", "raises: paper-missing",
         "KP1001 there is no exception `paper-missing` in workflow `claim` | Write `papers-missing`."),
        ("in: examine", "in: examin",
         "KP0110 there is no step `examin` in workflow `claim` | Write `examine`."),
        ("ending: came", "ending: come",
         "KP1002 there is no ending `come` of exception `papers-missing` | Write `came`."),
        ("person: ann", "person: anne", "KP1004 there is no person `anne` | Write `ann`."),
        ("as: counter", "as: conter", "KP0104 there is no post `conter` | Write `counter`."),
        ("does: examine", "does: examin",
         "KP0110 there is no step `examin` in workflow `claim` | Write `examine`."),
        ("does: examine", "does: judge",
         "KP1007 `judge` is not a task, which `does` asks for | Write `decides`."),
        ("does: examine", "does: pay",
         "KP1007 `pay` is not a task, which `does` asks for | Let its messages be delivered, or its limit pass."),
        ("does: examine", "does: both",
         "KP1007 `both` is not a task, which `does` asks for | Name a step at which somebody acts."),
        ("takes: judge", "takes: pay",
         "KP1007 `pay` is not a task or a decision, which `takes` asks for | Let its messages be delivered, or its limit pass."),
        ("decides: judge", "decides: examine",
         "KP1007 `examine` is not a decision, which `decides` asks for | Write `does`."),
        ("open: judge", "open: jugde",
         "KP0110 there is no step `jugde` in workflow `claim` | Write `judge`."),
        ("addressed: {judge: head}", "addressed: {judge: hed}",
         "KP0104 there is no post `hed` | Write `head`."),
        ("due: {judge: 2026", "due: {juge: 2026",
         "KP0110 there is no step `juge` in workflow `claim` | Write `judge`."),
        ("outcome: grant", "outcome: grand",
         "KP0112 there is no outcome `grand` of decision `claim/judge` | Write `grant`."),
        ("interface: bank", "interface: bnak",
         "KP0117 there is no interface `bnak` | Write `bank`."),
        ("delivers: was-paid", "delivers: was-payed",
         "KP1003 there is no message `was-payed` in workflow `claim` | Write `was-paid`."),
        ("state: paid", "state: pade",
         "KP0107 there is no state `pade` of object `claim` | Write `paid`."),
        ("decided: {judge: grant}", "decided: {judge: grand}",
         "KP0112 there is no outcome `grand` of decision `claim/judge` | Write `grant`."),
        ("decided: {judge: grant}", "decided: {examine: grant}",
         "KP1007 `examine` is not a decision, which `decided` asks for | Name a decision of the workflow."),
        ("fair-answer: met", "fair-anser: met",
         "KP0116 there is no obligation `fair-anser` | Write `fair-answer`."),
        ("band: high", "band: hi",
         "KP0118 there is no choice `hi` of field `band` | Write `high`."),
        ("claim: {claimant", "clam: {claimant",
         "KP0105 there is no object `clam` | Write `claim`."),
        ("    given:\n", "    workflow: clam\n    given:\n",
         "KP0109 there is no workflow `clam` | Write `claim`."),
    ],
)  # fmt: skip
def test_a_name_that_is_not_declared_is_told(old: str, new: str, words: str) -> None:
    assert words_of(old, new) == [words]


def test_a_scenario_says_its_workflow_where_several_could_be_meant() -> None:
    steps = "steps: {start: {task: Start, role: clerk, then: over}, over: {state: paid, end: true}}"
    second = (
        "workflows:\n  second: {object: claim, owner: head, prefix: SEC,"
        f" begins: {{form: [claimant], roles: [clerk]}}, {steps}}}\n"
    )
    text = SOUND.replace("workflows:\n", second, 1) + STORY

    assert [item for item in said(check(read(text))) if item.startswith("KP10")] == [
        "KP1005 `paid` does not say its workflow, and 2 workflows work on `claim` | Add `workflow`: `claim` or `second`."
    ]


def test_a_scenario_gives_the_record_that_its_workflow_works_on() -> None:
    loan = (
        "  loan: {custodian: head, fields: {amount: {type: integer}},"
        " states: {asked: {begin: true}, given: {end: true}}, moves: [asked -> given]}\n"
    )
    steps = (
        "steps: {start: {task: Start, role: clerk, then: over}, over: {state: given, end: true}}"
    )
    second = (
        "workflows:\n  second: {object: loan, owner: head, prefix: SEC,"
        f" begins: {{form: [amount], roles: [clerk]}}, {steps}}}\n"
    )
    whole = SOUND.replace("rules:\n", f"{loan}\nrules:\n", 1)
    text = whole.replace("workflows:\n", second, 1) + STORY.replace(
        "    given:\n", "    workflow: second\n    given:\n"
    )

    assert [item for item in said(check(read(text))) if item.startswith("KP10")] == [
        "KP1006 `second` works on `loan` | Give the record as `loan`."
    ]


def test_a_scenario_does_not_change_the_version_of_the_model() -> None:
    assert version(read(SOUND + STORY)) == version(read(SOUND))


@pytest.mark.parametrize(
    ("kind", "value", "found", "wanted"),
    [
        ("integer", "much", "much", "a whole number"),
        ("integer", "12.5", "12.5", "a whole number"),
        ("decimal", "1e3", "1e3", "a number such as `12.50`"),
        ("money, currency: EUR", "12 USD", "12 USD", "an amount such as `1250.00 EUR`"),
        ("date", "2026-02-30", "2026-02-30", "a date such as `2026-11-21`"),
        ("date", "02/03/2026", "02/03/2026", "a date such as `2026-11-21`"),
        ("datetime", "soon", "soon", "a time with its zone, such as `2026-11-21T10:30:00Z`"),
        ("duration", "2 days", "2 days", "a duration such as `PT4H30M`"),
        ("yes/no", "perhaps", "perhaps", "yes or no"),
        ("list, of: integer", "[1, two]", "two", "a whole number"),
    ],
)  # fmt: skip
def test_a_value_that_its_field_does_not_take_is_told(
    kind: str, value: str, found: str, wanted: str
) -> None:
    extra = SOUND.replace(
        "      receipt:  {", f"      other: {{title: O, type: {kind}}}\n      receipt:  {{"
    )
    text = extra + STORY.replace("amount: 200", f"other: {value}")
    (told,) = check(read(text))

    assert said([told]) == [
        f"KP1011 `other` is `{found}`, expected {wanted} | Write one, or change the `type` of the field."
    ]
    assert told.subject == "scenario/paid"
    assert told.place is not None
    line = text.splitlines()[told.place.line - 1]
    assert line[told.place.column - 1 :].startswith(("other: ", value))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("receipt: 12, handler", "amount: much, handler"),
        ("record: {band: high}", "record: {amount: much}"),
        ("- {expect: {open: judge,", "- {expect: {record: {amount: much}, open: judge,"),
    ],
)  # fmt: skip
def test_a_value_is_looked_at_wherever_a_story_writes_one(old: str, new: str) -> None:
    assert words_of(old, new) == [
        "KP1011 `amount` is `much`, expected a whole number | Write one, or change the `type` of the field."
    ]


def test_a_value_that_is_refused_may_be_what_a_story_tells() -> None:
    wrong = "      - {person: ann, as: counter, does: examine, records: {amount: much}}\n"
    refused = "      - {expect: {refused: expects a whole number}}\n"
    story = STORY.replace("    when:\n", f"    when:\n{wrong}{refused}")

    assert said(check(read(SOUND + story))) == []


def after(name: str, other: str) -> str:
    return f"  {name}: {{after: {other}, then: {{state: paid}}}}\n"


def test_a_story_may_be_told_after_another() -> None:
    assert said(check(read(SOUND + STORY + after("again", "paid")))) == []
    assert said(check(read(SOUND + STORY + after("again", "payd")))) == [
        "KP1008 there is no scenario `payd` | Write `paid`."
    ]


def test_what_a_story_adds_to_one_before_it_is_looked_at_too() -> None:
    again = "  again: {after: paid, given: {claim: {kind: fier}}, when: [{person: anne, does: examine}], then: {state: paid}}\n"
    other = again.replace("claim:", "clam:").replace("anne", "ann")

    assert said(check(read(SOUND + STORY + again))) == [
        "KP0118 there is no choice `fier` of field `kind` | Write `fire`.",
        "KP1004 there is no person `anne` | Write `ann`.",
    ]
    assert said(check(read(SOUND + STORY + other))) == [
        "KP1006 `claim` works on `claim` | Give the record as `claim`."
    ]


def test_stories_that_are_told_after_each_other_have_no_beginning() -> None:
    circle = after("one", "two") + after("two", "one") + after("three", "one")
    alone = after("one", "one")

    assert said(check(read(SOUND + STORY + circle))) == [
        "KP1009 `two` and `one` are told after each other in a circle | Let one of them begin with a record of its own."
    ]
    assert said(check(read(SOUND + STORY + alone))) == [
        "KP1009 `one` is told after itself | Let one of them begin with a record of its own."
    ]
