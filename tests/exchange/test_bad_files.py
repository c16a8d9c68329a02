"""Files that cannot be read: each is refused whole, with a message for the person who has it."""

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kingpost.exchange.files.faults import UnreadableError
from kingpost.exchange.register_csv import read_appointments, read_people
from kingpost.exchange.replay.plan import plan_import
from tests.exchange.desk import BASE, MAPPING, desk_program, rows, write_log

HEADER = ",".join(BASE)
ROW = ",".join(BASE.values())


def refused(path: Path) -> str:
    with pytest.raises(UnreadableError) as caught:
        plan_import(path, MAPPING, desk_program())
    return str(caught.value)


def log(folder: Path, text: str | bytes, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def without(column: str) -> str:
    names = [name for name in BASE if name != column]
    return ",".join(names) + "\n" + ",".join(BASE[name] for name in names) + "\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "log.csv: the file is empty, expected rows. Fetch or pack the file again."),
        (
            "\n" + HEADER,
            "log.csv:1: the file has no header. Begin the file with the names of its columns.",
        ),
        (HEADER + "\n", "log.csv: the log has no rows. Check that it is the right file."),
        (
            HEADER + ",number\n",
            (
                "log.csv:1: the column `number` stands twice in the header. "
                "Give one of them another name."
            ),
        ),
        (
            without("closed_code").replace("caller_id", "caller"),
            "log.csv:1: the log has no column `caller_id`. Write `caller`.",
        ),
        (
            f"{HEADER}\n{ROW},more\n",
            (
                "log.csv:2: the row has 24 values, expected 23 as in the header. "
                "Put values that hold a comma in quotation marks."
            ),
        ),
        (
            f'{HEADER}\n{ROW}\n"INC2{ROW[4:]}\n',
            (
                "log.csv:3: the row is not CSV: unexpected end of data. "
                "Close each quotation mark that is opened, and double those inside a value."
            ),
        ),
        (
            f"{HEADER}\n{ROW}\n".encode() + b"INC\xe92\n",
            (
                "log.csv:3: the line is not UTF-8 text: the byte E9 at position 4. "
                "Save the file as UTF-8."
            ),
        ),
        (
            f"{HEADER}\n".encode("utf-16"),
            "log.csv:1: the text is UTF-16. Save it as UTF-8.",
        ),
        (
            f"{HEADER}\nINC\x002\n",
            (
                "log.csv:2: the line holds a NUL character. "
                "Check that it is a text, and remove the character."
            ),
        ),
        (
            f"{HEADER}\n{ROW.replace('29/2/2016 09:00', '2016-02-30', 1)}\n",
            (
                "log.csv:2: `opened_at` is `2016-02-30`, expected a time like `%d/%m/%Y %H:%M` "
                "from 1970 on. Mend the time, or the mapping."
            ),
        ),
        (
            f"{HEADER}\n{ROW.replace('INC1', '?', 1)}\n",
            "log.csv:2: the row names no case: `number` is empty. Fill it in, or remove the row.",
        ),
    ],
)
def test_a_log_that_cannot_be_read_is_refused_with_its_place_and_remedy(
    text: str | bytes, expected: str, tmp_path: Path
) -> None:
    assert refused(log(tmp_path, text)) == expected


def test_all_broken_times_are_told_at_once(tmp_path: Path) -> None:
    made = rows({"sys_updated_at": "soon"}, {"sys_updated_at": "29/2/1916 09:00"}, {})

    message = refused(write_log(tmp_path / "log.csv", made))

    assert [line.partition(" `")[0] for line in message.splitlines()] == [
        "log.csv:2:",
        "log.csv:3:",
        "log.csv:4:",
    ]


def test_a_gzip_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(f"{HEADER}\n{ROW}\n".encode())

    assert refused(log(tmp_path, packed[:-9], "log.csv.gz")) == (
        "log.csv.gz: the packed file is damaged or cut off: its end cannot be unpacked. "
        "Fetch or pack the file again."
    )


def test_a_zip_with_two_files_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "log.zip", "w") as archive:
        archive.writestr("a.csv", "a")
        archive.writestr("b.csv", "b")

    assert refused(tmp_path / "log.zip") == (
        "log.zip: the zip holds 2 files, expected one. Pack the log alone."
    )


def test_a_file_that_is_not_there_is_said_to_be_not_there(tmp_path: Path) -> None:
    assert refused(tmp_path / "log.csv") == "log.csv: there is no such file. Check the path."


