"""The rules by which a quantity can move over the quarters, told apart by a ``process:`` key.

What is drawn for them is in ``planner.uncertainty.processes``: a new kind is a class in `PROCESSES`
here and a path function there. The types of their figures are unions that these classes are part
of, so `planner.config.quantities` completes them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self, get_args

from pydantic import Field, model_validator

from planner.config.base import Strict
from planner.config.distributions import SOURCE, Belief

if TYPE_CHECKING:
    from planner.config.quantities import Change, Number, PositiveNumber, ShareNumber


class Process(Strict):
    """A quantity above 0 that begins at ``first`` and moves by a rule from quarter to quarter."""

    parameters: ClassVar[tuple[str, ...]]
    """The figures that are drawn once for each sample, if they are uncertain."""

    first: PositiveNumber = Field(
        description="Value in the plan's first quarter; a plain number where it is known today."
    )
    source: str | None = SOURCE

    def support(self) -> tuple[float, float]:
        """Return the smallest and largest number above 0: no value is outside them."""
        return math.ulp(0.0), math.inf


class RandomWalk(Process):
    """A price that wanders: what it has gained or lost it keeps, on average."""

    parameters = ("first", "drift_per_year", "volatility_per_year")

    process: Literal["random-walk"] = Field(description="The rule by which it moves.")
    drift_per_year: Number = Field(
        default=0.0,
        description="Growth of the median's logarithm in a year: 0.1 is 10.5 % more, -0.1 is "
        "9.5 % less.",
    )
    volatility_per_year: PositiveNumber = Field(
        description="Standard deviation of the logarithm's change in a year: 0.3 is about 30 %."
    )


class MeanReverting(Process):
    """A price that is pulled back to a level: half of the way in each half-life."""

    parameters = ("first", "level", "half_life_quarters", "volatility_per_year")

    process: Literal["mean-reverting"] = Field(description="The rule by which it moves.")
    level: PositiveNumber = Field(description="What it is pulled to: its median in the long run.")
    half_life_quarters: PositiveNumber = Field(
        description="Quarters in which the pull takes away half of a distance from the level."
    )
    volatility_per_year: PositiveNumber = Field(
        description="Standard deviation of the logarithm's change in a year, without the pull."
    )


class Steps(Process):
    """A list price: it stays as it is, and changes at once in some quarters."""

    parameters = ("first",)

    process: Literal["steps"] = Field(description="The rule by which it moves.")
    probability_per_quarter: Annotated[float, Field(ge=0, le=1)] = Field(
        description="How likely it is that it changes in a quarter, from the second on."
    )
    change: Change = Field(
        description="Relative change when it does, drawn anew each time: 0.1 is 10 % more."
    )


class LearningCurve(Process):
    """A cost that falls by the same share with each doubling of what has been made."""

    parameters = ("first", "learning_rate", "volume_before")

    process: Literal["learning-curve"] = Field(description="The rule by which it moves.")
    learning_rate: ShareNumber = Field(
        description="Relative fall per doubling of the volume made so far; below 1."
    )
    volume_by_quarter: list[Annotated[float, Field(ge=0)]] = Field(
        min_length=1,
        description="Units made in each quarter of the plan; they lower the cost from the next on.",
    )
    volume_before: PositiveNumber = Field(description="Units made before the plan, all together.")

    @model_validator(mode="after")
    def _leaves_something(self) -> Self:
        rate = self.learning_rate
        highest = rate if isinstance(rate, int | float) else rate.support()[1]
        if not highest < 1:
            raise ValueError("learning_rate must stay below 1")
        return self


PROCESSES: tuple[type[Process], ...] = (RandomWalk, MeanReverting, Steps, LearningCurve)
"""Every kind that a ``process:`` key can name; the plug-in list."""


def process_name(model: type[Process]) -> str:
    """Return the word that a ``process:`` key uses for a kind."""
    return str(get_args(model.model_fields["process"].annotation)[0])


class StandardNormal(Belief):
    """The shock of one quarter to a logarithm; not for users to write."""

    def support(self) -> tuple[float, float]:
        """Return minus infinity and infinity."""
        return -math.inf, math.inf


class StepChange(Belief):
    """The relative change of one quarter, which may be none; not for users to write.

    Attributes
    ----------
    probability : float
        That there is a change.
    change : Quantity
        What it is then.
    falling : float
        The share of the changes that are below 0.
    """

    probability: float
    change: Change
    falling: float

    def support(self) -> tuple[float, float]:
        """Return the extremes of the change, and of none if that can be."""
        change = self.change
        low, high = (change, change) if isinstance(change, int | float) else change.support()
        if self.probability == 1:
            return float(low), float(high)
        return (min(low, 0.0), max(high, 0.0)) if self.probability > 0 else (0.0, 0.0)


UNFINISHED: tuple[type[Strict], ...] = (Process, *PROCESSES, StepChange)
"""The classes here whose figures' types are completed by `planner.config.quantities`."""
