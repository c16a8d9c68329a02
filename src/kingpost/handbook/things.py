"""What the pages of business objects, rules and frameworks show."""

from collections.abc import Iterable

from kingpost.handbook.addressing import Sight, anchor_of
from kingpost.handbook.pieces import Cell, Drawing, Row, Section, Table
from kingpost.insight.drawing.lifecycle import lifecycle_picture
from kingpost.insight.drawing.requirements import requirements_picture
from kingpost.insight.drawing.svg import inline
from kingpost.model.describing.describe import describe
from kingpost.model.describing.phrases import Fact, Phrase, code, joined, named, words
from kingpost.model.model import Model
from kingpost.model.parts.links import kind_of
from kingpost.model.parts.relations import FROM, MOVES_TO, SETS_STATE
from kingpost.model.rules import Sample

_NOTHING: tuple[Phrase, ...] = ()


def object_sections(model: Model, sight: Sight, part: str) -> list[Section]:
    """Return the sections of a business object's page."""
    item = model.objects[part.partition("/")[2]]
    drawn = inline(lifecycle_picture(item), "lifecycle-picture", sight.url)
    inside = [inner for inner in sight.links.inside(part) if kind_of(inner) == "field"]
    return [
        Drawing("lifecycle", "Lifecycle", drawn, note="States that stand alike share a box."),
        Table(
            "states",
            "States",
            ("State", "Demands", "Set by", "May become"),
            tuple(_state(sight, f"{part}/state/{state.id}") for state in item.states),
        ),
        Table(
            "fields",
            "Fields",
            ("Field", "Type", "What else"),
            tuple(_field(sight, inner) for inner in inside),
        ),
    ]


def _facts(sight: Sight, part: str) -> dict[str, Fact]:
    return {fact.label: fact for fact in describe(sight.links, part).facts}


def _state(sight: Sight, part: str) -> Row:
    facts = _facts(sight, part)
    always = facts.pop("always", None)
    marks = joined([words(label) for label in facts], ", ")
    name = named(sight.label(part), part)
    setters = tuple(
        named(link.source, link.source)
        for link in sight.links.to(part)
        if link.relation is SETS_STATE
    )
    targets = tuple(
        named(link.target, link.target)
        for link in sight.links.of(part)
        if link.relation is MOVES_TO
    )
    return Row(
        (
            Cell(((*name, *words(" · "), *marks) if marks else name,)),
            Cell(always.phrases if always else _NOTHING),
            Cell(setters),
            Cell((joined(targets),) if targets else _NOTHING),
        ),
        anchor_of(part),
    )


def _field(sight: Sight, part: str) -> Row:
    facts = [fact for fact in describe(sight.links, part).facts if not fact.is_default]
    kind = next((fact for fact in facts if fact.label == "type"), None)
    others = tuple(
        words(fact.label)
        if fact.phrases == (words("yes"),)
        else (*words(f"{fact.label}: "), *joined(fact.phrases))
        for fact in facts
        if fact is not kind
    )
    name = (named(sight.label(part), part),)
    return Row(
        (Cell(name), Cell(kind.phrases if kind else _NOTHING), Cell(others)), anchor_of(part)
    )


def rule_tables(model: Model, part: str) -> list[Section]:
    """Return what stands over the whole width of a rule's page: its table."""
    rule = model.rules[part.partition("/")[2]]
    sections: list[Section] = []
    if rule.rows:
        inputs = [f"{column.id} ({column.expression})" for column in rule.inputs]
        outputs = [f"→ {column.id}" for column in rule.outputs]
        remarks = list(rule.annotations)
        rows = tuple(
            Row(
                (
                    Cell((words(str(number)),), is_number=True),
                    *(Cell((code(cell),)) for cell in row),
                )
            )
            for number, row in enumerate(rule.rows, 1)
        )
        sections.append(Table("table", "Table", ("Row", *inputs, *outputs, *remarks), rows))
    return sections


def rule_sections(model: Model, sight: Sight, part: str) -> list[Section]:
    """Return the sections of a rule's page: its tests, and what it needs."""
    rule = model.rules[part.partition("/")[2]]
    rows = tuple(
        Row((Cell((words(test.title),)), _samples(test.given), _samples(test.expected)))
        for test in rule.tests
    )
    sections: list[Section] = []
    if rows:
        sections.append(Table("tests", "Tests", ("Test", "Given", "Expected"), rows))
    drawn = inline(requirements_picture(sight.links, part), "requirements-picture", sight.url)
    return [*sections, Drawing("requirements", "What it needs and who uses it", drawn)]


def _samples(samples: Iterable[Sample]) -> Cell:
    return Cell(tuple(_sample(sample) for sample in samples))


def _sample(sample: Sample) -> Phrase:
    """Return a value of a test as it is written, with what it is of."""
    value = ", ".join(sample.values)
    if sample.is_list:
        value = f"[{value}]"
    return code(f"{sample.path}: {value or 'null'}" if sample.path else value or "null")


def framework_sections(model: Model, sight: Sight, part: str) -> list[Section]:
    """Return the obligations of a framework by clause."""
    names = [
        link.source.partition("/")[2] for link in sight.links.to(part) if link.relation is FROM
    ]
    return [obligations_table(model, tuple(names), "obligations", "Obligations by clause")]


def obligations_table(model: Model, names: tuple[str, ...], name: str, title: str) -> Table:
    """Return obligations by clause, with the steps that prove them."""
    duties = sorted((model.obligations[one] for one in names), key=lambda one: (one.clause, one.id))
    rows = tuple(
        Row(
            (
                Cell((words(duty.clause),)),
                Cell((named(duty.title, f"obligation/{duty.id}"),)),
                Cell((named(duty.owner, f"post/{duty.owner}"),)),
                Cell(
                    tuple(
                        named(f"{workflow}/{step}", f"workflow/{workflow}/step/{step}")
                        for workflow, step in duty.evidence.made_by
                    )
                ),
            )
        )
        for duty in duties
    )
    columns = ("Clause", "Obligation", "Answered for by", "Proven in")
    return Table(name, title, columns, rows, empty="No obligation comes from it.")
