"""The reference of the language is itself a model."""

import re
from pathlib import Path

from kingpost.notation import read_model

PAGE = (Path(__file__).parents[2] / "docs" / "language.md").read_text()


def test_the_examples_of_the_reference_are_one_model() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)

    reading = read_model({f"{number}.yaml": text for number, text in enumerate(examples)})

    assert reading.diagnostics == ()
    assert reading.model is not None
