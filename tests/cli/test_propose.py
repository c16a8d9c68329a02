"""`kingpost propose`, `approve`, `reject`, `withdraw` and `comment`: from plan to change."""

import json
import re

import pytest

from kingpost.cli.commands.changing.markdown import plain
from tests.cli.planned import COMPANY, Planned
from tests.cli.program import Answer, run

SOONER = ("due: 2 days", "due: 1 day")
HEAD = '  - {part: "*", custodian: head}'
ASKS = f'  - {{part: "workflow/*", custodian: head, approvals: [lead, check]}}\n{HEAD}'


@pytest.fixture
def governed(planned: Planned) -> Planned:
    """The company, where a change of a workflow needs two approvals."""
    write(planned)
    loaded = run("load", planned.folder, "--as", "hedy", settings=planned.settings)
    assert loaded.status == 0, loaded.out + loaded.err
    return planned


def write(planned: Planned, *changes: tuple[str, str]) -> None:
    text = COMPANY.replace(HEAD, ASKS)
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (planned.folder / "company.yaml").write_text(text)


def say(planned: Planned, act: str, *words: str, person: str, reason: str = "so") -> Answer:
    said = ("--reason", reason) if act != "comment" else ()
    return run(act, *words, "--as", person, *said, settings=planned.settings)


def proposed(planned: Planned) -> str:
    write(planned, SOONER)
    answer = say(planned, "propose", str(planned.folder), person="hedy", reason="customers wait")
    assert answer.status == 0, answer.out + answer.err
    [name] = re.findall(r"\nProposed as (\w{12}): in the browser at `/plans/\1`\.\n", answer.out)
    told = "It lacks approvals:\n  `workflow/claim`: 2 approvals of `lead` (Leo), `check` (Carl)\n"
    assert answer.out.endswith(told)
    return str(name)


def test_a_change_goes_from_the_proposal_to_the_company(governed: Planned) -> None:
    name = proposed(governed)

    early = run("apply", name, "--as", "hedy", settings=governed.settings)
    waits = [
        run("plans", "--waiting-for", each, settings=governed.settings).out
        for each in ("carl", "anna")
    ]
    said = say(governed, "comment", name, "Why so soon?", person="anna")
    first = say(governed, "approve", name, person="leo", reason="fine")
    short = say(governed, "approve", name[:8], person="carl", reason="good")
    second = say(governed, "approve", name, person="carl", reason="good")
    listed = run("plans", settings=governed.settings).out
    shown = run("plans", name, settings=governed.settings).out
    applied = run("apply", name, "--as", "hedy", settings=governed.settings)

    assert early.status == 1
    assert early.out == (
        f"the plan {name} lacks approvals:\n"
        "  `workflow/claim`: 2 approvals of `lead` (Leo), `check` (Carl)\n"
        f"Let them approve it: `kingpost approve {name} --as PERSON --reason WHY`.\n"
        "Nothing was applied.\n"
    )
    assert waits[0].splitlines()[1].startswith(name)
    assert waits[1] == "Nothing waits for the approval of `anna`.\n"
    assert said.out.endswith(": Anna said: Why so soon?\n")
    assert first.out.splitlines()[0].endswith(": Leo approved it for `lead`: fine")
    assert first.out.splitlines()[1:] == [
        "It lacks approvals:",
        "  `workflow/claim`: the approval of `check` (Carl)",
    ]
    assert (short.status, short.err) == (
        1,
        f"what is decided on is named in full: write `{name}`\n",
    )
    assert second.out.splitlines()[1:] == [
        f"No approval is missing: `kingpost apply {name} --as PERSON` applies it."
    ]
    assert listed.splitlines()[1].endswith("  proposed")
    agree = shown[shown.index("Who must agree") :]
    assert agree.startswith(
        "Who must agree\n  `head`, which keeps workflow/claim\n"
        "  `lead`, `check`, which approve a change of workflow/claim\n"
    )
    events = agree[agree.index("What was said") :].splitlines()[1:]
    assert [re.sub(r"^.*?: ", "", line) for line in events] == [
        "Hedy proposed it: customers wait",
        "Anna said: Why so soon?",
        "Leo approved it for `lead`: fine",
        "Carl approved it for `check`: good",
    ]
    assert applied.out.startswith(f"Plan {name} is applied: ")
    verified = [run("verify", *live, settings=governed.settings) for live in ((), ("--live",))]
    assert [answer.status for answer in verified] == [0, 0]


