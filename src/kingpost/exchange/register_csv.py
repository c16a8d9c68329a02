"""People and appointments from CSV files: all of them are sound, or none is given."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kingpost.exchange.files.faults import Fault, UnreadableError, unreadable
from kingpost.exchange.files.table import columns_of, read_table
from kingpost.values.nearest import suggestion

_KINDS = ("substantive", "acting")
_WHO = ("person", "agent")
_MOMENT_HELP = "Write a day such as `2026-11-21`, or a time such as `2026-11-21T09:00:00Z`."


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of the register, or a machine agent."""

    id: str
    name: str
    is_agent: bool = False


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """An appointment: start and end in UTC, the end exclusive; None for no end."""

    person: str
    post: str
    start: datetime
    end: datetime | None
    kind: str


def read_people(path: Path) -> list[PersonRow]:
    """Read people from a file with the columns `id` and `name`, and if wanted `kind`.

    kind: `person`, as when it is empty, or `agent` for a machine.
    Raises: UnreadableError, with every fault of the file.
    """
    faults: list[Fault] = []
    people: dict[str, PersonRow] = {}
    for line, row in _rows(path, ("id", "name"), ("kind",)):
        kind = row.get("kind", "").strip() or "person"
        person = PersonRow(row["id"].strip(), row["name"].strip(), kind == "agent")
        if kind not in _WHO:
            message = f"`kind` is `{kind[:60]}`, expected `person` or `agent`"
            help_text = suggestion(kind, _WHO, "Write `person` or `agent`.")
            faults.append(Fault(path.name, line, message, help_text))
        if not person.id or not person.name:
            empty = "id" if not person.id else "name"
            faults.append(Fault(path.name, line, f"`{empty}` is empty", "Fill it in."))
        elif person.id in people:
            message = f"the person `{person.id}` stands twice"
            faults.append(Fault(path.name, line, message, "Remove one of the rows."))
        people.setdefault(person.id, person)
    if faults:
        raise UnreadableError(faults)
    return list(people.values())


def read_appointments(path: Path) -> list[AppointmentRow]:
    """Read appointments: columns `person`, `post`, `from`, and if wanted `until` and `kind`.

    A day means its beginning in UTC. Raises: UnreadableError, with every fault of the file.
    """
    faults: list[Fault] = []
    appointments: list[AppointmentRow] = []
    seen: set[AppointmentRow] = set()
    for line, row in _rows(path, ("person", "post", "from"), ("until", "kind")):
        try:
            read = _appointment(path.name, line, row)
        except UnreadableError as error:
            faults += error.faults
            continue
        if read in seen:
            message = f"the appointment of `{read.person}` to `{read.post}` stands twice"
            faults.append(Fault(path.name, line, message, "Remove one of the rows."))
        seen.add(read)
        appointments.append(read)
    if faults:
        raise UnreadableError(faults)
    return appointments


def _appointment(file: str, line: int, row: Mapping[str, str]) -> AppointmentRow:
    for name in ("person", "post", "from"):
        if not row[name].strip():
            raise unreadable(file, line, f"`{name}` is empty", "Fill it in.")
    kind = row.get("kind", "").strip() or "substantive"
    if kind not in _KINDS:
        help_text = suggestion(kind, _KINDS, "Write `substantive` or `acting`.")
        message = f"`kind` is `{kind}`, expected `substantive` or `acting`"
        raise unreadable(file, line, message, help_text)
    start = _moment(file, line, "from", row["from"].strip())
    until = row.get("until", "").strip()
    end = _moment(file, line, "until", until) if until else None
    if end is not None and end <= start:
        message = "`until` is not later than `from`"
        raise unreadable(file, line, message, "Correct one of them.")
    return AppointmentRow(row["person"].strip(), row["post"].strip(), start, end, kind)


def _moment(file: str, line: int, name: str, text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise unreadable(file, line, f"`{name}` is `{text[:60]}`", _MOMENT_HELP) from None
    has_time = len(text) > len("2026-11-21")
    if has_time and read.tzinfo is None:
        message = f"`{name}` is `{text[:60]}`, which does not say its zone"
        raise unreadable(file, line, message, "Add `Z` for UTC.")
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def _rows(
    path: Path, needed: Iterable[str], possible: Iterable[str]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    _check_columns(path.name, columns_of(path), needed, (*needed, *possible))
    yield from read_table(path)


def _check_columns(
    file: str, columns: Sequence[str], needed: Iterable[str], known: tuple[str, ...]
) -> None:
    for name in columns:
        if name not in known:
            help_text = suggestion(name, known, f"Use the columns {', '.join(known)}.")
            raise unreadable(file, 1, f"there is a column `{name}`, which is not known", help_text)
    for name in needed:
        if name not in columns:
            raise unreadable(file, 1, f"the column `{name}` is missing", "Add it.")
