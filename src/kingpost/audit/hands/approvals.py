"""Versions that took effect: by proposals that were approved as the governance before them asks.

It shares the comparing of two models with what plans, and nothing with what decides.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from hashlib import sha256
from itertools import pairwise
from typing import Any, TypeAlias

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.audit.company import Models, NoSuchModelError
from kingpost.audit.register import Register
from kingpost.model.assurance import CarryOver, Governance
from kingpost.model.model import Model
from kingpost.planning.difference import changed_elements

_GENESIS = "0" * 64
_Found: TypeAlias = Iterator[tuple[str, str, str]]


def approval_faults(connection: Connection[DictRow], models: Models, register: Register) -> _Found:
    """Yield proposals whose history is not whole, and versions that lacked an approval."""
    rows = connection.execute(
        """
        SELECT plan.running, plan.version, plan.person AS planner,
               proposal_event.*
          FROM proposal_event
          JOIN plan ON plan.digest = proposal_event.plan
         ORDER BY proposal_event.plan, proposal_event.seq
        """
    ).fetchall()
    every: dict[str, list[DictRow]] = {}
    for row in rows:
        every.setdefault(row["plan"], []).append(row)
    for plan, events in every.items():
        place = f"proposal {plan[:12]}"
        for name, words in _chain(events):
            yield name, place, words
        try:
            model = models.declared(events[0]["running"]).model
        except NoSuchModelError:
            continue  # Which is told of the version itself.
        for row in events:
            for words in _rights(row, model, register):
                yield "I7", place, f"event {row['seq']} {words}"
    yield from _versions(connection, models, every)


def _chain(events: Sequence[DictRow]) -> Iterator[tuple[str, str]]:
    previous = _GENESIS
    for number, row in enumerate(events, start=1):
        header, body = json.loads(row["header"]), json.loads(row["body"])
        if (row["seq"], header["seq"], header["prev"]) != (number, number, previous):
            yield "I2", f"event {number} does not follow the event before it"
        previous = sha256(row["header"]).hexdigest()
        if row["hash"] != previous or header["body"] != sha256(row["body"]).hexdigest():
            yield "I2", f"event {number} has other bytes than its digests say"
        told = (header["kind"], body["actor"]["person"], datetime.fromisoformat(header["at"]))
        if told != (row["kind"], row["person"], row["at"]) or header["plan"] != row["plan"]:
            yield "I2", f"the columns of event {number} differ from its bytes"


def _rights(row: DictRow, model: Model, register: Register) -> Iterator[str]:
    body, at = json.loads(row["body"]), row["at"]
    times = (at, row["recorded_at"])
    for hand in body.get("answers", ()):
        right, held = hand["right"], hand["held"]
        if register.appointments.get(right) != (hand.get("delegated-by", row["person"]), held):
            yield "rests on an appointment that is not there"
        if register.kinds.get(right) == "agent":
            yield "rests on a post of a machine agent"
        if not all(register.counts(right, moment) for moment in times):
            yield "rests on an appointment that did not run then"
        if "delegation" in hand:
            yield from _lent(hand, row, register, times)
        if held != hand["post"] and not register.stands_in(model, hand["post"], held, at):
            yield f"answers for `{hand['post']}`, for which `{held}` did not act then"


def _lent(
    hand: Mapping[str, Any], row: DictRow, register: Register, times: Collection[datetime]
) -> Iterator[str]:
    lent = register.lent.get(hand["delegation"])
    if lent is None or (lent.appointment, lent.person) != (hand["right"], row["person"]):
        yield "rests on a delegation that is not there"
    elif lent.workflows or lent.outcomes:
        yield "rests on a delegation that does not reach so far"
    elif not all(register.counts(hand["delegation"], moment) for moment in times):
        yield "rests on a delegation that did not run then"


def _versions(
    connection: Connection[DictRow], models: Models, every: Mapping[str, list[DictRow]]
) -> _Found:
    """Yield each version that took effect without an approval that it needed."""
    rows = connection.execute("SELECT digest, person FROM activation ORDER BY position").fetchall()
    excused = {
        plan for plan, events in every.items() if all(row["kind"] != "applied" for row in events)
    }
    for before, after in pairwise(rows):
        version = after["digest"]
        try:
            sides = models.declared(before["digest"]).model, models.declared(version).model
        except NoSuchModelError:
            continue
        asked = _asked(*sides)
        if not asked or before["digest"] == version:
            continue
        # A proposal is applied once: what took effect again took another.
        way = next(
            (
                plan
                for plan, events in every.items()
                if plan not in excused
                and (events[0]["running"], events[0]["version"]) == (before["digest"], version)
                and all(_suffices(one, needed, events) for one, needed in asked)
            ),
            None,
        )
        excused.add(way or "")
        if way is None:
            words = "it took effect without the approvals that the version before it asks for"
            yield "I14", f"model {version}", words


def _asked(before: Model, after: Model) -> list[tuple[tuple[str, ...], int]]:
    """Return the posts that each line of governance asks for, and how many of them."""
    if not any(line.approvals for line in before.governance):
        return []
    touched = {*changed_elements(before, after), *_carried_otherwise(before, after)}
    lines = {
        next(
            (
                number
                for number, line in enumerate(before.governance)
                if any(fnmatchcase(part, pattern) for pattern in line.parts)
            ),
            None,
        )
        for part in touched
    }
    lines |= set(_loosened(before.governance, after.governance))
    found = [
        before.governance[number] for number in sorted(each for each in lines if each is not None)
    ]
    return [
        (line.approvals, line.at_least or len(line.approvals)) for line in found if line.approvals
    ]


def _carried_otherwise(before: Model, after: Model) -> Iterator[str]:
    """Yield the workflows whose cases go over otherwise by the governance after than before."""
    for name in before.workflows.keys() & after.workflows.keys():
        part = f"workflow/{name}"
        ways = [
            next(
                (
                    line.carry_over
                    for line in model.governance
                    if line.carry_over and any(fnmatchcase(part, each) for each in line.parts)
                ),
                None,
            )
            for model in (before, after)
        ]
        if (ways[0] or CarryOver.STAY) != (ways[1] or CarryOver.STAY):
            yield part


def _loosened(before: Sequence[Governance], after: Sequence[Governance]) -> Iterator[int]:
    """Yield the lines from which on the lines after are others."""
    sides = [
        [(a.part, a.custodian, a.approvals, a.at_least, a.freeze) for a in each]
        for each in (before, after)
    ]
    same = 0
    while same < min(map(len, sides)) and sides[0][same] == sides[1][same]:
        same += 1
    yield from range(same, len(before))


def _suffices(posts: Sequence[str], needed: int, events: Sequence[DictRow]) -> bool:
    """Tell whether so many posts approved, each by people of its own and none who took part."""
    out = {row["person"] for row in events if row["kind"] in {"proposed", "applied"}}
    out.add(events[0]["planner"])
    given: dict[str, list[frozenset[str]]] = {post: [] for post in posts}
    for row in events:
        for hand in json.loads(row["body"]).get("answers", ()):
            people = frozenset((row["person"], hand.get("delegated-by", row["person"])))
            if hand["post"] not in given:
                continue
            if row["kind"] == "rejected":
                given[hand["post"]].clear()
            elif people.isdisjoint(out):
                given[hand["post"]].append(people)
    return _covers([set(each) for each in given.values()], frozenset(), needed)


def _covers(given: Sequence[set[frozenset[str]]], used: frozenset[str], needed: int) -> bool:
    """Tell whether so many posts are answered for, each by people whom no other has used."""
    if needed <= 0:
        return True
    if len(given) < needed:
        return False
    first, rest = given[0], given[1:]
    return any(
        _covers(rest, used | people, needed - 1) for people in first if people.isdisjoint(used)
    ) or _covers(rest, used, needed)
