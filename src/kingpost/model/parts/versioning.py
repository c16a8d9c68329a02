"""The version of a model that changes: what has not changed is not written out again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from kingpost.model.content import FORMAT, kept_members, plain
from kingpost.model.model import Model
from kingpost.proof.canonical import canonical, digest
from kingpost.values.each import Each


@dataclass(slots=True)
class Versioning:
    """Tells the versions of one model after the other. INVARIANT: the same as `version` does.

    It remembers the bytes of each element by its identity.

    each: how to go through the elements whose bytes it does not know.
    """

    each: Each = map
    _known: dict[int, tuple[object, bytes]] = field(default_factory=dict[int, tuple[object, bytes]])

    def version(self, model: Model) -> str:
        """Return the digest of the canonical content of a model."""
        members: dict[str, object] = dict(kept_members(model))
        sections = {
            name: cast("Mapping[str, object]", member)
            for name, member in members.items()
            if isinstance(member, Mapping)
        }
        self._learn([element for section in sections.values() for element in section.values()])
        written = {
            name: self._section(sections[name]) if name in sections else _written(member)
            for name, member in members.items()
        }
        return digest(b'{"kingpost":%d,"model":%b}' % (FORMAT, _joined(written)))

    def _learn(self, elements: Sequence[object]) -> None:
        before = self._known
        unknown = [element for element in elements if id(element) not in before]
        self._known = {id(one): before[id(one)] for one in elements if id(one) in before}
        for element, written in zip(unknown, self.each(_written, unknown), strict=True):
            self._known[id(element)] = (element, written)

    def _section(self, section: Mapping[str, object]) -> bytes:
        return _joined({key: self._known[id(item)][1] for key, item in section.items()})


def _written(value: object) -> bytes:
    return canonical(plain(value))


def _joined(members: Mapping[str, bytes]) -> bytes:
    """Return the canonical bytes of a mapping whose values are written already."""
    pairs = (b'"%b":%b' % (key.encode(), members[key]) for key in sorted(members))
    return b"{%b}" % b",".join(pairs)
