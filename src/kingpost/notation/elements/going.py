"""The forms that steps share: ways on, due times, ladders, and the post addressed."""

from dataclasses import dataclass, replace

from kingpost.model.workflow import Addressee, Due, Route, Rung
from kingpost.notation.codes import Code
from kingpost.notation.findings import Spot
from kingpost.notation.forms import Form, Opened, defaulted, optional, required
from kingpost.notation.phrases import EXPRESSION, PERCENT, REFERENCE, SPAN
from kingpost.notation.shapes import NOTHING, ByKind, ListOf, Made, Phrase, Schema, Shape, unfit
from kingpost.notation.syntax.tree import Mapped, Node
from kingpost.values.span import Span

# --- routes ---------------------------------------------------------------------------------------

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


ROUTES: Shape[tuple[Route, ...]] = ByKind(
    "a step, or a list of `{when: …, go: …}` that ends with `{else: …}`",
    text=Made(REFERENCE, lambda _, name: (Route(name),)),
    listed=Made(ListOf(_ROUTE, least=1), _end_with_else),
)
THEN = required("then", ROUTES, "the way on: a step, or a list of conditions")


# --- due times and what comes of lateness ---------------------------------------------------------


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
DUE = optional(
    "due",
    ByKind(_DUE_BY.expected, text=Made(SPAN, lambda _, span: Due(span=span)), mapped=_DUE_BY),
    "the time that it may take",
)
WARN = optional("warn", PERCENT, "the part of the due time after which it is shown as near")

# How late something is: nothing at the due time itself.
_LATE: Phrase[tuple[Span, ...]] = Phrase(
    "`due`, or a length of time such as `1 day`",
    lambda text: () if text == "due" else _span_alone(text),
)
_AFTER = defaulted("after", _LATE, (), "`due`, or by how much it is late")
_RUNG_TO = required(
    "to",
    REFERENCE,
    "who is told: `superior`, a post, or `authority` to move a decision to who may take it",
)
ESCALATE = defaulted(
    "escalate",
    ListOf(
        Form(
            "rung",
            (_AFTER, _RUNG_TO),
            lambda of: Rung(of[_RUNG_TO], next(iter(of[_AFTER]), None)),
        ),
        least=1,
    ),
    (),
    "who is told when it is late, in order",
)


def _span_alone(text: str) -> tuple[Span, ...] | None:
    span = SPAN.parse(text)
    return (span,) if span else None


def due_of(of: Opened) -> Due | None:
    """Return the due time of a step with its warning."""
    due = of[DUE]
    return replace(due, warn=of[WARN]) if due else None


# --- what most steps have -------------------------------------------------------------------------

STATE = optional("state", REFERENCE, "the state of the record from entering the step on")
DISCHARGES = defaulted(
    "discharges", ListOf(REFERENCE), (), "the obligations whose evidence it makes"
)
TIMED = (DUE, WARN, ESCALATE)
# Each of these means something only beside a due time.
TIMED_WITH = {"warn": "due", "escalate": "due"}


# --- the post addressed ---------------------------------------------------------------------------

_TO_POST = optional("post", REFERENCE, "the post that the work is addressed to")
_TO_FIELD = optional("field", REFERENCE, "the field that holds the post")
_TO_ELSE = optional("else", REFERENCE, "the post when the field is empty")
TO = defaulted(
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
