"""What a model means once it is read: the small forms, the places, the version, any split."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kingpost.model.content import content, from_content, version
from kingpost.model.intent import Comparison, Metric, MetricKind, Population, Target
from kingpost.model.model import Model
from kingpost.model.objects import Move
from kingpost.model.organisation import Vacancy
from kingpost.model.workflow import (
    Addressee,
    Decision,
    Due,
    End,
    JoinKind,
    Parallel,
    Route,
    Task,
    Wait,
)
from kingpost.notation import Memory, read_model
from kingpost.values.business_time import Opening
from kingpost.values.diagnostic import Place
from kingpost.values.span import Span
from tests.notation.words import COMPANY

EXAMPLE = Path(__file__).parents[2] / "examples" / "service-desk"
TEXTS = {path.name: path.read_text() for path in sorted(EXAMPLE.glob("*.yaml"))}
DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
SINGLE = {"kingpost", "company", "timezone", "governance"}


def read(texts: Mapping[str, str]) -> Model:
    reading = read_model(texts)
    assert reading.model is not None, reading.diagnostics
    return reading.model


def read_with_company(text: str) -> Model:
    return read({"company.yaml": COMPANY, "text.yaml": text})


MODEL = read(TEXTS)
# The example as plain values, to be written out again in other ways.
PLAIN: dict[str, Any] = {}
for _text in TEXTS.values():
    for _section, _value in yaml.load(_text, Loader=yaml.BaseLoader).items():
        PLAIN[_section] = {**PLAIN.get(_section, {}), **_value} if type(_value) is dict else _value
ELEMENTS = [
    (section, name) for section, value in PLAIN.items() if section not in SINGLE for name in value
]


def written(sections: Mapping[str, Any]) -> str:
    """Write plain values as YAML; a number or truth is written without quotation marks again."""
    text = yaml.dump(sections, Dumper=DUMPER, sort_keys=False, allow_unicode=True, width=1000)
    return re.sub(r": '(true|false|[0-9]+)'\n", r": \1\n", text)


def test_the_example_is_read() -> None:
    steps = {step.id: step for step in MODEL.workflows["incident"].all_steps()}
    restore, triage = steps["restore"], steps["triage"]

    assert MODEL.company == "Meridian IT Services"
    assert isinstance(restore, Parallel)
    assert isinstance(triage, Task)
    assert (restore.join, restore.named) == (JoinKind.NAMED, ("handling",))
    assert triage.title == "Take in and send on"
    assert triage.to.field == "assignment-group"
    assert triage.then == (Route("done", "incident.first-line = true"), Route("work"))
    assert isinstance(steps["confirm-priority"], Decision)
    assert steps["closed"] == End("closed", "Closed", state="closed")


def test_a_model_comes_back_from_its_content() -> None:
    assert from_content(cast("Mapping[str, Any]", content(MODEL))) == MODEL


@given(files=st.lists(st.integers(0, 5), min_size=len(ELEMENTS), max_size=len(ELEMENTS)))
def test_any_split_gives_the_same_version(files: list[int]) -> None:
    split: dict[int, dict[str, Any]] = {0: {name: PLAIN[name] for name in SINGLE}}
    for (section, name), file in zip(ELEMENTS, files, strict=True):
        split.setdefault(file, {}).setdefault(section, {})[name] = PLAIN[section][name]

    again = read({f"part-{file}.yaml": written(part) for file, part in split.items()})

    assert again == MODEL
    assert version(again) == version(MODEL)


def test_the_order_of_properties_means_nothing() -> None:
    one = read_with_company("posts: {p: {unit: u, roles: [a, b]}, q: {seats: 2, unit: u}}")
    other = read_with_company("posts: {q: {unit: u, seats: 2}, p: {roles: [a, b], unit: u}}")

    assert version(one) == version(other)


def steps_of(steps: str) -> str:
    return (
        "objects: {o: {custodian: p, states: {s: }, fields:\n"
        "  {f: {type: choice, of: [high, low]}}}}\n"
        "workflows:\n"
        "  w: {object: o, owner: p, prefix: WW, begins: {}, steps: {\n"
        f"{steps}\n"
        "  }}"
    )


def test_the_order_of_lengths_is_that_of_the_choices() -> None:
    due = "a: {{task: A, role: r, due: {{by: f, {}}}, then: a}}"
    one = read_with_company(steps_of(due.format("high: 1 hour, low: 2 days")))
    other = read_with_company(steps_of(due.format("low: 2 days, high: 1 hour")))

    (step,) = other.workflows["w"].steps
    assert step.due == Due(field="f", spans=(("high", Span(1, "hour")), ("low", Span(2, "day"))))
    assert version(one) == version(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            steps_of("a: {rule: r, then: b}, b: {rule: r, then: a}"),
            steps_of("b: {rule: r, then: a}, a: {rule: r, then: b}"),
        ),
        (
            steps_of("a: {rule: r, then: [{when: x, go: b}, {when: y, go: c}]}"),
            steps_of("a: {rule: r, then: [{when: y, go: c}, {when: x, go: b}]}"),
        ),
        (
            "rules: {r: {object: o, inputs: {a: b}, outputs: [c], rows: [[d, e], [f, g]]}}",
            "rules: {r: {object: o, inputs: {a: b}, outputs: [c], rows: [[f, g], [d, e]]}}",
        ),
    ],
    ids=["steps", "routes", "rows"],
)
def test_the_order_of_work_means_something(one: str, other: str) -> None:
    assert version(read_with_company(one)) != version(read_with_company(other))


@pytest.mark.parametrize("word", ["no", "on", "1.0", "null", "~", "2026-01-01", "0x10", "1e3"])
def test_nothing_is_taken_for_what_it_is_not(word: str) -> None:
    model = read_with_company(f"roles: {{r: {{title: {word}}}}}")

    assert model.roles["r"].title == word


def test_a_title_is_the_words_of_the_id() -> None:
    model = read_with_company("roles: {second-approver: , clerk: {}}")

    assert [role.title for role in model.roles.values()] == ["Clerk", "Second approver"]


def test_letters_have_one_form() -> None:
    one = read_with_company("roles: {r: {title: Re\u0301viseur}}")
    other = read_with_company("roles: {r: {title: R\u00e9viseur}}")

    assert version(one) == version(other)


@pytest.mark.parametrize(
    ("written_target", "target"),
    [
        (">= 80 %", Target(Comparison.AT_LEAST, Decimal(80))),
        ("< 98.50 %", Target(Comparison.LESS, Decimal("98.5"))),
        ("<= 2 days", Target(Comparison.AT_MOST, Decimal(172_800))),
        (">5", Target(Comparison.MORE, Decimal(5))),
    ],
)
def test_a_target_is_a_bound(written_target: str, target: Target) -> None:
    measure = f'{{m: {{metric: x, target: "{written_target}"}}}}'
    model = read_with_company(f"objectives: {{o: {{owner: p, measures: {measure}}}}}")

    assert model.objectives["o"].measures[0].target == target


def test_a_calendar_has_hours_and_holidays() -> None:
    model = read_with_company(
        "calendars:\n"
        "  a: {hours: always}\n"
        '  b: {title: B, hours: ["Sat 09:00-24:00", "Mon,Wed-Thu 08:00-12:30"],\n'
        "      holidays: [2026-12-25], timezone: Europe/Amsterdam}\n"
    )

    a, b = model.calendars.values()
    assert (a.name, a.zone, a.openings) == ("a", "Europe/Lisbon", ())
    assert (b.title, b.zone, b.holidays) == ("B", "Europe/Amsterdam", {date(2026, 12, 25)})
    assert b.openings == (
        *(Opening(day, 480, 750) for day in (0, 2, 3)),
        Opening(5, 540, 1440),
    )


def test_a_vacant_post_says_who_acts() -> None:
    model = read_with_company(
        "posts:\n"
        "  a: {unit: u}\n"
        "  b: {unit: u, vacancy: holds}\n"
        "  c: {unit: u, vacancy: {falls-to: superior}}\n"
        "  d: {unit: u, vacancy: {falls-to: a}}\n"
    )

    assert [(post.vacancy, post.falls_to) for post in model.posts.values()] == [
        (None, None),
        (Vacancy.HOLD, None),
        (Vacancy.SUPERIOR, None),
        (Vacancy.POST, "a"),
    ]


def test_a_metric_looks_at_cases_steps_or_states() -> None:
    model = read_with_company(
        "metrics:\n"
        "  a: {count-of: workflow/w, window: 30 days}\n"
        "  b: {share-of: workflow/w/step/s, that: within-due}\n"
        "  c: {percentile-85-of: workflow/w/state/t, where: x}\n"
    )

    a, b, c = model.metrics.values()
    assert a == Metric("a", "A", MetricKind.COUNT, Population.CASE, "w", window=Span(30, "day"))
    assert b == Metric("b", "B", MetricKind.SHARE, Population.STEP, "w", name="s", within_due=True)
    assert c == Metric(
        "c", "C", MetricKind.PERCENTILE_85, Population.STATE, "w", name="t", where="x"
    )


def test_moves_start_in_a_state_or_in_all() -> None:
    model = read_with_company(
        "objects: {o: {custodian: p, fields: {f: {type: text}}, states: {a: , b: },\n"
        '  moves: [a -> b, "* -> a"]}}'
    )

    assert model.objects["o"].moves == (Move("a", "b"), Move("*", "a"))


def test_a_wait_and_a_parallel_step_take_their_short_forms() -> None:
    model = read_with_company(
        steps_of(
            "a: {wait: A, limit: 3 working days, then: b},\n"
            "b: {parallel: {join: any, branches: {c: {steps:\n"
            "  {d: {task: D, role: r, to: {post: p}, then: done}}}}}, then: e},\n"
            "e: {end: true}"
        )
    )

    wait, parallel, _ = model.workflows["w"].steps
    assert wait == Wait("a", "A", limit=Span(3, "day", working=True), then=(Route("b"),))
    assert isinstance(parallel, Parallel)
    assert (parallel.join, parallel.branches[0].title) == (JoinKind.ANY, "C")
    (task,) = parallel.branches[0].steps
    assert isinstance(task, Task)
    assert task.to == Addressee(post="p")


def test_everything_keeps_its_place() -> None:
    text = (
        "rules:\n"
        "  r: {object: o, inputs: {a: b}, outputs: [c], rows:\n"
        "    [[d, e],\n"
        "     [f, g]]}\n"
        "objectives: {o: {owner: p, measures: {m: {metric: x, target: '< 1'}}}}\n"
        "governance: [{part: '*', custodian: p}]\n"
    )
    model = read_with_company(text)

    assert model.place("rule/r") == Place("text.yaml", 2, 3)
    assert model.place("rule/r", "rows", 1, 1) == Place("text.yaml", 4, 10)
    assert model.place("rule/r", "inputs", "a") == Place("text.yaml", 2, 27)
    assert model.place("objective/o/measure/m") == Place("text.yaml", 5, 39)
    assert model.place("objective/o", "measures", "m", "metric") == Place("text.yaml", 5, 51)
    assert model.place("governance/1", "custodian") == Place("text.yaml", 6, 37)
    assert model.place("model", "company") == Place("company.yaml", 2, 10)


def test_steps_and_exceptions_have_places_of_their_own() -> None:
    lines = TEXTS["incident.yaml"].splitlines()

    for address, key in [
        ("workflow/incident/step/triage", "triage:"),
        ("workflow/incident/exception/user-info-missing", "user-info-missing:"),
    ]:
        place = MODEL.place(address)
        assert place is not None
        assert lines[place.line - 1][place.column - 1 :].startswith(key)


def test_places_are_no_part_of_a_model() -> None:
    assert replace(MODEL, places={}) == MODEL


@given(st.text())
def test_no_text_raises(text: str) -> None:
    reading = read_model({"a.yaml": text})

    assert reading.model is None
    assert reading.diagnostics


@given(
    st.lists(
        st.sampled_from(
            [*"\n:{}[]-,&*!'\"|>#? ", "\n  ", "\n    ", "a", "posts:", "p: ", "unit: ", "then: ",
             "<<: ", "workflows: ", "steps: ", "task: ", "- ", "\t", "---\n", "due: ", "1", "true"]
        )
    ).map("".join)
)  # fmt: skip
def test_nothing_like_a_model_raises(text: str) -> None:
    read_model({"company.yaml": COMPANY, "a.yaml": text})


@given(data=st.data())
def test_no_damage_raises(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TEXTS)))
    text = TEXTS[name]
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 30))
    filling = data.draw(st.sampled_from(["", "*x", "[]", "{}", "\n", "x", "&a ", "1", ": ", "'"]))

    read_model({**TEXTS, name: text[:start] + filling + text[start + length :]})


def test_a_list_with_a_group_has_the_same_places_when_it_is_read_again() -> None:
    text = (
        "objects: {o: {custodian: p, fields: {d: {type: text},\n"
        "  a: {type: group, fields: {b: {type: text}, c: {type: text}}}},\n"
        "  states: {new: {begin: true}}}}\n"
        "workflows: {w: {object: o, owner: p, begins: {roles: [r],\n"
        "  form: [a,\n"
        "    d]}, steps: {e: {end: true}}}}\n"
    )
    memory = Memory()

    for _ in range(3):
        model = read_model({"company.yaml": COMPANY, "text.yaml": text}, memory).model
        assert model is not None
        assert model.workflows["w"].begins.form == ("a.b", "a.c", "d")
        places = [model.place("workflow/w", "begins", "form", index) for index in range(3)]
        assert [place.line for place in places if place] == [5, 5, 6]
        assert "workflow/w#begins.form.2" in list(model.places)
        assert len(model.places) == len(set(model.places))
