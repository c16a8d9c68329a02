"""From a judged command to its transition: the decision record, its bytes and the rows."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from kingpost.decisions.case import Proposal, Token, told_at
from kingpost.decisions.changes import NotOwed, Owed
from kingpost.decisions.commands import Holding
from kingpost.decisions.judging.calling.cases import case_changes
from kingpost.decisions.judging.calling.messages import awaited
from kingpost.decisions.judging.clocks import (
    PLAIN_TIME,
    calendar_named,
    ends_at,
    runs_out,
    wait_limit,
)
from kingpost.decisions.judging.duties import review_duties
from kingpost.decisions.judging.flow import settle
from kingpost.decisions.judging.judgement import Judgement
from kingpost.decisions.judging.ladders.notices import timer_changes
from kingpost.decisions.judging.proposing.waiting import waiting_changes
from kingpost.decisions.judging.reviewing.reviews import review_changes
from kingpost.decisions.judging.work import Work
from kingpost.decisions.sealing import Vault, instant, write_change
from kingpost.decisions.transition import (
    CallChange,
    CallNews,
    DutyNews,
    Listening,
    TermChange,
    Transition,
    WorkItem,
)
from kingpost.model.workflow import OPEN_WORK, Call, Decision, Run, Step, Task, Wait
from kingpost.proof.chain import GENESIS, link


def ready(work: Work) -> None:
    """Do what is done at the end of every event, whatever it is.

    Raises: RefusedError, when the record would break an invariant.
    """
    if work.case.closed_at is None:
        settle(work)
        review_duties(work)
        work.check_invariant()


def finish(work: Work, judgement: Judgement) -> Transition:
    """Return the transition. Raises RefusedError, when the record would break an invariant."""
    ready(work)
    case, seq = work.case, work.case.version + 1
    vault = Vault(work.facts.seed, f"{case.id}/{seq}")
    kept = _record(work, judgement, vault)
    secrets = {secret.name: secret.value for secret in vault.secrets}
    header = {
        "case": str(case.id),
        "seq": seq,
        "kind": judgement.kind,
        "workflow": case.workflow,
        "model": case.model,
        "origin": work.facts.origin,
        "at": instant(work.facts.now),
        "recorded": instant(work.facts.recorded),
        "obligations": list(work.discharged),
    }
    sealed = link(header, kept, case.head or GENESIS)
    after = work.draft.finish(seq, sealed.hash)
    items, gone = _difference(work)
    standing = judgement.standing
    return Transition(
        case=after,
        at=work.facts.now,
        kind=judgement.kind,
        step=judgement.step,
        changes=tuple(work.changes),
        body=kept,
        revealed=secrets,
        link=sealed,
        items=items,
        gone=gone,
        visits=tuple(work.visits),
        measurements=tuple(work.measurements),
        duties=tuple(_news(work)),
        secrets=tuple(vault.secrets),
        rights=tuple(_rights(judgement)),
        delegation=UUID(lent.id) if standing and (lent := standing.holding.delegation) else None,
        calls=tuple(_calls(work)),
        cases=tuple(case_changes(work)),
        fence=judgement.fence,
        use=judgement.use,
        heard=tuple(_heard(work)),
        timers=tuple(timer_changes(work)),
        terms=tuple(_terms(work, items)),
        until=judgement.until,
    )


def _rights(judgement: Judgement) -> Iterator[UUID]:
    """Yield the appointments that an act rests on.

    Of an agent, also that of who answers for it; of a repair or an override, also that of who
    proposed it.
    """
    if judgement.standing is not None:
        yield from map(UUID, judgement.standing.holding.rests_on)
    if judgement.repairs is not None:
        yield UUID(judgement.repairs.right)


def _record(work: Work, judgement: Judgement, vault: Vault) -> dict[str, Any]:
    """Return the decision record as it is kept: complete, with personal values committed."""
    personal = work.program.personal
    record: dict[str, Any] = {
        "step": judgement.step,
        "task": judgement.token,
        "actor": _actor(work, judgement),
        "choice": judgement.choice,
        "options": list(judgement.options),
        "objectives": list(work.program.objectives),
        "discharged": list(work.discharged),
        "rules": [_explained(work, item, vault) for item in work.explanations],
        "changes": [write_change(change, personal, vault) for change in work.changes],
        # Here they are part of the chain: no number can be changed without a trace.
        "measured": [{"metric": item.metric, "value": item.value} for item in work.measurements],
    }
    calls = [_asked(work, name, vault) for name in sorted(work.asked) if name in work.draft.tokens]
    if calls:
        record["asked"] = calls
    cases = [
        _begins(work, name, vault) for name in sorted(work.wanted) if name in work.draft.tokens
    ]
    if cases:
        record["begins"] = cases
    if work.parent is not None:
        record["parent"] = {
            "case": str(work.parent.case),
            "number": work.parent.number,
            "workflow": work.parent.workflow,
            "step": work.parent.step,
            "task": work.parent.token,
        }
    if work.case.version == 0:
        record["number"] = work.case.number
    record |= dict(_rests_on(work, judgement, vault))
    if judgement.shown is not None:
        names = list(judgement.shown)
        record["shown"] = {
            "fields": names,
            "seen": vault.put("shown", "shown", dict(judgement.shown)),
        }
    if judgement.reason:
        record["reason"] = vault.put("reason", "reason", judgement.reason)
    return {name: value for name, value in record.items() if value or name == "changes"}


def _rests_on(
    work: Work, judgement: Judgement, vault: Vault
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what an act uses up of an allowance, and the proposal that it carries out or ends."""
    if judgement.use is not None:
        yield "allowance", judgement.use.written()
    if judgement.declines is not None:
        declined = judgement.declines
        yield (
            "declined",
            {"proposed": declined.event, "person": declined.person, "post": declined.post},
        )
    if judgement.carried is not None:
        yield "carried", dict(judgement.carried)
    if judgement.repairs is not None:
        yield (
            "override" if judgement.repairs.until else "repair",
            _repaired(work, judgement.repairs, vault)
            | ({"authority": dict(judgement.forced)} if judgement.forced else {}),
        )


