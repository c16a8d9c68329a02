"""The difference of two models: its sentences, and that no change of any property escapes it."""

# ruff: noqa: ANN401 - the last test makes values of whatever class the model has.

import dataclasses
import types
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Union, cast, get_args, get_origin

import pytest

from kingpost.model.content import version
from kingpost.model.model import Model
from kingpost.model.parts.classes import class_of, naming_property, properties_of
from kingpost.planning.difference import by_element, changed_elements, differences
from tests.checks.words import SOUND, edited, read

BEFORE = read(SOUND)


def sentences(*edits: tuple[str, str]) -> list[str]:
    return [item.sentence for item in differences(BEFORE, read(edited(dict(edits))))]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "due: 4 working hours",
            "due: 2 working hours",
            (
                "step `judge` is due 2 working hours sooner: within 2 working hours instead of "
                "4 working hours"
            ),
        ),
        (
            "due: 4 working hours",
            "due: 1 working day",
            "step `judge` is due within 1 working day instead of 4 working hours",
        ),
        (
            "fire: 1 working day, water: 2 days",
            "fire: 1 working day, water: 1 day",
            (
                "step `examine` is due by `kind`: fire: 1 working day, water: 1 day instead of "
                "by `kind`: fire: 1 working day, water: 2 days"
            ),
        ),
        (
            'when: "claim.amount > 100"',
            'when: "claim.amount > 2500"',
            (
                "post `head` may decide `grant`, `deny` in `claim/judge` above 2,500 instead of "
                "100 of `claim.amount`"
            ),
        ),
        (
            "outcomes: [grant, deny], when",
            "outcomes: [grant], when",
            (
                "post `head` may decide `grant` in `claim/judge` when `claim.amount > 100` instead "
                "of `grant`, `deny` in `claim/judge` when `claim.amount > 100`"
            ),
        ),
        (
            "seats: 2\n    vacancy: holds",
            "seats: 3\n    vacancy: holds",
            "post `head` has 3 seats instead of 2",
        ),
        (
            "reports-to: head, roles: [clerk]",
            "roles: [clerk]",
            "post `counter` no longer reports to `head`",
        ),
        (
            "    vacancy: holds",
            "    reports-to: control\n    vacancy: holds",
            "post `head` now reports to `control`",
        ),
        (
            "title: Phone",
            "title: Telephone",
            "branch `phone` is called “Telephone” instead of “Phone”",
        ),
        (
            "records: [urgent, receipt]",
            "records: [urgent, receipt, band]",
            "step `examine` now records `band`",
        ),
        (
            "records: [urgent, receipt]",
            "records: [receipt, urgent]",
            "step `examine` records the same as before, in another order",
        ),
        (
            "separate-from: [examine]",
            "separate-from: []",
            "step `judge` is no longer done by another person than `examine`",
        ),
        (
            "go: judge}\n          - {else: both}",
            "go: both}\n          - {else: judge}",
            (
                "step `examine` goes on to `both` when `claim.urgent = true`; else `judge` "
                "instead of `judge` when `claim.urgent = true`; else `both`"
            ),
        ),
        ("join: all", "join: any", "step `both` waits for any of its branches instead of all"),
        (
            "reason: required, then: denied",
            "then: denied",
            "outcome `deny` no longer requires a reason",
        ),
        ("clocks: stop", "clocks: run", "exception `papers-missing` no longer stops the clocks"),
        (
            "raised-by: [clerk]",
            "raised-by: [clerk, judge]",
            "exception `papers-missing` may now be raised by `judge`",
        ),
        (
            "limit: 30 days\n",
            "limit: 20 days\n",
            "step `pay` waits at most 20 days instead of 30 days",
        ),
        (
            '"<= 100", \'"low"\'',
            '"<= 200", \'"low"\'',
            "rule `band` has in row 1 for `amount` `<= 200` instead of `<= 100`",
        ),
        (
            '      - [\'"water"\', "-", \'"low"\']\n',
            "",
            'rule `band` has lost row 3: `"water"`, `-`, `"low"`',
        ),
        ("      - held -> open\n", "", "object `claim` may no longer move `held` → `open`"),
        (
            "      - held -> open\n      - open -> paid\n",
            "      - open -> paid\n      - held -> open\n",
            "object `claim` may move the same as before, in another order",
        ),
        (
            "held:   {title: Held}",
            'held:   {title: Held, always: "claim.receipt = null"}',
            "state `held` now demands `claim.receipt = null`",
        ),
        (
            'promise: {metric: in-time, target: ">= 90 %"}',
            'promise: {metric: in-time, target: ">= 95 %"}',
            "value stream `claims` promises >= 95 % instead of >= 90 %",
        ),
        (
            'edition: "2024"',
            'edition: "2025"',
            "framework `law` is meant in the edition 2025 instead of 2024",
        ),
        (
            '["Mon-Fri 09:00-17:00"]',
            '["Mon-Fri 09:00-18:00"]',
            "calendar `office` is open Mon–Fri 09:00–18:00 instead of Mon–Fri 09:00–17:00",
        ),
        (
            "custodian: head}",
            "custodian: counter}",
            "governance has in line 1 custodian `counter` instead of `head`",
        ),
        (
            '  - {part: "*", custodian: head}',
            '  - {part: "rule/*", custodian: control}\n  - {part: "*", custodian: head}',
            "governance has a new line 1: part rule/*; custodian `control`",
        ),
        (
            "company: Sound Claims",
            "company: Sounder Claims",
            "the company is called “Sounder Claims” instead of “Sound Claims”",
        ),
        (
            "  bank: {title: The bank}",
            "  bank: {title: The bank}\n  post-office: {title: The mail}",
            "interface `post-office` is added, “The mail”",
        ),
    ],
)
def test_a_change_is_told_in_a_sentence(old: str, new: str, expected: str) -> None:
    assert sentences((old, new)) == [expected]


