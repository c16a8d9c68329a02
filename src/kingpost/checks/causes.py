"""Causes and consequences: what is only the echo of another finding is not reported."""

from collections.abc import Iterable, Iterator, Mapping

from kingpost.checks.references import unresolved
from kingpost.model.model import Model
from kingpost.model.workflow import RuleStep
from kingpost.values.diagnostic import Diagnostic, Severity

# Findings that something is missing. When a misspelt name was meant for that thing, the name is
# the cause and is reported; these are only its echo.
_ECHOES = frozenset(
    {
        "KP0201", "KP0202", "KP0204", "KP0301", "KP0302", "KP0312", "KP0406", "KP0407", "KP0501",
        "KP0513", "KP0607", "KP0801", "KP0803", "KP0806",
    }
)  # fmt: skip


# Errors on which the proof of soundness would rest: it waits until they are mended.
_GROUND = frozenset(
    {
        "KP0401", "KP0403", "KP0404", "KP0501", "KP0502", "KP0503", "KP0504", "KP0505", "KP0506",
        "KP0507", "KP0508", "KP0511", "KP0517", "KP0519", "KP0521", "KP0525", "KP0601", "KP0602",
        "KP0604", "KP0606", "KP0608", "KP0208", "KP0701", "KP0702", "KP0703", "KP0704", "KP0705",
        "KP0805",
    }
)  # fmt: skip


def causes(findings: Iterable[Diagnostic], meant: set[tuple[str, str]]) -> Iterator[Diagnostic]:
    """Yield the findings that are no echo of a name that is written wrongly."""
    return (finding for finding in findings if not _is_echo(finding, meant))


def meant_names(model: Model) -> Iterator[tuple[str, str]]:
    """Yield what misspelt names were meant for: the address, and the name."""
    for broken in unresolved(model):
        if broken.meant is not None:
            yield broken.meant


def _is_echo(finding: Diagnostic, meant: Iterable[tuple[str, str]]) -> bool:
    return finding.code in _ECHOES and any(
        finding.subject == subject and f"`{name}`" in finding.message for subject, name in meant
    )


def doubtful(model: Model, findings: Iterable[Diagnostic]) -> set[str]:
    """Return the workflows about which something is broken that their proof would rest on."""
    touching = _touching(model)
    return {
        workflow
        for finding in findings
        if finding.severity is Severity.ERROR
        and (finding.code in _GROUND or finding.code.startswith("KP01"))
        for workflow in touching.get("/".join(finding.subject.split("/")[:2]), ())
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
