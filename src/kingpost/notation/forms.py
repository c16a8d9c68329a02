"""Forms: mappings with named properties, and mappings from ids to forms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from kingpost.model.parts.places import VALUE
from kingpost.notation.codes import Code
from kingpost.notation.findings import Spot
from kingpost.notation.later import PROPERTIES, Later
from kingpost.notation.reports import MEMBER, either, is_id, is_member, report_both, report_unknown
from kingpost.notation.shapes import NOTHING, Phrase, Schema, Shape, unfit
from kingpost.notation.syntax.tree import Entry, Mapped, Node, Scalar
from kingpost.values.address import IDENTIFIER
from kingpost.values.diagnostic import Place

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Property(Generic[T]):
    """A property of a form. about: what it says, in a clause without a verb."""

    name: str
    shape: Shape[T]
    about: str
    required: bool = False
    default: T = NOTHING


def required(name: str, shape: Shape[T], about: str) -> Property[T]:
    """Return a property that must be written."""
    return Property(name, shape, about, required=True)


def optional(name: str, shape: Shape[T], about: str) -> Property[T | None]:
    """Return a property that is None when it is not written."""
    return Property(name, cast("Shape[T | None]", shape), about)


def defaulted(name: str, shape: Shape[T], default: T, about: str) -> Property[T]:
    """Return a property that has a value when it is not written."""
    return Property(name, shape, about, default=default)


class Opened:
    """A mapping whose properties are read."""

    def __init__(self, spot: Spot, values: Mapping[str, Any]) -> None:
        self.spot = spot
        self._values = values

    @property
    def id(self) -> str:
        """Return the id that the mapping stands under."""
        return self.spot.id

    def __getitem__(self, wanted: Property[T]) -> T:
        return self._values.get(wanted.name, wanted.default)

    def has(self, wanted: Property[Any]) -> bool:
        """Tell whether the property is written."""
        return wanted.name in self._values

    def report(self, at: Property[Any], code: str, message: str, help_text: str = "") -> None:
        """Report a finding at a property that is written."""
        place = self.spot.findings.places.get(self.spot.key_of(at.name))
        self.spot.report(code, message, help_text, place)

    def titled(self, title: Property[str | None]) -> str:
        """Return the title; the words of the id when none is written."""
        return self[title] or worded(self.id)


def worded(name: str) -> str:
    """Return the words of an id: `second-approver` as `Second approver`."""
    words = name.replace("-", " ")
    return words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """A mapping with named properties.

    name:       how messages and the schema call it, such as `post`.
    build:      from the properties to the value; called when all were read without a finding.
    one_of:     properties of which exactly one must be written.
    some_of:    properties of which at least one must be written.
    goes_with:  properties that mean something only beside another.
    advice:     what to do instead of writing a property that one may expect here.
    """

    name: str
    properties: tuple[Property[Any], ...]
    build: Callable[[Opened], T]
    one_of: tuple[str, ...] = ()
    goes_with: Mapping[str, str] = field(default_factory=dict[str, str])
    advice: Mapping[str, str] = field(default_factory=dict[str, str])
    some_of: tuple[str, ...] = ()
    known: Mapping[str, Property[Any]] = field(init=False, repr=False)
    needed: frozenset[str] = field(init=False, repr=False)
    _later: Mapping[str, Later] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", {each.name: each for each in self.properties})
        later = ((each.name, self.later(each.name)) for each in self.properties)
        object.__setattr__(self, "_later", {name: why for name, why in later if why})
        needed = frozenset(each.name for each in self.properties if each.required)
        object.__setattr__(self, "needed", needed)

    @property
    def expected(self) -> str:
        """Return how a message calls it."""
        first = next((each for each in self.properties if each.required), self.properties[0])
        return f"a mapping such as `{{{first.name}: …}}`"

    def read(self, spot: Spot, node: Node) -> T:
        """Return what is built of the properties."""
        before = spot.findings.count
        if isinstance(node, Scalar) and node.empty:
            node = Mapped((), node.place)
        if not isinstance(node, Mapped):
            unfit(spot, node, self.expected)
            return NOTHING
        values, meant = self._values(spot, node)
        if node.whole and (
            self.one_of or self.some_of or self.goes_with or not self.needed <= values.keys()
        ):
            self._check_presence(spot, {entry.key: entry for entry in node.entries}, meant)
        if spot.findings.count > before:
            return NOTHING
        return self.build(Opened(spot, values))

    def is_whole(self, written: Mapping[str, Entry]) -> bool:
        """Tell whether a mapping has the required properties, and none that is not known."""
        return self.needed <= written.keys() <= self.known.keys()

    def read_parts(self, spot: Spot, node: Mapped) -> None:
        """Read what is there, and do not ask for what is not."""
        self._values(spot, node)

    def schema(self, definitions: Schema) -> Schema:
        """Return a reference to the definition, which is made on the first call."""
        if self.key not in definitions:
            definitions[self.key] = {}
            definitions[self.key].update(self.definition(definitions))
        return {"$ref": f"#/$defs/{self.key}"}

    def definition(self, definitions: Schema) -> Schema:
        """Return the object with its properties."""
        needed = [each.name for each in self.properties if each.required]
        kind, names = ("oneOf", self.one_of) if self.one_of else ("anyOf", self.some_of)
        choice = {kind: [{"required": [name]} for name in names]} if names else {}
        together = {name: [other] for name, other in self.goes_with.items()}
        return {
            "type": "object" if needed or choice else ["object", "null"],
            "properties": {
                each.name: {**each.shape.schema(definitions), "description": each.about}
                for each in self.properties
            },
            "additionalProperties": False,
            **({"required": needed} if needed else {}),
            **choice,
            **({"dependentRequired": together} if together else {}),
        }

    def _values(self, spot: Spot, node: Mapped) -> tuple[dict[str, Any], set[str]]:
        """Return the values of the properties, and the names that misspelt ones seem to mean."""
        meant: set[str] = set()
        values: dict[str, Any] = {}
        for entry in node.entries:
            known = self.known.get(entry.key)
            if known is not None:
                values[entry.key] = self._value(spot, entry, known)
            elif not self._says_later(node):
                advice = self.advice.get(entry.key, "")
                meant.add(report_unknown(spot, self.name, entry, tuple(self.known), advice))
        return values, meant

    def _says_later(self, node: Mapped) -> bool:
        """Tell whether a word here is not carried out yet, with what one may write beside it."""
        return any(
            entry.key in self.known
            and isinstance(shape := self.known[entry.key].shape, Phrase)
            and isinstance(entry.value, Scalar)
            and shape.brings(entry.value.text.strip())
            for entry in node.entries
        )

    def _value(self, spot: Spot, entry: Entry, known: Property[Any]) -> object:
        """Return the value of a property; that it is not carried out yet is all that is told."""
        name, place, node = entry
        if not isinstance(node, Scalar) or node.text or not node.plain:
            place = node.place
        inner = spot.into(name, place)
        if name in self._later:
            return self._postponed(spot, inner, entry, known)
        return known.shape.read(inner, node)

    def _postponed(self, spot: Spot, inner: Spot, entry: Entry, known: Property[Any]) -> object:
        findings = spot.findings
        faults, told, told_later = findings.count, len(findings.diagnostics), len(findings.later)
        value = known.shape.read(inner, entry.value)
        if known.required and findings.count > faults:
            return value
        del findings.diagnostics[told:], findings.later[told_later:]
        spot.postpone(entry.key, self._later[entry.key], entry.place)
        if findings.count > faults:
            # The model is made without it, as it is to be written for now.
            findings.count, value = faults, known.default
        return value

    def later(self, name: str) -> Later | None:
        """Return why a property is not carried out yet, or None when it is."""
        return PROPERTIES.get(f"{self.key}.{name}") or PROPERTIES.get(name)

    @property
    def key(self) -> str:
        """Return the name as the schema has it."""
        return self.name.replace(" ", "-")

    def _check_presence(self, spot: Spot, written: Mapping[str, Entry], meant: set[str]) -> None:
        for each in self.properties:
            if each.required and each.name not in written and each.name not in meant:
                help_text = f"Add `{each.name}`, {each.about}."
                spot.report(Code.MISSING, f"{spot.label} has no `{each.name}`", help_text)
        self._check_choice(spot, written, meant)
        for name, other in self.goes_with.items():
            if other in self.one_of and written.keys().isdisjoint(self.one_of):
                continue  # That none of them is written is reported already.
            # What is not carried out yet is to be left out, and needs nothing beside it.
            lacks = name in written and other not in written and other not in meant
            if lacks and self.later(name) is None:
                message = f"{spot.label} has `{name}` without `{other}`"
                spot.report(Code.CONTRADICTION, message, f"Add `{other}`.", written[name].place)

    def _check_choice(self, spot: Spot, written: Mapping[str, Entry], meant: set[str]) -> None:
        present = [name for name in self.one_of if name in written]
        if len(present) > 1:
            report_both(spot, present[0], written[present[1]])
        either_of = self.one_of or self.some_of
        if either_of and written.keys().isdisjoint(either_of) and meant.isdisjoint(either_of):
            message = f"{spot.label} has none of {either(either_of)}"
            spot.report(Code.MISSING, message, "Add one of them.")


@dataclass(frozen=True, slots=True)
class Kinds(Generic[T]):
    """A mapping of one of several forms, told by the property that names the kind.

    otherwise: the form of a mapping that names no kind and has its required properties.
    advice:    what to do instead of writing a property that one may expect to name a kind.
    """

    name: str
    kinds: Mapping[str, Form[T]]
    otherwise: Form[T] | None = None
    advice: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def expected(self) -> str:
        """Return how a message calls it."""
        return f"a mapping with one of {either(tuple(self.kinds))}"

    def read(self, spot: Spot, node: Node) -> T:
        """Return what the form of the kind reads."""
        if not isinstance(node, Mapped):
            unfit(spot, node, self.expected)
            return NOTHING
        written = {entry.key: entry for entry in node.entries}
        present = [name for name in self.kinds if name in written]
        if len(present) == 1:
            return self.kinds[present[0]].read(spot, node)
        if present:
            report_both(spot, present[0], written[present[1]])
            return NOTHING
        if self.otherwise is not None and self.otherwise.is_whole(written):
            return self.otherwise.read(spot, node)
        self._report_no_kind(spot, node)
        return NOTHING

    def schema(self, definitions: Schema) -> Schema:
        """Return any of the forms."""
        forms = [form.schema(definitions) for form in self.forms()]
        definitions.setdefault(self.name, {"anyOf": forms})
        return {"$ref": f"#/$defs/{self.name}"}

    def forms(self) -> tuple[Form[T], ...]:
        """Return every form that a mapping may have."""
        return (*self.kinds.values(), *([self.otherwise] if self.otherwise else []))

    def _report_no_kind(self, spot: Spot, node: Mapped) -> None:
        known = {each.name for form in self.kinds.values() for each in form.properties}
        strange = [entry for entry in node.entries if entry.key not in known]
        names = tuple(self.kinds)
        telling = [e for e in strange if e.key in self.advice or spot.nearest(e.key, names)]
        for entry in telling:
            report_unknown(spot, self.name, entry, names, self.advice.get(entry.key, ""))
        if not telling and node.whole:
            message = f"{spot.label} has no kind, expected one of {either(tuple(self.kinds))}"
            spot.report(Code.MISSING, message, "Add the property that says what it is.")
        else:
            spot.findings.repeat()


@dataclass(frozen=True, slots=True)
class MapOf(Generic[T]):
    """A mapping from ids to things of one shape, in written order.

    under: the kind in the address of each thing that has one of its own: `post/` at the top of
           a model, or `step` inside a workflow; empty for a thing that is part of another.
    also:  the kind in a further address by which such a part is found.
    least: how many at least.
    members: whether its keys are names in the JSON of another system, such as `person.lastName`.
    """

    item: Shape[T]
    under: str = ""
    least: int = 0
    also: str = ""
    members: bool = False

    @property
    def expected(self) -> str:
        """Return how a message calls it."""
        return f"a mapping with {'a member' if self.members else 'an id'} for each entry"

    def read(self, spot: Spot, node: Node) -> tuple[T, ...]:
        """Return the things."""
        if not isinstance(node, Mapped):
            unfit(spot, node, self.expected)
            return ()
        if len(node.entries) < self.least:
            message = f"{spot.label} is an empty mapping, expected at least one entry"
            spot.report(Code.OTHER_KIND, message, "", node.place)
        known = is_member if self.members else is_id
        return tuple(self._read(spot, entry) for entry in node.entries if known(spot, entry))

    def _read(self, spot: Spot, entry: Entry) -> T:
        def read() -> T:
            inner = self._inner(spot, entry.key, entry.place)
            if isinstance(entry.value, Scalar) and entry.value.text:
                # Such a thing stands where it is named, and what its text says further on.
                spot.findings.places[inner.key_of(VALUE)] = entry.value.place
            return self.item.read(inner, entry.value)

        if not self.under.endswith("/"):
            return read()
        return spot.findings.element(f"{self.under}{entry.key}", entry, read)

    def schema(self, definitions: Schema) -> Schema:
        """Return an object with ids for keys."""
        return {
            "type": "object",
            "propertyNames": {"pattern": f"^{(MEMBER if self.members else IDENTIFIER).pattern}$"},
            "additionalProperties": self.item.schema(definitions),
            **({"minProperties": self.least} if self.least else {}),
        }

    def _inner(self, spot: Spot, name: str, place: Place) -> Spot:
        if self.also:
            spot.element(f"{spot.address}/{self.also}/{name}", place)
        if not self.under:
            return spot.into(name, place)
        if self.under.endswith("/"):
            return spot.element(f"{self.under}{name}", place)
        owner = "/".join(spot.address.split("/")[:2])
        return spot.element(f"{owner}/{self.under}/{name}", place)


@dataclass(frozen=True, slots=True)
class Deferred(Generic[T]):
    """A shape that is defined further down, for shapes that contain themselves."""

    shape: Callable[[], Shape[T]]

    @property
    def expected(self) -> str:
        """Return how a message calls it."""
        return self.shape().expected

    def read(self, spot: Spot, node: Node) -> T:
        """Return what the shape reads."""
        return self.shape().read(spot, node)

    def schema(self, definitions: Schema) -> Schema:
        """Return the schema of the shape."""
        return self.shape().schema(definitions)
