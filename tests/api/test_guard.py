"""Who may use which route, and that the document tells it."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fastapi.routing import APIRoute

from kingpost.api.app import ROUTERS
from kingpost.engine import register
from tests.api.front import Front, problem
from tests.engine.office import key

# For each route: whether it needs a token, a person, and a post; or a signature, whatever token
# comes with it. A route that is not here fails.
OPEN, SIGNED_IN, PERSON, HOLDER, SYSTEM = "open", "signed in", "person", "holder", "system"
SIGNED = "signed"
GUARDS: Mapping[str, str] = {
    "GET /health": OPEN,
    "POST /session": OPEN,
    "GET /session": SIGNED_IN,
    "DELETE /session": SIGNED_IN,
    "PUT /session/acting-as": PERSON,
    "PUT /session/password": PERSON,
    "GET /sessions": PERSON,
    "DELETE /sessions/{session}": PERSON,
    "POST /cases": SIGNED_IN,
    "POST /tasks/{task}/deliver": SIGNED_IN,
    "POST /tasks/{task}/complete": PERSON,
    "POST /tasks/{task}/decide": PERSON,
    "POST /tasks/{task}/record": PERSON,
    "POST /tasks/{task}/assign": PERSON,
    "POST /tasks/{task}/raise": SIGNED_IN,
    "POST /tasks/{task}/resolve": SIGNED_IN,
    "POST /tasks/{task}/override/preview": PERSON,
    "POST /tasks/{task}/override": PERSON,
    "POST /cases/{number}/overrides/{event}/confirm": PERSON,
    "POST /tasks/{task}/review": PERSON,
    "POST /cases/{number}/repairs/preview": PERSON,
    "POST /cases/{number}/repairs": PERSON,
    "POST /cases/{number}/repairs/{event}/confirm": PERSON,
    "POST /cases/{number}/carry-over": PERSON,
    "GET /changes/{change}": HOLDER,
    "GET /plans": HOLDER,
    "GET /plans/{plan}": HOLDER,
    "POST /plans/{plan}/apply": PERSON,
    "GET /plans/{plan}/proposal": HOLDER,
    "GET /proposals/waiting": HOLDER,
    "POST /plans/{plan}/propose": PERSON,
    "POST /plans/{plan}/approve": PERSON,
    "POST /plans/{plan}/reject": PERSON,
    "POST /plans/{plan}/withdraw": PERSON,
    "POST /plans/{plan}/comment": PERSON,
    "GET /exceptions": HOLDER,
    "POST /exceptions/acts": HOLDER,
    "GET /exceptions/acts/{batch}": HOLDER,
    "POST /exceptions/acts/{batch}/go-on": HOLDER,
    "POST /cases/{number}/overrides/{event}/decline": PERSON,
    "POST /cases/{number}/repairs/{event}/decline": PERSON,
    "GET /exceptions/reviews": HOLDER,
    "GET /calls": HOLDER,
    "POST /calls/retry": PERSON,
    "POST /calls/give-up": PERSON,
    "POST /messages": SYSTEM,
    "POST /inbound/{interface}": SIGNED,
    "GET /messages": HOLDER,
    "POST /messages/{message}/drop": PERSON,
    "GET /worklist": HOLDER,
    "GET /tasks/{task}": HOLDER,
    "GET /cases": HOLDER,
    "GET /cases/{number}": HOLDER,
    "GET /processes": HOLDER,
    "GET /processes/{workflow}": HOLDER,
    "GET /objectives": HOLDER,
    "GET /metrics/{metric}": HOLDER,
    "GET /obligations": HOLDER,
    "GET /obligations/{obligation}": HOLDER,
    "GET /alarms": HOLDER,
    "GET /organisation": HOLDER,
    "GET /organisation/changes": HOLDER,
    "GET /organisation/appointable": HOLDER,
    "GET /organisation/posts/{post}": HOLDER,
    "GET /organisation/posts/{post}/appointments": HOLDER,
    "GET /organisation/posts/{post}/holders": HOLDER,
    "GET /organisation/posts/{post}/succession": HOLDER,
    "POST /organisation/posts/{post}/appointments": HOLDER,
    "POST /organisation/posts/{post}/appointments/{appointment}/end": HOLDER,
    "GET /organisation/posts/{post}/delegations": HOLDER,
    "POST /organisation/posts/{post}/delegations": HOLDER,
    "POST /organisation/posts/{post}/delegations/{delegation}/end": HOLDER,
    "GET /organisation/accountable": HOLDER,
    "POST /organisation/people/{person}/absences": HOLDER,
    "POST /organisation/people/{person}/absences/{absence}/end": HOLDER,
    "GET /organisation/people": HOLDER,
    "GET /organisation/people/{person}": HOLDER,
    "GET /workflows": HOLDER,
    "GET /model/versions": HOLDER,
    "GET /model/versions/{version}": HOLDER,
    "GET /model/versions/{version}/changes": HOLDER,
    "GET /imports": HOLDER,
    "GET /imports/{run}/deviations": HOLDER,
}
# What stands in the places of a path; the rest is a word that names nothing.
PLACES = {
    "task": str(key()),
    "message": str(key()),
    "batch": str(key()),
    "change": str(key()),
    "event": "2",
    "appointment": str(key()),
    "run": str(key()),
}
# What a route cannot do without.
QUERIES: Mapping[str, str] = {
    "GET /organisation/accountable": "?address=post/lead&on=2020-01-06",
}
# A body that is sound, so that the guard is what answers.
BODIES: Mapping[str, object] = {
    **{
        f"POST /plans/{{plan}}/{act}": {"reason": "x"}
        for act in ("propose", "approve", "reject", "withdraw", "comment")
    },
    "POST /session": {"person": "anna", "password": "x"},
    "PUT /session/acting-as": {"post": None},
    "PUT /session/password": {"old": "x", "new": "other horses eat staples"},
    "POST /messages": {"message": "arrived", "value": "P-1"},
    "POST /messages/{message}/drop": {"reason": "not ours"},
    "POST /cases": {"workflow": "nothing"},
    "POST /cases/{number}/overrides/{event}/decline": {"reason": "x"},
    "POST /cases/{number}/repairs/{event}/decline": {"reason": "x"},
    "POST /tasks/{task}/deliver": {"message": "x"},
    "POST /tasks/{task}/decide": {"outcome": "x"},
    "POST /tasks/{task}/override": {"outcome": "x"},
    "POST /tasks/{task}/override/preview": {"outcome": "x"},
    "POST /tasks/{task}/review": {"finding": "kept"},
    "POST /tasks/{task}/assign": {"mine": True},
    "POST /cases/{number}/carry-over": {"reason": "x"},
    "POST /tasks/{task}/raise": {"exception": "x"},
    "POST /tasks/{task}/resolve": {"ending": "x"},
    "POST /organisation/posts/{post}/appointments": {"person": "ben"},
}


def routes() -> Iterator[str]:
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            for method in route.methods or ():
                yield f"{method} {route.path}"


def status(front: Front, name: str, token: str) -> int:
    method, _, path = name.partition(" ")
    parts = [
        PLACES.get(part.strip("{}"), "nothing") if part.startswith("{") else part
        for part in path.split("/")
    ]
    body = BODIES.get(name, None if method in {"GET", "DELETE"} else {})
    headers = {"Idempotency-Key": str(key())}
    address = "/".join(parts) + QUERIES.get(name, "")
    answer = front.call(method, address, token=token, json=body, headers=headers)
    if answer.status_code >= 400:
        problem(answer)
    return answer.status_code


def test_every_route_stands_in_the_table() -> None:
    assert set(routes()) == set(GUARDS)


def test_every_route_asks_for_what_the_table_says(front: Front) -> None:
    register.keep_people(front.office.company, [("nora", "Nora")])

    for name, guard in GUARDS.items():
        nobody = status(front, name, "")
        machine = status(front, name, front.token(interface="portal"))
        stranger = status(front, name, front.token("nora"))

        assert name == "POST /session" or (nobody == 401) == (guard != OPEN), name
        assert name == "POST /session" or (machine == 403) == (guard in {PERSON, HOLDER}), name
        assert (stranger == 403) == (guard in {HOLDER, SYSTEM}), name
        assert (stranger == 401) == (guard == SIGNED) or name == "POST /session", name


def test_a_holder_reads_every_address_or_finds_nothing(front: Front) -> None:
    for name in GUARDS:
        if name.startswith("GET"):
            expected = {404} if "{" in name else {200}
            assert status(front, name, front.token("leo")) in expected, name


@pytest.fixture
def document(front: Front) -> Mapping[str, Any]:
    return front.call("GET", "/openapi.json").json()


def test_the_document_is_whole(document: Mapping[str, Any]) -> None:
    operations = list(_operations(document))

    assert document["openapi"].startswith("3.1.")
    assert {name for name, _ in operations} == set(GUARDS)
    names = [operation["operationId"] for _, operation in operations]
    assert len(names) == len(set(names))
    for reference in _references(document):
        _follow(document, reference)


def test_every_route_tells_what_it_does_and_how_it_says_no(document: Mapping[str, Any]) -> None:
    for name, operation in _operations(document):
        guard = GUARDS[name]
        expected = {"401"} if guard != OPEN else set[str]()
        expected |= {"403"} if guard in {PERSON, HOLDER} else set()
        expected |= {"422", "413"} if name.startswith(("POST", "PUT")) else set()
        expected |= {"404"} if "{" in name else set()

        assert operation["summary"][0].isupper(), name
        assert operation["tags"], name
        assert expected <= set(operation["responses"]), name
        for code, response in operation["responses"].items():
            if code >= "4":
                (media,) = response["content"]
                assert media == "application/problem+json", name


def test_every_place_of_a_path_is_a_parameter(document: Mapping[str, Any]) -> None:
    for name, operation in _operations(document):
        places = {part.strip("{}") for part in name.split("/") if part.startswith("{")}
        told = {item["name"] for item in operation.get("parameters", ()) if item["in"] == "path"}
        assert told == places, name


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def _references(part: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(part, dict):
        for name, value in part.items():  # pyright: ignore[reportUnknownVariableType]
            if name == "$ref":
                yield str(value)  # pyright: ignore[reportUnknownArgumentType]
            else:
                yield from _references(value)
    elif isinstance(part, list):
        for value in part:  # pyright: ignore[reportUnknownVariableType]
            yield from _references(value)


def _follow(document: Mapping[str, Any], reference: str) -> None:
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
