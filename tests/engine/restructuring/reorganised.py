"""The test's company as it is reorganised, and what it must be afterwards."""

from uuid import UUID

from kingpost.audit.auditing import audit
from kingpost.engine.change import change_model
from kingpost.engine.verify import verify
from kingpost.model.assurance import CarryOver
from kingpost.queries.worklist import read_worklist
from kingpost.queries.worklists.asking import Wanted
from tests.engine.office import TEXT, Office, read

_DESK = "  desk: {title: Claims desk, unit: claims, reports-to: lead, roles: [clerk], seats: 40"
_CHECK = "  check:\n    title: Fraud checker\n"


def named(text: str, old: str, new: str) -> str:
    """Return a text in which a post is called otherwise wherever it is named."""
    for before, after in (
        ("{post: %s}", "{post: %s}"),
        ("  %s:\n", "  %s:\n"),
        ("  %s: {", "  %s: {"),
    ):
        text = text.replace(before % old, after % new)
    return text


# The desk is called otherwise.
RENAMED = named(TEXT, "desk", "counter").replace(
    "  counter: {title: Claims desk,", "  counter: {title: Counter, was: desk,"
)
# Desk and check are one.
_ONE = (
    "  intake: {title: Intake, was: [desk, check], unit: claims, reports-to: lead, "
    "roles: [clerk, checker], seats: 5, vacancy: {falls-to: superior}, "
    "authority: [{decide: claim/suspect, outcomes: [clear, again]}]}\n"
)


def _without_both(text: str) -> str:
    lines, skip = list[str](), False
    for line in text.splitlines(keepends=True):
        if line.startswith("  check:"):
            skip = True
        elif skip and not line.startswith("    "):
            skip = False
        if not skip and not line.startswith("  desk:"):
            lines.append(line)
    return "".join(lines)


def _with(text: str, *posts: str) -> str:
    return text.replace("interfaces:\n  bank:", "".join(posts) + "interfaces:\n  bank:", 1)


MERGED = (
    _with(_without_both(TEXT), _ONE)
    .replace("{post: desk}", "{post: intake}")
    .replace("{post: check}", "{post: intake}")
)
# Nobody looks for fraud by trade any more: the lead does.
ABOLISHED = (
    _with(
        _without_both(TEXT),
        "  desk: {title: Claims desk, unit: claims, reports-to: lead, roles: [clerk], seats: 40, "
        "vacancy: {falls-to: superior}}\n",
    )
    .replace("{post: check}", "{post: lead}")
    .replace(
        "    title: Team lead\n    unit: claims\n    reports-to: head\n    roles: [approver]\n",
        "    title: Team lead\n    takes-over: [check]\n    unit: claims\n    reports-to: head\n"
        "    roles: [approver, checker]\n",
    )
    .replace(
        'when: "claim.amount <= 500"}\n',
        'when: "claim.amount <= 500"}\n      - {decide: claim/suspect, outcomes: [clear, again]}\n',
    )
)
UNSAID = ABOLISHED.replace("    takes-over: [check]\n", "")
# The intake of before is two posts again, with one that keeps its people.
SPLIT = TEXT.replace(
    "  desk: {title: Claims desk,", "  desk: {title: Claims desk, was: intake,"
).replace(_CHECK, _CHECK + "    split-from: intake\n")


def load(office: Office, text: str, policy: CarryOver = CarryOver.STAY) -> None:
    """Let a version take effect; live cases stay where they are."""
    change_model(office.company, read(text), person="hedy", carry_over=policy)


def sound(office: Office) -> None:
    """Both who verify find nothing."""
    assert [str(fault) for fault in verify(office.company).faults] == []
    found = [str(finding) for finding in audit(office.company.database)]
    assert found == [], found


def in_the_worklist(office: Office, person: str) -> set[tuple[UUID, str]]:
    """Return what stands in somebody's worklist, as case and step."""
    found = read_worklist(
        office.company.database, office.company.active(), person, Wanted(), size=100
    )
    return {(item.case, item.step) for item in found.page.rows}


def sees(office: Office, person: str, case: UUID) -> set[str]:
    """Return the steps of a case that stand in somebody's worklist."""
    return {step for about, step in in_the_worklist(office, person) if about == case}
