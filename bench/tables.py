"""How fast a decision table of 12 rows is evaluated, beside zen-engine and SpiffWorkflow.

The same table, the same records, one process. Time is processor time of this process, the quietest
of several rounds. What 200 rows and 8 inputs cost the analysis, and 1,000 rules the compiler,
stands below.
"""

import gc
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from time import process_time
from types import SimpleNamespace
from typing import Any

import zen
from lxml import etree
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

from kingpost.checks import check
from kingpost.model.model import Model
from kingpost.model.ruling.book import RuleBook
from kingpost.notation import read_model

sys.path.insert(0, str(Path(__file__).parents[1]))
from kingpost.rules.analysis.table import analyse
from tests.rules.tables import EIGHT, divided, inputs

REPEATS = 7
TIMES_ZEN_MIN = 10
TIMES_SPIFF_MIN = 50
COMPILE_SECONDS_MAX = 2.0
ANALYSIS_SECONDS_MAX = 0.5
RULES = 1000
ANY = '"-"'

# score, burden, kind, band; an end of a range or None, `[low..high)`.
ROWS: Sequence[tuple[tuple[int, int], tuple[int, int] | None, str | None, str]] = (
    ((700, 1000), (0, 3), None, "low"),
    ((700, 1000), (3, 5), "home", "low"),
    ((700, 1000), (3, 5), "car", "medium"),
    ((700, 1000), (5, 99), "home", "medium"),
    ((700, 1000), (5, 99), "car", "high"),
    ((500, 700), (0, 3), "home", "low"),
    ((500, 700), (0, 3), "car", "medium"),
    ((500, 700), (3, 5), "home", "medium"),
    ((500, 700), (3, 5), "car", "high"),
    ((500, 700), (5, 99), None, "high"),
    ((300, 500), None, None, "high"),
    ((0, 300), None, None, "refused"),
)
RECORDS: Sequence[Mapping[str, Any]] = tuple(
    {"score": score, "amount": amount, "income": 10_000, "kind": kind}
    for score in (120, 350, 510, 640, 705, 990)
    for amount in (10_000, 32_000, 41_000, 72_000)
    for kind in ("home", "car")
)
MODEL = """\
kingpost: 1
company: Bench
timezone: Europe/Lisbon
calendars: {always: {hours: always}}
units: {desk: {calendar: always}}
posts: {head: {unit: desk, vacancy: holds}}
objects:
  loan:
    custodian: head
    fields:
      score: {type: integer}
      amount: {type: decimal}
      income: {type: decimal}
      kind: {type: choice, of: [home, car]}
      band: {type: choice, of: [low, medium, high, refused]}
    states: {new: {begin: true}, done: {end: true}}
rules:
"""


def cell(ends: tuple[float, float] | None) -> str:
    """Return a range as FEEL and as zen-engine write it."""
    return "-" if ends is None else f"[{ends[0]}..{ends[1]})"


def rows(number: int) -> str:
    """Return the rows of a table as they are written; each table has ends of its own."""
    far = (0, 1000)

    def moved(ends: tuple[int, int] | None) -> tuple[float, float] | None:
        if ends is None:
            return None
        low, high = (end if end in far else end + number / 1000 for end in ends)
        return low, high

    return "".join(
        f'      - ["{cell(moved(score))}", "{cell(moved(burden))}", {kind or ANY}, {band}]\n'
        for score, burden, kind, band in ROWS
    )


def head(number: int) -> str:
    """Return what stands above the rows; each table but the first computes an input of its own."""
    income = f"(loan.income + {number})" if number else "loan.income"
    inputs = f"{{score: loan.score, burden: loan.amount / {income}, kind: loan.kind}}"
    return f"    object: loan\n    inputs: {inputs}\n    outputs: [band]\n    rows:\n"


def model(count: int) -> Model:
    """Return a model with so many tables."""
    text = "".join(f"  band-{number}:\n{head(number)}{rows(number)}" for number in range(count))
    found = read_model({"bench.yaml": MODEL + text}).model
    assert found is not None, "the table reads"
    return found


def ours(book: RuleBook) -> Callable[[], list[object]]:
    """Return the work of our own table, evaluated for its answer alone."""
    table = book.work("band-0")
    records = [{"loan": {name: _value(one) for name, one in record.items()}} for record in RECORDS]
    return lambda: [table.evaluate(record) for record in records]


def explained(book: RuleBook) -> Callable[[], list[object]]:
    """Return the work of our own table, evaluated with everything that a case keeps of it."""
    records = [{"loan": {name: _value(one) for name, one in record.items()}} for record in RECORDS]
    return lambda: [book.decide("band-0", record)[-1].value for record in records]


def _value(value: object) -> object:
    return Decimal(value) if isinstance(value, int) else value


def zens() -> Callable[[], list[object]]:
    """Return the work of zen-engine."""
    columns = {"score": "score", "burden": "amount / income", "kind": "kind"}
    rules = [
        {
            "_id": str(number),
            "score": cell(score),
            "burden": "" if burden is None else cell(burden),
            "kind": "" if kind is None else f'"{kind}"',
            "band": f'"{band}"',
        }
        for number, (score, burden, kind, band) in enumerate(ROWS)
    ]
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": field} for name, field in columns.items()],
        "outputs": [{"id": "band", "name": "band", "field": "band"}],
        "rules": rules,
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"}
        for a, b in (("in", "table"), ("table", "out"))
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    return lambda: [decision.evaluate(record)["result"]["band"] for record in RECORDS]


