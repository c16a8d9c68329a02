"""Posts, roles, vacancies, authority and separation of duty."""

from tests.checks.words import assert_says

COUNTER = "roles: [clerk], seats: 2, vacancy: {falls-to: superior}}"
CONTROL = "{title: Control, unit: desk, reports-to: head, roles: [auditor], vacancy:"


def test_a_role_that_no_post_carries_reaches_nobody() -> None:
    assert_says(
        {"  auditor: {title: Looks": "  spare: {title: Spare} # !\n  auditor: {title: Looks"},
        "KP0301 no post carries role `spare` | Add `spare` to the `roles` of a post, or remove"
        " the role.",
        "KP0302? no step asks for role `spare` | Name it as the `role` of a step, or remove it.",
    )


def test_posts_that_report_in_a_circle_are_reported_once() -> None:
    assert_says(
        {
            "    title: Head\n": "    title: Head\n    reports-to: counter\n",
            "  counter: {title: Counter, unit: desk, reports-to: head,": (
                "  counter: {title: Counter, unit: desk,\n    reports-to: head, # !\n    "
            ),
        },
        "KP0303 post `counter` reports to itself, by way of `head` | Leave out `reports-to` at the"
        " top post.",
    )


def test_units_that_are_part_of_themselves_are_found() -> None:
    assert_says(
        {"Desk, calendar: office}": "Desk, calendar: office, part-of: desk} # !"},
        "KP0304 unit `desk` is part of itself, by way of `desk` | Leave out `part-of` at the top"
        " unit.",
    )


def test_a_post_says_what_becomes_of_its_work() -> None:
    assert_says(
        {"  counter: {title: Counter,": "  counter: # !\n    {title: Counter,",
         COUNTER: "roles: [clerk], seats: 2}"},
        "KP0305? post `counter` does not say what becomes of its work when nobody holds it | Add"
        " `vacancy: {falls-to: superior}`, or `vacancy: holds`.",
    )  # fmt: skip


def test_work_does_not_fall_to_a_superior_that_is_not_there() -> None:
    assert_says(
        {"vacancy: holds": "vacancy: {falls-to: superior} # !"},
        "KP0306 the work of post `head` falls to its superior, and it has none | Name a post in"
        " `falls-to`, or write `vacancy: holds`.",
    )


def test_work_does_not_fall_in_a_circle() -> None:
    assert_says(
        {
            "vacancy: holds": "vacancy: {falls-to: control}",
            "vacancy: {falls-to: head}}": "vacancy: {falls-to: head}} # !",
        },
        "KP0307 the work of post `control` falls back to itself, by way of `head` | Let one post"
        " of the circle fall to another, or write `vacancy: holds`.",
    )


def test_a_post_does_not_carry_incompatible_roles() -> None:
    assert_says(
        {"roles: [judge]\n": "roles: [judge, auditor] # !\n"},
        "KP0308 post `head` carries `judge` and `auditor`, which are incompatible | Let two posts"
        " carry them.",
    )


def test_a_role_is_not_incompatible_with_itself() -> None:
    assert_says(
        {"{title: Examines claims}": "{title: Examines claims, incompatible-with: [clerk]} # !"},
        "KP0309 role `clerk` is incompatible with itself | Name another role.",
    )


def test_authority_is_over_decisions() -> None:
    assert_says(
        {"authority:\n": "authority:\n      - {decide: claim/examine, outcomes: [x]} # !\n"},
        "KP0310 `claim/examine` is not a decision, so nothing is to be granted | Name a decision in"
        " `decide`.",
    )


def test_authority_without_the_role_is_of_no_use() -> None:
    grant = "authority: [{decide: claim/judge, outcomes: [deny]}], vacancy:"
    assert_says(
        {CONTROL: CONTROL.replace("vacancy:", grant), "vacancy: {falls-to: head}}":
         "vacancy: {falls-to: head}} # !"},
        "KP0311 post `control` may decide `claim/judge` and does not carry its role `judge` | Add"
        " `judge` to the `roles` of the post, or remove the grant.",
    )  # fmt: skip


def test_every_outcome_can_be_taken_by_somebody() -> None:
    assert_says(
        {"outcomes: [grant, deny]": "outcomes: [deny]", "      judge:\n": "      judge: # !\n"},
        "KP0312 no post has the authority for outcome `grant` of decision `judge` | Add"
        " `authority: [{decide: claim/judge, outcomes: [grant]}]` to a post that carries `judge`.",
    )


def test_two_people_need_two_seats() -> None:
    assert_says(
        {
            "roles: [judge]\n    seats: 2": "roles: [judge, clerk]\n    seats: 1",
            COUNTER: "vacancy: {falls-to: superior}}",
            "else: counter}": "else: head}",
            "separate-from: [examine]": "separate-from: [examine] # !",
        },
        "KP0313? only one seat can do both `examine` and `judge`, and they must be done by two"
        " people | Give another post the role, or the post more seats.",
    )


OWNER = "    prefix: CLM\n"
LEAD = "  lead: {unit: desk, reports-to: head, roles: [clerk], vacancy: holds}\n"


def test_a_repair_needs_a_second_person_to_confirm_it() -> None:
    assert_says(
        {OWNER: f"{OWNER}    repaired-by: [control] # !\n"},
        "KP0563? only `control` may repair, which has one seat, and another person must confirm"
        " each repair | Name another post as well, or give the post more seats.",
    )


def test_two_seats_suffice_to_repair_in_one_post_or_in_two() -> None:
    assert_says({OWNER: f"{OWNER}    repaired-by: [head]\n"})
    assert_says(
        {OWNER: f"{OWNER}    repaired-by: [control, lead]\n", "  control:": f"{LEAD}  control:"}
    )
