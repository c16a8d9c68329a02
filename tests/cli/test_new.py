"""`kingpost new`: a company that is sound from the first moment, and never over other files."""

from pathlib import Path

import pytest

import kingpost.cli
from kingpost.cli.commands.founding import TEMPLATES
from tests.cli.program import EXAMPLE, run

FOLDER = Path(kingpost.cli.__file__).parent / "templates"


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_new_company_is_sound_and_tells_its_stories(tmp_path: Path, template: str) -> None:
    folder = tmp_path / "company"

    assert run("new", folder, "--template", template).status == 0

    assert run("format", folder, "--check").status == 0
    assert run("check", folder).out.startswith("0 errors, 0 warnings. Version ")
    told = run("test", folder, "--coverage", "--require", "100")
    assert (told.status, "scenarios passed" in told.out) == (0, True)


def test_the_next_commands_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "company"

    answer = run("new", folder)

    assert answer.out == (
        f"{folder} holds a company. Change it into yours, and ask again at each step:\n"
        f"  kingpost check {folder}\n"
        f"  kingpost test {folder}\n"
        f"  kingpost docs {folder} -o {folder}-site\n"
    )
    assert (folder / "kingpost.yaml").read_text().startswith("# A small company")


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    answer = run("new", tmp_path)

    assert answer.status == 1
    assert answer.err == f"`{tmp_path}` is not empty. Name a new folder; nothing was written.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_unknown_template_is_answered_with_the_nearest(tmp_path: Path) -> None:
    near = run("new", tmp_path / "company", "--template", "startr")
    far = run("new", tmp_path / "company", "--template", "xyzzy")

    assert (near.status, near.err) == (1, "there is no template `startr`. Write `starter`.\n")
    assert far.err == "there is no template `xyzzy`. Take `starter` or `lending`.\n"
    assert not (tmp_path / "company").exists()


def test_the_help_lists_every_template() -> None:
    answer = run("new", "--help")

    told = {name: f"`{name}` (" in answer.out for name in TEMPLATES}
    assert told == {folder.name: True for folder in FOLDER.iterdir()}


def test_the_template_of_a_lender_is_the_example() -> None:
    example = EXAMPLE.parent / "lending"
    other = {"README.md", "demo.csv", "log"}

    # When this fails the example has changed: copy its model and its register to the template.
    assert _texts(FOLDER / "lending") == {
        name: text for name, text in _texts(example).items() if name.split("/")[0] not in other
    }


def _texts(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
