"""Cases that steps of other cases begin: begin each once, tell its step once how far it came."""

import logging
from collections.abc import Mapping
from uuid import UUID

from kingpost.decisions.carrying.names import names_between
from kingpost.decisions.commands import Command, Fail, Parent, Report, Start
from kingpost.decisions.refusals import CaseIsClosed, NotOpen
from kingpost.decisions.versions.renaming import Part
from kingpost.engine.away import OperationalError
from kingpost.engine.company import Company
from kingpost.engine.perform import Asked, Done, NoSuchCase, perform
from kingpost.store import models
from kingpost.store.due import children
from kingpost.store.due.children import Due
from kingpost.store.errors import NotWantedError
from kingpost.values.identity import derive

_log = logging.getLogger(__name__)

# A chain of cases that begin each other is cut here: it would otherwise never end.
DEPTH_MAX = 20
# What is refused, or breaks off, is tried again so much later.
_REFUSED_SECONDS = 300


def do_due(company: Company, limit: int) -> int:
    """Do what is due with up to `limit` cases; return with how many something was done."""
    return sum(_attempt(company, due) for due in due_cases(company, limit))


def due_cases(company: Company, limit: int) -> list[Due]:
    """Return up to `limit` cases with which something is due, the oldest first."""
    with company.database.connection() as connection:
        return children.due_cases(connection, limit)


def attempt(company: Company, due: Due) -> str | None:
    """Begin a case, or tell its step how far it came; return why nothing could be done, or None.

    Done again, it has its one effect.
    """
    return _tell(company, due) if due.form is None else _begin(company, due)


def _attempt(company: Company, due: Due) -> bool:
    try:
        cause = attempt(company, due)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - one that breaks off must not hold up the others
        _log.exception("case %s, which `%s` wants, broke off", due.id, due.step)
        cause = repr(error)
    if cause is not None:
        with company.database.connection() as connection:
            children.put_off(connection, due.id, cause, _REFUSED_SECONDS)
    return cause is None


def _begin(company: Company, due: Due) -> str | None:
    """Begin a case; return why nothing could be done, or None."""
    if due.depth > DEPTH_MAX:
        return _fail(company, due, f"more than {DEPTH_MAX} cases have begun each other in a row")
    parent = Parent(due.parent, due.number, due.asking, due.step, str(due.token))
    command = Start(due.form or {}, parent)
    key = derive(f"begin/{due.id}")
    asked = Asked(key, command, due.id, workflow=due.workflow, model=due.model)
    try:
        outcome = perform(company, asked)
    except NotWantedError:
        return None
    return None if isinstance(outcome, Done) else _fail(company, due, str(outcome))


def _fail(company: Company, due: Due, cause: str) -> str | None:
    """Let the step of the other case fail; whoever answers for it is told the cause."""
    command = Fail(str(due.token), cause, case=str(due.id))
    return _perform(company, due, command, derive(f"fail/{due.id}/{due.fails}"), cause)


def _tell(company: Company, due: Due) -> str | None:
    """Tell the step that its case came as far as it waits for."""
    names = _names(company, due)
    fields = {names[Part.FIELD].get(name, name): value for name, value in due.fields.items()}
    state = names[Part.STATE].get(due.state, due.state)
    command = Report(str(due.token), str(due.id), due.begun, state, fields)
    return _perform(company, due, command, derive(f"report/{due.id}"), "")


def _names(company: Company, due: Due) -> Mapping[Part, Mapping[str, str]]:
    """Return what parts of a case are called in the version on which its step runs.

    One of the two may have gone over to another version, and the other not.
    """
    none: Mapping[str, str] = {}
    same = {Part.FIELD: none, Part.STATE: none}
    if due.ran == due.model:
        return same
    with company.database.connection() as connection:
        is_newer = models.is_later(connection, due.ran, due.model)
        old, new = (due.model, due.ran) if is_newer else (due.ran, due.model)
        found = [old, *models.versions_between(connection, old, new), new]
        programs = [company.program_on(connection, each).workflows for each in found]
    flows = [each[due.workflow] for each in programs if due.workflow in each]
    if len(flows) != len(found):
        return same
    names = names_between(flows[0], flows[-1], {}, flows[1:-1]).of
    if is_newer:
        return {part: {new: old for old, new in names[part].items()} for part in same}
    return names


def _perform(company: Company, due: Due, command: Command, key: UUID, cause: str) -> str | None:
    outcome = perform(company, Asked(key, command, due.parent))
    if isinstance(outcome, Done | NoSuchCase | NotOpen | CaseIsClosed):
        return None
    return f"{cause}; {outcome}" if cause else str(outcome)
