"""Run scenarios by the function that decides live work, and say where one went another way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from kingpost.decisions.program import Program
from kingpost.model.scenario import Act, Entry, Expectation, Passing, Scenario
from kingpost.scenarios.expecting import Mismatch, mismatches
from kingpost.scenarios.reaching import reached
from kingpost.scenarios.telling import told_act, told_limit, told_outcome, told_start
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
    """Where a story went another way. place: in the text. The rest is as in a Mismatch."""

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
    """Run every scenario of a checked model, in the order of their ids."""
    for name in sorted(program.model.scenarios):
        yield run_scenario(program, name)


def run_scenario(program: Program, name: str) -> Result:
    """Run one scenario of a checked model."""
    model = program.model
    scenario = model.scenarios[name]
    workflow = scenario.workflow or next(
        each.id for each in model.workflows.values() if each.object == scenario.given.object
    )
    return _Run(World(program, workflow, scenario)).result()


def _with_places(
    entries: Iterable[Entry], section: str
) -> Iterator[tuple[Entry, tuple[str | int, ...]]]:
    for index, entry in enumerate(entries):
        yield entry, (section, index)


@dataclass
class _Run:
    """A scenario on its way. refused: the refusal that the next expectation must name."""

    world: World
    story: list[Line] = field(default_factory=list[Line])
    found: list[Mismatch] = field(default_factory=list[Mismatch])
    reached: set[str] = field(default_factory=set[str])
    refusal: str = ""
    refused_at: tuple[str | int, ...] = ()
    last: Happening | None = None

    def result(self) -> Result:
        scenario, model = self.world.scenario, self.world.program.model
        self._play(scenario)
        address = f"scenario/{scenario.id}"
        failures = tuple(
            Failure(model.place(address, *item.path), item.expected, item.instead, item.why)
            for item in self.found
        )
        return Result(
            scenario,
            self.world.rules.workflow.id,
            model.place(address),
            tuple(self.story),
            failures,
            frozenset(self.reached),
        )

    def _play(self, scenario: Scenario) -> None:
        state = self.world.case.state
        begun = self.world.start()
        self._note(begun, told_start(scenario, begun), state, ("given",))
        entries = [*_with_places(scenario.when, "when"), *_with_places(scenario.then, "then")]
        for entry, path in entries:
            if self.found:
                return
            self._entry(entry, path)
        if not self.found:
            self._stop_at_refusal()

    def _entry(self, entry: Entry, path: tuple[str | int, ...]) -> None:
        if isinstance(entry, Expectation):
            inner = (*path, "expect") if path[0] == "when" else path
            self._expect(entry, inner)
            return
        if self._stop_at_refusal():
            return
        self.last = None
        state = self.world.case.state
        match entry:
            case Act():
                self._note(self.world.act(entry), told_act(entry), state, path)
            case Passing():
                for happening in self.world.passing(entry):
                    self._note(happening, told_limit(happening), state, path)
                    state = self.world.case.state

    def _note(
        self, happening: Happening, what: str, state: str, path: tuple[str | int, ...]
    ) -> None:
        world = self.world
        outcome = told_outcome(world, happening, state)
        refused = happening.transition is None
        self.story.append(Line(world.in_zone(happening.at), what, outcome, refused))
        self.last = happening
        if refused:
            self.refusal, self.refused_at = happening.refusal, path
        else:
            self.reached.update(reached(world.rules, happening))

    def _stop_at_refusal(self) -> bool:
        """Tell whether the last act was refused without anybody having expected it."""
        if not self.refusal:
            return False
        self.found.append(Mismatch(self.refused_at, _DONE, f"it is refused: {self.refusal}"))
        return True

    def _expect(self, wanted: Expectation, path: tuple[str | int, ...]) -> None:
        if wanted.refused is not None:
            self._expect_refusal(wanted.refused, (*path, "refused"))
        elif self._stop_at_refusal():
            return
        why = self._why()
        for item in mismatches(self.world, wanted, path):
            turned = item.path[-1] in _FOLLOWS_A_TURN
            self.found.append(replace(item, why=why) if turned else item)

    def _why(self) -> str:
        """Return by which choice of the model the case came where it is, when there was one."""
        turns = self.last.turns if self.last else ()
        return next((str(turn) for turn in turns if turn.when or turn.passed), "")

    def _expect_refusal(self, words: str, path: tuple[str | int, ...]) -> None:
        expected = f"it is refused: {words}"
        if not self.refusal:
            self.found.append(Mismatch(path, expected, _DONE))
        elif words not in self.refusal:
            self.found.append(Mismatch(path, expected, f"it is refused: {self.refusal}"))
        self.refusal = ""
