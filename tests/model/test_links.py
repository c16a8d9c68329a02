"""The index of links: every reference of the language, both ways, and the lines up and down."""

import dataclasses
from collections.abc import Iterator

import pytest

from kingpost.model.parts.classes import (
    kinds_in,
    model_classes,
    naming_property,
    noun_of,
    properties_of,
)
from kingpost.model.parts.links import Line, Links, links_of
from kingpost.model.parts.references import REFERENCES, reader_of
from kingpost.model.workflow import Step, Task
from tests.checks.words import SOUND, edited, read

JUDGE = "workflow/claim/step/judge"
EXAMINE = "workflow/claim/step/examine"


def links(**edits: str) -> Links:
    return links_of(read(SOUND if not edits else edited(edits)))


def said(found: Links, part: str) -> list[str]:
    return [f"{link.relation.says} {link.target}" for link in found.of(part)]


def heard(found: Links, part: str) -> list[str]:
    return [f"{link.relation.heard} {link.source}" for link in found.to(part)]


def told(lines: tuple[Line, ...], depth: int = 0) -> Iterator[str]:
    for line in lines:
        yield f"{'.' * depth}{line.words} {line.address}{' …' if line.seen else ''}"
        yield from told(line.after, depth + 1)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("objective/content", ["is answered for by post/head"]),
        ("objective/content/measure/fast", ["is measured by metric/in-time"]),
        ("value-stream/claims", ["serves objective/content", "promises metric/in-time"]),
        (
            "value-stream/claims/stage/settle",
            [
                "is part of value-stream/claims",
                "runs workflow/claim",
                "reads object/claim/state/paid",
                "reads object/claim/state/denied",
            ],
        ),
        (
            "workflow/claim",
            [
                "works on object/claim",
                "is answered for by post/head",
                "asks at its start for object/claim/field/claimant",
                "is begun by role/clerk",
            ],
        ),
        (
            EXAMINE,
            [
                "is part of workflow/claim",
                "sets the state object/claim/state/open",
                "is due by object/claim/field/kind",
                "goes on to workflow/claim/step/judge",
                "reads object/claim/field/urgent",
                "is done by role/clerk",
                "is addressed to post/counter",
                "is addressed to object/claim/field/handler",
                "records object/claim/field/receipt",
                "requires object/claim/field/receipt",
            ],
        ),
        (
            JUDGE,
            [
                "proves obligation/fair-answer",
                "shows object/claim/field/amount",
                "is separate from workflow/claim/step/examine",
            ],
        ),
        ("workflow/claim/step/judge/outcome/deny", ["goes on to workflow/claim/step/denied"]),
        (
            "workflow/claim/step/call",
            ["is part of workflow/claim", "runs in workflow/claim/step/both/branch/phone"],
        ),
        (
            "workflow/claim/step/pay/message/was-paid",
            ["may be delivered by interface/bank", "may be delivered by role/clerk"],
        ),
        ("workflow/claim/step/sort", ["evaluates rule/band"]),
        (
            "workflow/claim/exception/papers-missing",
            [
                "may be raised by role/clerk",
                "may happen in workflow/claim/step/examine",
                "sets the state object/claim/state/held",
            ],
        ),
        ("object/claim", ["is kept by post/head"]),
        ("object/claim/state/open", ["reads object/claim/field/claimant"]),
        ("object/claim/state/held", ["may become object/claim/state/open"]),
        ("rule/band", ["reads object/claim"]),
        ("rule/band/input/amount", ["reads object/claim/field/amount"]),
        ("rule/band/output/band", ["answers object/claim/field/band"]),
        ("unit/desk", ["works the hours of calendar/office", "is kept by post/head"]),
        ("role/judge", ["may not be carried with role/auditor"]),
        (
            "post/head",
            [
                "sits in unit/desk",
                "carries role/judge",
                "may decide workflow/claim/step/judge",
                "may take workflow/claim/step/judge/outcome/grant",
                "reads object/claim/field/amount",
            ],
        ),
        ("post/control", ["reports to post/head", "falls, when vacant, to post/head"]),
        ("metric/in-time", ["looks at workflow/claim/step/judge"]),
        (
            "obligation/fair-answer",
            [
                "comes from framework/law",
                "is answered for by post/head",
                "is proven in workflow/claim/step/judge",
                "demands object/claim/field/receipt",
            ],
        ),
        ("governance/1", ["is kept by post/head"]),
    ],
)
def test_a_part_knows_what_it_names(part: str, expected: list[str]) -> None:
    assert [words for words in expected if words not in said(links(), part)] == []


