"""Hold the files of the register against a model: do the people suffice."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from kingpost.checks.staffing.findings import Staffing, check_staffing
from kingpost.checks.staffing.register import Register
from kingpost.exchange.register_csv import AppointmentRow, PersonRow, read_appointments, read_people
from kingpost.model.model import Model


def examine_staffing(model: Model, people: Path, appointments: Path, at: datetime) -> Staffing:
    """Tell whether the people appointed at a time suffice.

    Raises: UnreadableError, with every fault of a file.
    """
    return check_staffing(
        model, _register(read_people(people), read_appointments(appointments), at)
    )


def _register(
    people: Iterable[PersonRow], appointments: Iterable[AppointmentRow], at: datetime
) -> Register:
    holders: dict[str, dict[str, None]] = {}
    for row in appointments:
        if row.start <= at and (row.end is None or at < row.end):
            holders.setdefault(row.post, {})[row.person] = None
    names = {person.id: person.name for person in people}
    return Register(names, {post: tuple(persons) for post, persons in holders.items()})


def staffing_document(staffing: Staffing) -> dict[str, list[dict[str, str]]]:
    """Return who could do what, as it is printed with `--json`."""
    return {
        workflow: [{"work": work, "person": person} for work, person in plan]
        for workflow, plan in staffing.plans.items()
    }


def tell_staffing(staffing: Staffing) -> None:
    """Print for each workflow an example of who could do what."""
    console = Console(highlight=False, soft_wrap=True)
    for workflow, plan in staffing.plans.items():
        console.print(f"Cases of {escape(workflow)} can be finished, for example so:")
        for work, person in plan:
            console.print(f"    {escape(work)} by {escape(person)}")
