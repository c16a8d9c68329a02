"""How a message is tested: a small text, and below it the words that it earns.

A file of cases reads so. The text stands beside a file that holds the company.

    === the name of the case
    the text, on any number of lines
    > CODE line:column subject
    >   the message
    >   the help, when there is any
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kingpost.notation import read_model
from kingpost.notation.codes import Code
from kingpost.values.diagnostic import Diagnostic

FOLDER = Path(__file__).with_name("cases")
COMPANY = "kingpost: 1\ncompany: Meridian\ntimezone: Europe/Lisbon\n"


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    text: str
    words: str


def cases(file: str) -> Iterator[Case]:
    """Yield the cases of a file."""
    for part in (FOLDER / file).read_text().split("=== ")[1:]:
        name, _, rest = part.partition("\n")
        lines = rest.rstrip().splitlines()
        text = "\n".join(line for line in lines if not line.startswith(">"))
        yield Case(name, text + "\n", "\n".join(line for line in lines if line.startswith(">")))


def told(finding: Diagnostic) -> str:
    """Return a finding as a file of cases writes it."""
    place = finding.place
    where = f"{place.line}:{place.column}" if place else "-"
    head = f"> {finding.code} {where} {finding.subject}\n>   {finding.message}"
    return f"{head}\n>   {finding.help}" if finding.help else head


def words_of(text: str) -> str:
    """Return what is said of a text that stands beside the company."""
    reading = read_model({"company.yaml": COMPANY, "text.yaml": text})
    faults = [finding for finding in reading.diagnostics if finding.code != Code.NOT_YET]
    assert (reading.model is None) == bool(faults)
    return "\n".join(told(finding) for finding in reading.diagnostics)
