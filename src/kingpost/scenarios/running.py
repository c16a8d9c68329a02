"""Run scenarios by the function that decides live work, and say where one went another way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from kingpost.decisions.program import Program
from kingpost.model.scenario import (
    Act,
    Entry,
    Expectation,
    Passing,
    Scenario,
    chain,
    given_in,
    workflow_in,
)
from kingpost.scenarios.expecting import mismatches
from kingpost.scenarios.reaching import reached
from kingpost.scenarios.telling import (
    told_act,
    told_call,
    told_limit,
    told_notice,
    told_outcome,
    told_start,
)
from kingpost.scenarios.world import Happening, World
from kingpost.values.diagnostic import Place

_DONE = "it is done"
# What an expectation says about where a case stands, which its last turn explains.
_FOLLOWS_A_TURN = ("open", "state", "closed")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a story. at: on the clocks of the company. refused: it did not happen."""

    at: datetime
    what: str
    outcome: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a story went another way.

    place:    in the text. expected, instead: clauses in words.
    why: what led there, when that is known; or empty.
    """

    place: Place | None
    expected: str
    instead: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one scenario.

    story:    what happened, to the end or to where it went another way.
    failures: of one moment; empty when everything was as expected.
    reached:  the addresses of the parts of the model that it came by, as `coverage` counts them.
    """

    scenario: Scenario
    workflow: str
    place: Place | None
    story: tuple[Line, ...]
    failures: tuple[Failure, ...]
    reached: frozenset[str]

    @property
    def passed(self) -> bool:
        """Tell whether everything was as expected."""
        return not self.failures


def run_scenarios(program: Program) -> Iterator[Result]:
    """Run every scenario of a checked model, in the order of their ids.

    A story that is told after another, and gives nothing else, goes on from where that one ended.
    """
    scenarios, runs = program.model.scenarios, dict[str, _Run]()
    for name in sorted(scenarios):
        told = chain(scenarios, scenarios[name])
        given, begun = given_in(told), None
        for part in (told[:count] for count in range(1, len(told) + 1)):
            if given_in(part) == given:
                last = part[-1].id
                if last not in runs:
                    runs[last] = _run(program, part, begun)
                # What failed on the way need not fail in a later story, which expects less of it.
                begun = None if runs[last].failures else runs[last]
        yield runs[name].result()


def run_scenario(program: Program, name: str) -> Result:
    """Run one scenario of a checked model."""
    scenarios = program.model.scenarios
    return _run(program, chain(scenarios, scenarios[name])).result()


