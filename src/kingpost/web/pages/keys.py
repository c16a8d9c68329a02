"""Idempotency keys for the forms of a page."""

import secrets
from uuid import UUID

from kingpost.values.identity import is_derived


class Keys:
    """Gives each form of a page a key of its own, so that a double click acts once."""

    def next(self) -> str:
        """Return a fresh key."""
        return str(UUID(bytes=secrets.token_bytes(16), version=4))


def is_ours(key: object) -> bool:
    """Tell whether the key of a form is one that only Kingpost itself may use."""
    try:
        return is_derived(UUID(str(key)))
    except ValueError:
        return False
