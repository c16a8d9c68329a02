"""The forms of how work moves: workflows, begins and exceptions."""

from dataclasses import replace

from kingpost.model.workflow import (
    DONE,
    Begin,
    Cause,
    Decision,
    End,
    Ending,
    Errand,
    Exceptional,
    Route,
    Step,
    Task,
    Wait,
    Workflow,
)
from kingpost.notation.elements.naming import NAMED, TITLE, told
from kingpost.notation.elements.steps import STEP
from kingpost.notation.forms import Form, MapOf, Opened, defaulted, optional, required, worded
from kingpost.notation.phrases import PREFIX, RAISER, REFERENCE, SCHEDULE, SPAN, TEXT, one_of, word
from kingpost.notation.shapes import ListOf
from kingpost.values.address import step_address

# A way on that needs no step of its own: the case is closed.
_END = "end"

# --- exceptions -----------------------------------------------------------------------------------

_ENDING_THEN = required(
    "then", word("resume", "complete"), "whether the step goes on, or is completed"
)


def _ending(of: Opened) -> Ending:
    return Ending(of.id, of.titled(TITLE), completes=of[_ENDING_THEN] == "complete")


_ERRAND_TASK = required("task", TEXT, "what is to be done")
_ERRAND_ROLE = required("role", REFERENCE, "who does it")
_ERRAND_DUE = optional("due", SPAN, "the time that it may take")
_ERRAND = Form(
    "errand",
    (_ERRAND_TASK, _ERRAND_ROLE, _ERRAND_DUE),
    lambda of: Errand(of[_ERRAND_TASK], of[_ERRAND_ROLE], of[_ERRAND_DUE]),
)
_SUSPENDED_STATE = optional("state", REFERENCE, "the state of the record meanwhile")
_CLOCKS = required("clocks", word("stop", "run"), "whether the clocks stop meanwhile")
_ENDS = defaulted(
    "ends",
    MapOf(Form("ending", (TITLE, _ENDING_THEN), _ending), least=1),
    (),
    "how the suspension may end",
)
_UNTIL_TASK = optional("task", TEXT, "what is to be done")
_UNTIL_ROLE = optional("role", REFERENCE, "who does it")
_UNTIL_LIMIT = optional("limit", SPAN, "the time after which it ends by itself")
_UNTIL_FIELD = optional("field", REFERENCE, "the field with the time at which it ends by itself")


def _until(of: Opened) -> Exceptional:
    """Return what ends a suspension: work that is done, or a time that comes."""
    task = of[_UNTIL_TASK]
    errand = Errand(task, of[_UNTIL_ROLE] or "", of[_ERRAND_DUE]) if task else None
    return replace(
        _NOTHING_GOES_WRONG, until=errand, lasts=of[_UNTIL_LIMIT], moment=of[_UNTIL_FIELD]
    )


_NOTHING_GOES_WRONG = Exceptional("", "", Cause.PARTY, (), ())
_UNTIL = defaulted(
    "until",
    Form(
        "until",
        (_UNTIL_TASK, _UNTIL_ROLE, _ERRAND_DUE, _UNTIL_LIMIT, _UNTIL_FIELD),
        _until,
        one_of=("task", "limit", "field"),
        goes_with={"task": "role", "role": "task", "due": "task"},
    ),
    _NOTHING_GOES_WRONG,
    "what ends it besides: work that is done, or a time that comes",
)


def _suspension(of: Opened) -> Exceptional:
    return replace(
        of[_UNTIL],
        state=of[_SUSPENDED_STATE],
        stops_clocks=of[_CLOCKS] == "stop",
        endings=of[_ENDS],
    )


_SUSPEND = defaulted(
    "suspend",
    Form(
        "suspension",
        (_SUSPENDED_STATE, _CLOCKS, _ENDS, _UNTIL),
        _suspension,
        some_of=("ends", "until"),
    ),
    _NOTHING_GOES_WRONG,
    "the work holds until it is resolved",
)
_DIVERT = optional("divert", REFERENCE, "the step to go to, or `done`")
_ALONGSIDE = optional("alongside", _ERRAND, "the work that is done while the case goes on")
_CAUSE = required("cause", one_of(Cause), "what kind of thing went wrong")
_RAISED_BY = required(
    "raised-by", ListOf(RAISER, least=1), "the roles and interfaces that may raise it"
)
_IN_STEPS = defaulted(
    "steps",
    ListOf(REFERENCE, least=1),
    (),
    "the steps in which it may be raised; left out, wherever somebody works or waits",
)


def _exception(of: Opened) -> Exceptional:
    raisers = of[_RAISED_BY]
    return replace(
        of[_SUSPEND],
        id=of.id,
        title=of.titled(TITLE),
        cause=of[_CAUSE],
        raised_by=tuple(name for kind, name in raisers if kind == "role"),
        interfaces=tuple(name for kind, name in raisers if kind == "interface"),
        failing=tuple(name for kind, name in raisers if kind == "step"),
        steps=of[_IN_STEPS],
        divert=of[_DIVERT],
        alongside=of[_ALONGSIDE],
        **told(of),
    )


