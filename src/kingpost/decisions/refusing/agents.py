"""Refusals about machine agents."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class NobodyAnswers:
    """Nobody answers now for the agent in a post. answering: the post that is to; None for none."""

    post: str
    answering: str | None

    def __str__(self) -> str:
        if self.answering is None:
            return f"`{self.post}` names no post that answers for an agent: it is for people"
        return (
            f"an agent acts in `{self.post}` only while one person holds `{self.answering}` and"
            f" answers for it: appoint somebody there first"
        )


@dataclass(frozen=True, slots=True)
class OnlyPeopleVote:
    """Several people decide here, and a machine agent has no vote."""

    step: str

    def __str__(self) -> str:
        return (
            f"several people decide in `{self.step}`, and an agent has no vote:"
            f" who answers for it votes in person"
        )


AgentRefusal: TypeAlias = NobodyAnswers | OnlyPeopleVote
