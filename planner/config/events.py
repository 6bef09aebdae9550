"""Events: what may happen or not, when, for how long, and what it does to named figures.

What is drawn for them and how they change figures is in ``planner.uncertainty.events``.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from planner.config.base import Name, Strict
from planner.config.distributions import SOURCE
from planner.config.offers import Quarter
from planner.config.quantities import NonNegativeNumber, Number, PositiveNumber, Quantity

EFFECTS = ("multiply", "add", "set", "cap", "delay_quarters")
"""The keys of an effect that say what is done to a figure."""

Probability = Annotated[float, Field(ge=0, le=1)]
FigurePattern = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Begins(Strict):
    """The quarters in which an event can begin."""

    earliest: Quarter | None = Field(
        default=None, description="First of them; the plan's first unless given."
    )
    latest: Quarter | None = Field(
        default=None, description="Last of them; the plan's last unless given."
    )


class Effect(Strict):
    """What an event does to figures: one of multiply, add, set, cap and delay_quarters."""

    on: list[FigurePattern] = Field(
        min_length=1,
        description="The figures by their YAML paths; `*` stands for anything. A figure per "
        "quarter is changed while the event holds, a single one in every sample in which it "
        "happens.",
    )
    multiply: NonNegativeNumber | None = Field(
        default=None, description="What the figure is multiplied by."
    )
    add: Number | None = Field(
        default=None, description="What is added to it; below 0 is taken off."
    )
    set: Number | None = Field(default=None, description="What it is instead.")
    cap: Number | None = Field(default=None, description="What it is at most.")
    delay_quarters: NonNegativeNumber | None = Field(
        default=None,
        description="Whole quarters by which a figure per quarter is late: it is what it would "
        "have been so much earlier, and before the plan what it is in the plan's first quarter.",
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(getattr(self, key) is not None for key in EFFECTS) != 1:
            raise ValueError("give one of multiply, add, set, cap and delay_quarters")
        return self

    @property
    def kind(self) -> str:
        """Which of `EFFECTS` it is."""
        return next(key for key in EFFECTS if getattr(self, key) is not None)

    @property
    def amount(self) -> Quantity:
        """What stands at that key."""
        amount: Quantity = getattr(self, self.kind)
        return amount


class Event(Strict):
    """Something that happens or not, and changes figures if it does."""

    probability: Probability | None = Field(
        default=None,
        description="How likely it is to happen, once in the plan; or give "
        "probability_per_quarter.",
    )
    probability_per_quarter: Probability | None = Field(
        default=None,
        description="How likely it is to begin in a quarter in which it does not hold already; "
        "once it has ended it may come again.",
    )
    begins: Begins = Field(
        default=Begins(),
        description="When it can begin: with `probability` in each of these quarters as likely; "
        "the whole plan unless given.",
    )
    lasts_quarters: PositiveNumber | None = Field(
        default=None,
        description="Quarters for which it holds, in whole quarters and at least 1; to the end of "
        "the plan unless given.",
    )
    only_if: Name | None = Field(
        default=None,
        description="Another event that must have begun by the quarter in which this one begins; "
        "the probability is that given the other, and 0 without it.",
    )
    only_if_not: Name | None = Field(
        default=None,
        description="Another event that must not have begun by then; the probability is that "
        "without the other, and 0 after it.",
    )
    one_of: Name | None = Field(
        default=None,
        description="A group, by a name of your choice, of which at most one event happens; for "
        "events with `probability`, which must sum to at most 1 in a group.",
    )
    effects: list[Effect] = Field(
        min_length=1,
        description="What it does. On one figure all effects act in the order of the config, "
        "those of earlier events first.",
    )
    source: str | None = SOURCE

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if (self.probability is None) == (self.probability_per_quarter is None):
            raise ValueError("give probability or probability_per_quarter, and not both")
        if self.one_of is not None and self.probability is None:
            raise ValueError("one_of is for events with probability")
        return self
