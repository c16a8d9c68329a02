"""Put the files of a site into a folder: all at once, and only where nothing else is lost."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp

from kingpost.site.building import MARK


class NotOursError(Exception):
    """The folder holds something else than a site; the message says so."""


def write_site(site: Mapping[str, bytes], folder: Path) -> None:
    """Write a site beside its place, then let it take the place of the one that stood there.

    Raises: NotOursError, when the folder is there and holds something else.
    """
    if folder.exists() and not _may_be_replaced(folder):
        message = f"`{folder}` holds something else than a site of Kingpost"
        raise NotOursError(f"{message}. Name another folder, or empty it.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in site.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        fresh.chmod(0o755)
        _take_its_place(fresh, folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _may_be_replaced(folder: Path) -> bool:
    return folder.is_dir() and ((folder / MARK).is_file() or not any(folder.iterdir()))


def _take_its_place(fresh: Path, folder: Path) -> None:
    """Rename: a reader sees the old site or the new one, never half of either."""
    if not folder.exists():
        fresh.replace(folder)
        return
    old = fresh.with_name(f"{fresh.name}-old")
    folder.replace(old)
    try:
        fresh.replace(folder)
    except OSError:
        old.replace(folder)
        raise
    shutil.rmtree(old)