def spiffs() -> Callable[[], list[object]]:
    """Return the work of SpiffWorkflow, whose tables are written in Python."""
    engine = _spiff_table()
    place = SimpleNamespace(script_engine=PythonScriptEngine())
    tasks = [SimpleNamespace(data=dict(record), workflow=place) for record in RECORDS]
    return lambda: [engine.result(task)["band"] for task in tasks]


def _spiff_table() -> DMNEngine:
    def between(ends: tuple[int, int] | None) -> str:
        return "" if ends is None else f"{ends[0]} &lt;= ? &lt; {ends[1]}"

    entries = "".join(
        f'<rule id="r{number}">'
        + "".join(
            f'<inputEntry id="r{number}{name}"><text>{text}</text></inputEntry>'
            for name, text in (
                ("score", between(score)),
                ("burden", between(burden)),
                ("kind", "" if kind is None else f'"{kind}"'),
            )
        )
        + f'<outputEntry id="r{number}o"><text>"{band}"</text></outputEntry></rule>'
        for number, (score, burden, kind, band) in enumerate(ROWS)
    )
    asked = "".join(
        f'<input id="{name}" label="{name}"><inputExpression id="{name}e" typeRef="number">'
        f"<text>{text}</text></inputExpression></input>"
        for name, text in (("score", "score"), ("burden", "amount / income"), ("kind", "kind"))
    )
    namespace = "https://www.omg.org/spec/DMN/20191111/MODEL/"
    text = (
        f'<definitions xmlns="{namespace}" id="d" name="d" namespace="x"><decision id="band"'
        f' name="band"><decisionTable id="t" hitPolicy="FIRST">{asked}'
        f'<output id="o" name="band" typeRef="string"/>{entries}</decisionTable></decision>'
        "</definitions>"
    )
    parser = DMNParser(None, etree.fromstring(text), nsmap={"dmn": namespace})
    parser.parse()
    return DMNEngine(parser.decision.decisionTables[0])


def seconds(work: Callable[[], object], rounds: int = 1) -> float:
    """Return the processor time of one call, in the quietest of the repeats."""
    found: list[float] = []
    for _ in range(REPEATS):
        begun = process_time()
        for _ in range(rounds):
            work()
        found.append((process_time() - begun) / rounds)
    return min(found)


def evaluations() -> bool:
    """Measure the evaluation of one table, and tell whether it is slower than promised."""
    book = RuleBook(model(1))
    works = {
        "kingpost": (ours(book), 40),
        "kingpost, explained": (explained(book), 40),
        "zen-engine": (zens(), 10),
        "SpiffWorkflow": (spiffs(), 1),
    }
    answers = {name: work() for name, (work, _) in works.items()}
    assert all(found == answers["kingpost"] for found in answers.values()), answers
    costs = {name: seconds(work, rounds) / len(RECORDS) for name, (work, rounds) in works.items()}
    print(f"{'a table of 12 rows':36} {'µs':>8} {'a second':>10} {'times':>8}")
    for name, cost in costs.items():
        times = cost / costs["kingpost"]
        print(f"{name:36} {cost * 1e6:8.2f} {1 / cost:10,.0f} {times:8.1f}")
    zen_times = costs["zen-engine"] / costs["kingpost"]
    spiff_times = costs["SpiffWorkflow"] / costs["kingpost"]
    print(f"limits: {TIMES_ZEN_MIN} times zen-engine, {TIMES_SPIFF_MIN} times SpiffWorkflow")
    return zen_times < TIMES_ZEN_MIN or spiff_times < TIMES_SPIFF_MIN


def compiling() -> bool:
    """Measure the compiling of a thousand rules, and tell whether it is slower than promised."""
    many = model(RULES)
    # As the command line does: what a model is made of lives as long as the process.
    gc.disable()
    begun = process_time()
    book = RuleBook(many)
    took = process_time() - begun
    record = {"loan": {name: _value(one) for name, one in RECORDS[0].items()}}
    for name in many.rules:
        book.work(name).evaluate(record)
    asked = process_time() - begun
    gc.enable()
    print(
        f"{f'compiling {RULES} tables of 12 rows':36} {took:8.2f} s,"
        f" {took / COMPILE_SECONDS_MAX:.0%} of the {COMPILE_SECONDS_MAX:.0f} s they may take;"
        f" {asked:.2f} s with each asked once"
    )
    begun = process_time()
    check(many)
    print(f"{f'checking a model with {RULES} of them':36} {process_time() - begun:8.2f} s")
    return took > COMPILE_SECONDS_MAX


def analysing() -> bool:
    """Measure the analysis of a large table, and tell whether it is slower than promised."""
    rows = divided(200, 0)
    columns = inputs(EIGHT, rows)
    before = {row: (1 << row) - 1 for row in range(len(rows))}
    took = seconds(lambda: analyse(columns, len(rows), before))
    print(f"{'analysing 200 rows of 8 inputs':36} {took:8.2f} s, at most {ANALYSIS_SECONDS_MAX}")
    return took > ANALYSIS_SECONDS_MAX


if __name__ == "__main__":
    sys.exit(any([evaluations(), compiling(), analysing()]))
