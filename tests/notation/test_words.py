"""Every message, word for word; the files beside this one hold the cases."""

import re

import pytest

from kingpost.notation import CATALOGUE, read_model
from kingpost.notation.codes import Code
from tests.notation.words import COMPANY, FOLDER, Case, cases, told, words_of

FILES = sorted(path.name for path in FOLDER.glob("*.txt"))
CASES = [case for file in FILES for case in cases(file)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_text_earns_its_words(case: Case) -> None:
    assert words_of(case.text) == case.words


@pytest.mark.parametrize(
    ("text", "place", "character"),
    [
        ("posts: a\x07b", "1:9", "0007"),
        ("posts:\n  a: b\u2028c", "2:7", "2028"),
        ('posts: "\\0"', "1:8", "0000"),
        ("posts: \ud800", "1:8", "D800"),
    ],
)
def test_a_character_that_nobody_sees_is_named(text: str, place: str, character: str) -> None:
    message = f"the character U+{character} may not stand in a model"

    assert words_of(text) == f"> KP0005 {place} text.yaml\n>   {message}\n>   Remove it."


@pytest.mark.parametrize(
    ("text", "place"), [("posts:\n\tp: {}\n", "2:1"), ("posts:\n  p: a\n\tq: b\n", "3:1")]
)
def test_a_tab_is_named(text: str, place: str) -> None:
    words = ">   a tab stands here, expected spaces\n>   Indent with spaces."

    assert words_of(text) == f"> KP0006 {place} text.yaml\n{words}"


def test_nesting_has_an_end() -> None:
    words = ">   this is nested deeper than 40 levels\n>   Write it flatter."

    assert words_of("roles: " + "[" * 100_000) == f"> KP0011 1:47 text.yaml\n{words}"


def test_a_key_has_an_end() -> None:
    words = ">   a key is longer than 200 characters\n>   Write a shorter name."

    assert words_of("? " + "a" * 201 + "\n: b\n") == f"> KP0012 1:3 text.yaml\n{words}"


def test_a_model_without_files_is_no_model() -> None:
    (finding,) = read_model({}).diagnostics

    assert told(finding) == (
        "> KP0001 - model\n>   the model has no files, expected at least one\n"
        ">   Write `kingpost.yaml`, beginning with `kingpost: 1`."
    )


def test_a_file_has_a_size() -> None:
    (finding,) = read_model({"a.yaml": "#" * 2_000_001}).diagnostics

    assert told(finding) == (
        "> KP0003 1:1 a.yaml\n>   the file has 2000001 bytes, expected 2000000 at most\n"
        ">   Split it into several files."
    )


def test_a_model_has_a_size() -> None:
    (finding,) = read_model({f"{n}.yaml": "#" * 1_900_000 for n in range(11)}).diagnostics

    assert told(finding) == (
        "> KP0004 - model\n>   the files have 20900000 bytes together, expected 20000000 at most\n"
        ">   Leave out what is not part of the model."
    )


def test_an_element_in_two_files_names_both_places() -> None:
    texts = {
        "a.yaml": COMPANY + "roles: {r: {}}\n",
        "b.yaml": "company: Other\nroles:\n  q: {}\n  r: {title: R}\n",
    }

    company, role = read_model(texts).diagnostics
    assert told(company) == (
        "> KP0020 1:1 model\n>   `company` is declared twice; first at a.yaml:2:1\n"
        ">   Keep one of them."
    )
    assert told(role) == (
        "> KP0020 4:3 role/r\n>   `role/r` is declared twice; first at a.yaml:4:9\n"
        ">   Keep one of them."
    )


def test_what_a_broken_file_might_have_said_is_not_missed() -> None:
    reading = read_model(
        {"a.yaml": "company: 'Meridian\n", "b.yaml": "roles: {r: {colour: red}}\n"}
    )

    assert [finding.code for finding in reading.diagnostics] == ["KP0007", "KP0016"]


def test_too_many_problems_end_with_a_word() -> None:
    text = "roles:\n" + "".join(f"  r{n}: {{colour: red}}\n" for n in range(2000))
    findings = read_model({"a.yaml": COMPANY, "b.yaml": text}).diagnostics

    assert len(findings) == 1000
    assert told(findings[-1]) == (
        "> KP0024 1001:10 role/r999\n"
        ">   there are more than 999 problems, and the rest are not told\n"
        ">   Mend these first, and read again."
    )


def test_every_code_has_a_title_and_a_test() -> None:
    seen = {
        code for file in FILES for code in re.findall("KP[0-9]{4}", (FOLDER / file).read_text())
    }
    # Tested by name in the tests of the command line, since they are about files.
    elsewhere = {f"KP{n:04}" for n in (1, 3, 4, 5, 6, 11, 20, 24, 25, 26)}

    assert set(CATALOGUE) == set(Code) == seen | elsewhere
