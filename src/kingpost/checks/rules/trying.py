"""Whether rules answer as their tests say."""

from collections.abc import Iterator

from kingpost.checks.finding import error, of
from kingpost.model.model import Model
from kingpost.model.ruling.trying import failed_tests
from kingpost.values.diagnostic import Diagnostic


def check_rule_tests(model: Model) -> Iterator[Diagnostic]:
    """Find tests of rules that come out otherwise. A rule that does not read is not tried."""
    for failed in failed_tests(model):
        where = of("rule", failed.rule, "tests", failed.number - 1, failed.part)
        message = f"`{failed.title}` of rule `{failed.rule}` fails: {failed.story}"
        advice = "Correct the rule, or what the test expects."
        if failed.part == "given":
            advice = "Correct what the test gives."
        yield error(model, "KP0614", where, message, advice)
