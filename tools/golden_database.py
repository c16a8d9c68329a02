# noqa: INP001 - a program, not a package.
"""Make a database as an earlier Kingpost left it, for the tests of those that come after.

Run it as `python tools/golden_database.py COMMIT`. It checks the commit out beside this tree, lets
that program work, and writes `tests/golden/NNNN.sql` with what its database then holds; `NNNN` is
its last migration. The tables are not in it: migrations that were released never change, so they
make them. A release makes one, and none is ever made anew.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
_FOLDER = ROOT / "tests" / "golden"
_WORLD = Path(__file__).with_name("golden_world.py")


def make(commit: str) -> Path:
    """Make the database of a commit, and return the file that holds it."""
    with TemporaryDirectory(prefix="kingpost-earlier-") as name:
        tree = Path(name) / "tree"
        git = ["git", "-C", str(ROOT), "worktree"]
        _run([*git, "add", "--quiet", "--detach", str(tree), commit], tree.parent)
        try:
            files = sorted((tree / "src/kingpost/store/migrations").glob("[0-9]*.sql"))
            out = _FOLDER / f"{files[-1].name[:4]}.sql"
            if out.exists():
                raise SystemExit(f"`{out.relative_to(ROOT)}` is there, and is never made anew")
            path = os.pathsep.join([str(tree / "src"), str(tree)])
            _run([sys.executable, str(_WORLD), str(out)], tree, PYTHONPATH=path)
        finally:
            _run([*git, "remove", "--force", str(tree)], tree.parent)
    return out


def _run(command: list[str], folder: Path, **environment: str) -> None:
    # Both the program and the commit are ours.
    subprocess.run(command, check=True, cwd=folder, env={**os.environ, **environment})  # noqa: S603, TID251


def main() -> None:
    """Make one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit")
    out = make(parser.parse_args().commit)
    sys.stdout.write(f"{out.relative_to(ROOT)}: {out.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
