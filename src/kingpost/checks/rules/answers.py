"""What the analysis of a decision table has found, in words: gaps, overlaps, silent rows."""

from collections.abc import Iterator, Mapping, Sequence

from kingpost.checks.finding import error, listed, of, value_told, warning
from kingpost.expressions import Compiled
from kingpost.model.model import Model
from kingpost.model.rules import HitPolicy, Rule
from kingpost.rules.analysis.bits import members
from kingpost.rules.analysis.grid import Input
from kingpost.rules.analysis.table import GAPS_MAX, Analysis, Example, analyse
from kingpost.values.diagnostic import Diagnostic

_BEYOND = "is beyond the search for gaps and overlaps"


def check_answers(
    model: Model, rule: Rule, inputs: Sequence[Input], asked: Sequence[Compiled]
) -> Iterator[Diagnostic]:
    """Find what a table does not answer, answers twice, and rows that never answer.

    inputs: its columns. asked: the expressions that they test.
    """
    found = analyse(inputs, len(rule.rows), _asked_before(rule))
    yield from _check_beyond(model, rule, found)
    yield from _check_gaps(model, rule, found, asked)
    yield from _check_overlaps(model, rule, found)
    yield from _check_silent_rows(model, rule, found)


def _check_beyond(model: Model, rule: Rule, found: Analysis) -> Iterator[Diagnostic]:
    """Say what the analysis has left out, and why: its silence there is no assurance."""
    cells: dict[tuple[str, str], list[int]] = {}
    for one in found.beyond:
        cells.setdefault((one.input, one.why), []).append(one.row)
    columns = [one.id for one in rule.inputs]
    for (name, why), rows in cells.items():
        yield warning(
            model,
            "KP0605",
            of("rule", rule.id, "rows", rows[0], columns.index(name)),
            f"input `{name}` in {_rows(rows)} of rule `{rule.id}` {_BEYOND}: it {why}",
            "Test it with values, comparisons and ranges, or try the rule by scenarios.",
        )
    if not found.finished:
        message = f"rule `{rule.id}` {_BEYOND}: its inputs combine in too many ways"
        advice = "Split it into rules with fewer inputs."
        yield warning(model, "KP0605", of("rule", rule.id), message, advice)


def _check_gaps(
    model: Model, rule: Rule, found: Analysis, inputs: Sequence[Compiled]
) -> Iterator[Diagnostic]:
    """Find inputs that no row accepts."""
    if not found.gaps or _needs_no_row(rule):
        return
    told = ", nor ".join(_when(gap) for gap in found.gaps)
    more = ", to name but some" if len(found.gaps) == GAPS_MAX else ""
    message = f"no row of rule `{rule.id}` answers {told}{more}"
    advice = "Add a row for it, or one with `-` that answers the rest."
    where = of("rule", rule.id, "rows")
    bound = _bound_together(rule, inputs)
    if bound:
        # What two inputs make of one field may never come together as the example has it.
        advice = f"{advice} It may never occur, for {listed(bound)} read the same field."
        yield warning(model, "KP0602", where, message, advice)
    else:
        yield error(model, "KP0602", where, message, advice)


def _check_overlaps(model: Model, rule: Rule, found: Analysis) -> Iterator[Diagnostic]:
    """Find rows that both answer where one may: for each row that is in the way, one finding."""
    if rule.hit_policy not in {HitPolicy.UNIQUE, HitPolicy.ANY}:
        return
    unique = rule.hit_policy is HitPolicy.UNIQUE
    pairs = {
        (row, other)
        for row, others in found.overlaps.items()
        for other in members(others)
        if unique or _differ(rule, row, other)
    }
    differ = "" if unique else ", differently,"
    for (one, other), others in _by_cause(pairs):
        more = f"; so does row {others[0] + 1} with {_rows(others[1:])}" if others else ""
        yield error(
            model,
            "KP0603",
            of("rule", rule.id, "rows", other),
            f"rows {one + 1} and {other + 1} of rule `{rule.id}` both answer{differ}"
            f" {_when(found.example((one, other)))}{more}",
            "Narrow one of them, or write `hit-policy: first`.",
        )


