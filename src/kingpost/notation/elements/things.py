"""The forms of what work must prove and who keeps what: obligations, governance."""

from kingpost.model.assurance import (
    Evidence,
    Framework,
    Governance,
    Obligation,
)
from kingpost.notation.elements.company import TITLE
from kingpost.notation.forms import Form, MapOf, Opened, defaulted, optional, required
from kingpost.notation.phrases import (
    EXPRESSION,
    REFERENCE,
    SPAN,
    STEP_OF,
    TEXT,
)
from kingpost.notation.shapes import ListOf

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
