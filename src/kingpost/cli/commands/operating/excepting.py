"""`kingpost exceptions`: what holds work up, and acting on many at once."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID, uuid4  # noqa: TID251 - the key of what is asked here comes from here

import typer

from kingpost.cli.columns import count, print_columns
from kingpost.cli.failures import CommandError
from kingpost.cli.options import DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.batches import acting
from kingpost.engine.batches.acting import ITEMS_MAX, Batch, Order
from kingpost.engine.company import Company
from kingpost.queries.people import read_reader
from kingpost.queries.trouble.batches import Item, read_items
from kingpost.queries.trouble.exceptions import Sought, Trouble, own_ids, read_exceptions
from kingpost.queries.trouble.reviews import OverdueReview, read_overdue_reviews

exceptions = typer.Typer(help="What holds work up, and acting on it.", no_args_is_help=True)

_ALL = 1_000_000
_By = Annotated[str, typer.Option("--by", help="Who acts; their posts say whether they may.")]
_Kind = Annotated[str, typer.Option(help="Only one exception, or `paused` for calls.")]
_Workflow = Annotated[str, typer.Option(help="Only cases of one workflow.")]
_WORDS = {"done": "done", "refused": "refused", "gone": "too late"}


@exceptions.command("list")
def list_exceptions(
    *, by: _By = "", kind: _Kind = "", workflow: _Workflow = "", data: DataFolder = None
) -> None:
    """List exceptions and calls in trouble, the oldest first, and reviews that are overdue.

    With `--by` only those about which that person may do something.
    """
    sought = Sought(mine=bool(by), kind=kind, workflow=workflow)
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        found = read_exceptions(
            database, company.program, company.active(), by, sought, size=_ALL
        ).page.rows
        late = read_overdue_reviews(database, company.program) if not (kind or workflow) else ()
        if by:
            held = {holding.post for holding in read_reader(database, by).holdings}
            late = tuple(each for each in late if each.for_post in held)
    if not found and not late:
        typer.echo("Nothing is held up.")
    if found:
        heads = ("work", "case", "step", "kind", "since", "cause", "owner", "may be ended by")
        print_columns(heads, [_row(each) for each in found])
    if late:
        typer.echo("Reviews of overrides that are overdue, and hold further ones back:")
        heads = ("work", "case", "step", "due", "reviewed by", "holds back")
        print_columns(heads, [_late(each) for each in late])


@exceptions.command("act")
def act(  # noqa: PLR0913 - which, by whom and why
    what: Annotated[str, typer.Argument(help="`retry`, `give-up`, or `end/` and an ending.")],
    ids: Annotated[
        list[UUID] | None, typer.Argument(help="As `kingpost exceptions list` shows them.")
    ] = None,
    *,
    by: _By,
    reason: Annotated[str, typer.Option(help="Why, for the history of each case.")],
    every: Annotated[bool, typer.Option("--all", help="All that match, not only some.")] = False,
    kind: _Kind = "",
    workflow: _Workflow = "",
    data: DataFolder = None,
) -> None:
    """Act on some exceptions, or on all that match: each is done by itself, and has a result."""
    if every == bool(ids):
        raise CommandError("Name what to act on, or say `--all`, and not both.")
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        tasks, total = tuple(ids or ()), 0
        if every:
            sought = Sought(kind=kind, workflow=workflow)
            tasks, total = own_ids(database, company.active(), by, sought, limit=ITEMS_MAX)
        key = uuid4()
        refusal = acting.begin(company, Order(key, what, tasks, by, reason, chosen=total))
        if refusal is not None:
            raise CommandError(f"{str(refusal)[:1].upper()}{str(refusal)[1:]}.")
        _carry_out(company, key, by)


@exceptions.command("go-on")
def go_on(
    batch: Annotated[UUID, typer.Argument(help="As `kingpost exceptions act` names it.")],
    *,
    by: _By,
    data: DataFolder = None,
) -> None:
    """Go on with acts that broke off."""
    with open_database(read_settings(data), connections=2) as database:
        _carry_out(Company(database), batch, by)


def _carry_out(company: Company, key: UUID, by: str) -> None:
    typer.echo(f"Acting as batch {key}.", err=True)
    found = acting.go_on(company, key, by)
    while isinstance(found, Batch) and found.left:
        typer.echo(f"{found.items - found.left:,} of {count(found.items, 'item')} tried.", err=True)
        found = acting.go_on(company, key, by)
    if not isinstance(found, Batch):
        raise CommandError("There is no such batch of yours.")
    for item in _items(company, key):
        why = f": {item.words}" if item.words else ""
        typer.echo(f"{item.number or item.task}: {_WORDS[item.outcome or '']}{why}")
    if found.chosen > found.items:
        typer.echo(f"{found.chosen - found.items:,} more match. Act again for the next ones.")
    if found.done < found.items:
        raise typer.Exit(1)


def _items(company: Company, key: UUID) -> Iterator[Item]:
    yield from read_items(company.database, key, size=ITEMS_MAX)


def _late(each: OverdueReview) -> tuple[str, ...]:
    due = f"{each.due_at:%Y-%m-%d %H:%M} UTC"
    return (str(each.id), each.number, each.step_title, due, each.post, each.by)


def _row(each: Trouble) -> tuple[str, ...]:
    return (
        str(each.id),
        each.number,
        each.step,
        each.kind,
        f"{each.since:%Y-%m-%d %H:%M} UTC",
        each.cause or "–",
        each.post or "–",
        ", ".join(f"end/{name}" for name, _ in each.endings) or "–",
    )
