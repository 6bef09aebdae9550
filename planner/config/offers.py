"""The ways to get accelerators: one class per instrument, told apart by ``mode``."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from planner.config.base import Name, Strict
from planner.config.distributions import Belief
from planner.config.quantities import (
    NonNegativeNumber,
    NonNegativePath,
    PositiveNumber,
    PositivePath,
    ShareNumber,
)

QUARTER_PATTERN = r"^[0-9]{4}Q[1-4]$"
Quarter = Annotated[str, StringConstraints(pattern=QUARTER_PATTERN)]
LeadQuarters = Annotated[int, Field(ge=0, le=40)]
LifeQuarters = Annotated[int, Field(ge=1, le=60)]
TermQuarters = Annotated[int, Field(ge=1, le=60)]
SlipQuarters = NonNegativeNumber


class Payment(Strict):
    """A part of the price that is not paid on delivery."""

    share: Annotated[float, Field(gt=0, le=1)] = Field(description="Share of the price.")
    quarters_before_delivery: Annotated[int, Field(ge=-8, le=40)] = Field(
        description="Quarters before the planned delivery; below 0 is after it."
    )


def _at_most_the_price(payments: tuple[Payment, ...]) -> tuple[Payment, ...]:
    if math.fsum(item.share for item in payments) > 1 + 1e-9:
        raise ValueError("the shares of payments must not sum to more than 1")
    return payments


Payments = Annotated[tuple[Payment, ...], Field(strict=False), AfterValidator(_at_most_the_price)]


class PriceTier(Strict):
    """A price from some number of accelerators on, within one quarter's order."""

    above_accelerators: Annotated[float, Field(gt=0)] = Field(
        description="Accelerators of one quarter's order above which this tier's price holds."
    )
    price_times: Annotated[float, Field(gt=0)] = Field(
        description="What the price is multiplied by, for those above only."
    )


class Chance(Belief):
    """Something that happens or not, with a probability."""

    probability: Annotated[float, Field(ge=0, le=1)] = Field(description="From 0 to 1.")

    def support(self) -> tuple[float, float]:
        """Return 0 and 1, or one of them twice when it is certain."""
        return float(self.probability == 1), float(self.probability > 0)


class _Offer(Strict):
    platform: Name = Field(description="Which of `platforms` it delivers.")
    sites: list[Name] = Field(
        min_length=1, description="Which of `sites` these accelerators can stand at."
    )
    whole_units_of: Annotated[int, Field(ge=1, le=100_000)] | None = Field(
        default=None,
        description="Accelerators of a server or pod that comes only whole; any number unless "
        "given.",
    )


class _Supplied(_Offer):
    supply_accelerators: NonNegativePath = Field(
        description="Accelerators that it can deliver (or, for rent and spot, hold) per quarter."
    )


class _Delivered(Strict):
    delivered_share: ShareNumber = Field(
        default=1.0, description="Share of every order that is delivered, and paid."
    )


class _Owned(_Delivered):
    price_usd: PositivePath = Field(
        description="Per accelerator of that quarter's delivery: all-in, or without what follows."
    )
    server_share_usd: NonNegativePath = Field(
        default=0.0, description="Its share of the server, unless the price has it."
    )
    network_share_usd: NonNegativePath = Field(
        default=0.0, description="Its share of the network, unless the price has it."
    )
    installation_usd: NonNegativePath = Field(
        default=0.0, description="Its installation, unless the price has it; worth nothing later."
    )
    maintenance_usd_per_year: NonNegativePath = Field(
        default=0.0, description="Per accelerator and year of its life, paid by the quarter."
    )
    life_quarters: LifeQuarters = Field(
        description="Quarters of use from delivery on; then it is gone."
    )
    residual_share: ShareNumber = Field(
        description="Share of straight-line book value that it still fetches at the horizon."
    )
    payments: Payments = Field(
        default=(), description="Deposit and milestones; the rest is paid on delivery."
    )


def not_before_the_order(payments: tuple[Payment, ...], lead_quarters: int) -> None:
    """Raise `ValueError` if a payment comes before anything is ordered."""
    if any(item.quarters_before_delivery > lead_quarters for item in payments):
        raise ValueError("a payment must not come before the order is placed")


class Buy(_Owned, _Supplied):
    """Own it: paid on delivery, or in parts, and used for its life."""

    mode: Literal["buy"] = Field(description="How it is paid and held.")
    lead_time_quarters: LeadQuarters = Field(
        description="Quarters from order to first use; none is delivered before."
    )
    slip_quarters: SlipQuarters = Field(
        default=0.0, description="Whole quarters by which every delivery is late."
    )
    minimum_order_accelerators: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="Smallest order for a quarter, over all sites; a yes or no."
    )
    volume_prices: Annotated[tuple[PriceTier, ...], Field(strict=False)] = Field(
        default=(),
        description="Tiers by size of a quarter's order; one that lowers the price is a yes or no.",
    )
    cancellation_share: ShareNumber | None = Field(
        default=None,
        description="Share of the price that is lost on cancelling before delivery; not possible "
        "unless given.",
    )

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        not_before_the_order(self.payments, self.lead_time_quarters)
        edges = [tier.above_accelerators for tier in self.volume_prices]
        if any(later <= first for first, later in pairwise(edges)):
            raise ValueError("above_accelerators must ascend from tier to tier")
        return self


