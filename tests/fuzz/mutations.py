"""Small damage to a text, such as people and programs do."""

import re
from collections.abc import Callable, Sequence
from random import Random  # noqa: TID251 - the chance of a fuzz run comes back from its seed.
from typing import TypeAlias

Mutation: TypeAlias = Callable[[Random, str, Sequence[str]], str]

_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_ELEMENT = re.compile(r"<([\w:]+)\b[^>]*?(?:/>|>(?:(?!<\1\b).)*?</\1>)", re.DOTALL)
_LENGTH_MAX = 300_000
SIGNS = "\t\n\r \"'`#&*!|>%@:?-,[]{}()<>=+/\\~^$.0_\u00e9\u2028\ufeff\ud800\x00\U0001f600"


def mutated(random: Random, text: str, words: Sequence[str], times: int) -> str:
    """Return a text after some mutations. words: what is put in, beside single signs."""
    for _ in range(times):
        # A long line that is repeated again and again would fill the memory of the machine.
        text = random.choice(MUTATIONS)(random, text, words)[:_LENGTH_MAX]
    return text


def tangled(random: Random, text: str, times: int) -> str:
    """Return XML that still reads, in which attributes say what others say, and elements lack."""
    for _ in range(times):
        pattern = _ELEMENT if random.random() < 0.3 else _ATTRIBUTE
        places = list(pattern.finditer(text))
        if not places:
            continue
        # By their names first, so that what is rare is met as often as what is frequent.
        name = random.choice(sorted({one[1] for one in places}))
        place = random.choice([one for one in places if one[1] == name])
        new = ""
        if pattern is _ATTRIBUTE:
            others = [one[2] for one in places if one[1] == name or random.random() < 0.1]
            new = f'{name}="{random.choice([*others, "", "#nowhere"])}"'
        text = text[: place.start()] + new + text[place.end() :]
    return text


def _two_places(random: Random, length: int) -> tuple[int, int]:
    first = random.randint(0, length)
    return first, min(length, first + random.randint(1, 40))


def _cut(random: Random, text: str, _: Sequence[str]) -> str:
    first, last = _two_places(random, len(text))
    return text[:first] + text[last:]


def _double(random: Random, text: str, _: Sequence[str]) -> str:
    first, last = _two_places(random, len(text))
    return text[:last] + text[first:last] + text[last:]


def _put_sign(random: Random, text: str, _: Sequence[str]) -> str:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(SIGNS) + text[at:]


def _put_word(random: Random, text: str, words: Sequence[str]) -> str:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(words) + text[at:]


def _replace_word(random: Random, text: str, words: Sequence[str]) -> str:
    first = random.randint(0, len(text))
    while first < len(text) and not text[first].isalnum():
        first += 1
    last = first
    while last < len(text) and (text[last].isalnum() or text[last] in "-_"):
        last += 1
    return text[:first] + random.choice(words) + text[last:]


def _end_early(random: Random, text: str, _: Sequence[str]) -> str:
    return text[: random.randint(0, len(text))]


def _move_line(random: Random, text: str, _: Sequence[str]) -> str:
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    line = lines.pop(random.randrange(len(lines)))
    lines.insert(random.randint(0, len(lines)), line)
    return "".join(lines)


def _shift_line(random: Random, text: str, _: Sequence[str]) -> str:
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    at = random.randrange(len(lines))
    spaces = " " * random.randint(1, 4)
    lines[at] = spaces + lines[at] if random.random() < 0.5 else lines[at].removeprefix(spaces)
    return "".join(lines)


def _repeat_line(random: Random, text: str, _: Sequence[str]) -> str:
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    at = random.randrange(len(lines))
    return "".join([*lines[:at], *lines[at : at + 1] * random.randint(2, 50), *lines[at:]])


MUTATIONS: tuple[Mutation, ...] = (
    _cut,
    _double,
    _put_sign,
    _put_word,
    _replace_word,
    _end_early,
    _move_line,
    _shift_line,
    _repeat_line,
)