def _run(program: Program, told: tuple[Scenario, ...], begun: "_Run | None" = None) -> "_Run":
    """Tell a chain of stories. begun: an earlier part of it that was told already and passed."""
    if begun is None:
        given = given_in(told)
        workflow = workflow_in(told) or next(
            each.id for each in program.model.workflows.values() if each.object == given.object
        )
        run = _Run(World(program, workflow, told[-1].id, given), told)
        run.begin()
        run.play(_entries(told))
    else:
        run = begun.copy(told)
        run.play(_entries(told, since=len(begun.told)))
    return run


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where an entry stands: the scenario, and the path in it."""

    scenario: str
    path: tuple[str | int, ...]

    def at(self, *path: str | int) -> "_Spot":
        return _Spot(self.scenario, (*self.path, *path))


def _entries(told: tuple[Scenario, ...], since: int = 0) -> Iterator[tuple[Entry, _Spot]]:
    """Yield what happens and what must be so, in order. since: how many stories are told already.

    Of the stories that are told before, what they expect is not asked again, but for the
    refusals: another record may lead elsewhere.
    """
    for scenario in told[since:]:
        for index, entry in enumerate(scenario.when):
            spot = _Spot(scenario.id, ("when", index))
            if scenario is told[-1] or not isinstance(entry, Expectation):
                yield entry, spot
            elif entry.refused is not None:
                yield Expectation(refused=entry.refused), spot
        for index, entry in enumerate(scenario.then):
            if scenario is told[-1]:
                yield entry, _Spot(scenario.id, ("then", index))
            elif entry.refused is not None:
                yield Expectation(refused=entry.refused), _Spot(scenario.id, ("then", index))


@dataclass
class _Run:
    """A scenario on its way. refusal: what the next expectation must name, and where it was."""

    world: World
    told: tuple[Scenario, ...]
    story: list[Line] = field(default_factory=list[Line])
    failures: list[Failure] = field(default_factory=list[Failure])
    reached: set[str] = field(default_factory=set[str])
    refusal: tuple[str, _Spot] | None = None
    last: Happening | None = None

    def begin(self) -> None:
        """Begin the case."""
        begun = self.world.start()
        what = told_start(self.world.given, begun)
        spot = _Spot(self.told[-1].id, ("given",))
        self._note(begun, what, "", spot)
        self._answer_calls(spot)

    def play(self, entries: Iterable[tuple[Entry, _Spot]]) -> None:
        """Go on, to the end or to where the story goes another way."""
        for entry, spot in entries:
            if self.failures:
                return
            self._entry(entry, spot)
        if not self.failures:
            self._stop_at_refusal()

    def copy(self, told: tuple[Scenario, ...]) -> "_Run":
        """Return a run that goes on from here for itself, as part of a longer chain."""
        world, story, passed_by = self.world.copy(), [*self.story], {*self.reached}
        return _Run(world, told, story, reached=passed_by, last=self.last)

    def result(self) -> Result:
        """Return what came of it."""
        scenario = self.told[-1]
        return Result(
            scenario,
            self.world.rules.workflow.id,
            self.world.program.model.place(f"scenario/{scenario.id}"),
            tuple(self.story),
            tuple(self.failures),
            frozenset(self.reached),
        )

    def _entry(self, entry: Entry, spot: _Spot) -> None:
        if isinstance(entry, Expectation):
            self._expect(entry, spot.at("expect") if spot.path[0] == "when" else spot)
            return
        if self._stop_at_refusal():
            return
        self.last = None
        state = self.world.case.state
        match entry:
            case Act():
                self._note(self.world.act(entry), told_act(entry), state, spot)
                self._answer_calls(spot)
            case Passing():
                for happening in self.world.passing(entry):
                    self._note(happening, _passed(happening), state, spot)
                    state = self.world.case.state
        for act, happening in self.world.catch_up():
            self._note(happening, told_act(act), state, spot)

    def _answer_calls(self, spot: _Spot) -> None:
        """Let other systems answer what the last happening has asked of them."""
        state = self.world.case.state
        for happening in self.world.calls():
            self._note(happening, told_call(happening), state, spot)
            state = self.world.case.state

    def _note(self, happening: Happening, what: str, state: str, spot: _Spot) -> None:
        world = self.world
        outcome = told_outcome(world, happening, state)
        refused = happening.transition is None and not happening.kept
        self.story.append(Line(world.in_zone(happening.at), what, outcome, refused))
        self.last = happening
        if refused:
            self.refusal = (happening.refusal, spot)
        elif happening.transition is not None:
            self.reached.update(reached(world.rules, happening))

    def _stop_at_refusal(self) -> bool:
        """Tell whether the last act was refused without anybody having expected it."""
        if self.refusal is None:
            return False
        words, spot = self.refusal
        self._fail(spot, _DONE, f"it is refused: {words}")
        return True

    def _expect(self, wanted: Expectation, spot: _Spot) -> None:
        if wanted.refused is not None:
            self._expect_refusal(wanted.refused, spot.at("refused"))
        elif self._stop_at_refusal():
            return
        why = self._why()
        for item in mismatches(self.world, wanted):
            turned = why if item.path[0] in _FOLLOWS_A_TURN else ""
            self._fail(spot.at(*item.path), item.expected, item.instead, item.why or turned)

    def _expect_refusal(self, words: str, spot: _Spot) -> None:
        expected, found = f"it is refused: {words}", self.refusal[0] if self.refusal else ""
        if words not in found:
            self._fail(spot, expected, f"it is refused: {found}" if found else _DONE)
        self.refusal = None

    def _fail(self, spot: _Spot, expected: str, instead: str, why: str = "") -> None:
        place = self.world.program.model.place(f"scenario/{spot.scenario}", *spot.path)
        self.failures.append(Failure(place, expected, instead, why))

    def _why(self) -> str:
        """Return by which choice of the model the case came where it is, when there was one."""
        turns = self.last.turns if self.last else ()
        return next((str(turn) for turn in turns if turn.when or turn.passed), "")


def _passed(happening: Happening) -> str:
    """Return in words what happened by itself while time passed."""
    match happening.transition.kind if happening.transition else "":
        case "answered" | "failed" | "reported":
            return told_call(happening)
        case "warned" | "escalated" | "lapsed":
            return told_notice(happening)
        case _:
            return told_limit(happening)
