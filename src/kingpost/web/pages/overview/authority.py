"""What a post may decide, in the words of the company."""

from kingpost.model.model import Model
from kingpost.model.organisation import Allowance, Grant
from kingpost.values.money import write_money
from kingpost.web.pages.casework.refusals import Titles, joined
from kingpost.web.pages.typed_fields import shown_money


def grant_words(model: Model, grant: Grant) -> str:
    """Return what authority a post has over one decision."""
    titles = Titles(model, grant.workflow)
    outcomes = joined([f"“{titles.outcome(grant.step, name)}”" for name in grant.outcomes], "or")
    only = f", only when {titles.condition(grant.when)}" if grant.when else ""
    most = _allowance(titles, grant.allowance) if grant.allowance else ""
    return f"{titles.step(grant.step)} {outcomes}{only}{most}"


def _allowance(titles: Titles, allowance: Allowance) -> str:
    most = shown_money(write_money(allowance.at_most, allowance.currency))
    return f", in a {allowance.per} at most {most} of {titles.field(allowance.of).lower()}"
