"""The pages of one task, one decision and one wait."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kingpost.decisions.options import Option, Options, options
from kingpost.decisions.refusals import NotYourPost, OutsideAuthority, Refusal
from kingpost.model.objects import Field as ModelField
from kingpost.model.workflow import DONE, Decision, Step
from kingpost.queries.task_page import TaskPage as Found
from kingpost.web import words
from kingpost.web.form_pieces import Field, FieldGroup, Form, FormError
from kingpost.web.pages.frame import View
from kingpost.web.pages.keys import Keys
from kingpost.web.pages.records import (
    case_head,
    exception_title,
    record_facts,
    rule_results,
    shown_facts,
    timeline,
)
from kingpost.web.pieces import Act, Link
from kingpost.web.presenters import DecisionPage, Outcome, TaskPage
from kingpost.web.typed_fields import Plain, form_field

_HISTORY = 8


@dataclass(frozen=True, slots=True)
class Typed:
    """What came back with a refused form, so that nothing typed is lost.

    errors: by field, or under an empty name for the whole form.
    """

    fields: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    outcome: str = ""
    reason: str = ""
    errors: Mapping[str, str] = field(default_factory=dict[str, str])


NOTHING_TYPED = Typed()


def task_page(view: View, found: Found, keys: Keys, typed: Typed = NOTHING_TYPED) -> TaskPage:
    """Return the page of a task, of a wait, or of either while an exception holds it."""
    possible = options(found.program, found.case, str(found.work.id), found.facts)
    work, step = found.work, found.program.workflows[found.work.workflow].places
    declared = step[work.step].step
    blocked = _blocked(view, found, possible)
    return TaskPage(
        case=case_head(view, work, found.owner),
        title=work.step_title,
        instruction=_instruction(view, found),
        form=_task_form(view, found, possible, keys, typed),
        facts=(record_facts(view, work.workflow, found.record),),
        discharges=_discharges(view, declared),
        blocked=blocked,
        unblock=_who_could(view, possible.work),
        next_step=_next(found, declared),
        exceptions=_other_acts(found, possible, keys),
        claim=_claim(found, possible, keys),
    )


def decision_page(
    view: View, found: Found, keys: Keys, typed: Typed = NOTHING_TYPED
) -> DecisionPage:
    """Return the page of a decision."""
    possible = options(found.program, found.case, str(found.work.id), found.facts)
    work = found.work
    declared = found.program.workflows[work.workflow].places[work.step].step
    assert isinstance(declared, Decision), "the caller tells tasks and decisions apart"
    locked = ""
    if work.suspended is not None:
        held = exception_title(view, work.workflow, work.suspended)
        locked = f"This stands still until “{held}” is resolved."
    url = f"/tasks/{work.id}"
    form = Form(
        f"{url}/decide",
        "Decide",
        keys.next(),
        errors=_errors(typed),
        hidden=(("shown", found.digest),),
        cancel=Link("Back to the case", f"/cases/{work.number}"),
    )
    return DecisionPage(
        case=case_head(view, work, found.owner),
        question=work.step_title,
        form=form,
        outcomes=tuple(
            _outcome(view, found, declared, option, typed) for option in possible.outcomes
        ),
        reason=_reason(possible, typed),
        facts=(
            shown_facts(view, work.workflow, found.shown),
            record_facts(view, work.workflow, found.record),
        ),
        rules=rule_results(view, work.workflow, found.rules),
        evidence=(),
        history=timeline(view, work.workflow, found.history[-_HISTORY:]),
        authority=_authority(view, found, possible),
        separation=_separation(found, declared),
        discharges=_discharges(view, declared),
        locked=locked,
        exceptions=_other_acts(found, possible, keys),
        claim=_claim(found, possible, keys),
    )


def sentence(clause: str) -> str:
    """Return a refusal's clause as a sentence, without the code marks."""
    plain = clause.replace("`", "")
    return f"{plain[:1].upper()}{plain[1:]}."


def _task_form(view: View, found: Found, possible: Options, keys: Keys, typed: Typed) -> Form:
    work = found.work
    fields = tuple(
        _field(view, found, name, typed, required=name in possible.requires)
        for name in possible.fields
    )
    url = f"/tasks/{work.id}"
    is_task = work.kind == "task" and work.suspended is None
    return Form(
        f"{url}/complete" if is_task else f"{url}/record",
        f"Complete “{work.step_title}”" if is_task else "Save",
        keys.next(),
        groups=(FieldGroup("", fields),),
        errors=_errors(typed),
        cancel=Link("Back to the case", f"/cases/{work.number}"),
    )


def _field(
    view: View, found: Found, name: str, typed: Typed, *, required: bool, prefix: str = ""
) -> Field:
    declared: ModelField = found.program.workflows[found.work.workflow].fields[name]
    value = typed.fields.get(name, found.case.fields.get(name))
    error = typed.errors.get(name, "")
    return form_field(
        view.program.model, declared, value, required=required, prefix=prefix, error=error
    )


