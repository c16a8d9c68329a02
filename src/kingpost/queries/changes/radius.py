"""The blast radius of a change: what of the company that runs it touches, with numbers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from kingpost.store.pool import Database
from kingpost.store.reading.lists import touched as store
from kingpost.store.reading.people import moment


@dataclass(frozen=True, slots=True)
class Standing:
    """Live cases of a workflow, on a version, that stand at the same steps.

    there: whether one of these steps is itself touched.
    """

    workflow: str
    version: str
    steps: tuple[str, ...]
    cases: int
    there: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """Something that is touched, by its address, and how much is under way there."""

    address: str
    number: int


@dataclass(frozen=True, slots=True)
class Radius:
    """What a change touches, at one moment.

    open_work:   by step. timers: by workflow, the notices still to be given.
    posts:       that are touched or have open work there, with how many people hold each.
    obligations: with the live cases that owe each. interfaces: with the calls under way.
    goals:       objectives, value streams and metrics, by address.
    """

    as_at: datetime
    cases: tuple[Standing, ...]
    open_work: tuple[Counted, ...]
    posts: tuple[Counted, ...]
    obligations: tuple[Counted, ...]
    interfaces: tuple[Counted, ...]
    timers: tuple[Counted, ...]
    goals: tuple[str, ...]


def read_radius(database: Database, parts: Collection[str]) -> Radius:
    """Count what some parts of the model have under way. parts: the addresses touched."""
    workflows, steps = _elements(parts, "workflow"), _steps(parts)
    with database.snapshot() as connection:
        cases = tuple(
            Standing(
                row["workflow"],
                row["model"],
                tuple(row["steps"]),
                row["cases"],
                any(f"{row['workflow']}/{step}" in steps for step in row["steps"]),
            )
            for row in store.in_flight(connection, workflows)
        )
        work = store.open_work(connection, steps)
        posts = {*_elements(parts, "post"), *store.addressed(connection, steps)}
        held = store.holders(connection, posts)
        owed = store.owed(connection, _elements(parts, "obligation"))
        calls = store.calls(connection, _elements(parts, "interface"))
        timers = store.timers(connection, workflows)
        now = moment(connection)
    goals = sorted(
        part
        for part in parts
        if part.count("/") == 1 and part.startswith(("objective/", "value-stream/", "metric/"))
    )
    return Radius(
        now,
        cases,
        tuple(
            Counted(f"workflow/{row['workflow']}/step/{row['step']}", row["number"]) for row in work
        ),
        tuple(Counted(f"post/{row['post']}", row["people"]) for row in held),
        tuple(Counted(f"obligation/{row['obligation']}", row["cases"]) for row in owed),
        tuple(Counted(f"interface/{row['interface']}", row["calls"]) for row in calls),
        tuple(Counted(f"workflow/{row['workflow']}", row["timers"]) for row in timers),
        tuple(goals),
    )


def _elements(parts: Collection[str], kind: str) -> list[str]:
    return sorted({part.split("/")[1] for part in parts if part.startswith(f"{kind}/")})


def _steps(parts: Collection[str]) -> frozenset[str]:
    """Return the steps among some parts, each as `workflow/step`."""
    split = [part.split("/") for part in parts if part.startswith("workflow/")]
    return frozenset(
        f"{names[1]}/{names[3]}" for names in split if names[2:3] == ["step"] and names[3:]
    )
