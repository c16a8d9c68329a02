"""Values as they are given: cleaned, and refused where they are not asked for or do not fit."""

import unicodedata
from collections.abc import Iterable, Mapping

from kingpost.decisions.case import Plain
from kingpost.decisions.program import WorkflowProgram
from kingpost.decisions.refusals import (
    SHOWN_LENGTH_MAX,
    FieldNotAsked,
    FieldNotFitting,
    RefusedError,
)
from kingpost.model.records.values import expected, fits, stored

# The characters that turn the direction of writing. Source: UAX #9, 2.1 to 2.5.
_TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def given(
    program: WorkflowProgram, step: str, allowed: Iterable[str], fields: Mapping[str, Plain]
) -> dict[str, Plain]:
    """Return the given fields, cleaned, or refuse one that is not asked or does not fit."""
    known = tuple(allowed)
    cleaned: dict[str, Plain] = {}
    for name in sorted(fields):
        if name not in known:
            raise RefusedError(FieldNotAsked(name, step, known))
        field, value = program.fields[name], fields[name]
        clean = _cleaned(value)
        if not fits(field, clean, program.model.posts):
            shown = str(value)[:SHOWN_LENGTH_MAX]
            raise RefusedError(FieldNotFitting(name, shown, expected(field)))
        cleaned[name] = stored(field, clean)
    return cleaned


def _cleaned(value: Plain) -> Plain:
    """Return a value without blanks around its text; what then is empty says nothing."""
    if isinstance(value, str):
        return clean_text(value) or None
    if isinstance(value, list):
        entries = [clean_text(entry) if isinstance(entry, str) else entry for entry in value]
        return [entry for entry in entries if entry != ""] or None
    return value


def clean_text(text: str) -> str:
    """Return text in Unicode normal form C, without blanks around it.

    Half a surrogate pair, which no canonical form has, becomes the replacement character; what
    turns the direction of writing, so that a text reads other than it is, is left out.
    """
    if text.isascii():
        return text.strip()
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", whole.translate(_TURNING)).strip()
