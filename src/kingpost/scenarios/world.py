"""The company in one scenario: a case, a clock, and who holds which post."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kingpost.decisions.case import Case, Token, lapse_of
from kingpost.decisions.commands import (
    AGENT,
    CLOCK,
    Actor,
    Answer,
    Answering,
    Assign,
    Command,
    Expire,
    Facts,
    Fail,
    Holding,
    Notify,
    Start,
)
from kingpost.decisions.decide import begin, decide
from kingpost.decisions.judging.calling.messages import takers
from kingpost.decisions.judging.clocks import calendar_of, runs_out, wait_limit
from kingpost.decisions.judging.ladders.notices import notice_at
from kingpost.decisions.program import Program
from kingpost.decisions.transition import Transition
from kingpost.model.records.written import answer_members, plain_record
from kingpost.model.scenario import Act, Deed, Given, Passing, Who
from kingpost.model.workflow import Call
from kingpost.scenarios.acts import command_of, open_tokens, stand, token_of
from kingpost.scenarios.allowances import used_after, used_before
from kingpost.scenarios.cases import SEED, Others, clock_at
from kingpost.scenarios.turns import Turn, turns
from kingpost.values.identity import derive, identify
from kingpost.values.span import Span

# The first Monday of 2026, when nobody is on holiday any more.
ORDINARY_MONDAY = datetime(2026, 1, 5, 9)  # noqa: DTZ001 - the zone of the company is put in
_END = datetime(2300, 1, 1, tzinfo=UTC)
# Two waits whose limits lead to each other would keep a story busy for ever.
_LIMITS_MAX = 1000


@dataclass(frozen=True, slots=True)
class Happening:
    """What came of one thing that happened. transition: None when it was refused, with why.

    kept: it is a message that nothing waits for yet.
    """

    at: datetime
    actor: str
    transition: Transition | None
    turns: tuple[Turn, ...] = ()
    refusal: str = ""
    kept: bool = False


class World:
    """A case on its way.

    now:      aware. decided: by decision, the outcome taken last.
    answered: by field, in words, which rule gave its value last.
    asked:    by call, how many of the answers that are given for it were used.
    kept:     messages that came before they were waited for, in their order.
    others:   the cases that steps begin. used: what is used of allowances.
    """

    def __init__(self, program: Program, workflow: str, name: str, given: Given) -> None:
        """Begin with what is given; the case has not started yet. name: of the story."""
        self.program = program
        self.rules = program.workflows[workflow]
        self.given = given
        self.zone = ZoneInfo(program.model.zone)
        self.now = (given.at or ORDINARY_MONDAY).replace(tzinfo=self.zone).astimezone(UTC)
        self.decided: dict[str, str] = {}
        self.answered: dict[str, str] = {}
        self.kept: list[Act] = []
        case_id = identify(self.now, f"scenario/{name}")
        number = f"{self.rules.workflow.prefix}-1"
        self.asked: dict[str, int] = {}
        self.others = Others(program, given.cases)
        self.case: Case = begin(program, workflow, case_id, number, self.now)
        self.vacant = frozenset(given.vacant)
        self.used = used_before(self.rules, given, self.now)

    def copy(self) -> "World":
        """Return a world that goes on from here for itself."""
        other = copy(self)
        other.decided, other.answered = dict(self.decided), dict(self.answered)
        other.asked, other.others = dict(self.asked), self.others.copy()
        other.kept = list(self.kept)
        return other

    def start(self) -> Happening:
        """Begin the case with what is given."""
        who = self.given.starter or self._first_starter()
        record = plain_record(self.program.model, self.rules.object, self.given.record)
        return self._act(who, Start(record))

    def act(self, act: Act) -> Happening:
        """Let somebody do something."""
        token = token_of(self.rules, self.case, act)
        if isinstance(token, str) and self._is_early(act):
            self.kept.append(act)
            return Happening(self.now, str(act.who), None, kept=True)
        if isinstance(token, str):
            return Happening(self.now, str(act.who), None, refusal=token)
        return self._act(act.who, self._command(act, token))

    def catch_up(self) -> Iterator[tuple[Act, Happening]]:
        """Deliver the messages that came early and are waited for now, as the worker would."""
        for act in tuple(self.kept):
            token = token_of(self.rules, self.case, act)
            if not isinstance(token, str) and token.suspension is None:
                happening = self._act(act.who, self._command(act, token))
                if happening.transition is not None:
                    self.kept.remove(act)
                    yield act, happening

    def _is_early(self, act: Act) -> bool:
        """Tell whether an act is a message of a system that is led to its case by a value."""
        return (
            act.deed is Deed.DELIVER
            and act.who.interface is not None
            and any(
                taker.workflow == self.rules.workflow.id and taker.awaited.message == act.name
                for taker in takers(self.program)
            )
        )

    def passing(self, passing: Passing) -> Iterator[Happening]:
        """Let time pass, and what falls due in it happen at its time, as the worker would do it."""
        target = self._target(passing)
        if isinstance(target, str):
            yield Happening(self.now, "clock", None, refusal=target)
            return
        for _ in range(_LIMITS_MAX):
            due = self._first_due(target)
            if due is None:
                break
            # What was due already, and could not take effect then, does so now.
            self.now, step = max(due[0], self.now), self._step_of(due[2].task)
            happening = self._decide(CLOCK, due[2], step)
            yield happening
            if happening.transition is None:
                break
            yield from self.calls()
        else:
            words = f"more than {_LIMITS_MAX} limits and notices fall into this time"
            yield Happening(self.now, "clock", None, refusal=words)
        self.now = target

    def calls(self) -> Iterator[Happening]:
        """Let other systems answer what they are asked, as far as the story gives answers.

        In the same way other cases begin and end that a step begins.
        """
        for _ in range(_LIMITS_MAX):
            token = next((token for token in self.open() if self._is_answered(token)), None)
            if token is not None:
                yield self._call(token)
                continue
            told = self.others.next(self.case, clock_at(self.now, self.vacant))
            if told is None:
                return
            happening = self._decide(CLOCK, *told)
            yield happening
            if happening.transition is None:
                return
        words = f"more than {_LIMITS_MAX} calls follow each other"
        yield Happening(self.now, "clock", None, refusal=words)

    def _is_answered(self, token: Token) -> bool:
        step = self.rules.places[token.step].step
        return isinstance(step, Call) and token.suspension is None and step.id in self.given.calls

    def _call(self, token: Token) -> Happening:
        """Let a system answer, or fail. As in the live world, what does not fit is a failure."""
        asking, answers = self.rules.askings[token.step], self.given.calls[token.step]
        number = self.asked.get(token.step, 0)
        self.asked[token.step] = number + 1
        written, cause = answers[min(number, len(answers) - 1)], "it does not answer"
        if written is not None:
            members = answer_members(
                self.program.model, self.rules.object, asking.contract, written
            )
            actor = Actor(interface=asking.interface)
            happening = self._decide(actor, Answer(token.id, members), asking.interface)
            if happening.transition is not None:
                return happening
            cause = happening.refusal
        return self._decide(CLOCK, Fail(token.id, cause), asking.interface)

    def open(self) -> list[Token]:
        """Return where somebody or something is waited for, in the order of the workflow."""
        return open_tokens(self.rules, self.case)

    def in_zone(self, at: datetime) -> datetime:
        """Return a time as the clocks of the company show it."""
        return at.astimezone(self.zone)

    # Who

    def actor(self, who: Who) -> Actor | str:
        """Return who acts, or why nobody can."""
        people = self.given.people
        if who.interface is not None:
            return Actor(interface=who.interface)
        if who.person is not None:
            return self._person(who.person, people[who.person], who.acting_as)
        post = who.post or ""
        if post in self.vacant:
            return f"nobody holds `{post}`: it is vacant"
        named = self._holder(post)
        return self._person(named, people.get(named, (post,)), post)

    def _holder(self, post: str) -> str:
        """Return who holds a post that is not vacant."""
        named = (name for name, posts in self.given.people.items() if post in posts)
        return next(named, f"holder-of-{post}")

    def _person(self, name: str, posts: tuple[str, ...], acting_as: str | None) -> Actor:
        holdings = tuple(self._holding(name, post) for post in posts)
        return Actor(person=name, holdings=holdings, acting_as=acting_as)

    def _holding(self, name: str, post: str) -> Holding:
        """Return how somebody holds a post; one for agents is held by an agent."""
        right, by = str(derive(f"{name}/{post}")), self.program.model.posts[post].answered_for_by
        if by is None:
            return Holding(post, right)
        holder = self._holder(by)
        answering = Answering(by, holder, str(derive(f"{holder}/{by}")))
        return Holding(post, right, AGENT, answering=None if by in self.vacant else answering)

    def _first_starter(self) -> Who:
        """Return who comes first among those who may begin a case, people before agents."""
        begins = self.rules.workflow.begins
        if begins.interfaces:
            return Who(interface=begins.interfaces[0])
        posts = self.program.model.posts
        carriers = sorted(
            (post for role in begins.roles for post in self.rules.carriers[role]),
            key=lambda post: posts[post].answered_for_by is not None,
        )
        return Who(post=next((post for post in carriers if post not in self.vacant), ""))

    # What

    def _command(self, act: Act, token: Token) -> Command:
        return command_of(self.program, self.rules, self.case, act, token)

    def _act(self, who: Who, command: Command) -> Happening:
        actor = self.actor(who)
        if isinstance(actor, str):
            return Happening(self.now, str(who), None, refusal=actor)
        if isinstance(command, Assign):
            command = Assign(command.task, actor.person)
        return self._decide(actor, command, str(who))

    def _decide(self, actor: Actor, command: Command, name: str) -> Happening:
        facts = Facts(self.now, self.now, actor, self.vacant, SEED, used=self.used)
        facts = replace(facts, unreviewed=self._unreviewed())
        outcome = decide(self.program, self.case, command, facts)
        if not isinstance(outcome, Transition):
            return Happening(self.now, name, None, refusal=str(outcome))
        taken = tuple(turns(self.rules, self.case, outcome))
        self.case, self.used = outcome.case, used_after(self.used, outcome)
        self.others.note(outcome)
        if outcome.kind in {"decided", "overridden"} and outcome.step is not None:
            self.decided[outcome.step] = str(outcome.body["choice"])
        for explained in outcome.body.get("rules", ()):
            self.answered.update(dict.fromkeys(explained["result"], _told_rule(explained)))
        return Happening(self.now, name, outcome, taken)

    def _unreviewed(self) -> frozenset[str]:
        """Return the posts of which an override was not reviewed in its time."""
        reviews = self.case.reviews.values()
        due = ((review.by, runs_out(self.rules, review.clock)) for review in reviews)
        return frozenset(post for post, at in due if at is not None and at <= self.now)

    def _step_of(self, task: str) -> str:
        """Return at which step something falls due; an override lapses where it was asked for."""
        token = self.case.tokens.get(task)
        if token is None and self.case.proposal is not None:
            token = self.case.tokens[self.case.proposal.repair.task]
        assert token is not None, "what falls due does so at a step"
        return token.step

    def stand(self) -> str:
        """Return in words what is open."""
        return stand(self.rules, self.case)

    # When

    def _target(self, passing: Passing) -> datetime | str:
        """Return until when time passes, or why it does not."""
        if passing.until is not None:
            target = passing.until.replace(tzinfo=self.zone).astimezone(UTC)
        else:
            assert passing.span is not None, "time passes by a length or until a moment"
            try:
                target = self._after(passing.span)
            except ValueError as never:
                return str(never)
        if target < self.now:
            return f"time does not run back from {self.in_zone(self.now):%Y-%m-%d %H:%M}"
        return target if target < _END else f"a story ends before {_END:%Y}"

    def _after(self, span: Span) -> datetime:
        calendar = calendar_of(self.rules, self.rules.workflow.owner)
        seconds = span.seconds(calendar.day_seconds, calendar.week_days)
        if span.working:
            return calendar.add(self.now, seconds)
        return self.now + timedelta(seconds=seconds)

    def _first_due(self, until: datetime) -> tuple[datetime, int, Notify | Expire] | None:
        """Return what falls due first up to a time: a notice about work, or a wait’s limit."""
        # At one time, in the order of the steps: the ids of tokens differ from story to story.
        order = {name: index for index, name in enumerate(self.rules.places)}
        found: list[tuple[datetime, int, Notify | Expire]] = []
        for token in self.case.tokens.values():
            notice, limit = notice_at(self.rules, token), wait_limit(self.rules, token)
            if notice is not None and notice <= until:
                found.append((notice, 2 * order[token.step], Notify(token.id, token.notices)))
            if limit is not None and limit <= until:
                found.append((limit, 2 * order[token.step] + 1, Expire(token.id)))
        waiting = self.case.proposal
        if waiting is not None and waiting.until is not None and waiting.until <= until:
            lapse = Notify(lapse_of(self.case.id, waiting), 0)
            found.append((waiting.until, 2 * len(order), lapse))
        return min(found, key=lambda due: due[:2], default=None)


def _told_rule(explained: Mapping[str, Any]) -> str:
    """Return in words what gave the answer of a rule. explained: as in a decision record."""
    words = f"`{explained['rule']}` answered it"
    rows = [str(row) for row in explained.get("rows", ())]
    if not rows:
        return words
    return f"{words} in row{'' if len(rows) == 1 else 's'} {', '.join(rows)}"
