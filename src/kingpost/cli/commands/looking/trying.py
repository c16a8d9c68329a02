"""`kingpost try`: what a rule answers to values, and which row makes the answer."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from kingpost.cli.columns import for_people
from kingpost.cli.commands.looking.models import read_for_looking
from kingpost.cli.failures import CommandError
from kingpost.cli.options import AsJson, DataFolder
from kingpost.expressions import ChoiceType, Type, describe
from kingpost.model.model import Model
from kingpost.model.ruling.book import RuleBook, Ruled
from kingpost.model.ruling.trying import CannotReadError, ask, questions, reason, word
from kingpost.values.nearest import suggestion


def try_command(
    rule: Annotated[str, typer.Argument(help="The id of a rule, such as `risk-band`.")],
    values: Annotated[
        list[str] | None,
        typer.Argument(help="What it is given, such as `claim.amount=120`; `a,b` for a list."),
    ] = None,
    *,
    folder: Annotated[
        Path,
        typer.Option("--folder", help="The folder of the model.", exists=True, file_okay=False),
    ] = Path(),
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Try it as it ran: a version, a day, or `running`."),
    ] = None,
    as_json: AsJson = False,
    data: DataFolder = None,
) -> None:
    """Try a rule on values: what it answers, and which row makes the answer.

    Rules that it needs are asked first. Without values, what it reads.
    """
    book, name = _find(read_for_looking(folder) if as_of is None else _stored(as_of, data), rule)
    read = questions(book, name)
    if not values:
        kinds = {path: _kind(kind) for path, kind in read.items()}
        _tell(kinds, _reads(name, kinds), as_json=as_json)
        return
    try:
        found = ask(book, name, dict(map(_pair, values)))
    except CannotReadError as error:
        told = "; ".join(f"`{path}`: {words}" for path, words in error.faults.items())
        raise CommandError(f"{told}. The rule reads {_listed(read)}.") from None
    _tell([_as_document(one) for one in found], _answers(found), as_json=as_json)


def _stored(written: str, data: Path | None) -> Model:
    # Imported here: who tries a rule of a folder does not wait for the driver of the database.
    from kingpost.cli.commands.looking.stored import stored_model  # noqa: PLC0415

    return stored_model(data, written)


def _find(model: Model, written: str) -> tuple[RuleBook, str]:
    name = written.removeprefix("rule/")
    if name not in model.rules:
        known = f"The model has {_listed(model.rules)}." if model.rules else "The model has none."
        raise CommandError(f"there is no rule `{name}`. {suggestion(name, model.rules, known)}")
    book = RuleBook(model)
    if not book.has(name):
        raise CommandError(f"the rule `{name}` is not sound. Run `kingpost check` to see why.")
    return book, name


def _kind(kind: Type) -> str:
    return f"one of {', '.join(kind.of)}" if isinstance(kind, ChoiceType) else describe(kind)


def _pair(written: str) -> tuple[str, str]:
    path, sign, value = written.partition("=")
    if not sign:
        raise CommandError(f"`{written}` gives no value. Write it as `PATH=VALUE`.")
    return path.strip(), value


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _reads(name: str, kinds: Mapping[str, str]) -> Iterator[str]:
    yield f"[cyan]rule/{name}[/] reads"
    wide = max(map(len, kinds), default=0)
    for path, kind in kinds.items():
        yield f"  {path.ljust(wide)}  [dim]{escape(kind)}[/]"
    given = " ".join(f"{path}=…" for path in kinds)
    yield f"Try it: kingpost try {name} {given}"


def _answers(found: tuple[Ruled, ...]) -> Iterator[str]:
    for one in found:
        told = escape(word(one.value)) if one.is_answered else "[red]no answer[/]"
        yield f"[bold]{escape(one.rule.title)}[/]: {told}"
        why = reason(one)
        if why:
            yield f"  {escape(why)}"
        for path, value in one.inputs.items():
            yield f"  [dim]{escape(path)}[/] {escape(word(value))}"
        for row in one.hits.fired if one.hits else ():
            yield f"  [dim]row {row}[/]  {escape('  '.join(one.rule.rows[row - 1]))}"


def _as_document(one: Ruled) -> object:
    return {
        "rule": one.rule.id,
        "answer": word(one.value) if one.is_answered else None,
        "reason": reason(one) or None,
        "inputs": {
            path: None if value is None else word(value) for path, value in one.inputs.items()
        },
        "rows": list(one.hits.fired) if one.hits else [],
        "remarks": list(dict.fromkeys(remark.message for remark in one.remarks)),
    }


def _tell(document: object, lines: Iterator[str], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    console = for_people()
    for line in lines:
        console.print(line)
