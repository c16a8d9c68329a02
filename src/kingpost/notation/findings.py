"""What a reading gathers on its way: findings, and the place of everything it read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar, cast

from kingpost.model.parts.places import Places, renames
from kingpost.notation.codes import Code
from kingpost.notation.later import Later
from kingpost.values.diagnostic import Diagnostic, Place
from kingpost.values.nearest import nearest

FINDINGS_MAX = 1000
# Makes a named tuple of its parts without the call that counts them; there are very many.
made: Any = cast("type[tuple[Any, ...]]", tuple).__new__
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept:
    """An element that was read without an error, with the places of all its parts."""

    entry: object
    value: Any
    places: Mapping[str, Place]
    later: tuple[Diagnostic, ...]
    renames: bool


@dataclass(slots=True)
class Findings:
    """The findings of one reading, and the places by `address` or `address#property.path`.

    later:    of what reads and is not carried out yet; the model is made all the same.
    places:   of the element that is being read, or of what stands in none.
    elements: the places of each element that was read, by its address.
    renaming: whether any of these says what its id was.
    count:    of all findings, also of those that are not told: too many, or told before.
    before:   the elements of the reading before, by the identity of their entries.
    kept:     the elements of this one, for the next; None when there will be none.
    """

    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    later: list[Diagnostic] = field(default_factory=list[Diagnostic])
    places: dict[str, Place] = field(default_factory=dict[str, Place])
    elements: dict[str, Mapping[str, Place]] = field(default_factory=dict[str, Mapping[str, Place]])
    renaming: bool = False
    count: int = 0
    before: Mapping[int, Kept] = field(default_factory=dict[int, Kept])
    kept: dict[int, Kept] | None = None

    @property
    def full(self) -> bool:
        """Tell whether no more findings are told, so that a hostile text costs little."""
        return len(self.diagnostics) >= FINDINGS_MAX

    def repeat(self) -> None:
        """Note that something could not be read for a reason that is reported already."""
        self.count += 1

    def report(self, finding: Diagnostic) -> None:
        """Keep a finding; the one that would be too many is told as such."""
        self.count += 1
        if len(self.diagnostics) < FINDINGS_MAX - 1:
            self.diagnostics.append(finding)
        elif not self.full:
            message = f"there are more than {FINDINGS_MAX - 1} problems, and the rest are not told"
            help_text = "Mend these first, and read again."
            self.diagnostics.append(
                Diagnostic(Code.TOO_MANY, finding.subject, message, help_text, finding.place)
            )

    def element(self, address: str, entry: object, read: Callable[[], T]) -> T:
        """Return an element: the one of the reading before, where its entry is the same."""
        known = self.before.get(id(entry))
        count = self.count
        if known is None:
            known = self._read(entry, read)
        if self.kept is not None and self.count == count:
            self.kept[id(entry)] = known
        self.elements[address] = known.places
        self.renaming |= known.renames
        self.later.extend(known.later)
        return cast("T", known.value)

    def everywhere(self, added: Mapping[str, Place]) -> Places:
        """Return the places of everything. added: of what is written in short."""
        renaming = self.renaming or renames(self.places)
        return Places(self.places, self.elements, added, renaming=renaming)

    def _read(self, entry: object, read: Callable[[], object]) -> Kept:
        places, later = self.places, self.later
        self.places, self.later = {}, []
        value = read()
        found = Kept(entry, value, self.places, tuple(self.later), renames(self.places))
        self.places, self.later = places, later
        return found

    def all(self) -> tuple[Diagnostic, ...]:
        """Return the findings in the order of their places."""
        told = FINDINGS_MAX - len(self.diagnostics)
        return tuple(sorted([*self.diagnostics, *self.later[:told]], key=Diagnostic.order))


class Spot(NamedTuple):
    """Where in the model a reading is: the address of an element and a path inside it.

    key:   of the place: `address` or `address#property.path`.
    part:  the last of the path: a property, an id or a number; empty at an element.
    named: the last of the path that is no number, or the address.
    """

    findings: Findings
    address: str
    key: str
    part: str | int
    named: str

    @property
    def id(self) -> str:
        """Return the id of the element, or the name of the part of it, that stands here."""
        return str(self.part) if self.part != "" else self.address.rpartition("/")[2]

    @property
    def label(self) -> str:
        """Return how a message calls this spot."""
        if self.part == "":
            return "the model" if self.address == "model" else f"`{self.address}`"
        return f"`{self.part}`" if isinstance(self.part, str) else f"an entry of `{self.named}`"

    def key_of(self, part: str | int) -> str:
        """Return the key of the place of a part of this spot."""
        return f"{self.key}{'#' if self.part == '' else '.'}{part}"

    def into(self, part: str | int, place: Place) -> "Spot":
        """Return the spot of a part of this one, and remember its place."""
        findings, address, key, before, named = self
        key = f"{key}{'#' if before == '' else '.'}{part}"
        findings.places[key] = place
        if isinstance(part, str):
            named = part
        return made(Spot, (findings, address, key, part, named))

    def element(self, address: str, place: Place) -> "Spot":
        """Return the spot of an element with an address of its own, and remember its place."""
        first = self.findings.places.setdefault(address, place)
        if first is not place:
            message = f"`{address}` is declared twice; first at {first}"
            help_text = "Give one of them another id."
            self.findings.report(
                Diagnostic(Code.DECLARED_TWICE, address, message, help_text, place)
            )
        return top(self.findings, address)

    def report(self, code: str, message: str, help_text: str = "", at: Place | None = None) -> None:
        """Report a finding here, or at another place."""
        place = at or self.findings.places.get(self.key)
        self.findings.report(Diagnostic(code, self.address, message, help_text, place))

    def postpone(self, name: str, later: Later, at: Place | None = None) -> None:
        """Note that something here reads and is not carried out yet."""
        place = at or self.findings.places.get(self.key)
        finding = Diagnostic(
            Code.NOT_YET, self.address, later.message(name), later.meanwhile, place
        )
        self.findings.later.append(finding)

    def nearest(self, name: str, known: tuple[str, ...]) -> str | None:
        """Return the known name most like `name`; None when there is none, or no one will ask."""
        return None if self.findings.full else nearest(name[:80], known)


def top(findings: Findings, address: str) -> Spot:
    """Return the spot of an element as a whole."""
    return Spot(findings, address, address, "", address)
