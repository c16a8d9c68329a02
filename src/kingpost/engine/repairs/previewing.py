"""What a repair or an override would bring about, told before anybody proposes it."""

from dataclasses import dataclass
from uuid import UUID

from kingpost.decisions.case import Case, Plain
from kingpost.decisions.changes import Draft, Entered, FieldsSet, Left
from kingpost.decisions.commands import Actor, Facts, Override, Propose
from kingpost.decisions.judging.allowing.room import ledgers_asked
from kingpost.decisions.judging.overriding import overriding
from kingpost.decisions.judging.repairs.repairing import preview
from kingpost.decisions.refusals import Refusal
from kingpost.decisions.sealing import SEED_BYTES_MIN
from kingpost.decisions.transition import Transition
from kingpost.engine.company import Company
from kingpost.engine.perform import NoSuchCase
from kingpost.store import allowances, cases, register
from kingpost.store.reading.lists.reviews import unreviewed_posts


@dataclass(frozen=True, slots=True)
class Effect:
    """What a repair, or an override, does to a case.

    fields: each with its value before and afterwards. left, entered: steps, in their order.
    state:  of the record before and afterwards. is_closed: whether the case ends by it.
    """

    fields: tuple[tuple[str, Plain, Plain], ...]
    left: tuple[str, ...]
    entered: tuple[str, ...]
    state: tuple[str, str]
    is_closed: bool


def find(company: Company, number: str) -> Case | None:
    """Return the case of a number, or None."""
    with company.database.connection() as connection:
        return cases.find_case(connection, number)


def preview_repair(
    company: Company, number: str, command: Propose, person: str, acting_as: str | None = None
) -> Effect | Refusal | NoSuchCase:
    """Return what a repair would bring about now, or why it could not be proposed."""
    with company.database.connection() as connection:
        found = cases.find_case(connection, number)
        if found is None:
            return NoSuchCase()
        case, held, now = cases.read_facts(connection, None, found.id, person)
        assert case is not None, "a case is never removed"
        program = company.program_on(connection, case.model)
    # Nothing is kept of it, so that nothing has to be hidden.
    facts = Facts(
        max(now, case.latest), now, Actor(person, None, held, acting_as), seed=bytes(SEED_BYTES_MIN)
    )
    outcome = preview(program, case, command, facts)
    return _effect(case, outcome) if isinstance(outcome, Transition) else outcome


def preview_override(
    company: Company, command: Override, person: str, acting_as: str | None = None
) -> Effect | Refusal | NoSuchCase:
    """Return what an override would bring about now, or why it is not to be had."""
    with company.database.connection() as connection:
        case, held, now = cases.read_facts(connection, UUID(command.task), None, person)
        if case is None:
            return NoSuchCase()
        program = company.program_on(connection, case.model)
        happens = max(now, case.latest)
        counts = ledgers_asked(program.workflows[case.workflow], case, command, happens)
        facts = Facts(
            happens,
            now,
            Actor(person, None, held, acting_as),
            vacant=register.vacant_posts(connection),
            seed=bytes(SEED_BYTES_MIN),
            used=allowances.read_used(connection, counts),
            unreviewed=unreviewed_posts(connection),
        )
    outcome = overriding.preview_override(program, case, command, facts)
    return _effect(case, outcome) if isinstance(outcome, Transition) else outcome


def _effect(case: Case, outcome: Transition) -> Effect:
    draft, left, entered = Draft(case, outcome.at), list[str](), list[str]()
    names: dict[str, None] = {}
    for change in outcome.changes:
        if isinstance(change, Left):
            left.append(draft.tokens[change.token].step)
        elif isinstance(change, Entered):
            entered.append(change.step)
        elif isinstance(change, FieldsSet):
            names |= dict.fromkeys(name for name, _ in change.fields)
        draft.apply(change)
    after = outcome.case
    return Effect(
        tuple((name, case.fields.get(name), after.fields.get(name)) for name in names),
        tuple(left),
        tuple(entered),
        (case.state, after.state),
        after.is_closed,
    )
