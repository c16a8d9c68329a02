"""The language as a whole: the sections of a model, and the JSON Schema of one file."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject
from kingpost.model.workflow import Parallel, Step, Workflow
from kingpost.notation.elements.company import (
    CALENDARS,
    INTERFACES,
    METRICS,
    OBJECTIVES,
    POSTS,
    ROLES,
    STREAMS,
    UNITS,
)
from kingpost.notation.elements.scenarios import SCENARIOS
from kingpost.notation.elements.things import FRAMEWORKS, GOVERNANCE, OBJECTS, OBLIGATIONS, RULES
from kingpost.notation.elements.workflows import WORKFLOWS
from kingpost.notation.forms import Form, Opened, defaulted, required
from kingpost.notation.phrases import TEXT, VERSION, ZONE

_LANGUAGE = required("kingpost", VERSION, "the version of the language: `1`")
_COMPANY = required("company", TEXT, "the name of the company")
_ZONE = required("timezone", ZONE, "the time zone of the company")
_CALENDARS = defaulted("calendars", CALENDARS, (), "the hours at which units work")
_OBJECTIVES = defaulted("objectives", OBJECTIVES, (), "what the company wants")
_STREAMS = defaulted("value-streams", STREAMS, (), "how value flows")
_METRICS = defaulted("metrics", METRICS, (), "what is counted and timed")
_UNITS = defaulted("units", UNITS, (), "the places in the structure")
_ROLES = defaulted("roles", ROLES, (), "what one does inside workflows")
_POSTS = defaulted("posts", POSTS, (), "the seats that people hold")
_OBJECTS = defaulted("objects", OBJECTS, (), "what work is about")
_RULES = defaulted("rules", RULES, (), "decision tables")
_INTERFACES = defaulted("interfaces", INTERFACES, (), "systems that begin cases or send messages")
_WORKFLOWS = defaulted("workflows", WORKFLOWS, (), "how work moves")
_FRAMEWORKS = defaulted("frameworks", FRAMEWORKS, (), "standards and laws")
_OBLIGATIONS = defaulted("obligations", OBLIGATIONS, (), "the duties from them")
_GOVERNANCE = defaulted("governance", GOVERNANCE, (), "who keeps which part of the model")
_SCENARIOS = defaulted("scenarios", SCENARIOS, (), "stories that the model must bear out")


def _model(of: Opened) -> Model:
    zone = of[_ZONE]
    calendars = [(each.name, replace(each, zone=each.zone or zone)) for each in of[_CALENDARS]]
    objects = _by_id(of[_OBJECTS])
    workflows = [_in_order_of_choices(each, objects) for each in of[_WORKFLOWS]]
    return Model(
        company=of[_COMPANY],
        zone=zone,
        calendars=dict(sorted(calendars, key=lambda each: each[0])),
        objectives=_by_id(of[_OBJECTIVES]),
        streams=_by_id(of[_STREAMS]),
        units=_by_id(of[_UNITS]),
        roles=_by_id(of[_ROLES]),
        posts=_by_id(of[_POSTS]),
        objects=objects,
        rules=_by_id(of[_RULES]),
        interfaces=_by_id(of[_INTERFACES]),
        workflows=_by_id(workflows),
        metrics=_by_id(of[_METRICS]),
        frameworks=_by_id(of[_FRAMEWORKS]),
        obligations=_by_id(of[_OBLIGATIONS]),
        governance=of[_GOVERNANCE],
        scenarios=_by_id(of[_SCENARIOS]),
        places=of.spot.findings.places,
    )


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


ElementT = TypeVar("ElementT", bound=_Identified)


def _by_id(elements: Iterable[ElementT]) -> dict[str, ElementT]:
    """Return elements in the order of their ids, so that no split into files can be told."""
    return {each.id: each for each in sorted(elements, key=lambda each: each.id)}


def _in_order_of_choices(workflow: Workflow, objects: Mapping[str, BusinessObject]) -> Workflow:
    """Put the lengths of each due time in the order of the choices, however they were written."""
    business_object = objects.get(workflow.object)
    if business_object is None:
        return workflow
    return replace(workflow, steps=_steps_in_order(workflow.steps, business_object))


def _steps_in_order(steps: tuple[Step, ...], business_object: BusinessObject) -> tuple[Step, ...]:
    return tuple(_step_in_order(step, business_object) for step in steps)


def _step_in_order(step: Step, business_object: BusinessObject) -> Step:
    due = step.due
    field = business_object.field(due.field) if due and due.field else None
    if due and field:
        places = {choice: place for place, choice in enumerate(field.choices)}
        spans = sorted(due.spans, key=lambda each: (places.get(each[0], len(places)), each[0]))
        step = replace(step, due=replace(due, spans=tuple(spans)))
    if isinstance(step, Parallel):
        branches = tuple(
            replace(branch, steps=_steps_in_order(branch.steps, business_object))
            for branch in step.branches
        )
        step = replace(step, branches=branches)
    return step


MODEL = Form(
    "model",
    (
        _LANGUAGE,
        _COMPANY,
        _ZONE,
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
