"""Stories about what a post may decide in a period: what is used counts, and a period ends."""

from kingpost.decisions.program import compile_model
from kingpost.scenarios import run_scenarios
from kingpost.scenarios.running import Result
from tests.checks.words import read
from tests.decisions.purchase import PURCHASE

LEAD = "{post: lead, decides: approve, outcome: approve}"
OVER = (
    "`lead` may take `approve` in `approve` for at most 1000.00 EUR a month: since 1 January 2026,"
    " 900.00 EUR is used and 100.00 EUR is left, and this case counts for 400.00 EUR; `head` may"
)


def result(given: str, *when: str, then: str) -> Result:
    story = f"{{given: {given}, when: [{', '.join(when)}], then: {then}}}"
    program = compile_model(read(f"{PURCHASE}\nscenarios: {{story: {story}}}\n"))
    return next(run_scenarios(program))


def test_what_is_used_before_the_story_counts() -> None:
    given = "{purchase: {price: 400}, used: {lead: {approve: 900 EUR}}}"

    told = result(given, LEAD, then=f"[{{refused: {OVER!r}}}, {{closed: false}}]")

    assert told.failures == ()
    assert told.story[-1].outcome.endswith(OVER)
    assert result(given.replace("900", "600"), LEAD, then="{closed: true}").failures == ()


def test_another_month_begins_anew_on_the_clocks_of_the_unit() -> None:
    """The unit of the head works on the Azores, where the month begins an hour later."""
    of_the_lead = "{purchase: {price: 400}, at: 2026-01-31 23:30, used: {lead: {approve: 900 EUR}}}"
    of_the_head = of_the_lead.replace("lead", "head").replace("900", "4900")
    after = "{wait: 45 minutes}"
    head = LEAD.replace("lead", "head")

    assert result(of_the_lead, LEAD, then="{refused: a month}").failures == ()
    assert result(of_the_lead, after, LEAD, then="{closed: true}").failures == ()
    assert result(of_the_head, after, head, then="{refused: a month}").failures == ()
    assert result(of_the_head, after, after, head, then="{closed: true}").failures == ()


def test_what_a_story_decides_counts_in_it() -> None:
    given = "{purchase: {price: 400}, used: {head: {approve: 4900 EUR}}}"
    raised = "{post: head, decides: approve, outcome: approve, records: {price: 101}}"
    lowered = raised.replace("101", "100")

    assert result(given, raised, then="{refused: is left}").failures == ()
    assert result(given, lowered, then="{closed: true}").failures == ()
