"""The codes of what can be wrong with the text of a model, each with its title."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Code(StrEnum):
    """What can be wrong with the text of a model."""

    NO_FILES = "KP0001"
    EMPTY_FILE = "KP0002"
    FILE_TOO_LARGE = "KP0003"
    MODEL_TOO_LARGE = "KP0004"
    CHARACTER = "KP0005"
    TAB = "KP0006"
    BROKEN = "KP0007"
    SEVERAL_DOCUMENTS = "KP0008"
    ALIAS = "KP0009"
    TAG = "KP0010"
    TOO_DEEP = "KP0011"
    KEY_NOT_TEXT = "KP0012"
    KEY_TWICE = "KP0013"
    OTHER_KIND = "KP0014"
    MISWRITTEN = "KP0015"
    UNKNOWN = "KP0016"
    NOT_YET = "KP0017"
    MISSING = "KP0018"
    BAD_ID = "KP0019"
    DECLARED_TWICE = "KP0020"
    CONTRADICTION = "KP0021"
    LISTED_TWICE = "KP0022"
    OPENINGS_OVERLAP = "KP0023"
    TOO_MANY = "KP0024"
    UNREADABLE = "KP0025"
    UNSAFE = "KP0026"


CATALOGUE: Mapping[str, str] = MappingProxyType(
    {
        Code.NO_FILES: "The model has no files",
        Code.EMPTY_FILE: "A file says nothing",
        Code.FILE_TOO_LARGE: "A file is too large",
        Code.MODEL_TOO_LARGE: "The files together are too large",
        Code.CHARACTER: "A character may not stand in a model",
        Code.TAB: "A tab stands where YAML wants spaces",
        Code.BROKEN: "A file is not YAML",
        Code.SEVERAL_DOCUMENTS: "A file holds more than one document",
        Code.ALIAS: "Aliases, anchors and merge keys are not part of the language",
        Code.TAG: "Tags are not part of the language",
        Code.TOO_DEEP: "A file is nested too deep",
        Code.KEY_NOT_TEXT: "A key is not text",
        Code.KEY_TWICE: "A key stands twice in one mapping",
        Code.OTHER_KIND: "A value is of another kind than expected",
        Code.MISWRITTEN: "A text is not of the form expected",
        Code.UNKNOWN: "A property or section is not known",
        Code.NOT_YET: "A part of the language is not carried out yet",
        Code.MISSING: "A required property is missing",
        Code.BAD_ID: "An id is not lower-case words joined by hyphens",
        Code.DECLARED_TWICE: "An element is declared twice",
        Code.CONTRADICTION: "Properties contradict each other",
        Code.LISTED_TWICE: "A list holds something twice",
        Code.OPENINGS_OVERLAP: "The hours of a calendar overlap",
        Code.TOO_MANY: "There are more problems than are told in one run",
        Code.UNREADABLE: "A file cannot be read",
        Code.UNSAFE: "A file cannot be put into the house style safely",
    }
)
