"""What people do on the pages: once, by right, with nothing lost, and told in plain words."""

import re
from html import unescape

import httpx

from kingpost.decisions.commands import Complete, Decide, Record
from kingpost.engine.access import set_password
from kingpost.values.identity import derive
from tests.web.meridian import INCIDENT, Meridian, key, visit


def fields_of(page: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the form that is sent to an address."""
    form = page.split(f'action="{action}"')[1].split("</form>", maxsplit=1)[0]
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    }


def text_of(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def test_one_signs_in_with_a_password_and_goes_where_one_wanted(
    meridian: Meridian, address: str
) -> None:
    set_password(meridian.company, "gil", "a long enough secret")
    with visit(meridian, address) as client:
        wrong = client.post("/sign-in", data={"person": "gil", "password": "no", "next": "/org"})
        right = client.post(
            "/sign-in",
            data={"person": "gil", "password": "a long enough secret", "next": "/org"},
        )

        assert wrong.status_code == 401
        assert "The name or the password is not right." in text_of(wrong)
        assert 'value="gil"' in wrong.text
        assert right.headers["location"] == "/org"
        cookie = right.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert client.get("/org").status_code == 200

        client.post("/sign-out")
        assert client.get("/org").status_code == 303


def test_the_door_leads_nowhere_else(meridian: Meridian, address: str) -> None:
    set_password(meridian.company, "gil", "a long enough secret")
    for there in ("//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example"):
        with visit(meridian, address) as client:
            answer = client.post(
                "/sign-in",
                data={"person": "gil", "password": "a long enough secret", "next": there},
            )

            assert answer.headers["location"] == "/"


def test_an_account_to_try_needs_one_click_and_others_cannot_be_tried(
    meridian: Meridian, address: str
) -> None:
    with visit(meridian, address) as client:
        door = client.get("/sign-in?next=/org")
        other = client.post("/sign-in/try", data={"person": "hugo"})
        form = fields_of(door.text, "/sign-in/try")
        answer = client.post("/sign-in/try", data=form)

        assert "Duty officer" in door.text
        assert other.status_code == 403
        assert form == {"person": "dora", "next": "/org"}
        assert answer.headers["location"] == "/org"
        assert "Dora Duty" in client.get("/org").text


def test_a_double_click_acts_once(meridian: Meridian, address: str) -> None:
    with visit(meridian, address, "gil") as client:
        form = fields_of(client.get("/start/incident").text, "/start/incident")
        sent = {**form, **{name: str(value) for name, value in INCIDENT.items()}}
        first, second = (client.post("/start/incident", data=sent) for _ in range(2))

        assert first.headers["location"] == second.headers["location"]
        number = first.headers["location"].rpartition("/")[2]
        task = meridian.task(number, "triage")
        form = fields_of(client.get(f"/tasks/{task}").text, f"/tasks/{task}/complete")
        sent = {**form, "location": "Location 7"}
        first, second = (client.post(f"/tasks/{task}/complete", data=sent) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    assert [event.kind for event in meridian.page(number).events] == ["started", "completed"]


def test_what_was_done_is_told_once(meridian: Meridian, address: str) -> None:
    number = meridian.start()
    task = meridian.task(number, "triage")
    with visit(meridian, address, "gil") as client:
        form = fields_of(client.get(f"/tasks/{task}").text, f"/tasks/{task}/complete")
        answer = client.post(f"/tasks/{task}/complete", data=form)
        told, again = client.get(answer.headers["location"]), client.get("/work")

    assert f"Take in and send on: done. {number} is at" in text_of(told)
    assert "Take in and send on: done." not in text_of(again)


def test_a_refused_form_keeps_what_was_typed_and_says_what_is_missing(
    meridian: Meridian, address: str
) -> None:
    number = meridian.start()
    meridian.do(Complete(meridian.task(number, "triage")), "gil")
    task = meridian.task(number, "work")
    with visit(meridian, address, "gil") as client:
        form = fields_of(client.get(f"/tasks/{task}").text, f"/tasks/{task}/complete")
        answer = client.post(
            f"/tasks/{task}/complete", data={**form, "symptom": "It smokes", "vendor": "Vendor 1"}
        )

    assert answer.status_code == 422
    assert 'value="It smokes"' in answer.text
    assert 'value="Vendor 1"' in answer.text
    assert '<a href="#field-closing-code">Fill in Closing code.</a>' in answer.text
    assert re.search(r'id="error-closing-code">.*Fill in Closing code\.</p>', answer.text)


def test_a_refused_start_keeps_what_was_typed(meridian: Meridian, address: str) -> None:
    with visit(meridian, address, "gil") as client:
        answer = client.post(
            "/start/incident", data={"key": key(), "caller": "Caller 9", "urgency": "low"}
        )

    assert answer.status_code == 422
    assert 'value="Caller 9"' in answer.text
    assert "Fill in Impact." in answer.text


def test_no_form_takes_a_key_of_what_falls_due(meridian: Meridian, address: str) -> None:
    number = meridian.start()
    sent = {"key": str(derive("anything that one can know"))}
    paths = (
        "/start/incident",
        f"/tasks/{meridian.task(number, 'triage')}/assign",
        f"/cases/{number}/repair/propose",
        f"/cases/{number}/repair/confirm",
        "/calls/retry",
    )
    with visit(meridian, address, "gwen") as client:
        for path in paths:
            answer = client.post(path, data=sent)

            assert answer.status_code == 422, path
            why = "The key of this form is Kingpost’s own. Open the page again, and send its form."
            assert why in text_of(answer)


def test_the_second_of_two_learns_who_was_first(meridian: Meridian, address: str) -> None:
    number = meridian.start()
    task = meridian.task(number, "triage")
    with visit(meridian, address, "gwen") as client:
        form = fields_of(client.get(f"/tasks/{task}").text, f"/tasks/{task}/complete")
        meridian.do(Complete(task), "gil")
        late = client.post(f"/tasks/{task}/complete", data=form)
        later = client.get(f"/tasks/{task}?case={number}&step=triage")
        unknown = client.get(f"/tasks/{task}")

    for answer in (late, later):
        assert answer.status_code == 404
        assert "This work is no longer open" in answer.text
        assert "Gil Group was first, at" in text_of(answer)
        assert "Take in and send on: done." in text_of(answer)
        assert f"/cases/{number}" in answer.text
    assert "Somebody finished it, or the case moved on." in text_of(unknown)


def test_a_decision_shows_each_outcome_or_why_not_and_who_may(
    meridian: Meridian, address: str
) -> None:
    task = meridian.task(meridian.start(impact="high", urgency="high"), "confirm-priority")
    with visit(meridian, address, "gil") as client:
        blocked = client.get(f"/tasks/{task}")
        form = fields_of(blocked.text, f"/tasks/{task}/decide")
        forced = client.post(f"/tasks/{task}/decide", data={**form, "outcome": "confirm"})
    with visit(meridian, address, "ines") as client:
        free = client.get(f"/tasks/{task}")

    why = (
        "Service Desk may take “It is right” only when Impact is not high. "
        "Incident manager may take it here."
    )
    assert why in text_of(blocked)
    assert blocked.text.count("disabled") >= 3
    assert "/org/posts/incident-manager" in blocked.text
    assert forced.status_code == 422
    assert why in text_of(forced)
    assert "only when" not in text_of(free)
    assert "disabled" not in free.text


def test_a_decision_without_its_reason_comes_back_whole(meridian: Meridian, address: str) -> None:
    task = meridian.task(meridian.start(), "confirm-priority")
    with visit(meridian, address, "gil") as client:
        form = fields_of(client.get(f"/tasks/{task}").text, f"/tasks/{task}/decide")
        sent = {**form, "outcome": "change", "change.impact": "low", "change.urgency": "low"}
        answer = client.post(f"/tasks/{task}/decide", data=sent)
        nothing = client.post(f"/tasks/{task}/decide", data={**form, "key": key()})

    assert answer.status_code == 422
    assert '<a href="#field-reason">Give the reason.</a>' in answer.text
    assert re.search(r'name="change.impact" value="low" checked', answer.text)
    assert re.search(r'name="outcome" value="change" checked', answer.text)
    assert "Choose one first." in text_of(nothing)


def test_who_decides_on_old_facts_sees_what_changed(meridian: Meridian, address: str) -> None:
    number = meridian.start()
    task, triage = meridian.task(number, "confirm-priority"), meridian.task(number, "triage")
    with visit(meridian, address, "gwen") as client:
        form = fields_of(client.get(f"/tasks/{task}").text, f"/tasks/{task}/decide")
        meridian.do(Record(triage, {"category": "Category 9"}), "gil")
        answer = client.post(f"/tasks/{task}/decide", data={**form, "outcome": "confirm"})

    assert answer.status_code == 422
    said = text_of(answer)
    assert "What you were shown has changed since you opened it." in said
    assert re.search(r"Category\s+Category 55\s+Category 9\s+Gil Group", said)


def test_held_work_offers_its_endings_and_a_wait_its_messages(
    meridian: Meridian, address: str
) -> None:
    numbers = meridian.busy()
    held = meridian.task(numbers["held"], "work")
    wait = meridian.task(numbers["tried"], "confirmation")
    with visit(meridian, address, "gil") as client:
        page = client.get(f"/tasks/{held}")
        assert "The vendor has delivered" in page.text
        form = fields_of(page.text, f"/tasks/{held}/record")
        answer = client.post(f"/tasks/{held}/resolve", data={**form, "ending": "answered"})
        assert answer.status_code == 303

        page = client.get(f"/tasks/{wait}")
        assert "It does not work" in page.text
        form = fields_of(page.text, f"/tasks/{wait}/record")
        answer = client.post(f"/tasks/{wait}/deliver", data={**form, "message": "caller-disagrees"})
        assert answer.status_code == 303

    assert meridian.page(numbers["held"]).state == "active"
    assert [item.step for item in meridian.page(numbers["tried"]).work] == ["rework"]


def test_work_is_taken_on_and_laid_back_where_one_stands(meridian: Meridian, address: str) -> None:
    task = meridian.task(meridian.start(), "triage")
    with visit(meridian, address, "gil") as client:
        page = client.get("/work?view=unassigned")
        form = fields_of(page.text, f"/tasks/{task}/assign")
        answer = client.post(f"/tasks/{task}/assign", data=form)
        told = client.get(answer.headers["location"])
        undo = fields_of(told.text, f"/tasks/{task}/assign")
        client.post(f"/tasks/{task}/assign", data=undo)
        again = client.get("/work?view=mine")

    assert answer.headers["location"] == "/work?view=unassigned"
    assert "Take in and send on: taken on." in text_of(told)
    assert undo["mine"] == "no"
    assert f"task-{task}" not in again.text


def test_only_who_may_appoints_and_ends(meridian: Meridian, address: str) -> None:
    wish = {"person": "nora", "post": "group-70", "from": "", "until": "", "acting": "no"}
    with visit(meridian, address, "gil") as client:
        assert "Appoint someone" not in client.get("/org/posts/group-70").text
        assert client.post("/org/appointments", data=wish).status_code == 422
    with visit(meridian, address, "dora") as client:
        assert "Appoint someone" in client.get("/org/posts/group-70").text
        unknown = client.post("/org/appointments", data={**wish, "person": "nobody"})
        assert unknown.status_code == 422
        assert "There is no person “nobody” in the register." in text_of(unknown)
        assert client.post("/org/appointments", data=wish).status_code == 303
        page = client.get("/org/posts/group-70")
        end = re.search(
            r'"(/org/appointments/[0-9a-f-]+/end)" data-confirm="End the appointment of Nora',
            page.text,
        )
        assert end is not None
    with visit(meridian, address, "gil") as client:
        assert client.post(end[1], data={"post": "group-70"}).status_code == 409
        assert client.post(end[1], data={"post": "employee"}).status_code == 404
    with visit(meridian, address, "nora") as client:
        assert client.get("/work").status_code == 200
        with visit(meridian, address, "dora") as superior:
            assert superior.post(end[1], data={"post": "group-70"}).status_code == 303
        assert client.get("/work").status_code == 403


def test_one_lends_one_s_authority_and_takes_it_back(meridian: Meridian, address: str) -> None:
    task = meridian.task(meridian.start(impact="high", urgency="high"), "confirm-priority")
    wish = {
        "post": "incident-manager", "person": "gwen", "until": "2040-03-05", "reason": "Leave",
        "what": "outcome/incident/confirm-priority/confirm",
    }  # fmt: skip
    with visit(meridian, address, "ines") as client:
        mine = client.get("/people/ines")
        assert "Delegate for a time" in mine.text
        assert "Delegate for a time" not in client.get("/people/gwen").text
        endless = client.post("/org/delegations", data={**wish, "until": ""})
        assert endless.status_code == 422
        assert "The end is missing. Name the first day without it." in text_of(endless)
        assert 'value="gwen"' in endless.text
        assert client.post("/org/delegations", data=wish).status_code == 303
        page = client.get("/people/ines")
        back = re.search(r'"(/org/delegations/[0-9a-f-]+/end)"', page.text)
        assert back is not None
    with visit(meridian, address, "gwen") as client:
        assert task in client.get("/work").text
        sent = fields_of(client.get(f"/tasks/{task}").text, f"/tasks/{task}/decide")
        client.post(f"/tasks/{task}/decide", data={**sent, "outcome": "confirm"})
        assert client.post(back[1], data={"post": "incident-manager"}).status_code == 409
    with visit(meridian, address, "ines") as client:
        assert client.post(back[1], data={"post": "employee"}).status_code == 404
        assert client.post(back[1], data={"post": "incident-manager"}).status_code == 303
        again = client.post(back[1], data={"post": "incident-manager"})
        assert "This delegation has ended already." in text_of(again)
        assert "ended by ines" in text_of(client.get("/org/posts/incident-manager"))


def test_one_is_away_and_back(meridian: Meridian, address: str) -> None:
    with visit(meridian, address, "dora") as client:
        wrong = client.post("/org/absences", data={"away-from": "2040-03-05", "away-until": "x"})
        noted = client.post("/org/absences", data={"away-from": "", "away-reason": "Ill"})
        page = client.get("/people/dora")
        posts = client.get("/org")
        back = re.search(r'"(/org/absences/[0-9a-f-]+/end)"', page.text)
        assert back is not None
        assert client.post(back[1], data={}).status_code == 303
        again = client.post(back[1], data={})
    with visit(meridian, address, "gil") as client:
        assert client.post(back[1], data={}).status_code == 404
        assert "Be away" not in client.get("/people/dora").text

    assert wrong.status_code == 422
    assert "“x” is not a day." in text_of(wrong)
    assert noted.status_code == 303
    assert "I am back" in text_of(page)
    assert "While everybody is away, Incident manager acts." in text_of(posts)
    assert "This absence has ended already." in text_of(again)


def test_a_page_tells_who_answered_on_a_day(meridian: Meridian, address: str) -> None:
    number = meridian.start()
    with visit(meridian, address, "gil") as client:
        asking = client.get("/org/who")
        case = client.get(f"/org/who?of=case/{number}")
        answer = client.get("/org/who?of=workflow/incident/step/work&on=2023-05-01&known=")
        vacant = client.get("/org/who?of=group-20&on=2023-05-01")
        unknown = client.get("/org/who?of=group-700&on=2023-05-01")
        no_day = client.get("/org/who?of=group-70&on=yesterday")

    assert f"{number}, Incident resolution, on" in text_of(case)
    assert "Service Desk Take in and send on" in text_of(case)
    assert "The day is one in " in text_of(case)
    assert asking.status_code == 200
    assert "Nobody was" not in asking.text
    assert "on 1 May 2023" in text_of(answer)
    assert "Gil Group" in text_of(answer)
    assert "for the vacant" in text_of(vacant)
    assert "Dora Duty" in text_of(vacant)
    assert unknown.status_code == 404
    assert "The model that ran then has no “group-700”. Write “Service Desk”." in text_of(unknown)
    assert no_day.status_code == 422
    assert "This is not a day." in text_of(no_day)


def test_one_acts_in_the_post_that_one_chose(meridian: Meridian, address: str) -> None:
    task = meridian.task(meridian.start(impact="high", urgency="high"), "confirm-priority")
    with visit(meridian, address, "ines") as client:
        client.post("/seat", data={"post": "group-70", "back": "/work"})
        narrow = client.get(f"/tasks/{task}")
        client.post("/seat", data={"post": "incident-manager", "back": "/work"})
        wide = client.get(f"/tasks/{task}")

    assert "only when Impact is not high" in text_of(narrow)
    assert "only when" not in text_of(wide)


def test_a_number_in_the_search_opens_its_case(meridian: Meridian, address: str) -> None:
    number = meridian.start()
    with visit(meridian, address, "dora") as client:
        found = client.get("/search", params={"q": number.lower()})
        several = client.get("/search", params={"q": "Caller 24"})

    assert found.headers["location"] == f"/cases/{number}"
    assert number in several.text


def test_a_step_on_the_map_filters_the_list(meridian: Meridian, address: str) -> None:
    numbers = meridian.busy()
    with visit(meridian, address, "dora") as client:
        page = text_of(client.get("/processes/incident?step=work"))

    assert "Cases at Find out and mend" in page
    assert numbers["worked"] in page
    assert numbers["fresh"] not in page
    assert "Time in state" in page


def test_decided_cases_are_kept_with_their_grounds(meridian: Meridian, address: str) -> None:
    number = meridian.start()
    meridian.do(Decide(meridian.task(number, "confirm-priority"), "confirm"), "gil")
    with visit(meridian, address, "dora") as client:
        page = text_of(client.get(f"/cases/{number}"))

    assert "Is the priority right? It is right" in page
    assert "Within one’s authority: Impact is not high." in page
