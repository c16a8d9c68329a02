"""What a call sends, and which cases a step begins, from the record at that time."""

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias, cast

from kingpost.decisions.judging.work import Work
from kingpost.decisions.program import Asking
from kingpost.decisions.refusals import RefusedError
from kingpost.decisions.refusing.calls import PART_LENGTH_MAX, PathNotFitting
from kingpost.decisions.transition import Request, Wanted
from kingpost.expressions import Value
from kingpost.model.records.values import to_plain, to_value, write_duration
from kingpost.model.scope import EACH
from kingpost.model.workflow import Run
from kingpost.values.identity import identify

_BODILESS = frozenset({"GET", "DELETE"})
# What fills one part of a path: many systems take `%2F` for a slash, and go up for `..`.
_PART = re.compile(rf"(?![.]{{1,2}}$)[^/\\\x00-\x1f\x7f]{{1,{PART_LENGTH_MAX}}}")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# A member is the JSON of its value, or holds members of its own.
_Tree: TypeAlias = "dict[str, str | _Tree]"


def request_of(asking: Asking, values: Mapping[str, Any]) -> Request:
    """Return what a call sends for a record: as JSON, or in the query of a method without a body.

    values: of the case. What an expression does not answer is sent as null, or left out of a query.
    Raises: RefusedError, when a part of the path is filled by what cannot stand there.
    """
    contract, path = asking.contract, path_of(asking, values)
    if isinstance(path, PathNotFitting):
        raise RefusedError(path)
    sent = [(name, compiled.evaluate(values)) for name, compiled in asking.send]
    if contract.method not in _BODILESS:
        tree: _Tree = {}
        for name, value in sent:
            _put(tree, name.split("."), _json(value))
        return Request(contract.method, path, _object(tree) if tree else "")
    pairs = [(name, _plain(value)) for name, value in sent if value is not None]
    query = "&".join(f"{_quoted(name)}={_quoted(text)}" for name, text in pairs)
    return Request(contract.method, f"{path}?{query}" if query else path, "")


def path_of(asking: Asking, values: Mapping[str, Any]) -> str | PathNotFitting:
    """Return the path of a call for a record, or why a part of it cannot be filled."""
    parts = list[str]()
    for item, name in asking.contract.filled:
        value: Any = values[item]
        for each in name.split("."):
            value = None if value is None else value.get(each)
        text = "" if value is None else _plain(value)
        if not _PART.fullmatch(text):
            return PathNotFitting(asking.interface, name, is_empty=not text)
        parts.append(_quoted(text))
    return asking.contract.path_with(parts)


def cases_of(work: Work, step: Run, token_id: str) -> tuple[Wanted, ...]:
    """Return the cases that a step begins: one, or one for each entry of its list."""
    running, values = work.program.runnings[step.id], work.values
    entries: list[Value] = [None]
    if running.each is not None:
        listed = to_value(running.each, work.draft.fields.get(running.each.id))
        entries = listed or []
    return tuple(
        Wanted(
            identify(work.draft.at, f"{token_id}/{number}"),
            {
                name: to_plain(running.fields[name], compiled.evaluate({**values, EACH: entry}))
                for name, compiled in running.given
            },
        )
        for number, entry in enumerate(entries)
    )


def _quoted(text: str) -> str:
    """Return text as it stands in a path or a query. Source: RFC 3986, 2.1 and 2.3."""
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in text.encode())


def _put(tree: _Tree, path: list[str], text: str) -> None:
    *groups, last = path
    for name in groups:
        inner = tree.setdefault(name, {})
        assert isinstance(inner, dict), "the check lets no member be a value and a group"
        tree = inner
    tree[last] = text


def _object(tree: _Tree) -> str:
    members = (
        f"{json.dumps(name)}:{_object(value) if isinstance(value, dict) else value}"
        for name, value in tree.items()
    )
    return "{" + ",".join(members) + "}"


def _json(value: Value) -> str:
    """Return a value as JSON. Numbers keep every digit, which a float would not."""
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case list():
            return "[" + ",".join(_json(item) for item in value) + "]"
        case dict():
            members = cast("dict[str, Value]", value).items()
            return _object({name: _json(member) for name, member in members})
        case Decimal():
            return format(value, "f")
        case _:
            return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Value) -> str:
    match value:
        case str():
            return value
        case date():
            return value.isoformat()
        case timedelta():
            return write_duration(value)
        case bool() | Decimal() | list() | dict():
            return _json(value)
        case _:
            return str(value)
