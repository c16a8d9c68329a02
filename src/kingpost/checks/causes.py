"""Causes and consequences: what is only the echo of another finding is not reported."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from kingpost.checks.references import CODES, unresolved
from kingpost.model.model import Model
from kingpost.model.workflow import RuleStep
from kingpost.values.diagnostic import Diagnostic, Severity

# What may follow from a name that is not declared, by what the name is of. The name is the cause
# and is reported; these are only its echo.
_ECHOES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        kind: frozenset(f"KP{number}" for number in numbers.split())
        for kind, numbers in {
            "role": "0301 0302 0308 0311 0312 0515",
            "object": "0406 0407 0411 0545 0601 0606 0613 1005 1006",
            "field": "0511 0517 0524 0557 0562 0601 0613 0805",
            "state": "0403 0404 0405 0407 0519 0520 0521 0601 0703 0704 0208 0210",
            "rule": "0607 0601 0805",
            "workflow": "0201 0207 0301 0302 0312 0406 0407 0801 0802 0803 0513 1012",
            "step": "0207 0301 0302 0312 0407 0501 0502 0503 0601 0703 0704 0801 0802 0803"
            " 0804 1012",
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
        "KP0208", "KP0210", "KP0805",
    }
)  # fmt: skip

# Findings that nothing names an element: an unknown name may have been its id before.
_UNUSED = frozenset(
    {
        "KP0201", "KP0202", "KP0301", "KP0302", "KP0312", "KP0406", "KP0501", "KP0513", "KP0607",
        "KP0801", "KP0803", "KP0806",
    }
)  # fmt: skip

# The same of parts that have no address of their own: their names stand in the message.
_UNUSED_PARTS = frozenset({"KP0312", "KP0407"})
_QUOTED = re.compile("`([^`]+)`")

# What follows from another finding about the same workflow, or about rules that it names.
_FOLLOWS: Mapping[str, str] = MappingProxyType({"KP0501": "KP0504", "KP0607": "KP0609"})

# Findings about the names themselves, and about names in expressions.
_NAMES = frozenset(CODES.values())
_MISNAMED = re.compile(
    r"`[^`]+` is (?:not known here|not a field of `[^`]+`|not one of the declared values)"
)

# What is found by looking over whole workflows and their staff: told once every name is known.
_FAR = frozenset({"KP0313", "KP0617"})

# How many of the places that name what is not declared are told.
_TOLD = 2

# Errors on which the proof of soundness would rest: it waits until they are mended.
_GROUND = frozenset(
    {
        "KP0401", "KP0403", "KP0404", "KP0412", "KP0501", "KP0502", "KP0503", "KP0504", "KP0505",
        "KP0506",
        "KP0507", "KP0508", "KP0511", "KP0517", "KP0519", "KP0521", "KP0525", "KP0601", "KP0602",
        "KP0604", "KP0606", "KP0608", "KP0616", "KP0618", "KP0208", "KP0701", "KP0702", "KP0703",
        "KP0704", "KP0705", "KP0805",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that is not declared.

    home:  where names of its kind are declared, such as `role/`.
    meant: the names that it may have been meant to be.
    """

    kind: str
    name: str
    subject: str
    message: str
    home: str
    meant: tuple[str, ...]

    def explains(self, finding: Diagnostic, around: Collection[str]) -> bool:
        """Tell whether a finding, which may be an echo of such a name, is one of this.

        around: the element in which the name stands, and those that rest on it.
        """
        if finding.subject.startswith(self.subject):
            return True
        if finding.code in _WIDE and _is_about(finding, around):
            return True
        if finding.subject == self.home:
            return True
        parts = finding.subject.split("/")
        if any(
            f'`"{name}"`' in finding.message or name in parts for name in (self.name, *self.meant)
        ):
            return True
        # A finding about two steps stands at one of them, and names the other.
        _, _, step = self.subject.partition("/step/")
        quoted = {part for words in _QUOTED.findall(finding.message) for part in words.split("/")}
        post = self.subject.removeprefix("post/")
        return not quoted.isdisjoint((self.name, *self.meant, step, post))


def unknown_names(model: Model) -> Iterator[Unknown]:
    """Yield the names that are not declared."""
    for broken in unresolved(model):
        meant = () if broken.meant is None else (broken.meant,)
        subject = broken.where.subject
        yield Unknown(broken.kind, broken.name, subject, broken.message, broken.home, meant)


