"""What compute is wanted for, how much of it, and what it needs."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from planner.config.base import Name, Strict
from planner.config.offers import Quarter
from planner.config.quantities import NonNegativePath, PositiveNumber, ShareNumber

PFLOPS = "effective PFLOP/s"
"""The unit of a workload that says nothing else."""

Unit = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class Campaign(Strict):
    """So much work by a deadline, in any quarters until then, instead of a rate."""

    total_flop: PositiveNumber | None = Field(
        default=None, description="Floating-point operations in all; for effective PFLOP/s only."
    )
    total_unit_hours: PositiveNumber | None = Field(
        default=None, description="The workload's unit times hours in all, for any unit."
    )
    from_quarter: Quarter | None = Field(
        default=None, description="First quarter of work; the plan's first unless given."
    )
    until_quarter: Quarter = Field(description="Last quarter of work: the deadline is its end.")

    @model_validator(mode="after")
    def _one_total(self) -> Self:
        if (self.total_flop is None) == (self.total_unit_hours is None):
            raise ValueError("give total_flop or total_unit_hours, and not both")
        return self


class ServiceTarget(Strict):
    """A share of the demand of every quarter whose lack costs more than other shortfall."""

    share: Annotated[float, Field(gt=0, le=1)] = Field(
        description="Share of each quarter's demand (or of the campaign) to be served."
    )
    shortfall_usd_per_unit_hour: Annotated[float, Field(gt=0)] = Field(
        description="What a unit below the target costs for an hour, in place of the lower price."
    )


class Scaling(Strict):
    """What one job loses as it grows: ``output = r (a / r) ** exponent`` beyond ``r``."""

    jobs: Annotated[int, Field(ge=1, le=100_000)] = Field(
        description="Jobs that run at the same time and share the accelerators evenly."
    )
    reference_accelerators: Annotated[float, Field(gt=0)] = Field(
        description="Accelerators of one job up to which the utilisation holds (r)."
    )
    exponent: ShareNumber = Field(
        description="Power of a job's size beyond the reference: 1 loses nothing."
    )
    largest_accelerators: Annotated[float, Field(gt=0)] = Field(
        description="Accelerators of one job beyond which more add nothing."
    )
    segments: Annotated[int, Field(ge=1, le=40)] = Field(
        default=6, description="Straight pieces of the curve; the report states their error."
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.reference_accelerators < self.largest_accelerators:
            raise ValueError("reference_accelerators must be below largest_accelerators")
        return self


class Workload(Strict):
    """A demand for compute: a rate in every quarter, or a campaign with a deadline."""

    unit: Unit = Field(
        default=PFLOPS, description="What it is counted in, such as tokens/s: a rate."
    )
    demand: NonNegativePath | None = Field(
        default=None, description="Wanted in each quarter, in `unit`; or give `campaign`."
    )
    campaign: Campaign | None = Field(
        default=None, description="Work to be done by a deadline; or give `demand`."
    )
    shortfall_usd_per_unit_hour: Annotated[float, Field(gt=0)] = Field(
        description="What an unserved unit costs for an hour; there is no default."
    )
    service_target: ServiceTarget | None = Field(
        default=None, description="A share whose lack costs more; none unless given."
    )
    memory_gb: Annotated[float, Field(gt=0)] | None = Field(
        default=None,
        description="Weights and cache of one replica, which must fit a scale-up domain.",
    )
    memory_traffic_gb_per_unit: PositiveNumber | None = Field(
        default=None,
        description="GB read from memory per unit and second (per token, over its batch), for "
        "platforms with `bandwidth_utilisation`.",
    )
    allowed_platforms: list[Name] | None = Field(
        default=None,
        min_length=1,
        description="The only platforms it may run on; all unless given.",
    )
    denied_platforms: list[Name] = Field(
        default=[], description="Platforms that it may not run on."
    )
    allowed_sites: list[Name] | None = Field(
        default=None, min_length=1, description="The only sites it may run at; all unless given."
    )
    denied_sites: list[Name] = Field(default=[], description="Sites that it may not run at.")
    scaling: Scaling | None = Field(
        default=None, description="Loss of large jobs; none unless given."
    )

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if (self.demand is None) == (self.campaign is None):
            raise ValueError("give demand or campaign, and not both")
        in_flop = self.campaign is not None and self.campaign.total_flop is not None
        if in_flop and self.unit != PFLOPS:
            raise ValueError(f"total_flop is for workloads in {PFLOPS}")
        target = self.service_target
        if target is not None and (
            target.shortfall_usd_per_unit_hour <= self.shortfall_usd_per_unit_hour
        ):
            raise ValueError("the price of shortfall below the target must be above the other")
        return self
