"""The kinds of text that a request may hold."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

# PostgreSQL keeps no text with a NUL in it.
_WITHOUT_NUL = r"^[^\x00]*$"

Name = Annotated[str, Field(max_length=200, pattern=_WITHOUT_NUL)]
Text = Annotated[str, Field(max_length=20_000, pattern=_WITHOUT_NUL)]
PageNumber = Annotated[int, Field(ge=1, le=100_000)]


class Body(BaseModel):
    """What a request sends: strict, so that the text "1" is not taken for the number 1."""

    model_config = ConfigDict(extra="forbid", strict=True)
