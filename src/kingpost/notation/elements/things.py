"""The forms of what work is about and must prove: objects, rules, obligations, governance."""

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
from kingpost.model.objects import BusinessObject, Field, FieldClass, FieldType, State
from kingpost.notation.elements.company import TITLE
from kingpost.notation.forms import Form, MapOf, Opened, defaulted, optional, required
from kingpost.notation.later import FIELD_TYPES, HIT_POLICIES
from kingpost.notation.phrases import (
    CELL,
    EXPRESSION,
    MOVE,
    REFERENCE,
    SPAN,
    STEP_OF,
    TEXT,
    YES_NO,
    one_of,
)
from kingpost.notation.shapes import ListOf, Made

# --- business objects ----------------------------------------------------------------------------

_TYPE = required("type", one_of(FieldType, FIELD_TYPES), "the type of its values")
_OF = defaulted("of", ListOf(TEXT, least=1), (), "the permitted values of a choice")
_CLASS = defaulted("class", one_of(FieldClass), FieldClass.INTERNAL, "how private it is")
_REQUIRED = defaulted(
    "required", YES_NO, default=False, about="whether a record may not begin without it"
)


def _field(of: Opened) -> Field:
    return Field(
        id=of.id,
        title=of.titled(TITLE),
        type=of[_TYPE],
        choices=of[_OF],
        required=of[_REQUIRED],
        privacy=of[_CLASS],
    )


_BEGIN = defaulted("begin", YES_NO, default=False, about="whether records begin in it")
_END = defaulted("end", YES_NO, default=False, about="whether it is final")
_ALWAYS = optional("always", EXPRESSION, "the condition that holds while a record is in it")


def _state(of: Opened) -> State:
    return State(of.id, of.titled(TITLE), of[_BEGIN], of[_END], of[_ALWAYS])


_CUSTODIAN = required("custodian", REFERENCE, "the post that owns the source of truth")
_FIELDS = required(
    "fields",
    MapOf(Form("field", (TITLE, _TYPE, _OF, _CLASS, _REQUIRED), _field), least=1),
    "what a record holds",
)
_STATES = required(
    "states",
    MapOf(Form("state", (TITLE, _BEGIN, _END, _ALWAYS), _state), least=1),
    "the states of its lifecycle",
)
_MOVES = defaulted("moves", ListOf(MOVE), (), "the permitted changes of state")


def _object(of: Opened) -> BusinessObject:
    return BusinessObject(
        of.id, of.titled(TITLE), of[_CUSTODIAN], of[_FIELDS], of[_STATES], of[_MOVES]
    )


OBJECTS = MapOf(Form("object", (TITLE, _CUSTODIAN, _FIELDS, _STATES, _MOVES), _object), "object/")


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
