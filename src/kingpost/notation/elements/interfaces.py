"""The forms of interfaces: systems that send, systems that are asked, and views of a role."""

from typing import Any

from kingpost.model.interfaces import BackOff, Contract, Interface, InterfaceKind, Retry, View
from kingpost.notation.codes import Code
from kingpost.notation.elements.naming import NAMED, TITLE, told
from kingpost.notation.elements.objects import SCALARS
from kingpost.notation.forms import Form, MapOf, Opened, Property, defaulted, optional, required
from kingpost.notation.later import INTERFACE_KINDS
from kingpost.notation.phrases import (
    COUNT,
    EXPRESSION,
    FIELD_OF,
    PATH,
    REFERENCE,
    SECONDS,
    YES_NO,
    one_of,
    word,
)
from kingpost.notation.shapes import ListOf, Made

_KIND = defaulted(
    "kind",
    one_of(InterfaceKind, INTERFACE_KINDS),
    InterfaceKind.INBOUND,
    "a system that sends, a system that is asked, or a view of a role",
)

# --- a system that sends --------------------------------------------------------------------------

_BEGINS = optional("begins", REFERENCE, "the workflow whose cases it begins")
_PAYLOAD = defaulted(
    "schema",
    MapOf(Made(word(*SCALARS), lambda spot, kind: (spot.id, kind)), least=1),
    (),
    "what it sends: a field, and its type",
)
_SIGNED = defaulted(
    "signed", YES_NO, default=False, about="whether all that is taken from it has its signature"
)

# --- a system that is asked -----------------------------------------------------------------------

_METHOD = optional("method", word("GET", "POST", "PUT", "PATCH", "DELETE"), "the method of HTTP")
_PATH = optional(
    "path", PATH, "the path below the address, which the environment holds; a field may fill a part"
)
_SEND = defaulted(
    "send",
    MapOf(Made(EXPRESSION, lambda spot, text: (spot.id, text)), least=1, members=True),
    (),
    "what is sent: a member such as `person.name`, and an expression over the record",
)
_RECEIVE = defaulted(
    "receive",
    MapOf(Made(FIELD_OF, lambda spot, field: (spot.id, *field)), least=1, members=True),
    (),
    "what comes back: a member of the answer, and the field such as `loan.score` that it fills",
)
_TIMEOUT = optional("timeout", SECONDS, "how long an answer may take")
_TIMES = required("times", COUNT, "how often it is tried again")
_BACK_OFF = defaulted(
    "back-off", one_of(BackOff), BackOff.EXPONENTIAL, "how the pauses between attempts grow"
)
_RETRY = optional(
    "retry",
    Form("retry", (_TIMES, _BACK_OFF), lambda of: Retry(of[_TIMES], of[_BACK_OFF])),
    "how often a call that fails is tried again",
)
_OWNER = optional("owner", REFERENCE, "the post that answers for its failure")

# --- a view of a role -----------------------------------------------------------------------------

_ROLE = optional("role", REFERENCE, "the role whose view it is")
_WORKFLOW = optional("workflow", REFERENCE, "the workflow that it shows")
_COLUMNS = defaulted("columns", ListOf(REFERENCE, least=1), (), "the fields of the worklist")
_FILTER = optional("filter", EXPRESSION, "the condition for what stands in the worklist")
_SECTIONS = defaulted(
    "sections",
    MapOf(Made(ListOf(REFERENCE, least=1), lambda spot, names: (spot.id, names)), least=1),
    (),
    "the sections of the page of a case, each with its fields",
)

_OF_KIND: dict[InterfaceKind, tuple[Property[Any], ...]] = {
    InterfaceKind.INBOUND: (_BEGINS, _PAYLOAD, _SIGNED),
    InterfaceKind.OUTBOUND: (_METHOD, _PATH, _SEND, _RECEIVE, _TIMEOUT, _RETRY, _OWNER),
    InterfaceKind.VIEW: (_ROLE, _WORKFLOW, _COLUMNS, _FILTER, _SECTIONS),
}
_NEEDED: dict[InterfaceKind, tuple[Property[Any], ...]] = {
    InterfaceKind.INBOUND: (),
    InterfaceKind.OUTBOUND: (_METHOD, _PATH),
    InterfaceKind.VIEW: (_ROLE, _WORKFLOW),
}


def _interface(of: Opened) -> Interface:
    kind = of[_KIND]
    _check_kind(of, kind)
    return Interface(
        id=of.id,
        title=of.titled(TITLE),
        kind=kind,
        begins=of[_BEGINS],
        payload=of[_PAYLOAD],
        signed=of[_SIGNED],
        contract=_contract(of) if kind is InterfaceKind.OUTBOUND else None,
        view=_view(of) if kind is InterfaceKind.VIEW else None,
        **told(of),
    )


def _check_kind(of: Opened, kind: InterfaceKind) -> None:
    """Report properties of another kind, and those of this kind that are missing."""
    for other, properties in _OF_KIND.items():
        for each in properties if other is not kind else ():
            if of.has(each):
                message = f"{of.spot.label} is {_a(kind)} and has `{each.name}`"
                help_text = f"Write `kind: {other.value}`, or remove it."
                of.report(each, Code.CONTRADICTION, message, help_text)
    for each in _NEEDED[kind]:
        if not of.has(each):
            message = f"{of.spot.label} is {_a(kind)} and has no `{each.name}`"
            of.spot.report(Code.MISSING, message, f"Add `{each.name}`, {each.about}.")


def _a(kind: InterfaceKind) -> str:
    return "a view" if kind is InterfaceKind.VIEW else f"an {kind.value} interface"


def _contract(of: Opened) -> Contract:
    return Contract(
        method=of[_METHOD] or "",
        path=of[_PATH] or "",
        send=of[_SEND],
        receive=of[_RECEIVE],
        timeout_seconds=of[_TIMEOUT],
        retry=of[_RETRY],
        owner=of[_OWNER],
    )


def _view(of: Opened) -> View:
    return View(
        role=of[_ROLE] or "",
        workflow=of[_WORKFLOW] or "",
        columns=of[_COLUMNS],
        filter=of[_FILTER],
        sections=of[_SECTIONS],
    )


INTERFACES = MapOf(
    Form(
        "interface",
        (*NAMED, _KIND, *(each for properties in _OF_KIND.values() for each in properties)),
        _interface,
        advice={
            "payload": "Write `schema`.",
            "updates": "Name it in `from` of a message that a `wait` takes, with the fields that it"
            " fills in `records`.",
        },
    ),
    "interface/",
)