def test_a_new_step_is_told_between_its_neighbours() -> None:
    assert sentences(
        (
            "rule: band, then: examine}",
            "rule: band, then: look}\n      look: {task: Have a look, role: clerk, then: examine}",
        )
    ) == [
        "step `sort` goes on to `look` instead of `examine`",
        "step `look`, a task “Have a look”, is inserted between `sort` and `examine`",
    ]


def test_a_step_in_another_block_has_moved() -> None:
    call = "call: {task: Call, role: clerk, then: "
    letter = "letter: {task: Write, role: clerk, then: done}"
    indent = " " * 16

    assert sentences(
        (f"{call}done}}\n", f"{call}letter}}\n{indent}{letter}  # moved\n"),
        (
            f"{letter}\n        then: judge",
            "stamp: {task: Stamp, role: clerk, then: done}\n        then: judge",
        ),
    ) == [
        "step `call` goes on to `letter` instead of out of the branch",
        (
            "step `letter` stands in the branch `phone` of `both` instead of "
            "in the branch `post` of `both`"
        ),
        "step `stamp`, a task, is inserted alone",
    ]


def test_a_step_of_another_kind_is_the_same_step() -> None:
    assert sentences(
        (
            "      sort: {title: Sort, rule: band, then: examine}",
            "      sort: {task: Sort, role: clerk, then: examine}",
        )
    ) == [
        "step `sort` is a task instead of a rule",
        "step `sort` is now done by `clerk`",
        "step `sort` no longer evaluates `band`",
    ]


def test_another_order_is_told_with_the_fewest_moves() -> None:
    first = "      receipt:  {title: Receipt, type: text}\n"
    fields = "    fields:\n"

    assert sentences((first, ""), (fields, fields + first)) == [
        "field `receipt` stands now before `claimant`"
    ]


def test_a_post_with_another_id_is_another_post() -> None:
    assert sentences(("control: {title: Control, unit", "watch: {title: Control, unit")) == [
        "post `watch` is added, “Control”",
        "post `control` is removed",
    ]


def test_a_post_that_says_what_it_was_is_renamed() -> None:
    edits = {
        "counter: {title: Counter, unit: desk,": (
            "window: {title: Counter, was: counter, unit: house,"
        ),
        "else: counter": "else: window",
        "  desk: {title: Desk, calendar: office}": (
            "  house: {title: Desk, was: desk, calendar: office}"
        ),
        "    title: Head\n    unit: desk": "    title: Head\n    unit: house",
        "control: {title: Control, unit: desk": "control: {title: Control, unit: house",
    }
    after = read(edited(edits))

    assert [item.sentence for item in differences(BEFORE, after)] == [
        "unit `house` was called `desk`",
        "post `window` was called `counter`",
    ]
    assert {"post/counter", "post/window", "post/control"} <= set(changed_elements(BEFORE, after))