def test_a_model_is_not_loaded_past_those_who_are_asked(governed: Planned) -> None:
    write(governed, SOONER)

    answer = run("load", governed.folder, "--as", "hedy", settings=governed.settings)

    assert answer.status == 1
    assert answer.out == (
        "the change needs approvals:\n"
        "  `workflow/claim`: 2 approvals of `lead` (Leo), `check` (Carl)\n"
        "Propose it: `kingpost propose FOLDER --as PERSON --reason WHY`.\n"
        "Nothing was loaded.\n"
    )


def test_a_plan_says_who_must_approve_it(governed: Planned) -> None:
    write(governed, SOONER)

    told = run("plan", governed.folder, "--json", settings=governed.settings).out

    assert json.loads(told)["approvals"] == [
        {"posts": ["lead", "check"], "at-least": 2, "parts": ["workflow/claim"]}
    ]


def test_a_saved_plan_is_proposed_and_withdrawn(governed: Planned) -> None:
    write(governed, SOONER)
    saved = run("plan", governed.folder, "--save", "--as", "leo", settings=governed.settings).out
    [name] = re.findall(r"Saved as plan (\w{12})", saved)

    first = say(governed, "propose", "--plan", name, person="leo")
    again = say(governed, "propose", "--plan", name, person="hedy")
    other = say(governed, "withdraw", name, person="hedy")
    withdrawn = say(governed, "withdraw", name, person="leo", reason="never mind")
    late = say(governed, "approve", name, person="carl")
    applied = run("apply", name, "--as", "hedy", settings=governed.settings)

    assert first.status == 0
    assert (again.status, again.err) == (
        1,
        f"the plan {name} was proposed already: it is open\n",
    )
    assert other.err == "only who proposed a change withdraws it; to be against it, reject it\n"
    assert withdrawn.out.endswith(": Leo withdrew it: never mind\n")
    assert late.err.startswith("the proposal is withdrawn: nothing more is done to it.")
    assert applied.out.startswith(f"the proposal {name} is withdrawn: it cannot be applied.")
    listed = run("plans", settings=governed.settings).out
    assert listed.splitlines()[1].endswith("  withdrawn")


def test_a_proposal_that_both_must_approve_ends_when_one_rejects_it(governed: Planned) -> None:
    name = proposed(governed)

    answer = say(governed, "reject", name, person="carl", reason="too hasty")

    assert answer.out.splitlines()[1] == (
        f"The proposal {name} is rejected: it cannot be applied any more."
    )


def test_nothing_is_proposed_where_nothing_would_change(governed: Planned) -> None:
    answer = say(governed, "propose", str(governed.folder), person="hedy")

    assert answer.status == 1
    assert answer.out.endswith("\nNothing was proposed, since nothing would change.\n")


def test_a_plan_is_told_in_markdown_for_a_comment(governed: Planned) -> None:
    write(governed, SOONER, ("title: Claims, c", "title: '<b>Claims</b> @all', c"))

    told = run("plan", governed.folder, "--format", "markdown", settings=governed.settings)

    assert told.status == 0
    assert (
        told.out
        == """\
### What is different

- `workflow/claim`
  - step `examine` is due 1 day sooner: within 1 day instead of 2 days
- `unit/claims`
  - unit `claims` is called “&lt;b\\>Claims&lt;/b\\> &#64;all” instead of “Claims”

### What becomes of live cases

| Workflow | What becomes of them | Cases |
| --- | --- | ---: |
| `claim` | stay on their version | 3 |

### Who must agree

- `head` keeps `unit/claims`, `workflow/claim`
- 2 of 2 must approve `workflow/claim`: `lead`, `check`

### Gates

- there are no scenarios
"""
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("due `a_b` *now*", "due `a_b` \\*now\\*"),
        ("ask @all <b>", "ask &#64;all &lt;b>".replace(">", "\\>")),
        ("one ` alone_", "one ' alone\\_"),
        ("![x](http://y)", "\\!\\[x\\]\\(http://y\\)"),
    ],
)
def test_a_text_means_in_markdown_what_it_says(text: str, told: str) -> None:
    assert plain(text) == told
