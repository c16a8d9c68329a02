"""Decision tables at work: compiled to one function over the values of their inputs.

Source: OMG DMN 1.5, clause 8.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from kingpost.expressions import (
    AnyType,
    Compiled,
    ContextType,
    ListType,
    NumberType,
    Type,
    Value,
    compile_leniently,
)
from kingpost.expressions.kinds import join
from kingpost.expressions.operators import kind_of
from kingpost.expressions.value import FailureError, Run
from kingpost.rules.columns import Column, column
from kingpost.rules.hits import RANKED, SEVERAL, aggregated, all_same, ranked
from kingpost.rules.logic import (
    Aggregation,
    DecisionTable,
    HitPolicy,
    InputClause,
    OutputClause,
    Row,
    Text,
)
from kingpost.rules.parts import (
    EMPTY,
    Part,
    Setting,
    compile_cell,
    compile_text,
    shaped,
    typed,
)
from kingpost.rules.session import Hits, Session, Site, Step, Values, Work
from kingpost.rules.shapes import UNSHAPED

# The value of each output of a row.
Answers: TypeAlias = tuple[Value, ...]
# An answer, the value of each input, and the places of the rows that match and that fire.
Found: TypeAlias = tuple[Value, list[Value], Sequence[int], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Output:
    """A column of answers. order: its allowed values by priority, where they are written out."""

    name: str
    type: Type
    order: tuple[Value, ...]
    default: Part | None


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table, ready to be asked.

    every:   all the rows, as the bits of a number.
    results: for each row the work of its outputs, or its answers where they are always the same.
    """

    every: int
    results: tuple[Answers | tuple[Work, ...], ...]
    fixed: tuple[bool, ...]

    def answers(self, session: Session, values: Values, row: int) -> Answers:
        """Return the value of each output of a row."""
        found = self.results[row]
        if self.fixed[row]:
            return found  # type: ignore[return-value]
        return tuple(work(session, values) for work in found)  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class TableWork:
    """A table that can be evaluated.

    type:    of the answer.
    names:   of the inputs.
    columns: for each input the work that finds its value, and what finds the rows that accept it.
    """

    table: DecisionTable
    site: Site
    type: Type
    names: tuple[str, ...]
    columns: tuple[tuple[Work, Column], ...] = field(repr=False)
    rows: Rows = field(repr=False)
    outputs: tuple[Output, ...] = field(repr=False)

    def work(self, session: Session, values: Values) -> Value:
        """Return the answer, and keep the step when an explanation is gathered."""
        value, inputs, matched, fired = self.find(session, values)
        if session.steps is not None:
            hits = self.hits(inputs, matched, fired)
            session.keep(Step(self.site.name, hits.inputs, value, hits))
        return value

    def find(self, session: Session, values: Values) -> Found:
        """Return the answer with the values of the inputs, the rows that match and that fire."""
        inputs: list[Value] = []
        accepted = self.rows.every
        for test, accepting in self.columns:
            value = test(session, values)
            inputs.append(value)
            if accepted:
                accepted &= accepting(session, values, value)
        session.run.spend(len(inputs))
        if not accepted:
            return self._default(session, values), inputs, (), ()
        policy = self.table.hit_policy
        alone = not accepted & (accepted - 1)
        if policy is HitPolicy.FIRST or (alone and policy not in SEVERAL):
            row = (accepted & -accepted).bit_length() - 1
            fired = (row,)
            return self._one(self.rows.answers(session, values, row)), inputs, fired, fired
        return self._decide(session, values, inputs, _bits(accepted))

    def hits(self, inputs: Sequence[Value], matched: Sequence[int], fired: Sequence[int]) -> Hits:
        """Return how an answer was found, in numbers of rows from 1."""
        first = self.table.hit_policy is HitPolicy.FIRST and matched
        return Hits(
            inputs=dict(zip(self.names, inputs, strict=True)),
            tried=matched[0] + 1 if first else len(self.table.rows),
            matched=tuple([row + 1 for row in matched]),
            fired=tuple([row + 1 for row in fired]),
        )

    def _decide(
        self, session: Session, values: Values, inputs: list[Value], matched: list[int]
    ) -> Found:
        answers = [self.rows.answers(session, values, row) for row in matched]
        try:
            value, fired = self._chosen(session.run, matched, answers)
        except FailureError as error:
            session.remark(self.site, str(error))
            return None, inputs, matched, ()
        return value, inputs, matched, fired

    def _chosen(
        self, run: Run, matched: Sequence[int], answers: list[Answers]
    ) -> tuple[Value, Sequence[int]]:
        """Return the answer that the hit policy takes. Raises FailureError when there is none."""
        policy = self.table.hit_policy
        if policy in SEVERAL:
            return self._several(run, matched, answers)
        if policy is HitPolicy.PRIORITY:
            best = ranked(run, [one.order for one in self.outputs], answers)[0]
            return self._one(answers[best]), (matched[best],)
        listed = ", ".join(str(row + 1) for row in matched)
        if policy is HitPolicy.ANY:
            if all_same(run, [list(answer) for answer in answers]):
                return self._one(answers[0]), matched
            raise FailureError(f"the rows {listed} match and answer differently")
        raise FailureError(f"the rows {listed} match, and only one may")

    def _several(
        self, run: Run, matched: Sequence[int], answers: list[Answers]
    ) -> tuple[Value, Sequence[int]]:
        places = range(len(matched))
        if self.table.hit_policy is HitPolicy.OUTPUT_ORDER:
            places = ranked(run, [one.order for one in self.outputs], answers)
        results = [self._one(answers[place]) for place in places]
        if self.table.hit_policy is HitPolicy.COLLECT:
            return aggregated(run, self.table.aggregation, results), matched
        return results, [matched[place] for place in places]

    def _one(self, answers: Answers) -> Value:
        if len(self.outputs) == 1:
            return answers[0]
        names = (output.name for output in self.outputs)
        return dict(zip(names, answers, strict=True))

    def _default(self, session: Session, values: Values) -> Value:
        """Return what the table answers when no row matches.

        Source: OMG DMN 1.5, 8.2.11, default output values.
        """
        defaults = [one.default for one in self.outputs]
        if any(defaults):
            works = [one or EMPTY for one in defaults]
            return self._one(tuple(part.work(session, values) for part in works))
        if self.table.hit_policy not in SEVERAL:
            session.remark(self.site, "no row matches")
        return None


