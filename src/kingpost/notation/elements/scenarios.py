"""The forms of scenarios: what is given, what happens, and what must then be so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar, cast

from kingpost.model.scenario import (
    Act,
    Deed,
    DutyStatus,
    Entry,
    Expectation,
    Given,
    Passing,
    Scenario,
    Who,
    Written,
)
from kingpost.notation.codes import Code
from kingpost.notation.elements.naming import TITLE
from kingpost.notation.findings import Spot
from kingpost.notation.forms import (
    Deferred,
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
    YES_NO,
    one_of,
    word,
)
from kingpost.notation.reports import report_both, report_unknown
from kingpost.notation.shapes import NOTHING, ByKind, ListOf, Made, Schema, Shape, unfit
from kingpost.notation.syntax.tree import Entry as Line
from kingpost.notation.syntax.tree import Mapped, Node, Scalar

T = TypeVar("T")
Record: TypeAlias = dict[str, Written]


# --- names and values ----------------------------------------------------------------------------


def _by_name(shape: Shape[T]) -> Shape[Mapping[str, T]]:
    """Return the shape of a mapping from ids to what another shape reads."""
    pairs = MapOf(Made(shape, lambda spot, value: (spot.id, value)))
    return Made(pairs, lambda _, read: dict(read))


def _flat(pairs: tuple[tuple[str, Any], ...]) -> Record:
    """Return the values of a record by field; those of a group under `group.field`."""
    flat: Record = {}
    for name, value in pairs:
        if isinstance(value, dict):
            inner = cast("Record", value)
            flat.update({f"{name}.{field}": each for field, each in inner.items()})
        else:
            flat[name] = value
    return flat


_VALUE: Shape[Any] = ByKind(
    "a value, a list of values, or the fields of a group",
    text=TEXT,
    listed=ListOf(TEXT, distinct=False),
    mapped=Deferred(lambda: _RECORD),
)
_WRITTEN: Shape[Written] = ByKind(
    "a value or a list of values", text=TEXT, listed=ListOf(TEXT, distinct=False)
)
_PAIRS: Shape[Record] = Made(
    MapOf(Made(_VALUE, lambda spot, value: (spot.id, value))), lambda _, pairs: _flat(pairs)
)


@dataclass(frozen=True, slots=True)
class _RecordShape:
    """Values by field; a group holds values by field of its own, and so on."""

    expected: str = _PAIRS.expected

    def read(self, spot: Spot, node: Node) -> Record:
        return _PAIRS.read(spot, node)

    def schema(self, definitions: Schema) -> Schema:
        if "record" not in definitions:
            made: Schema = {}
            definitions["record"] = made
            made.update(_PAIRS.schema(definitions))
        return {"$ref": "#/$defs/record"}


_RECORD = _RecordShape()
_NAMES: Shape[tuple[str, ...]] = ByKind(
    "an id or a list of ids",
    text=Made(REFERENCE, lambda _, name: (name,)),
    listed=ListOf(REFERENCE),
)
_NO_RECORD: Any = {}


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
    "people", _by_name(_NAMES), _NO_RECORD, "persons by name, each with the posts that it holds"
)
_FAILS: Shape[None] = Made(word("fails"), lambda _, __: None)
_ANSWER: Shape[Mapping[str, Written]] = Made(
    MapOf(Made(_WRITTEN, lambda spot, value: (spot.id, value)), members=True),
    lambda _, pairs: dict(pairs),
)
_ANSWERED: Shape[Any] = ByKind("`fails`, or the members of an answer", _FAILS, mapped=_ANSWER)


def _each_time(expected: str) -> Shape[Any]:
    """Return the shape of what comes of a step: once and for good, or one time after the other."""
    return _by_name(
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
    _NO_RECORD,
    "by call, what the other system answers, or `fails`; a list for one time after the other",
)
_CASES: Any = defaulted(
    "cases",
    _each_time("`fails`, the record of a case at its end, or a list of these"),
    _NO_RECORD,
    "by step, the record and `state` with which each case ends that it begins, or `fails`",
)
_USED_WORDS = "by post and decision, what is used of its allowance before the story begins"
_USED: Any = defaulted("used", _by_name(_by_name(AMOUNT)), _NO_RECORD, _USED_WORDS)
_VACANT = defaulted("vacant", _NAMES, (), "the posts that nobody holds")


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
        record = _RECORD.read(spot.into(line.key, line.value.place), line.value)
        return replace(given, object=line.key, record=record)

    def schema(self, definitions: Schema) -> Schema:
        reference = _CIRCUMSTANCES.schema(definitions)
        definitions["given"]["additionalProperties"] = _RECORD.schema(definitions)
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


# --- what must be so -----------------------------------------------------------------------------

_OPEN = optional("open", _NAMES, "every task, decision, wait and call that is open, and no other")
_STATE = optional("state", REFERENCE, "the state of the record")
_CLOSED = optional("closed", YES_NO, "whether the case has ended")
_EXPECTED_RECORD: Any = defaulted("record", _RECORD, _NO_RECORD, "values of the record")
_EMPTY = defaulted("empty", _NAMES, (), "fields of the record that have no value")
_REFUSED = optional("refused", TEXT, "words of the refusal of the act before")
_DECIDED: Any = defaulted(
    "decided", _by_name(REFERENCE), _NO_RECORD, "by decision, the outcome taken last"
)
_OBLIGATIONS: Any = defaulted(
    "obligations", _by_name(one_of(DutyStatus)), _NO_RECORD, "how obligations stand in the case"
)
_DUE: Any = defaulted(
    "due", _by_name(LOCAL_TIME), _NO_RECORD, "by open step, when its term or its limit ends"
)
_OVERDUE = defaulted("overdue", _NAMES, (), "open steps whose term is over")
_ADDRESSED: Any = defaulted(
    "addressed", _by_name(REFERENCE), _NO_RECORD, "by open step, the post it is addressed to"
)
_SUSPENDED: Any = defaulted(
    "suspended", _by_name(REFERENCE), _NO_RECORD, "by open step, the exception that holds it"
)
_ESCALATED: Any = defaulted(
    "escalated", _by_name(_NAMES), _NO_RECORD, "by open step, the posts told that it is late"
)


def _expectation(of: Opened) -> Expectation:
    return Expectation(
        open=of[_OPEN],
        state=of[_STATE],
        closed=of[_CLOSED],
        record=of[_EXPECTED_RECORD],
        empty=of[_EMPTY],
        refused=of[_REFUSED],
        decided=of[_DECIDED],
        obligations=of[_OBLIGATIONS],
        due=of[_DUE],
        overdue=of[_OVERDUE],
        addressed=of[_ADDRESSED],
        suspended=of[_SUSPENDED],
        escalated=of[_ESCALATED],
    )


_EXPECTATION = Form(
    "expectation",
    (
        _OPEN,
        _STATE,
        _CLOSED,
        _EXPECTED_RECORD,
        _EMPTY,
        _REFUSED,
        _DECIDED,
        _OBLIGATIONS,
        _DUE,
        _OVERDUE,
        _ADDRESSED,
        _SUSPENDED,
        _ESCALATED,
    ),
    _expectation,
)


# --- what happens --------------------------------------------------------------------------------

_RECORDS: Any = defaulted("records", _RECORD, _NO_RECORD, "what is recorded with it")
_REASON = defaulted("reason", TEXT, "", "the reason that is given")
_IN = optional("in", REFERENCE, "the step, when it could be several")
_OUTCOME = required("outcome", REFERENCE, "the outcome that is taken")
_ENDING = required("ending", REFERENCE, "the ending that is chosen")


def _act(deed: Deed, about: str, *more: Any) -> Form[Entry]:  # noqa: ANN401 - properties of any type
    """Return the form of one kind of act. more: what may or must be said besides."""
    name = required(deed.value, REFERENCE, about)

    def build(of: Opened) -> Entry:
        return Act(
            who=_who(of),
            deed=deed,
            name=of[name],
            choice=next((of[each] for each in (_OUTCOME, _ENDING) if of.has(each)), ""),
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
_EXPECT = required("expect", _EXPECTATION, "what must be so at this point")

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

    expected: str = _EXPECTATION.expected

    def read(self, spot: Spot, node: Node) -> tuple[Expectation, ...]:
        return (_EXPECTATION.read(spot.into(0, node.place), node),)

    def schema(self, definitions: Schema) -> Schema:
        return _EXPECTATION.schema(definitions)


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
        listed=ListOf(_EXPECTATION, least=1),
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
