"""The rules of a model compiled: what one answers together with those it needs, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias, cast

from kingpost.expressions import Function, FunctionType, Value
from kingpost.expressions.value import Run
from kingpost.model.model import Model
from kingpost.model.rules import Rule
from kingpost.model.ruling.logic import logic_of, table_of
from kingpost.model.ruling.needs import circles
from kingpost.model.ruling.privacy import reads_of
from kingpost.model.ruling.rows import Rows
from kingpost.model.ruling.typing import Rules, Typed, type_rules
from kingpost.rules import Hits, Remark, Ruling, TableRuling, compile_decision_table, compile_logic

_CALL_DEPTH = 8
Values: TypeAlias = Mapping[str, Value]
Work: TypeAlias = Ruling | TableRuling


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a rule has answered.

    inputs:    what its columns tested; of a rule that is no table, what it read.
    hits:      the rows that were tried, that match and that made the answer; None for no table.
    remarks:   every error that became null on the way.
    undecided: an input without a value, and the row that would have had to be asked about it.
    """

    rule: Rule
    value: Value
    inputs: Values
    hits: Hits | None
    remarks: tuple[Remark, ...]
    undecided: tuple[str, int] | None = None

    @property
    def outputs(self) -> Values:
        """Return what a step stores, by output."""
        names = [output.id for output in self.rule.outputs]
        if self.rule.value is not None or (self.rule.rows and len(names) == 1):
            return dict.fromkeys(names[:1], self.value)
        if isinstance(self.value, list):
            rows = cast("list[dict[str, Any]]", self.value)
            return {name: [row[name] for row in rows] for name in names}
        members = self.value if isinstance(self.value, dict) else {}
        return {name: members.get(name) for name in names}

    @property
    def is_answered(self) -> bool:
        """Tell whether a row or a default made the answer, and nothing was left open."""
        answered = self.hits is None or bool(self.hits.fired) or self.value is not None
        return answered and self.undecided is None