def _outcome(view: View, found: Found, declared: Decision, option: Option, typed: Typed) -> Outcome:
    ways = next(item for item in declared.outcomes if item.id == option.id).then
    chosen = typed.outcome == option.id
    mine = typed if chosen else NOTHING_TYPED
    return Outcome(
        option.id,
        option.title,
        _goes_to(found, tuple(way.go for way in ways)),
        fields=tuple(
            _field(
                view, found, name, mine, required=name in option.requires, prefix=f"{option.id}."
            )
            for name in option.fields
        ),
        why_not=(sentence(str(option.refusal)),) if option.refusal else (),
        unblock=_who_could(view, option.refusal),
        chosen=chosen,
    )


def _goes_to(found: Found, targets: tuple[str, ...]) -> str:
    places = found.program.workflows[found.work.workflow].places
    named = list(dict.fromkeys(places[go].step.title for go in targets if go != DONE))
    if not named:
        return "Ends this part of the work"
    return f"Goes on to {' or '.join(named)}"


def _next(found: Found, step: Step) -> str:
    return f"{_goes_to(found, tuple(way.go for way in step.then))}." if step.then else ""


def _reason(possible: Options, typed: Typed) -> Field | None:
    needing = [option.title for option in possible.outcomes if option.reason]
    hint = f"Needed for: {', '.join(needing)}." if needing else "Kept with the decision."
    return Field(
        "long-text",
        "reason",
        "Reason",
        typed.reason,
        hint,
        required=False,
        error=typed.errors.get("reason", ""),
    )


def _errors(typed: Typed) -> tuple[FormError, ...]:
    return tuple(
        FormError(f"field-{name}" if name else "main", text) for name, text in typed.errors.items()
    )


def _blocked(view: View, found: Found, possible: Options) -> tuple[str, ...]:
    reasons: list[str] = []
    if found.work.suspended is not None:
        held = exception_title(view, found.work.workflow, found.work.suspended)
        reasons.append(f"It stands still until “{held}” is resolved.")
    elif possible.work is not None:
        reasons.append(sentence(str(possible.work)))
    return tuple(reasons)


def _instruction(view: View, found: Found) -> str:
    role = view.program.model.roles.get(found.work.role)
    whom = f" As {role.title[:1].lower()}{role.title[1:]}." if role else ""
    if found.work.kind == "wait":
        return f"{found.work.step_title}. It goes on when one of the messages below comes.{whom}"
    return f"{found.work.step_title}.{whom}"


def _discharges(view: View, step: Step) -> tuple[Link, ...]:
    obligations = view.program.model.obligations
    return tuple(
        Link(obligations[name].title, f"/obligations/{name}")
        for name in step.discharges
        if name in obligations
    )


def _other_acts(found: Found, possible: Options, keys: Keys) -> tuple[Act, ...]:
    url = f"/tasks/{found.work.id}"
    groups = (
        ("resolve", "ending", possible.endings, "check"),
        ("deliver", "message", possible.messages, "inbox"),
        ("raise", "exception", possible.exceptions, "alert"),
    )
    return tuple(
        Act(
            option.title,
            f"{url}/{act}",
            icon,
            post=True,
            key=keys.next(),
            fields=((name, option.id),),
        )
        for act, name, found_options, icon in groups
        for option in found_options
        if option.refusal is None
    )


def _claim(found: Found, possible: Options, keys: Keys) -> Act | None:
    work = found.work
    if possible.work is not None or work.kind == "wait" or work.suspended is not None:
        return None
    url = f"/tasks/{work.id}/assign"
    if work.person is None:
        return Act(
            "Take it on", url, "person-add", post=True, key=keys.next(), fields=(("mine", "yes"),)
        )
    if work.person == found.facts.actor.person:
        return Act("Lay it back", url, post=True, key=keys.next(), fields=(("mine", "no"),))
    return None


def _who_could(view: View, refusal: Refusal | None) -> Link | None:
    if not isinstance(refusal, NotYourPost | OutsideAuthority) or not refusal.could:
        return None
    post = refusal.could[0]
    return Link(f"{view.post_title(post)} may", f"/org/posts/{post}")


def _authority(view: View, found: Found, possible: Options) -> str:
    held = ", ".join(view.post_title(item.post) for item in found.facts.actor.holdings)
    free = [option.title for option in possible.outcomes if option.refusal is None]
    if not free:
        return "None of your posts may take an outcome here"
    return f"{' or '.join(free)}, as {held}" if held else "No post"


def _separation(found: Found, step: Decision) -> str:
    places = found.program.workflows[found.work.workflow].places
    apart = [places[name].step.title for name in step.separate_from]
    return f"Not by whoever performed {words.title_of(' or '.join(apart))}" if apart else ""
