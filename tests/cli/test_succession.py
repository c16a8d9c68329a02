"""`kingpost succession`: what goes with a post, as text and as JSON."""

import json
from collections.abc import Iterator

import pytest

from kingpost.store.pool import Database as Pool
from tests.cli.program import run, settings_of
from tests.database import Database
from tests.queries.claims import DAY, Claims


@pytest.fixture
def claims(database: Database) -> Iterator[Claims]:
    with Pool(database.app_url, connections=4) as pool:
        claims = Claims.opened(pool)
        claims.six()
        yield claims


def test_it_is_told_in_words_and_as_a_document(claims: Claims, database: Database) -> None:
    settings = settings_of(database)

    told, document, unknown = (
        run("succession", *words, settings=settings)
        for words in (("lead",), ("lead", "--json"), ("leed",))
    )

    found = json.loads(document.out)
    times = {
        "at": found["as_at"][:16].replace("T", " "),
        "due": f"{claims.now - 3 * DAY:%Y-%m-%d %H:%M}",
        "approved": f"{claims.now - 10 * DAY:%Y-%m-%d %H:%M}",
        "rejected": f"{claims.now - 4 * DAY:%Y-%m-%d %H:%M}",
    }
    assert (told.status, told.out) == (0, LEAD.format(model=found["model"][:8], **times))
    assert (document.status, found["post"]["id"]) == (0, "lead")
    assert (unknown.status, unknown.err) == (1, "there is no post `leed`. Write `lead`.\n")


LEAD = """\
Team lead (post/lead), as at {at} UTC, model {model}
In Claims, reports to Head of claims (Hedy).
Held by Leo; 1 seat.
Carries Approves.
Stands in for Fraud checker, Claims desk while nobody is there.
1 piece of open work, 0 overdue.

Open work, overdue first:
case   step                    due  addressed to  taken on by
CLM-F  Is the claim approved?  –    lead          –

Decisions:
decision                     outcomes         only when            used of its allowance  open
workflow/claim/step/approve  approve, reject  claim.amount <= 500  –                      1

Obligations:
obligation              title               stands  owed          next due
obligation/report-kept  The report is kept  failed  3, 1 overdue  {due} UTC

Expected:
objective       measure       now     target  status
objective/fast  Time          3.5 d   ≤ 5 d   on-track
objective/fast  Prompt        66.7 %  ≥ 60 %  at-risk
objective/fast  Few big ones  1       < 1     off-track

Exceptions:
exception                           title                   may raise and end it  its work  cases
workflow/claim/exception/withdrawn  The claimant withdraws  yes                   no        0

Keeps in the model:
part          title
object/claim  Claim

Held by, the latest first:
person  kind         from              until
leo     substantive  2020-01-01 00:00  –

Decided in the last 90 days, the latest:
at                    case   decision                outcome  by
{rejected} UTC  CLM-B  Is the claim approved?  Reject   leo
{approved} UTC  CLM-A  Is the claim approved?  Approve  leo
"""