class RuleBook:
    """The rules of a model, ready to be asked.

    faults: by rule, what is wrong with its logic; such a rule, and what needs it, has no answer.
    """

    def __init__(self, model: Model, rules: Rules | None = None) -> None:
        """Compile every rule that can be."""
        self.model = model
        self.rules = rules or type_rules(model)
        self.faults: dict[str, tuple[Remark, ...]] = {}
        self.functions: dict[str, Value] = {}
        self._works: dict[str, Work] = {}
        self._rows: dict[str, Rows] = {}
        self._reads: dict[str, tuple[str, ...]] = {}
        self._broken: set[str] = {name for each in circles(self.rules.needs) for name in each}
        self._broken |= {name for name in model.rules if self._is_misnamed(name)}
        for name in self.rules.order:
            self._compile(name)

    def has(self, name: str) -> bool:
        """Tell whether a rule can be asked."""
        return name in self.rules.typed and name not in self._broken

    def work(self, name: str) -> Work:
        """Return the logic of a rule, which answers without the rules that it needs."""
        return self._works[name]

    def decide(self, name: str, values: Values) -> tuple[Ruled, ...]:
        """Return what a rule answers, behind what the rules answer that it needs.

        values: the records by object, and the answers of rules that are given.
        """
        assert self.has(name), "the caller asks for a sound rule"
        known: dict[str, Value] = {**self.functions, **values}
        found: list[Ruled] = []
        for each in self._decisions(name):
            if each not in values:
                one = self._ruled(each, known)
                known[each] = one.value
                found.append(one)
        return tuple(found)

    def call(self, name: str, arguments: Values) -> Ruled:
        """Return what a function answers to arguments by name."""
        return self._ruled(name, {**self.functions, **arguments})

    def answers(self, name: str) -> tuple[str, ...]:
        """Return the rules whose outputs a step stores that evaluates a rule."""
        return self.model.rules[name].answers or (name,)

    def _is_misnamed(self, name: str) -> bool:
        """Tell whether a rule is not the one of its name, or answers for what it may not.

        A service answers for nothing that must itself be called, or is not there.
        """
        rules = self.model.rules
        answers = rules[name].answers
        return rules[name].id != name or any(
            each not in rules or rules[each].is_called for each in answers
        )

    def _compile(self, name: str) -> None:
        rule, typed = self.model.rules[name], self.rules.typed[name]
        if name in self._broken or any(each in self._broken for each in self.rules.needs[name]):
            self._broken.add(name)
        elif rule.answers:
            self.functions[name] = self._service(rule, typed)
        else:
            self._compile_logic(rule, typed)

    def _compile_logic(self, rule: Rule, typed: Typed) -> None:
        if rule.rows:
            work = compile_decision_table(table_of(rule, typed), typed.scope, site=rule.id)
        else:
            work = compile_logic(logic_of(rule, typed), typed.scope, site=rule.id)
        if isinstance(work, tuple):
            self.faults[rule.id] = work
            self._broken.add(rule.id)
            return
        self._works[rule.id] = work
        if rule.rows:
            self._rows[rule.id] = Rows(rule, typed)
        else:
            self._reads[rule.id] = reads_of(self.rules, rule)
        if rule.parameters:
            self.functions[rule.id] = self._function(rule, typed)

    def _function(self, rule: Rule, typed: Typed) -> Function:
        work, names = self._works[rule.id], tuple(typed.parameters)

        def called(run: Run, arguments: list[Value]) -> Value:
            given = dict(zip(names, arguments, strict=True))
            return work.within(run, {**self.functions, **given})

        return Function(names, _CALL_DEPTH, 1, called, cast("FunctionType", typed.type))

    def _service(self, rule: Rule, typed: Typed) -> Function:
        names = tuple(typed.parameters)

        def called(run: Run, arguments: list[Value]) -> Value:
            known = {**self.functions, **dict(zip(names, arguments, strict=True))}
            for each in self._decisions(rule.id):
                if each not in rule.given:
                    known[each] = self._works[each].within(run, known)
            if len(rule.answers) == 1:
                return known[rule.answers[0]]
            return {name: known[name] for name in rule.answers}

        return Function(names, _CALL_DEPTH, 1, called, cast("FunctionType", typed.type))

    def _decisions(self, name: str) -> Iterator[str]:
        """Yield the rules to evaluate for one, each behind what it needs.

        A function or service that is named evaluates what it needs when it is called.
        """
        needed = {name} | self._needed(name)
        for each in self.rules.order:
            if each in needed and not self.model.rules[each].is_called:
                yield each

    def _needed(self, name: str) -> set[str]:
        found: set[str] = set()
        waiting = list(self.rules.needs[name])
        while waiting:
            each = waiting.pop()
            if each not in found and not self.model.rules[each].is_called:
                found.add(each)
                waiting.extend(self.rules.needs[each])
        return found

    def _ruled(self, name: str, known: dict[str, Value]) -> Ruled:
        rule, work = self.model.rules[name], self._works[name]
        if isinstance(work, TableRuling):
            answer = work.answer(known)
            inputs, hits, remarks = answer.hits.inputs, answer.hits, answer.remarks
            value = answer.value
            if not hits.matched and value is None:
                value = _nothing(rule)
            undecided = self._rows[name].undecided(inputs, known, hits.matched)
            return Ruled(rule, value, inputs, hits, remarks, undecided)
        outcome = work.explain(known)
        read = {path: _at(known, path) for path in self._reads[name]}
        return Ruled(rule, outcome.value, read, None, outcome.remarks)


def _nothing(rule: Rule) -> Value:
    """Return what a table answers that no row of matches: a list of nothing, or how many."""
    if rule.lists:
        return []
    return Decimal(0) if rule.counts else None


def _at(known: Values, path: str) -> Value:
    value: Any = known
    for name in path.split("."):
        value = cast("dict[str, Any]", value).get(name) if isinstance(value, dict) else None
    return value
