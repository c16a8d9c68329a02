"""The invented company: its people, its clock and the frame of its pages."""

from kingpost.web.pieces import Act, Link, Moment, Notice, Person
from kingpost.web.shell import Entry, EntryGroup, Seat, Shell

NOW = Moment("Sat 08:02", "2026-11-21T07:02:00Z", "Saturday 21 November 2026, 08:02 CET")
YARA = Person("Yara Okafor", "YO", 0, "/people/yara-okafor")
MARA = Person("Mara Lindt", "ML", 1, "/people/mara-lindt")
JOSE = Person("José Almeida", "JA", 2, "/people/jose-almeida")
PRIYA = Person("Priya Nair", "PN", 3, "/people/priya-nair")
LONG = Person("Maximiliane von Hohenstein-Wartenberg", "MH", 4, "/people/m-hohenstein")
MODEL = Link("model 4.2, effective 1 Nov 2026", "/model/4.2")


def at(text: str, clock: str, day: int = 21) -> Moment:
    """Return a moment of November 2026; clock: `HH:MM` of Central European Time."""
    hour, minute = clock.split(":")
    return Moment(
        text,
        f"2026-11-{day:02}T{int(hour) - 1:02}:{minute}:00Z",
        f"{day} November 2026, {clock} CET",
    )


def _groups(current: str) -> tuple[EntryGroup, ...]:
    def entry(text: str, url: str, icon: str, key: str = "", count: str = "") -> Entry:
        return Entry(text, url, icon, url == current, count, key)

    return (
        EntryGroup(
            "Work",
            (
                entry("My worklist", "/work", "inbox", "w", "11"),
                entry("Cases", "/cases", "file", "c"),
                entry("Exceptions", "/exceptions", "hand", "e"),
                entry("Calls", "/calls", "alert", "l"),
            ),
        ),
        EntryGroup(
            "Run",
            (
                entry("Process maps", "/processes", "flow", "m"),
                entry("Objectives", "/objectives", "target", "o"),
            ),
        ),
        EntryGroup("Assure", (entry("Obligations", "/obligations", "shield", "b", "2"),)),
        EntryGroup("Organisation", (entry("Posts and people", "/org", "organisation", "p"),)),
    )


def frame(title: str, current: str, *crumbs: Link, undone: bool = False) -> Shell:
    """Return the frame of one page; current: URL of its entry; undone: with a notice to undo."""
    groups = _groups(current)
    undo = Act("Undo", "/undo", post=True, key="undo-1")
    notices = (Notice("Claimed", "Kestrel Avionics is yours.", "good", undo),) if undone else ()
    return Shell(
        company="Larkfield Supply",
        title=title,
        person=YARA,
        seat="Onboarding lead",
        groups=groups,
        phone=(groups[0].entries[0], groups[1].entries[0], groups[1].entries[1]),
        now=NOW,
        model=MODEL,
        crumbs=crumbs,
        seats=(
            Seat("onboarding-lead", "Onboarding lead", current=True),
            Seat("kyc-lead", "KYC lead", note="acting until 30 Nov"),
        ),
        live_url="/live",
        topics="work process/client-onboarding",
        notices=notices,
    )
