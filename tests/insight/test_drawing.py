"""Pictures of a model: every part can be drawn, words fit their boxes, nothing becomes markup."""

import re
from importlib.resources import files
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from kingpost.insight.drawing.letters import width_of, wrapped
from kingpost.insight.drawing.lifecycle import lifecycle_picture
from kingpost.insight.drawing.palette import TOKENS, declarations, hexadecimal
from kingpost.insight.drawing.picture import NOTE, PADDING, TITLE, Figure, Picture
from kingpost.insight.drawing.pictures import WHOLES, part_picture, whole_picture
from kingpost.insight.drawing.process import process_picture
from kingpost.insight.drawing.svg import inline, standalone
from kingpost.insight.drawing.trees import forest, place_forest
from kingpost.model.model import Model
from kingpost.model.parts.links import links_of
from tests.checks.words import SOUND, edited, read

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "<script>alert(\\\"x\\\")</script> & 'so' ]]>"


def pictures(model: Model) -> dict[str, Picture]:
    """Return every picture that can be drawn of a model."""
    links = links_of(model)
    drawn = {name: whole_picture(model, name) for name in WHOLES}
    drawn |= {part: part_picture(model, links, part) for part in links.parts}
    return drawn | {
        f"{name} tall": process_picture(item, "tall") for name, item in model.workflows.items()
    }


DRAWN = pictures(read(SOUND))


def clash(first: Figure, second: Figure) -> bool:
    if "bar" in {first.shape, second.shape}:
        return False
    return (
        first.x < second.x + second.width
        and second.x < first.x + first.width
        and first.y < second.y + second.height
        and second.y < first.y + first.height
    )


@pytest.mark.parametrize("name", DRAWN)
def test_every_part_is_drawn_within_its_picture(name: str) -> None:
    picture = DRAWN[name]

    for figure in picture.figures:
        assert figure.x >= 0
        assert figure.y >= 0
        assert figure.x + figure.width <= picture.width
        assert figure.y + figure.height <= picture.height
    for words in picture.words:
        assert all(words.x + width_of(line, NOTE) <= picture.width for line in words.lines)
    assert not any(clash(*pair) for pair in combinations(picture.figures, 2))


@pytest.mark.parametrize("name", DRAWN)
def test_words_fit_their_boxes(name: str) -> None:
    for figure in DRAWN[name].figures:
        room = figure.width - 2 * PADDING
        assert all(width_of(line, TITLE) <= room for line in figure.lines)
        assert all(width_of(line, NOTE) <= room for line in figure.notes)


def test_a_picture_says_what_it_is_to_those_who_do_not_see_it() -> None:
    root = ET.fromstring(standalone(DRAWN["object/claim"]))

    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Lifecycle of Claim"
    assert root.findtext(f"{SVG}desc") == (
        "Moves: New to Open; Open to Held; Open to Paid; Open to Denied; Held to Open."
    )


def test_a_picture_alone_has_its_colours_in_light_and_in_dark() -> None:
    text = standalone(DRAWN["object/claim"])

    assert hexadecimal("text", "light") in text
    dark = text[text.index("prefers-color-scheme: dark") :]
    assert hexadecimal("text", "dark") in dark
    assert "var(" not in text
    assert "http://www.w3.org/2000/svg" in text
    assert re.findall(r"https?://", text) == ["http://"]


def test_a_title_is_never_markup() -> None:
    thing = "objects:\n  claim:\n    title: "
    model = read(
        edited({f"{thing}Claim": f'{thing}"{NASTY}"', "task: Examine\n": f'task: "{NASTY}"\n'})
    )

    for picture in pictures(model).values():
        for text in (standalone(picture), inline(picture, "it", lambda part: f"{part}?a&b")):
            root = ET.fromstring(text)
            assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
                "svg", "title", "desc", "style", "defs", "marker", "path", "rect", "g", "a", "text",
            }  # fmt: skip


def test_the_same_model_gives_the_same_bytes() -> None:
    assert {name: standalone(picture) for name, picture in DRAWN.items()} == {
        name: standalone(picture) for name, picture in pictures(read(SOUND)).items()
    }


def test_in_a_page_a_box_leads_to_what_it_stands_for() -> None:
    picture = DRAWN["workflow/claim"]

    text = inline(picture, "map", lambda part: f"#{part}" if part.endswith("/judge") else "")

    assert text.count("<a ") == 1
    assert '<a class="box decision" href="#workflow/claim/step/judge"' in text
    assert "<style>" not in text


def test_states_that_stand_alike_share_a_box() -> None:
    held, move = "      held:   {title: Held}\n", "      - held -> open\n"
    model = read(
        edited(
            {
                held: f"{held}      asked: {{title: Asked}}\n",
                move: f"{move}      - asked -> open\n      - open -> asked\n",
            }
        )
    )

    boxes = [figure.lines for figure in lifecycle_picture(model.objects["claim"]).figures]

    assert ("Held", "Asked") in boxes
    assert ("Paid", "Denied") in boxes


def test_a_circle_of_superiors_is_drawn_all_the_same() -> None:
    box = Figure("plain", 0, 0, 50, 20)
    above = {"a": "b", "b": "a", "c": "c", "d": "gone"}

    trees = forest(("a", "b", "c", "d"), above, dict.fromkeys("abcd", box))

    assert len(place_forest(trees).figures) == 4


def test_long_words_break_where_they_must() -> None:
    assert wrapped("one two", 10, 40) == ("one", "two")
    assert wrapped("senior-underwriter", 10, 80) == ("senior-", "underwriter")
    assert "".join(wrapped("x" * 40, 10, 80)) == "x" * 40
    assert wrapped("", 10, 80) == ()


def test_pages_and_pictures_have_the_same_colours() -> None:
    css = (files("kingpost.web") / "static" / "kingpost.css").read_text()

    lines = set(css.splitlines())
    assert [line for line in declarations().splitlines() if line not in lines] == []


def test_a_token_is_told_as_screens_want_it() -> None:
    assert hexadecimal("card", "light") == "#ffffff"
    assert all(re.fullmatch("#[0-9a-f]{6}", hexadecimal(name, "dark")) for name in TOKENS)
