"""`kingpost bpmn`: take a process of BPMN 2.0 over as a draft, and write a workflow as one."""

import json
from pathlib import Path
from typing import Annotated

import typer

from kingpost.cli.commands.exchange.drafts import DraftFolder, Force, draft_document, write_draft
from kingpost.cli.failures import CommandError
from kingpost.cli.findings import examine, tell
from kingpost.cli.options import AsJson, ModelFolder
from kingpost.cli.telling.remarks import tell_remarks
from kingpost.exchange.bpmn.exporting import export_workflow
from kingpost.exchange.bpmn.importing import import_bpmn
from kingpost.exchange.bpmn.writing import write_bpmn
from kingpost.values.nearest import suggestion

bpmn = typer.Typer(no_args_is_help=True, help="Read and write processes of BPMN 2.0.")


@bpmn.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="A BPMN 2.0 file.", exists=True, dir_okay=False)],
    output: DraftFolder,
    *,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Draft a workflow for each process of a file, and tell what became of each element.

    In a folder that holds no model yet, a small company around the workflows is drafted too.
    """
    taken = import_bpmn(file.read_bytes(), file.name)
    written = write_draft(taken.workflows, taken.company, file, output, force=force)
    if as_json:
        typer.echo(json.dumps(draft_document(taken.remarks, written), indent=2, ensure_ascii=False))
        return
    tell_remarks(taken.remarks)
    for path in written:
        typer.echo(f"Wrote {path}.")
    tell(examine(output))


@bpmn.command("export")
def export_command(
    folder: ModelFolder,
    workflow: Annotated[str, typer.Argument(help="The id of the workflow.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file.")] = None,
) -> None:
    """Write a workflow as BPMN 2.0 with its picture, and tell what has no form there."""
    examined = examine(folder)
    model = examined.model
    if model is None:
        tell(examined)
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
