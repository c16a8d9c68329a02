"""How a change reaches live cases, as it is written on the command line."""

from collections.abc import Iterable, Mapping
from typing import Annotated, TypeAlias

import typer

from kingpost.cli.failures import CommandError
from kingpost.model.assurance import CarryOver
from kingpost.model.model import Model
from kingpost.values.nearest import nearest

Reach: TypeAlias = Annotated[
    CarryOver | None,
    typer.Option(
        "--carry-over", help="How it reaches live cases; without it, as its governance says."
    ),
]
Places: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--map", help="Where cases go on, such as `claim/check=examine`. May be repeated."
    ),
]


def reach_of(
    model: Model, carry_over: CarryOver | None, places: Iterable[str]
) -> tuple[CarryOver | None, Mapping[str, Mapping[str, str]]]:
    """Return the policy that is asked for, and by workflow where cases of a step go on.

    Raises: CommandError.
    """
    positions = _positions(model, places)
    if positions and carry_over is CarryOver.STAY:
        raise CommandError(
            "`--carry-over stay` and `--map` do not go together: cases that stay go on nowhere."
            " Leave one of them away."
        )
    return carry_over, positions


def _positions(model: Model, places: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return by workflow where cases of a step go on, as it is written on the command line."""
    found: dict[str, dict[str, str]] = {}
    for written in places:
        left, _, target = written.partition("=")
        name, _, step = left.partition("/")
        if not (name and step and target):
            raise CommandError(
                f"`{written}` maps no step: write the workflow, the step of before and the step"
                " of now, such as `claim/check=examine`."
            )
        workflow = model.workflows.get(name)
        if workflow is None:
            raise CommandError(f"there is no workflow `{name}`{_near(name, model.workflows)}")
        if workflow.step(target) is None:
            known = [each.id for each in workflow.all_steps()]
            raise CommandError(f"`{name}` has no step `{target}`{_near(target, known)}")
        found.setdefault(name, {})[step] = target
    return found


def _near(name: str, known: Iterable[str]) -> str:
    found = nearest(name, known)
    return f": did you mean `{found}`?" if found else "."
