"""Lines of text from a file that may be packed; every way in which that fails is worded here."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from kingpost.exchange.files.faults import unreadable

_GZIP, _ZIP, _XZ = b"\x1f\x8b", b"PK", b"\xfd7zXZ"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_LINE_BYTES_MAX = 10_000_000
_FETCH = "Fetch or pack the file again."


@contextmanager
def opened(path: Path) -> Generator[BinaryIO]:
    """Lend the bytes of a file, unpacked when it is gzip or a zip with one file in it.

    Raises: UnreadableError, now or while its bytes are read.
    """
    try:
        with path.open("rb") as raw:
            start = raw.read(6)
            raw.seek(0)
            if not start:
                raise unreadable(path.name, 0, "the file is empty, expected rows", _FETCH)
            if start.startswith(_GZIP):
                with gzip.GzipFile(fileobj=raw) as packed:
                    yield cast("BinaryIO", packed)
            elif start.startswith(_ZIP):
                with _member(path, raw) as packed:
                    yield packed
            elif start.startswith(_XZ):
                help_text = "Unpack it, or pack it with gzip or zip."
                raise unreadable(path.name, 0, "the file is packed with xz", help_text)
            else:
                yield raw
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        message = "the packed file is damaged or cut off: its end cannot be unpacked"
        raise unreadable(path.name, 0, message, _FETCH) from error
    except FileNotFoundError:
        help_text = "Check the path."
        raise unreadable(path.name, 0, "there is no such file", help_text) from None
    except (IsADirectoryError, PermissionError) as error:
        message = "it is a folder" if isinstance(error, IsADirectoryError) else "it is closed to us"
        help_text = "Give the path of a file that may be read."
        raise unreadable(path.name, 0, message, help_text) from None


def lines(file: str, source: BinaryIO) -> Iterator[str]:
    """Yield the lines of a text with their ends.

    Raises: UnreadableError, naming the first line that is not UTF-8 text.
    """
    for number in range(1, 1 << 62):
        raw = source.readline(_LINE_BYTES_MAX + 1)
        if not raw:
            return
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
            if raw.startswith(_WIDE):
                raise unreadable(file, 1, "the text is UTF-16", "Save it as UTF-8.")
        if len(raw) > _LINE_BYTES_MAX:
            message = f"the line is longer than {_LINE_BYTES_MAX} bytes"
            raise unreadable(file, number, message, "Check that it is a text with lines.")
        if b"\0" in raw:
            help_text = "Check that it is a text, and remove the character."
            raise unreadable(file, number, "the line holds a NUL character", help_text)
        try:
            yield raw.decode()
        except UnicodeDecodeError as error:
            found = raw[error.start : error.start + 1].hex().upper()
            message = f"the line is not UTF-8 text: the byte {found} at position {error.start + 1}"
            raise unreadable(file, number, message, "Save the file as UTF-8.") from None


@contextmanager
def _member(path: Path, raw: BinaryIO) -> Generator[BinaryIO]:
    with zipfile.ZipFile(raw) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        if len(names) != 1:
            message = f"the zip holds {len(names)} files, expected one"
            raise unreadable(path.name, 0, message, "Pack the log alone.")
        if archive.getinfo(names[0]).flag_bits & 1:
            message = "the zip is locked with a password"
            raise unreadable(path.name, 0, message, "Pack it without one.")
        with archive.open(names[0]) as member:
            yield cast("BinaryIO", io.BufferedReader(member))  # type: ignore[arg-type]
