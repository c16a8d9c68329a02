"""Hold the files of the register against a model: do the people suffice."""

from datetime import datetime
from pathlib import Path

from rich.markup import escape

from kingpost.checks.staffing.findings import Staffing, check_staffing
from kingpost.checks.staffing.register import Register
from kingpost.cli.columns import for_people
from kingpost.exchange.files.faults import unreadable
from kingpost.exchange.register_csv import read_appointments, read_people
from kingpost.model.model import Model


def examine_staffing(model: Model, folder: Path, at: datetime) -> Staffing:
    """Tell whether the people appointed at a time suffice.

    folder: one with `people.csv` and, once somebody is appointed, `appointments.csv`.

    Raises: UnreadableError, with every fault of a file.
    """
    return check_staffing(model, _read_register(folder, at))


def _read_register(folder: Path, at: datetime) -> Register:
    people, appointments = folder / "people.csv", folder / "appointments.csv"
    if not people.is_file():
        help_text = (
            "Write it with the columns `id` and `name`, and once people are appointed beside it"
            " `appointments.csv` with `person`, `post` and `from`."
        )
        raise unreadable(people.name, 0, f"there is no such file in `{folder}`", help_text)
    every = read_people(people)
    names = {person.id: person.name for person in every}
    rows = read_appointments(appointments) if appointments.exists() else []
    holders: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.start <= at and (row.end is None or at < row.end):
            holders.setdefault(row.post, {})[row.person] = None
    begins = min((row.start.date() for row in rows), default=None)
    return Register(
        names,
        {post: tuple(persons) for post, persons in holders.items()},
        begins if begins and begins > at.date() else None,
        frozenset(person.id for person in every if person.is_agent),
    )


def staffing_document(staffing: Staffing) -> dict[str, list[dict[str, str]]]:
    """Return who could do what, as it is printed with `--json`."""
    return {
        workflow: [{"work": work, "person": person} for work, person in plan]
        for workflow, plan in staffing.plans.items()
    }


def tell_staffing(staffing: Staffing) -> None:
    """Print for each workflow an example of who could do what."""
    console = for_people()
    for workflow, plan in staffing.plans.items():
        console.print(f"Cases of {escape(workflow)} can be finished, for example so:")
        for work, person in plan:
            console.print(f"    {escape(work)} by {escape(person)}")
