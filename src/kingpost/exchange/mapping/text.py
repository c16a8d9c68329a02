"""From the text of a mapping file to the mapping; every fault is told with its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kingpost.decisions.case import Plain
from kingpost.exchange.mapping.mapping import (
    Act,
    Author,
    Column,
    Hindsight,
    Instant,
    LogMapping,
    Moves,
    Otherwise,
    Sign,
    Verb,
)
from kingpost.notation.codes import Code
from kingpost.notation.findings import Findings, Spot, top
from kingpost.notation.forms import Form, MapOf, Opened, defaulted, optional, required
from kingpost.notation.phrases import REFERENCE, TEXT, VERSION, YES_NO, ZONE, one_of, word
from kingpost.notation.shapes import NOTHING, ByKind, ListOf, Made, Phrase, Schema, Shape, unfit
from kingpost.notation.syntax.parse import parse
from kingpost.notation.syntax.tree import Mapped, Node, Scalar
from kingpost.values.diagnostic import Diagnostic, Place


@dataclass(frozen=True, slots=True)
class MappingReading:
    """What a text says. mapping: None when there is any finding. places: as in a model."""

    mapping: LogMapping | None
    diagnostics: tuple[Diagnostic, ...]
    places: Mapping[str, Place]


def read_mapping(file: str, text: str) -> MappingReading:
    """Read a mapping. file: its name, for the findings."""
    findings = Findings()
    node = parse(file, text, findings)
    if node is None and not findings.count:
        message = "the file says nothing, expected a mapping"
        findings.report(Diagnostic(Code.EMPTY_FILE, file, message, "Begin it with `mapping: 1`."))
    mapping = None
    if node is not None:
        mapping = MAPPING.read(top(findings, "mapping").element("mapping", node.place), node)
    found = findings.all()
    return MappingReading(None if found else mapping, found, findings.places)


# --- texts and values -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _ByText:
    """A mapping whose keys are texts of the log, as they stand there."""

    item: Shape[Any]
    expected: str = "a mapping from texts of the log"

    def read(self, spot: Spot, node: Node) -> Mapping[str, Any]:
        if not isinstance(node, Mapped):
            unfit(spot, node, self.expected)
            return NOTHING
        return {
            entry.key: self.item.read(spot.into(entry.key, entry.value.place), entry.value)
            for entry in node.entries
        }

    def schema(self, definitions: Schema) -> Schema:
        return {"type": "object", "additionalProperties": self.item.schema(definitions)}


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of a field: `true` and `false` without quotation marks are yes and no."""

    expected: str = "a value"

    def read(self, spot: Spot, node: Node) -> Plain:
        if not isinstance(node, Scalar) or not node.text.strip():
            unfit(spot, node, self.expected)
            return NOTHING
        if node.plain and node.text in {"true", "false"}:
            return node.text == "true"
        return node.text.strip()

    def schema(self, definitions: Schema) -> Schema:  # noqa: ARG002 - it has no named parts
        return {"type": ["string", "boolean", "number"]}


def _whole_text(text: str) -> str | None:
    return text or None


_TEXT_OF_LOG: Phrase[str] = Phrase("a text of the log", _whole_text)
_OTHERWISE = defaulted(
    "otherwise", one_of(Otherwise), Otherwise.TEXT, "what becomes of every other text"
)
_COLUMN_NAME = required("column", TEXT, "the name of the column")
_VALUES: Any = defaulted("values", _ByText(_Value()), {}, "what the texts of the column mean")


def _column(of: Opened) -> Column:
    return Column(of[_COLUMN_NAME], of[_VALUES], of[_OTHERWISE])


_COLUMN: Shape[Column] = ByKind(
    "a column, or `{column: …, values: …}`",
    text=Made(TEXT, lambda _, name: Column(name)),
    mapped=Form("column", (_COLUMN_NAME, _VALUES, _OTHERWISE), _column),
)


