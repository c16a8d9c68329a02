"""Cases keep the words of the model that they began on, also when it has been replaced."""

import re

from kingpost.model.model import Model
from kingpost.notation.reading import read_model
from tests.web.meridian import EXAMPLE, Meridian, visit


def _rename(found: re.Match[str]) -> str:
    return found[0].replace("incident", "disturbance")


def renamed() -> Model:
    """Return the example with another id for its workflow of incidents."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in EXAMPLE.glob("*.yaml")}
    for name, text in texts.items():
        there = re.sub(r"workflow/incident\b|workflows: \[incident\]", _rename, text)
        texts[name] = re.sub(r"\bincident/", _rename, there)
    before, _, after = texts["incident.yaml"].rpartition("\n  incident:\n")
    texts["incident.yaml"] = f"{before}\n  disturbance:\n{after}"
    reading = read_model(texts)
    assert reading.model is not None, [str(item) for item in reading.diagnostics]
    return reading.model


def test_old_cases_are_shown_when_their_workflow_is_gone(meridian: Meridian, address: str) -> None:
    numbers = meridian.busy()
    works = [
        meridian.task(numbers["worked"], "work"),
        meridian.task(numbers["grave"], "confirm-priority"),
        meridian.task(numbers["held"], "work"),
        meridian.task(numbers["tried"], "confirmation"),
    ]
    meridian.company.load(renamed())
    assert "incident" not in meridian.company.active().model.workflows
    with visit(meridian, address, "ines") as client:
        for number in numbers.values():
            for tab in ("timeline", "data", "trace", "map"):
                answer = client.get(f"/cases/{number}/{tab}")
                assert answer.status_code == 200, (number, tab)
                assert "Caller 2403" in answer.text
        for task in works:
            assert client.get(f"/tasks/{task}").status_code == 200, task
        for path in (
            "/work",
            "/work?workflow=incident&step=work",
            "/cases",
            "/cases?workflow=incident&state=active",
            "/processes",
            "/processes/disturbance",
            "/objectives",
            "/measures/in-flight",
            "/obligations",
            "/obligations/final-report?window=all",
            "/org/posts/group-70",
            "/people/gil",
        ):
            assert client.get(path).status_code == 200, path
        assert client.get("/processes/incident").status_code == 404
        told = client.get(f"/cases/{numbers['ended']}").text
    assert "Incident resolution started" in told


def test_a_version_that_came_back_says_under_which_number(meridian: Meridian, address: str) -> None:
    first = meridian.company.active().model
    meridian.company.load(renamed(), person="ines")
    meridian.company.load(first)
    with visit(meridian, address, "ines") as client:
        listed = client.get("/versions").text
        gone = client.get("/versions/1").text
    assert re.findall("runs now|came back as version [0-9]", listed) == [
        "runs now",
        "came back as version 3",
    ]
    assert '<a href="/people/ines">Ines Incident</a>' in listed
    assert '<a href="/versions/3">came back as version 3</a>' in gone
