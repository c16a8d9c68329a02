"""Write a draft that was made from a file, beside a model or as one of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kingpost.cli.failures import CommandError
from kingpost.exchange.remarks import Remark
from kingpost.notation.writing import write

DraftFolder = Annotated[
    Path, typer.Option("--output", "-o", help="The folder for the draft.", file_okay=False)
]
Force = Annotated[bool, typer.Option("--force", help="Write over an earlier draft.")]
_COMPANY = "company.yaml"


def write_draft(
    sections: Mapping[str, object],
    company: Mapping[str, object],
    file: Path,
    output: Path,
    *,
    force: bool,
) -> list[Path]:
    """Write a draft, and a company around it where there is no model yet.

    Raises: CommandError, when it would write over a file.
    """
    texts = {f"{file.stem.lower().replace(' ', '-')}.yaml": sections}
    others = output.rglob("*.y*ml") if output.is_dir() else iter(())
    if all(path.name in {*texts, _COMPANY} for path in others):
        texts[_COMPANY] = company
    paths = {output / name: each for name, each in texts.items()}
    for path in paths:
        if path.exists() and not force:
            help_ = "Name another folder, or add `--force`."
            raise CommandError(f"`{path}` exists already. {help_}")
    output.mkdir(parents=True, exist_ok=True)
    for path, each in paths.items():
        head = f"# A draft, made from {file.name}. Read the report, and make it yours.\n"
        path.write_text(head + write(each), encoding="utf-8")
    return list(paths)


def draft_document(remarks: Iterable[Remark], written: Iterable[Path]) -> dict[str, object]:
    """Return what was written and what became of each element, as it is printed with `--json`."""
    return {
        "written": [str(path) for path in written],
        "elements": [asdict(remark) for remark in remarks],
    }
