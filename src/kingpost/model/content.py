"""The canonical content of a model, its version, and the way back."""

# ruff: noqa: ANN401 - what is read follows the type hints of the model's classes at run time.

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from kingpost.model import workflow
from kingpost.model.model import Model
from kingpost.model.rules import Rule
from kingpost.proof.canonical import Json, canonical, digest

FORMAT = 2
# Format 1 wrote members out that had their default; otherwise it is the same.
_FORMATS_READ = (1, 2)

_STEP_KINDS: Mapping[str, type[workflow.Step]] = types.MappingProxyType(
    {
        "task": workflow.Task,
        "decision": workflow.Decision,
        "rule": workflow.RuleStep,
        "wait": workflow.Wait,
        "parallel": workflow.Parallel,
        "mark": workflow.Mark,
        "call": workflow.Call,
        "run": workflow.Run,
        "end": workflow.End,
    }
)
_PLAIN_KINDS = frozenset({str, int, bool, type(None)})
_STEP_NAMES = {kind: name for name, kind in _STEP_KINDS.items()}


def content(model: Model) -> Json:
    """Return everything that a model means as plain values: no places, no split into files.

    A member that has its default is left out, so that a property that the language gains changes
    no version of a model that does not use it. INVARIANT: the default of a member never changes,
    for stored contents rely on it.
    """
    return {"kingpost": FORMAT, "model": plain(model)}


def version(model: Model) -> str:
    """Return the model's version: the digest of its canonical content, 64 hexadecimal digits."""
    return digest(canonical(content(model)))


def rule_version(rules: Sequence[Rule]) -> str:
    """Return the version of a rule together with the rules that it needs; its tests are no part."""
    return digest(canonical([plain(replace(rule, tests=())) for rule in rules]))


def from_content(written: Mapping[str, Any]) -> Model:
    """Return the model of some content that `content` made; it has no places.

    Raises: ValueError, when the content is of another format.
    """
    if written.get("kingpost") not in _FORMATS_READ:
        raise ValueError(
            f"expected model content of format {FORMAT}, got {written.get('kingpost')}"
        )
    return cast("Model", _read(Model, written["model"]))


def plain(value: object) -> Any:
    """Return a value of the model as a plain value: what is no part of its identity left out."""
    kind = type(value)
    if kind in _PLAIN_KINDS:
        return value
    if kind is tuple:
        return [plain(item) for item in cast("tuple[object, ...]", value)]
    kept = _kept(kind)
    if kept is not None:
        members: dict[str, Any] = {}
        for name, default in kept:
            member = getattr(value, name)
            if member is not default and member != default:
                # Most are texts, numbers and answers, which stand for themselves.
                members[name] = member if type(member) in _PLAIN_KINDS else plain(member)
        if isinstance(value, workflow.Step):
            members["kind"] = _STEP_NAMES[type(value)]
        return members
    return _other(value)


def _other(value: object) -> Any:
    match value:
        case Enum():
            return value.value
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case Mapping():
            members = cast("Mapping[str, Any]", value)
            return {key: plain(item) for key, item in members.items()}
        case _:
            return sorted(plain(item) for item in cast("frozenset[Any]", value))


def kept_members(value: object) -> Iterator[tuple[str, Any]]:
    """Yield the members that are part of a value's identity and have not their default."""
    for name, default in _kept(type(value)) or ():
        member = getattr(value, name)
        if member != default:
            yield name, member


@lru_cache(maxsize=256)
def _kept(kind: Any) -> tuple[tuple[str, Any], ...] | None:
    """Return the members of a class that are part of its identity, each with its default.

    Returns: None, for a class that is none of the model's own, such as that of numbers.
    """
    if not is_dataclass(kind):
        return None
    return tuple((member.name, _default(member)) for member in fields(kind) if member.compare)


def _default(member: Field[Any]) -> Any:
    """Return what a member is when it is not given; MISSING when it must be."""
    return member.default if member.default_factory is MISSING else member.default_factory()


@lru_cache(maxsize=256)
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, written: Any) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        inner = next(argument for argument in arguments if argument is not type(None))
        return None if written is None else _read(inner, written)
    if origin is tuple:
        if arguments[1:] == (Ellipsis,):
            return tuple(_read(arguments[0], item) for item in written)
        return tuple(_read(part, item) for part, item in zip(arguments, written, strict=True))
    if origin is frozenset:
        return frozenset(_read(arguments[0], item) for item in written)
    if origin is not None:
        return {key: _read(arguments[1], item) for key, item in written.items()}
    if is_dataclass(kind):
        return _read_members(cast("type", kind), written)
    if kind is date:
        return date.fromisoformat(written)
    return kind(written) if issubclass(kind, Enum | Decimal) else written


def _read_members(kind: type, written: Mapping[str, Any]) -> Any:
    if kind is workflow.Step:
        kind = _STEP_KINDS[written["kind"]]
    hints = _hints(kind)
    names = [member.name for member in fields(kind) if member.compare and member.name in written]
    return kind(**{name: _read(hints[name], written[name]) for name in names})
