"""Companies at random, random changes to them, and cases on their way: all from one seed."""

import json
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random  # noqa: TID251 - seeded, and of companies
from typing import Any, TypeAlias

from kingpost.decisions.commands import (
    CLOCK,
    Actor,
    Answer,
    Command,
    Complete,
    Decide,
    Deliver,
    Expire,
    Raise,
    Report,
    Resolve,
    Start,
)
from kingpost.decisions.program import Program, compile_model
from kingpost.decisions.transition import Transition
from kingpost.model.model import Model
from kingpost.notation import read_model
from kingpost.values.diagnostic import Severity
from tests.decisions.world import Desk, person

Spec: TypeAlias = dict[str, Any]

DESK, HEAD = person("anna", "desk"), person("hedy", "head")
REGISTRY = Actor(interface="registry")
KINDS = ("task", "task", "decision", "decision", "wait", "parallel", "run", "call")
DUES = ("2 hours", "3 days", "2 working days", "20 minutes")
_SHELL: Spec = {
    "kingpost": 1,
    "company": "Random",
    "timezone": "Europe/Lisbon",
    "calendars": {"office": {"hours": "Mon-Fri 09:00-17:00"}, "always": {"hours": "always"}},
    "units": {"front": {"calendar": "office"}, "top": {"calendar": "always"}},
    "roles": {"clerk": {}, "judge": {}},
    "interfaces": {
        "registry": {
            "kind": "outbound",
            "method": "POST",
            "path": "/ask",
            "send": {"what": "item.size"},
            "receive": {"grade": "item.grade"},
            "retry": {"times": 1},
            "owner": "head",
        }
    },
    "objects": {
        "item": {
            "custodian": "head",
            "fields": {
                "size": {"type": "integer"},
                "grade": {"type": "integer"},
                "note": {"type": "text"},
            },
            "states": {"new": {"begin": True}, "held": {}, "over": {"end": True}},
            "moves": ["new -> held", "held -> new", "* -> over"],
        },
        "errand": {
            "custodian": "head",
            "fields": {"asked": {"type": "integer"}, "found": {"type": "integer"}},
            "states": {"new": {"begin": True}, "over": {"end": True}},
            "moves": ["new -> over"],
        },
    },
    "governance": [{"part": "*", "custodian": "head"}],
}


@dataclass
class Company:
    """A company as its text says it, and what was renamed by the last change to it.

    steps, outcomes: old names with their new ones; outcomes as `step/outcome`, both by old names.
    """

    spec: Spec
    number: int = 0
    steps: dict[str, str] = field(default_factory=dict[str, str])
    outcomes: dict[str, str] = field(default_factory=dict[str, str])

    def name(self, kind: str) -> str:
        self.number += 1
        return f"{kind}-{self.number}"

    @property
    def blocks(self) -> list[Spec]:
        """Return the steps of each block of its flow, the outermost first."""
        return list(blocks_of(self.spec["workflows"]["flow"]["steps"]))

    def model(self) -> Model | None:
        """Return the model; None when the check finds an error in it."""
        spec = deepcopy(self.spec)
        flow = spec["workflows"]["flow"]
        grants = [
            {"decide": f"flow/{name}", "outcomes": list(step["outcomes"])}
            for block in blocks_of(flow["steps"])
            for name, step in block.items()
            if "outcomes" in step
        ]
        head: Spec = {"unit": "top", "roles": ["judge"], "vacancy": "holds", "authority": grants}
        desk: Spec = {"unit": "front", "roles": ["clerk"], "reports-to": "head", "seats": 5}
        desk["vacancy"] = {"falls-to": "superior"}
        spec["posts"] = {"head": head, "desk": desk}
        tasks = [
            name
            for block in blocks_of(flow["steps"])
            for name, step in block.items()
            if "task" in step
        ]
        if tasks:
            hold = {"cause": "party", "raised-by": ["clerk"], "steps": tasks}
            ends = {"answered": {"then": "resume"}}
            suspend = {"state": "held", "clocks": "stop", "ends": ends}
            flow["exceptions"] = {"hold": {**hold, "suspend": suspend}}
        reading = read_model({"random.yaml": json.dumps(spec, indent=1)})
        errors = [each for each in reading.diagnostics if each.severity is Severity.ERROR]
        return None if errors else reading.model


def blocks_of(steps: Spec) -> list[Spec]:
    found = [steps]
    for step in steps.values():
        for branch in step.get("parallel", {}).get("branches", {}).values():
            found += blocks_of(branch["steps"])
    return found


