"""How the committed plan is found and proven: the one decision for all futures."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from planner.config.base import Strict

Share = Annotated[float, Field(ge=0, le=1)]


class PlannedService(Strict):
    """What the committed plan has to serve, of either kind."""

    expected_share: Share | None = Field(
        default=None, description="Of every workload's demand, on average over the samples."
    )
    fully_served_share: Share | None = Field(
        default=None, description="Of the samples, in which all workloads are served wholly."
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.expected_share is None) == (self.fully_served_share is None):
            raise ValueError("give `expected_share` or `fully_served_share`, and not both")
        return self


class Commitment(Strict):
    """The committed plan: what it minimises, what it must reach, and how well it is proven."""

    samples: Annotated[int, Field(ge=16, le=10_000_000)] = Field(
        default=1024,
        description="Samples that the plan is optimised on; it is judged on others.",
    )
    gap: Annotated[float, Field(gt=0, le=0.1)] = Field(
        default=1e-4, description="Relative gap at which the search for the plan ends."
    )
    cvar_weight: Share = Field(
        default=0.0,
        description="The plan minimises (1 - weight) times the mean cost plus weight times its "
        "CVaR, the mean of the worst samples.",
    )
    cvar_level: Annotated[float, Field(ge=0, lt=1)] = Field(
        default=0.95, description="Of the CVaR: 0.95 is the mean of the worst twentieth."
    )
    window_quarters: Annotated[int, Field(ge=1, le=20)] = Field(
        default=1,
        description="With `--bracket`: what has to be signed from this many quarters on is "
        "decided again, with everything known.",
    )
    replications: Annotated[int, Field(ge=2, le=1000)] = Field(
        default=10, description="Independent batches of samples that prove how good the plan is."
    )
    replication_samples: Annotated[int, Field(ge=16, le=1_000_000)] = Field(
        default=256, description="Samples of each batch."
    )
    service: PlannedService | None = Field(
        default=None, description="What the plan has to serve; its price of shortfall is raised."
    )
    break_evens: Annotated[int, Field(ge=0, le=100)] = Field(
        default=3,
        description="Of how many inputs, those that move the cost most, the report says at which "
        "values the plan changes.",
    )
