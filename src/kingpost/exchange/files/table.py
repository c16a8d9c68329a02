"""Rows of a CSV file, each with its line."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from kingpost.exchange.files.faults import unreadable
from kingpost.exchange.files.source import lines, opened


class _Reader(Protocol):
    """What `csv.reader` returns."""

    @property
    def line_num(self) -> int: ...
    def __next__(self) -> list[str]: ...


def read_table(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the rows of a CSV file by the names of its columns, with the line each begins on.

    Raises: UnreadableError, on a fault of the file or of its form.
    """
    with opened(path) as source:
        reader = csv.reader(lines(path.name, source), strict=True)
        header = _header(path.name, reader)
        for line, row in _records(path.name, reader):
            if not row:
                continue
            if len(row) != len(header):
                message = f"the row has {len(row)} values, expected {len(header)} as in the header"
                help_text = "Put values that hold a comma in quotation marks."
                raise unreadable(path.name, line, message, help_text)
            yield line, dict(zip(header, row, strict=True))


def columns_of(path: Path) -> list[str]:
    """Return the names of the columns of a CSV file.

    Raises: UnreadableError, when it has none.
    """
    with opened(path) as source:
        return _header(path.name, csv.reader(lines(path.name, source), strict=True))


def _header(file: str, reader: _Reader) -> list[str]:
    found = next(_records(file, reader), None)
    if found is None or not any(found[1]):
        help_text = "Begin the file with the names of its columns."
        raise unreadable(file, 1, "the file has no header", help_text)
    header = [name.strip() for name in found[1]]
    for index, name in enumerate(header):
        if name in header[:index]:
            message = f"the column `{name}` stands twice in the header"
            raise unreadable(file, 1, message, "Give one of them another name.")
    return header


def _records(file: str, reader: _Reader) -> Iterator[tuple[int, list[str]]]:
    while True:
        line = reader.line_num + 1
        try:
            row = reader.__next__()
        except StopIteration:
            return
        except csv.Error as error:
            message = f"the row is not CSV: {error}"
            help_text = "Close each quotation mark that is opened, and double those inside a value."
            raise unreadable(file, line, message, help_text) from None
        yield line, row