class Reserve(_Delivered, _Supplied):
    """Hold it for a term: paid by the hour whether used or not."""

    mode: Literal["reserve"] = Field(description="How it is paid and held.")
    price_usd_per_hour: PositivePath = Field(
        description="USD per accelerator-hour of a term that begins in that quarter."
    )
    lead_time_quarters: LeadQuarters = Field(
        description="Quarters from signing to first use; no term begins before."
    )
    slip_quarters: SlipQuarters = Field(
        default=0.0, description="Whole quarters by which every term begins late."
    )
    term_quarters: TermQuarters = Field(
        description="Quarters that are held and paid once begun, also past the end of the plan."
    )
    upfront_share: ShareNumber = Field(
        default=0.0, description="Share of the whole term's price that is paid when it begins."
    )
    minimum_order_accelerators: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="Smallest order for a quarter, over all sites; a yes or no."
    )


class Rent(_Supplied):
    """Take it by the quarter, on demand."""

    mode: Literal["rent"] = Field(description="How it is paid and held.")
    price_usd_per_hour: PositivePath = Field(
        description="USD per accelerator-hour in that quarter, paid for every hour it is held."
    )


class Spot(_Supplied):
    """Take it by the quarter as long as nobody pays more: cheaper, and interrupted."""

    mode: Literal["spot"] = Field(description="How it is paid and held.")
    price_usd_per_hour: PositivePath = Field(
        description="USD per accelerator-hour in that quarter, paid for every hour it is held."
    )
    interruption_share: ShareNumber = Field(
        description="Share of the paid hours that interruptions and restarts take from the work."
    )


class Option(_Owned, _Supplied):
    """A fee in the first quarter for the right to buy up to a number at a fixed price."""

    mode: Literal["option"] = Field(description="How it is paid and held.")
    fee_usd: PositiveNumber = Field(description="For the whole right, paid in the first quarter.")
    up_to_accelerators: PositiveNumber = Field(
        description="Accelerators that may be ordered under it in all."
    )
    exercise_until: Quarter = Field(description="Last quarter in which it may be ordered from.")
    price_usd: PositiveNumber = Field(description="The fixed price per accelerator.")
    lead_time_quarters: LeadQuarters = Field(
        description="Quarters from order to first use; none is delivered before."
    )
    slip_quarters: SlipQuarters = Field(
        default=0.0, description="Whole quarters by which every delivery is late."
    )
    divisible: bool = Field(
        default=False, description="Whether a part of the right can be had for a part of the fee."
    )

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        not_before_the_order(self.payments, self.lead_time_quarters)
        return self


class Programme(_Owned, _Offer):
    """A chip of one's own: development is paid whether or not the silicon works."""

    mode: Literal["programme"] = Field(description="How it is paid and held.")
    funding_quarter: Quarter | None = Field(
        default=None, description="When development begins; the plan's first unless given."
    )
    nre_usd_per_quarter: NonNegativePath = Field(
        description="Development (NRE) in each quarter of the plan, from the funding quarter on."
    )
    nre_quarters: Annotated[int, Field(ge=1, le=60)] = Field(
        description="Quarters for which development is paid."
    )
    success: Chance = Field(description="Whether the silicon works at all.")
    quarters_to_first_silicon: Annotated[int, Field(ge=0, le=40)] = Field(
        description="Quarters from funding to the first accelerators in use."
    )
    slip_quarters: SlipQuarters = Field(
        default=0.0, description="Whole quarters by which first silicon is late."
    )
    ramp_accelerators: list[Annotated[float, Field(ge=0)]] = Field(
        min_length=1,
        description="Accelerators it can deliver per quarter from first silicon on; the last "
        "stays.",
    )
    ramp_times: NonNegativeNumber = Field(
        default=1.0, description="A belief that multiplies the ramp."
    )
    divisible: bool = Field(
        default=False, description="Whether a part of it can be funded, for a part of the supply."
    )

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        not_before_the_order(self.payments, self.quarters_to_first_silicon)
        return self


OFFER_MODELS: dict[str, type[_Offer]] = {
    "mode:buy": Buy,
    "mode:reserve": Reserve,
    "mode:rent": Rent,
    "mode:spot": Spot,
    "mode:option": Option,
    "mode:programme": Programme,
}
