"""The form of what a step begins: cases of another workflow."""

from typing import NamedTuple

from kingpost.model.workflow import Waits
from kingpost.notation.forms import Form, MapOf, defaulted, optional, required
from kingpost.notation.phrases import EXPRESSION, REFERENCE, one_of
from kingpost.notation.shapes import ByKind, Made


class Cases(NamedTuple):
    """Which cases a step begins."""

    workflow: str
    each: str | None = None
    waits: Waits = Waits.ALL
    given: tuple[tuple[str, str], ...] = ()
    brings: tuple[tuple[str, str], ...] = ()


_RUN_WORKFLOW = required("workflow", REFERENCE, "the workflow that is begun")
_EACH = optional("each", REFERENCE, "the list field with the records, a case for each")
_WAITS = defaulted("waits", one_of(Waits), Waits.ALL, "for which of the cases it waits")
_WITH = defaulted(
    "with",
    MapOf(Made(EXPRESSION, lambda spot, text: (spot.id, text)), least=1, members=True),
    (),
    "what the form of each is filled in with: a field of it, and an expression over this record",
)
_BRINGS = defaulted(
    "brings",
    MapOf(Made(REFERENCE, lambda spot, name: (spot.id, name)), least=1, members=True),
    (),
    "what comes back: a field here, and the field of the case that ended, or `state`",
)
RUN = required(
    "run",
    ByKind(
        "a workflow, or `{workflow: …, each: …, waits: …, with: …, brings: …}`",
        text=Made(REFERENCE, lambda _, name: Cases(name)),
        mapped=Form(
            "cases",
            (_RUN_WORKFLOW, _EACH, _WAITS, _WITH, _BRINGS),
            lambda of: Cases(of[_RUN_WORKFLOW], of[_EACH], of[_WAITS], of[_WITH], of[_BRINGS]),
        ),
    ),
    "the workflow that is begun",
)
