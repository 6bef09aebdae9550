"""The scenario: one planning question, as a user writes it in YAML."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag

from planner.config.base import Name, Strict
from planner.config.quantities import (
    NonNegativeNumber,
    NonNegativePath,
    PositiveNumber,
    PositivePath,
    PowerPath,
    RatioNumber,
    ShareNumber,
)

QUARTER_PATTERN = r"^[0-9]{4}Q[1-4]$"
FILLED_FROM_CATALOG = ("vendor", "unit", "peak_pflops", "accelerator_kw")
"""Fields of a platform that the catalogue gives unless the scenario does."""
NAMED_SECTIONS = ("sites", "workloads", "platforms", "offers")
"""Keys of a scenario whose entries the user names."""


def quarters_from(start: str, count: int) -> tuple[str, ...]:
    """Return the names of quarters, such as ``2026Q1``.

    Raises
    ------
    ValueError
        If `start` is no quarter.
    """
    if re.fullmatch(QUARTER_PATTERN, start) is None:
        raise ValueError(start)
    first = 4 * int(start[:4]) + int(start[5]) - 1
    return tuple(f"{n // 4:04d}Q{n % 4 + 1}" for n in range(first, first + count))


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


class Workload(Strict):
    """A demand for compute."""

    demand_pflops: NonNegativePath = Field(description="Effective PFLOP/s wanted in each quarter.")
    shortfall_usd_per_pflop_hour: Annotated[float, Field(gt=0)] = Field(
        description="What an unserved effective PFLOP/s costs for an hour; there is no default."
    )


class Platform(Strict):
    """An accelerator model, and what it yields in this scenario's workloads."""

    vendor: Name = Field(description="Who sells it; from the catalogue unless given.")
    unit: str = Field(
        max_length=40, description="What one accelerator is (GPU, chip); from the catalogue."
    )
    peak_pflops: PositiveNumber = Field(
        description="Dense BF16 PFLOP/s of one accelerator; from the catalogue unless given."
    )
    accelerator_kw: PositiveNumber = Field(
        description="All-in kW per accelerator (server and network share); from the catalogue."
    )
    realised_share: NonNegativeNumber = Field(
        default=1.0, description="Share of the claimed peak that is real; 1 unless given."
    )
    availability: ShareNumber = Field(
        description="Share of the hours in which it does useful work."
    )
    utilisation: dict[Name, ShareNumber] = Field(
        min_length=1,
        description="Model FLOP utilisation by workload; a workload left out cannot run on it.",
    )


class _Offer(Strict):
    platform: Name = Field(description="Which of `platforms` it delivers.")
    sites: list[Name] = Field(
        min_length=1, description="Which of `sites` these accelerators can stand at."
    )
    supply_accelerators: NonNegativePath = Field(
        description="Accelerators that it can deliver (buy, reserve) or hold (rent) per quarter."
    )


class Buy(_Offer):
    """Own it: paid on delivery, used for its life."""

    mode: Literal["buy"] = Field(description="How it is paid and held.")
    price_usd: PositivePath = Field(
        description="All-in price per accelerator delivered in that quarter, paid on delivery."
    )
    lead_time_quarters: Annotated[int, Field(ge=0, le=40)] = Field(
        description="Quarters from order to first use; none is delivered before."
    )
    life_quarters: Annotated[int, Field(ge=1, le=60)] = Field(
        description="Quarters of use from delivery on; then it is gone."
    )
    residual_share: ShareNumber = Field(
        description="Share of straight-line book value that it still fetches at the horizon."
    )


class Reserve(_Offer):
    """Hold it for a term: paid by the hour whether used or not."""

    mode: Literal["reserve"] = Field(description="How it is paid and held.")
    price_usd_per_hour: PositivePath = Field(
        description="USD per accelerator-hour of a term that begins in that quarter."
    )
    lead_time_quarters: Annotated[int, Field(ge=0, le=40)] = Field(
        description="Quarters from signing to first use; no term begins before."
    )
    term_quarters: Annotated[int, Field(ge=1, le=60)] = Field(
        description="Quarters that are held and paid once begun, also past the end of the plan."
    )


class Rent(_Offer):
    """Take it by the quarter, on demand."""

    mode: Literal["rent"] = Field(description="How it is paid and held.")
    price_usd_per_hour: PositivePath = Field(
        description="USD per accelerator-hour in that quarter, paid for every hour it is held."
    )


OFFER_MODELS: dict[str, type[_Offer]] = {
    "mode:buy": Buy,
    "mode:reserve": Reserve,
    "mode:rent": Rent,
}
"""By the tag that pydantic puts into the location of an error; a tag is no YAML key."""


def _mode_of(value: Any) -> str:
    mode = value.get("mode") if isinstance(value, dict) else getattr(value, "mode", None)
    return f"mode:{mode}" if isinstance(mode, str) else "mode:unknown"


Offer = Annotated[
    Annotated[Buy, Tag("mode:buy")]
    | Annotated[Reserve, Tag("mode:reserve")]
    | Annotated[Rent, Tag("mode:rent")],
    Discriminator(_mode_of),
]


class Limits(Strict):
    """Limits across offers."""

    largest_vendor_share: dict[Name, ShareNumber] = Field(
        default_factory=dict,
        description="Per vendor, its largest share of all accelerators bought and reserved.",
    )


class Scenario(Strict):
    """One planning question, ready to be sampled and solved."""

    scenario: Name = Field(description="Name of the scenario; part of the run folder's name.")
    question: Annotated[str, StringConstraints(min_length=1, max_length=2000)] = Field(
        description="What is to be decided, in a sentence; stands on top of the report."
    )
    start: Annotated[str, StringConstraints(pattern=QUARTER_PATTERN)] = Field(
        description="First quarter of the plan, such as 2026Q1."
    )
    quarters: Annotated[int, Field(ge=1, le=20)] = Field(
        description="Length of the plan in quarters, its horizon."
    )
    discount_rate_per_year: Annotated[float, Field(ge=0, lt=1)] = Field(
        description="What money costs in a year: 0.08 is 8 %."
    )
    samples: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        description="Futures to draw and to solve."
    )
    seed: Annotated[int, Field(ge=0, lt=2**63)] = Field(
        description="Start of the random numbers; the same seed gives the same results."
    )
    catalog: str | None = Field(
        default=None,
        description="A catalogue file beside the config that overlays the shipped one.",
    )
    sites: dict[Name, Site] = Field(
        min_length=1, description="Places that accelerators stand at, by name."
    )
    workloads: dict[Name, Workload] = Field(
        min_length=1, description="Demands for compute, by name."
    )
    platforms: dict[Name, Platform] = Field(
        min_length=1, description="Accelerator models, by name in the catalogue or a new name."
    )
    offers: dict[Name, Offer] = Field(
        min_length=1, description="Ways to get the platforms, by a name of your choice."
    )
    limits: Limits = Field(default=Limits(), description="Limits across offers; none unless given.")

    def quarter_names(self) -> tuple[str, ...]:
        """Return the quarters of the horizon by name, ``2026Q1`` first."""
        return quarters_from(self.start, self.quarters)
