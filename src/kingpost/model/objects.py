"""What workflows work on: business objects, their fields, states and moves."""

from dataclasses import dataclass
from enum import StrEnum


class FieldType(StrEnum):
    """The types a field may have in this version of the language.

    How a value is stored: TEXT, CHOICE, POST, DOCUMENT, REFERENCE as text; INTEGER as integer;
    DECIMAL as decimal text; MONEY as decimal text with its currency, such as `60000.50 EUR`; DATE
    and DATETIME as ISO 8601 text, the latter in UTC; DURATION as ISO 8601 text; YES_NO as boolean;
    LIST as a list of values of its item.
    """

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    DATETIME = "datetime"
    DURATION = "duration"
    YES_NO = "yes/no"
    CHOICE = "choice"
    POST = "post"
    MONEY = "money"
    DOCUMENT = "document"
    LIST = "list"
    REFERENCE = "reference"


class FieldClass(StrEnum):
    """How private a field is.

    PUBLIC: may be shown to anybody outside. Values of the last two stand in events as commitments
    only; a sensitive one never stands for its case in a list.
    """

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


@dataclass(frozen=True, slots=True)
class Retention:
    """A length of time on the calendar. unit: `day`, `week`, `month` or `year`."""

    count: int
    unit: str


@dataclass(frozen=True, slots=True)
class Field:
    """A typed attribute of a business object.

    id:       of a field in a group, with the ids of the groups before it: `address.city`.
    choices:  the permitted values of a CHOICE; empty otherwise.
    required: a record may not be begun without it, and nothing empties it later.
    currency: of MONEY, a code of ISO 4217; empty otherwise, or when the model names none.
    item:     what each entry of a LIST is; None otherwise.
    target:   the object of a REFERENCE; empty otherwise.
    retain:   how long a value is kept after the record is closed; None for as long as the record.
    """

    id: str
    title: str
    type: FieldType
    choices: tuple[str, ...] = ()
    required: bool = False
    privacy: FieldClass = FieldClass.INTERNAL
    currency: str = ""
    item: "Field | None" = None
    target: str = ""
    retain: Retention | None = None
    description: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """A state of the lifecycle.

    begin:  records are begun in it; exactly one state is.
    end:    final; no move leaves it.
    always: expression over the record that must be true on entering it and while in it.
    """

    id: str
    title: str
    begin: bool = False
    end: bool = False
    always: str | None = None
    description: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """A permitted change of state. source: a state, or `*` for every state that is not final."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Group:
    """A name for some fields together: those whose ids begin with its own and a point."""

    id: str
    title: str
    description: str = ""
    was: str = ""

    def holds(self, field: str) -> bool:
        """Tell whether a field is one of its own, or of a group inside it."""
        return field.startswith(f"{self.id}.")


@dataclass(frozen=True, slots=True)
class BusinessObject:
    """A thing of the business with fields, a lifecycle and a post that owns its truth.

    fields: all of them, in written order, those of groups as well.
    Source: UML 2.5.1, state machines, for the lifecycle.
    """

    id: str
    title: str
    custodian: str
    fields: tuple[Field, ...]
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    groups: tuple[Group, ...] = ()
    description: str = ""
    was: str = ""

    def field(self, name: str) -> Field | None:
        """Return the field of that name, or None."""
        return next((field for field in self.fields if field.id == name), None)

    def state(self, name: str) -> State | None:
        """Return the state of that name, or None."""
        return next((state for state in self.states if state.id == name), None)

    def permits(self, source: str, target: str) -> bool:
        """Tell whether the lifecycle has a move from `source` to `target`."""
        start = self.state(source)
        if start is None or start.end:
            return False
        return any(move.target == target and move.source in {source, "*"} for move in self.moves)
