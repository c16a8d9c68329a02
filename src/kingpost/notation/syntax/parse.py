"""From the text of a file to its tree, through the events of YAML.

Events, and not composed nodes, because only they still know anchors and tags.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml
from yaml import CollectionEndEvent, CollectionStartEvent, ScalarEvent

from kingpost.notation.codes import Code
from kingpost.notation.findings import Findings, made
from kingpost.notation.syntax.broken import Mark, explain
from kingpost.notation.syntax.tree import Entry, Listed, Mapped, Node, Scalar, Unread, found
from kingpost.values.diagnostic import Diagnostic, Place
from kingpost.values.written import Written

DEPTH_MAX = 40
KEY_LENGTH_MAX = 200
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Control characters, the line ends that only YAML 1.1 knows, half surrogate pairs, non-characters.
_FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
# The one style of a text in which a character may be written that does not stand in the file.
_MAY_ESCAPE = '"'


class _GiveUpError(Exception):
    """The rest of the file is not worth reading; why is reported."""


class _Frame(NamedTuple):
    """A list or mapping that is not closed yet; a mapping gathers keys and values in turn."""

    mapped: bool
    place: Place
    nodes: list[Node]


def parse(file: str, text: str, findings: Findings) -> Node | None:
    """Return the tree of a file, or None when it has none; every fault is reported."""
    return _Parse(file, findings, text.removeprefix("\ufeff")).tree()


@dataclass(slots=True)
class _Parse:
    file: str
    findings: Findings
    text: str
    named: set[str] = field(default_factory=set[str])

    def tree(self) -> Node | None:
        text = self.text
        bad = _FORBIDDEN.search(text)
        if bad is not None:
            self._report_character(text, bad.start())
            return None
        try:
            return self._tree(text)
        except yaml.MarkedYAMLError as error:
            fault = explain(error, text)
            self._report(fault.code, fault.message, fault.help, self._place(fault.mark))
        except yaml.YAMLError as error:
            message = f"this is not YAML: {error}".replace("\n", " ")
            self._report(Code.BROKEN, message, "", Place(self.file, 1, 1))
        except _GiveUpError:
            pass
        return None

    def _tree(self, text: str) -> Node | None:
        frames = [_Frame(mapped=False, place=Place(self.file, 1, 1), nodes=[])]
        nodes = frames[0].nodes
        # Asked for one by one: a large model has half a million events, most of them texts.
        next_event: Callable[[], yaml.Event] = _LOADER(text).get_event
        while not isinstance(event := next_event(), yaml.StreamEndEvent):
            if type(event) is ScalarEvent:
                nodes.append(self._scalar(event))
            elif isinstance(event, CollectionEndEvent):
                closed = self._close(frames.pop())
                nodes = frames[-1].nodes
                nodes.append(closed)
            elif isinstance(event, CollectionStartEvent):
                frames.append(self._opened(event, len(frames)))
                nodes = frames[-1].nodes
            elif isinstance(event, yaml.AliasEvent):
                nodes.append(self._refused(event))
            elif isinstance(event, yaml.DocumentStartEvent) and nodes:
                message = "a second document begins here, expected one in a file"
                place = self._place(event.start_mark)
                self._report(Code.SEVERAL_DOCUMENTS, message, "Remove the line `---`.", place)
                break
        return nodes[0] if nodes else None

    def _scalar(self, event: ScalarEvent) -> Node:
        text, style, mark = event.value, event.style, event.start_mark
        assert mark is not None
        place = made(Place, (self.file, mark.line + 1, mark.column + 1))
        if event.anchor is not None or event.tag is not None:
            self._refuse_properties(event, place)
        if style or " " in text or "\n" in text or not text.isascii():
            place = self._written(event, place)
            text = unicodedata.normalize("NFC", text)
        if style == _MAY_ESCAPE and (bad := _FORBIDDEN.search(text)):
            self._report_unfit(bad[0], place)
            return Unread(place)
        return made(Scalar, (text, not style, place))

    def _written(self, event: ScalarEvent, place: Place) -> Place:
        """Return the place of a text; it knows how the text is written, if not as it reads."""
        text, start, end = event.value, event.start_mark, event.end_mark
        assert start is not None
        assert end is not None
        as_it_is = start.line == end.line and unicodedata.is_normalized("NFC", text)
        if as_it_is and not event.style:
            return place
        # Such a text has no escapes.
        if as_it_is and end.index - start.index == len(text) + 2 and not text[:1].isspace():
            return Written.of(place, "", '"')
        return Written.of(place, text, self.text[start.index : end.index])

    def _opened(self, event: CollectionStartEvent, depth: int) -> _Frame:
        place = self._place(event.start_mark)
        if event.anchor is not None or event.tag is not None:
            self._refuse_properties(event, place)
        if depth > DEPTH_MAX:
            message = f"this is nested deeper than {DEPTH_MAX} levels"
            self._report(Code.TOO_DEEP, message, "Write it flatter.", place)
            raise _GiveUpError
        return made(_Frame, (isinstance(event, yaml.MappingStartEvent), place, []))

    def _refused(self, event: yaml.AliasEvent) -> Node:
        place = self._place(event.start_mark)
        self._refuse_name("*", str(event.anchor), place)
        return Unread(place)

    def _refuse_properties(self, event: ScalarEvent | CollectionStartEvent, place: Place) -> None:
        """Report the anchor and the tag of a node, neither of which the language has."""
        if event.anchor is not None:
            self._refuse_name("&", event.anchor, place)
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            message = f"`{tag}` is a tag, and a tag is not part of the language"
            self._report(Code.TAG, message, "Remove it.", place)

    def _close(self, frame: _Frame) -> Node:
        if not frame.mapped:
            return made(Listed, (tuple(frame.nodes), frame.place))
        entries: dict[str, Entry] = {}
        whole = True
        nodes = iter(frame.nodes)
        for key, value in zip(nodes, nodes, strict=True):
            name = self._name(key, value)
            if name is None:
                whole = False
            elif name in entries:
                self._report_twice(name, key.place, entries[name].place)
            else:
                entries[name] = made(Entry, (name, key.place, value))
        return made(Mapped, (tuple(entries.values()), frame.place, whole))

    def _name(self, key: Node, value: Node) -> str | None:
        """Return the name of an entry; None, when its key can be none, which is reported."""
        name = key.text.strip() if type(key) is Scalar else ""
        if name and name != "<<" and len(name) <= KEY_LENGTH_MAX:
            return name
        if not name:
            if not isinstance(key, Unread):
                message = f"a key is {found(key)}, expected text"
                help_text = "Write a name before the colon."
                self._report(Code.KEY_NOT_TEXT, message, help_text, key.place)
        elif name == "<<":
            message = "`<<` merges an alias, and an alias is not part of the language"
            if not isinstance(value, Unread):
                self._report(Code.ALIAS, message, "Write the properties out.", key.place)
        else:
            message = f"a key is longer than {KEY_LENGTH_MAX} characters"
            self._report(Code.KEY_NOT_TEXT, message, "Write a shorter name.", key.place)
        return None

    def _report_twice(self, name: str, place: Place, first: Place) -> None:
        message = f"`{name}` stands twice in this mapping; first on line {first.line}"
        self._report(Code.KEY_TWICE, message, "Keep one of them.", place)

    def _refuse_name(self, sign: str, name: str, place: Place) -> None:
        if name not in self.named:
            self.named.add(name)
            kind = "anchor" if sign == "&" else "alias"
            message = f"`{sign}{name}` is an {kind}, and an alias is not part of the language"
            self._report(Code.ALIAS, message, "Write the value out.", place)

    def _report_character(self, text: str, index: int) -> None:
        line = text.count("\n", 0, index) + 1
        column = index - text.rfind("\n", 0, index)
        self._report_unfit(text[index], Place(self.file, line, column))

    def _report_unfit(self, character: str, place: Place) -> None:
        message = f"the character U+{ord(character):04X} may not stand in a model"
        self._report(Code.CHARACTER, message, "Remove it.", place)

    def _report(self, code: str, message: str, help_text: str, place: Place) -> None:
        self.findings.report(Diagnostic(code, self.file, message, help_text, place))

    def _place(self, mark: Mark | None) -> Place:
        assert mark is not None
        return made(Place, (self.file, mark.line + 1, mark.column + 1))
