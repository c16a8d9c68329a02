"""A lender that asks a credit bureau and a bank, for tests of calls over a real database."""

from collections.abc import Mapping
from uuid import UUID

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Start
from kingpost.engine import register
from kingpost.engine.company import Company
from kingpost.engine.perform import Asked, Done, perform
from kingpost.engine.register import Appointment
from kingpost.engine.verify import verify
from kingpost.notation import read_model
from kingpost.store.pool import Database as Pool
from kingpost.worker.calling import Caller
from tests.engine.office import DECADES, LONG_AGO, key
from tests.worker.receiver import Receiver

LENDER = """
kingpost: 1
company: Lender
timezone: Europe/Lisbon
calendars: {c: {hours: "Mon-Fri 09:00-17:00"}}
units: {u: {calendar: c}}
roles: {clerk: {}}
posts:
  desk: {unit: u, roles: [clerk], vacancy: holds}
  links: {unit: u, vacancy: holds}
interfaces:
  bureau:
    kind: outbound
    method: POST
    path: /scores
    send: {name: loan.name}
    receive: {score: loan.score}
    timeout: 1 second
    retry: {times: 4}
    owner: links
  bank: {kind: outbound, method: POST, path: /accounts, send: {name: loan.name}, owner: links}
objects:
  loan:
    custodian: desk
    fields: {name: {type: text, class: personal}, score: {type: integer}}
    states: {new: {begin: true}, gone: {end: true}}
    moves: [new -> gone]
workflows:
  loan:
    object: loan
    owner: desk
    begins: {form: [name], roles: [clerk]}
    steps:
      ask: {call: bureau, then: judge}
      judge: {task: Judge, role: clerk, then: open-account}
      open-account: {call: bank, then: close}
      close: {state: gone, then: end}
"""


class Lender:
    """The company, with a worker that asks the systems of the test."""

    def __init__(self, pool: Pool, text: str = LENDER) -> None:
        self.pool = pool
        self.company = Company(pool)
        self.systems: dict[str, str] = {}
        reading = read_model({"lender.yaml": text})
        assert reading.model is not None, reading.diagnostics
        self.company.load(reading.model)
        register.keep_people(self.company, (("carl", "Carl"), ("lina", "Lina")))
        for person, post in (("carl", "desk"), ("lina", "links")):
            wanted = Appointment(person, post, LONG_AGO, LONG_AGO + DECADES)
            register.appoint(self.company, [wanted], by="test")

    def knows(self, interface: str, receiver: Receiver) -> None:
        name = f"KINGPOST_INTERFACE_{interface.upper()}"
        self.systems |= {f"{name}_URL": receiver.url, f"{name}_NETWORKS": "127.0.0.0/8"}

    def begin(self, **fields: str) -> UUID:
        form = {"name": "Ines Prado", **fields}
        asked = Asked(key(), Start(form), person="carl", workflow="loan")
        done = perform(self.company, asked)
        assert isinstance(done, Done), str(done)
        return done.case

    def work(self, rounds: int = 1) -> None:
        """Let the worker go round; what pauses is due at once, so that no test waits for it."""
        caller = Caller(self.company, self.systems)
        for _ in range(rounds):
            self.sql("UPDATE outbox SET next_at = clock_timestamp() WHERE next_at IS NOT NULL")
            caller.round()
            caller.settle()

    def sql(self, text: str, *values: object) -> list[Mapping[str, object]]:
        with self.pool.connection() as connection:
            cursor = connection.execute(text, values)  # type: ignore[arg-type]
            return list(cursor.fetchall()) if cursor.description else []

    def call(self, case: UUID) -> Mapping[str, object]:
        (row,) = self.sql(
            "SELECT * FROM outbox WHERE case_id = %s ORDER BY asked_at DESC LIMIT 1", case
        )
        return row

    def open_steps(self, case: UUID) -> list[tuple[object, object]]:
        rows = self.sql("SELECT step, suspended FROM task WHERE case_id = %s", case)
        return [(row["step"], row["suspended"]) for row in rows]

    def sound(self) -> bool:
        return verify(self.company).faults == () and not list(audit(self.pool))
