"""DMN files written: what is read again is the same, and what has no form is told."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from kingpost.exchange.dmn.drawing import Bounds
from kingpost.exchange.dmn.reading import read_dmn
from kingpost.exchange.dmn.versions import NAMESPACES, Version
from kingpost.exchange.dmn.writing import write_dmn
from kingpost.rules.definitions import Decision, Definitions
from kingpost.rules.logic import Head, Text
from tests.conformance.kit import KIT, files
from tests.exchange.dmn.files import BODY, NEWER, dmn

WRITTEN = [version for version in Version if version >= Version.V1_2]


def definitions(body: str) -> Definitions:
    return read_dmn(dmn(body), "loans.dmn").definitions


@pytest.mark.parametrize("version", WRITTEN)
def test_what_is_written_reads_back_as_the_same(version: Version) -> None:
    given = definitions(BODY)

    written = write_dmn(given, version)
    document = read_dmn(written.text.encode(), "again.dmn")

    assert written.remarks == ()
    assert (document.version, document.remarks) == (version, ())
    assert document.definitions == given
    assert write_dmn(document.definitions, version, document.drawing).text == written.text


def test_signs_and_spaces_come_through() -> None:
    text = '\n  "a" &  <b>\t\u2028\r\n// "quoted" \U0001f600'
    name = 'A "name" & <sign>'
    given = Definitions(name, "urn:x", elements=(Decision(name, Text(text), head=Head(id="d")),))

    found = read_dmn(write_dmn(given).text.encode(), "again.dmn").definitions

    assert found == given


def test_signs_that_xml_does_not_know_are_replaced() -> None:
    given = Definitions("a", "urn:x", elements=(Decision("d", Text("1\x00\ud800")),))

    found = read_dmn(write_dmn(given).text.encode(), "again.dmn").definitions

    assert found.elements == (Decision("d", Text("1\ufffd\ufffd")),)


def test_newer_boxes_are_written_from_the_version_that_knows_them() -> None:
    given = definitions(NEWER)

    assert read_dmn(write_dmn(given, Version.V1_5).text.encode(), "a").definitions == given
    assert write_dmn(given, Version.V1_5).remarks == ()


def test_older_files_get_newer_boxes_as_text_or_are_told_that_they_cannot() -> None:
    written = write_dmn(definitions(NEWER), Version.V1_2)

    assert [f"{one.verdict} {one.kind} {one.name}: {one.why}" for one in written.remarks] == [
        (
            "refused typeConstraint tFew: "
            "constraints of a whole value came with DMN 1.5, and 1.2 has none"
        ),
        "refused functionItem tRule: types of functions came with DMN 1.3, and 1.2 has none",
        (
            "approximated conditional : "
            "boxes of this kind came with DMN 1.4, so it is written as text for 1.2"
        ),
        (
            "refused filter : "
            "boxes of this kind came with DMN 1.4, and it holds boxes, so 1.2 has none"
        ),
        "approximated for : boxes of this kind came with DMN 1.4, so it is written as text for 1.2",
        (
            "approximated some : "
            "boxes of this kind came with DMN 1.4, so it is written as text for 1.2"
        ),
    ]
    assert "<text>for n in ([1..3]\n) return (n * n\n)</text>" in written.text


def test_a_picture_is_kept_when_it_is_whole_and_drawn_anew_when_not() -> None:
    given = read_dmn(write_dmn(definitions(BODY)).text.encode(), "a.dmn")
    moved = {name: Bounds(one.x + 7, one.y, 50, 20) for name, one in given.drawing.shapes.items()}
    drawn = replace(given.drawing, shapes=moved)
    part = replace(drawn, shapes={"limit": moved["limit"]})

    kept = read_dmn(write_dmn(given.definitions, drawing=drawn).text.encode(), "b.dmn")
    anew = read_dmn(write_dmn(given.definitions, drawing=part).text.encode(), "c.dmn")

    assert kept.drawing.shapes == moved
    assert anew.drawing == given.drawing


def test_what_is_needed_stands_below_what_needs_it_and_nothing_overlaps() -> None:
    drawing = read_dmn(write_dmn(definitions(BODY)).text.encode(), "a.dmn").drawing
    shapes = drawing.shapes

    assert set(shapes) == {"applicant", "law", "years", "limit", "all", "lending"}
    assert shapes["applicant"].y > shapes["limit"].y > shapes["all"].y
    assert len({(one.x, one.y) for one in shapes.values()}) == len(shapes)
    assert set(drawing.edges) == {"r1", "r2", "r3"}
    assert all(len(points) == 2 for points in drawing.edges.values())


def test_every_part_of_the_picture_names_a_part_of_the_model() -> None:
    root = ET.fromstring(write_dmn(definitions(BODY)).text)
    names = NAMESPACES[Version.V1_5]
    identities = {one.attrib["id"] for one in root.iter() if "id" in one.attrib}

    drawn = [one for one in root.iter() if "dmnElementRef" in one.attrib]

    assert {one.tag for one in drawn} == {
        f"{{{names.diagram}}}DMNShape",
        f"{{{names.diagram}}}DMNEdge",
    }
    assert {one.attrib["dmnElementRef"] for one in drawn} <= identities


@pytest.mark.skipif(not KIT.exists(), reason="the conformance kit is not beside us")
def test_every_model_of_the_conformance_kit_comes_through_writing_unchanged() -> None:
    for path, content in files().items():
        if path.endswith(".dmn"):
            given = read_dmn(content, path)

            written = write_dmn(given.definitions, drawing=given.drawing)

            found = read_dmn(written.text.encode(), path)
            assert written.remarks == (), path
            assert found.definitions == given.definitions, path