@pytest.mark.parametrize("name", ["log.csv", "log.csv.gz", "log.zip"])
def test_a_log_is_the_same_plain_and_packed(name: str, tmp_path: Path) -> None:
    text = f"\ufeff{HEADER}\r\n{ROW}\r\n".encode()
    if name.endswith("zip"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("log.csv", text)
    else:
        log(tmp_path, gzip.compress(text) if name.endswith("gz") else text, name)

    with plan_import(tmp_path / name, MAPPING, desk_program()) as plan:
        (case,) = plan.cases
        (row,) = plan.rows_of(case)

    assert (row.number, row.line, row.person) == ("INC1", 2, "updated-by-12")


def test_a_case_may_be_called_na(tmp_path: Path) -> None:
    path = write_log(tmp_path / "log.csv", rows({"number": "NA"}, {}))

    with plan_import(path, MAPPING, desk_program()) as plan:
        assert [case.number for case in plan.cases] == ["NA"]


XES = '<?xml version="1.0"?>\n<log xes.version="1.0">\n<trace>\n<event>\n</event></trace></log>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '<?xml version="1.0"?>\n<!DOCTYPE log [<!ENTITY a "b">]>\n<log/>',
            "log.xes:2: the file declares a document type. Remove it from the file.",
        ),
        ("<log><trace>", "log.xes:1: the file is not XML: no element found. Export the log again."),
        (
            "<html></html>",
            (
                "log.xes:1: the file is XML but no XES: it has no `log`. "
                "Export the log as XES 1.0 or 2.0."
            ),
        ),
        (
            "<log>" + "<list>" * 70,
            "log.xes:1: elements are nested deeper than 64 levels. Remove it from the file.",
        ),
        (XES, "log.xes:1: the log has no column `number`. Correct the name in the mapping."),
        ("<log></log>", "log.xes: the log has no rows. Check that it is the right file."),
    ],
)
def test_an_xes_that_cannot_be_read_is_refused(text: str, expected: str, tmp_path: Path) -> None:
    assert refused(log(tmp_path, text, "log.xes")) == expected


@pytest.mark.parametrize(
    ("read", "text", "expected"),
    [
        (read_people, "id,name,age\na,A,3\n", ("r.csv:1: there is a column `age`, which is not "
         "known. Use the columns id, name, kind.")),
        (read_people, "id,names\na,A\n", ("r.csv:1: there is a column `names`, which is not known. "
         "Write `name`.")),
        (read_people, "id\na\n", "r.csv:1: the column `name` is missing. Add it."),
        (read_people, "id\n", "r.csv:1: the column `name` is missing. Add it."),
        (
            read_people,
            "id,names\n",
            "r.csv:1: there is a column `names`, which is not known. Write `name`.",
        ),
        (read_people, "id,name\na,A\na,B\n", ("r.csv:3: the person `a` stands twice. "
         "Remove one of the rows.")),
        (read_people, "id,name\n,A\n", "r.csv:2: `id` is empty. Fill it in."),
        (read_appointments, "person,post,from\na,p,tomorrow\n", ("r.csv:2: `from` is `tomorrow`. "
         "Write a day such as `2026-11-21`, or a time such as `2026-11-21T09:00:00Z`.")),
        (read_appointments, "person,post,from\na,p,2026-11-21T09:00\n", ("r.csv:2: `from` is "
         "`2026-11-21T09:00`, which does not say its zone. Add `Z` for UTC.")),
        (read_appointments, "person,post,from,until\na,p,2026-11-21,2026-11-20\n",
         "r.csv:2: `until` is not later than `from`. Correct one of them."),
        (read_appointments, "person,post,from,kind\na,p,2026-11-21,actin\n",
         "r.csv:2: `kind` is `actin`, expected `substantive` or `acting`. Write `acting`."),
        (read_appointments, "person,post,from\na,p,2026-11-21\na,p,2026-11-21\n",
         "r.csv:3: the appointment of `a` to `p` stands twice. Remove one of the rows."),
    ],
)  # fmt: skip
def test_a_register_that_cannot_be_read_is_refused_whole(
    read: Callable[[Path], object], text: str, expected: str, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(log(tmp_path, text, "r.csv"))

    assert str(caught.value) == expected


def test_the_register_of_the_example_reads() -> None:
    folder = MAPPING.parents[1]
    people = {person.id for person in read_people(folder / "people.csv")}
    appointments = read_appointments(folder / "appointments.csv")

    assert len(people) == 722
    assert {item.person for item in appointments} == people
