"""The forms of the steps of a workflow, and of the small forms that only steps have."""

from dataclasses import dataclass, replace

from kingpost.model.workflow import (
    Addressee,
    Awaited,
    Branch,
    Decision,
    Due,
    End,
    JoinKind,
    Outcome,
    Parallel,
    Route,
    RuleStep,
    Step,
    Task,
    Wait,
)
from kingpost.notation.codes import Code
from kingpost.notation.elements.company import TITLE
from kingpost.notation.findings import Spot
from kingpost.notation.forms import (
    Deferred,
    Form,
    Kinds,
    MapOf,
    Opened,
    defaulted,
    optional,
    required,
)
from kingpost.notation.phrases import (
    EXPRESSION,
    REFERENCE,
    SENDER,
    SPAN,
    TEXT,
    YES,
    word,
)
from kingpost.notation.shapes import NOTHING, ByKind, ListOf, Made, Phrase, Schema, Shape, unfit
from kingpost.notation.syntax.tree import Mapped, Node

# --- routes --------------------------------------------------------------------------------------

_ROUTE_WHEN = optional("when", EXPRESSION, "the condition on the record under which it is taken")
_GO = optional("go", REFERENCE, "the step to go to, or `done`")
_ELSE = optional("else", REFERENCE, "the step to go to when no condition holds, or `done`")
_ROUTE = Form(
    "route",
    (_ROUTE_WHEN, _GO, _ELSE),
    lambda of: Route(of[_GO] or of[_ELSE] or "", of[_ROUTE_WHEN]),
    one_of=("go", "else"),
    goes_with={"go": "when", "when": "go"},
)


def _end_with_else(spot: Spot, routes: tuple[Route, ...]) -> tuple[Route, ...]:
    early = next((i for i, route in enumerate(routes[:-1]) if route.when is None), None)
    if early is not None:
        message = f"{spot.label} goes on after its `else`"
        help_text = "Move `else` to the end."
        place = spot.findings.places.get(f"{spot.key}.{early}")
        spot.report(Code.CONTRADICTION, message, help_text, place)
    return routes


_ROUTES: Shape[tuple[Route, ...]] = ByKind(
    "a step, or a list of `{when: …, go: …}` that ends with `{else: …}`",
    text=Made(REFERENCE, lambda _, name: (Route(name),)),
    listed=Made(ListOf(_ROUTE, least=1), _end_with_else),
)


# --- due times, addressees, outcomes -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _DueBy:
    """A due time that a choice field picks: `{by: priority, critical: 4 hours, …}`."""

    expected: str = "a length of time, or `{by: …}` with a length for each choice"

    def read(self, spot: Spot, node: Node) -> Due:
        if not isinstance(node, Mapped):
            unfit(spot, node, self.expected)
            return NOTHING
        written = {entry.key: entry for entry in node.entries}
        by = written.pop("by", None)
        if by is None:
            help_text = "Add `by`, the choice field that picks the length."
            spot.report(Code.MISSING, f"{spot.label} has no `by`", help_text, node.place)
        if not written:
            help_text = "Add a length of time for each choice."
            spot.report(Code.MISSING, f"{spot.label} has no lengths", help_text, node.place)
        spans = [
            (key, SPAN.read(spot.into(key, entry.value.place), entry.value))
            for key, entry in written.items()
        ]
        field = REFERENCE.read(spot.into("by", by.value.place), by.value) if by else None
        return Due(field=field, spans=tuple(spans))

    def schema(self, definitions: Schema) -> Schema:
        return {
            "type": "object",
            "properties": {"by": REFERENCE.schema(definitions)},
            "required": ["by"],
            "minProperties": 2,
            "additionalProperties": SPAN.schema(definitions),
        }


_DUE_BY = _DueBy()
_STATE = optional("state", REFERENCE, "the state of the record from entering the step on")
_DUE = optional(
    "due",
    ByKind(_DUE_BY.expected, text=Made(SPAN, lambda _, span: Due(span=span)), mapped=_DUE_BY),
    "the time that it may take",
)
_DISCHARGES = defaulted(
    "discharges", ListOf(REFERENCE), (), "the obligations whose evidence it makes"
)
_THEN = required("then", _ROUTES, "the way on: a step, or a list of conditions")

