"""What of a record decides who may do work on it: work with the same of it is alike."""

from collections.abc import Iterable, Iterator

from kingpost.decisions.authority import Standing
from kingpost.decisions.program import WorkflowProgram
from kingpost.model.scope import CHANGED, ENTERED
from kingpost.model.workflow import Decision, Task


def reads_of(
    program: WorkflowProgram, step: Task | Decision, ways: Iterable[Standing]
) -> dict[str, list[str]]:
    """Return the fields, and the steps and fields whose counts, the rights at a step may read.

    The state is always read besides. ways: in which the work is reached.
    """
    paths = set(_paths(program, step))
    record = program.object.id
    # What names anything else, such as a rule, may come to any of it; so may what is lent.
    if _is_lent_on_condition(ways) or any(_is_wide(path, record) for path in paths):
        return {
            "fields": [*program.fields],
            "entered": [*program.places],
            "changed": [*program.fields],
        }
    return {
        "fields": [name for name in program.fields if _is_read(f"{record}.{name}", paths)],
        "entered": [name for name in program.places if _is_read(f"{ENTERED}.{name}", paths)],
        "changed": [name for name in program.fields if _is_read(f"{CHANGED}.{name}", paths)],
    }


def _paths(program: WorkflowProgram, step: Task | Decision) -> Iterator[str]:
    outcomes = step.outcomes if isinstance(step, Decision) else ()
    for outcome in outcomes:
        for right in program.rights.get(f"{step.id}/{outcome.id}", ()):
            yield from right.when.reads if right.when else ()


def _is_lent_on_condition(ways: Iterable[Standing]) -> bool:
    lent = (way.holding.delegation for way in ways)
    return any(each is not None and each.when is not None for each in lent)


def _is_wide(path: str, record: str) -> bool:
    head, _, rest = path.partition(".")
    return not rest or head not in {record, ENTERED, CHANGED}


def _is_read(name: str, paths: set[str]) -> bool:
    """Tell whether a value, a group around it or a part of it is read."""
    return any(
        name == path or name.startswith(f"{path}.") or path.startswith(f"{name}.") for path in paths
    )
