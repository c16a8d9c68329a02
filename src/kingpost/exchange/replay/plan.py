"""The first passage through a log: every row is read, nothing is loaded, cases get their order."""

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Protocol, Self
from uuid import UUID

from kingpost.decisions.program import Program
from kingpost.exchange.files.faults import FAULTS_MAX, Fault, UnreadableError, unreadable
from kingpost.exchange.files.table import read_table
from kingpost.exchange.files.xes import read_xes
from kingpost.exchange.mapping.check import check_mapping
from kingpost.exchange.mapping.fitting import fitted
from kingpost.exchange.mapping.mapping import LogMapping
from kingpost.exchange.mapping.text import read_mapping
from kingpost.exchange.replay.rows import Row, RowReader, missing_columns
from kingpost.values.identity import derive

_XES_NAMES = (".xes", ".xes.gz", ".xes.zip", ".xml")


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...


class BadMappingError(Exception):
    """The mapping is not sound, or does not fit the model; the message lists every finding."""


@dataclass(slots=True)
class CaseIndex:
    """Where the rows of one case stand in the spool.

    offsets: of the rows up to the moment, in the order of the file. later: of those after it.
    last:    the time of its last row up to the moment.
    """

    number: str
    started: datetime
    last: datetime
    shows: str | None
    offsets: "array[int]" = field(default_factory=lambda: array("Q"))
    later: "array[int]" = field(default_factory=lambda: array("Q"))


class Plan:
    """A log that was read once and found sound, ready to be replayed. Close it when done.

    digest: of the log, the mapping, the model and the moment: the same plan is the same import.
    cases:  in the order in which they are imported. later: the number of rows after the moment.
    """

    def __init__(
        self, program: Program, mapping: LogMapping, source: str, moment: datetime | None
    ) -> None:
        """Begin empty; `plan_import` fills it."""
        self.program = program
        self.mapping = mapping
        self.source = source
        self.moment = moment
        self.digest = ""
        self.rows = 0
        self.later = 0
        self.cases: Sequence[CaseIndex] = ()
        self.unstarted: Sequence[CaseIndex] = ()
        self._spool: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed by `close`.
        self._size = 0
        fields = program.workflows[mapping.workflow].fields
        self._reader = RowReader(source, mapping, fields)

    @property
    def run(self) -> UUID:
        """Return the identity of this import."""
        return derive(f"import/{self.digest}")

    def rows_of(self, case: CaseIndex) -> list[Row]:
        """Return the rows of a case up to the moment, in order."""
        return self._read(case.offsets)

    def later_rows_of(self, case: CaseIndex) -> list[Row]:
        """Return the rows of a case after the moment, in order."""
        return self._read(case.later)

    def close(self) -> None:
        """Remove the temporary copy of the log."""
        self._spool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def take(self, rows: Iterator[tuple[int, Mapping[str, str]]], digest: "_Hash") -> None:
        """Read every row once; see `plan_import`."""
        index: dict[str, CaseIndex] = {}
        faults: list[Fault] = []
        for line, raw in rows:
            if not self.rows:
                missing_columns(self.source, self.mapping, raw)
            self.rows += 1
            try:
                self._index(index, line, raw, digest)
            except UnreadableError as error:
                faults += error.faults
                if len(faults) >= FAULTS_MAX:
                    break
        if faults:
            raise UnreadableError(faults)
        if not self.rows:
            help_text = "Check that it is the right file."
            raise unreadable(self.source, 0, "the log has no rows", help_text)
        self.digest = digest.hexdigest()
        self._order(list(index.values()))

    def _index(
        self, index: dict[str, CaseIndex], line: int, raw: Mapping[str, str], digest: "_Hash"
    ) -> None:
        reader = self._reader
        number, at = reader.number(line, raw), reader.at(line, raw)
        started = reader.started(line, raw) or at
        written = json.dumps([line, raw], ensure_ascii=False).encode() + b"\n"
        digest.update(written)
        offset = self._size
        self._size += self._spool.write(written)
        case = index.get(number)
        if case is None:
            case = index[number] = CaseIndex(number, min(started, at), at, None)
        if self.moment is not None and at > self.moment:
            case.later.append(offset)
            self.later += 1
            return
        case.offsets.append(offset)
        case.shows = reader.shows(raw)
        case.last = max(case.last, at)

    def _order(self, cases: list[CaseIndex]) -> None:
        """Put first what is still in flight, then what changed last, so screens are useful soon."""
        workflow = self.program.workflows[self.mapping.workflow]
        final = {state.id for state in workflow.object.states if state.end}
        started = [case for case in cases if case.offsets]
        self.unstarted = [case for case in cases if not case.offsets]
        self.cases = sorted(
            started, key=lambda case: (case.shows not in final, case.last), reverse=True
        )

    def _read(self, offsets: "array[int]") -> list[Row]:
        rows: list[Row] = []
        for offset in offsets:
            self._spool.seek(offset)
            line, raw = json.loads(self._spool.readline())
            rows.append(self._reader.read(line, raw))
        if self.mapping.in_order == "time":
            rows.sort(key=lambda row: row.at)
        return rows


def plan_import(
    log: Path, mapping: Path, program: Program, *, moment: datetime | None = None
) -> Plan:
    """Read a log and its mapping, and find out whether they can be imported.

    moment: aware, in the time of the log; rows after it are left to be played on.
    Raises: BadMappingError; UnreadableError, with up to twenty faults. Nothing was loaded.
    """
    read = load_mapping(mapping, program)
    moment = moment.astimezone(UTC) if moment else None
    digest = sha256(repr((read, program.version, moment)).encode())
    plan = Plan(program, read, log.name, moment)
    is_xes = log.name.lower().endswith(_XES_NAMES)
    try:
        plan.take(read_xes(log) if is_xes else read_table(log), digest)
    except BaseException:
        plan.close()
        raise
    return plan


def load_mapping(path: Path, program: Program) -> LogMapping:
    """Read a mapping and hold it against the model. Raises: BadMappingError, UnreadableError."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise unreadable(path.name, 0, "the text is not UTF-8", "Save it as UTF-8.") from None
    except OSError as error:
        words = (error.strerror or "it cannot be read").lower()
        raise unreadable(path.name, 0, words, "Check the path.") from None
    reading = read_mapping(path.name, text)
    found = reading.diagnostics
    if reading.mapping is not None:
        found = check_mapping(reading.mapping, program.model, reading.places)
    if found or reading.mapping is None:
        lines = (
            f"{item.place or path.name}: {item.message}" + (f". {item.help}" if item.help else "")
            for item in found
        )
        raise BadMappingError("\n".join(lines))
    return fitted(reading.mapping, program.workflows[reading.mapping.workflow].fields)