def causes(
    model: Model, findings: Collection[Diagnostic], unknown: Iterable[Unknown]
) -> Iterator[Diagnostic]:
    """Yield the findings that are no echo of a name that is not declared, and each name once.

    unknown: is gone through only when something was found.
    """
    names = set(unknown) if findings else set[Unknown]()
    renamed = _renamed(findings, names)
    by_code: dict[str, list[tuple[Unknown, frozenset[str]]]] = {}
    for one in names:
        around = frozenset(_around(model, _element(one.subject)))
        new = renamed.get(one.message)
        wide = one if new is None else replace(one, meant=(*one.meant, new))
        for code in _ECHOES.get(one.kind, ()):
            by_code.setdefault(code, []).append((wide, around))
    told: dict[tuple[str, str, str], list[Diagnostic]] = {}
    first = [finding for finding in findings if finding.code in _FOLLOWS.values()]
    for finding in findings:
        if finding.code in _NAMES:
            told.setdefault((finding.code, finding.message, ""), []).append(finding)
        elif not (
            (finding.code in _FAR and names)
            or any(one.explains(finding, near) for one, near in by_code.get(finding.code, ()))
            or any(_follows(finding, cause) for cause in first)
        ):
            if _is_misnamed(finding):
                alike = (finding.code, finding.message, finding.help)
                told.setdefault(alike, []).append(finding)
            else:
                yield finding
    for (_, message, _), alike in told.items():
        yield _first(alike, renamed.get(message))


def _is_misnamed(finding: Diagnostic) -> bool:
    """Tell whether a finding is about a name that an expression has wrong."""
    return finding.code == "KP0601" and _MISNAMED.fullmatch(finding.message) is not None


def _follows(finding: Diagnostic, cause: Diagnostic) -> bool:
    if _FOLLOWS.get(finding.code) != cause.code:
        return False
    element = _element(finding.subject)
    name = element.rpartition("/")[2]
    return element == _element(cause.subject) or f"`{name}`" in cause.message


def _renamed(findings: Iterable[Diagnostic], unknown: Collection[Unknown]) -> Mapping[str, str]:
    """Return by its message what an unknown name may be called now.

    That can be told where one name alone is unknown, and one alone is named by nothing: another
    than the one in which the unknown name stands.
    """
    lost: dict[str, set[str]] = {}
    standing = {one.subject for one in unknown}
    for one in unknown:
        lost.setdefault(one.home, set()).add(one.message)
    if not lost:
        return {}
    unused: dict[str, set[str]] = {}
    for finding in findings:
        for home, name in _named_by_nothing(finding):
            if f"{home}{name}" not in standing:
                unused.setdefault(home, set()).add(name)
    return {
        message: name
        for home, messages in lost.items()
        if len(messages) == len(unused.get(home, ())) == 1
        for message, name in zip(messages, unused[home], strict=True)
    }


def _named_by_nothing(finding: Diagnostic) -> Iterator[tuple[str, str]]:
    """Yield where an element that nothing names is declared, and its name."""
    before, _, name = finding.subject.rpartition("/")
    if finding.code in _UNUSED:
        yield f"{before}/", name
    if finding.code in _UNUSED_PARTS:
        parts: list[str] = _QUOTED.findall(finding.message)
        yield from ((finding.subject, part) for part in parts if part != name)


def _first(alike: list[Diagnostic], renamed: str | None) -> Diagnostic:
    """Return the first finding about a name that several places use, with where the others are.

    renamed: what the name may be called now.
    """
    alike = sorted(alike, key=Diagnostic.order)
    first = alike[0]
    places = list(dict.fromkeys(str(item.place or item.subject) for item in alike))
    others = [*places[1 : _TOLD + 1]]
    if len(places) > _TOLD + 1:
        others.append(f"{len(places) - _TOLD - 1} more")
    message = first.message
    if others:
        where = f"{', '.join(['this one', *others[:-1]])} and {others[-1]}"
        said = (
            f" and stands in {len(places)} places"
            if _is_misnamed(first)
            else f", which {len(places)} places name"
        )
        message = f"{message}{said}: {where}"
    return replace(first, message=message, help=_advice(first.help, renamed))


def _advice(advice: str, renamed: str | None) -> str:
    """Return the advice about a name that may be called otherwise now."""
    if renamed is None or f"`{renamed}`" in advice:
        return advice
    if advice.startswith("Write "):
        return f"{advice.removesuffix('.')}, or `{renamed}`, which nothing names yet."
    declare = advice.partition(",")[0].replace("Declare", "declare", 1)
    return f"Write `{renamed}`, which nothing names yet, or {declare}."


def _element(subject: str) -> str:
    return "/".join(subject.split("/")[:2])


def _is_about(finding: Diagnostic, elements: Collection[str]) -> bool:
    """Tell whether a finding stands at one of some elements, or names it."""
    named = (f"{kind} `{name}`" for kind, _, name in (each.partition("/") for each in elements))
    return _element(finding.subject) in elements or any(each in finding.message for each in named)


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
                rule = model.rules.get(step.rule)
                answering = (step.rule, *(rule.answers if rule is not None else ()))
                elements.update(f"rule/{name}" for name in answering)
        for element in elements:
            found.setdefault(element, set()).add(workflow.id)
    for post in model.posts.values():
        found[f"post/{post.id}"] = {grant.workflow for grant in post.authority}
    for stream in model.streams.values():
        named = {name for stage in stream.stages for name in stage.workflows}
        found[f"value-stream/{stream.id}"] = named
    return found