def company(random: Random) -> Company:
    """Return a sound company."""
    while True:
        made = Company(deepcopy(_SHELL))
        steps = _block(random, made, random.randrange(3, 7), "over-it", depth=0)
        steps["over-it"] = {"state": "over", "end": True}
        flow: Spec = {"object": "item", "owner": "head", "prefix": "FL", "steps": steps}
        flow["begins"] = {"form": ["size", "note"], "roles": ["clerk"]}
        look = {"task": "Look", "role": "clerk", "records": ["found"], "then": "gone"}
        errand: Spec = {"object": "errand", "owner": "head", "prefix": "ER"}
        errand["begins"] = {"form": ["asked"], "workflows": ["flow"]}
        errand["steps"] = {"look": look, "gone": {"state": "over", "end": True}}
        made.spec["workflows"] = {"flow": flow, "errand": errand}
        if not any("run" in step for block in blocks_of(steps) for step in block.values()):
            del made.spec["workflows"]["errand"], made.spec["objects"]["errand"]
        if not any("call" in step for block in blocks_of(steps) for step in block.values()):
            del made.spec["interfaces"]
        if made.model() is not None:
            return made


def _block(random: Random, made: Company, length: int, last: str, *, depth: int) -> Spec:
    kinds = [random.choice(KINDS if depth == 0 else KINDS[:5]) for _ in range(length)]
    names = [made.name(kind) for kind in kinds]
    return {
        name: _step(random, made, kind, [*names, last], place)
        for place, (kind, name) in enumerate(zip(kinds, names, strict=True))
    }


def _step(random: Random, made: Company, kind: str, names: list[str], place: int) -> Spec:
    then, anywhere = names[place + 1], random.choice(names[max(0, place - 2) : place + 3])
    due = {"due": random.choice(DUES)} if random.random() < 0.5 else {}
    match kind:
        case "task":
            go: Any = then
            if random.random() < 0.4:
                go = [{"when": "item.size > 5", "go": anywhere}, {"else": then}]
            return {"task": "Do", "role": "clerk", "records": ["size", "note"], "then": go, **due}
        case "decision":
            outcomes = {"yes": {"then": then}, "no": {"then": anywhere}}
            if random.random() < 0.4:
                outcomes["maybe"] = {"then": random.choice(names[place:])}
            return {"decision": "Is it so?", "role": "judge", "outcomes": outcomes, **due}
        case "wait":
            messages = {"come": {"from": ["role/clerk"], "then": then}}
            messages["gone"] = {"from": ["role/clerk"], "then": anywhere}
            limit = {"limit": "5 days", "then": then} if random.random() < 0.6 else {}
            return {"wait": "Wait", "role": "clerk", "messages": messages, **limit}
        case "parallel":
            branches = {
                made.name("branch"): {
                    "steps": _block(random, made, random.randrange(1, 4), "done", depth=1)
                }
                for _ in range(2)
            }
            join = random.choice(["all", "all", "any"])
            return {"title": "Both", "parallel": {"join": join, "branches": branches}, "then": then}
        case "run":
            run = {"workflow": "errand", "waits": "all", "with": {"asked": "item.size"}}
            return {"run": {**run, "brings": {"grade": "found"}}, "then": then}
        case _:
            return {"call": "registry", "then": then}


def changed(random: Random, before: Company) -> Company:
    """Return a company after some changes that leave it sound, each with what it renamed."""
    while True:
        after = Company(deepcopy(before.spec), before.number)
        for _ in range(random.randrange(1, 4)):
            random.choice(EDITS)(random, after)
        if after.spec != before.spec and after.model() is not None:
            return after


def _pick(random: Random, made: Company, *kinds: str) -> tuple[Spec, str] | None:
    found = [
        (block, name)
        for block in made.blocks
        for name, step in block.items()
        if any(kind in step for kind in kinds)
    ]
    return random.choice(found) if found else None


def _lead(steps: Spec, old: str, new: str) -> None:
    """Let whatever leads to a step lead to another one."""
    for step in steps.values():
        for holder in (
            step,
            *step.get("outcomes", {}).values(),
            *step.get("messages", {}).values(),
        ):
            if holder.get("then") == old:
                holder["then"] = new
            elif isinstance(holder.get("then"), list):
                for way in holder["then"]:
                    for key in ("go", "else"):
                        if way.get(key) == old:
                            way[key] = new


def _rename(random: Random, made: Company) -> None:
    picked = _pick(random, made, "task", "decision", "wait", "parallel")
    if picked is None or picked[1] in made.steps.values():
        return
    block, old = picked
    new = made.name("named")
    step = {**block[old], "was": old}
    order = [(new if name == old else name, step if name == old else block[name]) for name in block]
    block.clear()
    block.update(order)
    _lead(block, old, new)
    made.steps[old] = new


