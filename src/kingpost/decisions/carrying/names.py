"""What the parts of one version are called in another: by name, or by the name they had before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from kingpost.decisions.program import WorkflowProgram
from kingpost.decisions.versions.renaming import Part, Renamed
from kingpost.model.model import Model
from kingpost.model.restructuring.heirs import first_heir
from kingpost.model.workflow import Decision, Workflow


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def was(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Names:
    """By kind of part, what each part of the old version is called in the new one.

    A part that is missing here has no counterpart. placed: steps to which an explicit map moves
    cases that stand at them.
    """

    of: Mapping[Part, Mapping[str, str]]
    placed: Mapping[str, str]

    def new(self, part: Part, name: str) -> str | None:
        """Return what a part of the old version is called in the new one, or None."""
        return self.of[part].get(name)

    def changes(self) -> Iterable[Renamed]:
        """Yield the renames of this change, without those parts that keep their names."""
        for part, names in self.of.items():
            changed = tuple(sorted((old, new) for old, new in names.items() if old != new))
            if changed:
                yield Renamed(part, changed)


def names_between(
    old: WorkflowProgram,
    new: WorkflowProgram,
    positions: Mapping[str, str],
    between: Sequence[WorkflowProgram] = (),
) -> Names:
    """Return how the parts of a workflow are called in another version of it.

    positions: from steps of the old version to steps of the new one. One whose step has no
               counterpart is called by it; any other moves the cases that stand there.
    between:   the versions that came between them, in their order. A name is followed through all.
    """
    found = {part: dict(names) for part, names in _pair(old, new).items()}
    if between:
        for part, names in _chained([old, *between, new]).items():
            found[part] |= names
    steps = found[Part.STEP]
    known = {item.id for item in _steps(new.workflow)}
    for name, target in positions.items():
        if name not in steps and target in known and name in old.places:
            steps[name] = target
    placed = {name: to for name, to in positions.items() if steps.get(name) not in {None, to}}
    return Names(found, placed)


def _pair(old: WorkflowProgram, new: WorkflowProgram) -> dict[Part, dict[str, str]]:
    """Return by kind what each part of a version is called in the one after it."""
    steps = _matched(_steps(old.workflow), _steps(new.workflow))
    return {
        Part.STEP: steps,
        Part.FIELD: _fields(old, new),
        Part.STATE: _matched(old.object.states, new.object.states),
        Part.EXCEPTION: _matched(old.workflow.exceptions, new.workflow.exceptions),
        Part.OBLIGATION: _matched(
            (duty.obligation for duty in old.duties.values()),
            (duty.obligation for duty in new.duties.values()),
        ),
        Part.POST: _posts(old.model, new.model),
        Part.OUTCOME: dict(_outcomes(old.workflow, new.workflow, steps)),
    }


def _posts(old: Model, new: Model) -> dict[str, str]:
    """Return what each post is now: several may be one, and one that is abolished another."""
    found = ((name, first_heir(old, new, name)) for name in old.posts)
    return {name: heir for name, heir in found if heir is not None}


def _chained(versions: Sequence[WorkflowProgram]) -> dict[Part, dict[str, str]]:
    """Return by kind what each part of the first version is called in the last one."""
    pairs = [_pair(*two) for two in pairwise(versions)]
    found = pairs[0]
    for after in pairs[1:]:
        steps, chosen = after[Part.STEP], dict[str, str]()
        for old, new in found[Part.OUTCOME].items():
            step, known = new.split("/")
            there = after[Part.OUTCOME].get(f"{steps.get(step)}/{known}")
            if there is not None:
                chosen[f"{steps[step]}/{old.partition('/')[2]}"] = there
        found = {
            part: {old: after[part][new] for old, new in names.items() if new in after[part]}
            for part, names in found.items()
        }
        found[Part.OUTCOME] = chosen
    return found


def _steps(workflow: Workflow) -> list[_Named]:
    """Return the steps, and what exceptions open besides, by the names of those."""
    beside = [item for item in workflow.exceptions if item.id in workflow.errands]
    return [*workflow.all_steps(), *beside]


def _outcomes(old: Workflow, new: Workflow, steps: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the outcomes of decisions as `step/outcome`, with the step by its new name."""
    for name, to in steps.items():
        before, after = old.step(name), new.step(to)
        if isinstance(before, Decision) and isinstance(after, Decision):
            for outcome, known in _matched(before.outcomes, after.outcomes).items():
                yield f"{to}/{outcome}", f"{to}/{known}"


def _fields(old: WorkflowProgram, new: WorkflowProgram) -> dict[str, str]:
    found = _matched(old.object.fields, new.object.fields)
    groups = {item.was: item.id for item in new.object.groups if item.was}
    for field in old.object.fields:
        around, _, name = field.id.rpartition(".")
        moved = f"{groups[around]}.{name}" if around in groups else ""
        if field.id not in found and moved in new.fields:
            found[field.id] = moved
    return found


def _matched(old: Iterable[_Named], new: Iterable[_Named]) -> dict[str, str]:
    known, ids = {item.id: item.was for item in new}, [item.id for item in old]
    # A name that stood there already is no new name of another part.
    before = {was: name for name, was in known.items() if was and name not in ids}
    found: dict[str, str] = {}
    for each in ids:
        name = each if each in known else before.get(each)
        if name is not None:
            found[each] = name
    return found
