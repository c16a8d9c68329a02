"""Values packed for another process: what is frozen is put together without asking it for leave.

A model has a hundred thousand frozen values. By itself each names its members one by one when it is
packed, and sets them one by one, past its own refusal, when it is unpacked.
"""

import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from io import BytesIO
from operator import attrgetter
from typing import Any, TypeAlias

# What makes a value again, and what of.
_Reduced: TypeAlias = tuple[Callable[..., Any], tuple[Any, ...]]


def packed(value: object) -> bytes:
    """Return a value packed, for `pickle.loads`."""
    written = BytesIO()
    pickler = pickle.Pickler(written, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _WAYS
    pickler.dump(value)
    return written.getvalue()


class _Ways(dict[type, Callable[[Any], _Reduced]]):
    """How to pack the values of a class, by the class; found out when it is first met."""

    def __missing__(self, kind: Any) -> Callable[[Any], _Reduced]:  # noqa: ANN401 - a class
        if issubclass(kind, type):
            raise KeyError(kind)
        names = _names(kind)
        self[kind] = _reducing(attrgetter(*names, "__class__")) if names else _by_itself
        return self[kind]


_WAYS = _Ways()


def _reducing(parts: Callable[[object], Any]) -> Callable[[object], _Reduced]:
    return lambda value: (_made, parts(value))


def _by_itself(value: object) -> Any:  # noqa: ANN401 - as the value says
    return value.__reduce_ex__(pickle.HIGHEST_PROTOCOL)


def _made(*parts: Any) -> object:  # noqa: ANN401 - of any frozen class
    """Return a value of a frozen class. parts: its members, and behind them its class."""
    kind: type[object] = parts[-1]
    value = object.__new__(kind)
    for put, member in zip(_setters(kind), parts, strict=False):
        put(value, member)
    return value


@cache
def _setters(kind: Any) -> tuple[Callable[[Any, Any], None], ...]:  # noqa: ANN401 - as above
    return tuple(getattr(kind, name).__set__ for name in _names(kind))


def _names(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - as above
    """Return the members of a frozen class; none for any other, and where it says how to pack."""
    own = kind.__dict__
    if not is_dataclass(kind) or "__setstate__" not in own or "__reduce__" in own:
        return ()
    return tuple(member.name for member in fields(kind))
