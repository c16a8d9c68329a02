"""What is written reads back to the same, and looks like the house."""

import unicodedata
from textwrap import dedent
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.notation.findings import Findings
from kingpost.notation.syntax.parse import parse
from kingpost.notation.syntax.tree import Listed, Mapped, Node, Scalar
from kingpost.notation.writing import write

Tree: TypeAlias = dict[str, object]


def plain(node: Node | None) -> object:
    """Return what a tree says; a text without quotation marks may be a number or nothing."""
    match node:
        case Mapped(entries):
            return {entry.key: plain(entry.value) for entry in entries}
        case Listed(items):
            return [plain(item) for item in items]
        case Scalar(text, plain=True):
            words: dict[str, object] = {"": None, "true": True, "false": False}
            return words.get(text, int(text) if text.lstrip("-").isdecimal() else text)
        case Scalar(text):
            return text
        case _:
            raise AssertionError(node)


def read_back(text: str) -> object:
    findings = Findings()
    node = parse("written.yaml", text, findings)
    assert findings.all() == ()
    return plain(node)


LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn"))
TEXTS = st.one_of(
    st.text(st.characters(codec="ascii", exclude_categories=("Cc",), include_characters="\n\t")),
    st.text("ab \"'#:-?{}[],&*!|>%@`=<\n\\", max_size=12),
    st.from_regex(r"[-+]?[0-9:._exXeE]{1,6}|(?i:yes|no|on|off|null|true|~)", fullmatch=True),
)
KEYS = TEXTS.map(str.strip).filter(lambda key: key not in {"", "<<"})
SINGLE = st.one_of(TEXTS, st.integers(-999, 99_999), st.booleans(), st.none())
VALUES: st.SearchStrategy[object] = st.recursive(
    SINGLE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=25,
)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=5))
def test_what_is_written_reads_back(tree: Tree) -> None:
    assert read_back(write(tree)) == tree


@given(st.text(LETTERS))
def test_letters_of_every_script_read_back(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)

    assert read_back(write({"title": composed})) == {"title": composed}


def test_a_model_looks_like_the_house() -> None:
    tree: Tree = {
        "kingpost": 1,
        "company": "Meridian IT Services",
        "calendars": {"office": {"title": "Office hours", "hours": ["Mon-Fri 08:00-18:00"]}},
        "governance": [
            {"part": "rule/*", "custodian": "process-owner"},
            {"part": "obligation/*", "custodian": "head"},
        ],
        "posts": {
            "head": {"unit": "service", "vacancy": "holds"},
            "owner": {"unit": "service", "seats": 2, "vacancy": {"falls-to": "superior"}},
            "shift-lead": {
                "unit": "service-desk",
                "authority": [
                    {"decide": "incident/confirm", "outcomes": ["confirm"], "when": 'a != "high"'}
                ],
            },
        },
        "objects": {
            "incident": {
                "fields": {
                    "impact": {"type": "choice", "of": ["high", "low"], "required": True},
                    "caller": {"type": "text"},
                },
                "states": {"new": {"begin": True}, "active": None, "closed": {"end": True}},
                "moves": ["new -> active", "* -> closed"],
            }
        },
        "rules": {
            "matrix": {
                "inputs": {"impact": "incident.impact"},
                "outputs": ["priority"],
                "rows": [['"high"', '"critical"'], ['not("high")', '"low"']],
            }
        },
    }

    assert write(tree) == dedent(
        """\
        kingpost: 1
        company: Meridian IT Services

        calendars:
          office: {title: Office hours, hours: ["Mon-Fri 08:00-18:00"]}

        governance:
          - {part: "rule/*",       custodian: process-owner}
          - {part: "obligation/*", custodian: head}

        posts:
          head:  {unit: service, vacancy: holds}
          owner: {unit: service, seats: 2, vacancy: {falls-to: superior}}

          shift-lead:
            unit: service-desk
            authority:
              - {decide: incident/confirm, outcomes: [confirm], when: 'a != "high"'}

        objects:
          incident:
            fields:
              impact: {type: choice, of: [high, low], required: true}
              caller: {type: text}
            states:
              new:    {begin: true}
              active:
              closed: {end: true}
            moves: [new -> active, "* -> closed"]

        rules:
          matrix:
            inputs: {impact: incident.impact}
            outputs: [priority]
            rows:
              - ['"high"',      '"critical"']
              - ['not("high")', '"low"']
        """
    )


def test_a_long_list_is_wrapped_and_a_long_mapping_becomes_a_block() -> None:
    names = [f"number-{number}" for number in range(18)]
    first = "[" + ", ".join(names[:10]) + ","
    last = ", ".join(names[10:]) + "]"

    assert write({"a": {"b": {"records": names, "then": "done"}}}) == (
        f"a:\n  b:\n    records: {first}\n              {last}\n    then: done\n"
    )


def test_a_text_of_several_lines_stands_below_its_name() -> None:
    tree: Tree = {"a": {"about": "First line.\n\n  Second.\n", "b": "no end", "c": "x\ny"}}

    assert write(tree) == dedent(
        """\
        a:
          about: |
            First line.

              Second.
          b: no end
          c: |-
            x
            y
        """
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Mon-Fri 08:00-18:00", "Mon-Fri 08:00-18:00"),
        ("2025", '"2025"'),
        ("4.2", '"4.2"'),
        ("no", '"no"'),
        ("2016-03-25", "2016-03-25"),
        (">= 80 %", '">= 80 %"'),
        ("new -> active", "new -> active"),
        ("incident.impact = 'high'", "\"incident.impact = 'high'\""),
        ('incident.impact = "high"', "'incident.impact = \"high\"'"),
        ('it\'s "so"', "'it''s \"so\"'"),
        ("Is it right?", "Is it right?"),
        ("a: b", '"a: b"'),
        ("", '""'),
        ("tab\there", '"tab\\there"'),
    ],
)
def test_a_text_is_quoted_where_it_would_mislead(text: str, written: str) -> None:
    assert write({"title": text}) == f"title: {written}\n"


def test_what_has_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match=r"expected a text, .* got 1\.5"):
        write({"a": 1.5})
