"""Where the characters of a text stand, however it is written."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kingpost.notation.findings import Findings
from kingpost.notation.syntax.parse import parse
from kingpost.notation.syntax.tree import Listed, Mapped, Scalar
from kingpost.values.diagnostic import Place

# Texts that say `mark` behind other things; here ¶ shows where it is written.
WRITTEN = {
    "plain": "k: a + ¶mark",
    "plain over lines": "k: a\n  + ¶mark\n",
    "plain over lines with an empty one": "k: a\n\n\n  + ¶mark\n",
    "single quotation marks": "k: 'a + ¶mark'",
    "single quotation marks, one inside": "k: 'a''s + ¶mark'",
    "single quotation marks over lines": "k: 'a +\n\n  ¶mark'",
    "double quotation marks": 'k: "a + ¶mark"',
    "double quotation marks with blanks before": 'k: "  a + ¶mark"',
    "a short escape": 'k: "a\\t+ ¶mark"',
    "an escaped quotation mark": 'k: "\\"a\\" + ¶mark"',
    "an escape of two digits": 'k: "a \\x2b ¶mark"',
    "an escape of four digits": 'k: "a \\u002b ¶mark"',
    "an escape of eight digits": 'k: "a \\U0000002b ¶mark"',
    "double quotation marks over lines": 'k: "a +\n    ¶mark"',
    "an escaped end of a line": 'k: "a \\\n    + ¶mark"',
    "literal": "k: |\n  a +\n  ¶mark\n",
    "literal, further in": "k: |\n  a +\n     ¶mark\n",
    "literal, with a deeper beginning": "k: |2\n      a +\n    ¶mark\n",
    "literal, with an empty line": "k: |-\n  a +\n\n  ¶mark\n",
    "folded": "k: >\n  a +\n  ¶mark\n",
    "folded, stripped": "k: >-\n  a\n  + ¶mark\n",
    "folded, with an empty line": "k: >\n  a +\n\n  ¶mark\n",
    "folded, further in": "k: >\n  a +\n    ¶mark\n  more\n",
    "in a list in brackets": 'k: [1, "a + ¶mark"]',
    "behind letters beyond ASCII": 'k: "é ü + ¶mark"',
    "behind an accent by itself": 'k: "e\u0301 + ¶mark"',
}


def scalar(text: str) -> Scalar:
    """Return the one text in a file, or the last in its list."""
    root = parse("file.yaml", text, Findings())
    assert isinstance(root, Mapped)
    value = root.entries[0].value
    found = value.items[-1] if isinstance(value, Listed) else value
    assert isinstance(found, Scalar)
    return found


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_character_stands_where_it_is_written(text: str) -> None:
    before, after = text.split("¶")
    found = scalar(before + after)

    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert found.place.at(found.text.strip().index("mark")) == Place("file.yaml", line, column)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("k: a +", (1, 7)),
        ("k: 'a +'", (1, 8)),
        ('k: "a \\x2b"', (1, 11)),
        ("k: |\n  a +\n", (2, 6)),
        ("k: >\n  a\n  +\n", (3, 4)),
    ],
)
def test_a_text_ends_behind_its_last_character(text: str, place: tuple[int, int]) -> None:
    found = scalar(text)

    assert found.place.at(len(found.text.strip())) == Place("file.yaml", *place)


WORDS = st.lists(st.sampled_from(["ab", "c", "é", "'", '"', "\\", "\n", "\n\n", " ", "  ", "#"]))


@given(WORDS, st.sampled_from([None, "'", '"', "|", ">"]), st.integers(5, 40))
def test_what_stands_at_the_place_of_a_letter_is_that_letter(
    words: list[str], style: str | None, width: int
) -> None:
    written = yaml.dump(
        {"k": "".join(words) + "z"}, default_style=style, width=width, allow_unicode=True
    )
    found, lines = scalar(written), written.split("\n")
    text = found.text.strip()
    for offset, character in enumerate(text):
        if character.isalpha():
            _, line, column = found.place.at(offset)
            assert lines[line - 1][column - 1] == character, (written, text, offset)
