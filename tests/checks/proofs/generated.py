"""Small workflows made at random, to hold their proof against force."""

from itertools import pairwise
from random import Random  # noqa: TID251 - seeded, and of models
from typing import TypeAlias

from kingpost.model.model import Model
from tests.checks.proofs.small import COMPANY
from tests.checks.words import read

Targets: TypeAlias = tuple[list[str], str]  # where a step may lead, and what comes after it

CONDITIONS = (
    "thing.amount > 5",
    "thing.amount <= 5",
    "thing.amount = null",
    "thing.urgent = true",
    "thing.amount in [1..5]",
    "not(thing.urgent)",
    "thing.amount > 5 or thing.urgent = true",
    "thing.amount != null and thing.urgent != false",
    "thing.state = 'open'",
    "entered.s1 > 0",
    "entered.s2 = 0",
)
# How a suspension may end.
ENDED = (
    "ends: {back: {then: resume}}",
    "until: {task: Ask, role: clerk}",
    "until: {limit: 1 day}",
)
LIMITS = (None, "thing.amount > 5", "thing.amount <= 5", "thing.urgent = true")


def some(random: Random, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if often(random)]


def often(random: Random) -> bool:
    """Tell heads from tails."""
    return random.random() < 1 / 2


def routes(random: Random, targets: list[str], after: str) -> str:
    """Return ways on. after: the next step, to which they often lead, so that it is come to."""
    aims = [*targets, *[after] * len(targets)]
    if often(random):
        return random.choice(aims)
    conditions = random.choices(CONDITIONS, k=random.randint(1, 2))
    ways = [f'{{when: "{text}", go: {random.choice(aims)}}}' for text in conditions]
    return f"[{', '.join(ways)}, {{else: {random.choice(aims)}}}]"


class Flow:
    """A workflow in the making. people: the steps where somebody works, by block."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0
        self.people: list[list[str]] = []
        self.decisions: list[str] = []
        self.homes: list[list[str]] = []

    def block(self, indent: int, depth: int) -> str:
        size = self.random.randint(1, 3 if depth == 0 else 2)
        names = [f"s{self.count + number}" for number in range(size)]
        self.count += size
        targets = [*names, "shut"] if depth == 0 else [*names, "done"]
        self.people.append([])
        self.homes.append(targets)
        mine = len(self.people) - 1
        steps = [
            self.step(name, (targets, after), indent, depth, mine)
            for name, after in pairwise(targets)
        ]
        return "\n".join(steps)

    def step(self, name: str, targets: Targets, indent: int, depth: int, block: int) -> str:
        pad = " " * indent
        kinds = ["task", "task", "decision", "rule", "wait"]
        kinds += ["parallel", "mark"] if depth == 0 else []
        kind = self.random.choice(kinds)
        # What sets a state beside another that does so is for the checks of the lifecycle.
        state = ", state: open" if depth == 0 and self.random.randint(0, 2) == 0 else ""
        then = routes(self.random, *targets)
        if kind in {"task", "decision", "wait"}:
            self.people[block].append(name)
        match kind:
            case "task":
                records = some(self.random, ("amount", "urgent"))
                requires = [one for one in records if often(self.random)]
                return (
                    f"{pad}{name}: {{task: Do, role: clerk{state}, records: [{', '.join(records)}],"
                    f" requires: [{', '.join(requires)}], then: {then}}}"
                )
            case "decision":
                self.decisions.append(name)
                records = some(self.random, ("amount",))
                other = routes(self.random, *targets)
                return (
                    f"{pad}{name}: {{decision: Judge, role: judge{state}, due: 1 day, outcomes:"
                    f" {{yea: {{then: {then}, records: [{', '.join(records)}]}},"
                    f" nay: {{then: {other}}}}}}}"
                )
            case "rule":
                return f"{pad}{name}: {{rule: weigh{state}, then: {then}}}"
            case "mark":
                return f"{pad}{name}: {{state: open, then: {then}}}"
            case "wait":
                limit = ", limit: 1 day" if often(self.random) else ""
                other = routes(self.random, *targets)
                messages = f"messages: {{come: {{from: [role/clerk], then: {other}}}}}"
                timed = f"{limit}, then: {then}" if limit else ""
                return f"{pad}{name}: {{wait: Wait{state}, {messages}{timed}}}"
            case _:
                join = self.random.choice(["all", "all", "any", "[one]", "1 of 2"])
                one, two = (self.block(indent + 6, depth + 1) for _ in range(2))
                head = f"{pad}{name}:\n{pad}  title: Both\n"
                head += f"{pad}  state: open\n" if state else ""
                return (
                    f"{head}{pad}  parallel:\n{pad}    join: {join}\n{pad}    branches:\n"
                    f"{pad}      one:\n{pad}        steps:\n{_deeper(one)}\n"
                    f"{pad}      two:\n{pad}        steps:\n{_deeper(two)}\n"
                    f"{pad}  then: {then}"
                )

    def exceptions(self) -> str:
        found: list[str] = []
        for number in range(self.random.randint(0, 2)):
            block = self.random.randrange(len(self.people))
            if not self.people[block]:
                continue
            step = self.random.choice(self.people[block])
            head = f"e{number}: {{cause: party, raised-by: [clerk], steps: [{step}]"
            effect = self.random.choice(["divert", "divert", "alongside", *ENDED])
            if effect == "divert":
                aim = self.random.choice(self.homes[block])
                found.append(f"{head}, divert: {aim}}}")
            elif effect == "alongside":
                found.append(f"{head}, alongside: {{task: Tell, role: clerk}}}}")
            else:
                state = "state: held, " if often(self.random) and block == 0 else ""
                found.append(f"{head}, suspend: {{{state}clocks: stop, {effect}}}}}")
        return ", ".join(found)


def _deeper(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def grants(random: Random, decisions: list[str]) -> tuple[str, str]:
    """Return the authority of two posts: between them every outcome may be taken, at times."""
    found: tuple[list[str], list[str]] = ([], [])
    for step in decisions:
        for outcome in ("yea", "nay"):
            for post in map(int, random.choice([(0,), (1,), (0, 1)])):
                limit = random.choice(LIMITS)
                when = f', when: "{limit}"' if limit else ""
                found[post].append(f"{{decide: flow/{step}, outcomes: [{outcome}]{when}}}")
    return ", ".join(found[0]), ", ".join(found[1])


def small_model(random: Random) -> Model:
    flow = Flow(random)
    steps = flow.block(6, 0) + "\n      shut: {state: shut, end: true}"
    always = random.choice(["", "", ', always: "thing.amount != null"'])
    moves = ["new -> open", "open -> held", "held -> open", "new -> held", "held -> new"]
    if often(random):
        moves.append("* -> shut")
    else:
        moves += ["open -> shut", "new -> shut"]
    top, middle = grants(random, flow.decisions)
    return read(
        COMPANY.format(
            top=top,
            middle=middle,
            new=random.choice(["", "", "", always]),
            open=always,
            moves=", ".join(f'"{move}"' for move in moves),
            weight=random.choice(["1", "9", "null"]),
            form=", ".join(some(random, ("amount", "urgent"))),
            steps=steps,
            exceptions=flow.exceptions(),
        )
    )
