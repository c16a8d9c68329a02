"""The forms of what work must prove and who keeps what: obligations, governance."""

from dataclasses import replace

from kingpost.model.assurance import (
    CarryOver,
    Evidence,
    Framework,
    Governance,
    Obligation,
)
from kingpost.notation.elements.naming import NAMED, TITLE, told
from kingpost.notation.findings import Spot
from kingpost.notation.forms import Form, MapOf, Opened, defaulted, optional, required
from kingpost.notation.later import NO_PERIODS
from kingpost.notation.phrases import (
    COUNT,
    DAYS,
    EXPRESSION,
    REFERENCE,
    SPAN,
    STEP_OF,
    TEXT,
    one_of,
)
from kingpost.notation.shapes import ByKind, ListOf, Made, Phrase
from kingpost.values.span import Span

# --- frameworks, obligations, governance ---------------------------------------------------------

_EDITION = required("edition", TEXT, "which edition is meant")


def _framework(of: Opened) -> Framework:
    return Framework(of.id, of.titled(TITLE), of[_EDITION], **told(of))


FRAMEWORKS = MapOf(Form("framework", (*NAMED, _EDITION), _framework), "framework/")

_FRAMEWORK = required("framework", REFERENCE, "the framework that it comes from")
_CLAUSE = required("clause", TEXT, "the clause of the framework")
_SOURCE = required(
    "from",
    Form("source", (_FRAMEWORK, _CLAUSE), lambda of: (of[_FRAMEWORK], of[_CLAUSE])),
    "the framework and the clause",
)
_OWNER = required("owner", REFERENCE, "the post that answers for it")
_APPLIES = optional("applies", EXPRESSION, "the condition on the record under which it applies")
_WITHIN = optional("within", SPAN, "the time from the start of a case in which it is met")
_MADE_BY = required(
    "made-by", ListOf(STEP_OF, least=1), "the steps whose completion makes the evidence"
)
_HOLDS = defaulted("holds", ListOf(REFERENCE), (), "the fields that are filled by then")
_COVERS_WORDS = "`case`, or a length of time such as `1 week`"


def _covered(spot: Spot, covered: tuple[Span, ...]) -> Span | None:
    """Return the period; evidence always speaks for its case, and for no other period yet."""
    if not covered:
        return None
    spot.postpone(spot.id, NO_PERIODS)
    return covered[0]


_COVERS = optional(
    "covers",
    Made(Phrase(_COVERS_WORDS, lambda text: () if text == "case" else _span_alone(text)), _covered),
    "the period that it speaks for: the `case`, or a length of time",
)
_FRESH = optional("fresh", SPAN, "how old it may be when it is relied on")


def _span_alone(text: str) -> tuple[Span, ...] | None:
    span = SPAN.parse(text)
    return (span,) if span else None


def _evidence(of: Opened) -> Evidence:
    return Evidence(of[_MADE_BY], of[_HOLDS], covers=of[_COVERS], fresh=of[_FRESH])


_EVIDENCE = required(
    "evidence",
    Form("evidence", (_MADE_BY, _HOLDS, _COVERS, _FRESH), _evidence),
    "what proves it met",
)
_TEST = optional("test", EXPRESSION, "the condition that its evidence satisfies when it is made")
_EVERY = optional("every", SPAN, "how often it is met, when not in each case")
_STARTS = optional("starts", REFERENCE, "the workflow that meets a periodic one")
_CORRECTIVE = optional("corrective", REFERENCE, "the workflow that is begun when it fails")


def _obligation(of: Opened) -> Obligation:
    framework, clause = of[_SOURCE]
    return Obligation(
        id=of.id,
        title=of.titled(TITLE),
        framework=framework,
        clause=clause,
        owner=of[_OWNER],
        evidence=replace(of[_EVIDENCE], test=of[_TEST]),
        applies=of[_APPLIES],
        within=of[_WITHIN],
        every=of[_EVERY],
        starts=of[_STARTS],
        corrective=of[_CORRECTIVE],
        **told(of),
    )


OBLIGATIONS = MapOf(
    Form(
        "obligation",
        (
            *(*NAMED, _SOURCE, _OWNER, _APPLIES, _WITHIN, _EVIDENCE, _TEST),
            *(_EVERY, _STARTS, _CORRECTIVE),
        ),
        _obligation,
        goes_with={"every": "starts", "starts": "every"},
    ),
    "obligation/",
)

_PART = required(
    "part", TEXT, "a pattern over addresses such as `rule/*`, or several joined by commas"
)
_KEEPER = required("custodian", REFERENCE, "the post that keeps it")
_OF_POSTS = required("of", ListOf(REFERENCE, least=1), "the posts that are asked")
_AT_LEAST = required("at-least", COUNT, "how many of them must approve")
_APPROVALS = defaulted(
    "approvals",
    ByKind(
        "a list of posts, or `{of: […], at-least: …}`",
        listed=Made(ListOf(REFERENCE, least=1), lambda _, posts: (posts, None)),
        mapped=Form("approvals", (_OF_POSTS, _AT_LEAST), lambda of: (of[_OF_POSTS], of[_AT_LEAST])),
    ),
    ((), None),
    "the posts that must approve a change, besides the custodian",
)
_FREEZE = defaulted("freeze", ListOf(DAYS, least=1), (), "days on which nothing changes")
_CARRY_OVER = optional("carry-over", one_of(CarryOver), "how a change reaches work in flight")


def _governance(of: Opened) -> Governance:
    approvals, at_least = of[_APPROVALS]
    return Governance(
        of[_PART], of[_KEEPER], approvals, at_least, freeze=of[_FREEZE], carry_over=of[_CARRY_OVER]
    )


GOVERNANCE = ListOf(
    Form("governance entry", (_PART, _KEEPER, _APPROVALS, _FREEZE, _CARRY_OVER), _governance),
    under="governance",
)
