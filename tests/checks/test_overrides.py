"""Overrides: whether they lead anywhere, and whether three people can take part."""

from dataclasses import replace

from kingpost.checks import check
from kingpost.values.business_time import Opening
from tests.checks.words import assert_says, edited, read, said

DUE = "        due: 4 working hours\n"


def override(
    by: str = "[head]",
    confirmed: str = "[counter]",
    reviewed: str = "control",
    outcomes: str = "[grant]",
    within: str = "2 days",
    mark: str = "",
) -> dict[str, str]:
    lines = {
        "by": by,
        "outcomes": outcomes,
        "confirmed-by": confirmed,
        "lapses-after": "4 hours",
        "reviewed-by": reviewed,
        "review-within": within,
    }
    written = "".join(
        f"          {name}: {value}{' # !' if name == mark else ''}\n"
        for name, value in lines.items()
    )
    return {DUE: f"{DUE}        override:\n{written}"}


def test_an_override_beyond_a_limit_is_sound() -> None:
    assert_says(override())


def test_its_names_are_looked_up() -> None:
    assert_says(
        override(by="[heat]", outcomes="[grand]", confirmed="[counts]", reviewed="controls"),
        "KP0104 there is no post `heat` | Write `head`.",
        "KP0112 there is no outcome `grand` of decision `claim/judge` | Write `grant`.",
        "KP0104 there is no post `counts` | Write `counter`.",
        "KP0104 there is no post `controls` | Write `control`.",
    )


def test_who_takes_part_does_not_review() -> None:
    words = "overrides in which it takes part itself"
    advice = "Name a post that neither asks for them nor confirms them."
    for post in ("head", "counter"):
        assert_says(
            override(reviewed=post, mark="reviewed-by"),
            f"KP0564 `{post}` would review {words} | {advice}",
        )


def test_two_people_need_two_seats() -> None:
    assert_says(
        override(by="[control]", confirmed="[control]", reviewed="head", mark="confirmed-by"),
        "KP0565 only `control` may ask for this override and confirm it, and it has one seat | Name"
        " another post in `confirmed-by`, or give the post more seats.",
    )
    assert_says(override(by="[counter]", confirmed="[counter]"))


def test_it_goes_beyond_something() -> None:
    assert_says(
        override(outcomes="[deny]", mark="by"),
        "KP0566 `head` may take `deny` in decision `judge` anyway, so it overrides nothing | Leave"
        " the post out, or bind its authority by `when` or `allowance`.",
    )
    assert_says(override(outcomes="[grant, deny]"))


def test_a_review_is_not_due_in_hours_that_never_come() -> None:
    model = read(edited(override(within="2 working days")))
    closed = replace(model.calendars["office"], openings=(Opening(0, 540, 540),))

    found = said(check(replace(model, calendars={"office": closed})))

    assert (
        "KP0706 a review is due in working time, and calendar `office` of unit `desk` never opens"
        " | Give the calendar hours, or write the time without `working`."
    ) in found
