"""Say in words what went wrong, where people can do something about it."""

import psycopg
from psycopg_pool import PoolTimeout

from kingpost.engine.company import ModelChangedError, NoModelError
from kingpost.engine.delegations import NotDelegatedError
from kingpost.engine.plans.saving import PlanChangedError, UnknownPlannerError
from kingpost.engine.register import NotAppointedError, NotAwayError
from kingpost.exchange.files.faults import UnreadableError
from kingpost.exchange.replay.plan import BadMappingError
from kingpost.store.errors import WrongRoleError
from kingpost.store.imports import ImportTakenError
from kingpost.store.migrations import MigrationError
from kingpost.store.postgres.errors import EmbeddedServerError


class CommandError(Exception):
    """A command cannot do what was asked; the message says why and what to do."""


# Their messages are written for people.
_WORDED = (
    BadMappingError,
    CommandError,
    EmbeddedServerError,
    ImportTakenError,
    MigrationError,
    ModelChangedError,
    NoModelError,
    NotAppointedError,
    NotAwayError,
    NotDelegatedError,
    PlanChangedError,
    UnknownPlannerError,
    UnreadableError,
    WrongRoleError,
)


def explain(error: Exception) -> str | None:
    """Return the words for an error, or None for one that is a fault of the program."""
    if isinstance(error, _WORDED):
        return str(error)
    match error:
        case psycopg.errors.InsufficientPrivilege():
            words = error.diag.message_primary or "permission denied"
            help_ = "Name the owner of its tables in `KINGPOST_OWNER_URL`."
            return f"the database refuses: {words}. {help_}"
        case psycopg.errors.DiskFull():
            help_ = "Make room; nothing of this was recorded, and nothing recorded before is lost."
            return f"the disk of the database is full. {help_}"
        case psycopg.OperationalError() | PoolTimeout():
            first = (str(error) or type(error).__name__).splitlines()[0]
            help_ = "Check that it runs, and `KINGPOST_DATABASE_URL`."
            return f"the database cannot be reached: {first}. {help_}"
        case psycopg.ProgrammingError() if error.diag.sqlstate is None:
            # Not repeated, since there may be a password in it.
            written = "it is not an address of a database"
            help_ = "Write it such as `postgresql://user@host/name`."
            return f"`KINGPOST_DATABASE_URL` cannot be used: {written}. {help_}"
        case OSError() if error.filename is not None and error.strerror:
            return f"`{error.filename}` cannot be used: {error.strerror.lower()}"
        case _:
            return None
