"""Compiling: from logic as a value to logic that can be evaluated many times."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from kingpost.expressions import Scope, Type, Value
from kingpost.expressions.value import Run
from kingpost.rules.boxes import (
    build_conditional,
    build_context,
    build_filter,
    build_function,
    build_invocation,
    build_iteration,
    build_list,
    build_relation,
)
from kingpost.rules.logic import (
    BoxedContext,
    BoxedList,
    Conditional,
    DecisionTable,
    Filter,
    FunctionDefinition,
    Invocation,
    Iteration,
    Logic,
    Relation,
    Text,
)
from kingpost.rules.parts import Part, Setting, compile_text, typed
from kingpost.rules.session import Hits, Outcome, Remark, Session, Site, Values, Work, evaluated
from kingpost.rules.shapes import Shape, Shapes
from kingpost.rules.tables import Found, TableWork, compile_table


@dataclass(frozen=True, slots=True)
class Ruling:
    """Logic that was read, typed and made executable.

    type: what it yields, as far as can be told before; any value may be null.
    """

    type: Type
    _part: Part = field(repr=False, compare=False)
    _site: Site = field(repr=False)

    def evaluate(self, values: Mapping[str, Value]) -> Value:
        """Return the value; what has no value is null."""
        return evaluated(self._part.work, Session(), dict(values), self._site)

    def within(self, run: Run, values: Mapping[str, Value]) -> Value:
        """Return the value, paid for by another run, which takes the warnings."""
        return _paid(self._part.work, run, values)

    def explain(self, values: Mapping[str, Value]) -> Outcome:
        """Return the value, every error that became null with its place, and how it was found."""
        session = Session(explaining=True)
        value = evaluated(self._part.work, session, dict(values), self._site)
        return Outcome(value, tuple(session.remarks), tuple(session.steps or ()))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a table answered. hits: how it came to it. remarks: what became null on the way."""

    value: Value
    hits: Hits
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class TableRuling:
    """A decision table that was read, typed and made executable."""

    type: Type
    _work: TableWork = field(repr=False, compare=False)

    def evaluate(self, values: Mapping[str, Value]) -> Value:
        """Return the value; what has no value is null."""
        return evaluated(self._work.work, Session(), dict(values), self._work.site)

    def within(self, run: Run, values: Mapping[str, Value]) -> Value:
        """Return the value, paid for by another run, which takes the warnings."""
        return _paid(self._work.work, run, values)

    def answer(self, values: Mapping[str, Value]) -> Answer:
        """Return the value with the rows that were tried, that matched and that fired."""
        session, work = Session(), self._work
        found: list[Found] = []

        def find(session: Session, values: Values) -> Value:
            found.append(work.find(session, values))
            return found[0][0]

        value = evaluated(find, session, dict(values), work.site)
        hits = work.hits(*found[0][1:]) if found else Hits({}, 0, (), ())
        return Answer(value, hits, tuple(session.remarks))


def _paid(work: Work, run: Run, values: Mapping[str, Value]) -> Value:
    session = Session()
    session.run = run
    try:
        return work(session, dict(values))
    finally:
        for remark in session.remarks:
            run.warn(0, 0, f"{remark.site.name}: {remark.message}")


def compile_logic(
    logic: Logic, scope: Scope, shapes: Mapping[str, Shape] | None = None, *, site: str = ""
) -> Ruling | tuple[Remark, ...]:
    """Compile logic strictly, or return everything that is wrong with it.

    shapes: the declared types, by name. site: how remarks call it.
    """
    setting = Setting(scope, shapes or {}, strict=True, site=Site(site, logic.at))
    part = build(setting, logic)
    return tuple(setting.faults) or Ruling(part.type, part, setting.site)


def compile_decision_table(
    table: DecisionTable, scope: Scope, shapes: Shapes | None = None, *, site: str = ""
) -> TableRuling | tuple[Remark, ...]:
    """Compile a table strictly, or return everything that is wrong with it."""
    setting = Setting(scope, shapes or {}, strict=True, site=Site(site, table.at))
    work = compile_table(setting, table)
    return tuple(setting.faults) or TableRuling(work.type, work)


def build(setting: Setting, logic: Logic) -> Part:
    """Build any logic; its faults are noted in the setting."""
    return typed(setting, logic.head.type, _BUILDERS[type(logic)](setting, logic))


def _table(setting: Setting, table: DecisionTable) -> Part:
    work = compile_table(setting, table)
    return Part(work.work, work.type)


_BUILDERS: Mapping[type, Callable[..., Part]] = {
    Text: compile_text,
    DecisionTable: _table,
    BoxedContext: partial(build_context, build=build),
    BoxedList: partial(build_list, build=build),
    Relation: partial(build_relation, build=build),
    Invocation: partial(build_invocation, build=build),
    FunctionDefinition: partial(build_function, build=build),
    Conditional: partial(build_conditional, build=build),
    Filter: partial(build_filter, build=build),
    Iteration: partial(build_iteration, build=build),
}
