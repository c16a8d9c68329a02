"""How fast a condition is evaluated and compiled, beside zen-engine and SpiffWorkflow.

Each engine gets the same condition over the same record, in turns, in one process: ours compiled,
zen-engine's compiled as well, SpiffWorkflow's as it evaluates the conditions of its flows. Ratios
are of processor time, each the median over the turns.
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import zen
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine

from kingpost.expressions import (
    ChoiceType,
    Compiled,
    ContextType,
    MoneyType,
    NumberType,
    Scope,
    Value,
    YesNoType,
    compile_expression,
)

TURNS = 7
TURN_SECONDS = 0.25
RULES = 1_000
RATIO_ZEN_MIN = 2.0
RATIO_SPIFF_MIN = 50.0
COMPILING_SECONDS_MAX = 2.0

BANDS = ("low", "medium", "high")
SCOPE: Scope = {
    "application": ContextType(
        {"amount": MoneyType("EUR"), "score": NumberType(), "band": ChoiceType(BANDS)}
    )
}
OURS = 'application.amount <= 50000 and application.score >= 650 and application.band != "high"'
ZENS = OURS.replace('"', "'")
SPIFFS = (
    'application["amount"] <= 50000 and application["score"] >= 650'
    ' and application["band"] != "high"'
)


@dataclass(frozen=True, slots=True)
class Speed:
    """What one engine did. cpu_us: microseconds of processor time of one evaluation."""

    name: str
    cpu_us: float

    @property
    def per_second(self) -> float:
        """Return evaluations in a second of processor time."""
        return 1e6 / self.cpu_us


def compiled(text: str) -> Compiled:
    """Compile a condition."""
    found = compile_expression(text, SCOPE, YesNoType())
    assert isinstance(found, Compiled), found
    return found


def engines() -> dict[str, Callable[[], Any]]:
    """Return, by name, what evaluates the condition once."""
    record: dict[str, Value] = {
        "application": {"amount": Decimal(48_000), "score": Decimal(702), "band": "low"}
    }
    plain = {"application": {"amount": 48_000, "score": 702, "band": "low"}}
    ours, zens, spiffs = compiled(OURS), zen.compile_expression(ZENS), PythonScriptEngine()
    return {
        "kingpost": lambda: ours.evaluate(record),
        "kingpost, strict": lambda: ours.require(record),
        "zen-engine": lambda: zens.evaluate(plain),
        "SpiffWorkflow": lambda: spiffs.environment.evaluate(SPIFFS, plain),
    }


def cpu_us(evaluate: Callable[[], Any]) -> float:
    """Return the processor time of one evaluation, over a turn."""
    count, spent = 0, 0.0
    began = time.process_time()
    while spent < TURN_SECONDS:
        for _ in range(500):
            evaluate()
        count += 500
        spent = time.process_time() - began
    return spent / count * 1e6


def speeds() -> list[Speed]:
    """Measure every engine, in turns."""
    measured: dict[str, list[float]] = {name: [] for name in engines()}
    for _ in range(TURNS):
        for name, evaluate in engines().items():
            assert evaluate() is True, name
            measured[name].append(cpu_us(evaluate))
    return [Speed(name, statistics.median(found)) for name, found in measured.items()]


def compiling() -> tuple[float, float]:
    """Return the seconds to compile different rules, and those that Python's compiler takes."""
    bounds = [
        f"application.amount <= {50_000 + n} and application.score >= {n}" for n in range(RULES)
    ]
    began = time.process_time()
    for text in bounds:
        compiled(text).evaluate({})
    ours = time.process_time() - began
    began = time.process_time()
    for text in bounds:
        compile(text, "<rule>", "eval")
    return ours, time.process_time() - began


def main() -> int:
    """Print the figures; 1 when a limit is broken."""
    found = speeds()
    print(f"{'engine':18} {'evaluations a second':>22} {'CPU us each':>12} {'times as fast':>14}")
    for speed in found:
        ratio = speed.cpu_us / found[0].cpu_us
        print(f"{speed.name:18} {speed.per_second:>22,.0f} {speed.cpu_us:>12.2f} {ratio:>14.1f}")
    by_name = {speed.name: speed.cpu_us / found[0].cpu_us for speed in found}
    ours, pythons = compiling()
    print(
        f"\ncompile and evaluate once {RULES} different rules: {ours:.2f} s,"
        f" {ours / COMPILING_SECONDS_MAX:.0%} of the {COMPILING_SECONDS_MAX:.0f} s they may take,"
        f" and {ours / pythons:.0f} times as long as Python takes to compile the same texts"
    )
    good = (
        by_name["zen-engine"] >= RATIO_ZEN_MIN
        and by_name["SpiffWorkflow"] >= RATIO_SPIFF_MIN
        and ours <= COMPILING_SECONDS_MAX
    )
    print(
        f"limits: zen-engine {by_name['zen-engine']:.1f} (at least {RATIO_ZEN_MIN:.0f}),"
        f" SpiffWorkflow {by_name['SpiffWorkflow']:.1f} (at least {RATIO_SPIFF_MIN:.0f}):"
        f" {'PASS' if good else 'FAIL'}"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
