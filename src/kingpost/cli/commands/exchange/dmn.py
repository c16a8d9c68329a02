"""`kingpost dmn`: read, run and rewrite files of the Decision Model and Notation."""

import json
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from kingpost.cli.clock import now
from kingpost.cli.commands.exchange.drafts import DraftFolder, Force, draft_document, write_draft
from kingpost.cli.failures import CommandError
from kingpost.cli.findings import examine, tell
from kingpost.cli.options import AsJson, ModelFolder
from kingpost.cli.telling.decisions import outcome_document, tell_outcome
from kingpost.cli.telling.remarks import tell_remarks
from kingpost.exchange.dmn.exporting import export_rules
from kingpost.exchange.dmn.fidelity import fidelity
from kingpost.exchange.dmn.importing import import_dmn
from kingpost.exchange.dmn.plain import from_json
from kingpost.exchange.dmn.reading import Document, read_dmn
from kingpost.exchange.dmn.versions import Version
from kingpost.exchange.dmn.writing import write_dmn
from kingpost.exchange.files.faults import UnreadableError
from kingpost.exchange.remarks import Verdict
from kingpost.expressions import AnyType, Value
from kingpost.rules.definitions import Decision, Service
from kingpost.rules.graphs import Graph, Node, compile_graph
from kingpost.rules.graphs.linking import visible_name
from kingpost.values.nearest import suggestion

dmn = typer.Typer(no_args_is_help=True, help="Read, run and rewrite decision models (DMN).")
ANY = AnyType()
DmnFile = Annotated[
    Path, typer.Argument(help="A DMN file of version 1.1 to 1.6.", exists=True, dir_okay=False)
]


@dmn.command("check")
def check_command(file: DmnFile, *, as_json: AsJson = False) -> None:
    """Tell what of a file is run, what is only kept and what is refused, each with its place.

    The exit status is 1 when something is refused. Models that it imports are looked for in the
    same folder.
    """
    document, graph = _read(file)
    remarks = fidelity(document, graph)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in remarks], indent=2, ensure_ascii=False))
    else:
        tell_remarks(remarks)
    if any(remark.verdict is Verdict.REFUSED for remark in remarks):
        raise typer.Exit(1)


@dmn.command("run")
def run_command(
    file: DmnFile,
    name: Annotated[
        str | None,
        typer.Argument(help="A decision or service: its name, id or label. Needless if it is one."),
    ] = None,
    inputs: Annotated[
        str, typer.Option("--inputs", "-i", help="JSON by input name, or @FILE with it.")
    ] = "{}",
    *,
    as_json: AsJson = False,
) -> None:
    """Evaluate a decision or a service, and tell how it came to its answer."""
    _, graph = _read(file)
    node = _chosen(graph, name)
    values = _inputs(graph, node, inputs)
    outcome = graph.evaluate(node, values, now=now(), explaining=True)
    if as_json:
        typer.echo(json.dumps(outcome_document(outcome), indent=2, ensure_ascii=False))
    else:
        tell_outcome(outcome)


