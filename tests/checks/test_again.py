"""Checking again after an edit finds what a check of the whole finds."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.make_enterprise import texts

from kingpost.checks import Rechecking, check
from kingpost.checks.rechecking.seeing import Seen
from kingpost.notation import Memory, read_model
from tests.checks.words import SOUND

MODELS: tuple[Mapping[str, str], ...] = ({"kingpost.yaml": SOUND}, texts(1))
WORDS = sorted({word.strip("[]{},:\"'") for text in texts(1).values() for word in text.split()})


def edited(draw: st.DrawFn, files: dict[str, str]) -> None:
    """Change one line of one file, remove it, or write it twice."""
    file = draw(st.sampled_from(sorted(files)))
    lines = files[file].splitlines(keepends=True)
    at = draw(st.integers(0, len(lines) - 1))
    words = lines[at].split()
    word = draw(st.sampled_from(words)) if words else ""
    other = draw(st.sampled_from(WORDS + words))
    lines[at] = draw(
        st.sampled_from(
            (lines[at].replace(word, other, 1), "", lines[at] * 2, f"# what a day\n{lines[at]}")
        )
    )
    files[file] = "".join(lines)


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, str]]:
    """Draw a model, and the same after each of some edits, some of them taken back."""
    first = dict(draw(st.sampled_from(MODELS)))
    history = [first]
    for _ in range(draw(st.integers(1, 3))):
        files = dict(draw(st.sampled_from([history[-1], first])))
        edited(draw, files)
        history.append(files)
    return history


@pytest.mark.slow
@settings(max_examples=25)
@given(histories())
def test_checking_again_finds_the_same_as_checking_anew(history: list[dict[str, str]]) -> None:
    memory, again = Memory(), Rechecking()

    for files in history:
        anew, read_again = read_model(files), read_model(files, memory)
        assert read_again.diagnostics == anew.diagnostics
        assert read_again.model == anew.model
        if anew.model is not None and read_again.model is not None:
            assert again.check(read_again.model) == check(anew.model)
            assert again.model == anew.model


def test_an_edit_is_read_and_checked_alone() -> None:
    memory, again = Memory(), Rechecking()
    files = dict(texts(2))
    first = read_model(files, memory).model
    assert first is not None
    again.check(first)

    name = "retail-1/retail-1-loan.yaml"
    files[name] = files[name].replace("Visit the place", "Go there")
    second = read_model(files, memory).model
    assert second is not None
    again.check(second)

    assert again.model is not None
    assert again.model.posts["retail-1-claim-head"] is first.posts["retail-1-claim-head"]
    assert again.model.workflows["retail-1-claim"] is first.workflows["retail-1-claim"]
    assert again.model.workflows["retail-1-loan"] is not first.workflows["retail-1-loan"]


def test_a_rename_is_told_until_it_is_taken_back() -> None:
    memory, again = Memory(), Rechecking()
    plain = {"kingpost.yaml": SOUND}
    renamed = {"kingpost.yaml": SOUND.replace("control: {title:", "control: {was: head, title:", 1)}
    told: list[list[str]] = []
    for files in (plain, renamed, renamed, plain):
        model = read_model(files, memory).model
        assert model is not None
        told.append([item.code for item in again.check(model) if item.code == "KP0119"])

    assert told == [[], ["KP0119"], ["KP0119"], []]


def test_a_window_shows_one_element_and_notes_what_is_looked_up() -> None:
    model = read_model(dict(texts(1))).model
    assert model is not None
    seen = Seen.of(model)

    seen.show("roles", "retail-1-loan-clerk", ("roles", "posts"), ())

    assert [role.id for role in seen.elements.roles.values()] == ["retail-1-loan-clerk"]
    assert list(seen.elements.posts.values()) == []
    assert "retail-1-loan-head" in seen.elements.posts
    assert seen.elements.units["company"].id == "company"
    assert seen.reads == {("posts", "retail-1-loan-head"), ("units", "company")}


@pytest.mark.parametrize("files", MODELS, ids=("sound", "enterprise"))
def test_the_first_check_finds_the_same(files: Mapping[str, str]) -> None:
    model = read_model(files).model
    assert model is not None

    assert Rechecking().check(model) == check(model)
