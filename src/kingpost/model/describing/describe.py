"""Describe a part of a model by its properties, each in words."""

# ruff: noqa: ANN401 - a property is told whatever its class.

from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache
from typing import Any, cast

from kingpost.model import assurance, intent, workflow
from kingpost.model.describing.labels import label_of
from kingpost.model.describing.phrases import Description, Fact, Phrase, joined, words
from kingpost.model.describing.stories import story_facts
from kingpost.model.describing.values import (
    part_phrase,
    property_phrases,
    value_phrase,
)
from kingpost.model.parts.classes import (
    class_of,
    holds_values,
    name_of,
    naming_property,
    noun_of,
    properties_of,
    title_of,
)
from kingpost.model.parts.links import Links, kind_of
from kingpost.model.parts.references import Around
from kingpost.model.parts.walk import Part, about
from kingpost.model.scenario import Scenario
from kingpost.values.business_time import Opening

# Told with the property beside it.
_TOLD = frozenset(((intent.Metric, "population"), (intent.Metric, "name")))
# Values that stand for themselves: their properties are facts of the part that holds them.
_UNFOLDED = (assurance.Evidence, workflow.Begin)


def describe(links: Links, part: str) -> Description:
    """Return a part in words.

    Raises: KeyError, when no part has that address.
    """
    item = links.parts[part]
    if isinstance(item.value, Scenario):
        facts = tuple(story_facts(item.value))
    else:
        facts = tuple(_facts(links, item, item.value, item.scope))
    noun = noun_of(class_of(item.value))
    kind = kind_of(part) if "/" in part else part
    title = (
        item.value.part if isinstance(item.value, assurance.Governance) else title_of(item.value)
    )
    return Description(part, kind, _sort(item.value, noun, kind), title, facts)


def _sort(value: Any, noun: str, kind: str) -> str:
    """Return what kind of step a step is."""
    if isinstance(value, workflow.Step):
        name = type(value).__name__.removesuffix("Step")
        return name.lower()
    return "" if noun in {kind, "business-object"} else noun


def _facts(links: Links, item: Part, owner: Any, around: Around) -> Iterator[Fact]:
    kind = class_of(owner)
    for name, hint in properties_of(kind).items():
        value: Any = getattr(owner, name)
        if name in {"title", naming_property(kind)} or (kind, name) in _TOLD:
            continue
        if isinstance(value, _UNFOLDED):
            yield from _facts(links, item, value, about(around.model, value, around))
            continue
        if (
            holds_values(hint)
            and isinstance(value, tuple)
            and not _is_plain(cast("tuple[Any, ...]", value))
        ):
            phrases = tuple(_nested(links, item, cast("tuple[Any, ...]", value), around))
        else:
            phrases = property_phrases(around, owner, name)
        if phrases and phrases != ((),):
            yield Fact(
                label_of(class_of(owner), name), phrases, value == _default(class_of(owner), name)
            )


def _is_plain(values: tuple[Any, ...]) -> bool:
    """Tell whether values are told together, as opening hours are."""
    return not values or isinstance(values[0], Opening | workflow.Route | tuple)


@lru_cache(maxsize=256)
def _default(kind: type, name: str) -> Any:
    found = next(field for field in fields(kind) if field.name == name)
    return found.default


def _nested(links: Links, item: Part, values: tuple[Any, ...], around: Around) -> Iterator[Phrase]:
    """Yield a phrase for each value of the model that a property holds."""
    for inner in values:
        part = _address_of(item, inner)
        if part is None:
            yield value_phrase(inner, about(around.model, inner, around))
        else:
            yield _told_part(links, part)


def _address_of(item: Part, value: Any) -> str | None:
    name = name_of(value)
    if name is None:
        return None
    if isinstance(value, workflow.Step) and item.scope.workflow:
        return f"workflow/{item.scope.workflow}/step/{name}"
    return f"{item.address}/{noun_of(class_of(value))}/{name}"


def _told_part(links: Links, part: str) -> Phrase:
    """Return a part with its facts in one phrase; a step, which has many, by its name alone."""
    item = links.parts[part]
    head = part_phrase(item.value, part)
    if isinstance(item.value, workflow.Step | workflow.Branch):
        return head
    facts = [
        _told_fact(fact)
        for fact in _facts(links, item, item.value, item.scope)
        if not fact.is_default
    ]
    return (*head, *words(": "), *joined(facts, "; ")) if facts else head


def _told_fact(fact: Fact) -> Phrase:
    if fact.phrases == (words("yes"),):
        return words(fact.label)
    return (*words(f"{fact.label} "), *joined(fact.phrases))
