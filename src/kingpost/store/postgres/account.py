"""The account that the server runs as, and where that account can keep its files.

PostgreSQL refuses to run as root. When we are root, an unprivileged account runs it and owns its
files; otherwise it runs as ourselves and there is nothing to choose.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kingpost.store.postgres.errors import EmbeddedServerError

# Used only by root, when the account cannot enter the folder that was asked for.
SHARED_HOME = Path("/var/lib/kingpost")

# Nothing of our own environment reaches the programs of PostgreSQL.
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the operating system, by its numbers."""

    user: int
    group: int


def choose_account(cluster: Path) -> Account | None:
    """Return the account to run as, or None when we are not root.

    The owner of an existing cluster stays its owner.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists():
        owner = cluster.stat()
        if owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
    return _ordinary_account()


def _ordinary_account() -> Account:
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedServerError(
        "expected an account named `postgres` or `nobody` to run the database as"
    )


def choose_cluster(folder: Path) -> Path:
    """Return where the cluster of `folder` is, or where it shall be.

    It is `folder/cluster`. For root it may be a link to `SHARED_HOME`, when some folder on the way
    is closed to other accounts: opening it to the world would be worse.
    """
    is_root = os.geteuid() == 0
    # Two processes may begin at once: whoever made the folder also says who may enter it.
    with suppress(FileExistsError):
        folder.mkdir(parents=True)
        folder.chmod(0o711 if is_root else 0o700)
    asked = folder / "cluster"
    if asked.is_symlink() and not asked.exists():
        raise EmbeddedServerError(f"expected the database at `{asked.readlink()}`, it is gone")
    if asked.exists() or not is_root or is_open(folder):
        return asked.resolve()
    return _elsewhere(folder) / "cluster"


def is_open(folder: Path) -> bool:
    """Tell whether every account can enter the folder."""
    on_the_way = [folder.resolve(), *folder.resolve().parents]
    return all(place.stat().st_mode & stat.S_IXOTH for place in on_the_way)


def _elsewhere(folder: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:12]
    home = SHARED_HOME / f"{folder.name}-{digest}"
    for place in (SHARED_HOME, home):
        place.mkdir(parents=True, exist_ok=True)
        place.chmod(0o711)
    return home


def make_private(folder: Path, account: Account | None) -> None:
    """Make the folder, readable by the account alone, or take an existing one over."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    if account is not None:
        os.chown(folder, account.user, account.group)


def hand_over(cluster: Path, account: Account | None) -> None:
    """Give the cluster to the account if root owns it, as after a restored backup."""
    if account is None or cluster.stat().st_uid == account.user:
        return
    for place, _, names in os.walk(cluster):
        for path in (place, *(f"{place}/{name}" for name in names)):
            shutil.chown(path, account.user, account.group)


def run_as(account: Account | None, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL to its end, and keep what it says.

    Raises: OSError, when the account cannot run it.
    """
    return subprocess.run(  # noqa: S603 - the program is one that we have found.
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env=ENVIRONMENT,
        user=account and account.user,
        group=account and account.group,
        extra_groups=account and [],
    )
