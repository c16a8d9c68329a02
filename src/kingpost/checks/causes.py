"""Causes and consequences: what is only the echo of another finding is not reported."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from kingpost.checks.references import unresolved
from kingpost.model.model import Model
from kingpost.model.workflow import RuleStep
from kingpost.values.diagnostic import Diagnostic, Severity

# What may follow from a name that is not declared, by what the name is of. The name is the cause
# and is reported; these are only its echo.
_ECHOES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        kind: frozenset(f"KP{number}" for number in numbers.split())
        for kind, numbers in {
            "role": "0301 0302 0308 0311 0312 0313 0515",
            "object": "0406 0407 0411 0601 0606 0613 1005 1006",
            "field": "0511 0517 0524 0601 0613 0805",
            "state": "0403 0404 0405 0407 0519 0520 0521 0601 0703 0704 0208 0210",
            "rule": "0607 0601",
            "workflow": "0201 0207 0301 0302 0312 0406 0407 0801 0802 0803 0513",
            "step": "0207 0301 0302 0312 0313 0407 0501 0502 0503 0703 0704 0801 0802 0803 0804",
            "branch": "0509",
            "outcome": "0312",
            "metric": "0204",
            "objective": "0202 0204",
            "framework": "0806",
            "obligation": "0801 0802 0803",
            "interface": "0513 0531",
            "choice": "0524",
            "post": "0306 0307 0807",
        }.items()
    }
)

# Of these, what concerns one object or its workflows at all: one broken move breaks many ways.
_WIDE = frozenset(
    {
        "KP0403", "KP0404", "KP0405", "KP0407", "KP0519", "KP0520", "KP0521", "KP0703", "KP0704",
        "KP0208", "KP0210",
    }
)  # fmt: skip

# Findings about the names themselves.
_NAMES = "KP01"

# Errors on which the proof of soundness would rest: it waits until they are mended.
_GROUND = frozenset(
    {
        "KP0401", "KP0403", "KP0404", "KP0501", "KP0502", "KP0503", "KP0504", "KP0505", "KP0506",
        "KP0507", "KP0508", "KP0511", "KP0517", "KP0519", "KP0521", "KP0525", "KP0601", "KP0602",
        "KP0604", "KP0606", "KP0608", "KP0208", "KP0701", "KP0702", "KP0703", "KP0704", "KP0705",
        "KP0805",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that is not declared. meant: what it was meant to be; None when it is like nothing."""

    kind: str
    name: str
    subject: str
    meant: str | None

    def explains(self, finding: Diagnostic, around: Collection[str]) -> bool:
        """Tell whether a finding, which may be an echo of such a name, is one of this.

        around: the element in which the name stands, and those that rest on it.
        """
        if finding.subject.startswith(self.subject):
            return True
        if finding.code in _WIDE and _element(finding.subject) in around:
            return True
        named = f"`{self.name}`" in finding.message or f"`{self.meant}`" in finding.message
        return named or self.meant in finding.subject.split("/")


def unknown_names(model: Model) -> Iterator[Unknown]:
    """Yield the names that are not declared."""
    for broken in unresolved(model):
        meant = broken.meant
        yield Unknown(broken.kind, broken.name, broken.where.subject, meant[1] if meant else None)


def causes(
    model: Model, findings: Iterable[Diagnostic], unknown: Iterable[Unknown]
) -> Iterator[Diagnostic]:
    """Yield the findings that are no echo of a name that is not declared, and each name once."""
    by_code: dict[str, list[tuple[Unknown, frozenset[str]]]] = {}
    for one in set(unknown):
        around = frozenset(_around(model, _element(one.subject)))
        for code in _ECHOES.get(one.kind, ()):
            by_code.setdefault(code, []).append((one, around))
    names: dict[tuple[str, str], list[Diagnostic]] = {}
    for finding in findings:
        if finding.code.startswith(_NAMES):
            names.setdefault((finding.code, finding.message), []).append(finding)
        elif not any(one.explains(finding, near) for one, near in by_code.get(finding.code, ())):
            yield finding
    for alike in names.values():
        yield _first(alike)


def _first(alike: list[Diagnostic]) -> Diagnostic:
    """Return the first finding about a name that several places use, with how many they are."""
    first = min(alike, key=Diagnostic.order)
    places = len({item.place or item.subject for item in alike})
    named = f", which {places} places name" if places > 1 else ""
    return replace(first, message=f"{first.message}{named}")


def _element(subject: str) -> str:
    return "/".join(subject.split("/")[:2])


def _around(model: Model, element: str) -> Iterator[str]:
    yield element
    kind, _, name = element.partition("/")
    if kind == "object":
        yield from (f"workflow/{one.id}" for one in model.workflows.values() if one.object == name)
    elif kind == "workflow" and name in model.workflows:
        yield f"object/{model.workflows[name].object}"


def doubtful(model: Model, findings: Iterable[Diagnostic]) -> set[str]:
    """Return the workflows about which something is broken that their proof would rest on."""
    touching = _touching(model)
    return {
        workflow
        for finding in findings
        if finding.severity is Severity.ERROR
        and (finding.code in _GROUND or finding.code.startswith("KP01"))
        for workflow in touching.get(_element(finding.subject), ())
    }


def _touching(model: Model) -> Mapping[str, set[str]]:
    """Return by the address of an element the workflows that rest on it."""
    found: dict[str, set[str]] = {}
    for workflow in model.workflows.values():
        elements = {f"workflow/{workflow.id}", f"object/{workflow.object}"}
        for step in workflow.all_steps():
            elements.update(f"obligation/{name}" for name in step.discharges)
            if isinstance(step, RuleStep):
                elements.add(f"rule/{step.rule}")
        for element in elements:
            found.setdefault(element, set()).add(workflow.id)
    for post in model.posts.values():
        found[f"post/{post.id}"] = {grant.workflow for grant in post.authority}
    for stream in model.streams.values():
        named = {name for stage in stream.stages for name in stage.workflows}
        found[f"value-stream/{stream.id}"] = named
    return found
