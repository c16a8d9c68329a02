"""XML as a tree with places, and what is refused of it."""

import pytest

from kingpost.exchange.files.faults import UnreadableError
from kingpost.exchange.xml_tree import DEPTH_MAX, ELEMENTS_MAX, SIZE_BYTES_MAX, read_xml

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE bomb [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<bomb>&b;</bomb>"""
OUTSIDE = b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'


def test_elements_know_their_names_texts_and_places() -> None:
    text = """<d:model xmlns:d="urn:d" xmlns:x="urn:x">
  <d:one x:kind="é" plain="1">ü</d:one>
<two/></d:model>"""

    root = read_xml(text.encode(), "a.xml")

    one, two = root.children
    assert (root.namespace, root.name, root.line, root.column) == ("urn:d", "model", 1, 1)
    assert (one.name, one.text, one.line, one.column) == ("one", "ü", 2, 3)
    assert one.attributes == {"{urn:x}kind": "é", "plain": "1"}
    assert one.prefixes == {"d": "urn:d", "x": "urn:x"}
    assert (two.namespace, two.line) == ("", 3)
    assert [element.name for element in root.walk()] == ["model", "one", "two"]
    assert root.first("two") is two
    assert root.first("three") is None


def test_a_namespace_that_is_declared_inside_is_known_inside_only() -> None:
    root = read_xml(b'<a><b xmlns="urn:b"><c/></b><d/></a>', "a.xml")

    b, d = root.children
    assert b.children[0].namespace == "urn:b"
    assert d.prefixes == {}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "a.xml:1:1: the file is not XML: no element found. Export it again."),
        (b"<a>\n<b></a>", "a.xml:2:6: the file is not XML: mismatched tag. Export it again."),
        (b"<a>&lol;</a>", "a.xml:1:4: the file is not XML: undefined entity. Export it again."),
        (BOMB, "a.xml:2:16: the file declares a document type. Remove it from the file."),
        (OUTSIDE, "a.xml:1:40: the file declares a document type. Remove it from the file."),
        (
            b'<?xml version="1.0" encoding="no-such"?><a/>',
            "a.xml:1:1: the file is written in an encoding that is not known. Save it as UTF-8.",
        ),
        (
            b"<a>" * (DEPTH_MAX + 1),
            "a.xml:1:193: elements are nested deeper than 64 levels. Make it flatter.",
        ),
        (
            b"<a>" + b"<b/>" * ELEMENTS_MAX + b"</a>",
            "a.xml:1:800000: the file has more than 200000 elements. Split it into smaller files.",
        ),
        (
            b" " * (SIZE_BYTES_MAX + 1),
            (
                "a.xml:1:1: the file has 10000001 bytes, and at most 10000000 are read."
                " Split it into smaller files."
            ),
        ),
    ],
)
def test_what_is_no_plain_xml_is_refused_at_its_place(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_xml(content, "a.xml")

    assert str(caught.value) == words
