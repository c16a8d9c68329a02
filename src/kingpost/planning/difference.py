"""What two models differ in: each difference a value with its own sentence."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kingpost.model.content import plain
from kingpost.model.model import Model
from kingpost.model.parts.classes import KINDS
from kingpost.model.parts.references import Around
from kingpost.planning.comparing import Change, Sides, compare, compare_items
from kingpost.planning.sentences import sentence
from kingpost.values.address import address


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is different.

    address:       of the part, as it is called afterwards; before, for what is removed.
    property_name: its property in the model, or empty when the part as a whole is meant.
    before, after: plain values; None for what is not there.
    sentence:      says it to people; no full stop.
    """

    kind: Literal["added", "removed", "changed", "moved"]
    address: str
    property_name: str
    before: Any
    after: Any
    sentence: str

    @property
    def element(self) -> str:
        """Return the address of the element that it belongs to."""
        return "/".join(self.address.split("/")[:2])


def differences(before: Model, after: Model) -> tuple[Difference, ...]:
    """Return what two models differ in, by element; nothing when they mean the same."""
    return tuple(_difference(change) for change in _changes(before, after))


def by_element(found: Iterable[Difference]) -> Mapping[str, tuple[Difference, ...]]:
    """Return differences by the element that each belongs to, in their order."""
    groups: dict[str, list[Difference]] = {}
    for item in found:
        groups.setdefault(item.element, []).append(item)
    return {name: tuple(items) for name, items in groups.items()}


def changed_elements(before: Model, after: Model) -> tuple[str, ...]:
    """Return the addresses of the elements that were added, removed or changed, in order.

    What belongs to the model as a whole stands under `company`, and governance under `governance`.
    """
    return tuple(sorted({item.element for item in differences(before, after)}))


def _changes(before: Model, after: Model) -> Iterator[Change]:
    yield from compare(before, after, _sides(before, after, "company"), without=_ELSEWHERE)
    for section, kind in KINDS.items():
        old, new = getattr(before, section), getattr(after, section)
        for name in dict.fromkeys((*new, *old)):
            here = _sides(before, after, address(kind, name))
            if name not in old:
                yield Change("added", here, after=new[name])
            elif name not in new:
                yield Change("removed", here, before=old[name])
            elif old[name] != new[name]:
                found = tuple(compare(old[name], new[name], here))
                # INVARIANT: what is not the same differs in something, for governance counts on it.
                assert found, f"no difference found in {here.part}"
                yield from found
    yield from compare_items(
        before.governance, after.governance, _sides(before, after, "governance"), "governance"
    )


_ELSEWHERE = frozenset((*KINDS, "governance"))


def _sides(before: Model, after: Model, part: str) -> Sides:
    return Sides(part, Around(before, part), Around(after, part))


def _difference(change: Change) -> Difference:
    return Difference(
        change.kind,
        change.here.part,
        change.name,
        plain(change.before),
        plain(change.after),
        sentence(change),
    )
