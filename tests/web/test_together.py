"""Two people at one form: nobody undoes the other, and nothing typed is lost."""

import re
from html import unescape

import httpx

from kingpost.decisions.case import Plain
from kingpost.decisions.commands import Complete, Record
from tests.web.meridian import Meridian, key, visit


def filled(page: str, action: str) -> dict[str, str]:
    """Return what a browser would send from a form of which nothing was touched."""
    form = page.split(f'action="{action}"')[1].split("</form>", maxsplit=1)[0]
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if said["type"] in {"hidden", "text", "date", "datetime-local"} or " checked" in tag:
            sent[said["name"]] = unescape(said.get("value", ""))
    for name, options in re.findall(
        r'<select [^>]*name="([^"]*)".*?>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


def text_of(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def fields_of(meridian: Meridian, number: str) -> dict[str, Plain]:
    return dict(meridian.case(number).fields)


def worked(meridian: Meridian) -> tuple[str, str]:
    number = meridian.start()
    meridian.do(Complete(meridian.task(number, "triage")), "gil")
    return number, meridian.task(number, "work")


def test_what_one_did_not_touch_stays_as_the_other_left_it(
    meridian: Meridian, address: str
) -> None:
    number, task = worked(meridian)
    with visit(meridian, address, "gwen") as client:
        sent = filled(client.get(f"/tasks/{task}").text, f"/tasks/{task}/complete")
        assert sent["was.vendor"] == sent["vendor"] == ""
        meridian.do(Record(task, {"vendor": "Vendor 1", "symptom": "It smokes"}), "gil")
        answer = client.post(f"/tasks/{task}/record", data={**sent, "closing-code": "code 6"})

    assert answer.status_code == 303
    found = fields_of(meridian, number)
    assert found["vendor"] == "Vendor 1"
    assert found["symptom"] == "It smokes"
    assert found["closing-code"] == "code 6"


def test_what_both_changed_is_shown_and_the_second_decides(
    meridian: Meridian, address: str
) -> None:
    number, task = worked(meridian)
    with visit(meridian, address, "gwen") as client:
        sent = filled(client.get(f"/tasks/{task}").text, f"/tasks/{task}/complete")
        sent |= {"vendor": "Vendor 2", "closing-code": "code 6"}
        meridian.do(Record(task, {"vendor": "Vendor 1", "symptom": "It smokes"}), "gil")
        stale = client.post(f"/tasks/{task}/complete", data=sent)
        kept = fields_of(meridian, number)
        again = filled(stale.text, f"/tasks/{task}/complete")
        done = client.post(f"/tasks/{task}/complete", data=again)

    assert stale.status_code == 409
    said = text_of(stale)
    assert "This case changed while you were working. Nothing you typed is lost." in said
    assert "Field Yours Now recorded Changed by" in said
    assert re.search(r"Vendor 2\s+Vendor 1\s+Gil Group", said)
    assert kept["vendor"] == "Vendor 1"
    assert kept.get("closing-code") is None
    assert again["vendor"] == "Vendor 2"
    assert again["was.vendor"] == "Vendor 1"
    assert again["closing-code"] == "code 6"
    assert again["symptom"] == "It smokes"
    assert done.status_code == 303
    found = fields_of(meridian, number)
    assert (found["vendor"], found["symptom"]) == ("Vendor 2", "It smokes")


def test_the_same_change_by_both_is_none_to_decide_on(meridian: Meridian, address: str) -> None:
    number, task = worked(meridian)
    with visit(meridian, address, "gwen") as client:
        sent = filled(client.get(f"/tasks/{task}").text, f"/tasks/{task}/complete")
        sent["vendor"] = "Vendor 1"
        meridian.do(Record(task, {"vendor": "Vendor 1"}), "gil")
        first, second = (client.post(f"/tasks/{task}/record", data=sent) for _ in range(2))
        cleared = filled(client.get(f"/tasks/{task}").text, f"/tasks/{task}/complete")
        client.post(f"/tasks/{task}/record", data={**cleared, "vendor": "", "key": key()})

    assert (first.status_code, second.status_code) == (303, 303)
    assert fields_of(meridian, number).get("vendor") is None


def test_what_an_outcome_requires_is_sent_also_when_it_stays(
    meridian: Meridian, address: str
) -> None:
    number = meridian.start()
    task = meridian.task(number, "confirm-priority")
    triage = meridian.task(number, "triage")
    with visit(meridian, address, "gwen") as client:
        sent = filled(client.get(f"/tasks/{task}").text, f"/tasks/{task}/decide")
        sent |= {"outcome": "change", "change.urgency": "low", "reason": "Not pressing"}
        assert sent["change.impact"] == "medium"
        answer = client.post(f"/tasks/{task}/decide", data=sent)

    assert triage
    assert answer.status_code == 303, text_of(answer)
    found = fields_of(meridian, number)
    assert (found["impact"], found["urgency"]) == ("medium", "low")
