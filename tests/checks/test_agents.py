"""Posts for machine agents: who may answer for one, and what it may not be."""

import pytest

from tests.checks.words import assert_says

CONTROL = "reports-to: head, roles: [auditor], vacancy: {falls-to: head}}"
# The post of control becomes one for an agent, for which the head answers.
ONE_HEAD = {"    seats: 2\n    vacancy": "    vacancy"}


def machine(line: str) -> str:
    """Return a post for agents beside the others."""
    return f"  control: {{title: Control, unit: desk, {CONTROL}\n  bot: {{unit: desk, {line}}}"


def with_machine(line: str) -> dict[str, str]:
    return ONE_HEAD | {f"  control: {{title: Control, unit: desk, {CONTROL}": machine(line)}


def test_a_person_may_answer_for_an_agent() -> None:
    assert_says(
        with_machine("reports-to: head, roles: [clerk], vacancy: holds, answered-for-by: head")
    )


@pytest.mark.parametrize(
    ("by", "words"), [("bot", "itself"), ("robot", "`robot`, which is for an agent, too")]
)
def test_an_agent_does_not_answer_for_an_agent(by: str, words: str) -> None:
    robot = "\n  robot: {unit: desk, roles: [clerk], vacancy: holds, answered-for-by: head}"
    posts = machine(f"roles: [clerk], vacancy: holds, answered-for-by: {by}") + " # !"
    assert_says(
        ONE_HEAD | {f"  control: {{title: Control, unit: desk, {CONTROL}": posts + robot},
        f"KP0315 post `bot` is for an agent, and is answered for by {words} | Name the post of a"
        " person.",
    )


def test_agents_that_answer_for_each_other_are_both_found() -> None:
    posts = (
        machine("roles: [clerk], vacancy: holds, answered-for-by: robot")
        + " # !\n  robot: {unit: desk, roles: [clerk], vacancy: holds, answered-for-by: bot} # !"
    )
    assert_says(
        ONE_HEAD | {f"  control: {{title: Control, unit: desk, {CONTROL}": posts},
        "KP0315 post `bot` is for an agent, and is answered for by `robot`, which is for an agent,"
        " too | Name the post of a person.",
        "KP0315 post `robot` is for an agent, and is answered for by `bot`, which is for an agent,"
        " too | Name the post of a person.",
    )


def test_one_person_answers_for_an_agent() -> None:
    line = "roles: [clerk], vacancy: holds, answered-for-by: counter"
    assert_says(
        {f"  control: {{title: Control, unit: desk, {CONTROL}": machine(line) + " # !"},
        "KP0316 `counter` answers for the agent in `bot` and has 2 seats, so it is not one person"
        " who answers | Name a post with one seat, or give `counter` one.",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    owner: head\n    prefix: CLM", "    owner: bot # !\n    prefix: CLM"),
        ("    owner: head\n    prefix",
         "    owner: head\n    repaired-by: [head, bot] # !\n    prefix"),
        ("    custodian: head\n", "    custodian: bot # !\n"),
        ('- {part: "*", custodian: head}', '- {part: "*", custodian: bot} # !'),
        ("roles: [clerk], seats: 2, vacancy: {falls-to: superior}}",
         "roles: [clerk], seats: 2, vacancy: {falls-to: bot}} # !"),
        ("reports-to: head, roles: [clerk], seats: 2, vacancy: {falls-to: superior}}",
         "reports-to: bot, roles: [clerk], seats: 2, vacancy: {falls-to: superior}} # !"),
        ("        due: 4 working hours\n",
         "        due: 4 working hours\n        escalate: [{to: bot}] # !\n"),
    ],
    ids=["owner", "repair", "custodian", "governance", "vacancy", "superior", "ladder"],
)  # fmt: skip
def test_a_person_stands_where_somebody_answers(old: str, new: str) -> None:
    line = "roles: [clerk], vacancy: holds, answered-for-by: head"
    assert_says(
        {**with_machine(line), old: new},
        "KP0317 post `bot` is for an agent, and a person has to stand here | Name the post of a"
        " person, such as `head`.",
    )


def test_work_may_be_addressed_to_an_agent() -> None:
    line = "roles: [clerk], vacancy: holds, answered-for-by: head"
    assert_says({**with_machine(line), "else: counter}": "else: bot}"})


def test_an_agent_has_no_vote() -> None:
    line = (
        "roles: [judge], vacancy: holds, answered-for-by: control,"
        " authority: [{decide: claim/judge, outcomes: [deny]}]"
    )
    assert_says(
        {
            f"  control: {{title: Control, unit: desk, {CONTROL}": (
                machine(line).replace("roles: [auditor], ", "roles: [], ") + " # !"
            ),
            "  auditor: {title: Looks at how claims were decided}\n": "",
            ", incompatible-with: [auditor]}": "}",
            "        due: 4 working hours\n":
                "        due: 4 working hours\n        quorum: 2 of 2\n",
        },
        "KP0318 several people decide `claim/judge`, and the agent in `bot` has no vote | Leave"
        " out this grant.",
    )  # fmt: skip


def test_seats_of_agents_give_no_votes() -> None:
    line = "roles: [judge], seats: 9, vacancy: holds, answered-for-by: control"
    assert_says(
        {
            f"  control: {{title: Control, unit: desk, {CONTROL}": (
                machine(line).replace("roles: [auditor], ", "roles: [], ")
            ),
            "  auditor: {title: Looks at how claims were decided}\n": "",
            ", incompatible-with: [auditor]}": "}",
            "        to: {post: head}\n": "",
            "        due: 4 working hours\n": (
                "        due: 4 working hours\n        quorum: 3 of 3 # !\n"
            ),
        },
        "KP0533 decision `judge` asks 3 people, and only 2 may come to it | Give a post with the"
        " role and the authority more `seats`, or ask fewer people.",
    )


def test_an_agent_counts_as_who_answers_for_it_for_incompatible_roles() -> None:
    line = "roles: [judge], vacancy: holds, answered-for-by: control"
    assert_says(
        {f"  control: {{title: Control, unit: desk, {CONTROL}": machine(line) + " # !"},
        "KP0319 an agent in `bot` counts as who answers for it, and `judge` and `auditor`, which"
        " `control` carries, are incompatible | Let another post answer for the agent, or take the"
        " role away.",
    )


def test_an_agent_and_who_answers_for_it_are_not_two() -> None:
    assert_says(
        ONE_HEAD
        | {
            "roles: [judge]\n": "roles: [judge, clerk]\n",
            "  counter: {title: Counter, unit: desk, reports-to: head, roles: [clerk], seats: 2, "
            "vacancy: {falls-to: superior}}":
                "  counter: {title: Counter, unit: desk, reports-to: head, roles: [clerk],"
                " vacancy: holds, answered-for-by: head}",
            "        separate-from: [examine]\n": "        separate-from: [examine] # !\n",
        },
        "KP0313? only one seat can do both `examine` and `judge`, and they must be done by two"
        " people | Give another post the role, or the post more seats.",
    )  # fmt: skip
