"""The sentence for a change of the model."""

# ruff: noqa: ANN401 - what is told follows the classes of the model.

import re
from collections.abc import Mapping
from dataclasses import is_dataclass
from types import MappingProxyType
from typing import Any, cast

from kingpost.model import intent, organisation, workflow
from kingpost.model.describing.labels import label_of
from kingpost.model.describing.phrases import Phrase, joined, spoken
from kingpost.model.describing.values import property_phrases, value_phrase
from kingpost.model.parts.classes import class_of, name_of, properties_of, title_of
from kingpost.model.parts.links import kind_of
from kingpost.model.parts.references import Around
from kingpost.planning.comparing import Change
from kingpost.planning.phrasing import no_longer, now, phrase_of
from kingpost.values.span import Span

_LIMIT = re.compile(r"(?P<what>[a-z][a-z0-9.-]*) *(?P<sign><=|<|>=|>) *(?P<number>[0-9][0-9.]*)")
_LIMITS: Mapping[str, str] = MappingProxyType(
    {"<=": "up to", "<": "below", ">=": "from", ">": "above"}
)
_SECONDS: Mapping[str, int] = MappingProxyType(
    {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
)


def sentence(change: Change) -> str:
    """Return what a change says to people, without a full stop."""
    told = _predicate(change) if change.name else _coming(change)
    return f"{_subject(change)}{'' if told.startswith(',') else ' '}{told}"


def _subject(change: Change) -> str:
    part = change.here.part
    if part == "company":
        return "the company"
    if "/" not in part:
        return part
    return f"{kind_of(part).replace('-', ' ')} `{part.rpartition('/')[2]}`"


def _coming(change: Change) -> str:
    """Return how a whole part came, went or moved."""
    beside = change.beside
    if change.kind == "removed":
        return "is removed"
    if change.kind == "renamed":
        return f"was called `{change.before}`"
    if change.kind == "moved":
        assert beside is not None, "what moves has an order"
        return f"stands now {_where(*beside)}"
    called = _called(change.after)
    if beside is None:
        return f"is added{called}"
    return f"{called}{', ' if called else ''}is inserted {_where(*beside)}"


def _called(value: Any) -> str:
    """Return the sort and the title of what is new, where they say more than its id."""
    title, name = title_of(value), name_of(value) or ""
    known = title in {name, name.replace("-", " ").capitalize()}
    sort = _step_kind(class_of(value).__name__) if isinstance(value, workflow.Step) else ""
    told = " ".join(part for part in (sort, "" if known else f"“{title}”") if part)
    return f", {told}" if told else ""


def _step_kind(name: str) -> str:
    word = name.removesuffix("Step").lower()
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _where(before: str, after: str) -> str:
    if before and after:
        return f"between `{before}` and `{after}`"
    if before:
        return f"after `{before}`"
    return f"before `{after}`" if after else "alone"


def _predicate(change: Change) -> str:
    """Return what happened to a property."""
    phrase = phrase_of(class_of(change.owner), change.name)
    if change.row:
        return _row(change)
    if isinstance(change.after or change.before, organisation.Grant):
        return _authority(change)
    if change.items != ((), ()):
        return _more_and_less(change, phrase)
    if isinstance(change.before, tuple) and _same_things(change):
        return phrase.format("the same as before, in another order")
    return _instead(change, phrase)


def _same_things(change: Change) -> bool:
    """Tell whether a list holds what it held."""
    then, now_ = (cast("tuple[Any, ...]", side) for side in (change.before, change.after))
    return sorted(map(repr, then)) == sorted(map(repr, now_ or ()))


def _instead(change: Change, phrase: str) -> str:
    if "{}" not in phrase:
        return now(phrase) if change.after else no_longer(phrase)
    before, after = _told(change, change.before, "before"), _told(change, change.after, "after")
    if not before:
        return now(phrase).format(after)
    if not after:
        return no_longer(phrase).format(before)
    sooner = _sooner(change.before, change.after)
    if sooner:
        return f"is due {sooner}: {after} instead of {before.removeprefix('within ')}"
    return f"{phrase.format(after)} instead of {before.removeprefix('within ')}"


def _told(change: Change, value: Any, side: str) -> str:
    """Return a value in words, looked up in the model that it stands in; empty for none."""
    if value is None or value in ((), "", False):
        return ""
    around: Around = getattr(change.here, side)
    match change.name:
        case "kind":
            return _step_kind(value)
        case "title" | "company":
            return f"“{value}”"
        case "block":
            step, _, branch = value.partition("/")
            return f"in the branch `{branch}` of `{step}`"
        case _:
            return _value(around, change.owner, change.name, value)


def _value(around: Around, owner: Any, name: str, value: Any) -> str:
    if is_dataclass(value) and not isinstance(value, intent.Target):
        return spoken(value_phrase(value, around))
    phrases = property_phrases(around, owner, name, value)
    return spoken(joined(phrases, "; " if any(len(item) > 1 for item in phrases) else ", "))


def _more_and_less(change: Change, phrase: str) -> str:
    """Return what a list has gained and lost."""
    gone, new = change.items
    told: list[str] = []
    if new:
        told.append(now(phrase).format(_listed(change.here.after, change, new)))
    if gone:
        told.append(no_longer(phrase).format(_listed(change.here.before, change, gone)))
    return ", and ".join(told)


def _listed(around: Around, change: Change, items: tuple[Any, ...]) -> str:
    return spoken(joined(property_phrases(around, change.owner, change.name, items)))


def _row(change: Change) -> str:
    """Return what happened to one line of a list, such as a row of a table."""
    word = "line" if change.name == "governance" else label_of(class_of(change.owner), change.name)
    line = f"{word.rstrip('s')} {change.row}"
    old, new = (
        "" if value is None else _line(around, change, value)
        for around, value in (
            (change.here.before, change.before),
            (change.here.after, change.after),
        )
    )
    match change.kind:
        case "added":
            return f"has a new {line}: {new}"
        case "removed":
            return f"has lost {line}: {old}"
        case _:
            return f"has in {line} {_parts(change) or f'{new} instead of {old}'}"


def _line(around: Around, change: Change, value: Any) -> str:
    if is_dataclass(value):
        return spoken(value_phrase(value, around))
    return spoken(joined(property_phrases(around, change.owner, change.name, (value,))))


def _parts(change: Change) -> str:
    """Return the cells or properties in which two lines of a list differ."""
    before, after = change.before, change.after
    if is_dataclass(after) and class_of(before) is class_of(after):
        names = [
            name
            for name in properties_of(class_of(after))
            if getattr(before, name) != getattr(after, name)
        ]
        return ", ".join(_property(change, name) for name in names)
    if isinstance(before, tuple) and isinstance(after, tuple):
        return _cells(change.owner, cast("tuple[Any, ...]", before), cast("tuple[Any, ...]", after))
    return ""


def _property(change: Change, name: str) -> str:
    then, now_ = (
        spoken(joined(property_phrases(around, value, name))) or "nothing"
        for around, value in (
            (change.here.before, change.before),
            (change.here.after, change.after),
        )
    )
    return f"{label_of(class_of(change.after), name)} {now_} instead of {then}"


def _cells(owner: Any, before: tuple[Any, ...], after: tuple[Any, ...]) -> str:
    """Return the cells of a row that differ, with their columns where the owner names them."""
    if len(before) != len(after):
        return ""
    columns = [
        f"for `{name_of(column)}` "
        for column in (*getattr(owner, "inputs", ()), *getattr(owner, "outputs", ()))
    ]
    columns += [""] * (len(after) - len(columns))
    return ", ".join(
        f"{column}`{new}` instead of `{old}`"
        for column, old, new in zip(columns, before, after, strict=False)
        if old != new
    )


def _authority(change: Change) -> str:
    old, new = change.before, change.after
    if old is None:
        return f"may now decide {_granted(change.here.after, new)}"
    if new is None:
        return f"may no longer decide {_granted(change.here.before, old)}"
    same = (old.outcomes, old.allowance) == (new.outcomes, new.allowance)
    limits = _limits(old.when, new.when) if same else None
    if limits is None:
        told = _granted(change.here.after, new)
        return f"may decide {told} instead of {_granted(change.here.before, old)}"
    outcomes = ", ".join(f"`{name}`" for name in new.outcomes)
    return f"may decide {outcomes} in `{new.workflow}/{new.step}` {limits}"


def _granted(around: Around, grant: Any) -> str:
    phrase: Phrase = value_phrase(grant, around)
    return spoken(phrase)


def _limits(before: str | None, after: str | None) -> str | None:
    """Return how a limit moved, when two conditions differ in one number only."""
    if before is None or after is None:
        return None
    old, new = before.split(" and "), after.split(" and ")
    gone = [part for part in old if part not in new]
    come = [part for part in new if part not in old]
    if len(gone) != 1 or len(come) != 1 or len(old) != len(new):
        return None
    then, now_ = _LIMIT.fullmatch(gone[0].strip()), _LIMIT.fullmatch(come[0].strip())
    if then is None or now_ is None or then["what"] != now_["what"] or then["sign"] != now_["sign"]:
        return None
    word = _LIMITS[now_["sign"]]
    return (
        f"{word} {_grouped(now_['number'])} instead of {_grouped(then['number'])} "
        f"of `{now_['what']}`"
    )


def _grouped(number: str) -> str:
    whole, dot, rest = number.partition(".")
    return f"{int(whole):,}{dot}{rest}"


def _sooner(before: Any, after: Any) -> str:
    """Return by how much a due time moved, where that can be counted without a calendar."""
    if not isinstance(before, workflow.Due) or not isinstance(after, workflow.Due):
        return ""
    then, later = before.span, after.span
    if then is None or later is None or then.working is not later.working:
        return ""
    if then.working and then.unit != later.unit:
        return ""
    seconds = later.count * _SECONDS[later.unit] - then.count * _SECONDS[then.unit]
    unit = next(unit for unit in ("week", "day", "hour", "minute") if seconds % _SECONDS[unit] == 0)
    unit = later.unit if later.working else unit
    length = Span(abs(seconds) // _SECONDS[unit], unit, working=later.working)
    return f"{length} {'sooner' if seconds < 0 else 'later'}"
