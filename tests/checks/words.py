"""How a finding is tested: a sound model with one edit, beside the words that it earns."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from kingpost.checks import check
from kingpost.model.model import Model
from kingpost.notation import read_model
from kingpost.values.diagnostic import Diagnostic

SOUND = Path(__file__).with_name("sound.yaml").read_text()

# Every text that a test has read, for the pages that explain findings by examples of the tests.
TEXTS: dict[str, None] = {}

# A line that ends so is one at which the check must point; without any, each edited line is.
HERE = "# !"


def read(text: str) -> Model:
    """Return the model of a text that reads."""
    TEXTS[text] = None
    reading = read_model({"kingpost.yaml": text})
    assert reading.model is not None, reading.diagnostics
    return reading.model


def edited(edits: Mapping[str, str]) -> str:
    """Return the sound model with some of its text, each found once, replaced."""
    text = SOUND
    for old, new in edits.items():
        assert text.count(old) == 1, f"{text.count(old)} times: {old}"
        text = text.replace(old, new)
    return text


def said(findings: Iterable[Diagnostic]) -> list[str]:
    """Return the words of findings: `CODE message | help`, warnings with a `?`."""
    return [
        f"{item.code}{'' if item.severity == 'error' else '?'} {item.message} | {item.help}"
        for item in findings
    ]


def assert_says(edits: Mapping[str, str], *expected: str) -> None:
    """Assert that the sound model, edited, earns these words and no others, at the right lines."""
    text = edited(edits)
    findings = check(read(text))
    lines = text.splitlines()
    before = set(SOUND.splitlines())
    meant = [line for line in lines if line.endswith(HERE)] or [
        line for line in lines if line not in before
    ]

    assert said(findings) == list(expected), "\n".join(said(findings))
    for finding in findings:
        assert finding.place is not None, finding
        assert lines[finding.place.line - 1] in meant, finding
