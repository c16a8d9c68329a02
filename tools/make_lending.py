# noqa: INP001 - a program, not a package.
"""Make the register and the log of the lending company from the published simulated log.

Run it as `python tools/make_lending.py PUBLISHED.csv.gz`. The same log gives the same files, byte
for byte. Two things are derived:

* `happened`: an activity that decides something does not say in the log what it decided; what the
  case came to next does. So the row `Assess loan risk` of a case that was designed an offer next
  becomes `Assess loan risk: eligible`. Every other column is as it was published.
* The register: everybody holds the post of the pool of resources that they belong to. Applicants
  are no members of staff; they act through the portal.
"""

import csv
import gzip
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "examples" / "lending"
FIRST_DAY = "2023-01-01"

# What an activity decided, by what the case came to next; the last one is for everything else.
DECIDED: Mapping[str, Mapping[str, str]] = {
    "Check application form completeness": {
        "Return application back to applicant": "incomplete",
        "": "complete",
    },
    "Assess loan risk": {"Reject application": "not eligible", "": "eligible"},
    "Approve Loan Offer": {"Design loan offer": "refine", "": "approve"},
    "Consider re-design loan offer": {"Cancel application": "cancel", "": "redesign"},
}

# From a pool of resources to the post that its members hold.
POSTS: Mapping[str, str] = {
    "Clerk": "clerk",
    "Loan Officer": "loan-officer",
    "Senior Officer": "senior-officer",
    "AML Investigator": "aml-investigator",
    "Appraiser": "appraiser",
}

# People who are not in the log, with the posts that nobody in it holds.
INVENTED: Mapping[str, tuple[str, ...]] = {
    "odile-marchand": ("Odile Marchand", "managing-director"),
    "henrik-solberg": ("Henrik Solberg", "head-of-lending"),
    "nadia-rahal": ("Nadia Rahal", "head-of-credit", "credit-committee"),
    "tomas-varga": ("Tomas Varga", "compliance-officer"),
    "imke-brandt": ("Imke Brandt", "payments-desk"),
    "paulo-reis": ("Paulo Reis", "payments-desk"),
    "sara-lindqvist": ("Sara Lindqvist", "credit-committee"),
    "emil-okafor": ("Emil Okafor", "credit-committee"),
    "greta-holm": ("Greta Holm", "credit-committee"),
}

FIRST_NAMES = (
    "Aisha Bram Chiara Deniz Eline Farouk Gita Hanna Ivo Jelle Karim Liv Milo Nina Oscar "
    "Priya Quentin Rania Stijn Tessa Ugo Vilde Wout Ximena Yara Zeno Arne"
)
LAST_NAMES = (
    "Aalto Bakker Conti Diaz Engel Fontaine Greco Hansen Iversen Jonker Kovac Lund Meyer "
    "Navarro Olsen Pavlov Quaid Roth Santos Toth Ulrich Visser Weber Yildirim Zeman Acar Blum"
)


def main(published: Path) -> None:
    """Write the log, people.csv and appointments.csv."""
    with gzip.open(published, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    happened = _happened(rows)
    written = io.StringIO()
    writer = csv.DictWriter(written, [*rows[0], "happened"], lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "happened": happened[index]} for index, row in enumerate(rows))
    FOLDER.joinpath("log").mkdir(exist_ok=True)
    # Without a name and a time inside, the same log packs to the same bytes.
    with (
        FOLDER.joinpath("log", "loan_application.csv.gz").open("wb") as file,
        gzip.GzipFile("", "wb", compresslevel=9, fileobj=file, mtime=0) as packed,
    ):
        packed.write(written.getvalue().encode())
    staff = sorted({row["resource"] for row in rows if _pool(row["resource"]) in POSTS}, key=_key)
    _write("people.csv", ("id", "name"), _people(staff))
    _write("appointments.csv", ("person", "post", "from", "until", "kind"), _appointments(staff))


def _happened(rows: list[dict[str, str]]) -> list[str]:
    """Return what happened in each row: the activity, and what was decided by it."""
    by_case: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        by_case[row["case_id"]].append(index)
    found = [row["activity"] for row in rows]
    for indices in by_case.values():
        in_order = sorted(indices, key=lambda index: rows[index]["start_time"])
        for place, index in enumerate(in_order):
            decided = DECIDED.get(rows[index]["activity"])
            if decided is not None:
                after = rows[in_order[place + 1]]["activity"] if in_order[place + 1 :] else ""
                found[index] = f"{rows[index]['activity']}: {decided.get(after, decided[''])}"
    return found


def _people(staff: list[str]) -> Iterator[tuple[str, ...]]:
    for number, person in enumerate(staff):
        first, last = FIRST_NAMES.split()[number % 27], LAST_NAMES.split()[(number * 5) % 27]
        yield _slug(person), f"{first} {last}"
    for person, (name, *_) in INVENTED.items():
        yield person, name


def _appointments(staff: list[str]) -> Iterator[tuple[str, ...]]:
    for person in staff:
        yield _slug(person), POSTS[_pool(person)], FIRST_DAY, "", "substantive"
    for person, (_, *posts) in INVENTED.items():
        for post in posts:
            yield person, post, FIRST_DAY, "", "substantive"


def _write(name: str, header: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    with FOLDER.joinpath(name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _pool(resource: str) -> str:
    return resource.rpartition("_")[0]


def _key(resource: str) -> tuple[str, int]:
    pool, _, number = resource.rpartition("_")
    return pool, int(number)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
