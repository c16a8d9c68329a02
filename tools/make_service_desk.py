# noqa: INP001 - a program, not a package.
"""Make the register and the log of the example company from the published event log.

Run it as `python tools/make_service_desk.py PUBLISHED.zip`. The same log gives the same files, byte
for byte. The register is *derived from the log*: nobody published who belonged to which group, so
this is what their work shows, and some of it will be wrong.

* The desk: who worked in more than ten groups, in 100 rows or more, with 40 % of them or more in
  the first line (Group 70) or in the queue without a name (`?`). They are duty officers.
* Everybody else holds the post of each group in which they wrote three rows or more.
* Incident managers: who confirmed the priority of two incidents with high impact or more.
* Everybody is a member of staff. `Updated by 908` is a machine, and nobody.
"""

import csv
import gzip
import io
import re
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "examples" / "service-desk"
FIRST_DAY = "2016-02-29"
MACHINE = "Updated by 908"
QUEUE, FIRST_LINE = "?", "Group 70"
DESK_GROUPS_MORE_THAN, DESK_ROWS_MIN, DESK_SHARE_MIN = 10, 100, 0.4
GROUP_ROWS_MIN = 3
HIGH_CONFIRMED_MIN = 2

# People who are not in the log, for the posts that nobody in it holds.
INVENTED = {
    "ines-aldana": ("Ines Aldana", "head-of-service"),
    "jonas-wetterling": ("Jonas Wetterling", "process-owner"),
    "leo-marchetti": ("Leo Marchetti", "crisis-manager"),
    "amina-diallo": ("Amina Diallo", "crisis-manager"),
    "pia-soerensen": ("Pia Soerensen", "spokesperson"),
    "rui-tavares": ("Rui Tavares", "change-board"),
    "helga-stein": ("Helga Stein", "change-board"),
    "ivan-petrov": ("Ivan Petrov", "change-board"),
    "nora-lindt": ("Nora Lindt", "change-board"),
}

# The first in the one and the first in the other come together again only after 37 × 41 people.
FIRST_NAMES = (
    "Amara Bruno Celia Dario Elif Farid Greta Hugo Imani Jonah Katya Leon Mira Noor Otto "
    "Petra Quim Rosa Samir Tilda Umar Vera Wim Xenia Yusuf Zora Anton Bela Carla Dmitri "
    "Esther Felix Gloria Hari Irene Joris Kemal"
)
LAST_NAMES = (
    "Abara Bergman Castro Dahl Eriksen Fonseca Garnier Haddad Ivanova Jensen Kaya Lindqvist "
    "Moreau Novak Okoye Pereira Quist Rossi Silva Tanaka Ueda Vargas Weiss Xu Yilmaz Zimmer "
    "Almeida Baptiste Cohen Dupont Ekberg Ferro Gruber Horvat Ito Jovanovic Klein Lopez "
    "Marques Nilsson Oduya"
)


def main(published: Path) -> None:
    """Write the log, people.csv and appointments.csv."""
    with zipfile.ZipFile(published) as archive:
        log = archive.read("incident_event_log.csv")
    rows = list(csv.DictReader(io.StringIO(log.decode("utf-8"), newline="")))
    people = sorted({row["sys_updated_by"] for row in rows} - {MACHINE}, key=_number)
    held = _held(rows)

    FOLDER.joinpath("log").mkdir(exist_ok=True)
    # Without a name and a time inside, the same log packs to the same bytes.
    with (
        FOLDER.joinpath("log", "incident_event_log.csv.gz").open("wb") as file,
        gzip.GzipFile("", "wb", compresslevel=9, fileobj=file, mtime=0) as packed,
    ):
        packed.write(log)
    _write("people.csv", ("id", "name"), _people(people))
    _write(
        "appointments.csv",
        ("person", "post", "from", "until", "kind"),
        _appointments(people, held),
    )


def _held(rows: list[dict[str, str]]) -> Mapping[str, list[str]]:
    """Return the posts that each person holds, as the log shows it."""
    written: dict[str, Counter[str]] = defaultdict(Counter)
    confirmed: Counter[str] = Counter()
    before: dict[str, str] = {}
    for row in rows:
        person, number = row["sys_updated_by"], row["number"]
        flips = before.get(number) == "false" and row["u_priority_confirmation"] == "true"
        confirmed[person] += flips and row["impact"] == "1 - High"
        before[number] = row["u_priority_confirmation"]
        written[person][row["assignment_group"]] += 1
    held: dict[str, list[str]] = {}
    for person, groups in written.items():
        if _is_desk(groups):
            posts = ["duty-officer"]
        else:
            posts = [_post(group) for group, count in groups.items() if count >= GROUP_ROWS_MIN]
        managers = ["incident-manager"] if confirmed[person] >= HIGH_CONFIRMED_MIN else []
        held[person] = ["employee", *managers, *sorted(posts)]
    return held


def _is_desk(groups: Counter[str]) -> bool:
    named = len(groups.keys() - {QUEUE})
    total = groups.total()
    first_line = groups[FIRST_LINE] + groups[QUEUE]
    return (
        named > DESK_GROUPS_MORE_THAN
        and total >= DESK_ROWS_MIN
        and first_line >= DESK_SHARE_MIN * total
    )


def _people(people: list[str]) -> Iterator[tuple[str, ...]]:
    for person in people:
        number = _number(person)
        first, last = FIRST_NAMES.split()[number % 37], LAST_NAMES.split()[number % 41]
        yield _slug(person), f"{first} {last}"
    for person, (name, _) in INVENTED.items():
        yield person, name


def _appointments(people: list[str], held: Mapping[str, list[str]]) -> Iterator[tuple[str, ...]]:
    for person in people:
        for post in held[person]:
            yield _slug(person), post, FIRST_DAY, "", "substantive"
    for person, (_, post) in INVENTED.items():
        for each in ("employee", post):
            yield person, each, FIRST_DAY, "", "substantive"


def _write(name: str, header: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    with FOLDER.joinpath(name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _post(group: str) -> str:
    return "dispatch-queue" if group == QUEUE else _slug(group)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _number(person: str) -> int:
    return int(person.rpartition(" ")[2])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
