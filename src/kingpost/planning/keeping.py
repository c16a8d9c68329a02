"""Who must agree to a change: the posts that keep what it changes."""

from collections.abc import Collection

from kingpost.model.custody import custodian_of
from kingpost.model.model import Model
from kingpost.planning.difference import changed_elements
from kingpost.values.address import address


def keepers(before: Model, after: Model, reached: Collection[str] = ()) -> dict[str, list[str]]:
    """Return what changes by the post that keeps it now; under nothing, what no post keeps.

    reached: the workflows of which the change says how their cases go over.
    """
    flows = {address("workflow", name) for name in reached if name in before.workflows}
    found: dict[str, list[str]] = {}
    for part in sorted({*changed_elements(before, after), *flows}):
        found.setdefault(custodian_of(before, part) or "", []).append(part)
    return dict(sorted(found.items()))
