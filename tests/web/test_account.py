"""One's own account: where one is signed in, tokens, and the password."""

import re

import httpx
import pytest

from kingpost.engine import access
from tests.web.meridian import Meridian, key, now, visit

OLD, NEW = "a long enough secret", "other horses eat staples"


def send(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    return client.post(path, data={"key": key(), **fields})


def test_somebody_sees_where_they_are_signed_in_and_ends_it(
    meridian: Meridian, address: str
) -> None:
    company = meridian.company
    elsewhere = access.open_session(company, person="gil", now=now(), device="Firefox on Linux")
    access.open_session(company, person="dora", now=now(), device="Edge on Windows")
    with visit(meridian, address, "gil") as client:
        shown = client.get("/account").text
        assert "Firefox on Linux" in shown
        assert "This browser" in shown
        assert "Edge on Windows" not in shown

        [path] = re.findall(r'action="(/account/sessions/[0-9a-f]{64}/end)"', shown)
        assert send(client, path).status_code == 303
        assert access.who(company, elsewhere.token) is None
        again = send(client, path)

        assert again.status_code == 409
        assert "This session has ended already." in again.text
        assert client.get("/account").status_code == 200


def test_nobody_ends_a_session_of_somebody_else(meridian: Meridian, address: str) -> None:
    company = meridian.company
    hers = access.open_session(company, person="dora", now=now())
    [session] = access.open_sessions(company, "dora")
    with visit(meridian, address, "gil") as client:
        answer = send(client, f"/account/sessions/{session.id}/end")
        odd = send(client, "/account/sessions/no-hex/end")

    assert answer.status_code == odd.status_code == 409
    assert access.who(company, hers.token) is not None


def test_everything_elsewhere_ends_at_once_and_tokens_stay(
    meridian: Meridian, address: str
) -> None:
    company = meridian.company
    others = [access.open_session(company, person="gil", now=now()).token for _ in range(2)]
    token = access.open_session(company, person="gil", name="reports", now=now()).token
    with visit(meridian, address, "gil") as client:
        answer = send(client, "/account/sessions/end-others")

        assert "2 sessions have ended." in answer.text
        assert "Sign out everywhere else" not in answer.text
        assert [access.who(company, each) for each in others] == [None, None]
        assert access.who(company, token) is not None


def test_a_password_is_changed_by_who_knows_the_old_one(meridian: Meridian, address: str) -> None:
    company = meridian.company
    access.set_password(company, "gil", OLD)
    elsewhere = access.open_session(company, person="gil", now=now())
    with visit(meridian, address, "gil") as client:
        wrong = send(client, "/account/password", old="not it at all", new=NEW, again=NEW)
        assert wrong.status_code == 422
        assert "This is not your password." in wrong.text
        assert access.who(company, elsewhere.token) is not None

        done = send(client, "/account/password", old=OLD, new=NEW, again=NEW)
        assert done.status_code == 200
        assert "The password is changed." in done.text
        assert "1 session or token elsewhere ended." in done.text

    assert access.who(company, elsewhere.token) is None
    assert access.sign_in(company, "gil", NEW, now=now())
    with pytest.raises(access.NotSignedInError):
        access.sign_in(company, "gil", OLD, now=now())


@pytest.mark.parametrize(
    ("new", "again", "words"),
    [
        (NEW, NEW + "x", "This is not the same as above."),
        ("short", "short", "A password has 8 to 200 characters."),
        ("x" * 201, "x" * 201, "A password has 8 to 200 characters."),
        ("kingpost2026", "kingpost2026", "This password would soon be guessed. Take several words"),
    ],
)
def test_a_password_that_will_not_do_is_refused_in_words(
    meridian: Meridian, address: str, new: str, again: str, words: str
) -> None:
    access.set_password(meridian.company, "gil", OLD)
    with visit(meridian, address, "gil") as client:
        answer = send(client, "/account/password", old=OLD, new=new, again=again)

    assert answer.status_code == 422
    assert words in answer.text
    assert access.sign_in(meridian.company, "gil", OLD, now=now())


def test_a_token_is_shown_once_and_acts_as_its_maker(meridian: Meridian, address: str) -> None:
    access.set_password(meridian.company, "gil", OLD)
    with visit(meridian, address, "gil") as client:
        wish = {"name": "Monthly report", "days": "7"}
        open_browser = send(client, "/account/tokens", **wish, secret="not it at all")
        assert open_browser.status_code == 422
        assert "This is not your password." in open_browser.text
        made = send(client, "/account/tokens", **wish, secret=OLD).text
        [token] = re.findall(r"<code>([\w-]{43})</code>", made)
        later = client.get("/account").text

    assert token not in later
    assert "Monthly report" in later
    assert "Revoke" in later
    session = access.who(meridian.company, token)
    assert session is not None
    assert session.person == "gil"


@pytest.mark.parametrize("days", ["0", "91", "-1", "1e3", "", "many", "9" * 400])
def test_a_token_lasts_some_days_and_what_was_typed_stays(
    meridian: Meridian, address: str, days: str
) -> None:
    with visit(meridian, address, "gil") as client:
        answer = send(client, "/account/tokens", name="Monthly report", days=days)

    assert answer.status_code == 422
    assert "Write a number of days from 1 to 90." in answer.text
    assert 'value="Monthly report"' in answer.text


def test_who_holds_no_post_keeps_an_account(meridian: Meridian, address: str) -> None:
    with visit(meridian, address, "nora") as client:
        assert client.get("/account").status_code == 200
        assert send(client, "/account/sessions/end-others").status_code == 200


def test_a_browser_is_named_as_its_owner_knows_it(meridian: Meridian, address: str) -> None:
    access.set_password(meridian.company, "gil", OLD)
    agent = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    )
    with visit(meridian, address) as client:
        data = {"person": "gil", "password": OLD, "next": "/"}
        client.post("/sign-in", data=data, headers={"User-Agent": agent})

    [session] = access.open_sessions(meridian.company, "gil")
    assert session.device == "Edge on Windows"
