"""What is already owned, under contract or on order when the plan begins."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from planner.config.base import Name, Strict
from planner.config.offers import LifeQuarters, SlipQuarters
from planner.config.quantities import (
    NonNegativeNumber,
    NonNegativePath,
    PositiveNumber,
    ShareNumber,
)


class _Existing(Strict):
    platform: Name = Field(description="Which of `platforms` it is.")
    site: Name = Field(description="Which of `sites` it stands at.")
    accelerators: NonNegativeNumber = Field(description="How many there are.")


class Owned(_Existing):
    """Paid for already: it costs maintenance, and energy and hosting where it works."""

    mode: Literal["owned"] = Field(description="How it is held.")
    life_left_quarters: LifeQuarters = Field(
        description="Quarters of use that are left from the plan's start on."
    )
    maintenance_usd_per_year: NonNegativePath = Field(
        default=0.0, description="Per accelerator and year, paid by the quarter."
    )


class Contracted(_Existing):
    """Reserved already: paid by the hour to the end of the term, whether used or not."""

    mode: Literal["contracted"] = Field(description="How it is held.")
    term_left_quarters: LifeQuarters = Field(
        description="Quarters of the term that are left from the plan's start on."
    )
    price_usd_per_hour: NonNegativeNumber = Field(description="What the contract says per hour.")


class Ordered(_Existing):
    """Ordered, but not delivered: kept, or cancelled where the contract allows it."""

    mode: Literal["ordered"] = Field(description="How it is held.")
    delivery_in_quarters: Annotated[int, Field(ge=0, le=40)] = Field(
        description="Quarters from the plan's start to its planned delivery."
    )
    slip_quarters: SlipQuarters = Field(
        default=0.0, description="Whole quarters by which the delivery is late."
    )
    price_usd: PositiveNumber = Field(description="The price of one accelerator, paid parts too.")
    paid_share: ShareNumber = Field(
        default=0.0, description="Share of the price paid before the plan begins: it is spent."
    )
    life_quarters: LifeQuarters = Field(description="Quarters of use from delivery on.")
    residual_share: ShareNumber = Field(
        description="Share of straight-line book value that it still fetches at the horizon."
    )
    maintenance_usd_per_year: NonNegativePath = Field(
        default=0.0, description="Per accelerator and year of its life, paid by the quarter."
    )
    cancellation_share: ShareNumber | None = Field(
        default=None,
        description="Share of the price that is lost on cancelling; not possible unless given.",
    )


FLEET_MODELS: dict[str, type[_Existing]] = {
    "mode:owned": Owned,
    "mode:contracted": Contracted,
    "mode:ordered": Ordered,
}