def test_layout_and_order_of_elements_mean_nothing() -> None:
    text = SOUND.replace(
        "  desk: {title: Desk, calendar: office}", "  desk:\n    calendar: office\n    title: Desk"
    )
    counter, control = (
        next(line for line in SOUND.splitlines() if line.startswith(f"  {name}: "))
        for name in ("counter", "control")
    )
    text = text.replace(f"{counter}\n{control}", f"{control}\n{counter}")

    assert differences(BEFORE, read(f"# Another layout\n{text}")) == ()


def test_differences_stand_by_element_with_both_values() -> None:
    after = read(
        edited(
            {"due: 4 working hours": "due: 2 working hours", 'edition: "2024"': 'edition: "2025"'}
        )
    )

    found = by_element(differences(BEFORE, after))

    assert list(found) == ["workflow/claim", "framework/law"]
    (edition,) = found["framework/law"]
    assert (edition.kind, edition.address, edition.property_name) == (
        "changed",
        "framework/law",
        "edition",
    )
    assert (edition.before, edition.after) == ("2024", "2025")
    assert changed_elements(BEFORE, after) == ("framework/law", "workflow/claim")


# Every property of every class, changed once: each change is found.


def other(hint: Any, value: Any) -> Any:
    """Return another value of a type, or the same where the type has no other."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        inner = next(item for item in arguments if item is not type(None))
        return sample(inner) if value is None else None
    if origin is tuple:
        return value[:-1] if value else (sample(arguments[0]),)
    if origin is frozenset:
        return frozenset[Any](() if value else (sample(arguments[0]),))
    if isinstance(value, bool):
        return not value
    if isinstance(value, Enum):
        return next((item for item in type(value) if item is not value), value)
    if isinstance(value, str):
        return f"{value}-x"
    return value + 1 if isinstance(value, int | Decimal) else sample(hint)


def sample(hint: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return None
    if origin is tuple and get_args(hint)[-1] is not Ellipsis:
        return tuple(sample(kind) for kind in get_args(hint))
    if origin is not None:
        return cast("Any", origin)(())
    if dataclasses.is_dataclass(hint):
        return cast("Any", hint)(
            **{name: sample(kind) for name, kind in properties_of(hint).items()}
        )
    if issubclass(hint, Enum):
        return next(iter(hint))
    return {str: "x", int: 7, bool: True, Decimal: Decimal(7), date: date(2026, 1, 1)}[hint]


def mutants(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the value with one property changed, for each at any depth, and what was changed."""
    kind = class_of(value)
    for name, hint in properties_of(kind).items():
        held = getattr(value, name)
        named = f"{kind.__name__}.{name}"
        if not isinstance(held, Mapping) and name != naming_property(kind):
            yield named, dataclasses.replace(value, **{name: other(hint, held)})
        for inner, changed in inside(held):
            yield inner, dataclasses.replace(value, **{name: changed})


def inside(held: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(held, Mapping):
        members = cast("Mapping[str, Any]", held)
        for key, item in members.items():
            yield from ((named, {**members, key: changed}) for named, changed in inside(item))
    elif isinstance(held, tuple):
        items = cast("tuple[Any, ...]", held)
        for index, item in enumerate(items):
            for named, changed in inside(item):
                yield named, (*items[:index], changed, *items[index + 1 :])
    elif dataclasses.is_dataclass(held):
        yield from mutants(held)


def test_no_change_of_any_property_escapes() -> None:
    seen: set[str] = set()
    for named, after in mutants(BEFORE):
        assert isinstance(after, Model)
        if version(after) == version(BEFORE):
            continue
        seen.add(named)
        found = differences(BEFORE, after)
        assert found, named
        assert all(item.sentence and "{}" not in item.sentence for item in found), named
        assert differences(after, BEFORE), named

    assert {"Grant.when", "Due.spans", "Target.value", "Exceptional.stops_clocks"} <= seen


def test_the_words_know_no_property_that_is_gone() -> None:
    from kingpost.model.parts.classes import model_classes  # noqa: PLC0415 - for this test alone
    from kingpost.planning.phrasing import PHRASES  # noqa: PLC0415 - for this test alone

    known = {
        (ancestor, name)
        for kind in model_classes()
        for ancestor in kind.__mro__
        for name in properties_of(kind)
    }
    made = {name for _, name in PHRASES if name in {"kind", "block"}}

    assert {key for key in PHRASES if key not in known and key[1] not in made} == set()


def test_what_a_post_may_decide_is_a_part_of_its_own() -> None:
    after = read(edited({'when: "claim.amount > 100"': 'when: "claim.amount > 2500"'}))

    assert changed_elements(BEFORE, after) == ("post/head/authority",)