def _repaired(work: Work, proposal: Proposal, vault: Vault) -> dict[str, Any]:
    """Return who proposed it in which event and post, and what stood there before it."""
    was: Any = {name: work.case.fields.get(name) for name, _ in proposal.repair.fields}
    if was and work.program.personal:
        was = vault.put("repair/was/0", "was", was)
    told = {"proposed": proposal.event, "person": proposal.person, "post": proposal.post}
    return {**told, "was": was} if was else told


def _asked(work: Work, name: str, vault: Vault) -> dict[str, Any]:
    """Return what another system is asked; committed where the record holds something personal."""
    sent = work.asked[name]
    request = {"method": sent.method, "path": sent.path, "body": sent.body}
    if work.program.personal:
        request = vault.put(f"call/asked/{name}", "asked", request)
    step = work.draft.tokens[name].step
    interface = work.program.askings[step].interface
    return {"token": name, "interface": interface, "request": request}


def _begins(work: Work, name: str, vault: Vault) -> dict[str, Any]:
    """Return which cases a step begins; committed where the record holds something personal."""
    step = work.draft.tokens[name].step
    forms: Any = [dict(case.form) for case in work.wanted[name]]
    if work.program.personal:
        forms = vault.put(f"cases/begun/{name}", "begun", forms)
    running = work.program.places[step].step
    assert isinstance(running, Run), "only such a step begins cases"
    cases = [str(case.id) for case in work.wanted[name]]
    return {"token": name, "workflow": running.workflow, "cases": cases, "forms": forms}


def _actor(work: Work, judgement: Judgement) -> dict[str, Any]:
    actor, standing = work.facts.actor, judgement.standing
    if actor.interface is not None:
        return {"interface": actor.interface}
    if standing is None or actor.person is None:
        return {"clock": True}
    written: dict[str, Any] = {
        "person": actor.person,
        "post": standing.holding.post,
        "right": standing.holding.right,
        "kind": standing.holding.kind,
        "via": standing.via,
    }
    written |= _behind(standing.holding)
    if standing.for_post is not None:
        written["for"] = standing.for_post
    if judgement.grant is not None:
        written["grant"] = judgement.grant
    return written


def _behind(holding: Holding) -> dict[str, Any]:
    """Return what a right rests on besides: the post really held, who lent, who answers."""
    written: dict[str, Any] = {"holds": holding.held} if holding.held else {}
    lent = holding.delegation
    if lent is not None:
        written |= {"delegation": lent.id, "delegated-by": lent.giver}
        if lent.when is not None:
            written["delegated-when"] = lent.when
    answering = holding.answering
    if answering is not None:
        written["answered-for"] = {
            "person": answering.person,
            "post": answering.post,
            "right": answering.right,
        }
    return written


def _explained(work: Work, item: Mapping[str, Any], vault: Vault) -> dict[str, Any]:
    """Return the explanation of a rule, with what it says about personal fields committed."""
    rule: str = item["rule"]
    inputs = work.program.personal_inputs.get(rule, frozenset())
    # What a rule finds on the way, and no field keeps, is as personal as what it was found from.
    found = frozenset(item["result"]) - work.program.fields.keys() if inputs else frozenset[str]()
    hidden = {"inputs": inputs, "result": work.program.personal | found}
    return {**item} | {
        part: {
            name: vault.put(f"rule/{rule}/{name}/{len(vault.secrets)}", name, value)
            if name in names and value is not None
            else value
            for name, value in item[part].items()
        }
        for part, names in hidden.items()
    }


