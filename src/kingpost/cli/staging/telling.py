"""Tell a story of the model to the company that runs, act by act, by people of its register."""

from uuid import UUID

from kingpost.decisions.commands import Assign, Command, Start
from kingpost.engine.company import Company
from kingpost.engine.lookup import find_case
from kingpost.engine.perform import Asked, Done, KeyReusedError, perform
from kingpost.model.model import Model
from kingpost.model.records.written import plain_record
from kingpost.model.scenario import Act, Passing, Scenario, Who
from kingpost.scenarios.acts import command_of, token_of
from kingpost.values.identity import derive
from kingpost.values.nearest import suggestion


def tell_story(company: Company, model: Model, name: str) -> str:
    """Tell a story once, however often it is asked for; return why it cannot go on, or nothing.

    Each act has a key that says which it is, so that one that was interrupted goes on.
    """
    story = model.scenarios.get(name)
    if story is None:
        help_ = suggestion(name, model.scenarios, "Add it to the scenarios of the model.")
        return f"there is no scenario `{name}`. {help_}"
    if story.after is not None or any(isinstance(entry, Passing) for entry in story.when):
        words = f"`{name}` lets time pass, or begins where another ends"
        return f"{words}. Name one that does not."
    starter = story.given.starter
    if starter is None or starter.post is not None:
        return f"`{name}` does not say which person begins it. Add `person` to `given`."
    workflow = story.workflow or _only_workflow(model, story)
    record = plain_record(model, model.objects[story.given.object], story.given.record)
    begun = perform(company, _asked(story, 0, Start(record), starter, workflow=workflow))
    if not isinstance(begun, Done):
        return str(begun)
    acts = [entry for entry in story.when if isinstance(entry, Act)]
    for index, act in enumerate(acts, start=1):
        why = _act(company, story, index, act, begun.number)
        if why:
            return f"`{name}`: {why}"
    return ""


def _only_workflow(model: Model, story: Scenario) -> str:
    # The check has refused a story that does not say which of several it means.
    return next(item.id for item in model.workflows.values() if item.object == story.given.object)


def _act(company: Company, story: Scenario, index: int, act: Act, number: str) -> str:
    case = find_case(company, number)
    assert case is not None, "the case has begun, and cases stay"
    program = company.active()
    rules = program.workflows[case.workflow]
    token = token_of(rules, case, act)
    if isinstance(token, str):
        # Each act is an event, the beginning the first: this one happened when it was told before.
        return "" if case.version > index else token
    command = command_of(program, rules, case, act, token)
    if isinstance(command, Assign):
        command = Assign(command.task, act.who.person)
    try:
        outcome = perform(company, _asked(story, index, command, act.who, case=case.id))
    except KeyReusedError:
        # It happened before, and the case has come here once more since.
        return ""
    return "" if isinstance(outcome, Done) else str(outcome)


def _asked(
    story: Scenario,
    index: int,
    command: Command,
    who: Who,
    *,
    workflow: str | None = None,
    case: UUID | None = None,
) -> Asked:
    return Asked(
        derive(f"demo/{story.id}/{index}"),
        command,
        person=who.person,
        interface=who.interface,
        acting_as=who.acting_as,
        workflow=workflow,
        case=case,
    )