_TO_POST = optional("post", REFERENCE, "the post that the work is addressed to")
_TO_FIELD = optional("field", REFERENCE, "the field that holds the post")
_TO_ELSE = optional("else", REFERENCE, "the post when the field is empty")
_TO = defaulted(
    "to",
    Form(
        "addressee",
        (_TO_POST, _TO_FIELD, _TO_ELSE),
        lambda of: Addressee(of[_TO_POST] or of[_TO_ELSE], of[_TO_FIELD]),
        one_of=("post", "field"),
        goes_with={"else": "field"},
    ),
    Addressee(),
    "the post that the work is addressed to",
)
_ROLE = required("role", REFERENCE, "what one must do to act here")
_RECORDS = defaulted("records", ListOf(REFERENCE), (), "the fields that may be recorded")
_REQUIRES = defaulted("requires", ListOf(REFERENCE), (), "the fields that must be filled")
_SEPARATE_FROM = defaulted(
    "separate-from", ListOf(REFERENCE), (), "steps whose performers may not do this one"
)


# --- task and decision ---------------------------------------------------------------------------

_TASK = required("task", TEXT, "what is to be done")


def _task(of: Opened) -> Step:
    return Task(
        id=of.id,
        title=of[_TASK],
        state=of[_STATE],
        due=of[_DUE],
        discharges=of[_DISCHARGES],
        then=of[_THEN],
        role=of[_ROLE],
        to=of[_TO],
        records=of[_RECORDS],
        requires=of[_REQUIRES],
        separate_from=of[_SEPARATE_FROM],
    )


_REASON: Phrase[bool] = Phrase(
    "`required`",
    lambda text: True if text == "required" else None,
    words=("required",),
    instead={"true": "required", "yes": "required"},
)
_OUTCOME_REASON = defaulted(
    "reason", _REASON, default=False, about="`required` when a reason must be given"
)


def _outcome(of: Opened) -> Outcome:
    return Outcome(
        id=of.id,
        title=of.titled(TITLE),
        reason=of[_OUTCOME_REASON],
        records=of[_RECORDS],
        requires=of[_REQUIRES],
        then=of[_THEN],
    )


_DECISION = required("decision", TEXT, "the question that is decided")
_SHOWS = defaulted("shows", ListOf(REFERENCE), (), "the fields laid before the person")
_OUTCOMES = required(
    "outcomes",
    MapOf(Form("outcome", (TITLE, _OUTCOME_REASON, _RECORDS, _REQUIRES, _THEN), _outcome), least=1),
    "the answers",
)


def _decision(of: Opened) -> Step:
    return Decision(
        id=of.id,
        title=of[_DECISION],
        state=of[_STATE],
        due=of[_DUE],
        discharges=of[_DISCHARGES],
        role=of[_ROLE],
        to=of[_TO],
        shows=of[_SHOWS],
        outcomes=of[_OUTCOMES],
        separate_from=of[_SEPARATE_FROM],
    )


# --- rule, wait, end -----------------------------------------------------------------------------

_RULE = required("rule", REFERENCE, "the rule that is evaluated")


def _rule_step(of: Opened) -> Step:
    return RuleStep(
        id=of.id,
        title=of.titled(TITLE),
        state=of[_STATE],
        discharges=of[_DISCHARGES],
        then=of[_THEN],
        rule=of[_RULE],
    )


_SENDERS = required("from", ListOf(SENDER, least=1), "who may deliver it: roles and interfaces")


def _awaited(of: Opened) -> Awaited:
    return Awaited(of.id, of.titled(TITLE), of[_SENDERS], of[_THEN])


_WAIT = required("wait", TEXT, "what is waited for")
_WAIT_ROLE = defaulted("role", REFERENCE, "", "who may record meanwhile")
_MESSAGES = defaulted(
    "messages",
    MapOf(Form("message", (TITLE, _SENDERS, _THEN), _awaited)),
    (),
    "the messages that end the wait",
)
_LIMIT = optional("limit", SPAN, "the time after which the wait ends by itself")
_WAIT_THEN = defaulted("then", _ROUTES, (), "the way on when the time of `limit` has passed")


