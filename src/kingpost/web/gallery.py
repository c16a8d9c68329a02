"""The gallery: every part and every page in its states, with invented and frozen values."""

from jinja2 import Environment

from kingpost.web.pieces import Act, Empty, Link, Notice, Pager, Pill
from kingpost.web.samples.assurance import case_list
from kingpost.web.samples.cases import DAYS, EVIDENCE, field_of_each_kind
from kingpost.web.samples.frame import frame
from kingpost.web.samples.goals import NO_OBJECTIVES
from kingpost.web.samples.lines import TRACE
from kingpost.web.samples.maps import onboarding_map
from kingpost.web.samples.pages import SAMPLES, sample_shell
from kingpost.web.samples.work import FLOW_METRICS, LATER, NO_MATCH, NOTHING, OVERDUE, TODAY

_NOTICES = (
    Notice("Saved", "The draft of Assess credit is kept.", "good"),
    Notice("Model 4.3 takes effect on Monday", "Two steps of yours change.", "neutral"),
    Notice("The list provider does not answer", "Screening waits; clocks run.", "risk"),
    Notice("Not recorded", "The case moved on meanwhile. Read it again and decide.", "late"),
    Notice(
        "Claimed", "Osei Textiles is yours.", "good", Act("Undo", "/undo", post=True, key="u-1")
    ),
)
_PILLS = (
    Pill("Waiting"),
    Pill("Checked", "accent"),
    Pill("On track", "good", "check"),
    Pill("At risk", "risk", "alert"),
    Pill("Failed", "late", "cross"),
    Pill("No occasion", "neutral", "pause"),
)
_ACTS = (
    Act("Approve client", "/x", primary=True),
    Act("Export CSV", "/x", "download"),
    Act("Claim", "/x", "person-add", post=True, key="c-1"),
    Act("Withdraw", "/x", post=True, key="c-2", confirm="Withdraw Osei Textiles?"),
)
_EMPTIES: tuple[Empty, ...] = (
    NOTHING,
    NO_MATCH,
    NO_OBJECTIVES,
    Empty(
        "No access",
        "The audit log is read by the Compliance officer.",
        Link("See who holds that post", "/org"),
        "lock",
    ),
)


def gallery_page(environment: Environment) -> str:
    """Return the page that shows every part in its states, with links to the sample pages."""
    rows = (*OVERDUE, *TODAY, *LATER)
    return environment.get_template("gallery.html").render(
        shell=frame("Gallery", "/gallery", Link("Gallery")),
        samples=tuple(Link(name, f"/gallery/{name}") for name in SAMPLES),
        acts=_ACTS,
        pills=_PILLS,
        notices=_NOTICES,
        clocks=tuple(row.clock for row in rows if row.clock),
        risks=tuple(row.risk for row in rows[:4] if row.risk),
        people=tuple(row.owner for row in rows if row.owner),
        empties=_EMPTIES,
        fields=field_of_each_kind(),
        days=DAYS,
        proofs=EVIDENCE,
        line=TRACE,
        numbers=FLOW_METRICS,
        map=onboarding_map(chosen="screen", name="gallery-map"),
        cases=case_list(),
        no_cases=case_list(empty=True),
        pages=Pager("51–100 of 132", "/x?page=1", "/x?page=3"),
    )


def sample_page(environment: Environment, name: str) -> str:
    """Return one whole page of the gallery. Raises KeyError for an unknown name."""
    sample = SAMPLES[name]
    template = environment.get_template(f"{sample.template}.html")
    return template.render(shell=sample_shell(sample), page=sample.make())