def _bits(accepted: int) -> list[int]:
    return [row for row in range(accepted.bit_length()) if accepted >> row & 1]


def compile_table(setting: Setting, table: DecisionTable) -> TableWork:
    """Compile a decision table; its faults are noted in the setting."""
    names, inputs = _inputs(setting, table.inputs)
    outputs = tuple(_output(setting, place, one) for place, one in enumerate(table.outputs, 1))
    _check(setting, table)
    sites = [setting.inside(f"row {number}", row.at) for number, row in enumerate(table.rows, 1)]
    rows = [
        (row, site)
        for row, site in zip(table.rows, sites, strict=True)
        if _fits(setting, table, row)
    ]
    columns = tuple(
        _column([(row.tests[place], site) for row, site in rows], name, part.type)
        for place, (name, part) in enumerate(zip(names, inputs, strict=True))
    )
    results = [_results(site, table, row) for row, site in rows]
    return TableWork(
        table=table,
        site=setting.site,
        type=_answer_type(table, outputs, results),
        names=names,
        columns=tuple(zip((part.work for part in inputs), columns, strict=True)),
        rows=_rows(results),
        outputs=outputs,
    )


def _inputs(setting: Setting, clauses: Sequence[InputClause]) -> tuple[tuple[str, ...], list[Part]]:
    names: dict[str, Part] = {}
    for number, clause in enumerate(clauses, 1):
        name = clause.head.label or clause.expression.text.strip() or f"{number}"
        name = f"{name} ({number})" if name in names else name
        inside = setting.inside(f"input `{name}`", clause.at)
        part = typed(inside, clause.expression.head.type, compile_text(inside, clause.expression))
        names[name] = _allowed(inside, clause.allowed, part)
    return tuple(names), list(names.values())


def _allowed(setting: Setting, allowed: Text | None, part: Part) -> Part:
    """Return the part of an input that is null where it is not among the allowed values."""
    if allowed is None or not allowed.text.strip():
        return part
    test = compile_cell(setting, allowed, part.type)
    if test is None:
        return part

    def work(session: Session, values: Values) -> Value:
        value = part.work(session, values)
        passed, _ = test.within(session.run, {**values, "?": value})
        if passed is True or value is None:
            return value
        session.remark(setting.site, f"{kind_of(value)} is not among the allowed values")
        return None

    return Part(work, part.type, part.reads)


