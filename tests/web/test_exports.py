"""Lists as files for spreadsheets."""

import csv
import io

import pytest

from kingpost.web.pages.looking.exports import _harmless  # pyright: ignore[reportPrivateUsage]
from kingpost.web.routes.looking import exports
from tests.web.meridian import Meridian, visit


def rows_of(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_cases_are_exported_as_they_are_filtered(meridian: Meridian, address: str) -> None:
    numbers = meridian.busy()
    with visit(meridian, address, "gil") as client:
        page = client.get("/cases?is_open=yes").text
        every = client.get("/cases.csv?is_open=yes")
        held = client.get("/cases.csv?exception=vendor-needed")

    assert 'href="/cases.csv?is_open=yes"' in page
    assert every.headers["content-type"] == "text/csv; charset=utf-8"
    assert every.headers["content-disposition"].startswith('attachment; filename="cases-20')
    found = {row["Number"]: row for row in rows_of(every.text)}
    assert {numbers["worked"], numbers["grave"], numbers["held"]} <= set(found)
    assert [row["Number"] for row in rows_of(held.text)] == [numbers["held"]]
    row = found[numbers["held"]]
    assert row["Case"] == "Caller 2403 · Location 143"
    assert row["Process"] == "Incident resolution"
    assert row["Started"].endswith("+00:00")
    assert row["Closed"] == ""


def test_a_worklist_is_exported_as_its_reader_sees_it(meridian: Meridian, address: str) -> None:
    numbers = meridian.busy()
    with visit(meridian, address, "gil") as client:
        assert 'href="/work.csv?view=all"' in client.get("/work").text
        mine = rows_of(client.get("/work.csv").text)
        none = rows_of(client.get("/work.csv?text=nothing+is+called+so").text)
    with visit(meridian, address, "dora") as client:
        hers = rows_of(client.get("/work.csv").text)

    assert numbers["worked"] in {row["Number"] for row in mine}
    assert none == []
    assert [row["Task"] for row in mine] != [row["Task"] for row in hers]


@pytest.mark.parametrize("text", ["=1+1", "+31 6", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert _harmless(text) == f"'{text}"
    assert _harmless(f" {text}") == f" {text}"


def test_a_title_that_is_a_formula_is_exported_as_text(meridian: Meridian, address: str) -> None:
    meridian.start(caller='=HYPERLINK("http://a.example")')
    with visit(meridian, address, "gil") as client:
        found = rows_of(client.get("/cases.csv").text)

    assert any(row["Case"].startswith("'=HYPERLINK(") for row in found)


def test_too_many_rows_are_refused_with_a_way_on(
    meridian: Meridian, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meridian.busy()
    monkeypatch.setattr(exports, "ROWS_MAX", 2)
    with visit(meridian, address, "gil") as client:
        answer = client.get("/cases.csv?is_open=yes")

    assert answer.status_code == 413
    assert "rows, and a file holds 2 at most. Narrow the list by its filters first." in answer.text
    assert 'href="/cases?is_open=yes"' in answer.text
