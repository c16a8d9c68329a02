"""A file as it is written: its tree with styles, and its comments where they belong."""

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BLANK = ""


@dataclass(slots=True)
class Piece:
    """A value as it is written.

    text:    of a scalar, else None. plain: without quotation marks.
    block:   the lines of a text below `|` or `>`, the sign first.
    flow:    a list or mapping in brackets. members: of a list or mapping.
    tail:    comments behind the last member.
    end:     the offset behind it.
    """

    text: str | None = None
    plain: bool = False
    block: tuple[str, ...] = ()
    mapped: bool = False
    flow: bool = False
    members: list["Member"] = field(default_factory=list["Member"])
    tail: list[str] = field(default_factory=list[str])
    end: int = 0


@dataclass(slots=True)
class Member:
    """An entry of a mapping, or an item of a list, whose `key` is None.

    lead: the comments before it; an empty one is an empty line. note: the comment behind it.
    """

    start: int
    column: int
    inside: Piece
    owner: "Member | None"
    key: Piece | None = None
    value: Piece = field(default_factory=Piece)
    lead: list[str] = field(default_factory=list[str])
    note: str = ""


@dataclass(slots=True)
class _Open:
    """A list or mapping that is not closed yet, and the key that waits for its value."""

    piece: Piece
    owner: Member | None
    waiting: Member | None = None


def read_source(text: str) -> Piece:
    """Return the tree of a text. Raises: yaml.YAMLError, when it is no YAML."""
    building = _Building(text)
    for event in yaml.parse(text, Loader=_LOADER):
        building.take(event)
    for comment in _comments(text, building.spans):
        building.place(comment)
    return building.root


@dataclass(frozen=True, slots=True)
class _Comment:
    """A comment, or an empty line. alone: nothing stands before it on its line."""

    start: int
    column: int
    text: str
    alone: bool


class _Building:
    """Puts the tree together, event by event, and then the comments into it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = Piece()
        self.spans: list[tuple[int, int]] = []
        self._open: list[_Open] = []
        self._all: list[Member] = []

    def take(self, event: yaml.Event) -> None:
        """Take the next event."""
        if isinstance(event, yaml.ScalarEvent):
            piece = self._scalar(event)
            self._put(piece, event)
        elif isinstance(event, yaml.CollectionStartEvent):
            mapped = isinstance(event, yaml.MappingStartEvent)
            piece = Piece(mapped=mapped, flow=bool(event.flow_style))
            owner = self._put(piece, event)
            self._open.append(_Open(piece, owner))
        elif isinstance(event, yaml.CollectionEndEvent):
            assert event.end_mark is not None
            self._open.pop().piece.end = event.end_mark.index

    def _scalar(self, event: yaml.ScalarEvent) -> Piece:
        assert event.start_mark is not None
        assert event.end_mark is not None
        start, end = event.start_mark.index, event.end_mark.index
        self.spans.append((start, end))
        block: tuple[str, ...] = ()
        if event.style in {"|", ">"}:
            sign, *lines = self.text[start:end].rstrip().split("\n")
            block = (sign.split("#")[0].strip(), *_dedented(lines))
        return Piece(event.value, plain=not event.style, block=block, end=end)

    def _put(self, piece: Piece, event: yaml.Event) -> Member | None:
        """Put a piece where it belongs; return the member that it is the value of."""
        assert event.start_mark is not None
        if not self._open:
            self.root = piece
            return None
        top, mark = self._open[-1], event.start_mark
        if top.waiting is not None:
            member, top.waiting = top.waiting, None
            member.value = piece
            return member
        member = Member(mark.index, mark.column, top.piece, top.owner)
        top.piece.members.append(member)
        self._all.append(member)
        if top.piece.mapped:
            member.key, top.waiting = piece, member
        else:
            member.value = piece
        return member

    def place(self, comment: _Comment) -> None:
        """Put a comment to the member before which, or behind which, it stands."""
        at = bisect(self._all, comment.start, key=lambda each: each.start)
        # Of members that begin in one place, the outermost was met first.
        after = self._all[at] if at < len(self._all) else None
        before = self._all[at - 1] if at else None
        if not comment.alone and before is not None:
            owner = _outermost_ended(before, comment.start)
            owner.note = f"{owner.note} {comment.text}".strip()
        elif comment.text == _BLANK:
            if after is not None and not after.inside.flow and after.lead[-1:] != [_BLANK]:
                after.lead.append(_BLANK)
        elif after is not None and (before is None or comment.column <= after.column):
            after.lead.append(comment.text)
        elif before is not None:
            _block_at(before, comment.column).tail.append(comment.text)
        else:
            self.root.tail.append(comment.text)


def _outermost_ended(member: Member, at: int) -> Member:
    """Return the member that a comment at the end of a line belongs to: outside of brackets."""
    while member.inside.flow and member.inside.end <= at and member.owner is not None:
        member = member.owner
    return member


def _block_at(member: Member, column: int) -> Piece:
    """Return the block that a comment at the end of a part belongs to, by its indentation."""
    while member.owner is not None and (member.inside.flow or member.column > column):
        member = member.owner
    return member.inside


def _comments(text: str, spans: list[tuple[int, int]]) -> Iterator[_Comment]:
    """Yield the comments and the empty lines outside of all texts."""
    ends = [0, *(end for _, end in spans), len(text)]
    starts = [*(start for start, _ in spans), len(text)]
    for end, start in zip(ends, starts, strict=False):
        for match in re.finditer(r"(?:^|(?<=\s))#[^\n]*|^[ \t]*$", text[end:start], re.MULTILINE):
            at = end + match.start()
            line = text.rfind("\n", 0, at) + 1
            alone = not text[line:at].strip(" \t")
            if match[0].strip() or (alone and _is_empty_line(text, line)):
                yield _Comment(at, at - line, match[0].strip(), alone)


def _is_empty_line(text: str, line: int) -> bool:
    end = text.find("\n", line)
    return end >= 0 and not text[line:end].strip() and line < len(text)


def _dedented(lines: list[str]) -> list[str]:
    full = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
    margin = min(full, default=0)
    return [line[margin:].rstrip() if line.strip() else "" for line in lines]