@dmn.command("import")
def import_command(
    file: DmnFile,
    output: DraftFolder,
    *,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Draft a rule for each decision, function and service of a file, and tell what became of each.

    What they are given becomes the fields of one business object. In a folder that holds no model
    yet, a small company around them is drafted too. Models that it imports are looked for in the
    folder of the file.
    """
    document, graph = _read(file)
    taken = import_dmn(document, graph, file.stem)
    if not taken.rules:
        tell_remarks(taken.remarks)
        raise CommandError("nothing of the file can be taken over, so no draft was written.")
    written = write_draft(taken.rules, taken.company, file, output, force=force)
    if as_json:
        typer.echo(json.dumps(draft_document(taken.remarks, written), indent=2, ensure_ascii=False))
        return
    tell_remarks(taken.remarks)
    for path in written:
        typer.echo(f"Wrote {path}.")
    tell(examine(output))


@dmn.command("convert")
def convert_command(
    file: DmnFile,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
    to: Annotated[Version, typer.Option("--to", help="Its version.")] = Version.V1_5,
    *,
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
) -> None:
    """Write a file anew in another version of the standard, and tell what has no form there."""
    _may_write(output, to, force=force)
    document = read_dmn(file.read_bytes(), file.name)
    written = write_dmn(document.definitions, to, document.drawing)
    output.write_text(written.text, encoding="utf-8", newline="\n")
    tell_remarks((*document.remarks, *written.remarks))
    typer.echo(f"Wrote {output}.")


@dmn.command("export")
def export_command(
    folder: ModelFolder,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
    to: Annotated[Version, typer.Option("--to", help="Its version.")] = Version.V1_5,
    *,
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
) -> None:
    """Write the rules of a model as a DMN file, and tell what has no form there."""
    _may_write(output, to, force=force)
    examined = examine(folder)
    model = examined.model
    if model is None:
        tell(examined)
        raise typer.Exit(1)
    exported = export_rules(model)
    written = write_dmn(exported.definitions, to)
    output.write_text(written.text, encoding="utf-8", newline="\n")
    tell_remarks((*exported.remarks, *written.remarks))
    typer.echo(f"Wrote {output}.")


def _may_write(output: Path, to: Version, *, force: bool) -> None:
    """Raise CommandError when a file cannot be written in a version, or would be written over."""
    if to < Version.V1_2:
        raise CommandError("DMN 1.1 is read and not written. Name 1.2 or later.")
    if output.exists() and not force:
        raise CommandError(f"`{output}` exists already. Name another file, or add `--force`.")


def _read(file: Path) -> tuple[Document, Graph]:
    """Read a file, and when it imports others those beside it."""
    document = read_dmn(file.read_bytes(), file.name)
    beside = sorted(file.parent.glob("*.dmn")) if document.definitions.imports else []
    others = [
        found.definitions
        for path in beside
        if path.resolve() != file.resolve() and (found := _readable(path)) is not None
    ]
    return document, compile_graph(document.definitions, others)


def _readable(path: Path) -> Document | None:
    try:
        return read_dmn(path.read_bytes(), path.name)
    except UnreadableError:
        return None


def _chosen(graph: Graph, name: str | None) -> Node:
    """Return the decision or service of a name, an identity, or a label that one of them has."""
    names = [*graph.names(Decision), *graph.names(Service)]
    listed = ", ".join(f"`{one}`" for one in names)
    if name is None:
        if len(names) != 1:
            raise CommandError(f"the file has {len(names)} decisions. Name one of {listed}.")
        name = names[0]
    node = graph.find(name)
    if node is not None:
        return node
    labels = _labels(graph)
    found = labels.get(_folded(name), [])
    if len(found) > 1:
        several = ", ".join(f"`{one}`" for one in found)
        raise CommandError(f"{len(found)} decisions are called `{name}`. Name one of {several}.")
    node = graph.find(found[0]) if found else None
    if node is None:
        told = [label for one in _elements(graph) if (label := one.head.label)]
        help_ = suggestion(name, [*names, *told], f"Name one of {listed}.")
        raise CommandError(f"the file has no decision `{name}`. {help_}")
    return node


def _elements(graph: Graph) -> list[Decision | Service]:
    elements = graph.model.definitions.elements
    return [one for one in elements if isinstance(one, Decision | Service)]


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _labels(graph: Graph) -> dict[str, list[str]]:
    """Return the names of decisions and services by what people call them, whatever the case."""
    found: dict[str, list[str]] = {}
    for one in _elements(graph):
        for called in {_folded(one.head.label), _folded(one.name)} - {""}:
            found.setdefault(called, []).append(one.name)
    return found


def _inputs(graph: Graph, node: Node, written: str) -> dict[str, Value]:
    """Return the inputs that were given, each by the type that the model declares."""
    text = Path(written[1:]).read_text(encoding="utf-8") if written.startswith("@") else written
    try:
        found: Any = json.loads(text, parse_float=Decimal)
    except (json.JSONDecodeError, RecursionError) as error:
        raise CommandError(f'the inputs are not JSON: {error}. Write `{{"name": 1}}`.') from None
    if not isinstance(found, dict):
        raise CommandError('the inputs are not by name. Write `{"name": 1}`.')
    given = cast("dict[str, Any]", found)
    types = {visible_name(one.element): one.type for one in graph.inputs(node)}
    odd = [name for name in given if name not in types and name not in graph.groups()]
    if odd:
        listed = ", ".join(f"`{name}`" for name in types)
        help_ = suggestion(odd[0], types, f"Give {listed}." if types else "Give none.")
        raise CommandError(f"`{odd[0]}` is no input of `{node.element.name}`. {help_}")
    return {name: from_json(value, types.get(name, ANY)) for name, value in given.items()}
