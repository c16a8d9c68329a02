"""How wide text is, and where it breaks: on the wide side, so that no font in use cuts it."""

_NARROW = frozenset("iljtfrI.,:;'|!()[]/ -`")
_WIDE = frozenset("mwMWG@%&OQDNHUÆŒ—…→")

# From here on letters are as wide as they are high: Chinese, Japanese, Korean, pictures.
_LAST_NARROW_SCRIPT = "\u2e7f"


def width_of(text: str, size: float) -> float:
    """Return how wide a line of text is at most, for letters of `size` pixels."""
    return size * sum(_share(letter) for letter in text)


def _share(letter: str) -> float:
    if letter in _NARROW:
        return 0.4
    if letter in _WIDE or letter > _LAST_NARROW_SCRIPT:
        return 1.0
    return 0.74 if letter.isupper() else 0.64


def wrapped(text: str, size: float, width: float) -> tuple[str, ...]:
    """Break a text into lines no wider than `width`; a longer word is broken where it must be."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width_of(longer, size) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _broken(word, size, width)
        lines += full
    return (*lines, line) if line else tuple(lines)


def _broken(word: str, size: float, width: float) -> list[str]:
    """Return the pieces of a word, each at most `width` wide, broken after hyphens if possible."""
    pieces = [""]
    for letter in word:
        if width_of(pieces[-1] + letter, size) > width and pieces[-1]:
            head, hyphen, tail = pieces[-1].rpartition("-")
            pieces[-1] = head + hyphen if head else pieces[-1]
            pieces.append(tail if head else "")
        pieces[-1] += letter
    return pieces
