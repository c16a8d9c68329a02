"""What one reading leaves for the next, so that only what has changed is read again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from kingpost.notation.findings import Findings, Kept
from kingpost.notation.syntax.tree import Mapped


@dataclass(slots=True)
class Memory:
    """The files and the elements of the last reading; only what had no finding is kept.

    INVARIANT: an entry of a tree is the same object only while its file has the same text.
    """

    _files: dict[str, tuple[str, Mapped]] = field(default_factory=dict[str, tuple[str, Mapped]])
    _elements: dict[int, Kept] = field(default_factory=dict[int, Kept])

    def begin(self, files: Iterable[str]) -> Findings:
        """Begin a reading: forget the files that are gone, and what this reading will not use."""
        for gone in self._files.keys() - set(files):
            del self._files[gone]
        before, self._elements = self._elements, {}
        return Findings(before=before, kept=self._elements)

    def learn(self, file: str, text: str, root: Mapped, elements: Mapping[int, Kept]) -> None:
        """Take over a file that was read by itself. elements: by the identity of their entries."""
        self._files[file] = (text, root)
        self._elements.update(elements)

    def root(
        self, file: str, text: str, findings: Findings, parse: Callable[[], Mapped | None]
    ) -> Mapped | None:
        """Return the sections of a file, parsed only when its text is another."""
        known = self._files.get(file)
        if known is not None and known[0] == text:
            return known[1]
        count = findings.count
        root = parse()
        if root is not None and findings.count == count:
            self._files[file] = (text, root)
        else:
            self._files.pop(file, None)
        return root
