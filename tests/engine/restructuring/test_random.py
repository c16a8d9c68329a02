"""Random organisations, reorganised at random with claims in flight."""

from collections.abc import Callable
from random import Random  # noqa: TID251 - what is drawn can be drawn again.
from typing import Any
from uuid import UUID

import pytest

from kingpost.decisions.authority import Reach, may_work
from kingpost.decisions.commands import Actor, Complete, Decide, Facts, Start
from kingpost.engine import register
from kingpost.engine.carrying.applying import carry_all
from kingpost.engine.change import change_model
from kingpost.engine.company import Company
from kingpost.engine.perform import Done
from kingpost.engine.register import Appointment
from kingpost.model.assurance import CarryOver
from kingpost.model.workflow import Decision, Task
from kingpost.store import cases
from kingpost.store import register as rows
from kingpost.store.pool import Database as Pool
from tests.database import Databases
from tests.engine.office import LONG_AGO, Office, read
from tests.engine.restructuring.random_offices import Organisation, reorganised, some_organisation
from tests.engine.restructuring.reorganised import in_the_worklist, sound

TRIALS = 5
_MOSTLY = 0.6


def holds(office: Office) -> dict[str, set[str]]:
    """Return by post who holds it now."""
    with office.company.database.connection() as connection:
        found = connection.execute(
            "SELECT post, person FROM appointment WHERE during @> clock_timestamp()"
        ).fetchall()
    every: dict[str, set[str]] = {}
    for row in found:
        every.setdefault(row["post"], set()).add(row["person"])
    return every


def history(office: Office) -> list[Any]:
    with office.company.database.connection() as connection:
        found = connection.execute("SELECT header, body, hash FROM event ORDER BY position")
        return [tuple(row.values()) for row in found.fetchall()]


def able(office: Office, case: UUID, token: str, person: str) -> bool:
    """Tell whether a person may work on something, by the judgement that commands take."""
    with office.company.database.connection() as connection:
        found, held, now = cases.read_facts(connection, None, case, person)
        assert found is not None
        program = office.company.program_on(connection, found.model).workflows[found.workflow]
        at = found.tokens[token]
        step = program.places[at.step].step
        assert isinstance(step, Task | Decision)
        facts = Facts(now, now, Actor(person, None, held), rows.vacant_posts(connection))
    to = Reach(at.post, at.told)
    answer = may_work(program, facts, what=at.step, step=at.step, role=step.role, to=to)
    return isinstance(answer, tuple)


def open_work(office: Office) -> list[tuple[UUID, str, str, str | None, str, str]]:
    """Return open work: case, token, step, post, role and the version that it runs on."""
    with office.company.database.connection() as connection:
        found = connection.execute(
            "SELECT case_id, task.id::text, step, post, role, case_file.model FROM task"
            " JOIN case_file ON case_file.id = case_id WHERE kind IN ('task', 'decision')"
        ).fetchall()
    return [tuple(row.values()) for row in found]


class Trial:
    """One company that is reorganised again and again."""

    def __init__(self, database: Pool, random: Random) -> None:
        self.random = random
        self.now = some_organisation(random)
        company = Company(database)
        company.load(read(self.now.text()))
        # The roles of each version's posts, for those who ask what a post could do there.
        self.then: dict[str, Organisation] = {company.active().version: self.now}
        people = [f"w{number}" for number in range(6)]
        register.keep_people(company, [("hedy", "Hedy"), *((name, name) for name in people)])
        wishes = [Appointment("hedy", "head", LONG_AGO)]
        for name in people:
            chosen = random.sample(sorted(self.now.posts), random.randint(1, 2))
            wishes += [Appointment(name, post, LONG_AGO) for post in chosen]
        register.appoint(company, wishes, by="test")
        self.people = [*people, "hedy"]
        self.office = Office(company)
        self.begin()

    def begin(self) -> None:
        """Begin cases, and let some of them come further."""
        for name in self.people:
            office = self.office
            answer = office.ask(Start({"claimant": "Rita", "amount": "200"}), name)
            if not isinstance(answer, Done):
                continue
            for step in ("examine", "suspect"):
                token = office.case(answer.case).at(step)
                if token is not None and self.random.random() < _MOSTLY:
                    done = Complete(token.id, {"report": "fine"})
                    command = done if step == "examine" else Decide(token.id, "clear")
                    office.ask(command, self.random.choice(self.people))

    def reorganise(self) -> None:
        """Change the organisation, and look at everything."""
        before, office = self.now, self.office
        held, written = holds(office), history(office)
        could = self.who_can()
        after, goes = reorganised(self.random, before)
        policy = self.random.choice((CarryOver.STAY, CarryOver.STAY, CarryOver.NOW))
        change_model(office.company, read(after.text()), person="hedy", carry_over=policy)
        self.now = after
        self.then[office.company.active().version] = after
        self.seats(held, goes)
        assert history(office)[: len(written)] == written
        self.reached(could)
        carry_all(office.company)
        self.reached({})
        sound(office)
        self.begin()

    def seats(self, held: dict[str, set[str]], goes: dict[str, str | None]) -> None:
        """Who held a post holds the one that it became, and nobody else came to anything."""
        expected: dict[str, set[str]] = {}
        for post, people in held.items():
            to = goes.get(post, post)
            if to is not None:
                expected.setdefault(to, set()).update(people)
        assert holds(self.office) == expected

    def who_can(self) -> dict[tuple[UUID, str], set[str]]:
        return {
            (case, token): {name for name in self.people if able(self.office, case, token, name)}
            for case, token, *_ in open_work(self.office)
        }

    def reached(self, could: dict[tuple[UUID, str], set[str]]) -> None:
        """Work that somebody could do can be done; and by nobody but whom the books say."""
        held = holds(self.office)
        lists = {name: in_the_worklist(self.office, name) for name in self.people}
        for (case, token), able_now in self.who_can().items():
            work = next(item for item in open_work(self.office) if item[:2] == (case, token))
            _, _, step, post, role, model = work
            then = self.then[model]
            asked = (
                [post]
                if post
                else sorted(name for name, each in then.posts.items() if role in each.roles)
            )
            acting = {name for each in asked for name in self.now.who_acts(each, role)}
            books = {person for name in acting for person in held.get(name, ())}
            # While nobody holds what acts in the first place, the head stands in.
            assert able_now - {"hedy"} <= books, (step, post, role)
            assert books <= able_now, (step, post, role)
            if could.get((case, token)):
                assert able_now, f"{step} of {case} reaches nobody"
            for name in books - {"hedy"}:
                assert (case, step) in lists[name], (name, step)


@pytest.mark.parametrize("seed", range(TRIALS))
def test_whatever_is_reorganised_work_stays_with_whoever_has_taken_it_over(
    databases: Databases, seed: int, size: Callable[[int], int]
) -> None:
    for number in range(size(1)):
        random = Random(f"{seed}/{number}")
        with databases.kept() as database, Pool(database.app_url, connections=4) as pool:
            trial = Trial(pool, random)
            for _ in range(3):
                trial.reorganise()
