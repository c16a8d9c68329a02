"""From the texts of a model to the model: parse each, join them, read the whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from kingpost.model.model import Model
from kingpost.notation.apart import Apart, read_apart
from kingpost.notation.codes import Code
from kingpost.notation.findings import Findings, top
from kingpost.notation.language import MODEL
from kingpost.notation.memory import Memory
from kingpost.notation.sections import KINDS, root_of
from kingpost.notation.syntax.tree import Entry, Mapped
from kingpost.values.diagnostic import Diagnostic, Place
from kingpost.values.each import Each

FILE_BYTES_MAX = 2_000_000
MODEL_BYTES_MAX = 20_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What some texts say.

    model: None when anything could not be read. When all was, the diagnostics tell what is not
           carried out yet.
    """

    model: Model | None
    diagnostics: tuple[Diagnostic, ...]


def read_model(texts: Mapping[str, str], memory: Memory | None = None) -> Reading:
    """Read a model.

    texts: from the name of a file, relative to the model's folder and with `/`, to its text.
           Any split of the same content gives the same model.
    memory: of earlier readings; what has not changed since is not read again.
    """
    findings = memory.begin(texts) if memory else Findings()
    if not texts:
        message = "the model has no files, expected at least one"
        help_text = "Write `kingpost.yaml`, beginning with `kingpost: 1`."
        findings.report(Diagnostic(Code.NO_FILES, "model", message, help_text))
    elif _sizes_fit(texts, findings):
        return _read(texts, findings, memory or Memory())
    return Reading(None, findings.all())


def read_shared(texts: Mapping[str, str], each: Each) -> Reading:
    """Read a model, as `read_model` does, after each of its files has been read by itself.

    each: how to go through the files, which may be shared out.
    """
    if not _sizes_fit(texts, Findings()):
        return read_model(texts)
    memory = Memory()
    # Of those that are shared out, the longest are to come first.
    files = sorted(texts, key=lambda file: len(texts[file]), reverse=True)

    def read(file: str) -> Apart | None:
        return read_apart(file, texts[file])

    for file, found in zip(files, each(read, files), strict=True):
        if found is not None:
            memory.learn(file, texts[file], found.root, found.elements)
    return read_model(texts, memory)


def _read(texts: Mapping[str, str], findings: Findings, memory: Memory) -> Reading:
    roots = [
        memory.root(file, texts[file], findings, partial(root_of, file, texts[file], findings))
        for file in sorted(texts)
    ]
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


def _join(roots: list[Mapped], findings: Findings) -> Mapped:
    """Return one mapping with the sections of all files."""
    written: dict[str, list[Entry]] = {}
    for root in roots:
        for entry in root.entries:
            written.setdefault(entry.key, []).append(entry)
    sections = tuple(_section(entries, findings) for entries in written.values())
    place = roots[0].place if roots else Place("", 1, 1)
    return Mapped(sections, place, whole=all(root.whole for root in roots))


def _section(written: list[Entry], findings: Findings) -> Entry:
    """Return a section that stands in one file or in several."""
    first, *others = written
    kind = KINDS.get(first.key)
    if kind is None:
        for other in others:
            _report_twice(first.key, "model", first.place, other.place, findings)
        return first
    parts = [entry.value for entry in written if isinstance(entry.value, Mapped)]
    if len(parts) < len(written) or not others:
        # What is no mapping is reported when the section is read.
        return next((each for each in written if not isinstance(each.value, Mapped)), first)
    entries: dict[str, Entry] = {}
    for entry in (entry for part in parts for entry in part.entries):
        if entry.key in entries:
            address = f"{kind}/{entry.key}"
            _report_twice(address, address, entries[entry.key].place, entry.place, findings)
        else:
            entries[entry.key] = entry
    return Entry(first.key, first.place, Mapped(tuple(entries.values()), parts[0].place))


def _report_twice(name: str, subject: str, first: Place, second: Place, findings: Findings) -> None:
    message = f"`{name}` is declared twice; first at {first}"
    findings.report(Diagnostic(Code.DECLARED_TWICE, subject, message, "Keep one of them.", second))
