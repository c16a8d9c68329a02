"""Set the scene of a demo: who acts for whom, who is away, and stories told to the running company.

A folder `demo` beside the model says what, in small tables. Days are counted from a moment that
stays the same, and each act has a key of its own, so that setting the scene again changes nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from kingpost.cli.staging.telling import tell_story
from kingpost.engine import register
from kingpost.engine.company import Company
from kingpost.engine.delegations import Delegation, NotDelegatedError, delegate
from kingpost.engine.outside.messages import Dropped, Message, Received, receive
from kingpost.engine.register import (
    Absence,
    Appointment,
    KindOfPersonError,
    NotAppointedError,
    NotAwayError,
)
from kingpost.exchange.files.table import read_table
from kingpost.model.model import Model
from kingpost.values.identity import derive

_BY = "kingpost demo"


class NotStagedError(Exception):
    """The scene cannot be set; the message says why, and in which file."""


def stage(company: Company, model: Model, folder: Path, begun: datetime) -> None:
    """Bring about what the tables of a folder say, as far as they are there.

    model:  with its scenarios. begun: aware, the same each time; days are counted from it.
    Raises: NotStagedError.
    """
    tables: Mapping[str, Callable[[Mapping[str, str]], str]] = {
        "agents.csv": lambda row: _employ(company, row, begun),
        "acting.csv": lambda row: _appoint(company, row, begun),
        "delegations.csv": lambda row: _delegate(company, row, begun),
        "absences.csv": lambda row: _note_absence(company, row, begun),
        "stories.csv": lambda row: tell_story(company, model, row["story"]),
        "messages.csv": lambda row: _send(company, row),
    }
    for name, bring_about in tables.items():
        for line, row in _rows(folder / name):
            why = bring_about(row)
            if why:
                raise NotStagedError(f"{folder / name}:{line}: {why}")


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    if path.is_file():
        yield from read_table(path)


def _day(row: Mapping[str, str], column: str, begun: datetime) -> datetime:
    return begun + timedelta(days=int(row[column]))


def _employ(company: Company, row: Mapping[str, str], begun: datetime) -> str:
    """Let a machine agent hold a post from the beginning of the scene."""
    try:
        register.keep_people(company, (), [(row["agent"], row["name"])])
        register.appoint(company, [Appointment(row["agent"], row["post"], begun)], by=_BY)
    except (KindOfPersonError, NotAppointedError) as error:
        return str(error)
    return ""


def _appoint(company: Company, row: Mapping[str, str], begun: datetime) -> str:
    start, end = _day(row, "from-day", begun), _day(row, "until-day", begun)
    try:
        wish = Appointment(row["person"], row["post"], start, end, "acting")
        register.appoint(company, [wish], by=_BY)
    except NotAppointedError as error:
        return str(error)
    return ""


def _delegate(company: Company, row: Mapping[str, str], begun: datetime) -> str:
    start, end = _day(row, "from-day", begun), _day(row, "until-day", begun)
    workflows = (row["workflow"],) if row["workflow"] else ()
    wish = Delegation(
        row["giver"], row["post"], row["person"], start, end, row["reason"], workflows
    )
    try:
        delegate(company, wish, by=_BY)
    except NotDelegatedError as error:
        return str(error)
    return ""


def _note_absence(company: Company, row: Mapping[str, str], begun: datetime) -> str:
    start, end = _day(row, "from-day", begun), _day(row, "until-day", begun)
    try:
        register.note_absence(company, Absence(row["person"], start, end, row["reason"]), by=_BY)
    except NotAwayError as error:
        return str(error)
    return ""


def _send(company: Company, row: Mapping[str, str]) -> str:
    name = f"demo/{row['interface']}/{row['message']}/{row['value']}"
    message = Message(derive(name), row["interface"], row["message"], row["value"], {})
    answer = receive(company, message)
    return "" if isinstance(answer, Received | Dropped) else str(answer)