# --- the log --------------------------------------------------------------------------------------

_FORMAT = defaulted("format", TEXT, "iso", "`iso`, or a pattern such as `%d/%m/%Y %H:%M`")
_ZONE = optional("zone", ZONE, "the time zone of times that say none")


def _instant(of: Opened) -> Instant:
    if of[_FORMAT] != "iso" and "%z" not in of[_FORMAT] and of[_ZONE] is None:
        message = f"{of.spot.label} has a `format` without a zone in it and no `zone`"
        of.spot.report(Code.MISSING, message, "Add `zone`, such as `Europe/Lisbon`.")
    return Instant(of[_COLUMN_NAME], of[_FORMAT], of[_ZONE])


_INSTANT = Form("time", (_COLUMN_NAME, _FORMAT, _ZONE), _instant)
_INTERFACES: Any = defaulted("interfaces", _ByText(REFERENCE), {}, "the texts that mean a machine")
_PEOPLE = defaulted(
    "people", one_of(Otherwise), Otherwise.TEXT, "how every other text becomes a person's id"
)
_AUTHOR = Form(
    "actor",
    (_COLUMN_NAME, _INTERFACES, _PEOPLE),
    lambda of: Author(of[_COLUMN_NAME], of[_INTERFACES], of[_PEOPLE]),
)
_STATES: Any = required("values", _ByText(REFERENCE), "the state that each text means")
_EVENTS: Any = defaulted("values", _ByText(REFERENCE), {}, "a name for each text")

_EMPTY = defaulted("empty", ListOf(_TEXT_OF_LOG), (), "texts that mean that nothing is said")
_CASE = required("case", TEXT, "the column with the number of the case")
_TIME = required("time", _INSTANT, "the column with the time of the row")
_STARTED = optional("started", _INSTANT, "the column with the time at which the case began")
_ACTOR = required("actor", _AUTHOR, "the column that says who wrote the row")
_STATE = optional(
    "state",
    Form("state column", (_COLUMN_NAME, _STATES), lambda of: Column(of[_COLUMN_NAME], of[_STATES])),
    "the column with the state after the row",
)
_EVENT = optional(
    "event",
    Form(
        "event column",
        (_COLUMN_NAME, _EVENTS),
        lambda of: Column(of[_COLUMN_NAME], of[_EVENTS], Otherwise.SLUG),
    ),
    "the column with the name of what happened",
)
_ORDER = defaulted("order", word("file", "time"), "file", "how the rows of a case are ordered")
_LOG = required(
    "log",
    Form(
        "log",
        (_EMPTY, _CASE, _TIME, _STARTED, _ACTOR, _STATE, _EVENT, _ORDER),
        lambda of: of,
        one_of=("state", "event"),
    ),
    "where a row says what",
)


# --- commands -------------------------------------------------------------------------------------

_STEP = optional("step", REFERENCE, "the step, when it is not where the case stands")
_SET: Any = defaulted("set", _ByText(_Value()), {}, "fixed values of fields")
_WITH = defaulted("with", ListOf(REFERENCE), (), "fields whose values come from the row")
_REASON = defaulted("reason", TEXT, "", "the reason that is given")
_VERBS = tuple(
    (verb, optional(verb.value, REFERENCE, about))
    for verb, about in (
        (Verb.COMPLETE, "the task to complete"),
        (Verb.DECIDE, "the outcome to take"),
        (Verb.RAISE, "the exception to raise"),
        (Verb.RESOLVE, "how the suspension ends"),
        (Verb.DELIVER, "the message to deliver"),
    )
)


def _act(of: Opened) -> Act:
    verb, written = next((verb, each) for verb, each in _VERBS if of.has(each))
    choice = of[written] or ""
    step = choice if verb is Verb.COMPLETE else of[_STEP]
    return Act(verb, choice, step, of[_SET], of[_WITH], of[_REASON])


