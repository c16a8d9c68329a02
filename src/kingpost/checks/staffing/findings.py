"""Whether the people of the register suffice, and where they do not, what is short."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kingpost.checks.finding import error, listed, of, of_exception, of_step, warning
from kingpost.checks.soundness.authority import read_authority
from kingpost.checks.soundness.findings import value_in_words
from kingpost.checks.staffing.assigning import Problem, TooManyTriesError, assign, shortage
from kingpost.checks.staffing.chores import Chore, Situation, Work, apart, situations
from kingpost.checks.staffing.register import Reach, Register, reach_of
from kingpost.model.model import Model
from kingpost.model.workflow import Decision, Task
from kingpost.values.diagnostic import Diagnostic
from kingpost.values.nearest import suggestion

_PAIR = 2


@dataclass(frozen=True, slots=True)
class Staffing:
    """What the register says about a model.

    plans: for each workflow that can be finished, who could do each step, as (chore, person).
    """

    findings: tuple[Diagnostic, ...]
    plans: Mapping[str, tuple[tuple[str, str], ...]]


def check_staffing(model: Model, register: Register) -> Staffing:
    """Tell whether each workflow's cases can be finished, by whom, and with anyone absent.

    One assignment must do, whichever way a case goes: who takes the first step does not know yet
    which others will be needed.

    model: one without errors.
    """
    authority = read_authority(model)
    works = [Work.of(model, workflow, authority) for workflow in model.workflows.values()]
    if not register.holders:
        return Staffing(tuple(_nobody(works, register)), {})
    findings = [*_unknown(model, register), *_incompatible(model, register)]
    findings += _wrong_kind(model, register)
    findings += [*_crowded(model, register), *_vacancies(model, register)]
    plans: dict[str, tuple[tuple[str, str], ...]] = {}
    for workflow, work in zip(model.workflows.values(), works, strict=True):
        found, example = _check_workflow(work, register)
        findings += found
        if example:
            plans[workflow.id] = example
    return Staffing(tuple(dict.fromkeys(findings)), plans)


def _nobody(works: Iterable[Work], register: Register) -> Iterator[Diagnostic]:
    """Tell once that nobody is appointed, and to which posts work will come first."""
    chores = [chore for work in works for each in situations(work) for chore in each.chores]
    posts = dict.fromkeys(chore.posts[0] for chore in chores if chore.posts)
    if posts:
        begins = register.begins
        since = f" yet: the first appointment begins on {begins:%-d %B %Y}" if begins else ""
        advice = f"Appoint somebody to each post that work comes to: {listed(posts)}."
        yield Diagnostic("KP1107", "register", f"nobody holds any post{since}", advice)


def _unknown(model: Model, register: Register) -> Iterator[Diagnostic]:
    for post, persons in register.holders.items():
        for person in persons:
            if person not in register.people:
                message = f"`{person}` holds post `{post}`, and is not among the people"
                advice = suggestion(person, register.people, "Add the person.")
                yield Diagnostic("KP1108", f"person/{person}", message, advice)
        if post not in model.posts:
            message = f"`{register.name(persons[0])}` holds post `{post}`, which is not there"
            advice = suggestion(post, model.posts, "Appoint them to a post of the model.")
            yield Diagnostic("KP1101", f"post/{post}", message, advice)


def _wrong_kind(model: Model, register: Register) -> Iterator[Diagnostic]:
    """Find agents on posts of people, and people on posts for agents."""
    for post, holders in register.holders.items():
        declared = model.posts.get(post)
        for person in holders if declared is not None else ():
            is_agent, by = person in register.agents, declared and declared.answered_for_by
            if person not in register.people or is_agent == (by is not None):
                continue
            name = register.name(person)
            message = f"the agent `{name}` holds post `{post}`, which names nobody to answer for it"
            advice = "Write `answered-for-by` at the post, or appoint a person."
            if not is_agent:
                message = f"`{name}` is a person and holds post `{post}`, which is for an agent"
                advice = "Appoint an agent, or appoint the person to another post."
            yield Diagnostic("KP1110", f"post/{post}", message, advice)


def _crowded(model: Model, register: Register) -> Iterator[Diagnostic]:
    """Find posts with more people than seats. Who is not known may be somebody misspelt."""
    for post, holders in register.holders.items():
        persons = [one for one in holders if one in register.people]
        seats = model.posts[post].seats if post in model.posts else len(persons)
        if len(persons) > seats:
            names = listed(register.name(person) for person in persons)
            room = "one seat" if seats == 1 else f"{seats} seats"
            message = f"post `{post}` has {room}, and {len(persons)} people hold it: {names}"
            yield Diagnostic(
                "KP1109",
                f"post/{post}",
                message,
                "End an appointment, or give the post more seats.",
            )


def _incompatible(model: Model, register: Register) -> Iterator[Diagnostic]:
    """Find people whose several posts bring roles together that no post may carry together."""
    posts: dict[str, list[str]] = {}
    for post, persons in register.holders.items():
        for person in persons if post in model.posts else ():
            posts.setdefault(person, []).append(post)
    for person, held in posts.items():
        roles = {role: post for post in held for role in model.posts[post].roles}
        for role, post in roles.items():
            found = model.roles.get(role)
            for other in found.incompatible_with if found else ():
                if other in roles and roles[other] != post:
                    yield Diagnostic(
                        "KP1102",
                        f"person/{person}",
                        f"`{register.name(person)}` carries {listed((role, other))} by holding"
                        f" {listed((post, roles[other]))}, and these roles are incompatible",
                        "End one of the appointments.",
                    )


def _vacancies(model: Model, register: Register) -> Iterator[Diagnostic]:
    """Find posts that work is addressed to, that nobody holds, and that do not say what then."""
    addressed = {
        step.to.post
        for workflow in model.workflows.values()
        for step in workflow.all_steps()
        if isinstance(step, Task | Decision)
    }
    for post in model.posts.values():
        if post.id in addressed and post.vacancy is None and not register.holders.get(post.id):
            yield warning(
                model,
                "KP1105",
                of("post", post.id),
                f"work is addressed to post `{post.id}`, nobody holds it, and it does not say what"
                f" becomes of its work",
                "Appoint somebody, or add `vacancy` to the post.",
            )


@dataclass(frozen=True, slots=True)
class _Crew:
    """The people for the chores of one workflow. absent: the person who is away, if anybody is."""

    work: Work
    everybody: Register
    reach: Reach
    absent: str = ""

    def without(self, person: str) -> "_Crew":
        reach = reach_of(self.work.model, self.everybody.without(person))
        return _Crew(self.work, self.everybody, reach, person)

    def problem(self, situation: Situation) -> Problem:
        able = {
            chore.name: tuple(dict.fromkeys(self.reach.persons(chore.posts)))
            for chore in situation.chores
        }
        return Problem(able, apart(self.work.workflow, situation.chores))

    def short(self, situation: Situation, *, told: bool) -> Diagnostic:
        """Return what is short in a situation. told: whether the record is worth telling."""
        problem = self.problem(situation)
        names = shortage(problem)
        chores = [chore for chore in situation.chores if chore.name in names]
        last = self._last(chores)
        words = self._words(chores, last, problem)
        away = f"with `{self.everybody.name(self.absent)}` absent " if self.absent else ""
        when = _when(situation) if told else ""
        workflow = self.work.workflow
        at = of_exception if last.step in workflow.errands else of_step
        where = at(workflow.id, last.step)
        report = warning if self.absent else error
        code = "KP1104" if self.absent else "KP1103"
        return report(self.work.model, code, where, f"{away}{words}{when}", self._advice(last))

    def _last(self, chores: list[Chore]) -> Chore:
        """Return the chore that is kept apart from the others, where one is."""
        names = {chore.step for chore in chores}
        for chore in chores:
            step = self.work.workflow.step(chore.step)
            if isinstance(step, Task | Decision) and names & set(step.separate_from):
                return chore
        return chores[-1]

    def _words(self, chores: list[Chore], last: Chore, problem: Problem) -> str:
        if len(chores) == 1:
            return f"nobody may {self._deed(last)}"
        if len(chores) == _PAIR and chores[0].step != chores[1].step:
            (first,) = (chore for chore in chores if chore is not last)
            return f"nobody else may {self._deed(last)} after `{first.step}`"
        able = dict.fromkeys(person for chore in chores for person in problem.able[chore.name])
        names = (self.everybody.name(person) for person in able)
        steps = listed(dict.fromkeys(chore.step for chore in chores))
        if len({chore.step for chore in chores}) == 1:
            people = f"{last.voice} different people must {self._deed(last)}"
            return f"{people}, and {f'only {listed(names)} may' if able else 'nobody may'}"
        return f"different people must do {steps}, and only {listed(names)} may"

    def _deed(self, chore: Chore) -> str:
        if chore.outcomes:
            kind = "outcome" if len(chore.outcomes) == 1 else "outcomes"
            return f"take {kind} {listed(chore.outcomes)} of `{chore.step}`"
        verb = "decide" if isinstance(self.work.workflow.step(chore.step), Decision) else "do"
        return f"{verb} `{chore.step}`"

    def _advice(self, chore: Chore) -> str:
        holders, declared = self.everybody.holders, self.work.model.posts
        posts = [post for post in chore.posts if declared[post].answered_for_by is None]
        free = [post for post in posts if len(holders.get(post, ())) < declared[post].seats]
        if free:
            return f"Appoint one more person to `{free[0]}`."
        if posts:
            return f"Give post `{posts[0]}` one more seat, and appoint somebody to it."
        if chore.posts:
            return "Let a post of people carry the role of the step as well."
        return "Let a post that somebody holds carry the role of the step."


def _check_workflow(
    work: Work, register: Register
) -> tuple[list[Diagnostic], tuple[tuple[str, str], ...]]:
    """Return what is short for one workflow, and an example of who could do what."""
    model = work.model
    crew = _Crew(work, register, reach_of(model, register))
    every = situations(work)
    try:
        chosen = [assign(crew.problem(situation)) for situation in every]
        if all(one is not None for one in chosen):
            used = {person: None for one in chosen for person in (one or {}).values()}
            away = [crew.without(person) for person in sorted(used)]
            found = [short for absent in away for short in _shortages(absent, every)]
            return found, tuple((chosen[0] or {}).items() if chosen else ())
        return list(_shortages(crew, every)), ()
    except TooManyTriesError:
        name = work.workflow.id
        message = f"it cannot be told whether people suffice for workflow `{name}`"
        advice = "Keep fewer steps apart, or appoint more people."
        return [warning(model, "KP1106", of("workflow", name), message, advice)], ()


def _shortages(crew: _Crew, every: tuple[Situation, ...]) -> Iterator[Diagnostic]:
    """Yield each shortage once; with the first record that it shows in, unless with every one."""
    found: dict[str, list[Situation]] = {}
    for situation in every:
        if assign(crew.problem(situation)) is None:
            found.setdefault(crew.short(situation, told=False).message, []).append(situation)
    for alike in found.values():
        yield crew.short(alike[0], told=len(alike) < len(every))


def _when(situation: Situation) -> str:
    parts = [f"`{name}` is {value_in_words(value)}" for name, value in situation.record]
    return f" when {' and '.join(parts)}" if parts else ""
