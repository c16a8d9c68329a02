"""Models linked to each other: which element a target names, and what types there are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from kingpost.rules.definitions import (
    Decision,
    Definitions,
    Element,
    Import,
    InputData,
    ItemDefinition,
    Knowledge,
    Service,
    Source,
)
from kingpost.rules.logic import Spot, Text
from kingpost.rules.session import Remark, Site
from kingpost.rules.shapes import Shape, Shaper, Shapes

_WORDS: Mapping[type, str] = {
    InputData: "input",
    Decision: "decision",
    Knowledge: "knowledge",
    Service: "service",
    Source: "source",
}
# The namespace of a model and the identity of an element in it.
Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Model:
    """One model with what it can name.

    imports: the name under which each namespace is known here.
    """

    definitions: Definitions
    shapes: Shapes
    imports: Mapping[str, str]
    elements: Mapping[str, Element]

    def key(self, target: str) -> Key:
        """Return the key of what a requirement names."""
        namespace, _, identity = target.rpartition("#")
        return (namespace or self.definitions.namespace, identity)


@dataclass(slots=True)
class Linker:
    """Links models by their imports, each once; a model that imports itself sees no types there."""

    library: Mapping[str, Definitions]
    models: dict[str, Model] = field(default_factory=dict[str, Model])
    faults: list[Remark] = field(default_factory=list[Remark])

    def link(self, definitions: Definitions, around: frozenset[str] = frozenset()) -> Model:
        """Return a linked model, after those that it imports."""
        known = self.models.get(definitions.namespace)
        if known is not None:
            return known
        inside = around | {definitions.namespace}
        imported: dict[str, Shape] = {}
        for one in definitions.imports:
            model = self._imported(definitions, one, inside)
            prefix = f"{one.name}." if one.name else ""
            for name, shape in model.shapes.items() if model else ():
                imported[prefix + name] = shape
        linked = Model(
            definitions=definitions,
            shapes=self._shapes(definitions, imported),
            imports={one.namespace: one.name for one in definitions.imports},
            elements=self._elements(definitions),
        )
        self.models[definitions.namespace] = linked
        return linked

    def _imported(
        self, definitions: Definitions, one: Import, around: frozenset[str]
    ) -> Model | None:
        if one.namespace in around:
            return None
        found = self.library.get(one.namespace)
        if found is None:
            message = f"the model `{one.namespace}` is imported and is not at hand"
            self._fault(definitions, one.at, message, "Read it together with this one.")
            return None
        return self.link(found, around)

    def _shapes(self, definitions: Definitions, imported: Shapes) -> Shapes:
        def report(at: Text | ItemDefinition, message: str, help_: str) -> None:
            self._fault(definitions, at.at, message, help_)

        return Shaper(definitions.types, imported, report).shapes

    def _elements(self, definitions: Definitions) -> dict[str, Element]:
        found: dict[str, Element] = {}
        for element in definitions.elements:
            identity = identity_of(element)
            if identity in found:
                message = f"the identity `{identity}` is used twice"
                self._fault(definitions, element.at, message, "Give each element its own.")
            found.setdefault(identity, element)
        return found

    def _fault(self, definitions: Definitions, at: Spot, message: str, help_: str) -> None:
        self.faults.append(Remark(Site(f"model `{definitions.name}`", at), message, help_))


def identity_of(element: Element) -> str:
    """Return what targets call an element; one without an identity is called by its name."""
    return element.head.id or element.name


def site_of(element: Element) -> Site:
    """Return how remarks call an element."""
    return Site(f"{_WORDS[type(element)]} `{element.name}`", element.at)


def visible_name(element: Element) -> str:
    """Return the name under which the value of an element is read."""
    variable = None if isinstance(element, Source) else element.variable
    return variable.name if variable is not None and variable.name else element.name
