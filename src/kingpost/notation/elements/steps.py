"""The forms of the steps of a workflow, one for each kind."""

from dataclasses import dataclass
from typing import Any

from kingpost.model.workflow import (
    DONE,
    Awaited,
    Branch,
    Call,
    Decision,
    End,
    JoinKind,
    Mark,
    Outcome,
    Parallel,
    Quorum,
    RuleStep,
    Run,
    Step,
    Task,
    Wait,
)
from kingpost.notation.codes import Code
from kingpost.notation.elements.deciding.overriding import OVERRIDE
from kingpost.notation.elements.going import (
    DISCHARGES,
    ESCALATE,
    ROUTES,
    STATE,
    THEN,
    TIMED,
    TIMED_WITH,
    TO,
    due_of,
)
from kingpost.notation.elements.joins import JOIN
from kingpost.notation.elements.naming import DESCRIPTION, NAMED, TITLE, TOLD, WAS, told
from kingpost.notation.elements.runs import RUN
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
    worded,
)
from kingpost.notation.phrases import REFERENCE, SENDER, SOME_OF, SPAN, TEXT, YES
from kingpost.notation.shapes import ListOf, Made, Phrase, Schema
from kingpost.notation.syntax.tree import Entry, Mapped, Node, Scalar

_ROLE = required("role", REFERENCE, "what one must do to act here")
_RECORDS = defaulted("records", ListOf(REFERENCE), (), "the fields that may be recorded")
_REQUIRES = defaulted("requires", ListOf(REFERENCE), (), "the fields that must be filled")
_SEPARATE_FROM = defaulted(
    "separate-from", ListOf(REFERENCE), (), "steps whose performers may not do this one"
)


def _common(of: Opened) -> dict[str, Any]:
    """Return what every step has, whether its form lets it be written or not."""
    return {
        "id": of.id,
        "state": of[STATE],
        "due": due_of(of),
        "discharges": of[DISCHARGES],
        "then": of[THEN] or (),
        "escalate": of[ESCALATE],
        **told(of),
    }


# --- task and decision ----------------------------------------------------------------------------

_TASK = required("task", TEXT, "what is to be done")


def _task(of: Opened) -> Step:
    return Task(
        title=of[_TASK],
        role=of[_ROLE],
        to=of[TO],
        records=of[_RECORDS],
        requires=of[_REQUIRES],
        separate_from=of[_SEPARATE_FROM],
        **_common(of),
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
        then=of[THEN],
        **told(of),
    )


_DECISION = required("decision", TEXT, "the question that is decided")
_SHOWS = defaulted("shows", ListOf(REFERENCE), (), "the fields laid before the person")
_OUTCOMES = required(
    "outcomes",
    MapOf(Form("outcome", (*NAMED, _OUTCOME_REASON, _RECORDS, _REQUIRES, THEN), _outcome), least=1),
    "the answers",
)
_QUORUM = optional(
    "quorum",
    Made(SOME_OF, lambda _, numbers: Quorum(*numbers)),
    "how many must agree of those who decide together",
)
_VETO = defaulted(
    "veto", ListOf(REFERENCE, least=1), (), "outcomes that one of them may take alone"
)


def _decision(of: Opened) -> Step:
    if of.has(_QUORUM) and of.has(OVERRIDE):
        message = f"{of.spot.label} has both `quorum` and `override`"
        help_text = "Leave out `override`: what several decide together nobody takes alone."
        of.report(OVERRIDE, Code.CONTRADICTION, message, help_text)
    return Decision(
        title=of[_DECISION],
        role=of[_ROLE],
        to=of[TO],
        shows=of[_SHOWS],
        outcomes=of[_OUTCOMES],
        separate_from=of[_SEPARATE_FROM],
        quorum=of[_QUORUM],
        veto=of[_VETO],
        override=of[OVERRIDE],
        **_common(of),
    )


# --- rule, mark, call ------------------------------------------------------------------------

_RULE = required("rule", REFERENCE, "the rule that is evaluated")
_MARKED = required("state", REFERENCE, "the state of the record from entering the step on")
_CALL = required("call", REFERENCE, "the system that is asked: an outbound interface")


