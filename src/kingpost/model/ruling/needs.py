"""Which rules a rule needs: those whose names stand in its expressions, and those around them.

Source: OMG DMN 1.5, clause 6, requirements of decisions.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import lru_cache

from kingpost.expressions import AnyType, Compiled, compile_leniently
from kingpost.expressions.functions.registry import BUILTINS
from kingpost.model.model import Model
from kingpost.model.rules import Rule

_TEXT = re.compile(r"""(["'])(?:(?!\1)[^\\]|\\.)*\1""", re.DOTALL)
# Where a name may have a meaning of its own, or be a word of a function's: `years` is not read by
# `years and months duration(a, b)`.
_UNSURE = re.compile(r"[{]|\b(?:for|some|every|function)\b|[a-z] +[a-z]|[.]\s")
# Words of the language that stand between names; a few names of functions hold one as well.
_BETWEEN = re.compile(r"(?<![a-z0-9-])(?:if|then|else|and|or|in|between|not)(?![a-z0-9-])")
_LONG = re.compile("|".join(re.escape(name) for name in sorted(BUILTINS) if " " in name))
_NAME = re.compile(r"(?<![a-z0-9.])(?<![a-z0-9]-)[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def needs_of(model: Model) -> Mapping[str, tuple[str, ...]]:
    """Return for each rule those that it needs itself, in the order of their names."""
    return {name: _needs(model, rule) for name, rule in model.rules.items()}


def in_order(needs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return rules so that each stands behind what it needs; a circle is broken somewhere."""
    found: dict[str, None] = {}
    for start in needs:
        waiting = [(start, False)]
        open_: set[str] = set()
        while waiting:
            name, is_done = waiting.pop()
            if is_done:
                found.setdefault(name)
            elif name not in found and name not in open_:
                open_.add(name)
                waiting.append((name, True))
                waiting.extend((each, False) for each in reversed(needs[name]))
    return tuple(found)


def circles(needs: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield the circles among rules, each once and from its first rule on."""
    told: set[str] = set()
    for start in needs:
        circle = _circle(needs, start) if start not in told else ()
        if circle:
            told.update(circle)
            yield circle


def closure(needs: Mapping[str, tuple[str, ...]], name: str) -> frozenset[str]:
    """Return every rule that a rule needs, near or far."""
    found: set[str] = set()
    waiting = list(needs[name])
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(needs[one])
    return frozenset(found)


def with_needs(model: Model, name: str) -> dict[str, Rule]:
    """Return a rule with all that it needs, near or far, and looks at no other."""
    found: dict[str, Rule] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in found and one in model.rules:
            found[one] = model.rules[one]
            waiting.extend(_needs(model, found[one]))
    return found


def expressions_of(rule: Rule) -> Iterator[str]:
    """Yield every text of a rule that is FEEL."""
    for one in rule.inputs:
        yield one.expression
    for row in rule.rows:
        yield from rule.tests_of(row)
        yield from rule.answers_of(row)
    for output in rule.outputs:
        if output.default is not None:
            yield output.default
    for entry in rule.entries:
        yield entry.expression
    if rule.value is not None:
        yield rule.value


def names_in(texts: Iterable[str]) -> frozenset[str]:
    """Return every name that expressions may mention; names that follow a point are left out."""
    return frozenset[str]().union(*map(_names_in, texts))


def names_read(texts: Iterable[str], *known: Container[str]) -> frozenset[str]:
    """Return which of the known names expressions read; one that is local to it is not read."""
    found: set[str] = set()
    for text in set(texts):
        named = None if _is_unsure(text) else _named(text, known)
        if named is None:
            named = _names_read(text, _known(_names_in(text), known))
        found |= named
    return frozenset(found)


def _named(text: str, known: tuple[Container[str], ...]) -> frozenset[str] | None:
    """Return the known names that stand in a text; None where its hyphens may be signs."""
    found: set[str] = set()
    for word in _words_in(text):
        # A name is read as long as it may be: `band` is not read by `risk-band`, if that is known.
        if any(word in one for one in known):
            found.add(word)
        else:
            inside = _known(_parts_of(word), known)
            if inside and "-" in word:
                return None
            found |= inside
    return frozenset(found)


def _known(names: frozenset[str], known: Iterable[Container[str]]) -> frozenset[str]:
    return frozenset(name for one in known for name in filter(one.__contains__, names))


@lru_cache(maxsize=100_000)
def _is_unsure(text: str) -> bool:
    written = text if _LONG.search(text) else _BETWEEN.sub(",", text)
    return _UNSURE.search(written) is not None


@lru_cache(maxsize=100_000)
def _names_read(text: str, named: frozenset[str]) -> frozenset[str]:
    if not named:
        return named
    found = compile_leniently(text, dict.fromkeys(named, AnyType()))
    if not isinstance(found, Compiled):
        return named
    return named & {path.partition(".")[0] for path in found.reads}


@lru_cache(maxsize=100_000)
def _names_in(text: str) -> frozenset[str]:
    return frozenset[str]().union(*map(_parts_of, _words_in(text)))


@lru_cache(maxsize=100_000)
def _words_in(text: str) -> frozenset[str]:
    return frozenset(_NAME.findall(_TEXT.sub(" ", text)))


@lru_cache(maxsize=100_000)
def _parts_of(word: str) -> frozenset[str]:
    """Return the names that a word may be or hold: `a-b` may be `b` taken from `a`."""
    words = word.split("-")
    ends = range(1, len(words) + 1)
    return frozenset("-".join(words[start:end]) for end in ends for start in range(end))


def _needs(model: Model, rule: Rule) -> tuple[str, ...]:
    if rule.answers:
        return tuple(sorted({*rule.answers, *rule.given} & model.rules.keys()))
    # A name that has another meaning here is that.
    own = {one.id for one in (*rule.parameters, *rule.entries)}
    named = names_read(expressions_of(rule), model.rules, model.objects, own) - own
    return tuple(sorted(named - _known(named, (model.objects, BUILTINS))))


def _circle(needs: Mapping[str, tuple[str, ...]], start: str) -> tuple[str, ...]:
    """Return the shortest way from a rule back to itself, or nothing."""
    ways: dict[str, tuple[str, ...]] = {}
    waiting: list[tuple[str, tuple[str, ...]]] = [(start, (start,))]
    while waiting:
        name, way = waiting.pop(0)
        for each in needs[name]:
            if each == start:
                return way
            if each not in ways:
                ways[each] = (*way, each)
                waiting.append((each, ways[each]))
    return ()
