"""Objectives, measures, metrics and value streams."""

from tests.checks.words import assert_says

WORKFLOWS = "workflows:\n  claim:\n"
SECOND = """\
workflows:
  second:
    title: Second
    object: claim
    owner: head
    prefix: SEC
    begins: {form: [claimant], roles: [clerk]}
    steps:
      look: {task: Look, role: clerk, state: open, then: gone}
      gone: {state: denied, end: true}
  claim:
"""
MEASURES = 'measures: {m: {title: M, metric: in-time, target: ">= 1 %"}}'
SETTLE = "      settle: {title: Settle, workflows: [claim],"


def test_work_that_no_stage_names_serves_no_objective() -> None:
    assert_says(
        {WORKFLOWS: SECOND.replace("second:", "second: # !")},
        "KP0201 workflow `second` serves no objective: no stage of a value stream names it"
        " | Add `second` to the `workflows` of a stage.",
    )


def test_an_objective_that_nothing_serves_is_reported_at_its_lowest() -> None:
    lost = (
        f"  above: {{title: Above, owner: head}}\n"
        f"  lost: {{title: Lost, owner: head, serves: [above], {MEASURES}}} # !\n"
    )
    assert_says(
        {"objectives:\n": f"objectives:\n{lost}"},
        "KP0202 no work serves objective `lost` | Name it in `serves` of a value stream, or of an"
        " objective that one serves.",
    )


def test_objectives_that_serve_each_other_are_reported_once() -> None:
    circle = (
        f"  one: {{title: One, owner: head, serves: [two], {MEASURES}}} # !\n"
        f"  two: {{title: Two, owner: head, serves: [one], {MEASURES}}}\n"
    )
    assert_says(
        {"objectives:\n": f"objectives:\n{circle}", "serves: [content]": "serves: [content, one]"},
        "KP0203 objective `one` serves itself, by way of `two` | Remove one `serves` of the"
        " circle.",
    )


def test_an_objective_without_measures_has_no_status() -> None:
    assert_says(
        {
            "objectives:\n": "objectives:\n  vague: {title: Vague, owner: head} # !\n",
            "serves: [content]": "serves: [content, vague]",
        },
        "KP0204? objective `vague` has no measure, and no objective that serves it | Give it"
        " `measures`, so that its status can be told.",
    )


def test_a_share_cannot_be_more_than_the_whole() -> None:
    assert_says(
        {'target: ">= 90 %"}\n': 'target: ">= 110 %"} # !\n'},
        "KP0205 a share lies between 0 % and 100 %, and the target is 110 % | Write a percentage"
        " from 0 to 100.",
    )


def test_a_warning_must_lie_at_the_edge_of_its_target() -> None:
    for at_risk in ("< 85 %", "> 95 %"):
        assert_says(
            {'at-risk: "< 95 %"}}}': f'at-risk: "{at_risk}"}}}}}} # !'},
            "KP0206? the `at-risk` of measure `fast` does not lie at the edge of its target"
            " | Write `<` and a value that still meets the target.",
        )


def test_only_a_step_with_a_due_time_ends_within_it() -> None:
    swift = "  swift: {title: Swift, share-of: workflow/claim/step/both, that: within-due} # !\n"
    assert_says(
        {"metrics:\n": f"metrics:\n{swift}"},
        "KP0207 metric `swift` asks what ended within its due time, and step `both` has none"
        " | Give step `both` a `due`.",
    )


def test_an_exit_that_no_case_satisfies_is_found() -> None:
    assert_says(
        {
            'exit: \'claim.state = "paid" or claim.state = "denied"\'}': (
                "exit: 'claim.state = \"open\"'} # !"
            )
        },
        "KP0208 no case of workflow `claim` satisfies the exit of stage `settle`: it ends in"
        " `denied` or `paid` | Name the states in which its cases end.",
    )


def test_an_exit_that_contradicts_itself_is_told_once() -> None:
    assert_says(
        {
            'exit: \'claim.state = "paid" or claim.state = "denied"\'}': (
                'exit: \'claim.state = "paid" and claim.state = "denied"\'} # !'
            )
        },
        "KP0616 the condition never holds, whatever the record says | Correct it, or remove what it"
        " is to decide.",
    )


def test_a_stage_that_works_on_another_object_takes_nothing_over() -> None:
    second = SECOND.replace("object: claim", "object: letter").replace("[claimant]", "[text]")
    letter = """\
objects:
  letter:
    title: Letter
    custodian: head
    fields: {text: {title: Text, type: text}}
    states: {new: {title: New, begin: true}, open: {title: Open}, denied: {title: Gone, end: true}}
    moves: [new -> open, open -> denied]
  claim:
"""
    assert_says(
        {
            WORKFLOWS: second,
            "objects:\n  claim:\n": letter,
            "metrics:\n": "      then: {title: Then, workflows: [second]} # !\nmetrics:\n",
        },
        "KP0209? stage `then` works on other objects than stage `settle` hands over | Let"
        " consecutive stages name workflows over the same object.",
    )


def test_a_stage_must_accept_what_the_one_before_hands_over() -> None:
    then = "      then: {title: Then, workflows: [second], entry: 'claim.state = \"open\"'} # !\n"
    assert_says(
        {WORKFLOWS: SECOND, "metrics:\n": f"{then}metrics:\n"},
        "KP0210 stage `then` accepts nothing that stage `settle` hands over: its `claim` is then"
        " `denied` or `paid` | Accept one of these states in `entry`, or change the exit of"
        " `settle`.",
    )


def test_a_condition_on_anything_but_the_state_is_left_to_the_run() -> None:
    then = "      then: {title: Then, workflows: [second], entry: 'claim.amount > 1'}\n"
    assert_says({WORKFLOWS: SECOND, "metrics:\n": f"{then}metrics:\n"})
