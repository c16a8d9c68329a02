"""Files in the house style: stable, with their comments, and saying what they said."""

from pathlib import Path
from textwrap import dedent

import pytest

from kingpost.notation.formatting import Unsafe, format_text
from tests.checks.words import SOUND

EXAMPLES = sorted(
    path
    for path in (Path(__file__).parents[2] / "examples").rglob("*.yaml")
    if not path.name.startswith("mapping")
)


def formatted(text: str) -> str:
    done = format_text("model.yaml", dedent(text))
    assert isinstance(done, str), done
    assert format_text("model.yaml", done) == done
    return done


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: "/".join(path.parts[-2:]))
def test_examples_are_in_the_house_style(path: Path) -> None:
    """When one is not: `kingpost format examples/NAME`."""
    assert format_text(path.name, path.read_text()) == path.read_text()


def test_comments_stay_where_they_belong() -> None:
    text = """\
        # What this file is about.

        roles:   # who does what


          # The first.
          clerk: {title: Takes in}   # at the counter
          dispatcher:   {title: "Sends on"}
          # The last of the roles.
        posts:
          head:
              unit: desk
              # Two of them.
              seats: 2
        # The end.
        """

    assert formatted(text) == dedent(
        """\
        # What this file is about.

        roles:  # who does what
          # The first.
          clerk:      {title: Takes in}  # at the counter
          dispatcher: {title: Sends on}
          # The last of the roles.

        posts:
          head:
            unit: desk
            # Two of them.
            seats: 2
        # The end.
        """
    )


def test_sections_and_properties_come_in_the_order_of_the_language() -> None:
    text = """\
        # Of this file.
        posts:
          head: {vacancy: holds, title: Head, unit: desk}
        units:
          # Of the desk.
          desk: {calendar: office}
          back: {calendar: office}
        company: Sound
        """

    assert formatted(text) == dedent(
        """\
        # Of this file.

        company: Sound

        units:
          # Of the desk.
          desk: {calendar: office}
          back: {calendar: office}

        posts:
          head: {title: Head, unit: desk, vacancy: holds}
        """
    )


def test_quotation_marks_stay_where_they_are_needed() -> None:
    text = """\
        frameworks:
          law: {title: 'The law', edition: "2024"}
        objects:
          claim:
            title: "It's here"
            states:
              open: {always: claim.amount > 3}
              paid: {title: 'a "b"', end: true}
        """

    assert formatted(text) == dedent(
        """\
        objects:
          claim:
            title: It's here
            states:
              open: {always: "claim.amount > 3"}
              paid: {title: 'a "b"', end: true}

        frameworks:
          law: {title: The law, edition: "2024"}
        """
    )


def test_tables_are_put_in_columns_and_long_lines_are_broken() -> None:
    names = ", ".join(f"a-long-name-{number}" for number in range(12))
    rows = """    rows:\n    - ['"a"', "-"]\n    - ['"abc"', '"d"']\n"""
    text = f"rules:\n  r:\n{rows}    outputs: [{names}]\n"

    lines = formatted(text).splitlines()

    assert lines[2].startswith("    outputs: [a-long-name-0, ")
    assert lines[3].startswith("              a-long-name-")
    assert lines[4:] == ["    rows:", '      - [\'"a"\',   "-"]', "      - ['\"abc\"', '\"d\"']"]


def test_texts_of_several_lines_keep_their_lines() -> None:
    text = """\
        roles:
          clerk:
              title: |
                  First.

                    Second.
          judge: {title: Judges}
        """

    assert formatted(text) == dedent(
        """\
        roles:
          clerk:
            title: |
              First.

                Second.

          judge: {title: Judges}
        """
    )


def test_a_comment_in_brackets_makes_a_block() -> None:
    text = "roles:\n  clerk: {title: Takes in, # at the counter\n    incompatible-with: [judge]}\n"

    assert formatted(text) == (
        "roles:\n  clerk:\n    title: Takes in  # at the counter\n    incompatible-with: [judge]\n"
    )


def test_a_file_with_errors_is_left_alone_and_named() -> None:
    done = format_text("model.yaml", "roles: {a: [}")

    assert isinstance(done, Unsafe)
    assert [str(problem.place) for problem in done.problems] == ["model.yaml:1:13"]


def test_what_cannot_be_kept_is_left_alone() -> None:
    done = format_text("model.yaml", "roles:\n  a:\n    title: |2\n        x\n")

    assert isinstance(done, Unsafe)
    assert [(problem.message, problem.help) for problem in done.problems] == [
        (
            "this file cannot be formatted without a change of its meaning or its comments",
            "Format it by hand.",
        )
    ]


def test_a_sound_model_stays_sound() -> None:
    assert formatted(SOUND).count("#") == SOUND.count("#")
