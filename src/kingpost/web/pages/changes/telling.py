"""What two models differ in, as a table by part."""

from collections.abc import Sequence

from kingpost.model.parts.classes import title_of
from kingpost.model.parts.links import Links
from kingpost.planning.difference import Difference, by_element
from kingpost.web.pages.casework.refusals import sentence
from kingpost.web.pieces import Cell, Column, Empty, Pill, Table, Tone

_KINDS: dict[str, tuple[str, Tone]] = {
    "added": ("Added", "good"),
    "removed": ("Removed", "late"),
    "changed": ("Changed", "accent"),
    "moved": ("Moved", "accent"),
    "renamed": ("Renamed", "accent"),
}


def difference_table(found: Sequence[Difference], sides: tuple[Links, Links]) -> Table:
    """Return differences by part. sides: the parts before and after."""
    rows: list[tuple[Cell, ...]] = []
    for element, items in by_element(found).items():
        name = Cell(_title(element, sides), note=element)
        for item in items:
            text, tone = _KINDS[item.kind]
            rows.append((name, Cell("", pill=Pill(text, tone)), Cell(sentence(item.sentence))))
    empty = Empty("Nothing is different", "Both models mean the same.", icon="check")
    return Table(
        "What is different", tuple(map(Column, ("Part", "How", "What"))), tuple(rows), empty
    )


def _title(element: str, sides: tuple[Links, Links]) -> str:
    for links in reversed(sides):
        if element in links.parts:
            return title_of(links.parts[element].value) or element
    return element.capitalize()