def _check_silent_rows(model: Model, rule: Rule, found: Analysis) -> Iterator[Diagnostic]:
    """Find rows that never answer."""
    for row in sorted((*found.empty, *found.hidden)):
        why, advice = "", "Correct its tests, or remove it."
        if row in found.hidden and rule.hit_policy is HitPolicy.FIRST:
            why, advice = ": the rows above it answer first", "Move it up, or remove it."
        elif row in found.hidden:
            why, advice = ": rows of a higher priority answer first", "Narrow them, or remove it."
        message = f"row {row + 1} of rule `{rule.id}` never answers{why}"
        yield error(model, "KP0604", of("rule", rule.id, "rows", row), message, advice)


def _needs_no_row(rule: Rule) -> bool:
    """Tell whether a table has an answer where no row matches."""
    return rule.lists or rule.counts or any(one.default is not None for one in rule.outputs)


def _asked_before(rule: Rule) -> Mapping[int, int]:
    """Return for each row, as bits, the rows that answer in its place where both match."""
    match rule.hit_policy:
        case HitPolicy.FIRST:
            return {row: (1 << row) - 1 for row in range(len(rule.rows))}
        case HitPolicy.PRIORITY:
            ranks = [_rank(rule, row) for row in rule.rows]
            return {
                row: sum(1 << other for other, one in enumerate(ranks) if one and one < rank)
                for row, rank in enumerate(ranks)
                if rank
            }
        case _:
            return {}


def _rank(rule: Rule, row: tuple[str, ...]) -> tuple[int, ...]:
    """Return the priority of what a row answers, the highest first; nothing where it is computed.

    Source: OMG DMN 1.5, 8.2.8, the order of the output values, output by output.
    """
    ranks: list[int] = []
    for output, cell in zip(rule.outputs, rule.answers_of(row), strict=True):
        word = cell.strip().strip("\"'")
        if output.values and word not in output.values:
            return ()
        if output.values:
            ranks.append(output.values.index(word))
    return tuple(ranks)


def _differ(rule: Rule, one: int, other: int) -> bool:
    """Tell whether two rows do not write the same answers."""
    return rule.answers_of(rule.rows[one]) != rule.answers_of(rule.rows[other])


def _by_cause(
    pairs: set[tuple[int, int]],
) -> Iterator[tuple[tuple[int, int], tuple[int, ...]]]:
    """Yield a pair for each row that is in the way of others, the worst first.

    Returns: the first pair of the row, and where there are more the row with its other partners.
    """
    left = set(pairs)
    while left:
        counts: dict[int, int] = {}
        for row in (row for pair in left for row in pair):
            counts[row] = counts.get(row, 0) + 1
        worst = max(counts, key=lambda row: (counts[row], row))
        mine = sorted(pair for pair in left if worst in pair)
        partners = [one if other == worst else other for one, other in mine[1:]]
        yield mine[0], (worst, *partners) if partners else ()
        left -= set(mine)


def _bound_together(rule: Rule, inputs: Sequence[Compiled]) -> tuple[str, ...]:
    """Return inputs that read a field which another reads as well."""
    return tuple(
        one.id
        for at, one in enumerate(rule.inputs)
        if any(inputs[at].reads & each.reads for each in (*inputs[:at], *inputs[at + 1 :]))
    )


def _rows(rows: Sequence[int]) -> str:
    """Return rows as a sentence names them: `row 2` or `rows 2, 3 and 9`."""
    numbers = [str(row + 1) for row in rows]
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    return f"rows {', '.join(numbers[:-1])} and {numbers[-1]}"


def _when(example: Example) -> str:
    if not example:
        return "always"
    parts = [
        f"`{name}` is `{'null' if value is None else value_told(value)}`"
        for name, value in example.items()
    ]
    return f"when {' and '.join(parts)}"
