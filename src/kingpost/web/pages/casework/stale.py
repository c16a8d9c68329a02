"""Two people at one form: each sends what it was drawn from, so that nobody undoes the other."""

from collections.abc import Collection, Iterable, Mapping

from starlette.datastructures import FormData

from kingpost.decisions.case import Plain
from kingpost.model.objects import Field
from kingpost.queries.task_page import TaskPage as Found
from kingpost.web.pages.casework.forms import BASE, Typed, titles_of
from kingpost.web.pages.casework.records import value_text
from kingpost.web.pages.frame import View
from kingpost.web.pages.typed_fields import input_text, plain_of, read_fields
from kingpost.web.pieces import Cell, Column, Table


def changed_fields(
    form: FormData, fields: Iterable[Field], prefix: str = "", insisted: Collection[str] = ()
) -> dict[str, Plain]:
    """Return the fields that the person changed, and those that are insisted on as they stand.

    Only the form itself is asked: sent twice, it reads the same both times.
    """
    fields = tuple(fields)
    base = read_fields(form, fields, BASE + prefix)
    return {
        name: value
        for name, value in read_fields(form, fields, prefix).items()
        if name in insisted or name not in base or not _alike(value, base[name])
    }


def clashing_fields(
    found: Found, form: FormData, given: Mapping[str, Plain], prefix: str = ""
) -> tuple[str, ...]:
    """Return the given fields that somebody else has set to something else meanwhile."""
    declared = found.program.workflows[found.work.workflow].fields
    base = read_fields(form, declared.values(), BASE + prefix)

    def is_other(name: str) -> bool:
        field = declared[name]
        now = plain_of(field, input_text(field, found.case.fields.get(name)).strip())
        return not _alike(now, base[name]) and not _alike(now, given[name])

    return tuple(name for name in given if name in base and name in declared and is_other(name))


def clash_table(view: View, found: Found, typed: Typed) -> Table | None:
    """Return what was typed beside what others recorded meanwhile; None when nobody did."""
    if not typed.clashes:
        return None
    titles = titles_of(found)

    def cell(name: str, value: object) -> Cell:
        return Cell(value_text(view.program.model, found.work.workflow, name, value))

    rows = tuple(
        (
            Cell(titles.field(name)),
            cell(name, typed.fields.get(name)),
            cell(name, found.case.fields.get(name)),
            Cell(_who_changed(found, name)),
        )
        for name in typed.clashes
    )
    columns = (Column("Field"), Column("Yours"), Column("Now recorded"), Column("Changed by"))
    return Table("What you and others changed", columns, rows)


def _who_changed(found: Found, name: str) -> str:
    changed = (
        event.by.name or "the system"
        for event in reversed(found.history)
        if any(change.field == name for change in event.changes)
    )
    return next(changed, "the system")


def _alike(one: Plain, other: Plain) -> bool:
    # An input of one line loses the ends of lines that were stored, though nobody typed.
    if isinstance(one, str) and isinstance(other, str):
        return "".join(one.splitlines()) == "".join(other.splitlines())
    return type(one) is type(other) and one == other
