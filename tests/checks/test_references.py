"""Names that are used and nowhere declared."""

import pytest

from tests.checks.words import assert_says

DECLARE = "Declare the {0} `{1}`, or name one that is declared."


@pytest.mark.parametrize(
    ("old", "new", "code", "message", "advice"),
    [
        ("Desk, calendar: office}", "Desk, calendar: ofice} # !", "KP0101",
         "there is no calendar `ofice`", "Write `office`."),
        ("unit: desk\n", "unit: desk1 # !\n", "KP0102",
         "there is no unit `desk1`", "Write `desk`."),
        ("raised-by: [clerk]", "raised-by: [clark] # !", "KP0103",
         "there is no role `clark`", "Write `clerk`."),
        ("    owner: head\n", "    owner: boss # !\n", "KP0104",
         "there is no post `boss`", DECLARE.format("post", "boss")),
        ("    custodian: head\n", "    custodian: hed # !\n", "KP0104",
         "there is no post `hed`", "Write `head`."),
        ("to: {post: head}", "to: {post: heads} # !", "KP0104",
         "there is no post `heads`", "Write `head`."),
        ('"*", custodian: head}', '"*", custodian: heads} # !', "KP0104",
         "there is no post `heads`", "Write `head`."),
        ("form: [claimant, amount, kind], roles: [clerk]}",
         "form: [claimant, amount, kynd], roles: [clerk]} # !", "KP0106",
         "there is no field `kynd` on object `claim`", "Write `kind`."),
        ("shows: [amount, receipt]", "shows: [amount, receipts] # !", "KP0106",
         "there is no field `receipts` on object `claim`", "Write `receipt`."),
        ("records: [urgent, receipt]", "records: [urgent, receipt, size] # !", "KP0106",
         "there is no field `size` on object `claim`", DECLARE.format("field", "size")),
        ("requires: [receipt]", "requires: [receipt, size] # !", "KP0106",
         "there is no field `size` on object `claim`", DECLARE.format("field", "size")),
        ("holds: [receipt]}}", "holds: [recept]}} # !", "KP0106",
         "there is no field `recept` on object `claim`", "Write `receipt`."),
        ("to: {field: handler, else", "to: {field: handlr, else", "KP0106",
         "there is no field `handlr` on object `claim`", "Write `handler`."),
        ("          state: held\n", "          state: helt # !\n", "KP0107",
         "there is no state `helt` of object `claim`", "Write `held`."),
        ("- open -> denied", "- opn -> denied # !\n      - open -> denied", "KP0107",
         "there is no state `opn` of object `claim`", "Write `open`."),
        ("rule: band, then: examine}", "rule: bands, then: examine} # !", "KP0108",
         "there is no rule `bands`", "Write `band`."),
        ("workflows: [claim]", "workflows: [clam]", "KP0109",
         "there is no workflow `clam`", "Write `claim`."),
        ("        separate-from: [examine]", "        separate-from: [examiner] # !", "KP0110",
         "there is no step `examiner` in workflow `claim`", "Write `examine`."),
        ("then: examine\n", "then: examiner # !\n", "KP0110",
         "there is no step `examiner` in workflow `claim`", "Write `examine`."),
        ("workflow/claim/step/judge,", "workflow/claim/step/judges,", "KP0110",
         "there is no step `judges` in workflow `claim`", "Write `judge`."),
        ("join: all", "join: [phon] # !", "KP0111",
         "there is no branch `phon` in step `both`", "Write `phone`."),
        ("promise: {metric: in-time,", "promise: {metric: in-tim,", "KP0113",
         "there is no metric `in-tim`", "Write `in-time`."),
        ("serves: [content]", "serves: [contend] # !", "KP0114",
         "there is no objective `contend`", "Write `content`."),
        ("{framework: law,", "{framework: laws,", "KP0115",
         "there is no framework `laws`", "Write `law`."),
        ("discharges: [fair-answer]", "discharges: [fair-answers] # !", "KP0116",
         "there is no obligation `fair-answers`", "Write `fair-answer`."),
        ("from: [interface/bank, role/clerk]", "from: [interface/banc, role/clerk]", "KP0117",
         "there is no interface `banc`", "Write `bank`."),
        ("{by: kind, fire: 1", "{by: kind, fires: 1", "KP0118",
         "there is no choice `fires` of field `kind`", "Write `fire`."),
    ],
)  # fmt: skip
def test_an_unknown_name_is_reported_once_with_the_nearest_known_one(
    old: str, new: str, code: str, message: str, advice: str
) -> None:
    assert_says({old: new}, f"{code} {message} | {advice}")


