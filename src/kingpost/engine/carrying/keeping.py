"""Who keeps parts of the model that runs, and so may say what becomes of them."""

from collections.abc import Iterable

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.commands import AGENT, Holding
from kingpost.model.custody import custodian_of
from kingpost.model.model import Model
from kingpost.store import cases, register


def holdings(connection: Connection[DictRow], person: str | None) -> dict[str, Holding]:
    """Return by which appointments a person keeps parts of the model, by the post."""
    _, held, _ = cases.read_facts(connection, None, None, person)
    # To keep a part is not lent, and no machine's: they act at the work of a post.
    return {
        holding.post: holding
        for holding in held
        if holding.delegation is None and holding.kind != AGENT and not holding.held
    }


def not_kept(
    connection: Connection[DictRow], running: Model, addresses: Iterable[str], person: str | None
) -> list[tuple[str, str | None]]:
    """Return which parts a person does not keep, each with the post that does, or None.

    Lock:   the appointments by which the person keeps the others, until the transaction ends.
    Raises: RightEndedError, when one of these ended meanwhile.
    """
    own = holdings(connection, person)
    kept = [(address, custodian_of(running, address)) for address in addresses]
    register.hold_rights(
        connection,
        sorted({right for _, post in kept if post in own for right in own[post].rests_on}),
    )
    return [(address, post) for address, post in kept if post not in own]


def hold_any(connection: Connection[DictRow], person: str | None) -> bool:
    """Tell whether a person holds a post of their own, and let it not end meanwhile.

    Lock: as `not_kept`. Raises: RightEndedError.
    """
    own = sorted(holdings(connection, person).items())
    if own:
        register.hold_rights(connection, own[0][1].rests_on)
    return bool(own)
