"""What a reference is, and the references that many elements have."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from kingpost.checks.finding import Where
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject
from kingpost.values.address import step_address
from kingpost.values.nearest import nearest


class Reference(NamedTuple):
    """One use of a name.

    known: the names that it may be. scope: the element that declares them, or empty.
    owner: address of that element, where a known name has no address of its own; or, ending in
           `/`, what comes before the name in its address. Empty for the kind itself.
    """

    kind: str
    name: str
    known: Collection[str]
    where: Where
    scope: str = ""
    owner: str = ""

    @property
    def message(self) -> str:
        """Return the words of the finding that the name is not declared."""
        scope = f" {self.scope}" if self.scope else ""
        return f"there is no {self.kind} `{self.name}`{scope}"

    @property
    def home(self) -> str:
        """Return where names of its kind are declared, such as `role/` or `object/claim`."""
        return self.owner or f"{self.kind}/"

    @property
    def meant(self) -> str | None:
        """Return the name that was probably meant, or None."""
        return nearest(self.name, self.known)


def posts_named(model: Model, name: str | None, where: Where) -> Iterator[Reference]:
    """Yield a reference to a post; none for None."""
    if name is not None:
        yield Reference("post", name, model.posts, where)


def fields_named(
    item: BusinessObject | None, names: Iterable[str], where: Where, besides: Collection[str] = ()
) -> Iterator[Reference]:
    """Yield references to fields; none when the object itself is not known.

    besides: names that another list reports already.
    """
    for index, name in enumerate(names):
        if name not in besides:
            yield from field_named(item, name, where.at(index), groups=True)


def field_named(
    item: BusinessObject | None, name: str, where: Where, *, groups: bool = False
) -> Iterator[Reference]:
    """Yield a reference to a field. groups: the name of a group stands for its fields."""
    if item is not None:
        known = tuple(field.id for field in item.fields)
        known += tuple(group.id for group in item.groups) if groups else ()
        yield Reference("field", name, known, where, f"on object `{item.id}`")


def states_named(
    item: BusinessObject | None, name: str | None, where: Where
) -> Iterator[Reference]:
    """Yield a reference to a state; none when the object itself is not known."""
    if item is not None and name is not None:
        known = tuple(state.id for state in item.states)
        scope = f"of object `{item.id}`"
        yield Reference("state", name, known, where, scope, f"object/{item.id}")


def steps_named(model: Model, workflow: str, step: str, where: Where) -> Iterator[Reference]:
    """Yield the references of `WORKFLOW/STEP`; the step only when the workflow is known."""
    yield Reference("workflow", workflow, model.workflows, where)
    if workflow in model.workflows:
        known = tuple(item.id for item in model.workflows[workflow].all_steps())
        scope = f"in workflow `{workflow}`"
        yield Reference("step", step, known, where, scope, step_address(workflow, ""))
