"""Say in words what a property of the model is."""

# ruff: noqa: ANN401 - a property is told whatever its class.

from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import singledispatch
from itertools import groupby
from types import MappingProxyType
from typing import Any, cast

from kingpost.model import assurance, intent, objects, organisation, workflow
from kingpost.model.describing.labels import label_of
from kingpost.model.describing.phrases import Phrase, code, joined, named, words
from kingpost.model.parts.classes import class_of, name_of, properties_of, title_of
from kingpost.model.parts.references import WORDS, Around, is_expression, reader_of
from kingpost.model.parts.walk import about
from kingpost.values.address import address, step_address
from kingpost.values.business_time import Calendar, Opening
from kingpost.values.span import Span

_VACANCIES: Mapping[organisation.Vacancy, str] = MappingProxyType(
    {
        organisation.Vacancy.SUPERIOR: "falls to the superior",
        organisation.Vacancy.POST: "falls to a post",
        organisation.Vacancy.HOLD: "the work waits",
    }
)
# Public holidays are hundreds of days; more than these are told by their number.
_DAYS_TOLD_MAX = 12
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def property_phrases(
    around: Around, owner: Any, name: str, value: Any = None
) -> tuple[Phrase, ...]:
    """Return what a property is, a phrase for each thing that it holds; none when it is not set.

    value: what it is instead of what the owner says.
    """
    value = getattr(owner, name) if value is None else value
    if isinstance(owner, Calendar) and name == "public" and len(value) > _DAYS_TOLD_MAX:
        days = sorted(cast("Iterable[date]", value))
        return (words(f"{len(days)} days from {days[0]} to {days[-1]}"),)
    if isinstance(value, tuple) and value and isinstance(value[0], Opening):
        return _hours(cast("tuple[Opening, ...]", value))
    items = cast("tuple[Any, ...]", value) if isinstance(value, tuple) else (value,)
    phrases = [
        _item(around, owner, name, item)
        for item in items
        if item is not None and item is not False and item != ""
    ]
    if phrases[1:] and isinstance(items[-1], workflow.Route) and items[-1].when is None:
        phrases[-1] = (*words("else "), *phrases[-1])
    return tuple(phrases)


def _item(around: Around, owner: Any, name: str, item: Any) -> Phrase:
    reads = reader_of(class_of(owner), name)
    if isinstance(item, intent.Target):
        return words(_bound(around, owner, item))
    if isinstance(item, Enum) or not isinstance(item, str | tuple):
        return value_phrase(item, around)
    if reads is None or reads is WORDS:
        return value_phrase(item, around)
    parts = (item,) if isinstance(item, str) else cast("tuple[Any, ...]", item)
    if is_expression(reads):
        return joined([code(text) for text in parts])
    if len(parts) > 1 and not isinstance(owner, assurance.Evidence):
        # A name with what belongs to it, such as a section of a page with its fields.
        return joined([value_phrase(part, around) for part in parts], ": ")
    alone = isinstance(getattr(owner, name, ()), str)
    found = next(iter(reads(around, owner, item if alone else (item,))), None)
    text = "/".join(parts)
    if isinstance(owner, intent.Metric) and found:
        text = found.target
    return named(text, found.target) if found else code(text)


def _bound(around: Around, owner: Any, target: intent.Target) -> str:
    """Return a target as it is written, with the unit of the metric that it bounds."""
    metric = around.model.metrics.get(getattr(owner, "metric", "") or getattr(owner, "promise", ""))
    sign, value = target.comparison.value, f"{target.value.normalize():f}"
    if metric is None or metric.kind is intent.MetricKind.COUNT:
        return f"{sign} {value}"
    if metric.kind is intent.MetricKind.SHARE:
        return f"{sign} {value} %"
    return f"{sign} {_length(target.value)}"


