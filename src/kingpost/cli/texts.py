"""Read the texts of a model from a folder."""

from pathlib import Path

from kingpost.notation.codes import Code
from kingpost.values.diagnostic import Diagnostic, Place

# Folders beside the model that hold other things than the model.
_SUFFIXES = (".yaml", ".yml")
_BYTES_MAX = 20_000_000
NOT_THE_MODEL = "mapping"


def read_texts(folder: Path) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """Return the model's texts by file name, and what could not be read.

    Every YAML file in the folder and below belongs to the model, except hidden ones and
    mappings of logs (`mapping.yaml`, `mapping-….yaml`).
    """
    texts: dict[str, str] = {}
    problems: list[Diagnostic] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or path.suffix not in _SUFFIXES or path.stem.startswith(NOT_THE_MODEL):
            continue
        if not path.is_file():
            # A folder, or something that one cannot read to its end.
            continue
        found = read_text(path, name)
        if isinstance(found, str):
            texts[name] = found
        else:
            problems.append(found)
    if not texts and not problems:
        help_ = "Write the model as `.yaml` files, or name another folder."
        message = "holds no model: there is no `.yaml` file"
        problems.append(_problem(str(folder), message, help_, Code.NO_FILES))
    return texts, tuple(problems)


def read_text(path: Path, name: str) -> str | Diagnostic:
    """Return the text of a file, or why it cannot be read. name: how messages call it."""
    try:
        if path.stat().st_size > _BYTES_MAX:
            return _problem(name, "is larger than 20 MB", "Split it.", Code.FILE_TOO_LARGE)
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return _problem(name, f"is not UTF-8 text at byte {error.start}", "Save it as UTF-8.")
    except OSError as error:
        return _problem(name, f"cannot be read: {error.strerror}", "Check the file.")


def _problem(name: str, message: str, help_: str, code: Code = Code.UNREADABLE) -> Diagnostic:
    return Diagnostic(code, name, f"`{name}` {message}", help_, Place(name, 1, 1))