def _wait(of: Opened) -> Step:
    if not of[_MESSAGES] and of[_LIMIT] is None:
        message = f"{of.spot.label} waits for nothing"
        of.spot.report(Code.MISSING, message, "Add `messages`, or `limit` with `then`.")
    return Wait(
        id=of.id,
        title=of[_WAIT],
        state=of[_STATE],
        due=of[_DUE],
        discharges=of[_DISCHARGES],
        then=of[_WAIT_THEN],
        messages=of[_MESSAGES],
        limit=of[_LIMIT],
        role=of[_WAIT_ROLE],
        records=of[_RECORDS],
    )


_END = required("end", YES, "`true`: the case is closed here")


def _end(of: Opened) -> Step:
    return End(id=of.id, title=of.titled(TITLE), state=of[_STATE])


# --- parallel ------------------------------------------------------------------------------------

_JOINS = "`all`, `any` or a list of branches"
_ALL_OR_ANY = replace(word(JoinKind.ALL.value, JoinKind.ANY.value), expected=_JOINS)
_JOIN = required(
    "join",
    ByKind(
        _JOINS,
        text=Made(_ALL_OR_ANY, lambda _, join: (JoinKind(join), ())),
        listed=Made(ListOf(REFERENCE, least=1), lambda _, names: (JoinKind.NAMED, names)),
    ),
    "when the step is over: `all`, `any`, or the branches that must be done",
)
_BRANCH_STEPS = required(
    "steps",
    MapOf(Deferred(lambda: STEP), "step", least=1),
    "its steps; the first begins the branch",
)
_BRANCHES = required(
    "branches",
    MapOf(
        Form(
            "branch",
            (TITLE, _BRANCH_STEPS),
            lambda of: Branch(of.id, of.titled(TITLE), of[_BRANCH_STEPS]),
        ),
        least=1,
    ),
    "what runs at once",
)
_PARALLEL = required(
    "parallel",
    Form("parallel block", (_JOIN, _BRANCHES), lambda of: (of[_JOIN], of[_BRANCHES])),
    "branches that run at once",
)


def _parallel(of: Opened) -> Step:
    (join, named), branches = of[_PARALLEL]
    return Parallel(
        id=of.id,
        title=of.titled(TITLE),
        state=of[_STATE],
        due=of[_DUE],
        discharges=of[_DISCHARGES],
        then=of[_THEN],
        branches=branches,
        join=join,
        named=named,
    )


# --- all kinds -----------------------------------------------------------------------------------

_COMMON = (_STATE, _DUE, _DISCHARGES)
STEP: Kinds[Step] = Kinds(
    "step",
    {
        "task": Form(
            "task",
            (_TASK, _ROLE, _TO, _RECORDS, _REQUIRES, _SEPARATE_FROM, *_COMMON, _THEN),
            _task,
            advice={"title": "Write the title after `task`."},
        ),
        "decision": Form(
            "decision",
            (_DECISION, _ROLE, _TO, _SHOWS, _OUTCOMES, _SEPARATE_FROM, *_COMMON),
            _decision,
            advice={
                "title": "Write the question after `decision`.",
                "then": "Give each of the `outcomes` its own `then`.",
            },
        ),
        "rule": Form("rule step", (TITLE, _RULE, _STATE, _DISCHARGES, _THEN), _rule_step),
        "wait": Form(
            "wait",
            (_WAIT, _WAIT_ROLE, _RECORDS, _MESSAGES, _LIMIT, *_COMMON, _WAIT_THEN),
            _wait,
            goes_with={"limit": "then", "then": "limit"},
            advice={"title": "Write the title after `wait`."},
        ),
        "parallel": Form("parallel step", (TITLE, _PARALLEL, *_COMMON, _THEN), _parallel),
        "end": Form("end step", (TITLE, _END, _STATE), _end),
    },
)
