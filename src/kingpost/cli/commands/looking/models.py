"""Read a model that one wants to look at, sound or not."""

from pathlib import Path

from kingpost.cli.columns import count
from kingpost.cli.failures import CommandError
from kingpost.cli.texts import read_texts
from kingpost.model.model import Model
from kingpost.notation import read_model


def read_for_looking(folder: Path) -> Model:
    """Return the model of a folder, even when the check finds it unsound.

    Raises: CommandError, when it cannot be read at all.
    """
    texts, unreadable = read_texts(folder)
    reading = read_model(texts) if texts else None
    if reading is not None and reading.model is not None and not unreadable:
        return reading.model
    found = len(unreadable) + (len(reading.diagnostics) if reading else 0)
    words = f"the model in `{folder}` cannot be read: {count(found, 'problem')}"
    raise CommandError(f"{words}. Run `kingpost check {folder}` to see them.")
