"""Tell the history of a case: fold its events, and say of each who did what."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.case import Case, Plain, Token
from kingpost.decisions.changes import Assigned, Draft, Entered, Left, StateSet
from kingpost.decisions.program import WorkflowProgram
from kingpost.decisions.sealing import COMMITMENT, read_change, reveal
from kingpost.model.workflow import Decision, Wait
from kingpost.queries.history.timeline import ActedBy, Change, Event, Programs, RuleUse
from kingpost.queries.people import Answering, Holder
from kingpost.store.reading import history, people


@dataclass(frozen=True, slots=True)
class _Told:
    """One event with its bytes read, personal values put back, and the case before it."""

    row: DictRow
    header: Mapping[str, Any]
    body: Mapping[str, Any]
    before: Case


@dataclass(frozen=True, slots=True)
class _Known:
    """The workflow of the case by version, and who is who: names, and appointments by post."""

    flows: Mapping[str, WorkflowProgram]
    names: Mapping[str, str]
    appointments: Mapping[str, list[DictRow]]


def read_events(
    connection: Connection[DictRow],
    flows: Mapping[str, WorkflowProgram],
    case: Case,
    rows: list[DictRow],
) -> tuple[Event, ...]:
    """Return the timeline of a case, oldest first.

    flows: its workflow, by each version that it ran on.
    rows: its events as `store.reading.history` reads them. Where the kept bytes cannot be read any
          more, the timeline ends: the check of the chain says why.
    """
    told = list(_tell(case, rows, history.secrets(connection, case.id)))
    persons = {person for item in told for person in _persons(item.body["actor"])}
    posts = {token.post for item in told if (token := _token(item)) and token.post}
    appointed: dict[str, list[DictRow]] = {}
    posts |= {flow.workflow.owner for flow in flows.values()}
    for row in people.appointments(connection, posts=sorted(posts)):
        appointed.setdefault(row["post"], []).append(row)
    known = _Known(flows, people.names(connection, sorted(persons)), appointed)
    return tuple(_event(known, item) for item in told)


def flows_of(
    programs: Programs, versions: Iterable[str], workflow: str
) -> dict[str, WorkflowProgram]:
    """Return a workflow by each version that is kept; a header may name one that never was."""
    found: dict[str, WorkflowProgram] = {}
    for version in versions:
        try:
            found[version] = programs(version).workflows[workflow]
        except KeyError:
            continue
    return found


def _persons(actor: Mapping[str, Any]) -> Iterator[str]:
    """Yield who acted, who lent the authority, and who answered for the agent."""
    named = (
        actor.get("person"),
        actor.get("delegated-by"),
        actor.get("answered-for", {}).get("person"),
    )
    yield from filter(None, named)


def _tell(case: Case, rows: Iterable[DictRow], secrets: Iterable[DictRow]) -> Iterator[_Told]:
    revealed: dict[int, dict[str, Any]] = {}
    for row in secrets:
        revealed.setdefault(row["seq"], {})[row["name"]] = row["value"]
    before = Case(case.id, case.number, case.workflow, case.model, case.started_at)
    for row in rows:
        try:
            header = json.loads(row["header"])
            body = reveal(json.loads(row["body"]), revealed.get(row["seq"], {}))
            told = _Told(row, header, body, before)
            draft = Draft(before, row["at"])
            for written in body["changes"]:
                draft.apply(read_change(written))
            before = draft.finish(row["seq"], row["hash"])
        except (ValueError, KeyError, TypeError):
            return
        yield told


def _event(known: _Known, told: _Told) -> Event:
    row, header, body = told.row, told.header, told.body
    # A case that went over just now may be a version further than what was looked up.
    flow = known.flows.get(header["model"]) or next(reversed(list(known.flows.values())))
    changes = [read_change(written) for written in body["changes"]]
    token, step = _token(told), row["step"]
    steps = {item.token: item.step for item in changes if isinstance(item, Entered)} | {
        item.id: item.step for item in told.before.tokens.values()
    }
    reason, shown = body.get("reason"), body.get("shown", {}).get("seen", {})
    if not _is_erased(shown):
        # The vault does not keep the order in which the fields were shown.
        shown = {name: shown[name] for name in body.get("shown", {}).get("fields", ())}
    place = flow.places.get(step) if step else None
    return Event(
        seq=row["seq"],
        kind=row["kind"],
        step=step,
        step_title=place.step.title if place else step,
        at=row["at"],
        origin=header["origin"],
        by=_actor(known, flow, body["actor"], body.get("allowance")),
        choice=body.get("choice"),
        choice_title=_choice_title(flow, told),
        options=tuple(body.get("options", ())),
        reason=None if _is_erased(reason) else reason,
        reason_erased=_is_erased(reason),
        shown=() if _is_erased(shown) else changes_of(flow, shown),
        shown_erased=_is_erased(shown),
        changes=tuple(
            change
            for item in body["changes"]
            if item["do"] in {"fields", "propose"}
            for change in changes_of(flow, item.get("fields", {}), told.before.fields)
        ),
        entered=tuple(item.step for item in changes if isinstance(item, Entered)),
        left=tuple(steps[item.token] for item in changes if isinstance(item, Left)),
        state=next((item.state for item in reversed(changes) if isinstance(item, StateSet)), None),
        discharged=tuple(body.get("discharged", ())),
        rules=tuple(_rule(flow, item) for item in body.get("rules", ())),
        objectives=tuple(body.get("objectives", ())),
        owner=_answered(known, flow, flow.workflow.owner, row["at"]),
        addressed=_answered(known, flow, token.post, row["at"]) if token and token.post else None,
        model=header["model"],
        hash=row["hash"],
        body_digest=header["body"],
        taken=next(
            (item.person is not None for item in changes if isinstance(item, Assigned)), None
        ),
        different=tuple(item["sentence"] for item in body.get("carried", {}).get("different", ())),
    )


def changes_of(
    flow: WorkflowProgram, after: Mapping[str, Any], before: Mapping[str, Plain] | None = None
) -> tuple[Change, ...]:
    """Return values by field as changes. after: plain values, or commitments to erased ones."""
    found: list[Change] = []
    for name, value in after.items():
        field, erased = flow.fields.get(name), _is_erased(value)
        title, kind = (field.title, field.type) if field else (name, None)
        earlier = (before or {}).get(name)
        found.append(Change(name, title, kind, earlier, None if erased else value, erased))
    return tuple(found)


def _token(told: _Told) -> Token | None:
    """Return the token at which the event happened, as it stood before."""
    return told.before.tokens.get(told.body.get("task", ""))


def _is_erased(value: object) -> bool:
    return isinstance(value, Mapping) and COMMITMENT in value


def _actor(
    known: _Known,
    flow: WorkflowProgram,
    written: Mapping[str, Any],
    allowance: Mapping[str, Any] | None,
) -> ActedBy:
    person, post, giver = written.get("person"), written.get("post"), written.get("delegated-by")
    declared = flow.model.posts.get(post or "")
    answered = written.get("answered-for", {})
    answering, answering_post = answered.get("person"), answered.get("post")
    return ActedBy(
        person=person,
        name=known.names.get(person, person) if person else None,
        post=post,
        post_title=declared.title if declared else post,
        kind=written.get("kind"),
        via=written.get("via"),
        for_post=written.get("for"),
        grant=written.get("grant"),
        right=written.get("right"),
        interface=written.get("interface"),
        giver=giver,
        giver_name=known.names.get(giver, giver) if giver else None,
        answering=answering,
        answering_name=known.names.get(answering, answering) if answering else None,
        answering_post=answering_post,
        allowance=allowance,
    )


def _choice_title(flow: WorkflowProgram, told: _Told) -> str | None:
    choice, token = told.body.get("choice"), _token(told)
    if choice is None or token is None:
        return choice
    step, workflow = flow.places[token.step].step, flow.workflow
    found = None
    match told.row["kind"]:
        case "decided" | "voted" | "asked" | "overridden" | "lapsed" if isinstance(step, Decision):
            found = step.outcome(choice)
        case "delivered" if isinstance(step, Wait):
            found = next((item for item in step.messages if item.message == choice), None)
        case "escalated":
            found = flow.model.posts.get(choice)
        case "proposed" | "repaired" | "declined":
            found = flow.places[choice].step if choice in flow.places else None
            found = (step.outcome(choice) if isinstance(step, Decision) else None) or found
        case "raised" | "failed":
            found = workflow.exception(choice)
        case "resolved" if token.suspension is not None:
            exception = workflow.exception(token.suspension.exception)
            found = exception.ending(choice) if exception else None
        case _:
            pass
    return found.title if found else choice


def _rule(flow: WorkflowProgram, written: Mapping[str, Any]) -> RuleUse:
    declared = flow.model.rules.get(written["rule"])
    inputs: Mapping[str, Any] = written["inputs"]
    # Events of before rules had other kinds keep the one row that answered.
    rows = written["rows"] if "rows" in written else filter(None, [written.get("row")])
    return RuleUse(
        written["rule"],
        declared.title if declared else written["rule"],
        tuple(rows),
        changes_of(flow, {_of_field(flow, key): each for key, each in inputs.items()}),
        changes_of(flow, written["result"]),
        tried=written.get("tried"),
        version=written.get("version"),
        remarks=tuple(written.get("remarks", ())),
        warnings=tuple(written.get("warnings", ())),
    )


def _of_field(flow: WorkflowProgram, path: str) -> str:
    """Return the field of the record that a path names, or the path."""
    return path.removeprefix(f"{flow.object.id}.")


def _answered(known: _Known, flow: WorkflowProgram, post: str, at: datetime) -> Answering:
    declared = flow.model.posts.get(post)
    holders = tuple(
        Holder(row["person"], row["name"], row["kind"], row["since"], row["until"])
        for row in known.appointments.get(post, ())
        if row["since"] <= at and (row["until"] is None or at < row["until"])
    )
    return Answering(post, declared.title if declared else post, holders)
