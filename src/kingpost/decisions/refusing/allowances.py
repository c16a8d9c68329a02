"""Why an allowance over a period says no."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kingpost.decisions.refusing.calls import listed


@dataclass(frozen=True, slots=True)
class OverAllowance:
    """What the post may decide in the period does not leave room for this case.

    use: as a decision record would keep it. could: the posts in reach that have room.
    """

    post: str
    step: str
    outcome: str
    use: Mapping[str, Any]
    could: tuple[str, ...]

    @property
    def left(self) -> str:
        """Return what is left in the period."""
        most, currency = str(self.use["at-most"]).split(" ")
        left = Decimal(most) - Decimal(str(self.use["before"]).partition(" ")[0])
        return f"{max(left, Decimal(0)):f} {currency}"

    def __str__(self) -> str:
        could = f"; {listed(self.could)} may" if self.could else ""
        since = date.fromisoformat(self.use["since"])
        return (
            f"`{self.post}` may take `{self.outcome}` in `{self.step}` for at most"
            f" {self.use['at-most']} a {self.use['per']}: since {since:%-d %B %Y},"
            f" {self.use['before']} is used and {self.left} is left,"
            f" and this case counts for {self.use['counts']}{could}"
        )
