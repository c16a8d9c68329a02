"""The versions of the standard, by the namespaces of their files."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

DC = "http://www.omg.org/spec/DMN/20180521/DC/"
DI = "http://www.omg.org/spec/DMN/20180521/DI/"
_OMG = "https://www.omg.org/spec/DMN/"


class Version(StrEnum):
    """A version of the standard; the order is that of their ages."""

    V1_1 = "1.1"
    V1_2 = "1.2"
    V1_3 = "1.3"
    V1_4 = "1.4"
    V1_5 = "1.5"
    V1_6 = "1.6"


@dataclass(frozen=True, slots=True)
class Namespaces:
    """The namespaces of one version. diagram: empty where the standard has none."""

    model: str
    diagram: str
    feel: str


NAMESPACES: Mapping[Version, Namespaces] = {
    Version.V1_1: Namespaces(
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "",
        "http://www.omg.org/spec/FEEL/20140401",
    ),
    Version.V1_2: Namespaces(
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "http://www.omg.org/spec/DMN/20180521/DMNDI/",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
    ),
    Version.V1_3: Namespaces(
        f"{_OMG}20191111/MODEL/", f"{_OMG}20191111/DMNDI/", f"{_OMG}20191111/FEEL/"
    ),
    Version.V1_4: Namespaces(
        f"{_OMG}20211108/MODEL/", f"{_OMG}20191111/DMNDI/", f"{_OMG}20211108/FEEL/"
    ),
    Version.V1_5: Namespaces(
        f"{_OMG}20230324/MODEL/", f"{_OMG}20230324/DMNDI/", f"{_OMG}20230324/FEEL/"
    ),
    Version.V1_6: Namespaces(
        f"{_OMG}20240513/MODEL/", f"{_OMG}20230324/DMNDI/", f"{_OMG}20240513/FEEL/"
    ),
}


def version_of(namespace: str) -> Version | None:
    """Return the version whose models stand in a namespace."""
    found = (version for version, one in NAMESPACES.items() if one.model == namespace)
    return next(found, None)
