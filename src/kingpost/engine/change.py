"""Changing the model that runs: only for those who keep the parts that change."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.carrying.judged import Verdict
from kingpost.decisions.program import Program
from kingpost.engine.carrying.applying import begin
from kingpost.engine.carrying.keeping import hold_any, not_kept
from kingpost.engine.carrying.policies import (
    Positions,
    Since,
    policies_of,
    read_policies,
)
from kingpost.engine.company import Company
from kingpost.engine.governing.freezing import frozen_words
from kingpost.engine.governing.wanting import lacking_words, wanted_for
from kingpost.model.assurance import CarryOver
from kingpost.model.content import version
from kingpost.model.custody import default_policies
from kingpost.model.model import Model
from kingpost.planning.difference import changed_elements
from kingpost.store import models
from kingpost.store.due import carrying
from kingpost.store.errors import RightEndedError
from kingpost.store.reading.people import clock
from kingpost.values.identity import derive

_SHOWN_MAX = 10


class NotCustodianError(Exception):
    """The model changes parts that the person does not keep; the message lists them."""


class NotApprovedError(Exception):
    """Governance does not let the change take effect so; the message says why.

    It lacks approvals, or falls on days on which nothing of it changes.
    """


def change_model(
    company: Company,
    model: Model,
    *,
    person: str | None,
    carry_over: CarryOver | None = None,
    positions: Positions | None = None,
) -> Program:
    """Let a checked model take effect, if the person keeps every part that it changes.

    Live cases are asked to go over in the same transaction; `carry_all`, and any worker, lets them.
    Of the model that runs already, they are asked where that is said.

    The custodians are those of the model that runs, so that nobody appoints themselves keeper in
    the same change. Who keeps a workflow says how its cases go over, where that is not what the
    governance of the new version says. The first model of a company needs nobody, since there are
    no posts yet.

    person: who changes it; None for nobody in particular, who may load the first one only.
    carry_over: how the change reaches live cases; None for what the governance of the new version
            says of each workflow. positions: by workflow, where cases of a step go on.
    Raises: NotCustodianError; NotApprovedError, when governance asks for approvals, which only a
            proposal has, or lets nothing of it change today. Nothing was changed.
    """
    asked = (model, person, carry_over, positions or {})
    try:
        return _change_model(company, *asked)
    except RightEndedError:
        # Read again who holds what: they keep it no more.
        return _change_model(company, *asked)


def _change_model(
    company: Company,
    model: Model,
    person: str | None,
    carry_over: CarryOver | None,
    placed: Positions,
) -> Program:
    digest = version(model)
    with company.database.transaction() as connection:
        found = models.hold_active(connection)
        if found is None:
            company.take_effect(connection, model, person, carrying.leave_all)
        elif found != digest or carry_over is not None or placed:
            policies, since = policies_of(model, carry_over, placed), dict[str, datetime]()
            if found != digest:
                said = said_of(model, policies, placed)
            elif carry_over is not None:
                said = set(policies)
            else:
                said = set(placed)
                policies, placed, since = _besides(connection, policies, placed)
            change = derive(f"{digest}/{secrets.token_hex(16)}")
            reach = Reach(change, policies, placed, frozenset(said), since=since)
            _check_approvals(connection, company.program_on(connection, found).model, model, said)
            change_on(company, connection, found, model, reach, person)
    return company.program(digest)


@dataclass(frozen=True, slots=True)
class Reach:
    """How a change reaches live cases.

    change:  where it is told what came of them. policies, positions: by workflow, how its cases go
             over, and where. said: the workflows of which that is for their keepers to say.
    planned: the verdicts that were approved, by case.
    since:   by workflow, when an earlier change asked its cases, which this one goes on with.
    """

    change: UUID
    policies: Mapping[str, CarryOver]
    positions: Positions
    said: frozenset[str]
    planned: Mapping[UUID, Verdict] = field(default_factory=dict[UUID, Verdict])
    since: Since = field(default_factory=dict[str, datetime])


@dataclass(frozen=True, slots=True)
class Agreed:
    """Who agreed to a change before. posts: that keep parts. by: who proposed it, or None.

    ask: what to do while some did not, a sentence.
    """

    posts: frozenset[str] = frozenset()
    by: str | None = None
    ask: str = "Let a person load it who holds these posts: `kingpost load FOLDER --as PERSON`."


def change_on(  # noqa: PLR0913, PLR0917 - the parts of a change
    company: Company,
    connection: Connection[DictRow],
    found: str,
    model: Model,
    reach: Reach,
    person: str | None,
    agreed: Agreed = Agreed(),
) -> None:
    """Let a model take effect in a transaction that has `models.hold_active`, which gave `found`.

    agreed: who did before, so that it needs nobody else for these parts; what governance asks for
            besides is for the caller to check.
    Raises: NotCustodianError; RightEndedError, when to ask again tells why.
    """
    running, digest = company.program_on(connection, found).model, version(model)
    check_custody(connection, running, model, reach.said, person, agreed)
    ask = partial(
        begin,
        change=reach.change,
        digest=digest,
        policies=reach.policies,
        positions=reach.positions,
        person=person,
        planned=reach.planned,
        since=reach.since,
        workflows=model.workflows,
    )
    if found == digest:
        ask(connection)
    else:
        company.take_effect(connection, model, person, ask)


def said_of(model: Model, policies: Mapping[str, CarryOver], positions: Positions) -> set[str]:
    """Return the workflows of which a change says something else than governance does."""
    default = default_policies(model)
    return {name for name in policies if policies[name] != default[name] or name in positions}


def _besides(
    connection: Connection[DictRow], policies: Mapping[str, CarryOver], positions: Positions
) -> tuple[dict[str, CarryOver], Positions, dict[str, datetime]]:
    """Return what is said of some workflows together with what goes on of the others.

    Of these also since when: a case that waits for its next step waits no longer for that.
    """
    going = {
        name: policy
        for row in carrying.going(connection)
        for name, policy in read_policies(row["policies"], row["begun_at"]).items()
    }
    others = {name: policy.positions[name] for name, policy in going.items()}
    stays = dict.fromkeys(policies, CarryOver.STAY)
    goes = {name: policy.carry_over for name, policy in going.items()}
    asked = {name: policies[name] for name in positions}
    since = {
        name: policy.since
        for name, policy in going.items()
        if policy.since is not None and name not in positions
    }
    return {**stays, **goes, **asked}, {**others, **positions}, since


def _check_approvals(
    connection: Connection[DictRow], running: Model, model: Model, reached: Collection[str]
) -> None:
    """Raise NotApprovedError, when governance asks for more than who keeps the parts."""
    wanted = wanted_for(running, model, reached)
    frozen = frozen_words(running, wanted.parts, clock(connection))
    if frozen:
        raise NotApprovedError(frozen)
    lines = lacking_words(connection, wanted)
    if lines:
        ask = "Propose it: `kingpost propose FOLDER --as PERSON --reason WHY`."
        raise NotApprovedError("\n".join(["the change needs approvals:", *lines, ask]))


def check_custody(
    connection: Connection[DictRow],
    running: Model,
    model: Model,
    reached: Collection[str],
    person: str | None,
    agreed: Agreed,
) -> None:
    """Raise NotCustodianError, unless the person keeps what changes, or others agreed to it.

    One who keeps nothing of it applies only what they proposed.

    reached: the workflows of which the change says how their cases go over.
    """
    flows = {f"workflow/{name}" for name in reached if name in running.workflows}
    every = sorted({*changed_elements(running, model), *flows})
    missing = not_kept(connection, running, every, person)
    left = [each for each in missing if each[1] not in agreed.posts]
    if left:
        raise NotCustodianError(_words(left, flows, person, agreed.ask))
    if (
        missing
        and len(missing) == len(every)
        and (person != agreed.by or not hold_any(connection, person))
    ):
        raise NotCustodianError(_words(missing, flows, person, agreed.ask))


def _words(
    missing: list[tuple[str, str | None]], flows: Collection[str], person: str | None, ask: str
) -> str:
    whom = f"`{person}` does not keep" if person else "nobody was named who keeps"
    listed = [
        f"  `{address}` is kept by {f'`{custodian}`' if custodian else 'no post'}"
        + (", which says how its cases go over" if address in flows else "")
        for address, custodian in missing[:_SHOWN_MAX]
    ]
    more = len(missing) - len(listed)
    rest = [f"  and {more} more"] if more > 0 else []
    return "\n".join([f"{whom} every part that changes:", *listed, *rest, ask])
