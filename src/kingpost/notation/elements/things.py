"""The forms of what work is judged by and must prove: rules, obligations, governance."""

from kingpost.model.assurance import (
    Evidence,
    Framework,
    Governance,
    HitPolicy,
    Input,
    Obligation,
    Output,
    Rule,
)
from kingpost.notation.elements.company import TITLE
from kingpost.notation.forms import Form, MapOf, Opened, defaulted, optional, required
from kingpost.notation.later import HIT_POLICIES
from kingpost.notation.phrases import (
    CELL,
    EXPRESSION,
    REFERENCE,
    SPAN,
    STEP_OF,
    TEXT,
    one_of,
)
from kingpost.notation.shapes import ListOf, Made

# --- rules ---------------------------------------------------------------------------------------

_RULE_OBJECT = required("object", REFERENCE, "the business object that it reads")
_HIT_POLICY = defaulted(
    "hit-policy",
    one_of(HitPolicy, HIT_POLICIES),
    HitPolicy.UNIQUE,
    "which of the matching rows counts",
)
_INPUTS = required(
    "inputs",
    MapOf(Made(EXPRESSION, lambda spot, text: Input(spot.id, text)), least=1),
    "the columns that are tested, each an expression",
)
_OUTPUTS = required(
    "outputs", ListOf(REFERENCE, least=1), "the fields that it answers, a column each"
)
_ROWS = required(
    "rows",
    ListOf(ListOf(CELL, distinct=False), least=1),
    "the rows: a test for each input, then an expression for each output",
)


def _rule(of: Opened) -> Rule:
    return Rule(
        id=of.id,
        title=of.titled(TITLE),
        object=of[_RULE_OBJECT],
        hit_policy=of[_HIT_POLICY],
        inputs=of[_INPUTS],
        outputs=tuple(Output(name) for name in of[_OUTPUTS]),
        rows=of[_ROWS],
    )


RULES = MapOf(
    Form("rule", (TITLE, _RULE_OBJECT, _HIT_POLICY, _INPUTS, _OUTPUTS, _ROWS), _rule), "rule/"
)


# --- frameworks, obligations, governance ---------------------------------------------------------

_EDITION = required("edition", TEXT, "which edition is meant")


def _framework(of: Opened) -> Framework:
    return Framework(of.id, of.titled(TITLE), of[_EDITION])


FRAMEWORKS = MapOf(Form("framework", (TITLE, _EDITION), _framework), "framework/")

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
_EVIDENCE = required(
    "evidence",
    Form("evidence", (_MADE_BY, _HOLDS), lambda of: Evidence(of[_MADE_BY], of[_HOLDS])),
    "what proves it met",
)


def _obligation(of: Opened) -> Obligation:
    framework, clause = of[_SOURCE]
    return Obligation(
        id=of.id,
        title=of.titled(TITLE),
        framework=framework,
        clause=clause,
        owner=of[_OWNER],
        evidence=of[_EVIDENCE],
        applies=of[_APPLIES],
        within=of[_WITHIN],
    )


OBLIGATIONS = MapOf(
    Form("obligation", (TITLE, _SOURCE, _OWNER, _APPLIES, _WITHIN, _EVIDENCE), _obligation),
    "obligation/",
)

_PART = required("part", TEXT, "a pattern over addresses, such as `rule/*`")
_KEEPER = required("custodian", REFERENCE, "the post that keeps it")

GOVERNANCE = ListOf(
    Form("governance entry", (_PART, _KEEPER), lambda of: Governance(of[_PART], of[_KEEPER])),
    under="governance",
)
