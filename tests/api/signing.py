"""A carrier that signs what it sends to the shop."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from kingpost.proof.signature import read_secrets, signature
from tests.api.front import Front
from tests.engine.orders import ORDERS

SIGNED_ORDERS = ORDERS.replace("{title: Carrier}", "{title: Carrier, signed: true}")
NEW, OLD = ("whsec_" + base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
ENVIRONMENT = {"KINGPOST_INTERFACE_CARRIER_SECRET": f"{NEW} {OLD}"}


def now() -> int:
    return int(datetime.now(UTC).timestamp())  # noqa: TID251 - the clock of another system


@dataclass(frozen=True)
class Delivery:
    """What the carrier sends, as often as it likes."""

    id: str
    body: bytes
    headers: dict[str, str]

    @classmethod
    def of(cls, name: str, told: object, *, secret: str = NEW, at: int | None = None) -> "Delivery":
        """Sign something. at: the time of the attempt, when not now."""
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        time, (key,) = str(at or now()), read_secrets(secret)
        headers = {
            "webhook-id": name,
            "webhook-timestamp": time,
            "webhook-signature": signature(key, name, time, body),
            "content-type": "application/json",
        }
        return cls(name, body, headers)

    def sent(self, front: Front, to: str = "carrier", **headers: str) -> httpx.Response:
        """Send it. headers: in place of its own, `_` for `-`."""
        others = {name.replace("_", "-"): value for name, value in headers.items()}
        return front.call(
            "POST", f"/inbound/{to}", content=self.body, headers=self.headers | others
        )