def _length(seconds: Decimal) -> str:
    """Return a length of time in the largest unit that counts it whole."""
    for unit, size in (("week", 604_800), ("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds % size == 0:
            return str(Span(int(seconds) // size, unit))
    return f"{seconds.normalize():f} seconds"


def _hours(openings: tuple[Opening, ...]) -> tuple[Phrase, ...]:
    """Return opening hours, a phrase for each run of days that are alike."""
    days: list[tuple[int, tuple[str, ...]]] = []
    for day in sorted({opening.weekday for opening in openings}):
        hours = tuple(
            "–".join(f"{at // 60:02}:{at % 60:02}" for at in (opening.start, opening.end))
            for opening in openings
            if opening.weekday == day
        )
        days.append((day, hours))
    told: list[Phrase] = []
    for hours, run in groupby(days, key=lambda item: item[1]):
        names = [_DAYS[day] for day, _ in run]
        span = names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}"
        told.append(words(f"{span} {', '.join(hours)}"))
    return tuple(told)


@singledispatch
def value_phrase(value: Any, around: Around) -> Phrase:
    """Return a value as one phrase: for a class of the model, its properties after each other."""
    if is_dataclass(value):
        return _members(value, around)
    return words(str(value))


@value_phrase.register
def _yes_no(value: bool, around: Around) -> Phrase:  # noqa: ARG001, FBT001 - one of a family
    return words("yes" if value else "no")


@value_phrase.register
def _number(value: Decimal, around: Around) -> Phrase:  # noqa: ARG001 - one of a family
    return words(f"{value.normalize():f}")


@value_phrase.register(frozenset)
def _set(value: frozenset[Any], around: Around) -> Phrase:
    return joined([value_phrase(item, around) for item in sorted(value)])


@value_phrase.register(tuple)
def _list(value: tuple[Any, ...], around: Around) -> Phrase:
    return joined([value_phrase(item, around) for item in value])


@value_phrase.register(Mapping)
def _pairs(value: Mapping[str, Any], around: Around) -> Phrase:
    told = [joined((words(key), value_phrase(item, around)), ": ") for key, item in value.items()]
    return joined(told)


def _members(value: Any, around: Around) -> Phrase:
    """Return the properties of a value that no sentence is made for."""
    around = about(around.model, value, around)
    told: list[Phrase] = []
    for name in properties_of(class_of(value)):
        phrases = property_phrases(around, value, name)
        if phrases:
            told.append(joined((words(label_of(class_of(value), name)), joined(phrases)), " "))
    return joined(told, "; ")


@value_phrase.register
def _enum(value: Enum, around: Around) -> Phrase:  # noqa: ARG001 - one of a family
    return words(str(value.value).replace("-", " "))


@value_phrase.register
def _vacancy(value: organisation.Vacancy, around: Around) -> Phrase:  # noqa: ARG001 - one of a family
    return words(_VACANCIES[value])


@value_phrase.register
def _span(value: Span, around: Around) -> Phrase:  # noqa: ARG001 - one of a family
    return words(str(value))


@value_phrase.register
def _target(value: intent.Target, around: Around) -> Phrase:  # noqa: ARG001 - one of a family
    return words(f"{value.comparison.value} {value.value.normalize():f}")


@value_phrase.register
def _route(value: workflow.Route, around: Around) -> Phrase:
    if value.go == workflow.DONE:
        target = words("out of the branch")
    else:
        target = named(value.go, step_address(around.workflow or "", value.go))
    if value.when is None:
        return target
    return (*target, *words(" when "), *code(value.when))


@value_phrase.register
def _due(value: workflow.Due, around: Around) -> Phrase:
    if value.field is None:
        return words(f"within {value.span}")
    by = joined(property_phrases(around, value, "field"))
    lengths = ", ".join(f"{choice}: {span}" for choice, span in value.spans)
    return (*words("by "), *by, *words(f": {lengths}"))


@value_phrase.register
def _addressee(value: workflow.Addressee, around: Around) -> Phrase:
    post = joined(property_phrases(around, value, "post"))
    field = joined(property_phrases(around, value, "field"))
    if field:
        return (*words("the post in "), *field, *((*words(", else "), *post) if post else ()))
    return post


@value_phrase.register
def _grant(value: organisation.Grant, around: Around) -> Phrase:
    step = step_address(value.workflow, value.step)
    outcomes = [named(name, f"{step}/outcome/{name}") for name in value.outcomes]
    told = (*joined(outcomes), *words(" in "), *named(f"{value.workflow}/{value.step}", step))
    if value.when is not None:
        told = (*told, *words(" when "), *code(value.when))
    if value.allowance is not None:
        told = (*told, *words(", "), *value_phrase(value.allowance, around))
    return told


@value_phrase.register
def _allowance(value: organisation.Allowance, around: Around) -> Phrase:
    most = f"{value.at_most:,f} {value.currency}"
    of = joined(property_phrases(around, value, "of"))
    return (*words(f"at most {most} a {value.per} of "), *of)


@value_phrase.register
def _move(value: objects.Move, around: Around) -> Phrase:
    ends = [
        words("every state that is not final")
        if name == "*"
        else named(name, f"{address('object', *around.objects)}/state/{name}")
        for name in (value.source, value.target)
    ]
    return joined(ends, " → ")


def part_phrase(value: Any, part: str) -> Phrase:
    """Return a part by its id and, where it says more, its title."""
    name, title = name_of(value) or "", title_of(value)
    plain = title in {name, name.replace("-", " ").capitalize()}
    return named(name, part) if plain else (*named(name, part), *words(f" {title}"))
