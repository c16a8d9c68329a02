"""From the texts of a model to the model: parse each, join them, read the whole."""

from collections.abc import Mapping
from dataclasses import dataclass

from kingpost.model.model import Model
from kingpost.notation.codes import Code
from kingpost.notation.findings import Findings, top
from kingpost.notation.language import MODEL
from kingpost.notation.syntax.parse import parse
from kingpost.notation.syntax.tree import Entry, Mapped, Node, Scalar, found
from kingpost.values.diagnostic import Diagnostic, Place

FILE_BYTES_MAX = 2_000_000
MODEL_BYTES_MAX = 20_000_000
# The sections that hold elements by id, which may be spread over files.
_KINDS: Mapping[str, str] = {
    "calendars": "calendar",
    "objectives": "objective",
    "value-streams": "value-stream",
    "metrics": "metric",
    "units": "unit",
    "roles": "role",
    "posts": "post",
    "objects": "object",
    "rules": "rule",
    "interfaces": "interface",
    "workflows": "workflow",
    "frameworks": "framework",
    "obligations": "obligation",
    "scenarios": "scenario",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What some texts say.

    model: None when anything could not be read. When all was, the diagnostics tell what is not
           carried out yet.
    """

    model: Model | None
    diagnostics: tuple[Diagnostic, ...]


def read_model(texts: Mapping[str, str]) -> Reading:
    """Read a model.

    texts: from the name of a file, relative to the model's folder and with `/`, to its text.
           Any split of the same content gives the same model.
    """
    findings = Findings()
    if not texts:
        message = "the model has no files, expected at least one"
        help_text = "Write `kingpost.yaml`, beginning with `kingpost: 1`."
        findings.report(Diagnostic(Code.NO_FILES, "model", message, help_text))
    elif _sizes_fit(texts, findings):
        return _read(texts, findings)
    return Reading(None, findings.all())


def _read(texts: Mapping[str, str], findings: Findings) -> Reading:
    roots = [_root(file, texts[file], findings) for file in sorted(texts)]
    whole = [root for root in roots if root is not None]
    joined = _join(whole, findings)
    spot = top(findings, "model").element("model", joined.place)
    if len(whole) == len(roots):
        model = MODEL.read(spot, joined)
    else:
        # A file is missing, so nobody knows what the whole would have lacked.
        model = None
        MODEL.read_parts(spot, joined)
    return Reading(None if findings.count else model, findings.all())


def _sizes_fit(texts: Mapping[str, str], findings: Findings) -> bool:
    sizes = {file: len(text.encode("utf-8", "surrogatepass")) for file, text in texts.items()}
    for file, size in sizes.items():
        if size > FILE_BYTES_MAX:
            message = f"the file has {size} bytes, expected {FILE_BYTES_MAX} at most"
            help_text = "Split it into several files."
            findings.report(
                Diagnostic(Code.FILE_TOO_LARGE, file, message, help_text, Place(file, 1, 1))
            )
    total = sum(sizes.values())
    if total > MODEL_BYTES_MAX:
        message = f"the files have {total} bytes together, expected {MODEL_BYTES_MAX} at most"
        help_text = "Leave out what is not part of the model."
        findings.report(Diagnostic(Code.MODEL_TOO_LARGE, "model", message, help_text))
    return not findings.count


def _root(file: str, text: str, findings: Findings) -> Mapped | None:
    """Return the sections of a file, or None when it has none; why is reported."""
    before = findings.count
    node = parse(file, text, findings)
    if isinstance(node, Mapped):
        return node
    if findings.count == before:
        _report_no_sections(file, node, findings)
    return None


def _report_no_sections(file: str, node: Node | None, findings: Findings) -> None:
    place = Place(file, 1, 1) if node is None else node.place
    if node is None or (isinstance(node, Scalar) and node.empty):
        code, message = Code.EMPTY_FILE, "the file says nothing, expected sections such as `posts`"
        help_text = "Write a section, or remove the file."
    else:
        code = Code.OTHER_KIND
        message = f"the file is {found(node)}, expected sections such as `posts`"
        help_text = "Begin with a section, such as `posts:`."
    findings.report(Diagnostic(code, file, message, help_text, place))


def _join(roots: list[Mapped], findings: Findings) -> Mapped:
    """Return one mapping with the sections of all files."""
    sections: dict[str, Entry] = {}
    for root in roots:
        for entry in root.entries:
            first = sections.get(entry.key)
            sections[entry.key] = entry if first is None else _both(first, entry, findings)
    place = roots[0].place if roots else Place("", 1, 1)
    return Mapped(tuple(sections.values()), place, whole=all(root.whole for root in roots))


def _both(first: Entry, second: Entry, findings: Findings) -> Entry:
    """Return a section that stands in two files."""
    kind = _KINDS.get(first.key)
    if kind is None:
        _report_twice(first.key, "model", first.place, second.place, findings)
        return first
    if not isinstance(first.value, Mapped) or not isinstance(second.value, Mapped):
        return first if isinstance(second.value, Mapped) else second
    entries = {entry.key: entry for entry in first.value.entries}
    for entry in second.value.entries:
        if entry.key in entries:
            address = f"{kind}/{entry.key}"
            _report_twice(address, address, entries[entry.key].place, entry.place, findings)
        else:
            entries[entry.key] = entry
    return Entry(first.key, first.place, Mapped(tuple(entries.values()), first.value.place))


def _report_twice(name: str, subject: str, first: Place, second: Place, findings: Findings) -> None:
    message = f"`{name}` is declared twice; first at {first}"
    findings.report(Diagnostic(Code.DECLARED_TWICE, subject, message, "Keep one of them.", second))