def _insert(random: Random, made: Company) -> None:
    """Put a decision before a step; it may be a mandatory one."""
    block = random.choice(made.blocks)
    target = random.choice(list(block))
    name = made.name("decision")
    _lead(block, target, name)
    outcomes = {"yes": {"then": target}, "no": {"then": random.choice([name, target])}}
    step = {"decision": "Is it so?", "role": "judge", "outcomes": outcomes}
    order = list(block.items())
    place = [each for each, _ in order].index(target)
    block.clear()
    block.update([*order[:place], (name, step), *order[place:]])


def _remove(random: Random, made: Company) -> None:
    picked = _pick(random, made, "task", "decision", "wait")
    if picked is None or len(picked[0]) < 3:
        return
    block, name = picked
    step = block.pop(name)
    ways = step.get("outcomes") or step.get("messages") or {"": step}
    then = next(iter(ways.values()))["then"]
    go = then if isinstance(then, str) else then[-1]["else"]
    if go == name:
        block[name] = step
    else:
        _lead(block, name, go)


def _time(random: Random, made: Company) -> None:
    picked = _pick(random, made, "task", "decision")
    if picked is not None:
        picked[0][picked[1]]["due"] = random.choice(DUES)


def _rename_outcome(random: Random, made: Company) -> None:
    picked = _pick(random, made, "outcomes")
    if picked is None:
        return
    block, name = picked
    outcomes: Spec = block[name]["outcomes"]
    old = random.choice(list(outcomes))
    if any("was" in each for each in outcomes.values()) or name in made.steps.values():
        return
    new = made.name("outcome")
    was = {"was": old} if random.random() < 0.7 else {}
    order = [
        (new, {**was, **each}) if key == old else (key, each) for key, each in outcomes.items()
    ]
    outcomes.clear()
    outcomes.update(order)
    if was:
        made.outcomes[f"{name}/{old}"] = new


def _redirect(random: Random, made: Company) -> None:
    """Let an outcome, or a message, lead to another step."""
    picked = _pick(random, made, "outcomes", "messages")
    if picked is not None:
        block, name = picked
        ways = block[name].get("outcomes") or block[name]["messages"]
        random.choice(list(ways.values()))["then"] = random.choice(list(block))


def _branch(random: Random, made: Company) -> None:
    picked = _pick(random, made, "parallel")
    if picked is not None:
        branches = picked[0][picked[1]]["parallel"]["branches"]
        branches[made.name("branch")] = {"steps": _block(random, made, 1, "done", depth=1)}


def _address(random: Random, made: Company) -> None:
    picked = _pick(random, made, "task")
    if picked is not None:
        picked[0][picked[1]]["to"] = {"post": random.choice(["desk", "desk"])}


EDITS = (
    _rename, _rename, _insert, _insert, _insert, _remove, _time, _rename_outcome, _redirect,
    _redirect, _branch, _address,
)  # fmt: skip


def program(made: Company) -> Program:
    model = made.model()
    assert model is not None
    return compile_model(model)


def begun(made: Program) -> Desk:
    desk = Desk(made, workflow="flow")
    desk.do(Start({"size": 3, "note": "so"}), DESK)
    return desk


def walk(random: Random, desk: Desk, acts: int) -> None:
    """Let people, systems and the clock do something in a case, if they may."""
    for _ in range(acts):
        desk.pass_time(timedelta(minutes=random.choice([0, 7, 90, 4000])))
        if desk.case.is_closed:
            return
        command, actor = act(random, desk)
        outcome = desk.try_(command, actor)
        if isinstance(outcome, Transition):
            desk.do(command, actor)


def act(random: Random, desk: Desk) -> tuple[Command, Actor]:
    """Return something that may be done at one of the steps where a case stands."""
    token = desk.case.tokens[random.choice(sorted(desk.case.tokens))]
    step = desk.program.workflows["flow"].places[token.step].step
    match type(step).__name__:
        case "Task" if token.suspension is not None:
            return Resolve(token.id, "answered"), DESK
        case "Task" if random.random() < 0.25:
            return Raise(token.id, "hold"), DESK
        case "Decision":
            return Decide(token.id, random.choice([item.id for item in step.outcomes])), HEAD  # type: ignore[attr-defined]
        case "Wait" if random.random() < 0.3:
            return Expire(token.id), CLOCK
        case "Wait":
            return Deliver(token.id, random.choice(["come", "gone"])), DESK
        case "Call":
            return Answer(token.id, {"grade": random.randrange(9)}), REGISTRY
        case "Run":
            child = token.children[0].id if token.children else ""
            return Report(token.id, child, "ER-1", "over", {"found": 4}), CLOCK
        case _:
            return Complete(token.id, {"size": random.randrange(9)}), DESK
