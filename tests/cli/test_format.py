"""`kingpost format`: files, folders and the standard input, written or only compared."""

from pathlib import Path

from tests.cli.program import EXAMPLE, copy_of, run

UNTIDY = 'roles:\n    clerk:   {title: "Takes in"}   # at the counter\n'
TIDY = "roles:\n  clerk: {title: Takes in}  # at the counter\n"
BROKEN = "roles: {a: [}\n"


def test_a_file_is_formatted_and_named(tmp_path: Path) -> None:
    path = tmp_path / "roles.yaml"
    path.write_text(UNTIDY)

    first, second = run("format", path), run("format", path)

    assert (first.status, first.out) == (
        0,
        f"formatted {path}\n1 file formatted, 0 unchanged.\n",
    )
    assert (second.status, second.out) == (0, "0 files formatted, 1 unchanged.\n")
    assert path.read_text() == TIDY


def test_a_check_writes_nothing_and_tells(tmp_path: Path) -> None:
    path = tmp_path / "roles.yaml"
    path.write_text(UNTIDY)

    answer = run("format", tmp_path, "--check")

    assert answer.status == 1
    assert answer.out == f"would format {path}\n1 file would be formatted, 0 unchanged.\n"
    assert path.read_text() == UNTIDY
    path.write_text(TIDY)
    assert run("format", tmp_path, "--check").status == 0


def test_a_difference_is_printed(tmp_path: Path) -> None:
    path = tmp_path / "roles.yaml"
    path.write_text(UNTIDY)

    answer = run("format", path, "--diff")

    assert answer.status == 0
    assert '-    clerk:   {title: "Takes in"}   # at the counter\n' in answer.out
    assert "+  clerk: {title: Takes in}  # at the counter\n" in answer.out
    assert path.read_text() == UNTIDY


def test_an_editor_pipes_a_file_through() -> None:
    assert run("format", "-", typed=UNTIDY).out == TIDY

    broken = run("format", "-", typed=BROKEN)
    assert (broken.status, broken.out) == (1, BROKEN)
    assert "standard input:1:13: error KP0007" in broken.err


def test_a_broken_file_is_left_alone_and_the_others_are_formatted(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BROKEN)
    (tmp_path / "b.yaml").write_text(UNTIDY)

    answer = run("format", tmp_path)

    assert answer.status == 1
    assert "a.yaml:1:13: error KP0007" in answer.err
    assert (tmp_path / "a.yaml").read_text() == BROKEN
    assert (tmp_path / "b.yaml").read_text() == TIDY


def test_the_version_of_a_model_stays(tmp_path: Path) -> None:
    folder = copy_of(EXAMPLE, tmp_path)
    for path in folder.glob("*.yaml"):
        path.write_text(path.read_text().replace("title: ", "title:   ").replace("\n\n", "\n"))
    before = run("check", folder).out

    answer = run("format", folder)

    assert answer.status == 0
    assert "formatted" in answer.out
    assert run("check", folder).out == before


def test_a_file_that_is_no_text_is_left_alone_and_named(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xff\xfe")

    for path in (file, tmp_path):
        answer = run("format", path)

        assert answer.status == 1
        assert "error KP0025" in answer.err
        assert "is not UTF-8 text at byte 0" in answer.err
    assert file.read_bytes() == b"\xff\xfe"


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    answer = run("format", tmp_path)

    assert answer.status == 1
    assert "KP0001" in answer.err
    assert "holds no model: there is no `.yaml` file" in answer.err
