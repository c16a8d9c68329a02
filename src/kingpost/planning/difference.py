"""What two models differ in: each difference a value with its own sentence."""

# ruff: noqa: ANN401 - what is compared follows the classes of the model.

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kingpost.model.content import plain
from kingpost.model.model import Model
from kingpost.model.parts.classes import KINDS, class_of, name_of, naming_property
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

    kind: Literal["added", "removed", "changed", "moved", "renamed"]
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
    """Return what two models differ in, by element; nothing when they mean the same.

    An element that says what it was called before is renamed: that others name it anew is no
    difference of theirs.
    """
    return tuple(_difference(change) for change in _changes(before, after, _renamed(before, after)))


def as_document(item: Difference) -> dict[str, Any]:
    """Return a difference as it is printed with `--json`, and by the API."""
    return {
        "kind": item.kind,
        "element": item.element,
        "address": item.address,
        "property": item.property_name or None,
        "before": item.before,
        "after": item.after,
        "sentence": item.sentence,
    }


def by_element(found: Iterable[Difference]) -> Mapping[str, tuple[Difference, ...]]:
    """Return differences by the element that each belongs to, in their order."""
    groups: dict[str, list[Difference]] = {}
    for item in found:
        groups.setdefault(item.element, []).append(item)
    return {name: tuple(items) for name, items in groups.items()}


def changed_elements(before: Model, after: Model) -> tuple[str, ...]:
    """Return the addresses of the elements that were added, removed or changed, in order.

    What belongs to the model as a whole stands under `company`, and governance under `governance`;
    what a post may decide under the post and `authority`.
    A rename counts as what it does: one element goes, another comes, and all that name it change.
    """
    changes = _changes(before, after, {})
    return tuple(sorted({_touched(_difference(change)) for change in changes}))


def _touched(item: Difference) -> str:
    is_authority = item.element.startswith("post/") and item.property_name == "authority"
    return f"{item.element}/authority" if is_authority else item.element


def _renamed(before: Model, after: Model) -> Mapping[str, str]:
    """Return the elements that have another id now, from their address before to the one now."""
    found: dict[str, str] = {}
    for section, kind in KINDS.items():
        old, new = getattr(before, section), getattr(after, section)
        for name, element in new.items():
            was = getattr(element, "was", "")
            if name not in old and was in old and was not in new:
                found[address(kind, was)] = address(kind, name)
    return found


def _changes(before: Model, after: Model, renamed: Mapping[str, str]) -> Iterator[Change]:
    def sides(part: str) -> Sides:
        return Sides(part, Around(before, part), Around(after, part), renamed)

    yield from compare(before, after, sides("company"), without=_ELSEWHERE)
    for section, kind in KINDS.items():
        old, new = getattr(before, section), getattr(after, section)
        for name in dict.fromkeys((*new, *old)):
            here = sides(address(kind, name))
            if name not in old:
                was = new[name].was if here.part in renamed.values() else ""
                yield from _coming(old.get(was), new[name], here)
            elif name not in new:
                if here.part not in renamed:
                    yield Change("removed", here, before=old[name])
            elif old[name] != new[name]:
                found = tuple(compare(old[name], new[name], here))
                # INVARIANT: what is not the same differs in something, for governance counts on it.
                assert found or renamed, f"no difference found in {here.part}"
                yield from found
    yield from compare_items(before.governance, after.governance, sides("governance"), "governance")


def _coming(old: Any, new: Any, here: Sides) -> Iterator[Change]:
    """Yield that an element is new, or renamed with what else is different in it."""
    if old is None:
        yield Change("added", here, after=new)
        return
    yield Change("renamed", here, before=name_of(old), after=name_of(new))
    yield from compare(old, new, here, without=frozenset((naming_property(class_of(new)), "was")))


_ELSEWHERE = frozenset((*KINDS, "governance"))


def _difference(change: Change) -> Difference:
    return Difference(
        change.kind,
        change.here.part,
        change.name,
        plain(change.before),
        plain(change.after),
        sentence(change),
    )
