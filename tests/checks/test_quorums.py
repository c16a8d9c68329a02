"""Decisions of several people: whether enough of them can ever come together."""

import pytest

from tests.checks.words import assert_says

DUE = "        due: 4 working hours\n"
HEAD = "    seats: 2\n    vacancy: holds\n"
GRANTS = """\
      - {decide: claim/judge, outcomes: [grant, deny], when: "claim.amount > 100"}
      - {decide: claim/judge, outcomes: [deny]}
"""


def quorum(text: str, *, mark: str = "") -> dict[str, str]:
    return {DUE: f"{DUE}        quorum: {text}{mark}\n"}


def test_two_people_who_may_do_the_same_agree() -> None:
    assert_says(quorum("2 of 2"))


def test_no_more_people_are_asked_than_there_are_seats() -> None:
    assert_says(
        quorum("2 of 3", mark=" # !"),
        "KP0533 decision `judge` asks 3 people, and only 2 may come to it | Give a post with the"
        " role and the authority more `seats`, or ask fewer people.",
    )


def test_enough_seats_have_the_authority_for_each_outcome() -> None:
    chair = """\
  chair:
    title: Chair
    unit: desk
    roles: [judge]
    vacancy: holds
    authority: [{decide: claim/judge, outcomes: [grant]}]
"""
    assert_says(
        {
            **quorum("2 of 2", mark=" # !"),
            "        to: {post: head}\n": "",
            HEAD: "    seats: 1\n    vacancy: holds\n",
            "  counter: {title": f"{chair}  counter: {{title",
        },
        "KP0533 outcome `deny` of decision `judge` needs 2 people, and only one may take it | Give"
        " a post with the role and the authority more `seats`, or ask fewer people.",
    )


@pytest.mark.parametrize(
    ("limit", "findings"),
    [
        ("", ()),
        (
            ", when: claim.amount > 50",
            (
                (
                    "KP0526 `sort` → `examine` → `judge`: too few people may take an outcome"
                    " together when `claim.amount` is `49` | Grant an outcome for that too, to a"
                    " post in reach that carries `judge`."
                ),
            ),
        ),
    ],
)
def test_limits_of_authority_leave_enough_people_for_each_record(
    limit: str, findings: tuple[str, ...]
) -> None:
    """One seat may decide anything; whether another may decide with it depends on its limit."""
    chair = f"""\
  chair:
    title: Chair
    unit: desk
    roles: [judge]
    vacancy: holds
    authority: [{{decide: claim/judge, outcomes: [grant, deny]{limit}}}]
"""
    assert_says(
        {
            **quorum("2 of 2"),
            "      judge:\n": "      judge: # !\n",
            "        to: {post: head}\n": "",
            HEAD: "    seats: 1\n    vacancy: holds\n",
            GRANTS: "      - {decide: claim/judge, outcomes: [grant, deny]}\n",
            "  counter: {title": f"{chair}  counter: {{title",
        },
        *findings,
    )


def test_a_quorum_has_an_effect() -> None:
    assert_says(
        {DUE: f"{DUE}        quorum: 2 of 2\n        veto: [grant, deny] # !\n"},
        "KP0534 one person alone may take each outcome of decision `judge`, so its `quorum` has no"
        " effect | Leave an outcome out of `veto`, or leave out `quorum` and `veto`.",
    )
