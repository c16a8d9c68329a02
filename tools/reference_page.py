# noqa: INP001 - a program, not a package.
"""Write the reference of the language and the JSON Schema from the forms that read a model.

Run it as `python tools/reference_page.py`. Each property has an example, taken from a text that
the tests read: the shortest that reads without a fault. A test says when a page is not what this
makes today, or when a property has no example.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from kingpost.notation import json_schema, read_model
from kingpost.notation.findings import Spot
from kingpost.notation.forms import Form, Kinds, Property
from kingpost.notation.language import MODEL
from kingpost.notation.syntax.tree import Entry, Listed, Mapped, Node, Scalar

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference.md"
SCHEMA = ROOT / "docs" / "model.schema.json"
EXAMPLE_LENGTH_MAX = 90
HEAD = """\
# The language, property by property

`docs/language.md` introduces the language; this page lists all of it. **Bold** properties must be
written. What is *not carried out yet* reads and is checked, and a model that uses it does not take
effect: the page says what to write meanwhile. Every example stands in a text that the tests read.

This page is made by `tools/reference_page.py`.
"""


# --- examples -------------------------------------------------------------------------------------


@dataclass
class Examples:
    """The shortest text of each property that was read without a fault, by form and property."""

    found: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, form: str, entry: Entry) -> None:
        """Keep the text of a property, when there is none or it is shorter."""
        text = f"{entry.key}: {flow(entry.value)}"
        key = (form, entry.key)
        if key not in self.found or len(text) < len(self.found[key]):
            self.found[key] = text


def examples() -> Mapping[tuple[str, str], str]:
    """Return an example of each property, by form and property."""
    gathered = Examples()
    read = Form._value  # noqa: SLF001 - the one place through which every property goes

    def watched(form: Form[Any], spot: Spot, entry: Entry, known: Property[Any]) -> object:
        before = spot.findings.count
        value = read(form, spot, entry, known)
        if spot.findings.count == before:
            gathered.take(form.key, entry)
        return value

    with patch.object(Form, "_value", watched):
        for text in texts():
            read_model({"text.yaml": text})
    return gathered.found


def texts() -> Iterator[str]:
    """Yield the texts that examples come from: those of the tests, the pages and the examples."""
    for name in ("tests/notation/whole.yaml", "tests/checks/sound.yaml"):
        yield (ROOT / name).read_text()
    yield from re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/language.md").read_text(), re.DOTALL)
    for folder in ("examples", "tests/scenarios"):
        for path in sorted((ROOT / folder).rglob("*.yaml")):
            if not path.stem.startswith("mapping"):
                yield path.read_text()


def flow(node: Node) -> str:
    """Return a value on one line."""
    match node:
        case Scalar():
            return _quoted(node)
        case Listed():
            return f"[{', '.join(flow(item) for item in node.items)}]"
        case Mapped():
            inside = (f"{entry.key}: {flow(entry.value)}" for entry in node.entries)
            return f"{{{', '.join(inside)}}}"
        case _:
            return ""


def _quoted(node: Scalar) -> str:
    text = " ".join(node.text.split())
    if node.plain:
        return text
    return f"'{text}'" if '"' in text else f'"{text}"'


# --- the page -------------------------------------------------------------------------------------


def forms() -> list[Form[Any]]:
    """Return every form of the language, each once, outer ones first."""
    found: dict[str, Form[Any]] = {}
    waiting: list[Any] = [MODEL]
    seen: set[int] = set()
    while waiting:
        shape = waiting.pop(0)
        if id(shape) in seen:
            continue
        seen.add(id(shape))
        if isinstance(shape, Form):
            found.setdefault(shape.key, shape)
            waiting.extend(each.shape for each in shape.properties)
        elif isinstance(shape, Kinds):
            waiting.extend(shape.forms())
        else:
            waiting.extend(_inner(shape))
    return list(found.values())


def _inner(shape: object) -> Iterator[Any]:
    """Yield the shapes that a shape is made of, whatever its class."""
    for name in ("item", "shape", "text", "listed", "mapped", "forms"):
        inner = getattr(shape, name, None)
        if name == "shape" and callable(inner) and not hasattr(inner, "read"):
            inner = inner()
        if name == "forms" and callable(inner):
            inner = inner()
        if isinstance(inner, tuple):
            yield from inner
        elif hasattr(inner, "read"):
            yield inner


def page() -> str:
    """Return the page. Raises KeyError, when a property has no example."""
    shown = examples()
    parts = [HEAD]
    for form in forms():
        title = form.name[:1].upper() + form.name[1:]
        parts.append(f"\n## {title}\n\n")
        if form.one_of:
            parts.append(f"Exactly one of {_listed(form.one_of)} is written.\n\n")
        if form.some_of:
            parts.append(f"At least one of {_listed(form.some_of)} is written.\n\n")
        parts.append("| property | value | says | example |\n|---|---|---|---|\n")
        parts.extend(_row(form, each, shown[form.key, each.name]) for each in form.properties)
    return "".join(parts)


def _row(form: Form[Any], each: Property[Any], example: str) -> str:
    name = f"**{each.name}**" if each.required else f"`{each.name}`"
    later = form.later(each.name)
    told = (
        f"{each.about}; *not carried out yet: {later.why}.* {later.meanwhile}"
        if later
        else each.about
    )
    cells = (name, each.shape.expected, told, f"`{_shortened(example)}`")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _shortened(example: str) -> str:
    if len(example) <= EXAMPLE_LENGTH_MAX:
        return example
    return f"{example[: EXAMPLE_LENGTH_MAX - 2]} …"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


# --- the schema -----------------------------------------------------------------------------------


def schema() -> str:
    """Return the JSON Schema with the examples in it."""
    shown = examples()
    whole: dict[str, Any] = dict(json_schema())
    named = {form.key: form for form in forms()}
    for name, described in ((MODEL.key, whole), *whole["$defs"].items()):
        # A step that is a whole branch has the properties of its kind.
        form = named.get(name.removesuffix("-alone"))
        for each in form.properties if form else ():
            example = _shortened(shown[form.key, each.name])
            described["properties"][each.name]["examples"] = [example]
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
    SCHEMA.write_text(schema())
