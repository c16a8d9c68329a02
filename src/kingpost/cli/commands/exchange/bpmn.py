"""`kingpost bpmn`: take a process of BPMN 2.0 over as a draft, and write a workflow as one."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kingpost.cli.failures import CommandError
from kingpost.cli.findings import examine, tell
from kingpost.cli.options import AsJson, ModelFolder
from kingpost.cli.telling.remarks import tell_remarks
from kingpost.exchange.bpmn.exporting import export_workflow
from kingpost.exchange.bpmn.importing import Taken, import_bpmn
from kingpost.exchange.bpmn.writing import write_bpmn
from kingpost.exchange.remarks import Remark
from kingpost.notation.writing import write
from kingpost.values.nearest import suggestion

bpmn = typer.Typer(no_args_is_help=True, help="Read and write processes of BPMN 2.0.")
_COMPANY = "company.yaml"


@bpmn.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="A BPMN 2.0 file.", exists=True, dir_okay=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder for the draft.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Write over an earlier draft.")] = False,
    as_json: AsJson = False,
) -> None:
    """Draft a workflow for each process of a file, and tell what became of each element.

    In a folder that holds no model yet, a small company around the workflows is drafted too.
    """
    taken = import_bpmn(file.read_bytes(), file.name)
    written = _write(taken, file, output, force=force)
    if as_json:
        typer.echo(json.dumps(_document(taken.remarks, written), indent=2, ensure_ascii=False))
        return
    tell_remarks(taken.remarks)
    for path in written:
        typer.echo(f"Wrote {path}.")
    tell(*examine(output))


@bpmn.command("export")
def export_command(
    folder: ModelFolder,
    workflow: Annotated[str, typer.Argument(help="The id of the workflow.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file.")] = None,
) -> None:
    """Write a workflow as BPMN 2.0 with its picture, and tell what has no form there."""
    model, found = examine(folder)
    if model is None:
        tell(model, found)
        raise typer.Exit(1)
    known = model.workflows.get(workflow.removeprefix("workflow/"))
    if known is None:
        names = ", ".join(f"`{name}`" for name in model.workflows)
        help_ = suggestion(workflow, model.workflows, f"Write one of {names}.")
        raise CommandError(f"the model has no workflow `{workflow}`. {help_}")
    exported = export_workflow(known)
    target = output or Path(f"{known.id}.bpmn")
    target.write_text(write_bpmn(exported.process), encoding="utf-8")
    tell_remarks(exported.remarks)
    typer.echo(f"Wrote {target}.")


def _write(taken: Taken, file: Path, output: Path, *, force: bool) -> list[Path]:
    """Write the draft. Raises CommandError, when it would write over a file."""
    texts = {f"{file.stem.lower().replace(' ', '-')}.yaml": taken.workflows}
    others = output.rglob("*.y*ml") if output.is_dir() else iter(())
    if all(path.name in {*texts, _COMPANY} for path in others):
        texts[_COMPANY] = taken.company
    paths = {output / name: sections for name, sections in texts.items()}
    for path in paths:
        if path.exists() and not force:
            help_ = "Name another folder, or add `--force`."
            raise CommandError(f"`{path}` exists already. {help_}")
    output.mkdir(parents=True, exist_ok=True)
    for path, sections in paths.items():
        head = f"# A draft, made from {file.name}. Read the report, and make it yours.\n"
        path.write_text(head + write(sections), encoding="utf-8")
    return list(paths)


def _document(remarks: Iterable[Remark], written: Iterable[Path]) -> dict[str, object]:
    return {
        "written": [str(path) for path in written],
        "elements": [asdict(remark) for remark in remarks],
    }
