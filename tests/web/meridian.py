"""The example company at work: a handful of people, a few incidents, and its pages."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Thread
from time import sleep
from uuid import uuid4  # noqa: TID251 - a request's key comes from outside.

import httpx
import uvicorn

from kingpost.decisions.case import Case, Plain
from kingpost.decisions.commands import Command, Complete, Decide, Deliver, Raise, Start
from kingpost.engine import register
from kingpost.engine.access import open_session
from kingpost.engine.company import Company
from kingpost.engine.perform import Asked, Done, perform
from kingpost.engine.register import Appointment
from kingpost.model.model import Model
from kingpost.notation.reading import read_model
from kingpost.queries.case_page import CasePage, read_case_page
from kingpost.store import cases
from kingpost.store.pool import Database
from kingpost.web.app import create_web
from kingpost.web.pages.sign_in import DemoAccount

EXAMPLE = Path(__file__).parents[2] / "examples" / "service-desk"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

# Who holds what; nobody leads group 20, so its work falls to the duty officer.
PEOPLE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "dora": ("Dora Duty", ("duty-officer",)),
    "ines": ("Ines Incident", ("incident-manager", "group-70")),
    "hugo": ("Hugo Head", ("head-of-service",)),
    "petra": ("Petra Process", ("process-owner",)),
    "gil": ("Gil Group", ("group-70",)),
    "gwen": ("Gwen Group", ("group-70",)),
    "emil": ("Emil Employee", ("employee",)),
    "nora": ("Nora Nobody", ()),
}
DEMO = (
    DemoAccount("dora", "Dora Duty", "Duty officer"),
    DemoAccount("gil", "Gil Group", "Service Desk"),
    DemoAccount("ines", "Ines Incident", "Incident manager"),
)
INCIDENT: Mapping[str, Plain] = {
    "caller": "Caller 2403",
    "location": "Location 143",
    "category": "Category 55",
    "subcategory": "Subcategory 170",
    "symptom": "The printer prints nothing",
    "impact": "medium",
    "urgency": "medium",
    "assignment-group": "group-70",
}


@cache
def model() -> Model:
    texts = {path.name: path.read_text(encoding="utf-8") for path in EXAMPLE.glob("*.yaml")}
    reading = read_model(texts)
    assert reading.model is not None, [str(item) for item in reading.diagnostics]
    return reading.model


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a test is where the program is started.


@dataclass
class Meridian:
    """The example company in a database of its own."""

    company: Company

    @classmethod
    def opened(cls, database: Database) -> "Meridian":
        company = Company(database)
        company.load(model())
        register.keep_people(company, ((name, shown) for name, (shown, _) in PEOPLE.items()))
        wishes = [
            Appointment(name, post, LONG_AGO)
            for name, (_, posts) in PEOPLE.items()
            for post in posts
        ]
        register.appoint(company, wishes, by="test")
        return cls(company)

    def do(self, command: Command, person: str) -> Done:
        workflow = "incident" if isinstance(command, Start) else None
        answer = perform(self.company, Asked(uuid4(), command, person=person, workflow=workflow))
        assert isinstance(answer, Done), str(answer)
        return answer

    def start(self, **other: Plain) -> str:
        fields = {name.replace("_", "-"): value for name, value in other.items()}
        return self.do(Start({**INCIDENT, **fields}), "gil").number

    def task(self, number: str, step: str) -> str:
        found = next((item for item in self.page(number).work if item.step == step), None)
        assert found is not None, [item.step for item in self.page(number).work]
        return str(found.id)

    def page(self, number: str) -> CasePage:
        found = read_case_page(self.company.database, number, self.company.program)
        assert found is not None
        return found

    def case(self, number: str) -> Case:
        with self.company.database.connection() as connection:
            found = cases.find_case(connection, number)
        assert found is not None
        return found

    def busy(self) -> Mapping[str, str]:
        """Bring five incidents to different places; return their numbers by what they are."""
        fresh, grave = self.start(), self.start(impact="high", urgency="high")
        worked, held, tried = self.start(), self.start(), self.start()
        for number in (worked, held, tried):
            self.do(Complete(self.task(number, "triage")), "gil")
        self.do(Raise(self.task(held, "work"), "vendor-needed", reason="Spare part"), "gil")
        self.do(Decide(self.task(tried, "confirm-priority"), "confirm"), "gwen")
        self.do(Complete(self.task(tried, "work"), {"closing-code": "code 6"}), "gil")
        ended = self.start()
        self.do(Complete(self.task(ended, "triage")), "gil")
        self.do(Decide(self.task(ended, "confirm-priority"), "confirm"), "gil")
        self.do(Complete(self.task(ended, "work"), {"closing-code": "code 6"}), "gil")
        self.do(Deliver(self.task(ended, "confirmation"), "closure-confirmed"), "gil")
        return {
            "fresh": fresh,
            "grave": grave,
            "worked": worked,
            "held": held,
            "tried": tried,
            "ended": ended,
        }


@contextmanager
def serving(meridian: Meridian) -> Generator[str]:
    """Serve the pages on the loopback, and yield their address."""
    web = create_web(meridian.company, now, demo=DEMO)
    config = uvicorn.Config(
        web, host="127.0.0.1", port=0, log_level="warning", ws="none", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def visit(meridian: Meridian, address: str, person: str | None = None) -> httpx.Client:
    """Return a browser without a window, in which `person` has signed in."""
    client = httpx.Client(base_url=address, headers={"Sec-Fetch-Site": "same-origin"}, timeout=30)
    if person is not None:
        signed = open_session(meridian.company, person=person, now=now())
        client.cookies.set("kingpost", signed.token)
    return client


def key() -> str:
    return str(uuid4())
