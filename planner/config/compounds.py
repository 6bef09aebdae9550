"""Distributions that are made of others: a part of one, and several with weights."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from planner.config.base import Strict
from planner.config.distributions import Belief

if TYPE_CHECKING:
    from planner.config.quantities import Number


def _support(part: Belief | float) -> tuple[float, float]:
    return part.support() if isinstance(part, Belief) else (float(part), float(part))


class Truncated(Belief):
    """What is left of another belief between ``low`` and ``high``: as it is, given that it is."""

    distribution: Literal["truncated"] = Field(description="The kind of belief.")
    of: Number = Field(description="The belief that is cut.")
    low: float | None = Field(
        default=None, description="Smallest value that is left; no cut unless given."
    )
    high: float | None = Field(
        default=None, description="Largest value that is left; no cut unless given."
    )

    @model_validator(mode="after")
    def _something_left(self) -> Self:
        if self.low is None and self.high is None:
            raise ValueError("give low or high, or both")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError("low must be below high")
        least, most = self.support()
        if least > most:
            raise ValueError("nothing of the belief is left between low and high")
        return self

    def support(self) -> tuple[float, float]:
        """Return the support of ``of`` within ``low`` and ``high``, which may be drawn."""
        least, most = _support(self.of)
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        return max(least, low), min(most, high)


class MixturePart(Strict):
    """One of the beliefs of a mixture."""

    weight: Annotated[float, Field(gt=0, le=1)] = Field(
        description="How likely it is this one; the weights sum to 1."
    )
    of: Number = Field(description="A belief or a number.")


class Mixture(Belief):
    """One of several beliefs, each with the probability that it is the right one."""

    distribution: Literal["mixture"] = Field(description="The kind of belief.")
    parts: Annotated[tuple[MixturePart, ...], Field(strict=False)] = Field(
        description="The beliefs, each `{weight: ..., of: ...}`."
    )

    @model_validator(mode="after")
    def _a_distribution(self) -> Self:
        total = math.fsum(part.weight for part in self.parts)
        if abs(total - 1) > 1e-9:
            raise ValueError(f"the weights must sum to 1, these sum to {total:.10g}")
        return self

    def support(self) -> tuple[float, float]:
        """Return the extremes of all parts."""
        lows, highs = zip(*(_support(part.of) for part in self.parts), strict=True)
        return min(lows), max(highs)
