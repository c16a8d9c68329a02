"""The kit's models as drafts of rules: what is told as executed answers what the kit expects."""

import sys
from collections import Counter
from functools import cache

import pytest

from kingpost.exchange.dmn.exporting import export_rules
from kingpost.exchange.dmn.reading import read_dmn
from kingpost.exchange.dmn.writing import write_dmn
from kingpost.exchange.remarks import Remark, Verdict
from kingpost.rules.graphs import Graph, compile_graph
from tests.conformance.drafts import Answer, asked, draft, given
from tests.conformance.kit import KIT, NOW, Case, UnreadableError, agrees, cases, files

DECISIONS = 3474
EXECUTED_MIN, TAKEN_MIN = 1_909, 1_956
RIGHT_MIN, EXPORTED_MIN = 1_886, 1_948

pytestmark = [
    pytest.mark.skipif(not KIT.exists(), reason="the conformance kit is not beside us"),
    pytest.mark.slow,
]


@cache
def answered() -> list[tuple[Case, Remark, Answer]]:
    return [(case, remark, answer) for case in cases() for remark, answer in asked(case)]


def test_no_rule_that_is_told_as_executed_answers_otherwise_than_the_kit_expects(
    capsys: pytest.CaptureFixture[str],
) -> None:
    score = Counter((remark.verdict.value, answer.value) for _, remark, answer in answered())
    with capsys.disabled():
        sys.stdout.write("".join(f"\n{key}: {count}" for key, count in sorted(score.items())))

    wrong = [
        f"{case.name}: {remark.name}"
        for case, remark, answer in answered()
        if remark.verdict is Verdict.EXECUTED and answer is Answer.WRONG
    ]

    assert wrong == []
    assert score["executed", "right"] >= RIGHT_MIN


def test_the_share_that_is_taken_over_does_not_fall(capsys: pytest.CaptureFixture[str]) -> None:
    told = [
        remark.verdict
        for path in files()
        if path.endswith(".dmn")
        for remark in draft(path).taken.remarks
        if remark.kind == "decision" and remark.line
    ]
    with capsys.disabled():
        sys.stdout.write(f"\n{Counter(verdict.value for verdict in told)}")

    assert len(told) == DECISIONS
    assert told.count(Verdict.EXECUTED) >= EXECUTED_MIN
    assert len(told) - told.count(Verdict.REFUSED) >= TAKEN_MIN


def test_a_draft_that_is_exported_again_answers_as_it_does_here() -> None:
    compared = 0
    for case, remark, answer in answered():
        if case.service or answer is Answer.OPEN:
            continue
        try:
            values = given(draft(case.model), case)
        except UnreadableError:
            continue
        rule = remark.becomes.removeprefix("rule/")
        node = exported(case.model).find(rule)
        assert node is not None
        here = draft(case.model).book.decide(rule, values)[-1].value
        there = exported(case.model).evaluate(node, values, now=NOW).value
        # Where no row of a collecting table matches, the standard answers null.
        assert agrees(there, here) or (there or []) == (here or []), (case.name, rule)
        compared += 1

    assert compared >= EXPORTED_MIN


@cache
def exported(path: str) -> Graph:
    text = write_dmn(export_rules(draft(path).book.model).definitions).text
    graph = compile_graph(read_dmn(text.encode(), "again.dmn").definitions)
    assert graph.faults == ()
    return graph
