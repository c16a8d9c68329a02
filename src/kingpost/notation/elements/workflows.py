"""The forms of how work moves: workflows, begins and exceptions."""

from kingpost.model.workflow import Begin, Cause, Ending, Exceptional, Workflow
from kingpost.notation.elements.company import TITLE
from kingpost.notation.elements.steps import STEP
from kingpost.notation.forms import Form, MapOf, Opened, defaulted, optional, required
from kingpost.notation.phrases import PREFIX, RAISER, REFERENCE, one_of, word
from kingpost.notation.shapes import ListOf

# --- exceptions ----------------------------------------------------------------------------------

_ENDING_THEN = required(
    "then", word("resume", "complete"), "whether the step goes on, or is completed"
)


def _ending(of: Opened) -> Ending:
    return Ending(of.id, of.titled(TITLE), completes=of[_ENDING_THEN] == "complete")


_SUSPENDED_STATE = optional("state", REFERENCE, "the state of the record meanwhile")
_CLOCKS = required("clocks", word("stop", "run"), "whether the clocks stop meanwhile")
_ENDS = required(
    "ends",
    MapOf(Form("ending", (TITLE, _ENDING_THEN), _ending), least=1),
    "how the suspension may end",
)
_SUSPEND = optional(
    "suspend",
    Form(
        "suspension",
        (_SUSPENDED_STATE, _CLOCKS, _ENDS),
        lambda of: (of[_SUSPENDED_STATE], of[_CLOCKS] == "stop", of[_ENDS]),
    ),
    "the work holds until it is resolved",
)
_DIVERT = optional("divert", REFERENCE, "the step to go to, or `done`")
_CAUSE = required("cause", one_of(Cause), "what kind of thing went wrong")
_RAISED_BY = required("raised-by", ListOf(RAISER, least=1), "the roles that may raise it")
_IN_STEPS = required("steps", ListOf(REFERENCE, least=1), "the steps in which it may be raised")


def _exception(of: Opened) -> Exceptional:
    state, stops_clocks, endings = of[_SUSPEND] or (None, False, ())
    return Exceptional(
        id=of.id,
        title=of.titled(TITLE),
        cause=of[_CAUSE],
        raised_by=of[_RAISED_BY],
        steps=of[_IN_STEPS],
        divert=of[_DIVERT],
        state=state,
        stops_clocks=stops_clocks,
        endings=endings,
    )


# --- workflows -----------------------------------------------------------------------------------

_FORM = defaulted("form", ListOf(REFERENCE), (), "the fields to fill in to begin a case")
_BEGIN_ROLES = defaulted("roles", ListOf(REFERENCE), (), "the roles that may begin a case")
_BEGIN_INTERFACES = defaulted(
    "interfaces", ListOf(REFERENCE), (), "the systems that may begin a case"
)
_BEGINS = required(
    "begins",
    Form(
        "beginning",
        (_FORM, _BEGIN_ROLES, _BEGIN_INTERFACES),
        lambda of: Begin(of[_FORM], of[_BEGIN_ROLES], of[_BEGIN_INTERFACES]),
    ),
    "how a case begins",
)
_OBJECT = required("object", REFERENCE, "the business object that it works on")
_OWNER = required("owner", REFERENCE, "the post that answers for it")
_PREFIX = required("prefix", PREFIX, "what the case numbers begin with, such as `INC`")
_STEPS = required("steps", MapOf(STEP, "step", least=1), "its steps; the first begins the case")
_EXCEPTIONS = defaulted(
    "exceptions",
    MapOf(
        Form(
            "exception",
            (TITLE, _CAUSE, _RAISED_BY, _IN_STEPS, _DIVERT, _SUSPEND),
            _exception,
            one_of=("divert", "suspend"),
        ),
        "exception",
    ),
    (),
    "what may go wrong in the business",
)


def _workflow(of: Opened) -> Workflow:
    return Workflow(
        id=of.id,
        title=of.titled(TITLE),
        object=of[_OBJECT],
        owner=of[_OWNER],
        prefix=of[_PREFIX],
        begins=of[_BEGINS],
        steps=of[_STEPS],
        exceptions=of[_EXCEPTIONS],
    )


WORKFLOWS = MapOf(
    Form(
        "workflow",
        (TITLE, _OBJECT, _OWNER, _PREFIX, _BEGINS, _STEPS, _EXCEPTIONS),
        _workflow,
    ),
    "workflow/",
)
