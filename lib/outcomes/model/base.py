"""The strictness shared by everything that people type: no unknown key, no change after reading."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""An English word or words in lower case, joined by underscores; the same in file and parameter."""

AreaCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{8}$")]
"""A nine-character area code: one capital letter and eight digits, such as E07000071."""

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
"""Words for a reader; never empty."""


class Strict(BaseModel):
    """A record that refuses unknown keys and endless numbers, and cannot be changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
