"""The form of an override: who may take an outcome beyond their authority, and who reviews it."""

from kingpost.model.steps.deciding import LAPSES_AT_MOST, Override
from kingpost.notation.codes import Code
from kingpost.notation.forms import Form, Opened, defaulted, optional, required
from kingpost.notation.phrases import REFERENCE, SPAN
from kingpost.notation.shapes import ListOf

_BY = required("by", ListOf(REFERENCE, least=1), "the posts whose holders may ask for it")
_OUTCOMES = defaulted(
    "outcomes", ListOf(REFERENCE, least=1), (), "the outcomes that it is for; all when left out"
)
_CONFIRMED_BY = required(
    "confirmed-by",
    ListOf(REFERENCE, least=1),
    "the posts in which another person confirms it before it takes effect",
)
_LAPSES_AFTER = required("lapses-after", SPAN, "how long it waits for that, at most 4 hours")
_REVIEWED_BY = required("reviewed-by", REFERENCE, "the post that reviews each afterwards")
_REVIEW_WITHIN = required("review-within", SPAN, "how soon it is to be reviewed")


def _override(of: Opened) -> Override:
    lapses = of[_LAPSES_AFTER]
    if lapses and (lapses.working or lapses.seconds(0, 0) > LAPSES_AT_MOST.seconds(0, 0)):
        message = f"`lapses-after` is `{lapses}`, expected plain time of at most {LAPSES_AT_MOST}"
        help_text = "Write how long somebody waits for it, such as `2 hours`."
        of.report(_LAPSES_AFTER, Code.MISWRITTEN, message, help_text)
    return Override(
        by=of[_BY],
        confirmed_by=of[_CONFIRMED_BY],
        reviewed_by=of[_REVIEWED_BY],
        review_within=of[_REVIEW_WITHIN],
        lapses_after=lapses,
        outcomes=of[_OUTCOMES],
    )


OVERRIDE = optional(
    "override",
    Form(
        "override",
        (_BY, _OUTCOMES, _CONFIRMED_BY, _LAPSES_AFTER, _REVIEWED_BY, _REVIEW_WITHIN),
        _override,
    ),
    "who may take an outcome beyond their authority, and who reviews that",
)
