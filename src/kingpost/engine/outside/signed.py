"""Who has signed what comes from outside: only an interface of the model that is said to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from kingpost.engine.company import Company
from kingpost.model.interfaces import variable
from kingpost.model.model import Model
from kingpost.proof.signature import Signed, is_fresh, is_signed, read_secrets
from kingpost.store import cases
from kingpost.values.identity import derive


@dataclass(frozen=True, slots=True)
class NotSigned:
    """Nothing shows that it comes from the interface now. why: for the log, not for the sender.

    is_stale: it was signed by it, at another time.
    """

    interface: str
    why: str
    is_stale: bool = False

    def __str__(self) -> str:
        if self.is_stale:
            return (
                "this was not signed within five minutes of now: "
                "sign it again at its time, with the same `webhook-id`"
            )
        return (
            "no signature fits: send `webhook-id`, `webhook-timestamp` and `webhook-signature`, "
            "made over `id.timestamp.body` with the secret of this interface"
        )


def refusal(
    company: Company, environment: Mapping[str, str], interface: str, sent: Signed
) -> NotSigned | None:
    """Return why what was sent is not taken for the interface's own, or None when it is.

    environment: with the secrets. What nobody has signed costs no look into the database.
    """
    name = variable(interface, "SECRET")
    try:
        secrets = read_secrets(environment.get(name, ""))
    except ValueError as error:
        return NotSigned(interface, f"`{name}`: {error}")
    if not secrets:
        return NotSigned(interface, f"`{name}` is not set")
    if not is_signed(sent, secrets):
        return NotSigned(interface, "no signature fits")
    with company.database.connection() as connection:
        model = company.active_on(connection).model
        _, _, now = cases.read_facts(connection, None, None, None)
    if not is_bound_to_sign(model, interface):
        return NotSigned(interface, "the model does not say `signed: true` of it")
    if not is_fresh(sent, now):
        return NotSigned(interface, f"signed at {sent.timestamp}, which is not now", is_stale=True)
    return None


def is_bound_to_sign(model: Model, interface: str) -> bool:
    """Tell whether an interface signs all that it sends, by what the model declares."""
    found = model.interfaces.get(interface)
    return found is not None and found.signed


def key_of(interface: str, sent: Signed) -> UUID:
    """Return the idempotency key of what was sent: the same for the same id, whenever it comes."""
    return derive(f"signed/{interface}/{sent.id}")


def unready(model: Model, environment: Mapping[str, str]) -> Iterator[str]:
    """Yield for each interface that signs why nothing of it is taken: it has no good secret."""
    for interface in model.interfaces.values():
        name = variable(interface.id, "SECRET")
        if not interface.signed:
            continue
        try:
            why = "" if read_secrets(environment.get(name, "")) else "is not set"
        except ValueError as error:
            why = f"does not do: {error}"
        if why:
            yield f"nothing is taken from interface `{interface.id}`: `{name}` {why}"
