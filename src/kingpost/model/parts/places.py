"""Where everything in a model was written."""

from collections.abc import Iterator, Mapping
from itertools import chain

from kingpost.values.diagnostic import Place

# What is asked for below a thing that is but a text, to find where that text stands.
VALUE = "value"
# How the key of the place ends that tells of what was before.
_WAS = ("#was", ".was", "#takes-over", "#split-from")


def element_of(key: str) -> str:
    """Return the element that a place belongs to: `kind/id`, from the key of any part of it."""
    kind, _, rest = key.partition("#")[0].partition("/")
    return f"{kind}/{rest.partition('/')[0]}"


class Places(Mapping[str, Place]):
    """Places by `address` or `address#property.path`.

    Kept by element, so that after an edit nobody goes through those of the elements that say what
    they said before.

    own:      of what stands in no element.
    elements: of each element and its parts, by its address.
    added:    of what is written in short and means more; they go before the others.
    renaming: whether anything says what its id was, or whose work it takes.
    """

    def __init__(
        self,
        own: Mapping[str, Place],
        elements: Mapping[str, Mapping[str, Place]],
        added: Mapping[str, Place],
        *,
        renaming: bool,
    ) -> None:
        self._own = own
        self._elements = elements
        self._added = added
        self.renaming = renaming

    def __getitem__(self, key: str) -> Place:
        if key in self._added:
            return self._added[key]
        return self._elements.get(element_of(key), self._own)[key]

    def __iter__(self) -> Iterator[str]:
        inside = chain.from_iterable(self._elements.values())
        more = (key for key in self._added if key not in self._elements.get(element_of(key), {}))
        return chain(self._own, inside, more)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def renames(places: Mapping[str, Place]) -> bool:
    """Tell whether anything in some places says what its id was, or whose work it takes."""
    return any(key.endswith(_WAS) for key in places)
