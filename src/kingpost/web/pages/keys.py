"""Idempotency keys for the forms of a page."""

import secrets
from uuid import UUID


class Keys:
    """Gives each form of a page a key of its own, so that a double click acts once."""

    def next(self) -> str:
        """Return a fresh key."""
        return str(UUID(bytes=secrets.token_bytes(16), version=4))
