"""What one may ask about in a model, and the posts that answer for it."""

from collections.abc import Iterable

from kingpost.decisions.program import Program, WorkflowProgram
from kingpost.model.custody import custodian_of
from kingpost.model.model import Model
from kingpost.model.workflow import Decision, Task
from kingpost.queries.accountability.answer import NothingThereError
from kingpost.queries.accountability.naming import has
from kingpost.values.nearest import suggestion


def posts_of(program: Program, address: str) -> tuple[str, tuple[str, ...]]:
    """Return the title of a part of the model, and the posts that answer for it."""
    model = program.model
    match address.split("/"):
        case ["post", name] | [name] if name in model.posts:
            return model.posts[name].title, (name,)
        case ["workflow", name] if name in model.workflows:
            return model.workflows[name].title, (model.workflows[name].owner,)
        case ["workflow", name, "step", step] if name in model.workflows:
            return _of_step(program, name, step)
        case ["obligation", name] if name in model.obligations:
            return model.obligations[name].title, (model.obligations[name].owner,)
        case ["objective", name] if name in model.objectives:
            return model.objectives[name].title, (model.objectives[name].owner,)
        case [_, _] as path if has(model, (path[0], path[1])):
            return _kept(model, address)
        case _:
            raise NothingThereError(_unknown(address, addresses(model)))


def _kept(model: Model, address: str) -> tuple[str, tuple[str, ...]]:
    """Return what nobody is named for by whoever keeps it in the model."""
    keeper = custodian_of(model, address)
    if keeper is None or keeper not in model.posts:
        raise NothingThereError(
            f"no post answers for `{address}`. Name its custodian in governance."
        )
    return address, (keeper,)


def _of_step(program: Program, workflow: str, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the posts to which a step goes: the one addressed, or all that carry the role.

    What nobody does, such as a rule, is answered for by who answers for the workflow.
    """
    flow = program.workflows[workflow]
    place = flow.places.get(name)
    if place is None:
        known = (f"workflow/{workflow}/step/{step}" for step in flow.places)
        raise NothingThereError(_unknown(f"workflow/{workflow}/step/{name}", known))
    step = place.step
    if isinstance(step, Task | Decision) and step.to.post:
        return step.title, (step.to.post,)
    return step.title, carriers(flow, name)


def carriers(flow: WorkflowProgram, name: str) -> tuple[str, ...]:
    """Return the posts that carry the role of a step, or who answers for the workflow."""
    role = getattr(flow.places[name].step, "role", "")
    return tuple(flow.carriers.get(role, ())) or (flow.workflow.owner,)


def addresses(model: Model) -> tuple[str, ...]:
    """Return what one may ask about, steps left out: they are many."""
    kinds = {
        "post": model.posts,
        "workflow": model.workflows,
        "obligation": model.obligations,
        "objective": model.objectives,
    }
    return tuple(f"{kind}/{name}" for kind, elements in kinds.items() for name in elements)


def _unknown(address: str, known: Iterable[str]) -> str:
    names = [*known]
    bare = [name.removeprefix("post/") for name in names if name.startswith("post/")]
    otherwise = (
        "Write a post, or `workflow/…`, `workflow/…/step/…`, `obligation/…`, `objective/…`, "
        "`case/…`."
    )
    help_ = suggestion(address, names if "/" in address else bare, otherwise)
    return f"the model that ran then has no `{address}`. {help_}"
