"""What the database refuses, as errors that a caller can do something about."""

from psycopg import DatabaseError, errors


class StoreError(Exception):
    """The store could not do what was asked; nothing was written."""


class StaleCaseError(StoreError):
    """The case moved on after it was read. It is safe to read again and decide again."""


class RightEndedError(StoreError):
    """An appointment that the authority rests on ended meanwhile. Read again and decide again."""


class LateAttemptError(StoreError):
    """Another attempt of the call was begun meanwhile, or the call is over. Nothing was written."""


class LateMessageError(StoreError):
    """The message was dropped meanwhile, or its wait knows it no more. Nothing was written."""


class AllowanceUsedError(StoreError):
    """A decision used up an allowance meanwhile. Read again and decide again.

    post: whose allowance it is.
    """

    def __init__(self, post: str) -> None:
        """Name the post."""
        super().__init__(f"the allowance of `{post}` was used meanwhile")
        self.post = post


class WrongRoleError(StoreError):
    """We would work as the owner of the tables, which could change what happened."""


class KeyReusedError(StoreError):
    """The idempotency key was used for another command before."""


class NotWantedError(StoreError):
    """The step that wanted this case wants it no more, or it has begun already."""


class NoSuchPostError(StoreError):
    """The register knows no such post."""


class NoFreeSeatError(StoreError):
    """All seats of the post are taken for at least a part of that time."""


class AlreadyHoldsError(StoreError):
    """The person holds the post for a part of that time already."""


class WrongHolderError(StoreError):
    """A machine agent and people do not hold the same posts; `whom` tells what was tried.

    whom: `agent` on a post of people, `person` on a post for agents, or an agent `acting`.
    """

    def __init__(self, whom: str) -> None:
        """Tell what was tried."""
        super().__init__(f"the post is not for this holder: {whom}")
        self.whom = whom


class AgentSignInError(StoreError):
    """A machine agent has no password and no browser; it comes by a token of the API."""


class KindChangedError(StoreError):
    """A person would become a machine agent, or an agent a person. The message is its id."""


class NotForAgentsError(StoreError):
    """Authority would be lent by or to a machine agent."""


class AwayAlreadyError(StoreError):
    """The person is away for a part of that time already."""


class NotRunningError(StoreError):
    """The appointment does not run for all of that time."""


class ToOneselfError(StoreError):
    """Authority would be lent to the person who has it."""


class UnknownPersonError(StoreError):
    """The register knows no such person."""


_BY_STATE: dict[str, type[StoreError]] = {
    "KP001": KeyReusedError,
    "KP002": StaleCaseError,
    "KP003": RightEndedError,
    "KP004": LateAttemptError,
    "KP005": LateMessageError,
    "KP006": NotWantedError,
    "KP007": AllowanceUsedError,
    "KP010": NoSuchPostError,
    "KP011": NoFreeSeatError,
    "KP012": AlreadyHoldsError,
    "KP013": WrongHolderError,
    "KP014": AgentSignInError,
    "KP015": KindChangedError,
    "KP020": NotRunningError,
    "KP021": ToOneselfError,
    "KP022": NotForAgentsError,
}


def translated(error: DatabaseError) -> Exception:
    """Return the store's own error for one of the database, or the same error."""
    known = _BY_STATE.get(error.sqlstate or "")
    if known is not None:
        return known(error.diag.message_primary or "")
    table = error.diag.table_name or ""
    # Events lie in partitions, which give the table's name a suffix.
    if isinstance(error, errors.UniqueViolation) and table.startswith(("event", "case_file")):
        return StaleCaseError("another process recorded this event first")
    if isinstance(error, errors.ExclusionViolation):
        if error.diag.constraint_name == "away_once":
            return AwayAlreadyError("the person is away already in that time")
        if error.diag.constraint_name == "one_seat_a_person":
            return AlreadyHoldsError("the person holds this post already in that time")
        return NoFreeSeatError("the seat was taken meanwhile")
    if isinstance(error, errors.ForeignKeyViolation) and table in {
        "appointment",
        "delegation",
        "absence",
    }:
        return UnknownPersonError("there is no such person in the register")
    return error
