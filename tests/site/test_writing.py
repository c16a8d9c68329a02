"""Putting a site into a folder: whole, and never over something else."""

from pathlib import Path

import pytest

from kingpost.site.building import MARK
from kingpost.site.writing import NotOursError, write_site

SITE = {"index.html": b"first", "post/head.html": b"head", MARK: b"ours"}


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_site_is_written_and_written_again(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "site"
    write_site(SITE, place)

    write_site({"index.html": b"second", MARK: b"ours"}, place)

    assert files_of(place) == {"index.html": b"second", MARK: b"ours"}
    assert [path.name for path in place.parent.iterdir()] == ["site"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()

    write_site(SITE, tmp_path / "site")

    assert files_of(tmp_path / "site") == SITE


@pytest.mark.parametrize("name", ["thesis.txt", "index.html"])
def test_what_is_not_ours_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / name).write_text("mine")

    with pytest.raises(NotOursError) as raised:
        write_site(SITE, tmp_path / "site")

    assert str(raised.value) == (
        f"`{tmp_path / 'site'}` holds something else than a site of Kingpost. "
        "Name another folder, or empty it."
    )
    assert files_of(tmp_path / "site") == {name: b"mine"}


def test_a_file_in_its_place_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("mine")

    with pytest.raises(NotOursError):
        write_site(SITE, tmp_path / "site")

    assert (tmp_path / "site").read_text() == "mine"


def test_what_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    write_site(SITE, tmp_path / "site")

    with pytest.raises(OSError, match="x"):
        write_site({"x": b"a file", "x/y": b"in a file"}, tmp_path / "site")

    assert files_of(tmp_path / "site") == SITE
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
