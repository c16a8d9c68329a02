"""Check a model again after a change: only what the change can have touched.

A check that looks at one element after the other is *local*. It is run for one element at a time,
on a model that notes what the check looked up besides; it is run again only when the element or
something of that has changed. So is the proof of each workflow. The others are run in full.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeAlias, TypeVar

from kingpost.checks.causes import Unknown, causes, doubtful, unknown_names
from kingpost.checks.check import CHECKS, LOCAL
from kingpost.checks.conditions import Scopes, check_conditions
from kingpost.checks.rechecking.seeing import Read, Seen, Window, changes, kept, loose, sections
from kingpost.checks.references import check_references
from kingpost.checks.soundness.authority import Authority, read_authority
from kingpost.checks.soundness.findings import check_workflow
from kingpost.checks.soundness.plan import Stages, read_stages
from kingpost.expressions import Scope
from kingpost.model.model import Model
from kingpost.model.ruling.needs import closure, needs_of
from kingpost.model.workflow import RuleStep
from kingpost.values.diagnostic import Diagnostic

Unit: TypeAlias = tuple[str, str]
T = TypeVar("T")
Look: TypeAlias = Callable[[Unit], tuple[T, set[Read]]]
# What a local check finds outside of all elements, such as in the list of governance.
_REST: Unit = ("", "")


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found about one element, and its names that are not declared."""

    diagnostics: tuple[Diagnostic, ...]
    unknown: tuple[Unknown, ...]


@dataclass(slots=True)
class _Remembered(Generic[T]):
    """A result for each unit, and who looked up what to come to it."""

    results: dict[Unit, T] = field(default_factory=dict[Unit, T])
    readers: dict[Read, set[Unit]] = field(default_factory=dict[Read, set[Unit]])

    def renew(self, units: set[Unit], changed: set[Read], look: Look[T]) -> None:
        """Look again where something has changed, and at what is new; forget what is gone."""
        touched = {unit for read in changed for unit in self.readers.get(read, ())}
        touched |= {unit for unit in units if unit in changed or unit not in self.results}
        for gone in self.results.keys() - units:
            del self.results[gone]
        for unit in touched & units:
            self.results[unit], reads = look(unit)
            for read in reads:
                self.readers.setdefault(read, set()).add(unit)


@dataclass(frozen=True, slots=True)
class _Basis:
    """What is looked up in a whole model, for the checks of one element and the proofs.

    called: the functions that conditions may call. needs: for each rule those that it names.
    """

    authority: Authority
    stages: Stages
    called: Scope
    needs: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, model: Model) -> "_Basis":
        """Look it up."""
        called = Scopes(model).functions()
        return cls(read_authority(model), read_stages(model), called, needs_of(model))

    def windows(self, seen: Seen) -> "_Basis":
        """Return the same, such that what is looked up is noted."""
        carriers = Window("carriers", self.authority.carriers, seen.reads)
        granted = Window("granted", self.authority.granted, seen.reads)
        stages = Window("stages", self.stages, seen.reads)
        return replace(self, authority=Authority(seen.model, carriers, granted), stages=stages)

    def changes(self, after: "_Basis") -> Iterator[Read]:
        """Yield everything that reads otherwise than before."""
        yield from _differing("carriers", self.authority.carriers, after.authority.carriers)
        yield from _differing("granted", self.authority.granted, after.authority.granted)
        yield from _differing("stages", self.stages, after.stages)


def _differing(name: str, old: Mapping[T, object], new: Mapping[T, object]) -> Iterator[Read]:
    for key in old.keys() | new.keys():
        if old.get(key) != new.get(key):
            yield name, key


@dataclass(slots=True)
class Rechecking:
    """The check of a model that changes. INVARIANT: it finds the same as `check` does."""

    model: Model | None = None
    _basis: _Basis | None = None
    _found: _Remembered[_Found] = field(default_factory=_Remembered[_Found])
    _proofs: _Remembered[tuple[Diagnostic, ...]] = field(
        default_factory=_Remembered[tuple[Diagnostic, ...]]
    )

    def check(self, model: Model) -> tuple[Diagnostic, ...]:
        """Return everything that is unsound in a model, in the order of its text.

        Afterwards `model` is that model, with the very elements of before where they are the same.
        """
        changed, basis = self._take(model)
        model = self.model or model
        seen = Seen.of(model)
        units = {(name, key) for name, section in sections(model).items() for key in section}
        self._found.renew(units | {_REST}, changed, _Looking(seen, basis).look)
        findings = [item for one in CHECKS if one not in LOCAL for item in one(model)]
        findings += [item for each in self._found.results.values() for item in each.diagnostics]
        findings += self._proven(seen, basis, changed, doubtful(model, findings))
        unknown = {name for each in self._found.results.values() for name in each.unknown}
        return tuple(sorted(set(causes(model, findings, unknown)), key=Diagnostic.order))

    def _take(self, model: Model) -> tuple[set[Read], _Basis]:
        """Take the next model; return what has changed since the last, and what to look up."""
        before, old = self.model, self._basis
        new = self._basis = _Basis.of(model)
        if (
            before is None
            or old is None
            or old.called != new.called
            or loose(before) != loose(model)
        ):
            self.model, self._found, self._proofs = model, _Remembered(), _Remembered()
            return set(), new
        self.model = kept(before, model)
        return {*changes(before, self.model), *old.changes(new)}, new

    def _proven(
        self, seen: Seen, basis: _Basis, changed: set[Read], left_out: set[str]
    ) -> Iterator[Diagnostic]:
        noted = basis.windows(seen)
        workflows = seen.windows["workflows"].whole

        def look(unit: Unit) -> tuple[tuple[Diagnostic, ...], set[Read]]:
            seen.show("", "", (), ())
            workflow = workflows[unit[1]]
            scopes = Scopes(seen.model, basis.called)
            found = check_workflow(seen.model, workflow, noted.authority, noted.stages, scopes)
            return tuple(found), set(seen.reads)

        proven = {("workflows", name) for name in workflows if name not in left_out}
        self._proofs.renew(proven, changed, look)
        for found in self._proofs.results.values():
            yield from found


@dataclass(frozen=True, slots=True)
class _Looking:
    """Runs the local checks."""

    seen: Seen
    basis: _Basis

    def look(self, unit: Unit) -> tuple[_Found, set[Read]]:
        """Run every local check that visits an element; return what it found and looked up."""
        section, name = unit
        model = self.seen.model if unit == _REST else self.seen.elements
        reads: set[Read] = set()
        diagnostics: list[Diagnostic] = []
        unknown: list[Unknown] = []
        for one, visited in LOCAL.items():
            if section in visited or unit == _REST:
                self.seen.show(section, name, visited, self._rules(section, name))
                diagnostics.extend(
                    check_conditions(model, Scopes(model, self.basis.called))
                    if one is check_conditions
                    else one(model)
                )
                if one is check_references:
                    unknown.extend(unknown_names(model))
                reads |= self.seen.reads
        return _Found(tuple(diagnostics), tuple(unknown)), reads

    def _rules(self, section: str, name: str) -> set[str]:
        """Return the rules that are an element, or that it evaluates, with all that they need."""
        named: set[str] = {name} if section == "rules" else set()
        if section == "workflows":
            workflow = self.seen.windows[section].whole[name]
            named = {step.rule for step in workflow.all_steps() if isinstance(step, RuleStep)}
        known = named & self.basis.needs.keys()
        return known.union(*(closure(self.basis.needs, each) for each in known))
