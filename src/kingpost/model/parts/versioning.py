"""The version of a model that changes: what has not changed is not written out again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from kingpost.model.content import FORMAT, kept_members, plain
from kingpost.model.model import Model
from kingpost.proof.canonical import canonical, digest


@dataclass(slots=True)
class Versioning:
    """Tells the versions of one model after the other. INVARIANT: the same as `version` does.

    It remembers the bytes of each element by its identity.
    """

    _known: dict[int, tuple[object, bytes]] = field(default_factory=dict[int, tuple[object, bytes]])

    def version(self, model: Model) -> str:
        """Return the digest of the canonical content of a model."""
        before, self._known = self._known, {}
        members = ((name, self._member(value, before)) for name, value in kept_members(model))
        return digest(b'{"kingpost":%d,"model":%b}' % (FORMAT, _joined(dict(members))))

    def _member(self, value: object, before: Mapping[int, tuple[object, bytes]]) -> bytes:
        if not isinstance(value, Mapping):
            return canonical(plain(value))
        section = cast("Mapping[str, object]", value)
        return _joined({key: self._element(item, before) for key, item in section.items()})

    def _element(self, element: object, before: Mapping[int, tuple[object, bytes]]) -> bytes:
        known = before.get(id(element)) or (element, canonical(plain(element)))
        self._known[id(element)] = known
        return known[1]


def _joined(members: Mapping[str, bytes]) -> bytes:
    """Return the canonical bytes of a mapping whose values are written already."""
    pairs = (b'"%b":%b' % (key.encode(), members[key]) for key in sorted(members))
    return b"{%b}" % b",".join(pairs)
