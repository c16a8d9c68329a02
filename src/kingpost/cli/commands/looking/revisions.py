"""Find a model in a folder, or in a revision of a folder that git keeps."""

import io
import shutil
import subprocess
import tarfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from kingpost.cli.failures import CommandError


@contextmanager
def folder_of(written: str) -> Generator[Path]:
    """Give the folder that is written as `FOLDER`, or as `REVISION:FOLDER` of a git repository.

    Raises: CommandError, when there is no such folder or revision.
    """
    if Path(written).is_dir():
        yield Path(written)
        return
    revision, colon, folder = written.partition(":")
    if not colon or not revision or revision.startswith("-"):
        help_ = "Name a folder, or a revision and a folder such as `HEAD~1:company`."
        raise CommandError(f"there is no folder `{written}`. {help_}")
    with TemporaryDirectory(prefix="kingpost-") as room:
        _unpack(revision, folder or ".", Path(room))
        yield Path(room)


def _unpack(revision: str, folder: str, room: Path) -> None:
    there = Path(folder)
    here, path = (there, "") if there.is_dir() else (Path(), folder)
    written = f"{revision}:{folder}"
    top, tree = _git(
        here, written, "rev-parse", "--show-toplevel", f"{revision}:./{path}"
    ).splitlines()
    packed = _git(Path(top.decode()), written, "archive", "--format=tar", tree.decode())
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(room, filter="data")


def _git(here: Path, written: str, *words: str) -> bytes:
    """Return what git prints. words: none that comes from outside begins with a hyphen."""
    git = shutil.which("git")
    if git is None:
        raise CommandError("git is not installed. Name folders instead of revisions.")
    answer = subprocess.run([git, *words], cwd=here, capture_output=True, check=False)  # noqa: S603 - as above
    if answer.returncode != 0:
        told = answer.stderr.decode(errors="replace").strip().splitlines()
        reason = told[0].removeprefix("fatal: ").rstrip(".") if told else "git does not say why"
        raise CommandError(f"git cannot read `{written}`: {reason}")
    return answer.stdout
