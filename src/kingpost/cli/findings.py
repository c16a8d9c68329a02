"""Read and check a model, and tell what was found."""

import gc
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.markup import escape

from kingpost.checks import check
from kingpost.cli.checking.sharing import Beside, shared_out
from kingpost.cli.columns import count, for_people
from kingpost.cli.telling.pages import page_name
from kingpost.cli.texts import read_texts
from kingpost.model.content import version
from kingpost.model.model import Model
from kingpost.notation import Code, Reading, read_model, read_shared
from kingpost.values.diagnostic import Diagnostic, Severity

# Below these, further processes cost more than they gain: workflows, and characters of text.
SHARED_MIN = 50
READ_SHARED_MIN = 500_000
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


@contextmanager
def _keeping_everything() -> Generator[None]:
    """Look for no garbage meanwhile: what is read stays, and looking takes half of the time."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()


def _read(texts: Mapping[str, str]) -> Reading:
    """Read a model; a large one by several processes."""
    large = sum(map(len, texts.values())) >= READ_SHARED_MIN
    return read_shared(texts, shared_out) if large else read_model(texts)


@dataclass(slots=True)
class CheckAndVersion:
    """Checks a model and writes its version; a large one by several processes.

    version: of the model that was checked, with errors or without.
    """

    version: str = ""

    def __call__(self, model: Model) -> Iterable[Diagnostic]:
        """Check a model."""
        if len(model.workflows) < SHARED_MIN:
            self.version = version(model)
            return check(model)
        each = Beside(partial(version, model))
        found = check(model, each)
        self.version = each.found or ""
        return found


class Examined(NamedTuple):
    """What came of an examination. model, version: None and empty, when there are errors."""

    model: Model | None
    found: list[Diagnostic]
    version: str


@dataclass(frozen=True, slots=True)
class Examination:
    """How texts are examined: with nothing known of them, or with what is known from before.

    draft: what is not carried out yet is no error, but a warning.
    """

    read: Callable[[Mapping[str, str]], Reading]
    check: Callable[[Model], Iterable[Diagnostic]]
    draft: bool = False


@_keeping_everything()
def examine(folder: Path, *, draft: bool = False) -> Examined:
    """Read and check a model.

    draft: what is not carried out yet is no error, but a warning.
    """
    checking = CheckAndVersion()
    model, found = examine_texts(*read_texts(folder), Examination(_read, checking, draft))
    # What is kept from now on is never garbage: do not look through it again.
    gc.freeze()
    return Examined(model, found, checking.version if model else "")


@_keeping_everything()
def examine_texts(
    texts: Mapping[str, str], unreadable: Iterable[Diagnostic], by: Examination
) -> tuple[Model | None, list[Diagnostic]]:
    """Read and check the texts of a model. unreadable: what is known to be wrong with files."""
    reading = by.read(texts) if texts else None
    found = [*unreadable, *(reading.diagnostics if reading else ())]
    model = reading.model if reading else None
    if model is not None:
        found.extend(by.check(model))
    if by.draft:
        found = [_eased(item) for item in found]
    found.sort(key=Diagnostic.order)
    sound = all(item.severity is not Severity.ERROR for item in found)
    return (model if sound else None), found


def _eased(item: Diagnostic) -> Diagnostic:
    return replace(item, severity=Severity.WARNING) if item.code == Code.NOT_YET else item


def as_document(examined: Examined) -> dict[str, object]:
    """Return the findings as they are printed with `--json`."""
    found = examined.found
    return {
        "version": examined.version or None,
        "errors": sum(item.severity is Severity.ERROR for item in found),
        "warnings": sum(item.severity is Severity.WARNING for item in found),
        "diagnostics": [
            {
                "code": item.code,
                "severity": item.severity.value,
                "subject": item.subject,
                "file": item.place.file if item.place else None,
                "line": item.place.line if item.place else None,
                "column": item.place.column if item.place else None,
                "message": item.message,
                "help": item.help,
                "page": page_name(item.code),
            }
            for item in found
        ],
    }


def tell(examined: Examined) -> None:
    """Print the findings for people."""
    tell_findings(for_people(), examined.found, examined.version)


def tell_findings(console: Console, found: list[Diagnostic], told_version: str) -> None:
    """Print the findings, their count, and the version when there is one."""
    for item in found:
        colour = _COLOURS[item.severity]
        place = f"{item.place}: " if item.place else ""
        words = f"{escape(place)}[{colour}]{item.severity.value}[/] {item.code} "
        console.print(words + escape(item.message))
        console.print(f"    [dim]{escape(item.subject)}[/]")
        if item.help:
            console.print(f"    {escape(item.help)}")
    errors = sum(item.severity is Severity.ERROR for item in found)
    warnings = len(found) - errors
    if found:
        console.print(
            f"[dim]`kingpost explain {escape(found[0].code)}` tells more about a code.[/]"
        )
    counts = f"{count(errors, 'error')}, {count(warnings, 'warning')}"
    console.print(f"{counts}. Version {told_version[:12]}." if told_version else f"{counts}.")
