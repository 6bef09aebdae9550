"""The strict base of everything a user writes, and the names they may give to things."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"
"""Letters, digits, ``-`` and ``_``: safe in LP files, markdown, spreadsheets and dotted paths."""

LOOKED_UP_PATTERN = NAME_PATTERN.removesuffix("$") + r"(\.[A-Za-z0-9][A-Za-z0-9_-]{0,63}){0,2}$"
"""A name, or up to three with dots between them: a platform, its figure, and the kind of work."""

Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]


class Strict(BaseModel):
    """Frozen, no unknown keys, no silent coercion, no NaN or infinity."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, validate_default=True
    )
