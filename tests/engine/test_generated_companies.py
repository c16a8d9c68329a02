"""Random companies that change while cases are in flight, in a real database."""

from collections.abc import Callable, Iterator
from random import Random  # noqa: TID251 - seeded, and of companies
from uuid import UUID

import pytest

from kingpost.decisions.carrying.judged import Policy, Verdict
from kingpost.decisions.commands import Start
from kingpost.engine import register
from kingpost.engine.carrying.applying import carry_all, judge_live
from kingpost.engine.carrying.receipts import entries
from kingpost.engine.change import change_model
from kingpost.engine.company import Company
from kingpost.engine.perform import Asked, perform
from kingpost.model.assurance import CarryOver
from kingpost.model.content import content, version
from kingpost.model.model import Model
from kingpost.proof.canonical import canonical
from kingpost.store import models
from kingpost.store.pool import Database as Pool
from kingpost.store.reading.people import moment
from tests.database import Database
from tests.decisions.carrying.companies import Company as Generated
from tests.decisions.carrying.companies import act, changed, company
from tests.decisions.world import Desk
from tests.engine.carrying import sound
from tests.engine.office import LONG_AGO, Office, key

OUTCOMES = {
    "carried": Verdict.CARRIES,
    "unaffected": Verdict.UNAFFECTED,
    "asks": Verdict.ASKS,
    "refused": Verdict.REFUSED,
}


_SEED = 7


def made(of: Generated) -> Model:
    model = of.model()
    assert model is not None
    return model


@pytest.fixture
def random_office(database: Database) -> Iterator[Office]:
    """The first of the random companies, with people."""
    with Pool(database.app_url, connections=8) as pool:
        there = Company(pool)
        there.load(made(company(Random(_SEED))))
        holders = {"anna": "desk", "hedy": "head"}
        register.keep_people(there, ((name, name.title()) for name in holders))
        wishes = [register.Appointment(name, post, LONG_AGO) for name, post in holders.items()]
        rights = register.appoint(there, wishes, by="test")
        yield Office(there, "flow", dict(zip(holders, rights, strict=True)))


def works(random: Random, office: Office, case: UUID, acts: int) -> None:
    """Let people do something in a case. What they may not do, they are refused."""
    for _ in range(acts):
        stands = office.case(case)
        if stands.is_closed:
            return
        desk = Desk(office.company.program(stands.model), workflow="flow")
        desk.case = stands
        command, actor = act(random, desk)
        if actor.person is not None:
            perform(office.company, Asked(key(), command, person=actor.person, case=case))


def dry(office: Office, model: Model) -> dict[str, Verdict]:
    """Return what would become of each live case, by its number, if a model took effect now."""
    with office.company.database.transaction() as connection:
        models.keep_version(connection, version(model), "x", canonical(content(model)))
        now = moment(connection)
    judged = judge_live(
        office.company,
        office.company.program(version(model)),
        {"flow": Policy(CarryOver.NOW)},
        now,
    )
    return {case.number: found.verdict for case, found in judged}


def test_what_a_dry_run_says_is_what_is_done_and_both_who_verify_find_nothing(
    random_office: Office, size: Callable[[int], int]
) -> None:
    random, office = Random(_SEED), random_office
    of = company(random)
    cases = list[UUID]()
    seen = set[Verdict]()

    for _ in range(size(5)):
        begun = [office.do(Start({"size": 3, "note": "so"}), "anna").case for _ in range(4)]
        cases += begun
        for case in begun:
            works(random, office, case, random.randrange(8))
        of = changed(random, of)
        model = made(of)
        expected = dry(office, model)

        change_model(office.company, model, person="hedy", carry_over=CarryOver.NOW)
        [change] = carry_all(office.company)

        found = {
            entry.number: verdict
            for outcome, verdict in OUTCOMES.items()
            for entry in entries(office.company, change, outcome)
        }
        assert found == expected
        seen |= set(found.values())
        sound(office)
    for case in cases:
        works(random, office, case, 3)
    sound(office)
    assert Verdict.CARRIES in seen
