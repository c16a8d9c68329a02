"""Who must agree to a change: the posts that keep what it changes."""

from kingpost.model.custody import custodian_of
from kingpost.model.model import Model
from kingpost.planning.difference import changed_elements


def keepers(before: Model, after: Model) -> dict[str, list[str]]:
    """Return what changes by the post that keeps it now; under nothing, what no post keeps."""
    found: dict[str, list[str]] = {}
    for address in changed_elements(before, after):
        found.setdefault(custodian_of(before, address) or "", []).append(address)
    return dict(sorted(found.items()))
