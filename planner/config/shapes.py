"""Distributions with a shape that has a name: normal, PERT, beta, gamma, Student's t, yes or no."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from planner.config.distributions import Belief, one_pair

LEAST_SHAPE, LARGEST_SHAPE = 0.01, 1e6
"""Shapes of beta and gamma: beyond them quantiles lose digits, and the belief is all but known."""


def _usual_shapes(*shapes: float) -> bool:
    return all(LEAST_SHAPE <= shape <= LARGEST_SHAPE for shape in shapes)


class Normal(Belief):
    """Symmetric around its mean, without bounds; by ``mean`` and ``sd``, or ``p10`` and ``p90``."""

    distribution: Literal["normal"] = Field(description="The kind of belief.")
    mean: float | None = Field(default=None, description="Mean, which is the median; with sd.")
    sd: float | None = Field(default=None, description="Standard deviation, above 0; with mean.")
    p10: float | None = Field(
        default=None, description="Value that one draw in ten is below; with p90."
    )
    p90: float | None = Field(
        default=None, description="Value that one draw in ten is above; with p10."
    )

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if not one_pair(self, ("mean", "sd"), ("p10", "p90")):
            raise ValueError("give mean and sd, or p10 and p90")
        if self.sd is not None and not self.sd > 0:
            raise ValueError("sd must be above 0")
        if self.p10 is not None and self.p90 is not None and not self.p10 < self.p90:
            raise ValueError("p10 must be below p90")
        return self

    def support(self) -> tuple[float, float]:
        """Return minus and plus infinity."""
        return -math.inf, math.inf


class Pert(Belief):
    """Between ``low`` and ``high``, most likely ``mode``: smoother than a triangle."""

    distribution: Literal["pert"] = Field(description="The kind of belief.")
    low: float = Field(description="Smallest value.")
    mode: float = Field(description="Most likely value; counts four times in the mean.")
    high: float = Field(description="Largest value.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not (self.low <= self.mode <= self.high and self.low < self.high):
            raise ValueError("low, mode and high must ascend, with low below high")
        return self

    def support(self) -> tuple[float, float]:
        """Return ``low`` and ``high``."""
        return self.low, self.high


class Beta(Belief):
    """From ``low`` to ``high``; by ``mean`` and ``sd``, or by ``alpha`` and ``beta``."""

    distribution: Literal["beta"] = Field(description="The kind of belief.")
    mean: float | None = Field(default=None, description="Mean, between low and high; with sd.")
    sd: float | None = Field(default=None, description="Standard deviation, above 0; with mean.")
    alpha: float | None = Field(
        default=None, description="Shape at `low`: above 1 it thins out towards it; with beta."
    )
    beta: float | None = Field(
        default=None, description="Shape at `high`: above 1 it thins out towards it; with alpha."
    )
    low: float = Field(default=0.0, description="Smallest value.")
    high: float = Field(default=1.0, description="Largest value.")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if not self.low < self.high:
            raise ValueError("low must be below high")
        if not one_pair(self, ("mean", "sd"), ("alpha", "beta")):
            raise ValueError("give mean and sd, or alpha and beta")
        if self.mean is not None and not self.low < self.mean < self.high:
            raise ValueError("mean must lie between low and high")
        if self.sd is not None and not self.sd > 0:
            raise ValueError("sd must be above 0")
        if self.mean is not None and self.sd is not None:
            largest = math.sqrt(self.mean - self.low) * math.sqrt(self.high - self.mean)
            if not self.sd < largest:
                raise ValueError(f"sd is too large for this mean: a beta has less than {largest:g}")
        if not _usual_shapes(*self.shapes()):
            raise ValueError("alpha and beta, given or by mean and sd, must be from 0.01 to 1e6")
        return self

    def shapes(self) -> tuple[float, float]:
        """Return alpha and beta (Johnson, Kotz, Balakrishnan, vol. 2, ch. 25)."""
        if self.mean is None or self.sd is None:
            return self.alpha or 0.0, self.beta or 0.0
        share = (self.mean - self.low) / (self.high - self.low)
        spread = self.sd / (self.high - self.low)
        both = share / spread * (1 - share) / spread - 1
        return share * both, (1 - share) * both

    def support(self) -> tuple[float, float]:
        """Return ``low`` and ``high``."""
        return self.low, self.high


class Gamma(Belief):
    """Above ``low`` and skewed; by ``mean`` and ``sd``, or by ``shape`` and ``scale``."""

    distribution: Literal["gamma"] = Field(description="The kind of belief.")
    mean: float | None = Field(default=None, description="Mean, above low; with sd.")
    sd: float | None = Field(default=None, description="Standard deviation, above 0; with mean.")
    shape: float | None = Field(
        default=None, description="Shape: 1 is an exponential, large is near a normal; with scale."
    )
    scale: float | None = Field(
        default=None, description="Scale, above 0: mean less low, by the shape; with shape."
    )
    low: float = Field(default=0.0, description="Bound that no draw reaches.")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if not one_pair(self, ("mean", "sd"), ("shape", "scale")):
            raise ValueError("give mean and sd, or shape and scale")
        if self.mean is not None and not self.mean > self.low:
            raise ValueError("mean must be above low")
        if any(value is not None and not value > 0 for value in (self.sd, self.scale)):
            raise ValueError("sd and scale must be above 0")
        shape, _ = self.shape_and_scale()
        if not _usual_shapes(shape):
            raise ValueError("shape, given or by mean and sd, must be from 0.01 to 1e6")
        return self

    def shape_and_scale(self) -> tuple[float, float]:
        """Return shape and scale (Johnson, Kotz, Balakrishnan, vol. 1, ch. 17)."""
        if self.mean is None or self.sd is None:
            return self.shape or 0.0, self.scale or 0.0
        above = self.mean - self.low
        ratio = above / self.sd
        return ratio * ratio, self.sd / ratio

    def support(self) -> tuple[float, float]:
        """Return ``low`` (never drawn) and infinity."""
        return math.nextafter(self.low, math.inf), math.inf


class StudentT(Belief):
    """Symmetric around ``centre``, without bounds, with heavier tails than a normal."""

    distribution: Literal["student-t"] = Field(description="The kind of belief.")
    centre: float = Field(description="Median, which is the mean if there is one.")
    scale: float = Field(description="Above 0; a little less than the standard deviation.")
    degrees_of_freedom: float = Field(
        description="Weight of the tails: 2 is very heavy, 30 is near a normal."
    )

    @model_validator(mode="after")
    def _usual(self) -> Self:
        if not self.scale > 0:
            raise ValueError("scale must be above 0")
        if not 0.5 <= self.degrees_of_freedom <= 1e6:
            raise ValueError("degrees_of_freedom must be from 0.5 to 1e6")
        return self

    def support(self) -> tuple[float, float]:
        """Return minus and plus infinity."""
        return -math.inf, math.inf


class Bernoulli(Belief):
    """One value with a probability, and else another."""

    distribution: Literal["bernoulli"] = Field(description="The kind of belief.")
    probability: Annotated[float, Field(ge=0, le=1)] = Field(
        description="How likely `if_true` is, from 0 to 1."
    )
    if_true: float = Field(default=1.0, description="Value if it happens.")
    if_false: float = Field(default=0.0, description="Value if it does not.")

    def support(self) -> tuple[float, float]:
        """Return the smaller and the larger value that are possible."""
        possible = [self.if_true] * (self.probability > 0) + [self.if_false] * (
            self.probability < 1
        )
        return min(possible), max(possible)
