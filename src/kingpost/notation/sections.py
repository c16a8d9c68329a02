"""The sections of one file."""

from collections.abc import Mapping

from kingpost.notation.codes import Code
from kingpost.notation.findings import Findings
from kingpost.notation.syntax.parse import parse
from kingpost.notation.syntax.tree import Mapped, Node, Scalar, found
from kingpost.values.diagnostic import Diagnostic, Place

# The sections that hold elements by id, which may be spread over files.
KINDS: Mapping[str, str] = {
    "calendars": "calendar",
    "objectives": "objective",
    "value-streams": "value-stream",
    "metrics": "metric",
    "units": "unit",
    "roles": "role",
    "posts": "post",
    "objects": "object",
    "rules": "rule",
    "interfaces": "interface",
    "workflows": "workflow",
    "frameworks": "framework",
    "obligations": "obligation",
    "scenarios": "scenario",
}


def root_of(file: str, text: str, findings: Findings) -> Mapped | None:
    """Return the sections of a file, or None when it has none; why is reported."""
    before = findings.count
    node = parse(file, text, findings)
    if isinstance(node, Mapped):
        return node
    if findings.count == before:
        _report_no_sections(file, node, findings)
    return None


def _report_no_sections(file: str, node: Node | None, findings: Findings) -> None:
    place = Place(file, 1, 1) if node is None else node.place
    if node is None or (isinstance(node, Scalar) and node.empty):
        code, message = Code.EMPTY_FILE, "the file says nothing, expected sections such as `posts`"
        help_text = "Write a section, or remove the file."
    else:
        code = Code.OTHER_KIND
        message = f"the file is {found(node)}, expected sections such as `posts`"
        help_text = "Begin with a section, such as `posts:`."
    findings.report(Diagnostic(code, file, message, help_text, place))
