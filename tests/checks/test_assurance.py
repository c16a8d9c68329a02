"""Obligations, evidence and governance."""

from tests.checks.words import assert_says

DUTY = (
    '{title: A fair answer, from: {framework: law, clause: "7"}, owner: head,'
    " evidence: {made-by: [claim/judge], holds: [receipt]}}"
)
DUTIES = f"obligations:\n  fair-answer: {DUTY}"


def test_an_obligation_is_discharged_somewhere() -> None:
    assert_says(
        {
            "        discharges: [fair-answer]\n": "",
            DUTIES: f"obligations:\n  fair-answer: # !\n    {DUTY}",
        },
        "KP0801 no step discharges obligation `fair-answer` | Write `discharges: [fair-answer]` in"
        " the step that makes its evidence.",
    )


def test_a_step_that_should_evidence_discharges() -> None:
    assert_says(
        {"made-by: [claim/judge]": "made-by: [claim/judge, claim/examine]"},
        "KP0802 step `claim/examine` should evidence obligation `fair-answer`, and does not"
        " discharge it | Write `discharges: [fair-answer]` in the step, or leave it out of"
        " `made-by`.",
    )


def test_evidence_is_asked_for() -> None:
    assert_says(
        {"        requires: [receipt]\n":
         "        requires: [receipt]\n        discharges: [fair-answer] # !\n"},
        "KP0803 obligation `fair-answer` does not ask step `examine` for evidence | Add"
        " `claim/examine` to its `made-by`, or remove it here.",
    )  # fmt: skip


def test_a_step_that_makes_nothing_is_no_evidence() -> None:
    assert_says(
        {"        parallel:\n          join: all\n":
         "        discharges: [fair-answer] # !\n        parallel:\n          join: all\n",
         "made-by: [claim/judge]": "made-by: [claim/judge, claim/both]"},
        "KP0804 step `both` makes no evidence of obligation `fair-answer` | Discharge it in a task,"
        " a decision, a wait or a rule.",
    )  # fmt: skip


def test_what_evidence_holds_is_recorded_somewhere() -> None:
    assert_says(
        {"holds: [receipt]}}": "holds: [receipt, handler]}}"},
        "KP0805 obligation `fair-answer` asks for field `handler`, and nothing in workflow `claim`"
        " records it | Add `handler` to the `records` of a step, or to the form.",
    )


def test_a_framework_brings_obligations() -> None:
    assert_says(
        {"frameworks:\n": 'frameworks:\n  old-law: {title: Old, edition: "1924"} # !\n'},
        "KP0806? no obligation comes from framework `old-law` | Declare its obligations, or remove"
        " it.",
    )


def test_every_element_has_a_custodian() -> None:
    kinds = (
        "calendar", "objective", "value-stream", "unit", "role", "object", "rule",
        "interface", "workflow", "metric", "framework", "obligation",
    )  # fmt: skip
    parts = "".join(f'  - {{part: "{kind}/*", custodian: head}}\n' for kind in kinds)
    assert_says(
        {'  - {part: "*", custodian: head}\n': parts,
         "  control: {title: Control,": "  control: # !\n    {title: Control,"},
        'KP0807 nobody keeps `post/control` and 2 more | Add `{part: "post/*", custodian: …}` to'
        " `governance`.",
    )  # fmt: skip


def test_a_part_that_matches_nothing_first_keeps_nothing() -> None:
    assert_says(
        {'  - {part: "*", custodian: head}\n':
         '  - {part: "*", custodian: head}\n  - {part: "rule/*", custodian: control} # !\n'},
        "KP0808? `rule/*` is first to match nothing in the model | Correct the pattern, move it up,"
        " or remove it.",
    )  # fmt: skip


def test_approvals_can_be_given() -> None:
    assert_says(
        {'  - {part: "*", custodian: head}\n':
         '  - {part: "*", custodian: head, approvals: {of: [control], at-least: 2}} # !\n'},
        "KP0810 a change of `*` needs 2 approvals of 1 posts | Name more posts, each once, or ask"
        " for fewer approvals.",
    )  # fmt: skip


def test_a_policy_for_live_cases_reaches_some() -> None:
    assert_says(
        {'  - {part: "*", custodian: head}\n':
         '  - {part: "rule/*", custodian: head, carry-over: now} # !\n'
         '  - {part: "*", custodian: head, carry-over: stay}\n'},
        "KP0809 `carry-over` of `rule/*` reaches no live case | Write it at the part that holds"
        " their workflow, or leave it out.",
    )  # fmt: skip
