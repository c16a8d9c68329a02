"""What comes in from the world: odd signs, foreign names, too much at once, and no database."""

import time
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from kingpost.web.app import create_web
from kingpost.web.serving.arriving import BODY_BYTES_MAX
from kingpost.web.serving.headers import NOT_THIS_NAME, POLICY
from tests.database import Database
from tests.web.meridian import Meridian, key, now, visit


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/cases?text=%00", 200),
        ("/cases?state=%00", 200),
        ("/cases?text=INC%00-%ED%A0%80%1B", 200),
        ("/work?text=%00", 200),
        ("/work?%00=%00", 200),
        ("/org?q=%00", 200),
        ("/cases/a%00b", 404),
        ("/cases/a%ED%A0%80", 404),
        ("/people/a%00", 404),
        ("/org/posts/%00", 404),
        ("/processes/incident?step=%00", 200),
    ],
)
def test_signs_that_no_text_holds_do_no_harm_in_an_address(
    meridian: Meridian, address: str, path: str, status: int
) -> None:
    with visit(meridian, address, "dora") as client:
        assert client.get(path).status_code == status


def test_signs_that_no_text_holds_do_no_harm_in_a_form(meridian: Meridian, address: str) -> None:
    number = meridian.start()
    task = meridian.task(number, "triage")
    with visit(meridian, address) as client:
        door = client.post("/sign-in", data={"person": "do\x00ra", "password": "\x00"})
        assert door.status_code == 401
    with visit(meridian, address, "dora") as client:
        assert client.post("/seat", data={"post": "\x00", "back": "/org"}).status_code == 303
        wish = {"person": "no\x00body", "post": "group-70", "from": "", "until": "\x00"}
        assert client.post("/org/appointments", data=wish).status_code == 422
        raised = {"exception": "\x00", "because": "\x00", "key": "\x00"}
        assert client.post(f"/tasks/{task}/raise", data=raised).status_code == 404
        halves = b'--b\r\nContent-Disposition: form-data; name="person"\r\n\r\n\\ud800\r\n--b--\r\n'
        kind = "multipart/form-data; boundary=b; charset=raw_unicode_escape"
        answer = client.post("/sign-in", content=halves, headers={"Content-Type": kind})
        assert answer.status_code == 401


@pytest.mark.parametrize("until", ["2030-01-01", "2029-12-31"])
def test_an_appointment_that_ends_before_it_begins_is_refused_in_words(
    meridian: Meridian, address: str, until: str
) -> None:
    wish = {"person": "nora", "post": "group-70", "from": "2030-01-01", "until": until}
    with visit(meridian, address, "dora") as client:
        answer = client.post("/org/appointments", data=wish)

    assert answer.status_code == 422
    words = "The appointment would end before it begins, on 1 January 2030."
    assert f"{words} Choose a later day for its end." in answer.text
    assert until in answer.text


def test_while_the_database_is_away_everybody_is_told_so_at_once(
    meridian: Meridian, address: str
) -> None:
    with visit(meridian, address, "dora") as client, visit(meridian, address) as stranger:
        meridian.company.database.close()
        began = time.monotonic()
        for visitor in (client, stranger):
            for path in ("/work", "/sign-in", "/cases?text=a"):
                answer = visitor.get(path)
                if visitor is stranger and answer.status_code == 303:
                    # Who brings no session is sent to the door without asking the database.
                    answer = visitor.get(answer.headers["location"])

                assert answer.status_code == 503, path
                assert "Kingpost cannot reach its database." in answer.text
                assert "in a moment" in answer.text
                assert answer.headers["retry-after"] == "5"
                assert answer.headers["content-security-policy"] == POLICY
        assert client.get("/nowhere").status_code == 503
        assert client.post("/seat", data={"post": ""}).status_code == 503
        assert time.monotonic() - began < 5

        waited = time.monotonic() + 5
        while stranger.get("/work").status_code != 503 and time.monotonic() < waited:
            time.sleep(0.1)
        # By now it is known without asking.
        assert stranger.get("/work").status_code == 503


def test_a_full_disk_is_told_as_what_it_is(
    meridian: Meridian, address: str, database: Database
) -> None:
    task = meridian.task(meridian.start(), "triage")
    with psycopg.connect(database.owner_url, autocommit=True) as owner:
        owner.execute("""
            CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'could not extend file';
            END $$;
            CREATE TRIGGER fill BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION fill();
        """)

    with visit(meridian, address, "dora") as client:
        answer = client.post(f"/tasks/{task}/assign", data={"key": key()})

    assert answer.status_code == 507
    words = "The disk of the database is full. Nothing of what you sent was recorded."
    assert words in answer.text
    assert "Tell whoever runs Kingpost to make room; then send it once more." in answer.text


def get_as(address: str, host: str) -> int:
    split = urlsplit(address)
    with closing(HTTPConnection(str(split.hostname), split.port, timeout=10)) as connection:
        connection.request("GET", "/sign-in", headers={"Host": host})
        return connection.getresponse().status


def test_the_pages_answer_under_known_names_only(meridian: Meridian, address: str) -> None:
    for host in ("127.0.0.1", "localhost:8000", "LOCALHOST", "[::1]", "[::1]:80"):
        assert get_as(address, host) == 200, host
    for host in ("elsewhere.example", "127.0.0.1.elsewhere.example", "localhost.", "::1", ""):
        assert get_as(address, host) == 400, host
    with visit(meridian, address) as client:
        del client.headers["Sec-Fetch-Site"]
        foreign = {"Host": "elsewhere.example", "Origin": "http://elsewhere.example"}
        answer = client.post("/theme", data={"theme": "dark"}, headers=foreign)

    assert answer.status_code == 400
    assert answer.text == NOT_THIS_NAME


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_further_names_can_be_allowed(meridian: Meridian, anyio_backend: str) -> None:
    web = create_web(meridian.company, now, hosts=("Desk.Example",))
    transport = httpx.ASGITransport(web)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client:
        assert (await client.get("/sign-in")).status_code == 200
        origin = {"Origin": "http://desk.example"}
        answer = await client.post("/theme", data={"theme": "dark"}, headers=origin)
        assert answer.status_code == 303


def test_too_much_at_once_is_refused(meridian: Meridian, address: str) -> None:
    text = b"theme=" + b"a" * BODY_BYTES_MAX
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    with visit(meridian, address, "dora") as client:
        declared = client.post("/theme", content=text, headers=kind)
        in_pieces = client.post("/theme", content=iter([text[:9], text[9:]]), headers=kind)
        enough = client.post("/theme", content=text[:-6], headers=kind)

    for answer in (declared, in_pieces):
        assert answer.status_code == 413
        assert "What you sent is larger than 1 MB. Nothing was changed." in answer.text
        assert answer.headers["content-security-policy"] == POLICY
    assert enough.status_code == 303


def test_one_acts_in_a_post_that_one_holds_only(meridian: Meridian, address: str) -> None:
    with visit(meridian, address, "ines") as client:
        mine = client.post("/seat", data={"post": "group-70", "back": "/org"})
        other = client.post("/seat", data={"post": "duty-officer", "back": "/org"})
        still = client.get("/org")
        none = client.post("/seat", data={"post": "", "back": "/org"})

    assert mine.headers["location"] == none.headers["location"] == "/org"
    assert other.status_code == 409
    assert "You do not hold the post “Duty officer”, so you cannot act in it." in other.text
    assert 'value="group-70"' in still.text