def _rule_step(of: Opened) -> Step:
    return RuleStep(title=of.titled(TITLE), rule=of[_RULE], **_common(of))


def _mark(of: Opened) -> Step:
    return Mark(title=of.titled(TITLE), **_common(of))


def _call(of: Opened) -> Step:
    return Call(title=of.titled(TITLE), interface=of[_CALL], **_common(of))


def _run(of: Opened) -> Step:
    return Run(title=of.titled(TITLE), **of[RUN]._asdict(), **_common(of))


# --- wait and end ---------------------------------------------------------------------------------

_SENDERS = required("from", ListOf(SENDER, least=1), "who may deliver it: roles and interfaces")
_BY = optional("by", REFERENCE, "the field whose value tells for which case it is")


def _awaited(of: Opened) -> Awaited:
    title = of.titled(TITLE)
    return Awaited(of.id, title, of[_SENDERS], of[THEN], of[_BY], of[DESCRIPTION])


_WAIT = required("wait", TEXT, "what is waited for")
_WAIT_ROLE = defaulted("role", REFERENCE, "", "who may record meanwhile")
_MESSAGES = defaulted(
    "messages",
    MapOf(Form("message", (*TOLD, _SENDERS, _BY, THEN), _awaited)),
    (),
    "the messages that end the wait",
)
_LIMIT = optional("limit", SPAN, "the time after which the wait ends by itself")
_UNTIL = optional("until", REFERENCE, "the field with the time at which it ends by itself")
_WAIT_THEN = defaulted("then", ROUTES, (), "the way on when it ends by itself")


def _wait(of: Opened) -> Step:
    ends_alone = of.has(_LIMIT) or of.has(_UNTIL)
    if not of[_MESSAGES] and not ends_alone:
        message = f"{of.spot.label} waits for nothing"
        of.spot.report(Code.MISSING, message, "Add `messages`, or `limit` with `then`.")
    elif of.has(_LIMIT) and of.has(_UNTIL):
        message = f"{of.spot.label} has both `limit` and `until`"
        of.report(_UNTIL, Code.CONTRADICTION, message, "Leave out one of them.")
    elif of.has(_WAIT_THEN) and not ends_alone:
        message = f"{of.spot.label} has `then` without `limit` or `until`"
        of.report(_WAIT_THEN, Code.CONTRADICTION, message, "Add `limit`, or `until`.")
    return Wait(
        title=of[_WAIT],
        messages=of[_MESSAGES],
        limit=of[_LIMIT],
        until=of[_UNTIL],
        role=of[_WAIT_ROLE],
        records=of[_RECORDS],
        **_common(of),
    )


_END = required("end", YES, "`true`: the case is closed here")


def _end(of: Opened) -> Step:
    return End(title=of.titled(TITLE), **_common(of))


# --- parallel -------------------------------------------------------------------------------------

_BRANCH_STEPS = required(
    "steps",
    MapOf(Deferred(lambda: STEP), "step", least=1),
    "its steps; the first begins the branch",
)
_LONG_BRANCH: Form[Branch] = Form(
    "branch",
    (*TOLD, _BRANCH_STEPS),
    lambda of: Branch(of.id, of.titled(TITLE), of[_BRANCH_STEPS], of[DESCRIPTION]),
)


@dataclass(frozen=True, slots=True)
class _Branch:
    """A branch with its steps, or one step that is the whole branch and has its id."""

    expected: str = "a mapping with `steps`, or a step"

    def read(self, spot: Spot, node: Node) -> Branch:
        kinds = [entry for entry in _entries(node) if entry.key in STEP.kinds]
        if not kinds or any(entry.key == "steps" for entry in _entries(node)):
            return _LONG_BRANCH.read(spot, node)
        owner = "/".join(spot.address.split("/")[:2])
        step = STEP.read(spot.element(f"{owner}/step/{spot.id}", node.place), _left_after(node))
        return Branch(spot.id, worded(spot.id), (step,))

    def forms(self) -> tuple[Form[Branch]]:
        """Return the form of a branch that has steps of its own."""
        return (_LONG_BRANCH,)

    def schema(self, definitions: Schema) -> Schema:
        alone = [_alone(form, definitions) for form in STEP.kinds.values()]
        return {"anyOf": [_LONG_BRANCH.schema(definitions), *alone]}


