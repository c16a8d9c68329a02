"""What came of scenarios as documents: JSON, and the XML that build servers read."""

from collections.abc import Iterable, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from kingpost.scenarios import Covered, Result, Share
from kingpost.values.diagnostic import Place


def as_json(
    results: Sequence[Result],
    rule_tests: int,
    shares: Iterable[Share],
    covered: Iterable[Covered],
) -> dict[str, Any]:
    """Return everything as it is printed with `--json`."""
    failed = sum(not result.passed for result in results)
    return {
        "passed": len(results) - failed,
        "failed": failed,
        "rule-tests": rule_tests,
        "scenarios": [_result(result) for result in results],
        "coverage": [
            {
                "part": share.owner,
                "kind": share.kind,
                "covered": share.covered,
                "of": share.of,
            }
            for share in shares
        ],
        "parts": [
            {
                "kind": part.kind,
                "address": part.address,
                "title": part.title,
                "by": list(part.by),
            }
            for part in covered
        ],
    }


def as_junit(company: str, results: Sequence[Result], seconds: float) -> str:
    """Return the results in the form that build servers read.

    Source: the XML of JUnit, as Jenkins and GitLab document it.
    """
    suite = ET.Element(
        "testsuite",
        name=company,
        tests=str(len(results)),
        failures=str(sum(not result.passed for result in results)),
        time=f"{seconds:.3f}",
    )
    for result in results:
        case = ET.SubElement(suite, "testcase", classname="scenario", name=result.scenario.id)
        if result.place is not None:
            case.set("file", result.place.file)
            case.set("line", str(result.place.line))
        if not result.passed:
            first = result.failures[0]
            message = f"expected {first.expected}; instead {first.instead}"
            ET.SubElement(case, "failure", message=message).text = _story(result)
    ET.indent(suite)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suite, encoding="unicode")}\n'


def _result(result: Result) -> dict[str, Any]:
    return {
        "scenario": result.scenario.id,
        "title": result.scenario.title,
        "workflow": result.workflow,
        "passed": result.passed,
        **_place(result.place),
        "story": [
            {
                "at": line.at.isoformat(),
                "what": line.what,
                "outcome": line.outcome,
                "refused": line.refused,
            }
            for line in result.story
        ],
        "failures": [
            {
                **_place(failure.place),
                "expected": failure.expected,
                "instead": failure.instead,
                "because": failure.why,
            }
            for failure in result.failures
        ],
    }


def _place(place: Place | None) -> dict[str, Any]:
    return {
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }


def _story(result: Result) -> str:
    told = [f"{line.at:%Y-%m-%d %H:%M} {line.what} → {line.outcome}" for line in result.story]
    otherwise = [
        f"{failure.place}: expected {failure.expected}; instead {failure.instead}"
        for failure in result.failures
    ]
    return "\n".join((*told, *otherwise))
