"""The forms of scenarios: what is given, what happens, and what must then be so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kingpost.model.scenario import (
    Act,
    Deed,
    Entry,
    Expectation,
    Given,
    Passing,
    Scenario,
    Who,
    Written,
)
from kingpost.model.steps.deciding import ReviewFinding
from kingpost.notation.codes import Code
from kingpost.notation.elements.naming import TITLE
from kingpost.notation.elements.stories.expecting import EXPECTATION
from kingpost.notation.elements.stories.values import NAMES, NO_RECORD, RECORD, WRITTEN, by_name
from kingpost.notation.findings import Spot
from kingpost.notation.forms import (
    Form,
    Kinds,
    MapOf,
    Opened,
    defaulted,
    optional,
    required,
)
from kingpost.notation.phrases import (
    AMOUNT,
    LOCAL_TIME,
    REFERENCE,
    SPAN,
    TEXT,
    one_of,
    word,
)
from kingpost.notation.reports import report_both, report_unknown
from kingpost.notation.shapes import NOTHING, ByKind, ListOf, Made, Schema, Shape, unfit
from kingpost.notation.syntax.tree import Entry as Line
from kingpost.notation.syntax.tree import Mapped, Node, Scalar

# --- who -----------------------------------------------------------------------------------------

_POST = optional("post", REFERENCE, "the post whose holder acts")
_PERSON = optional("person", REFERENCE, "the person who acts, one of those given")
_AS = optional("as", REFERENCE, "the post in which the person acts")
_INTERFACE = optional("interface", REFERENCE, "the system that acts")
_WHO = (_POST, _PERSON, _AS, _INTERFACE)
_EITHER = ("post", "person", "interface")
_SYSTEM = {"system": "Write `interface`."}


def _who(of: Opened) -> Who:
    return Who(of[_POST], of[_PERSON], of[_INTERFACE], of[_AS])


# --- given ---------------------------------------------------------------------------------------

_AT = optional("at", LOCAL_TIME, "when the case begins, in the zone of the company")
_PEOPLE: Any = defaulted(
    "people", by_name(NAMES), NO_RECORD, "persons by name, each with the posts that it holds"
)
_FAILS: Shape[None] = Made(word("fails"), lambda _, __: None)
_ANSWER: Shape[Mapping[str, Written]] = Made(
    MapOf(Made(WRITTEN, lambda spot, value: (spot.id, value)), members=True),
    lambda _, pairs: dict(pairs),
)
_ANSWERED: Shape[Any] = ByKind("`fails`, or the members of an answer", _FAILS, mapped=_ANSWER)


def _each_time(expected: str) -> Shape[Any]:
    """Return the shape of what comes of a step: once and for good, or one time after the other."""
    return by_name(
        ByKind(
            expected,
            text=Made(_FAILS, lambda _, one: (one,)),
            listed=ListOf(_ANSWERED, least=1, distinct=False),
            mapped=Made(_ANSWER, lambda _, one: (one,)),
        )
    )


_CALLS: Any = defaulted(
    "calls",
    _each_time("`fails`, the members of an answer, or a list of these"),
    NO_RECORD,
    "by call, what the other system answers, or `fails`; a list for one time after the other",
)
_CASES: Any = defaulted(
    "cases",
    _each_time("`fails`, the record of a case at its end, or a list of these"),
    NO_RECORD,
    "by step, the record and `state` with which each case ends that it begins, or `fails`",
)
_USED_WORDS = "by post and decision, what is used of its allowance before the story begins"
_USED: Any = defaulted("used", by_name(by_name(AMOUNT)), NO_RECORD, _USED_WORDS)
_VACANT = defaulted("vacant", NAMES, (), "the posts that nobody holds")


def _circumstances(of: Opened) -> Given:
    starter = _who(of) if any(of.has(each) for each in _WHO) else None
    answers = (of[_CALLS], of[_CASES], of[_USED])
    return Given("", {}, starter, of[_AT], of[_PEOPLE], of[_VACANT], *answers)


_CIRCUMSTANCES = Form(
    "given",
    (*_WHO, _AT, _PEOPLE, _VACANT, _CALLS, _CASES, _USED),
    _circumstances,
    goes_with={"as": "person"},
    advice=_SYSTEM,
)


@dataclass(frozen=True, slots=True)
class _GivenShape:
    """The record under the name of its object, with the circumstances beside it."""

    expected: str = "a mapping such as `{incident: {…}}`"

    def read(self, spot: Spot, node: Node) -> Given:
        if not isinstance(node, Mapped):
            unfit(spot, node, self.expected)
            return NOTHING
        known = tuple(each.name for each in _CIRCUMSTANCES.properties)
        records = [line for line in node.entries if line.key not in known and _is_record(line)]
        rest = tuple(line for line in node.entries if line not in records)
        given = _CIRCUMSTANCES.read(spot, Mapped(rest, node.place, node.whole))
        line = self._record(spot, records, known)
        if line is None or not given:
            return given
        record = RECORD.read(spot.into(line.key, line.value.place), line.value)
        return replace(given, object=line.key, record=record)

    def schema(self, definitions: Schema) -> Schema:
        reference = _CIRCUMSTANCES.schema(definitions)
        definitions["given"]["additionalProperties"] = RECORD.schema(definitions)
        return reference

    def _record(self, spot: Spot, records: list[Line], known: tuple[str, ...]) -> Line | None:
        """Return the one line that holds the record, or None; report all that are too many."""
        if len(records) == 1:
            return records[0]
        misspelt = [line for line in records if spot.nearest(line.key, known)]
        for line in misspelt:
            report_unknown(spot, "given", line, known)
        left = [line for line in records if line not in misspelt]
        if len(left) > 1:
            report_both(spot, left[0].key, left[1])
        return left[0] if len(left) == 1 else None


def _is_record(line: Line) -> bool:
    return isinstance(line.value, Mapped) or (isinstance(line.value, Scalar) and line.value.empty)


# --- what happens --------------------------------------------------------------------------------

_RECORDS: Any = defaulted("records", RECORD, NO_RECORD, "what is recorded with it")
_REASON = defaulted("reason", TEXT, "", "the reason that is given")
_IN = optional("in", REFERENCE, "the step, when it could be several")
_IS_FINDING: Shape[str] = Made(one_of(ReviewFinding), lambda _, finding: finding.value)
_OUTCOME = required("outcome", REFERENCE, "the outcome that is taken")
_ENDING = required("ending", REFERENCE, "the ending that is chosen")
_FINDING = required("finding", _IS_FINDING, "what comes of the review: kept, or to-correct")
_CHOICES = (_OUTCOME, _ENDING, _FINDING)


def _act(deed: Deed, about: str, *more: Any) -> Form[Entry]:  # noqa: ANN401 - properties of any type
    """Return the form of one kind of act. more: what may or must be said besides."""
    name = required(deed.value, REFERENCE, about)

    def build(of: Opened) -> Entry:
        return Act(
            who=_who(of),
            deed=deed,
            name=of[name],
            choice=next(
                (str(of[each]) for each in (_OUTCOME, _ENDING, _FINDING) if of.has(each)), ""
            ),
            step=of[_IN],
            records=of[_RECORDS],
            reason=of[_REASON],
        )

    return Form(
        f"act that {deed.value}",
        (*_WHO, name, *more),
        build,
        one_of=_EITHER,
        goes_with={"as": "person"},
        advice=_SYSTEM,
    )


_WAIT = required("wait", SPAN, "how long nothing is done; what falls due takes effect")
_UNTIL = required("at", LOCAL_TIME, "until when nothing is done; what falls due takes effect")
_EXPECT = required("expect", EXPECTATION, "what must be so at this point")

_ENTRY: Kinds[Entry] = Kinds(
    "happening",
    {
        "does": _act(Deed.COMPLETE, "the task that is completed", _RECORDS),
        "decides": _act(Deed.DECIDE, "the decision that is taken", _OUTCOME, _RECORDS, _REASON),
        "saves": _act(Deed.RECORD, "the step at which fields are recorded", _RECORDS),
        "takes": _act(Deed.TAKE, "the task or decision that is taken on"),
        "raises": _act(Deed.RAISE, "the exception that is raised", _IN, _RECORDS, _REASON),
        "resolves": _act(
            Deed.RESOLVE, "the exception that is resolved", _ENDING, _IN, _RECORDS, _REASON
        ),
        "overrides": _act(
            Deed.OVERRIDE, "the decision that is overridden", _OUTCOME, _RECORDS, _REASON
        ),
        "confirms": _act(Deed.CONFIRM, "the decision whose override is confirmed", _REASON),
        "declines": _act(Deed.DECLINE, "the decision whose override is declined", _REASON),
        "reviews": _act(Deed.REVIEW, "the decision whose override is reviewed", _FINDING, _REASON),
        "delivers": _act(Deed.DELIVER, "the message that arrives", _IN, _RECORDS, _REASON),
        "wait": Form("pause", (_WAIT,), lambda of: Passing(span=of[_WAIT])),
        "at": Form("moment", (_UNTIL,), lambda of: Passing(until=of[_UNTIL])),
        "expect": Form("check on the way", (_EXPECT,), lambda of: of[_EXPECT]),
    },
    advice={"answers": "Write in `calls` of `given` what a system answers, by the step that asks."},
)


# --- scenarios -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Single:
    """One expectation in place of a list; its parts are found as those of a list's first."""

    expected: str = EXPECTATION.expected

    def read(self, spot: Spot, node: Node) -> tuple[Expectation, ...]:
        return (EXPECTATION.read(spot.into(0, node.place), node),)

    def schema(self, definitions: Schema) -> Schema:
        return EXPECTATION.schema(definitions)


_WORKFLOW = optional("workflow", REFERENCE, "the workflow, when several work on the object")
_AFTER = optional("after", REFERENCE, "another scenario whose story is told first")
_GIVEN = defaulted(
    "given", _GivenShape(), Given(""), "the record that the case begins with, and who there is"
)
_WHEN = defaulted("when", ListOf(_ENTRY), (), "what happens, in order")
_THEN = required(
    "then",
    ByKind(
        "an expectation or a list of them",
        mapped=_Single(),
        listed=ListOf(EXPECTATION, least=1),
    ),
    "what must be so at the end",
)


def _scenario(of: Opened) -> Scenario:
    given = of[_GIVEN]
    if not given.object and not of.has(_AFTER):
        message = f"{of.spot.label} does not say which record its case begins with"
        help_text = "Add the record to `given`, such as `incident: {…}`."
        of.spot.report(Code.MISSING, message, help_text)
    return Scenario(of.id, of.titled(TITLE), given, of[_WHEN], of[_THEN], of[_WORKFLOW], of[_AFTER])


SCENARIOS = MapOf(
    Form("scenario", (TITLE, _WORKFLOW, _AFTER, _GIVEN, _WHEN, _THEN), _scenario), "scenario/"
)
