"""How many scenarios run in a second, and how much that costs beside the decisions in them."""

import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

from kingpost.decisions.decide import decide
from kingpost.decisions.program import Program, compile_model
from kingpost.notation import read_model
from kingpost.scenarios import Result, run_scenarios, world

EXAMPLE = Path(__file__).parents[1] / "examples" / "lending"
REPEATS = 7
# Telling the story, comparing and counting may cost half of what deciding costs.
RATIO_MAX = 1.5


def lending() -> Program:
    """Return the example, ready to decide."""
    texts = {
        path.relative_to(EXAMPLE).as_posix(): path.read_text()
        for path in EXAMPLE.rglob("*.yaml")
        if not path.stem.startswith("mapping")
    }
    model = read_model(texts).model
    assert model is not None, "the example reads"
    return compile_model(model)


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of one call, in the quietest of the repeats."""
    found: list[float] = []
    for _ in range(REPEATS):
        begun = process_time()
        work()
        found.append(process_time() - begun)
    return min(found)


def decided_in(program: Program) -> list[tuple[Any, ...]]:
    """Return what the scenarios ask the decision function, one set of arguments each."""
    asked: list[tuple[Any, ...]] = []

    def keep(*arguments: Any) -> Any:  # noqa: ANN401 - hands on what it is given
        asked.append(arguments)
        return decide(*arguments)

    world.decide = keep
    list(run_scenarios(program))
    world.decide = decide
    return asked


def main() -> None:
    """Measure, print, and fail when telling costs too much."""
    program = lending()
    results: list[Result] = list(run_scenarios(program))
    asked = decided_in(program)
    told = seconds(lambda: list(run_scenarios(program)))
    bare = seconds(lambda: [decide(*arguments) for arguments in asked])
    ratio = told / bare
    print(f"{'scenarios':36} {len(results):8}")
    print(f"{'decisions in them':36} {len(asked):8}")
    print(f"{'scenarios a second of processor time':36} {len(results) / told:8.0f}")
    print(f"{'beside the bare decisions':36} {ratio:8.2f} times, at most {RATIO_MAX}")
    sys.exit(ratio > RATIO_MAX)


if __name__ == "__main__":
    main()
