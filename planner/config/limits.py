"""Limits that hold across offers, sites and vendors, and how vendors bargain."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from planner.config.base import Name, Strict
from planner.config.quantities import NonNegativePath, PositiveNumber, ShareNumber

NonNegativeList = Annotated[list[Annotated[float, Field(ge=0)]], Field(min_length=1)]


class Growth(Strict):
    """How many accelerators can be brought into service in a quarter."""

    accelerators_per_quarter: NonNegativePath = Field(
        description="Accelerators bought, reserved or built that can begin in each quarter."
    )
    share_of_fleet: ShareNumber = Field(
        default=0.0, description="More of them, as a share of what served the quarter before."
    )


class Budgets(Strict):
    """Cash per year of the plan; what goes over it costs extra."""

    capex_usd_by_year: NonNegativeList | None = Field(
        default=None,
        description="Purchases, option fees and built power, for each year of the plan.",
    )
    opex_usd_by_year: NonNegativeList | None = Field(
        default=None, description="All other cash, for each year of the plan."
    )
    overrun_usd_per_usd: Annotated[float, Field(gt=0)] = Field(
        description="What each dollar over a budget costs on top of itself."
    )


class Limits(Strict):
    """Limits across offers."""

    largest_vendor_share: dict[Name, ShareNumber] = Field(
        default_factory=dict,
        description="Per vendor, its largest share of all accelerators ordered.",
    )
    smallest_vendor_share: dict[Name, ShareNumber] = Field(
        default_factory=dict,
        description="Per vendor, its smallest share of all accelerators ordered.",
    )
    growth: Growth | None = Field(
        default=None, description="Largest growth per quarter; none unless given."
    )
    budgets: Budgets | None = Field(default=None, description="Budgets; none unless given.")


class Pool(Strict):
    """Something that several vendors' accelerators are made from: HBM, packaging."""

    unit: Annotated[str, Field(min_length=1, max_length=40)] = Field(
        description="What it is counted in, such as GB or wafers."
    )
    supply: NonNegativePath = Field(description="How much there is in each quarter, in `unit`.")
    use_per_accelerator: dict[Name, PositiveNumber] = Field(
        min_length=1, description="By platform, what one newly made accelerator takes."
    )


class PriceFall(Strict):
    """A vendor that gives way when others are bought from; a yes or no."""

    vendor: Name = Field(description="Whose price falls, of what it sells and reserves.")
    others: list[Name] = Field(
        min_length=1, description="The platforms whose orders count against it."
    )
    passes_share: Annotated[float, Field(gt=0, lt=1)] = Field(
        description="Share of all accelerators ordered that the others must have."
    )
    discount_share: ShareNumber = Field(description="Share of its prices that then falls away.")


class AllocationCut(Strict):
    """A vendor that supplies less to a buyer who builds a chip."""

    vendor: Name = Field(description="Whose supply is cut.")
    programme: Name = Field(description="The programme in `offers` whose funding it minds.")
    cut_share: ShareNumber = Field(description="Share of its supply that is lost.")


class Bargaining(Strict):
    """How vendors answer to what is bought from others."""

    price_falls: dict[Name, PriceFall] = Field(
        default={}, description="Discounts that a real alternative earns, by a name of your choice."
    )
    allocation_cuts: dict[Name, AllocationCut] = Field(
        default={}, description="Supply that an own chip costs, by a name of your choice."
    )