def _output(setting: Setting, place: int, clause: OutputClause) -> Output:
    inside = setting.inside(f"output `{clause.name or place}`", clause.at)
    default = None
    if clause.default is not None and clause.default.text.strip():
        default = typed(inside, clause.head.type, compile_text(inside, clause.default))
    kind = setting.shape(clause.head.type).type
    return Output(clause.name, kind, _order(clause.allowed), default)


def _order(allowed: Text | None) -> tuple[Value, ...]:
    """Return allowed values in their order, when they can be read as the items of a list."""
    if allowed is None:
        return ()
    found = compile_leniently(f"[{allowed.text}\n]", {})
    value = found.evaluate({}) if isinstance(found, Compiled) else None
    return tuple(value) if isinstance(value, list) else ()


def _check(setting: Setting, table: DecisionTable) -> None:
    """Note what a table may not be."""
    if not table.outputs:
        setting.fault("the table has no output", "Give it a column of answers.", table.at)
    if len(table.outputs) > 1 and table.aggregation is not Aggregation.LIST:
        message = f"`{table.aggregation.value}` cannot join rows of {len(table.outputs)} outputs"
        setting.fault(message, "Collect the rows as a list.", table.at)
    if table.hit_policy in RANKED and not any(one.allowed for one in table.outputs):
        message = f"the hit policy `{table.hit_policy.value}` needs values in an order of priority"
        setting.fault(message, "List the values of an output.", table.at)


def _fits(setting: Setting, table: DecisionTable, row: Row) -> bool:
    """Tell whether a row has a cell for each column, and note the fault when it has not."""
    wanted, found = (len(table.inputs), len(table.outputs)), (len(row.tests), len(row.results))
    if wanted != found:
        message = "a row of the table has not a cell for each column"
        setting.fault(message, "Give each column a cell.", row.at)
    return wanted == found


def _column(cells: Sequence[tuple[Text, Setting]], name: str, subject: Type) -> Column:
    here = f"input `{name}`"
    known: dict[str, Compiled] = {}
    found: list[tuple[Compiled | None, Site]] = []
    for cell, row in cells:
        compiled = known.get(cell.text) or compile_cell(row.inside(here, cell.at), cell, subject)
        found.append((compiled, row.site.inside(here, cell.at)))
        if compiled is not None:
            known[cell.text] = compiled
    return column(found)


def _results(setting: Setting, table: DecisionTable, row: Row) -> list[Part]:
    found: list[Part] = []
    for place, (clause, cell) in enumerate(zip(table.outputs, row.results, strict=True), 1):
        inside = setting.inside(f"output `{clause.name or place}`", cell.at)
        part = typed(inside, cell.head.type, compile_text(inside, cell))
        shape = setting.shape(clause.head.type) if clause.head.type else UNSHAPED
        found.append(shaped(inside.site, shape, part))
    return found


def _rows(results: Sequence[Sequence[Part]]) -> Rows:
    """Gather what the rows answer; plain answers that never change are kept as they are."""
    kept: list[Answers | tuple[Work, ...]] = []
    fixed: list[bool] = []
    for parts in results:
        values = [part.fixed[0] for part in parts if part.fixed is not None]
        fixed.append(len(values) == len(parts))
        kept.append(tuple(values) if fixed[-1] else tuple(part.work for part in parts))
    return Rows((1 << len(results)) - 1, tuple(kept), tuple(fixed))


def _answer_type(
    table: DecisionTable, outputs: Sequence[Output], results: Sequence[Sequence[Part]]
) -> Type:
    if table.hit_policy is HitPolicy.COLLECT and table.aggregation is Aggregation.COUNT:
        return NumberType()
    kinds = [
        _output_type(one, [row[place].type for row in results]) for place, one in enumerate(outputs)
    ]
    one: Type = AnyType()
    if len(outputs) == 1:
        one = kinds[0]
    elif outputs:
        one = ContextType({output.name: kind for output, kind in zip(outputs, kinds, strict=True)})
    whole = table.hit_policy in SEVERAL and table.aggregation is Aggregation.LIST
    return ListType(one) if whole else one


def _output_type(output: Output, cells: Sequence[Type]) -> Type:
    if not isinstance(output.type, AnyType) or not cells:
        return output.type
    found = cells[0]
    for kind in cells[1:]:
        found = join(found, kind)
    return found
