"""`kingpost show`: one part of a model, what it names, what names it, and what it is for."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from kingpost.cli.columns import for_people
from kingpost.cli.commands.looking.models import read_for_looking
from kingpost.cli.failures import CommandError
from kingpost.cli.options import AsJson, DataFolder
from kingpost.model.describing.describe import describe
from kingpost.model.describing.finding import find_part
from kingpost.model.describing.phrases import Fact, Phrase, plain
from kingpost.model.model import Model
from kingpost.model.parts.classes import KINDS, title_of
from kingpost.model.parts.links import Line, Links, links_of
from kingpost.model.parts.stories import with_stories

ModelOption = Annotated[
    Path, typer.Option("--folder", help="The folder of the model.", exists=True, file_okay=False)
]

# Scenarios are no part of what takes effect, and are shown like all that is.
_SHOWN = {**KINDS, "scenarios": "scenario"}
_INDENT = "  "
_LISTED_MAX = 12
# Facts that are a list by nature: rows of a table, and what a story tells.
_BELOW = frozenset(("rows", "given", "when", "then"))


def show_command(
    address: Annotated[
        str | None, typer.Argument(help="Such as `post/shift-lead` or `workflow/fine/step/send`.")
    ] = None,
    *,
    folder: ModelOption = Path(),
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            help="Show it as the company ran by: the number of a version, the beginning of its "
            "digest, a day, or `running`.",
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Shorten no list.")] = False,
    as_json: AsJson = False,
    data: DataFolder = None,
) -> None:
    """Show a part of a model: what it says, what it names, what names it, and what it is for.

    Without an address the parts that there are.
    """
    model = read_for_looking(folder) if as_of is None else _stored(as_of, data)
    links = with_stories(links_of(model), model)
    if address is None:
        document, lines = _all_as_document(model), _all(model)
    else:
        part = resolve(links, address)
        document = _as_document(model, links, part)
        lines = _part(model, links, part, sys.maxsize if every else _LISTED_MAX)
    if as_json:
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    console = for_people()
    for line in lines:
        console.print(line)


def _stored(written: str, data: Path | None) -> Model:
    # Imported here: who looks at a folder does not wait for the driver of the database.
    from kingpost.cli.commands.looking.stored import stored_model  # noqa: PLC0415

    return stored_model(data, written)


def resolve(links: Links, address: str) -> str:
    """Return the address of the part that is meant.

    Raises: CommandError, with the nearest addresses, when there is none.
    """
    found = find_part(links, address)
    if isinstance(found, str):
        return found
    help_ = f"Write {_or(found)}." if found else "Run `kingpost show` to see what there is."
    raise CommandError(f"there is no `{address}`. {help_}")


def _or(names: Sequence[str]) -> str:
    told = [f"`{name}`" for name in names]
    return " or ".join((", ".join(told[:-1]), told[-1])) if told[1:] else told[0]


def _all(model: Model) -> Iterator[str]:
    for section, kind in _SHOWN.items():
        elements = getattr(model, section)
        if elements:
            yield f"[bold]{kind}[/] ({len(elements):,})"
            wide = max(len(name) for name in elements)
            for name, element in elements.items():
                yield f"{_INDENT}{name.ljust(wide)}  [dim]{escape(title_of(element))}[/]"
    yield f"Show one by its address, such as `kingpost show {_an_address(model)}`."


def _an_address(model: Model) -> str:
    for section, kind in _SHOWN.items():
        for name in getattr(model, section):
            return f"{kind}/{name}"
    return "post/head"


def _all_as_document(model: Model) -> object:
    return {
        kind: {name: title_of(element) for name, element in getattr(model, section).items()}
        for section, kind in _SHOWN.items()
    }


def _part(model: Model, links: Links, part: str, listed_max: int) -> Iterator[str]:
    told = describe(links, part)
    place = model.place(part)
    sort = f" ({told.sort})" if told.sort else ""
    yield f"[bold]{escape(told.title)}[/]"
    yield f"{told.kind}{sort} [cyan]{part}[/]{f' at {place}' if place else ''}"
    yield ""
    yield from _facts([fact for fact in told.facts if not fact.is_default])
    for title, named in (("Names", _outward), ("Is named by", _inward)):
        groups = _grouped(named(links, part))
        if groups:
            yield f"\n[bold]{title}[/]"
            yield from _listed(groups, links, listed_max)
    yield from _tree("Up to the objectives", links.up(part), links)
    yield from _tree("Down to the steps", links.down(part), links)


def _facts(facts: Sequence[Fact]) -> Iterator[str]:
    wide = max((len(fact.label) for fact in facts), default=0)
    for fact in facts:
        for number, line in enumerate(_fact_lines(fact)):
            label = fact.label if number == 0 else ""
            yield f"{_INDENT}[dim]{label.ljust(wide)}[/]  {line}"


def _fact_lines(fact: Fact) -> list[str]:
    """Return a fact as lines: short names stand beside each other, all else below each other."""
    lines = [_marked(phrase) for phrase in fact.phrases]
    short = all(len(phrase) == 1 for phrase in fact.phrases)
    return [", ".join(lines)] if short and fact.label not in _BELOW else lines


def _marked(phrase: Phrase) -> str:
    return "".join(
        f"[cyan]{escape(piece.text)}[/]" if piece.kind == "code" else escape(piece.text)
        for piece in phrase
    )


def _outward(links: Links, part: str) -> Iterator[tuple[str, str]]:
    return ((link.relation.says, link.target) for link in links.of(part))


def _inward(links: Links, part: str) -> Iterator[tuple[str, str]]:
    return ((link.relation.heard, link.source) for link in links.to(part))


def _grouped(named: Iterator[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for words, part in named:
        groups.setdefault(words, []).append(part)
    return groups


def _listed(groups: dict[str, list[str]], links: Links, listed_max: int) -> Iterator[str]:
    wide = max(len(words) for words in groups)
    for words, parts in groups.items():
        lines = [_named(links, part) for part in parts[:listed_max]]
        if parts[listed_max:]:
            lines.append(f"[dim]and {len(parts) - listed_max:,} more; `--all` lists them[/]")
        for number, line in enumerate(lines):
            yield f"{_INDENT}[dim]{(words if number == 0 else '').ljust(wide)}[/]  {line}"


def _tree(title: str, lines: Sequence[Line], links: Links) -> Iterator[str]:
    if lines:
        yield f"\n[bold]{title}[/]"
        yield from _branches(lines, links, 1)


def _branches(lines: Sequence[Line], links: Links, depth: int) -> Iterator[str]:
    for line in lines:
        again = " …" if line.seen else ""
        yield f"{_INDENT * depth}[dim]{line.words}[/] {_named(links, line.address)}{again}"
        yield from _branches(line.after, links, depth + 1)


def _named(links: Links, part: str) -> str:
    known = links.parts.get(part)
    if known is None:
        return f"[cyan]{part}[/] [red](there is none)[/]"
    title = title_of(known.value)
    is_plain = title in {part.rpartition("/")[2], ""}
    return f"[cyan]{part}[/]" + ("" if is_plain else f"  {escape(title)}")


def _as_document(model: Model, links: Links, part: str) -> object:
    told = describe(links, part)
    place = model.place(part)
    return {
        "address": part,
        "kind": told.kind,
        "sort": told.sort or None,
        "title": told.title,
        "place": str(place) if place else None,
        "properties": {
            fact.label: [plain(phrase) for phrase in fact.phrases] for fact in told.facts
        },
        "names": _grouped(_outward(links, part)),
        "named-by": _grouped(_inward(links, part)),
        "up": [_line_as_document(line) for line in links.up(part)],
        "down": [_line_as_document(line) for line in links.down(part)],
    }


def _line_as_document(line: Line) -> object:
    return {
        "relation": line.words,
        "address": line.address,
        "then": [_line_as_document(after) for after in line.after],
    }
