"""Signatures of what other systems send: whether it is theirs, whole and of now.

Source: Standard Webhooks 1.0.0, the symmetric scheme `v1`.
"""

import base64
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

# So far may the time of an attempt be from ours, either way.
WINDOW = timedelta(minutes=5)
_SECRET_BYTES = range(24, 65)
_PREFIX = "whsec_"
_SCHEME = "v1,"
# A full stop parts id, time and body, so none of the first two may hold one.
_ID = re.compile(r"[!-\-/-~]{1,200}")
_SECONDS = re.compile(r"[0-9]{1,11}")


@dataclass(frozen=True, slots=True)
class Signed:
    """What was sent, with what its headers say of it.

    id:  of what is told; the same at each attempt. timestamp: of the attempt, in seconds.
    signatures: parted by spaces, each with its scheme. body: to the byte.
    """

    id: str
    timestamp: str
    signatures: str
    body: bytes

    @property
    def reads(self) -> bool:
        """Tell whether id and time have a form that can be signed."""
        return bool(_ID.fullmatch(self.id) and _SECONDS.fullmatch(self.timestamp))


def read_secrets(text: str) -> tuple[bytes, ...]:
    """Return the secrets that a text lists, parted by spaces; while one is replaced, both are good.

    Raises: ValueError, in words that hold nothing of them.
    """
    return tuple(_secret(each) for each in text.split())


def _secret(text: str) -> bytes:
    try:
        secret = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except ValueError:
        raise ValueError("a secret is not `whsec_` and base64") from None
    if len(secret) not in _SECRET_BYTES:
        least, most = _SECRET_BYTES[0], _SECRET_BYTES[-1]
        raise ValueError(f"a secret has {len(secret)} bytes, expected {least} to {most}")
    return secret


def signature(secret: bytes, name: str, timestamp: str, body: bytes) -> str:
    """Return the signature that a holder of the secret makes. name: the id of what is told."""
    whole = b".".join((name.encode(), timestamp.encode(), body))
    return _SCHEME + base64.b64encode(hmac.digest(secret, whole, sha256)).decode()


def is_signed(sent: Signed, secrets: Sequence[bytes]) -> bool:
    """Tell whether one of its signatures was made with one of the secrets.

    What is compared takes as long wherever it differs. Signatures of other schemes are passed over.
    """
    if not sent.reads:
        return False
    given = [each.encode() for each in sent.signatures.split(" ") if each.startswith(_SCHEME)]
    made = [signature(each, sent.id, sent.timestamp, sent.body).encode() for each in secrets]
    return any(hmac.compare_digest(one, other) for one in given for other in made)


def is_fresh(sent: Signed, now: datetime) -> bool:
    """Tell whether the attempt was made about now."""
    return abs(now.timestamp() - int(sent.timestamp)) <= WINDOW.total_seconds()