_ACT = Form(
    "command",
    (*(written for _, written in _VERBS), _STEP, _SET, _WITH, _REASON),
    _act,
    one_of=tuple(verb.value for verb, _ in _VERBS),
)
_ACTS = ListOf(_ACT, least=1, distinct=False)
_DO = required("do", _ACTS, "the commands, in order")
_DIFFERS = optional("differs", ListOf(REFERENCE, least=1), "fields that are not as in the record")
_TURNS = optional("turns", TEXT, "a column whose text is another than in the row before")
_TO = optional("to", _TEXT_OF_LOG, "the text that it has then")
_WHILE_AT = optional("at", REFERENCE, "only while the case stands at this step")
_SIGNS = defaulted(
    "signs",
    ListOf(
        Form(
            "sign",
            (_DIFFERS, _TURNS, _TO, _WHILE_AT, _DO),
            lambda of: Sign(
                of[_DO], of[_DIFFERS] or (), of[_TURNS] or "", of[_TO] or "", of[_WHILE_AT]
            ),
            one_of=("differs", "turns"),
            goes_with={"turns": "to", "to": "turns"},
        )
    ),
    (),
    "what a row says besides its state",
)
_AT = required("at", ListOf(REFERENCE, least=1), "the steps where the case stands")
_SUSPENDED = defaulted("suspended", YES_NO, default=False, about="whether it stands still there")
_WAYS: Any = required("ways", _ByText(_ACTS), "from what the row shows to commands")
_MOVES = required(
    "moves",
    ListOf(
        Form(
            "entry",
            (_AT, _SUSPENDED, _WAYS),
            lambda of: Moves(of[_AT], of[_SUSPENDED], of[_WAYS]),
        ),
        least=1,
    ),
    "from where the case stands, and what the row shows, to commands",
)


# --- the whole ------------------------------------------------------------------------------------

_VERSION = required("mapping", VERSION, "the version of the notation: `1`")
_WORKFLOW = required("workflow", REFERENCE, "the workflow whose cases the log shows")
_KNOWN_IN = required("known-in", ListOf(REFERENCE, least=1), "the states in which they are known")
_COLUMNS = required("columns", ListOf(TEXT, least=1), "the columns")
_HINDSIGHT = defaulted(
    "hindsight",
    ListOf(
        Form(
            "entry",
            (_COLUMNS, _KNOWN_IN),
            lambda of: Hindsight(of[_COLUMNS], of[_KNOWN_IN]),
        )
    ),
    (),
    "columns that were written back when the case was over",
)
_FIELDS = defaulted("fields", MapOf(Made(_COLUMN, lambda spot, it: (spot.id, it))), (), "by field")
_FORM = defaulted("form", ListOf(REFERENCE), (), "the fields that the first row fills in")
_RECORD = defaulted("record", ListOf(REFERENCE), (), "the fields that a command carries")


def _mapping(of: Opened) -> LogMapping:
    log: Opened = of[_LOG]
    state, event = log[_STATE], log[_EVENT]
    return LogMapping(
        workflow=of[_WORKFLOW],
        empty=frozenset(log[_EMPTY]),
        case=log[_CASE],
        time=log[_TIME],
        started=log[_STARTED],
        author=log[_ACTOR],
        shows=state or event or NOTHING,
        by_state=state is not None,
        in_order=log[_ORDER],
        hindsight=of[_HINDSIGHT],
        fields=dict(of[_FIELDS]),
        form=of[_FORM],
        record=of[_RECORD],
        signs=of[_SIGNS],
        moves=of[_MOVES],
    )


_PROPERTIES = (
    _VERSION, _WORKFLOW, _LOG, _HINDSIGHT, _FIELDS, _FORM, _RECORD, _SIGNS, _MOVES,
)  # fmt: skip
MAPPING: Form[LogMapping] = Form("mapping", _PROPERTIES, _mapping)
