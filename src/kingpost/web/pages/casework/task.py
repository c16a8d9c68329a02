"""The page of one task or wait, also while an exception holds it."""

from kingpost.decisions.options import Options, options
from kingpost.model.workflow import DONE, Step
from kingpost.queries.task_page import TaskPage as Found
from kingpost.web.form_pieces import Field, FieldGroup, Form, Send
from kingpost.web.pages import words
from kingpost.web.pages.casework.forms import (
    NOTHING_TYPED,
    Typed,
    about,
    back_to_case,
    claim_act,
    drawn_from,
    errors_of,
    input_of,
    open_options,
    raise_form,
    titles_of,
    work_field,
)
from kingpost.web.pages.casework.records import case_head, escalation, record_facts
from kingpost.web.pages.casework.refusals import joined, who_could, why
from kingpost.web.pages.casework.stale import clash_table
from kingpost.web.pages.frame import View
from kingpost.web.pages.keys import Keys
from kingpost.web.pieces import Link
from kingpost.web.presenters import TaskPage


def task_page(view: View, found: Found, keys: Keys, typed: Typed = NOTHING_TYPED) -> TaskPage:
    """Return the page of a task, of a wait, or of either while an exception holds it."""
    possible = options(found.program, found.case, str(found.work.id), found.facts)
    work = found.work
    declared = found.program.workflows[work.workflow].places[work.step].step
    blocked = _blocked(found, possible)
    is_open_task = work.kind == "task" and work.suspended is None
    return TaskPage(
        case=case_head(view, work, found.owner),
        title=work.step_title,
        instruction=_instruction(view, found),
        form=_form(view, found, possible, keys, typed),
        facts=(record_facts(view, work.workflow, found.record),),
        discharges=discharges(view, declared) if is_open_task else (),
        blocked=blocked,
        unblock=who_could(titles_of(found), possible.work) if blocked else None,
        next_step=_next(found, declared) if is_open_task else "",
        claim=claim_act(view, found, possible, keys),
        raising=raise_form(found, possible, keys),
        stale=clash_table(view, found, typed),
    )


def goes_to(found: Found, targets: tuple[str, ...]) -> str:
    """Return where the work goes on, in words."""
    places = found.program.workflows[found.work.workflow].places
    named = list(dict.fromkeys(places[go].step.title for go in targets if go != DONE))
    if not named:
        return "Ends this part of the work"
    return f"Goes on to {joined([f'“{title}”' for title in named], 'or')}"


def discharges(view: View, step: Step) -> tuple[Link, ...]:
    """Return the obligations whose evidence a step makes."""
    obligations = view.program.model.obligations
    return tuple(
        Link(obligations[name].title, f"/obligations/{name}")
        for name in step.discharges
        if name in obligations
    )


def _form(view: View, found: Found, possible: Options, keys: Keys, typed: Typed) -> Form:
    work, url = found.work, f"/tasks/{found.work.id}"
    is_open_task = work.kind == "task" and work.suspended is None
    fields = tuple(
        work_field(view, found, name, typed, required=name in possible.requires)
        for name in possible.fields
    )
    others = _others(possible, url)
    if is_open_task and fields and possible.work is None:
        others = (*others, Send("Save for later", f"{url}/record", "later", "yes"))
    elif not is_open_task and fields and possible.work is None and work.suspended is None:
        others = (*others, Send("Save what is filled in", f"{url}/record", "later", "yes"))
    act = f"Done: {work.step_title}" if is_open_task else ""
    return Form(
        f"{url}/complete" if is_open_task else f"{url}/record",
        act,
        keys.next(),
        groups=_groups(fields, others, folded=not is_open_task),
        errors=errors_of(typed, _inputs(fields)),
        hidden=(*about(found), *drawn_from(found, possible.fields)),
        cancel=back_to_case(found),
        others=others,
    )


def _groups(
    fields: tuple[Field, ...], others: tuple[Send, ...], *, folded: bool
) -> tuple[FieldGroup, ...]:
    """Return the fields; those that may come along with an answer are folded away."""
    if not folded:
        return (FieldGroup("", fields),)
    return (FieldGroup("Record more with it", fields, folded=True),) if fields and others else ()


def _inputs(fields: tuple[Field, ...]) -> dict[str, str]:
    return {field.name: input_of(field) for field in fields}


def _others(possible: Options, url: str) -> tuple[Send, ...]:
    endings = tuple(
        Send(option.title, f"{url}/resolve", "ending", option.id, primary=number == 0)
        for number, option in enumerate(open_options(possible.endings))
    )
    messages = tuple(
        Send(option.title, f"{url}/deliver", "message", option.id, primary=number == 0)
        for number, option in enumerate(open_options(possible.messages))
    )
    return (*endings, *messages)


def _next(found: Found, step: Step) -> str:
    return f"{goes_to(found, tuple(way.go for way in step.then))}." if step.then else ""


def _blocked(found: Found, possible: Options) -> tuple[str, ...]:
    titles = titles_of(found)
    if found.work.kind == "task" and found.work.suspended is None:
        return (why(titles, possible.work),) if possible.work is not None else ()
    ways = (*possible.endings, *possible.messages)
    if open_options(ways):
        return ()
    return tuple(dict.fromkeys(why(titles, option.refusal) for option in ways if option.refusal))


def _instruction(view: View, found: Found) -> str:
    work, titles = found.work, titles_of(found)
    role = view.program.model.roles.get(work.role)
    post = view.post_title(work.post)
    late = escalation(view, work)
    whom = (f"Addressed to {post}. " if post else "") + (f"{late}. " if late else "")
    if work.suspended is not None:
        return f"Held: {titles.exception(work.suspended)}. Say how it ended, and the work goes on."
    if work.kind == "call":
        return f"{whom}Another system is asked; the case goes on when it answers."
    if work.kind == "run":
        return f"{whom}Other cases run; this one goes on when they have come far enough."
    if work.kind == "wait":
        until = ""
        if work.limit_at is not None:
            ends = words.moment(work.limit_at, view.now, view.zone)
            until = f" If nothing comes, the case goes on by itself on {ends.full}."
        return f"Say what came of it.{until}"
    return f"{whom}Whoever acts {role.title[:1].lower()}{role.title[1:]}." if role else whom