# --- workflows ------------------------------------------------------------------------------------

_FORM = defaulted("form", ListOf(REFERENCE), (), "the fields to fill in to begin a case")
_BEGIN_ROLES = defaulted("roles", ListOf(REFERENCE), (), "the roles that may begin a case")
_BEGIN_INTERFACE = optional("interface", REFERENCE, "the system that may begin a case")
_BEGIN_INTERFACES = defaulted(
    "interfaces", ListOf(REFERENCE), (), "the systems that may begin a case"
)
_SCHEDULE = optional("schedule", SCHEDULE, "when a case begins by itself")
_BEGIN_WORKFLOWS = defaulted(
    "workflows", ListOf(REFERENCE), (), "the workflows whose steps may begin a case"
)


def _begin(of: Opened) -> Begin:
    alone = of[_BEGIN_INTERFACE]
    return Begin(
        of[_FORM],
        of[_BEGIN_ROLES],
        (*([alone] if alone else []), *of[_BEGIN_INTERFACES]),
        of[_SCHEDULE],
        of[_BEGIN_WORKFLOWS],
    )


_BEGINS = required(
    "begins",
    Form(
        "beginning",
        (_FORM, _BEGIN_ROLES, _BEGIN_INTERFACE, _BEGIN_INTERFACES, _SCHEDULE, _BEGIN_WORKFLOWS),
        _begin,
        advice={"message": "Name in `interfaces` the system that sends the message."},
    ),
    "how a case begins",
)
_OBJECT = required("object", REFERENCE, "the business object that it works on")
_OWNER = required("owner", REFERENCE, "the post that answers for it")
_PREFIX = optional(
    "prefix", PREFIX, "what the case numbers begin with; left out, the first letters of the id"
)
_STEPS = required("steps", MapOf(STEP, "step", least=1), "its steps; the first begins the case")
_EXCEPTIONS = defaulted(
    "exceptions",
    MapOf(
        Form(
            "exception",
            (*NAMED, _CAUSE, _RAISED_BY, _IN_STEPS, _DIVERT, _SUSPEND, _ALONGSIDE),
            _exception,
            one_of=("divert", "suspend", "alongside"),
        ),
        "exception",
    ),
    (),
    "what may go wrong in the business",
)

_REPAIRED_BY = defaulted(
    "repaired-by",
    ListOf(REFERENCE, least=1),
    (),
    "the posts that may repair its cases, one proposing and another person confirming",
)


def _workflow(of: Opened) -> Workflow:
    written = Workflow(
        id=of.id,
        title=of.titled(TITLE),
        object=of[_OBJECT],
        owner=of[_OWNER],
        prefix=of[_PREFIX] or _initials(of.id),
        begins=of[_BEGINS],
        steps=_with_end(of),
        exceptions=of[_EXCEPTIONS],
        repaired_by=of[_REPAIRED_BY],
        **told(of),
    )
    exceptions = tuple(_wherever(written, each) for each in written.exceptions)
    return replace(written, exceptions=exceptions)


def _initials(name: str) -> str:
    """Return the first letters of an id: `loan-origination` as `LO`, `incident` as `INC`."""
    words = name.split("-")
    letters = "".join(word[0] for word in words if word[0].isalpha())
    return (letters if len(letters) > 1 else name.replace("-", ""))[
        : 8 if len(letters) > 1 else 3
    ].upper()


def _with_end(of: Opened) -> tuple[Step, ...]:
    """Return the steps, with the end that `then: end` means where no step has that name."""
    steps = of[_STEPS]
    goes = {route.go for step in steps for route in _routes(step)}
    if _END not in goes or any(step.id == _END for step in steps):
        return steps
    places = of.spot.findings.places
    places.setdefault(step_address(of.id, _END), places[of.spot.key_of(_STEPS.name)])
    return (*steps, End(_END, worded(_END)))


def _routes(step: Step) -> tuple[Route, ...]:
    match step:
        case Decision():
            return tuple(route for outcome in step.outcomes for route in outcome.then)
        case Wait():
            return (*step.then, *(route for item in step.messages for route in item.then))
        case _:
            return step.then


def _wherever(workflow: Workflow, exception: Exceptional) -> Exceptional:
    """Return an exception with the steps in which it may be raised, when it does not say them.

    A diversion stays in its block, and does not lead to where one is. What only a step raises,
    by failing, is raised there.
    """
    if exception.steps or not (exception.raised_by or exception.interfaces):
        return exception
    target = exception.divert
    blocks = [
        block
        for block in workflow.blocks()
        if target in {None, DONE} or any(step.id == target for step in block)
    ]
    steps = (step for block in blocks for step in block if isinstance(step, Task | Decision | Wait))
    return replace(exception, steps=tuple(step.id for step in steps if step.id != target))


WORKFLOWS = MapOf(
    Form(
        "workflow",
        (*NAMED, _OBJECT, _OWNER, _PREFIX, _BEGINS, _STEPS, _EXCEPTIONS, _REPAIRED_BY),
        _workflow,
    ),
    "workflow/",
)