def _alone(form: Form[Step], definitions: Schema) -> Schema:
    """Return the schema of a step that is a whole branch, and so need not say where it goes."""
    name = f"{form.key}-alone"
    if name not in definitions:
        made: Schema = {}
        definitions[name] = made
        made.update(form.definition(definitions))
        made["required"] = [each for each in made["required"] if each != "then"]
    return {"$ref": f"#/$defs/{name}"}


def _entries(node: Node) -> tuple[Entry, ...]:
    return node.entries if isinstance(node, Mapped) else ()


def _left_after(node: Node) -> Node:
    """Return a step that leaves its branch when it does not say where it goes."""
    if not isinstance(node, Mapped) or any(entry.key in _GOING for entry in node.entries):
        return node
    then = Entry("then", node.place, Scalar(DONE, plain=True, place=node.place))
    return Mapped((*node.entries, then), node.place, node.whole)


# What says where a step goes, or that it does not go on.
_GOING = frozenset({"then", "outcomes", "end"})
_BRANCHES = required("branches", MapOf(_Branch(), least=1), "what runs at once")
_PARALLEL = required(
    "parallel",
    Form("parallel block", (JOIN, _BRANCHES), lambda of: (of[JOIN], of[_BRANCHES])),
    "branches that run at once",
)


def _parallel(of: Opened) -> Step:
    (join, named, (count, out_of)), branches = of[_PARALLEL]
    if join is JoinKind.COUNT and out_of != len(branches):
        message = f"`join` counts {out_of} branches, and there are {len(branches)}"
        of.report(_PARALLEL, Code.CONTRADICTION, message, f"Write `{count} of {len(branches)}`.")
    return Parallel(
        title=of.titled(TITLE),
        branches=branches,
        join=join,
        named=named,
        count=count,
        **_common(of),
    )


# --- all kinds ------------------------------------------------------------------------------------

_COMMON = (STATE, DISCHARGES, *TIMED)
STEP: Kinds[Step] = Kinds(
    "step",
    {
        "task": Form(
            "task",
            (
                _TASK,
                DESCRIPTION,
                WAS,
                _ROLE,
                TO,
                _RECORDS,
                _REQUIRES,
                _SEPARATE_FROM,
                *_COMMON,
                THEN,
            ),
            _task,
            goes_with=TIMED_WITH,
            advice={"title": "Write the title after `task`."},
        ),
        "decision": Form(
            "decision",
            (
                *(_DECISION, DESCRIPTION, WAS, _ROLE, TO, _SHOWS, _SEPARATE_FROM),
                *(*_COMMON, _QUORUM, _VETO, OVERRIDE, _OUTCOMES),
            ),
            _decision,
            goes_with=TIMED_WITH | {"veto": "quorum"},
            advice={
                "title": "Write the question after `decision`.",
                "then": "Give each of the `outcomes` its own `then`.",
            },
        ),
        "rule": Form("rule step", (*NAMED, _RULE, STATE, DISCHARGES, THEN), _rule_step),
        "call": Form("call", (*NAMED, _CALL, *_COMMON, THEN), _call, goes_with=TIMED_WITH),
        "wait": Form(
            "wait",
            (
                _WAIT,
                DESCRIPTION,
                WAS,
                _WAIT_ROLE,
                _RECORDS,
                *_COMMON,
                _MESSAGES,
                _LIMIT,
                _UNTIL,
                _WAIT_THEN,
            ),
            _wait,
            goes_with=TIMED_WITH | {"limit": "then", "until": "then"},
            advice={"title": "Write the title after `wait`."},
        ),
        "run": Form("run", (*NAMED, RUN, *_COMMON, THEN), _run, goes_with=TIMED_WITH),
        "parallel": Form(
            "parallel step", (*NAMED, *_COMMON, _PARALLEL, THEN), _parallel, goes_with=TIMED_WITH
        ),
        "end": Form("end step", (*NAMED, STATE, _END), _end),
    },
    otherwise=Form("mark", (*NAMED, _MARKED, DISCHARGES, THEN), _mark),
)
