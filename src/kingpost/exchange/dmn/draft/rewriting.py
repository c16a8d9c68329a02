"""Names within expressions become ids, by their places in the typed tree.

What was rewritten is read again where it will stand, and must be the same tree: a name that means
something else there, or is taken apart there, is found in this way.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import TypeAlias, cast

from kingpost.exchange.dmn.draft.kinds import Renamed, new_names, surely
from kingpost.expressions import (
    ContextType,
    FunctionType,
    ListType,
    NullType,
    NumberType,
    Type,
)
from kingpost.expressions.tree import (
    Binder,
    Broken,
    Call,
    Compare,
    Entry,
    Filter,
    For,
    Invoke,
    Local,
    Member,
    Name,
    Node,
    Place,
    Quantified,
)
from kingpost.rules import Shape

Path: TypeAlias = tuple[str, ...]
_SPACES = re.compile(r"\s+")
# Functions to which it is the same what the members of a group are called.
_COUNTING = frozenset({"count"})


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What names are called in the language.

    paths:      for a name that is given, or one of an import, what is written in its place.
    parameters: for a function that is given, the ids of its parameters by the names they had.
    """

    paths: Mapping[Path, str] = field(default_factory=dict[Path, str])
    parameters: Mapping[Path, Mapping[str, str]] = field(
        default_factory=dict[Path, Mapping[str, str]]
    )

    def with_names(self, names: Mapping[str, str]) -> "Lexicon":
        """Return the lexicon within a part that knows more names."""
        inner = {(name,): id_ for name, id_ in names.items()}
        others = {path: one for path, one in self.parameters.items() if path not in inner}
        return Lexicon({**self.paths, **inner}, others)


def rewritten(text: str, tree: Node, lexicon: Lexicon) -> str:
    """Return an expression with the ids of the language in the place of names."""
    for start, end, new in sorted(_edits(text, tree, lexicon), reverse=True):
        # A hyphen beside an id would make it a longer one.
        before = " " if text[:start].endswith("-") else ""
        after = " " if text[end:].startswith("-") else ""
        text = text[:start] + before + new + after + text[end:]
    return text


def _edits(text: str, node: Node, lexicon: Lexicon) -> Iterator[tuple[int, int, str]]:
    path = _path(node)
    if path and path in lexicon.paths:
        new = lexicon.paths[path]
        found = text[node.at.start : node.at.end]
        if _SPACES.sub(" ", found) != new:
            yield node.at.start, node.at.end, new
        return
    match node:
        case Member(base=base, name=name):
            id_ = _ids(base.type).get(name, name)
            if id_ != name:
                yield (*_place_of_member(text, node), id_)
        case Invoke(function=function, names=names) if names:
            yield from _named_arguments(text, node, lexicon.parameters.get(_path(function), {}))
        case _:
            pass
    for child in children(node):
        yield from _edits(text, child, lexicon)


def _place_of_member(text: str, node: Member) -> tuple[int, int]:
    """Return where the name of a member stands: behind the owner, or alone within a filter."""
    shape = re.compile(r"\s+".join(map(re.escape, node.name.split())))
    alone = node.base.at.end >= node.at.end
    begin = node.at.start if alone else node.base.at.end
    found = shape.search(text, begin, node.at.end)
    return found.span() if found else (node.at.end, node.at.end)


def _named_arguments(
    text: str, node: Invoke, ids: Mapping[str, str]
) -> Iterator[tuple[int, int, str]]:
    begin = node.function.at.end
    for name, argument in zip(node.names, node.arguments, strict=True):
        shape = re.compile(r"\s+".join(map(re.escape, name.split())) + r"\s*:")
        found = shape.search(text, begin, argument.at.start)
        if found and ids.get(name, name) != name:
            yield found.start(), found.end(), f"{ids[name]}:"
        begin = argument.at.end


def children(node: Node) -> Iterator[Node]:
    """Yield the parts of a node."""
    for one in fields(node):
        yield from _nodes(getattr(node, one.name))


def _nodes(value: object) -> Iterator[Node]:
    match value:
        case tuple():
            for item in cast("tuple[object, ...]", value):
                yield from _nodes(item)
        case Binder(source=source, end=end):
            yield source
            if end is not None:
                yield end
        case Entry(value=inner):
            yield inner
        case _ if _is_node(value):
            yield cast("Node", value)
        case _:
            return


