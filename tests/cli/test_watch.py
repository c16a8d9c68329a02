"""`kingpost check --watch`: each look does what is new, and says what has become of it."""

import signal
from pathlib import Path

from kingpost.checks import check
from kingpost.cli.watching import Watched
from kingpost.model.content import version
from kingpost.notation import read_model
from tests.cli.program import EXAMPLE, copy_of, running, until


def words(folder: Path, watched: Watched) -> tuple[list[str], list[str], bool]:
    """Return the messages that are mended and new, and whether there is a version."""
    look = watched.look()
    assert look is not None
    return (
        [each.message for each in look.mended],
        [each.message for each in look.new],
        bool(look.version),
    )


def test_a_look_says_what_is_mended_and_what_is_new(tmp_path: Path) -> None:
    watched = Watched(copy_of(EXAMPLE, tmp_path))
    organisation = tmp_path / "organisation.yaml"
    sound = organisation.read_text()

    assert words(tmp_path, watched) == ([], [], True)
    organisation.write_text("# a word\n" + sound)
    assert words(tmp_path, watched) == ([], [], True)
    organisation.write_text(sound.replace("reports-to: duty-officer", "reports-to: duty", 1))
    assert words(tmp_path, watched) == ([], ["there is no post `duty`"], False)
    organisation.write_text(sound)
    assert words(tmp_path, watched) == (["there is no post `duty`"], [], True)
    assert watched.look() is None


def test_a_look_finds_what_the_check_finds(tmp_path: Path) -> None:
    watched = Watched(copy_of(EXAMPLE, tmp_path))
    watched.look()
    incident = tmp_path / "incident.yaml"
    incident.write_text(incident.read_text().replace("title: Handling", "title: By hand"))

    look = watched.look()

    model = read_model({path.name: path.read_text() for path in tmp_path.iterdir()}).model
    assert look is not None
    assert model is not None
    assert look.version == version(model)
    assert look.found == list(check(model))


def test_no_state_of_a_file_ends_the_watching(tmp_path: Path) -> None:
    watched = Watched(copy_of(EXAMPLE, tmp_path))
    watched.look()
    intent = tmp_path / "intent.yaml"
    whole = intent.read_bytes()

    for half in (whole[:1000], b"", b"\xff\xfe", b"objectives: {a: [", whole):
        intent.write_bytes(half)
        assert watched.look() is not None
    for path in tmp_path.iterdir():
        path.unlink()
    gone = watched.look()

    assert gone is not None
    assert "holds no model" in gone.found[0].message


def test_watching_goes_on_until_it_is_interrupted(tmp_path: Path) -> None:
    folder = copy_of(EXAMPLE, tmp_path / "model")
    with running("check", folder, "--watch") as process:
        assert "Since the last look: 0 findings mended, 0 new" in until(process, "Since")
        copy_of(EXAMPLE, folder, fault=True)

        told = "  new: organisation.yaml:124:17: KP0104 there is no post `duty-oficer`\n"
        assert until(process, "  new:").endswith(told)
        assert "0 findings mended, 1 new" in until(process, "Since")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
