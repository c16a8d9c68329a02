"""Check a folder again whenever a file of it changes."""

import gc
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TypeAlias

from rich.console import Console
from rich.markup import escape
from watchfiles import watch

from kingpost.checks import Rechecking
from kingpost.cli.columns import count, for_people
from kingpost.cli.findings import Examination, examine_texts, tell_findings
from kingpost.cli.stopping import stop_when_asked
from kingpost.cli.texts import read_texts
from kingpost.model.parts.versioning import Versioning
from kingpost.notation import Memory, read_model
from kingpost.values.diagnostic import Diagnostic

# Editors write a file in several goes: wait until nothing has come for so long.
_QUIET_MS, _AT_MOST_MS = 50, 400
_FIRST_LOOK_MS = 500

Texts: TypeAlias = tuple[Mapping[str, str], tuple[Diagnostic, ...]]


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a folder found. mended, new: against the look before."""

    found: list[Diagnostic]
    version: str
    mended: list[Diagnostic]
    new: list[Diagnostic]


@dataclass(slots=True)
class Watched:
    """A folder that is looked at again and again; each look does only what is new.

    draft: what is not carried out yet is no error, but a warning.
    """

    folder: Path
    draft: bool = False
    _texts: Texts | None = None
    _found: list[Diagnostic] = field(default_factory=list[Diagnostic])
    _memory: Memory = field(default_factory=Memory)
    _checking: Rechecking = field(default_factory=Rechecking)
    _versioning: Versioning = field(default_factory=Versioning)

    def look(self) -> Look | None:
        """Look at the folder; None when everything in it reads as before."""
        before, self._texts = self._texts, read_texts(self.folder)
        if self._texts == before:
            return None
        read = partial(read_model, memory=self._memory)
        by = Examination(read, self._checking.check, self.draft)
        model, found = examine_texts(*self._texts, by)
        # The model that the check keeps shares its elements with the one before.
        kept = self._checking.model if model is not None else None
        version = self._versioning.version(kept) if kept is not None else ""
        last, self._found = self._found if before is not None else found, found
        return Look(found, version, _without(last, found), _without(found, last))


def _without(some: list[Diagnostic], others: list[Diagnostic]) -> list[Diagnostic]:
    """Return the findings that are not among others, wherever they stand by now."""
    left = Counter(_words(each) for each in others)
    found: list[Diagnostic] = []
    for each in some:
        left[_words(each)] -= 1
        if left[_words(each)] < 0:
            found.append(each)
    return found


def _words(finding: Diagnostic) -> tuple[str, str, str]:
    return finding.code, finding.subject, finding.message


def watch_folder(folder: Path, *, draft: bool = False) -> None:
    """Tell what is wrong in a folder, and again after each change, until interrupted."""
    console = for_people()
    watched = Watched(folder, draft)
    with stop_when_asked() as stop:
        _tell(console, watched)
        # What is kept from now on is never garbage: do not look through it again.
        gc.freeze()
        changes = watch(
            folder,
            watch_filter=None,
            debounce=_AT_MOST_MS,
            step=_QUIET_MS,
            stop_event=stop,
            rust_timeout=_FIRST_LOOK_MS,
            yield_on_timeout=True,
        )
        for number, changed in enumerate(changes):
            # A file may have changed before the watching began.
            if changed or number == 0:
                _tell(console, watched)


def _tell(console: Console, watched: Watched) -> None:
    began = monotonic()
    look = watched.look()
    if look is None:
        return
    if console.is_terminal:
        console.clear()
    tell_findings(console, look.found, look.version)
    for words, findings in (("mended", look.mended), ("new", look.new)):
        for each in findings:
            place = f"{each.place}: " if each.place and words == "new" else ""
            console.print(f"  {words}: {escape(place)}{each.code} {escape(each.message)}")
    since = f"{count(len(look.mended), 'finding')} mended, {len(look.new)} new"
    console.print(f"Since the last look: {since}, in {monotonic() - began:.1f} s. Watching.")
