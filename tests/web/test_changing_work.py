"""A change takes effect while people work: no request fails, and an open screen keeps its input."""

import re
from collections.abc import Mapping
from threading import Thread

import httpx

from kingpost.decisions.commands import Complete
from kingpost.engine.carrying.applying import carry_all, carry_on
from kingpost.engine.change import change_model
from kingpost.model.assurance import CarryOver
from kingpost.model.model import Model
from kingpost.notation.reading import read_model
from tests.web.meridian import EXAMPLE, INCIDENT, Meridian, visit
from tests.web.test_routes_acts import fields_of, text_of

TYPED = {"symptom": "It smokes", "vendor": "Vendor 1", "closing-code": "code 6"}
SOONER = {"moderate: 3 working days, low: 5 working days}\n        escalate": (
    "moderate: 2 working days, low: 4 working days}\n        escalate"
)}  # fmt: skip
INTAKE = {
    "                triage:\n": "                intake:\n                  was: triage\n",
    "[triage, work": "[intake, work",
}


def edited(changes: Mapping[str, str]) -> Model:
    """Return the company's model with some texts of it changed, wherever they stand."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in EXAMPLE.glob("*.yaml")}
    for old, new in changes.items():
        assert any(old in text for text in texts.values()), old
        texts = {name: text.replace(old, new) for name, text in texts.items()}
    reading = read_model(texts)
    assert reading.model is not None, [str(item) for item in reading.diagnostics]
    return reading.model


def change(meridian: Meridian, changes: Mapping[str, str], **places: str) -> None:
    """Let a change take effect, and all cases go over."""
    positions = {"incident": places} if places else None
    policy = CarryOver.MAPPED if places else CarryOver.NOW
    change_model(
        meridian.company, edited(changes), person="petra", carry_over=policy, positions=positions
    )
    carry_all(meridian.company)


def at_work(meridian: Meridian) -> str:
    """Return the number of an incident that is to be mended."""
    number = meridian.start()
    meridian.do(Complete(meridian.task(number, "triage")), "gil")
    return number


def test_a_form_that_was_open_says_what_the_new_version_wants_besides(
    meridian: Meridian, address: str
) -> None:
    number = at_work(meridian)
    task = meridian.task(number, "work")
    with visit(meridian, address, "gil") as client:
        form = fields_of(client.get(f"/tasks/{task}").text, f"/tasks/{task}/complete")
        wanted = {"requires: [closing-code]\n                  discharges": (
            "requires: [closing-code, problem]\n                  discharges"
        )}  # fmt: skip
        change(meridian, wanted)
        late = client.post(f"/tasks/{task}/complete", data={**form, **TYPED})

    assert late.status_code == 422
    assert '<a href="#field-problem">Fill in Problem behind it.</a>' in late.text
    for value in TYPED.values():
        assert f'value="{value}"' in late.text


def test_a_form_of_a_step_with_another_name_is_taken(meridian: Meridian, address: str) -> None:
    number = meridian.start()
    task = meridian.task(number, "triage")
    with visit(meridian, address, "gil") as client:
        form = fields_of(client.get(f"/tasks/{task}").text, f"/tasks/{task}/complete")
        change(meridian, INTAKE)
        late = client.post(f"/tasks/{task}/complete", data={**form, "vendor": "Vendor 1"})

    assert late.status_code == 303
    assert meridian.case(number).fields["vendor"] == "Vendor 1"


def test_work_that_a_change_took_away_shows_what_one_had_typed(
    meridian: Meridian, address: str
) -> None:
    number = meridian.start()
    task = meridian.task(number, "triage")
    with visit(meridian, address, "gil") as client:
        form = fields_of(client.get(f"/tasks/{task}").text, f"/tasks/{task}/complete")
        change(meridian, SOONER, triage="work")
        late = client.post(f"/tasks/{task}/complete", data={**form, **TYPED})

    assert late.status_code == 404
    told = text_of(late)
    assert "This work is no longer open" in told
    assert f"{number} is at" in told
    assert "What you typed is not recorded. Copy what you still need:" in told
    for value in TYPED.values():
        assert value in told


def test_a_field_that_has_another_name_now_keeps_what_was_typed(
    meridian: Meridian, address: str
) -> None:
    number = at_work(meridian)
    task = meridian.task(number, "work")
    with visit(meridian, address, "gil") as client:
        form = fields_of(client.get(f"/tasks/{task}").text, f"/tasks/{task}/complete")
        renamed = {
            "      vendor:           {title: Vendor,": (
                "      supplier:         {was: vendor, title: Vendor,"
            ),
            "change, vendor,": "change, supplier,",
        }
        change(meridian, renamed)
        late = client.post(f"/tasks/{task}/complete", data={**form, **TYPED})

    assert late.status_code == 303
    assert meridian.case(number).fields["supplier"] == "Vendor 1"


def test_people_work_over_the_pages_while_changes_take_effect(
    meridian: Meridian, address: str
) -> None:
    answers: list[tuple[str, httpx.Response]] = []
    over: list[str] = []

    def work(person: str) -> None:
        with visit(meridian, address, person) as client:
            while not over:
                _round(client, answers)

    for _ in range(6):
        meridian.start()
    people = [Thread(target=work, args=(person,)) for person in ("gil", "gwen")]
    for each in people:
        each.start()
    for changes in (SOONER, {**SOONER, **INTAKE}, INTAKE):
        change_model(meridian.company, edited(changes), person="petra", carry_over=CarryOver.NOW)
        while carry_on(meridian.company, 2):
            pass
    over.append("over")
    for each in people:
        each.join()

    failed = [(path, answer.status_code) for path, answer in answers if answer.status_code >= 500]
    assert failed == []
    acted = [answer for path, answer in answers if not path.startswith("GET")]
    assert sum(answer.status_code == 303 for answer in acted) > len(acted) / 2
    assert all(
        "no longer open" in answer.text or answer.status_code in {303, 409, 422} for answer in acted
    )


def _round(client: httpx.Client, answers: list[tuple[str, httpx.Response]]) -> None:
    """Begin an incident, and complete the task that its page leads to."""

    def get(path: str) -> str:
        answers.append((f"GET {path}", client.get(path)))
        return answers[-1][1].text

    def post(path: str, page: str, **typed: str) -> httpx.Response:
        sent = {**fields_of(page, path), **typed}
        answers.append((path, client.post(path, data=sent)))
        return answers[-1][1]

    given = {name: str(value) for name, value in INCIDENT.items()}
    begun = post("/start/incident", get("/start/incident"), **given)
    case = get(begun.headers["location"])
    for task in re.findall(r'href="(/tasks/[0-9a-f-]{36})', case)[:1]:
        page = get(task)
        if f'action="{task}/complete"' in page:
            post(f"{task}/complete", page, vendor="Vendor 1")
