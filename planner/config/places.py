"""Where accelerators stand: sites, and contracts that add power to them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from planner.config.base import Name, Strict
from planner.config.offers import (
    LeadQuarters,
    Payments,
    SlipQuarters,
    TermQuarters,
    not_before_the_order,
)
from planner.config.quantities import (
    NonNegativePath,
    PositivePath,
    PowerPath,
    RatioNumber,
    ShareNumber,
)


class Site(Strict):
    """A place with power, cooling and an electricity price; or a seller's cloud."""

    power_mw: PowerPath = Field(
        description="Megawatts at the meter, overhead (PUE) included; 'unlimited' for a cloud."
    )
    pue: RatioNumber = Field(
        description="Power at the meter per power of the accelerators; 1 or more."
    )
    energy_usd_per_kwh: NonNegativePath = Field(
        description="Price of energy at the meter; 0 where the hourly price includes it."
    )
    hosting_usd_per_kw_month: NonNegativePath = Field(
        description="Space and cooling per kW of deployed accelerators and month; 0 if included."
    )
    liquid_cooling_mw: PowerPath = Field(
        default="unlimited",
        description="Megawatts of liquid-cooled accelerators (without overhead) it can cool.",
    )
    region: Name | None = Field(
        default=None, description="Where it is, for rules of export: a name of your choice."
    )


class _PowerContract(Strict):
    site: Name = Field(description="Which of `sites` gets the power; one of limited power.")
    supply_mw: NonNegativePath = Field(
        description="Megawatts at the meter that can begin in each quarter."
    )
    lead_time_quarters: LeadQuarters = Field(
        description="Quarters from signing to energisation; none begins before."
    )
    slip_quarters: SlipQuarters = Field(
        default=0.0, description="Whole quarters by which energisation is late."
    )


class PowerLease(_PowerContract):
    """Power taken on a contract, paid by the month from energisation on."""

    mode: Literal["lease"] = Field(description="How it is paid and held.")
    price_usd_per_kw_month: PositivePath = Field(
        description="Per kW at the meter and month, of a lease that begins in that quarter."
    )
    term_quarters: TermQuarters = Field(description="Quarters held and paid once begun.")
    take_or_pay_share: ShareNumber = Field(
        default=1.0,
        description="Share of the price due whether used or not; the rest is paid for what is.",
    )


class PowerBuild(_PowerContract):
    """Power that one builds oneself: paid once, used for its life."""

    mode: Literal["build"] = Field(description="How it is paid and held.")
    capex_usd_per_kw: PositivePath = Field(
        description="Per kW at the meter that is planned for that quarter."
    )
    life_quarters: Annotated[int, Field(ge=1, le=200)] = Field(
        description="Quarters of use from energisation on."
    )
    residual_share: ShareNumber = Field(
        description="Share of straight-line book value that it is still worth at the horizon."
    )
    payments: Payments = Field(
        default=(), description="Parts paid before or after; the rest when energised."
    )

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        not_before_the_order(self.payments, self.lead_time_quarters)
        return self


POWER_MODELS: dict[str, type[_PowerContract]] = {
    "mode:lease": PowerLease,
    "mode:build": PowerBuild,
}
