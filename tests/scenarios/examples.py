"""The example companies in a test: each as a model, and ready to decide."""

from functools import cache
from pathlib import Path

from kingpost.decisions.program import Program, compile_model
from kingpost.model.model import Model
from kingpost.notation import read_model

EXAMPLES = Path(__file__).parents[2] / "examples"
LENDING = EXAMPLES / "lending"
COMPANIES = ("lending", "service-desk")


@cache
def company(name: str) -> Model:
    folder = EXAMPLES / name
    texts = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.yaml"))
        if not path.stem.startswith("mapping")
    }
    reading = read_model(texts)
    assert reading.model is not None, reading.diagnostics
    return reading.model


@cache
def program(name: str) -> Program:
    return compile_model(company(name))