@pytest.mark.parametrize(
    ("edit", "part", "expected"),
    [
        (("reports-to: head, roles: [auditor]", "roles: [auditor]"), "post/control", "sits in"),
        (
            ('when: "claim.urgent = true"', 'when: "entered.sort > 1"'),
            EXAMINE,
            "counts the visits of workflow/claim/step/sort",
        ),
        (
            ('when: "claim.urgent = true"', 'when: "changed.receipt > 1"'),
            EXAMINE,
            "reads object/claim/field/receipt",
        ),
        (
            ('when: "claim.urgent = true"', "when: 'claim.handler = \"counter\"'"),
            EXAMINE,
            "reads post/counter",
        ),
        (("join: all", "join: [phone]"), "workflow/claim/step/both", "branch/phone"),
        (
            ("share-of: workflow/claim/step/judge, that: within-due", "median-of: workflow/claim"),
            "metric/in-time",
            "looks at workflow/claim",
        ),
        (
            (
                "share-of: workflow/claim/step/judge, that: within-due",
                "median-of: workflow/claim/state/held",
            ),
            "metric/in-time",
            "looks at object/claim/state/held",
        ),
        (
            ("{title: Receipt, type: text}", "{title: Receipt, type: reference, of: claim}"),
            "object/claim/field/receipt",
            "refers to object/claim",
        ),
        (
            (
                "urgent:   {title: Urgent, type: yes/no}",
                "urgent: {type: group, fields: {there: {type: text}}}",
            ),
            "object/claim/field/urgent.there",
            "is part of object/claim",
        ),
        (('amount > 100"', 'amount-1 > 100"'), "post/head", "reads object/claim/field/amount"),
    ],
)
def test_what_an_edit_names_is_known(edit: tuple[str, str], part: str, expected: str) -> None:
    found = links_of(read(edited(dict((edit,)))))

    assert any(expected in words for words in said(found, part))


def test_a_part_knows_what_names_it() -> None:
    assert heard(links(), "role/clerk") == [
        "begins workflow/claim",
        "does workflow/claim/step/examine",
        "does workflow/claim/step/call",
        "does workflow/claim/step/letter",
        "may deliver workflow/claim/step/pay/message/was-paid",
        "may raise workflow/claim/exception/papers-missing",
        "is carried by post/counter",
    ]


def test_a_line_leads_up_to_the_objectives_and_frameworks() -> None:
    assert list(told(links().up("rule/band"))) == [
        "is evaluated by workflow/claim/step/sort",
        ".is part of workflow/claim",
        "..is run in value-stream/claims/stage/settle",
        "...is part of value-stream/claims",
        "....serves objective/content",
    ]
    assert "proves obligation/fair-answer" in list(told(links().up(JUDGE)))
    assert ".comes from framework/law" in list(told(links().up(JUDGE)))


def test_a_line_leads_down_to_the_steps() -> None:
    lines = list(told(links().down("objective/content")))

    assert lines[:3] == [
        "is measured by metric/in-time",
        ".looks at workflow/claim/step/judge",
        "is served by value-stream/claims",
    ]
    assert ".promises metric/in-time …" in lines
    assert "...has workflow/claim/step/call" in lines


def test_a_name_that_nothing_has_is_a_link_all_the_same() -> None:
    found = links_of(read(edited({"owner: head, evidence": "owner: haed, evidence"})))

    assert "is answered for by post/haed" in said(found, "obligation/fair-answer")
    assert "post/haed" not in found.parts


def test_every_link_of_a_sound_model_leads_to_a_part() -> None:
    found = links()

    loose = [
        link for part in found.parts for link in found.of(part) if link.target not in found.parts
    ]
    assert loose == []


def test_every_property_that_holds_text_is_in_the_list_of_references() -> None:
    """A new property of the language is added to `REFERENCES`: as a reference or as words."""
    missing = [
        f"{kind.__name__}.{name}"
        for kind in model_classes()
        for name, hint in properties_of(kind).items()
        if str in kinds_in(hint)
        and name not in {naming_property(kind), "title"}
        # The sections of a model hold elements by id.
        and not any(dataclasses.is_dataclass(inner) for inner in kinds_in(hint))
        and reader_of(kind, name) is None
    ]

    assert missing == []


def test_the_list_of_references_holds_nothing_that_is_gone() -> None:
    known = {
        (ancestor, name)
        for kind in model_classes()
        for ancestor in kind.__mro__
        for name in properties_of(kind)
    }

    listed = {(kind, name) for kind, names in REFERENCES.items() for name in names}
    assert listed - known == set()


def test_a_part_is_called_by_its_noun() -> None:
    assert (noun_of(Task), noun_of(Step)) == ("step", "step")
