"""The kit's models as drafts: imported, read as any model is, and asked the kit's questions."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Any, cast

from kingpost.exchange.dmn.importing import Taken, import_dmn
from kingpost.exchange.dmn.reading import read_dmn
from kingpost.exchange.remarks import Remark
from kingpost.expressions import Value
from kingpost.expressions.value import FailureError, Run
from kingpost.model.ruling.book import RuleBook
from kingpost.notation import read_model
from kingpost.notation.writing import write
from kingpost.rules import Shape
from kingpost.rules.graphs.linking import visible_name
from kingpost.rules.shapes import conform
from tests.conformance.kit import Case, UnreadableError, agrees, files, graph, passed, read

Fields = Mapping[str, Mapping[str, Any]]


class Answer(Enum):
    """How a draft does with one question of the kit.

    OPEN:   it refuses to decide over a null.
    SHARED: it answers otherwise, and so does the file when it is run as it is.
    """

    RIGHT = "right"
    WRONG = "wrong"
    OPEN = "open"
    SHARED = "shared"


@dataclass(frozen=True)
class Draft:
    """A model of the kit as a draft, ready to be asked."""

    taken: Taken
    book: RuleBook
    object: str
    fields: Fields = field(repr=False)

    def of(self, kinds: Iterable[str], name: str) -> Remark | None:
        """Return what is told of an element."""
        return next(
            (one for one in self.taken.remarks if one.kind in kinds and one.name == name), None
        )

    def rule(self, decision: str) -> str:
        """Return the rule that a decision became, or empty text."""
        found = self.of(("decision",), decision)
        return found.becomes.removeprefix("rule/") if found else ""


@cache
def draft(path: str) -> Draft:
    taken = import_dmn(read_dmn(files()[path], path), graph(path), "model")
    reading = read_model({"draft.yaml": write({**taken.company, **taken.rules})})
    assert reading.model is not None, (path, reading.diagnostics)
    objects = taken.rules.get("objects", {})
    name = next(iter(objects), "")
    return Draft(taken, RuleBook(reading.model), name, objects[name]["fields"] if name else {})


def asked(case: Case) -> Iterator[tuple[Remark, Answer]]:
    """Ask a draft for every result of a case that it takes over, and tell how it does."""
    found = draft(case.model)
    names = {case.service: None} if case.service else case.expected
    for name in names:
        kinds = ("decisionService",) if case.service else ("decision",)
        remark = found.of(kinds, name)
        if remark is not None and remark.becomes.startswith("rule/"):
            yield remark, _asked(found, case, name, remark.becomes.removeprefix("rule/"))


def _asked(found: Draft, case: Case, name: str, rule: str) -> Answer:
    try:
        expected = {one: read(node) for one, node in case.expected.items()}
        values = given(found, case)
    except UnreadableError:
        return Answer.SHARED
    ruled = found.book.decide(rule, values)
    if any(one.undecided for one in ruled):
        return Answer.OPEN
    here = {one.rule.id: one.value for one in ruled}
    wanted = expected if case.service else {name: expected[name]}
    if all(agrees(here.get(found.rule(one)), value) for one, value in wanted.items()):
        return Answer.RIGHT
    return Answer.WRONG if passed(case) else Answer.SHARED


def given(found: Draft, case: Case) -> dict[str, Value]:
    """Return the record that a case gives, and the answers of decisions that it gives."""
    inputs = {name: read(node) for name, node in case.inputs.items()}
    record = _filled(found.fields, {})
    # What a service is not given is null, and is not found by itself.
    service = found.of(("decisionService",), case.service)
    rule = service.becomes.removeprefix("rule/") if service else ""
    values: dict[str, Value] = dict.fromkeys(found.book.model.rules[rule].given if rule else ())
    nodes = {visible_name(one.element): one for one in graph(case.model).nodes.values()}
    kept = {one["title"]: id_ for id_, one in found.fields.items()}
    for name in inputs.keys() & nodes.keys():
        held = _conforming(inputs[name], nodes[name].shape)
        if name in kept:
            record[kept[name]] = _renamed(found.fields[kept[name]], held)
        elif found.rule(name):
            values[found.rule(name)] = held
    return {**values, found.object: cast("Value", {**record, "state": "open"})}


def _conforming(value: Value, shape: Shape) -> Value:
    """Return a value as its input declares it: what does not conform is null, by the standard."""
    try:
        return None if value is None else conform(Run({}), value, shape)
    except FailureError:
        return None


def _filled(fields: Fields, given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        id_: _filled(one["fields"], given.get(one["title"]) or {})
        if one["type"] == "group"
        else given.get(one["title"])
        for id_, one in fields.items()
    }


def _renamed(written: Mapping[str, Any], value: Value) -> object:
    if written["type"] == "group":
        return _filled(written["fields"], cast("Any", value) or {})
    return value
