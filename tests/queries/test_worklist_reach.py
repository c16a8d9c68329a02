"""The rights that the database applies to a worklist, beside those by which acts are judged."""

from dataclasses import replace
from random import Random  # noqa: TID251 - with a seed, so that it can be had again
from typing import Any
from uuid import UUID

from kingpost.decisions.authority import Reach, answers_for, standings
from kingpost.decisions.commands import Actor, Facts
from kingpost.engine import delegations, register
from kingpost.engine.delegations import Delegation, NotDelegatedError
from kingpost.engine.register import Absence, Appointment
from kingpost.model.organisation import Vacancy
from kingpost.queries.people import read_reader
from kingpost.queries.worklist import read_worklist
from kingpost.queries.worklists.asking import View, Wanted
from tests.queries.claims import DAY, Claims

PEOPLE = [f"p{number}" for number in range(6)]
POSTS = ["head", "lead", "check", "desk"]
ROLES = ["approver", "checker", "clerk"]
SCOPES: list[dict[str, Any]] = [
    {},
    {"workflows": ("claim",)},
    {"outcomes": ("claim/approve/approve",)},
]
WORK = 120


def test_a_list_and_a_judgement_agree_on_random_work_and_rights(claims: Claims) -> None:
    draw = Random(7)
    _let_it_fall_aside(claims)
    _appoint(claims, draw)
    work = {str(_task(claims, draw)): None for _ in range(WORK)}

    for away in ((), ("p0", "p1", "p2", "p3", "leo", "carl")):
        for person in away:
            register.note_absence(
                claims.company, Absence(person, claims.now, None, "Ill"), by="test"
            )
        for person in (*PEOPLE, "hedy"):
            for acting_as in (None, draw.choice(POSTS)):
                assert _listed(claims, person, acting_as) & work.keys() == _judged(
                    claims, person, acting_as, work.keys()
                ), (person, acting_as, away)


def _listed(claims: Claims, person: str, acting_as: str | None) -> set[str]:
    return {
        str(item.id)
        for view in (View.ALL, View.BELOW)
        for item in read_worklist(
            claims.database,
            claims.program,
            person,
            Wanted(view),
            acting_as=acting_as,
            size=2 * WORK,
        ).page.rows
    }


def _judged(claims: Claims, person: str, acting_as: str | None, work: object) -> set[str]:
    flow = claims.program.workflows["claim"]
    reader = read_reader(claims.database, person, acting_as)
    actor = Actor(person, None, reader.holdings, acting_as=acting_as)
    facts = Facts(claims.now, claims.now, actor, reader.vacant)
    with claims.database.connection() as connection:
        rows = connection.execute(
            "SELECT * FROM task WHERE id::text = ANY(%s)",
            [list(work)],  # type: ignore[call-overload]
        ).fetchall()
    found: set[str] = set()
    for row in rows:
        match row["kind"]:
            case "wait":
                # It comes from outside: nobody here takes it on.
                continue
            case "call":
                # Whoever was told of a call sees it among what is late, and need not mend it.
                to = Reach(row["post"])
                ways = answers_for(flow, facts, row["step"], to) if row["suspended"] else ()
            case _:
                to = Reach(row["post"], tuple(row["told"]))
                ways = standings(flow, facts, row["step"], row["role"], to)
        if any(ways):
            found.add(str(row["id"]))
    return found


def _let_it_fall_aside(claims: Claims) -> None:
    """Let the work of a vacant lead fall to the desk, which is not above it."""
    model = claims.program.model
    lead = replace(model.posts["lead"], vacancy=Vacancy.POST, falls_to="desk")
    claims.company.load(replace(model, posts={**model.posts, "lead": lead}))


def _appoint(claims: Claims, draw: Random) -> None:
    """Put people on posts at random, and lend some of what they hold."""
    register.keep_people(claims.company, ((name, name.upper()) for name in PEOPLE))
    start = claims.now - DAY
    for person, post in zip(PEOPLE, ["check", "check", *["desk"] * 4], strict=False):
        register.appoint(claims.company, [Appointment(person, post, start)], by="test")
        for giver, lent in (("leo", "lead"), ("hedy", "head"), ("carl", "check")):
            wish = Delegation(
                giver, lent, person, start, claims.now + DAY, "Leave", **draw.choice(SCOPES)
            )
            if draw.random() < 0.4:
                try:
                    delegations.delegate(claims.company, wish, by=giver)
                except NotDelegatedError:
                    continue


def _task(claims: Claims, draw: Random) -> UUID:
    """Lay open work of any kind before anybody, in a case that is there."""
    kind = draw.choice(["task", "decision", "decision", "call", "wait"])
    told = draw.sample(POSTS, draw.choice([0, 0, 1, 2]))
    with claims.database.connection() as connection:
        row = connection.execute(
            """
            INSERT INTO task (id, case_id, workflow, step, kind, role, post, opened_at, suspended,
                              told)
            VALUES (gen_random_uuid(), %s, 'claim', %s, %s, %s, %s, now(), %s, %s)
            RETURNING id
            """,
            [
                claims.cases[draw.choice("CDEF")].id,
                draw.choice(["examine", "suspect", "approve"]),
                kind,
                "" if kind == "call" else draw.choice(ROLES),
                draw.choice(POSTS) if kind == "call" else draw.choice([None, *POSTS]),
                draw.choice([None, "call-failed"]),
                told,
            ],
        ).fetchone()
    assert row is not None
    return row["id"]
