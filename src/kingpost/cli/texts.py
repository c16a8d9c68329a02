"""Read the texts of a model from a folder."""

from pathlib import Path

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
        try:
            if path.stat().st_size > _BYTES_MAX:
                problems.append(_problem(name, "is larger than 20 MB", "Split it."))
                continue
            texts[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            words = f"is not UTF-8 text at byte {error.start}"
            problems.append(_problem(name, words, "Save it as UTF-8."))
        except OSError as error:
            words = f"cannot be read: {error.strerror}"
            problems.append(_problem(name, words, "Check the file."))
    if not texts and not problems:
        help_ = "Write the model as `.yaml` files, or name another folder."
        problems.append(_problem(str(folder), "holds no model: there is no `.yaml` file", help_))
    return texts, tuple(problems)


def _problem(name: str, message: str, help_: str) -> Diagnostic:
    return Diagnostic("KP0100", name, f"`{name}` {message}", help_, Place(name, 1, 1))
