"""`kingpost format`: put files into the house style, with their comments and their meaning."""

import sys
from collections.abc import Mapping, Sequence
from difflib import unified_diff
from pathlib import Path
from typing import Annotated

import typer

from kingpost.cli.columns import count, for_people
from kingpost.cli.findings import tell_findings
from kingpost.cli.texts import read_text, read_texts
from kingpost.model.content import version
from kingpost.notation import read_model
from kingpost.notation.formatting import Unsafe, format_text
from kingpost.values.diagnostic import Diagnostic

_STANDARD_INPUT = "-"

Paths = Annotated[
    list[Path],
    typer.Argument(help="Folders of models, or files; `-` for the standard input.", metavar="PATH"),
]
Check = Annotated[
    bool, typer.Option("--check", help="Write nothing; exit with 1 when a file would change.")
]
Diff = Annotated[bool, typer.Option("--diff", help="Write nothing; print what would change.")]


def format_command(paths: Paths, *, check: Check = False, diff: Diff = False) -> None:
    """Put files into the house style. What every file says, and its comments, stay the same.

    A file that has errors, or that cannot be formatted safely, is left alone and named. The exit
    status is 1 when there is such a file.
    """
    if [str(path) for path in paths] == [_STANDARD_INPUT]:
        _format_input()
        return
    changed: dict[Path, tuple[str, str]] = {}
    left_alone = looked_at = 0
    for path in paths:
        texts, unread = _texts(path)
        left_alone += _tell_left_alone([unread] if unread else [])
        done = {name: format_text(str(name), text) for name, text in texts.items()}
        left_alone += _tell_unsafe(done)
        looked_at += len(texts)
        new = {name: text for name, text in done.items() if isinstance(text, str)}
        if path.is_dir() and not _is_same_model(path, texts, {**texts, **new}):
            message = f"{path}: the model would have another version; nothing in it is formatted"
            typer.echo(message, err=True)
            left_alone += 1
            continue
        changed |= {name: (texts[name], text) for name, text in new.items() if text != texts[name]}
    _carry_out(changed, diff=diff, write=not check and not diff)
    typer.echo(_summary(len(changed), looked_at, would=check or diff))
    if left_alone or (check and changed):
        raise typer.Exit(1)


def _format_input() -> None:
    """Format the standard input onto the standard output; what is left alone is passed on."""
    text = sys.stdin.read()
    done = format_text("standard input", text)
    typer.echo(text if isinstance(done, Unsafe) else done, nl=False)
    if _tell_unsafe({Path("standard input"): done}):
        raise typer.Exit(1)


def _texts(path: Path) -> tuple[Mapping[Path, str], Sequence[Diagnostic]]:
    """Return the texts of a file, or of the model in a folder, and what cannot be read."""
    if path.is_dir():
        texts, unread = read_texts(path)
        return {path / name: text for name, text in texts.items()}, unread
    text = read_text(path, str(path))
    return ({path: text}, ()) if isinstance(text, str) else ({}, (text,))


def _is_same_model(folder: Path, before: Mapping[Path, str], after: Mapping[Path, str]) -> bool:
    """Tell whether the texts mean what they meant; a model with errors has no version."""
    models = [
        read_model({path.relative_to(folder).as_posix(): text for path, text in texts.items()})
        for texts in (before, after)
    ]
    versions = [version(reading.model) if reading.model else "" for reading in models]
    return versions[0] == versions[1]


def _tell_unsafe(done: Mapping[Path, str | Unsafe]) -> int:
    """Print why files cannot be formatted; return how many cannot."""
    return _tell_left_alone([each.problems for each in done.values() if isinstance(each, Unsafe)])


def _tell_left_alone(problems: Sequence[Sequence[Diagnostic]]) -> int:
    """Print why files are left alone; return how many are."""
    console = for_people(stderr=True)
    for each in problems:
        tell_findings(console, list(each), "")
    return len(problems)


def _carry_out(changed: Mapping[Path, tuple[str, str]], *, diff: bool, write: bool) -> None:
    for path, (before, after) in changed.items():
        if diff:
            lines = unified_diff(
                before.splitlines(keepends=True),
                after.splitlines(keepends=True),
                str(path),
                str(path),
            )
            typer.echo("".join(lines), nl=False)
        elif write:
            path.write_text(after, encoding="utf-8")
            typer.echo(f"formatted {path}")
        else:
            typer.echo(f"would format {path}")


def _summary(changed: int, looked_at: int, *, would: bool) -> str:
    verb = "would be formatted" if would else "formatted"
    return f"{count(changed, 'file')} {verb}, {looked_at - changed} unchanged."