def test_a_misspelt_role_of_a_post_is_not_followed_by_what_the_post_then_lacks() -> None:
    assert_says(
        {"roles: [judge]\n": "roles: [judges] # !\n"},
        "KP0103 there is no role `judges` | Write `judge`.",
    )


def test_a_misspelt_decision_is_not_followed_by_the_authority_that_is_then_missing() -> None:
    assert_says(
        {"{decide: claim/judge, outcomes: [grant": "{decide: claim/jugde, outcomes: [grant"},
        "KP0110 there is no step `jugde` in workflow `claim` | Write `judge`.",
    )


def test_a_misspelt_outcome_is_not_followed_by_the_authority_that_is_then_missing() -> None:
    assert_says(
        {"outcomes: [grant, deny]": "outcomes: [grand, deny]"},
        "KP0112 there is no outcome `grand` of decision `claim/judge` | Write `grant`.",
    )


def test_an_unknown_object_is_not_followed_by_its_fields_and_states() -> None:
    assert_says(
        {"    object: claim\n    owner": "    object: clam # !\n    owner"},
        "KP0105 there is no object `clam` | Write `claim`.",
    )


def test_a_name_with_nothing_near_it_may_be_the_one_that_nothing_names() -> None:
    assert_says(
        {
            "raised-by: [clerk]": "raised-by: [xxxxxx] # !",
            "  auditor: {title: Looks": "  spare: {title: Spare} # !\n  auditor: {title: Looks",
        },
        "KP0103 there is no role `xxxxxx` | Write `spare`, which nothing names yet, or declare the"
        " role `xxxxxx`.",
    )


def test_names_with_nothing_near_them_do_not_silence_what_is_missing_elsewhere() -> None:
    assert_says(
        {
            "raised-by: [clerk]": "raised-by: [xxxxxx] # !",
            "  auditor: {title: Looks": "  spare: {title: Spare} # !\n  free: {title: Free} # !\n"
            "  auditor: {title: Looks",
        },
        "KP0301 no post carries role `spare` | Add `spare` to the `roles` of a post,"
        " or remove the role.",
        "KP0302? no step asks for role `spare` | Name it as the `role` of a step, or remove it.",
        "KP0301 no post carries role `free` | Add `free` to the `roles` of a post,"
        " or remove the role.",
        "KP0302? no step asks for role `free` | Name it as the `role` of a step, or remove it.",
        "KP0103 there is no role `xxxxxx` | Declare the role `xxxxxx`, or name one that is"
        " declared.",
    )


def test_a_rename_names_what_is_gone_and_names_it_once() -> None:
    assert_says(
        {"judge:   {title": "judge:   {was: clerk, title"},
        "KP0119 `role/judge` was `clerk`, and `role/clerk` is still there |"
        " Remove `was`, or give it another id.",
    )
    assert_says(
        {
            "urgent:   {title": "urgent:   {was: pressing, title",
            "receipt:  {title": "receipt:  {was: pressing, title",
        },
        "KP0120 `object/claim/field/receipt` was `pressing`, and so was"
        " `object/claim/field/urgent` | Keep `was` at one of them.",
    )


def test_whoever_takes_over_names_what_is_gone_and_no_other_does() -> None:
    assert_says(
        {"  head:\n": "  head:\n    takes-over: [counter] # !\n"},
        "KP0119 `post/head` takes over `counter`, and `post/counter` is still there |"
        " Remove `takes-over`, or give it another id.",
    )
    assert_says(
        {
            "  head:\n": "  head:\n    was: [chief, boss] # !\n",
            "counter: {title": "counter: {takes-over: [boss], title",
        },
        "KP0120 `post/head` was `boss`, which `post/counter` takes over |"
        " Keep `was` at one of them.",
    )


def test_a_post_is_split_from_another_one() -> None:
    assert_says(
        {"  head:\n": "  head:\n    was: chief\n    split-from: chief # !\n"},
        "KP0121 `post/head` is split from `chief`, which it is as a whole |"
        " Remove `split-from`, or name the post of which it takes a part.",
    )