def _difference(work: Work) -> tuple[tuple[WorkItem, ...], tuple[UUID, ...]]:
    """Return the open work that is new or different, and what is no longer open."""
    before, after = work.case.tokens, work.draft.tokens
    places = work.program.places
    gone = tuple(
        UUID(name)
        for name in sorted(before)
        if name not in after and isinstance(places[before[name].step].step, OPEN_WORK)
    )
    # Of a block that is told to be late, the work inside is told as well.
    told = any(was.told != after[name].told for name, was in before.items() if name in after)
    items = tuple(
        item_of(work, token, step)
        for token in work.tokens()
        if (told or (before.get(token.id) is not token and before.get(token.id) != token))
        and isinstance(step := places[token.step].step, OPEN_WORK)
    )
    opened, made = review_changes(work)
    waits, answered = waiting_changes(work)
    return (*items, *opened, *waits), (*gone, *made, *answered)


def _terms(work: Work, items: tuple[WorkItem, ...]) -> Iterator[TermChange]:
    """Yield other open work whose first term ends at another time: that of a block has moved."""
    before, after = work.case.tokens, work.draft.tokens
    moved = {
        name
        for name, token in after.items()
        if name in before and before[name].clock != token.clock
    }
    if not moved:
        return
    told = {item.id for item in items}
    for name, token in after.items():
        work_there = isinstance(work.program.places[token.step].step, OPEN_WORK)
        if token.parent is None or UUID(name) in told or not work_there:
            continue
        end = ends_at(work.program, after, token)
        if end != ends_at(work.program, before, before[name]):
            yield TermChange(UUID(name), end)


def item_of(work: Work, token: Token, step: Step) -> WorkItem:
    """Return the open work at a token, as worklists show it."""
    clock = token.clock
    calendar = calendar_named(work.program.model, clock.calendar) if clock else PLAIN_TIME
    due = runs_out(work.program, clock)
    return WorkItem(
        id=UUID(token.id),
        step=step.id,
        kind=type(step).__name__.lower(),
        role=step.role if isinstance(step, Task | Decision | Wait) else "",
        post=token.post,
        person=token.person,
        opened_at=token.since,
        due_at=due,
        budget_ms=clock.budget_ms if clock else None,
        spent_ms=clock.spent_ms(work.facts.now, calendar) if clock else None,
        suspended=token.suspension.exception if token.suspension else None,
        limit_at=wait_limit(work.program, token),
        told=told_at(work.draft.tokens, token),
        ends_at=ends_at(work.program, work.draft.tokens, token) if token.parent else due,
    )


def _heard(work: Work) -> Iterator[Listening]:
    """Yield the waits that take other messages by a value than before."""
    before, after = work.case.tokens, work.draft.tokens
    for name in sorted({*before, *after}):
        old = awaited(work.program, before[name], work.case.fields) if name in before else ()
        new = awaited(work.program, after[name], work.draft.fields) if name in after else ()
        if new != old:
            yield Listening(UUID(name), new)


def _calls(work: Work) -> Iterator[CallChange]:
    """Yield what becomes of calls, by where the case stood and where it stands now."""
    if not work.program.askings:
        return
    before, after = work.case.tokens, work.draft.tokens
    for name in sorted({*before, *after}):
        token = after.get(name) or before[name]
        step = work.program.places[token.step].step
        news = _news_of_call(work, name) if isinstance(step, Call) else None
        if isinstance(step, Call) and news is not None:
            asked = CallChange(
                UUID(name),
                news,
                step.id,
                step.interface,
                request=work.asked[name] if news is CallNews.ASKED else None,
                limit_seconds=work.program.askings[step.id].contract.limit_seconds,
                cause=work.causes.get(name, ""),
            )
            yield asked
            if news is CallNews.ASKED and token.unasked:
                yield replace(asked, news=CallNews.FAILED, request=None)


def _news_of_call(work: Work, name: str) -> CallNews | None:
    before, after = work.case.tokens.get(name), work.draft.tokens.get(name)
    if after is None:
        return CallNews.OVER
    if before is None:
        return CallNews.ASKED
    if after.suspension is not None:
        return CallNews.FAILED if before.suspension is None else None
    return CallNews.AGAIN if before.suspension is not None or name in work.again else None


def _news(work: Work) -> list[DutyNews]:
    news: dict[str, DutyNews] = {}
    for change in work.changes:
        if isinstance(change, Owed):
            news[change.obligation] = DutyNews(change.obligation, "owed", change.due)
        elif isinstance(change, NotOwed):
            due = news[change.obligation].due if change.obligation in news else None
            due = due or work.case.owed.get(change.obligation)
            news[change.obligation] = DutyNews(change.obligation, change.why, due)
    return list(news.values())
