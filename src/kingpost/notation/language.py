"""The language as a whole: the sections of a model, and the JSON Schema of one file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from kingpost.model.intent import Metric, ValueStream
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, Field, FieldType
from kingpost.model.workflow import Workflow
from kingpost.notation.codes import Code
from kingpost.notation.completing import Completing
from kingpost.notation.elements.company import CALENDARS, POSTS, ROLES, UNITS
from kingpost.notation.elements.intent import METRICS, OBJECTIVES, STREAMS
from kingpost.notation.elements.interfaces import INTERFACES
from kingpost.notation.elements.objects import OBJECTS
from kingpost.notation.elements.rules import RULES
from kingpost.notation.elements.scenarios import SCENARIOS
from kingpost.notation.elements.things import FRAMEWORKS, GOVERNANCE, OBLIGATIONS
from kingpost.notation.elements.workflows import WORKFLOWS
from kingpost.notation.forms import Form, Opened, defaulted, required
from kingpost.notation.phrases import CURRENCY, TEXT, VERSION, ZONE
from kingpost.values.diagnostic import Diagnostic, Place

_LANGUAGE = required("kingpost", VERSION, "the version of the language: `1`")
_COMPANY = required("company", TEXT, "the name of the company")
_ZONE = required("timezone", ZONE, "the time zone of the company")
_CURRENCY = defaulted("currency", CURRENCY, "", "the currency of money that names no other")
_CALENDARS = defaulted("calendars", CALENDARS, (), "the hours at which units work")
_OBJECTIVES = defaulted("objectives", OBJECTIVES, (), "what the company wants")
_STREAMS = defaulted("value-streams", STREAMS, (), "how value flows")
_METRICS = defaulted("metrics", METRICS, (), "what is counted and timed")
_UNITS = defaulted("units", UNITS, (), "the places in the structure")
_ROLES = defaulted("roles", ROLES, (), "what one does inside workflows")
_POSTS = defaulted("posts", POSTS, (), "the seats that people hold")
_OBJECTS = defaulted("objects", OBJECTS, (), "what work is about")
_RULES = defaulted("rules", RULES, (), "what is decided by rule")
_INTERFACES = defaulted(
    "interfaces", INTERFACES, (), "systems that send or are asked, and views of roles"
)
_WORKFLOWS = defaulted("workflows", WORKFLOWS, (), "how work moves")
_FRAMEWORKS = defaulted("frameworks", FRAMEWORKS, (), "standards and laws")
_OBLIGATIONS = defaulted("obligations", OBLIGATIONS, (), "the duties from them")
_GOVERNANCE = defaulted("governance", GOVERNANCE, (), "who keeps which part of the model")
_SCENARIOS = defaulted("scenarios", SCENARIOS, (), "stories that the model must bear out")


_MAY_BE_MONEY = frozenset({FieldType.MONEY, FieldType.LIST})


def _model(of: Opened) -> Model:
    zone = of[_ZONE]
    calendars = [(each.name, replace(each, zone=each.zone or zone)) for each in of[_CALENDARS]]
    currency = of[_CURRENCY]
    objects = {each.id: _in_currency(each, currency) for each in _in_order(of[_OBJECTS])}
    added: dict[str, Place] = {}
    places = of.spot.findings.everywhere(added)
    completing = Completing(objects, of[_INTERFACES], places, added)
    workflows = _by_id(completing.workflow(each) for each in of[_WORKFLOWS])
    duties = (completing.obligation(each, workflows) for each in of[_OBLIGATIONS])
    return Model(
        company=of[_COMPANY],
        zone=zone,
        calendars=dict(sorted(calendars, key=lambda each: each[0])),
        objectives=_by_id(of[_OBJECTIVES]),
        streams=_by_id(_promising(of, completing)),
        units=_by_id(of[_UNITS]),
        roles=_by_id(of[_ROLES]),
        posts=_by_id(of[_POSTS]),
        objects=objects,
        rules=_by_id(of[_RULES]),
        interfaces=_by_id(of[_INTERFACES]),
        workflows=workflows,
        metrics=_by_id(_looking(of, completing, workflows)),
        frameworks=_by_id(of[_FRAMEWORKS]),
        obligations=_by_id(duties),
        governance=of[_GOVERNANCE],
        currency=currency,
        scenarios=_by_id(of[_SCENARIOS]),
        places=places,
    )


def _looking(
    of: Opened, completing: Completing, workflows: Mapping[str, Workflow]
) -> Iterator[Metric]:
    """Yield the metrics, each with its workflow, and report those of a decision nobody can tell."""
    for written in of[_METRICS]:
        found = completing.metric(written, workflows)
        if found is None:
            subject = f"metric/{written.id}"
            message = f"no decision alone has the name `{written.name}`"
            help_text = f"Write `workflow/…/step/{written.name}`."
            place = completing.places.get(f"{subject}#{written.kind.value}-of")
            of.spot.findings.report(
                Diagnostic(Code.CONTRADICTION, subject, message, help_text, place)
            )
        else:
            yield found


def _promising(of: Opened, completing: Completing) -> Iterator[ValueStream]:
    """Yield the value streams, each with the target of its promise, and report those without."""
    for written in of[_STREAMS]:
        found = completing.stream(written, of[_OBJECTIVES])
        if found is None:
            message = f"the promise of `value-stream/{written.id}` has no target"
            help_text = "Add `target`, or a measure of its metric to an objective that it serves."
            place = completing.places.get(f"value-stream/{written.id}#promise")
            of.spot.findings.report(
                Diagnostic(Code.MISSING, f"value-stream/{written.id}", message, help_text, place)
            )
        else:
            yield found


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


ElementT = TypeVar("ElementT", bound=_Identified)


def _by_id(elements: Iterable[ElementT]) -> dict[str, ElementT]:
    """Return elements in the order of their ids, so that no split into files can be told."""
    return {each.id: each for each in _in_order(elements)}


def _in_order(elements: Iterable[ElementT]) -> list[ElementT]:
    return sorted(elements, key=lambda each: each.id)


def _in_currency(item: BusinessObject, currency: str) -> BusinessObject:
    """Return an object whose money is in the company's currency where it names no other."""
    if not any(field.type in _MAY_BE_MONEY for field in item.fields):
        return item

    def completed(field: Field) -> Field:
        if field.item is not None:
            return replace(field, item=completed(field.item))
        is_open = field.type is FieldType.MONEY and not field.currency
        return replace(field, currency=currency) if is_open else field

    return replace(item, fields=tuple(completed(field) for field in item.fields))


MODEL = Form(
    "model",
    (
        _LANGUAGE,
        _COMPANY,
        _ZONE,
        _CURRENCY,
        _CALENDARS,
        _OBJECTIVES,
        _STREAMS,
        _METRICS,
        _UNITS,
        _ROLES,
        _POSTS,
        _OBJECTS,
        _RULES,
        _INTERFACES,
        _WORKFLOWS,
        _FRAMEWORKS,
        _OBLIGATIONS,
        _GOVERNANCE,
        _SCENARIOS,
    ),
    _model,
    advice=dict.fromkeys(
        ("people", "persons", "appointments", "delegations", "absences"),
        "Keep it in the register, which changes daily, by `kingpost people`: a model names posts.",
    ),
)


def json_schema() -> dict[str, object]:
    """Return the JSON Schema of one file of a model, for completion in editors."""
    definitions: dict[str, Any] = {}
    root = MODEL.definition(definitions)
    del root["required"]  # A file holds a part of a model.
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A file of a Kingpost model",
        **root,
        "$defs": {name: definitions[name] for name in sorted(definitions)},
    }