def _is_node(value: object) -> bool:
    return hasattr(value, "at") and isinstance(getattr(value, "at", None), Place)


def _path(node: Node) -> Path:
    """Return the names of a node that only names a given value, outermost first."""
    match node:
        case Name(name=name):
            return (name,)
        case Member(base=base, name=name):
            owner = _path(base)
            return (*owner, name) if owner else ()
        case _:
            return ()


def _ids(kind: Type) -> Mapping[str, str]:
    inner = kind.of if isinstance(kind, ListType) else kind
    if isinstance(inner, ContextType) and isinstance(inner.members, Renamed):
        return inner.members.ids
    return {}


# --- is it the same? -----------------------------------------------------------------------------


def same(old: Node, new: Node, lexicon: Lexicon) -> bool:
    """Tell whether a rewritten expression says what it said, in other names."""
    path = _path(old)
    if path and path in lexicon.paths:
        return ".".join(_path(new)) == lexicon.paths[path]
    if type(old) is not type(new) or isinstance(old, Broken):
        return False
    if isinstance(old, Member):
        new = cast("Member", new)
        id_ = _ids(old.base.type).get(old.name, old.name)
        return new.name == id_ and same(old.base, new.base, lexicon)
    if isinstance(old, Invoke):
        ids = lexicon.parameters.get(_path(old.function), {})
        if tuple(ids.get(name, name) for name in old.names) != cast("Invoke", new).names:
            return False
    skipped = {"at", "type", *({"names"} if isinstance(old, Invoke) else ())}
    skipped |= {"origin"} if isinstance(old, Local) else set()
    return all(
        _same_part(getattr(old, one.name), getattr(new, one.name), lexicon)
        for one in fields(old)
        if one.name not in skipped
    )


def _same_part(old: object, new: object, lexicon: Lexicon) -> bool:
    if _is_node(old) and _is_node(new):
        return same(cast("Node", old), cast("Node", new), lexicon)
    if type(old) is not type(new):
        return False
    match old:
        case tuple():
            pairs = (cast("tuple[object, ...]", old), cast("tuple[object, ...]", new))
            return len(pairs[0]) == len(pairs[1]) and all(
                _same_part(a, b, lexicon) for a, b in zip(*pairs, strict=True)
            )
        case Binder() | Entry():
            return all(
                _same_part(getattr(old, one.name), getattr(new, one.name), lexicon)
                for one in fields(old)
            )
        case _:
            return old == new


# --- may the names change? -----------------------------------------------------------------------


def reads_names(node: Node) -> bool:
    """Tell whether an expression reads what the members of a group are called.

    A group whose members get other names may be named, walked and asked for its members. It may
    not be compared, turned into text, or given to a function that looks at the names.
    """
    if any(_is_renamed(child.type) and not _may(node, child) for child in children(node)):
        return True
    return any(map(reads_names, children(node)))


def _may(node: Node, child: Node) -> bool:
    match node:
        case Member() | For() | Quantified():
            return True
        case Call(name=name):
            return name in _COUNTING
        case Compare(left=left, right=right):
            return isinstance((right if child is left else left).type, NullType)
        case Filter(base=base):
            return child is base and _is_renamed(node.type)
        case _:
            return _is_renamed(node.type) and not isinstance(node, Invoke)


def _is_renamed(kind: Type) -> bool:
    return next(new_names(kind), None) is not None


# --- is what functions are given of the right types? ---------------------------------------------


def loose_arguments(node: Node, lexicon: Lexicon) -> Iterator[str]:
    """Yield the functions that are called with what may not be of the type of a parameter."""
    if isinstance(node, Invoke) and isinstance(node.function.type, FunctionType):
        path = _path(node.function)
        kinds = node.function.type.parameters
        ids = lexicon.parameters.get(path, {})
        if node.names:
            by_name = dict(zip(ids, kinds, strict=False))
            kinds = tuple(by_name.get(name, NumberType()) for name in node.names)
        pairs = zip(node.arguments, kinds, strict=False)
        if ids and not all(surely(argument, Shape(kind)) for argument, kind in pairs):
            yield ".".join(path)
    for child in children(node):
        yield from loose_arguments(child, lexicon)
