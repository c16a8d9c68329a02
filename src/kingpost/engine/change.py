"""Changing the model that runs: only for those who keep the parts that change."""

import secrets
from functools import partial

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.commands import AGENT
from kingpost.decisions.program import Program
from kingpost.engine.carrying.applying import begin
from kingpost.engine.carrying.policies import Positions, default_policies
from kingpost.engine.company import Company
from kingpost.model.assurance import CarryOver
from kingpost.model.content import version
from kingpost.model.custody import custodian_of
from kingpost.model.model import Model
from kingpost.planning.difference import changed_elements
from kingpost.store import cases, models
from kingpost.store.due import carrying
from kingpost.values.identity import derive

_SHOWN_MAX = 10


class NotCustodianError(Exception):
    """The model changes parts that the person does not keep; the message lists them."""


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

    The custodians are those of the model that runs, so that nobody appoints themselves keeper in
    the same change. The first model of a company needs nobody, since there are no posts yet.

    person: who changes it; None for nobody in particular, who may load the first one only.
    carry_over: how the change reaches live cases; None for what the governance of the new version
            says of each workflow. positions: by workflow, where cases of a step go on.
    Raises: NotCustodianError; nothing was changed.
    """
    digest = version(model)
    with company.database.transaction() as connection:
        found = models.hold_active(connection)
        if found is None:
            company.take_effect(connection, model, person, carrying.leave_all)
        elif found != digest:
            running = company.program_on(connection, found).model
            _check_custody(connection, running, model, person)
            policies = default_policies(model)
            if carry_over is not None:
                policies = dict.fromkeys(policies, carry_over)
            change = derive(f"{digest}/{secrets.token_hex(16)}")
            reach = partial(
                begin,
                change=change,
                digest=digest,
                policies=policies,
                positions=positions,
                person=person,
            )
            company.take_effect(connection, model, person, reach)
    return company.program(digest)


def _check_custody(
    connection: Connection[DictRow], running: Model, model: Model, person: str | None
) -> None:
    _, held, _ = cases.read_facts(connection, None, None, person)
    # To keep a part is not lent, and no machine's: they act at the work of a post.
    own = (holding for holding in held if holding.delegation is None and holding.kind != AGENT)
    posts = {holding.post for holding in own}
    kept = (
        (address, custodian_of(running, address)) for address in changed_elements(running, model)
    )
    missing = [(address, custodian) for address, custodian in kept if custodian not in posts]
    if missing:
        raise NotCustodianError(_words(missing, person))


def _words(missing: list[tuple[str, str | None]], person: str | None) -> str:
    whom = f"`{person}` does not keep" if person else "nobody was named who keeps"
    listed = [
        f"  `{address}` is kept by " + (f"`{custodian}`" if custodian else "no post")
        for address, custodian in missing[:_SHOWN_MAX]
    ]
    more = len(missing) - len(listed)
    rest = [f"  and {more} more"] if more > 0 else []
    help_text = "Let a person load it who holds these posts: `kingpost load FOLDER --as PERSON`."
    return "\n".join([f"{whom} every part that changes:", *listed, *rest, help_text])
