"""What a reading gathers on its way: findings, and the place of everything it read."""

from dataclasses import dataclass, field

from kingpost.notation.codes import Code
from kingpost.values.diagnostic import Diagnostic, Place
from kingpost.values.nearest import nearest

FINDINGS_MAX = 1000


@dataclass(slots=True)
class Findings:
    """The findings of one reading, and the places by `address` or `address#property.path`.

    count: of all findings, also of those that are not told: too many, or told before.
    """

    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    places: dict[str, Place] = field(default_factory=dict[str, Place])
    count: int = 0

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

    def all(self) -> tuple[Diagnostic, ...]:
        """Return the findings in the order of their places."""
        return tuple(sorted(self.diagnostics, key=Diagnostic.order))


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in the model a reading is: the address of an element and a path inside it."""

    findings: Findings
    address: str
    path: tuple[str | int, ...] = ()

    @property
    def id(self) -> str:
        """Return the id of the element, or the name of the part of it, that stands here."""
        return str(self.path[-1]) if self.path else self.address.rpartition("/")[2]

    @property
    def key(self) -> str:
        """Return the key of the place: `address` or `address#property.path`."""
        return _key(self.address, self.path)

    def key_of(self, part: str | int) -> str:
        """Return the key of the place of a part of this spot."""
        return _key(self.address, (*self.path, part))

    @property
    def label(self) -> str:
        """Return how a message calls this spot."""
        if not self.path:
            return "the model" if self.address == "model" else f"`{self.address}`"
        if isinstance(self.path[-1], str):
            return f"`{self.path[-1]}`"
        named = next((part for part in reversed(self.path) if isinstance(part, str)), self.address)
        return f"an entry of `{named}`"

    def into(self, part: str | int, place: Place) -> "Spot":
        """Return the spot of a part of this one, and remember its place."""
        inner = Spot(self.findings, self.address, (*self.path, part))
        self.findings.places[inner.key] = place
        return inner

    def element(self, address: str, place: Place) -> "Spot":
        """Return the spot of an element with an address of its own, and remember its place."""
        first = self.findings.places.setdefault(address, place)
        if first is not place:
            message = f"`{address}` is declared twice; first at {first}"
            help_text = "Give one of them another id."
            self.findings.report(
                Diagnostic(Code.DECLARED_TWICE, address, message, help_text, place)
            )
        return Spot(self.findings, address)

    def report(self, code: str, message: str, help_text: str = "", at: Place | None = None) -> None:
        """Report a finding here, or at another place."""
        place = at or self.findings.places.get(self.key)
        self.findings.report(Diagnostic(code, self.address, message, help_text, place))

    def nearest(self, name: str, known: tuple[str, ...]) -> str | None:
        """Return the known name most like `name`; None when there is none, or no one will ask."""
        return None if self.findings.full else nearest(name[:80], known)


def _key(address: str, path: tuple[str | int, ...]) -> str:
    return f"{address}#{'.'.join(str(part) for part in path)}" if path else address
