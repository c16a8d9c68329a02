"""Values in scenarios: each must be one that its field takes."""

from collections.abc import Iterator, Mapping

from kingpost.checks.finding import Where, error, of
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, Field, FieldType
from kingpost.model.records.values import expected, fits
from kingpost.model.records.written import plain
from kingpost.model.scenario import Act, Expectation, Scenario, Written
from kingpost.values.diagnostic import Diagnostic

# What names something of the model is looked at as a name.
_NAMES = frozenset({FieldType.CHOICE, FieldType.POST})


def check_values(model: Model, item: BusinessObject, scenario: Scenario) -> Iterator[Diagnostic]:
    """Find values in a story about an object that their fields do not take."""
    for record, where in _records(scenario):
        for name, value in record.items():
            field = item.field(name)
            if field is not None:
                yield from _misfits(model, field, value, where.at(name))


def _records(scenario: Scenario) -> Iterator[tuple[Mapping[str, Written], Where]]:
    """Yield what is written into the record, and what must stand in it.

    Not what is written to be refused: that such a value is refused may be what a story tells.
    """
    here = of("scenario", scenario.id)
    yield scenario.given.record, here.at("given", scenario.given.object)
    for index, entry in enumerate(scenario.when):
        at = here.at("when", index)
        if isinstance(entry, Act) and not _is_refused(scenario, index):
            yield entry.records, at.at("records")
        elif isinstance(entry, Expectation):
            yield entry.record, at.at("expect", "record")
    for index, wanted in enumerate(scenario.then):
        yield wanted.record, here.at("then", index, "record")


def _is_refused(scenario: Scenario, index: int) -> bool:
    after = (*scenario.when[index + 1 :], *scenario.then)
    return bool(after) and isinstance(after[0], Expectation) and after[0].refused is not None


def _misfits(model: Model, field: Field, value: Written, where: Where) -> Iterator[Diagnostic]:
    kind = field.item or field
    if kind.type in _NAMES:
        return
    entries = (value,) if isinstance(value, str) or field.item is None else value
    for entry in entries:
        if not fits(kind, plain(model, kind, entry), model.posts):
            written = entry if isinstance(entry, str) else ", ".join(entry)
            message = f"`{field.id}` is `{written}`, expected {expected(kind)}"
            advice = "Write one, or change the `type` of the field."
            yield error(model, "KP1011", where, message, advice)
