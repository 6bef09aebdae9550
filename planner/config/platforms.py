"""Accelerator models, and what they yield in the scenario's workloads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from planner.config.base import Name, Strict
from planner.config.offers import Quarter
from planner.config.quantities import NonNegativeNumber, PositiveNumber, ShareNumber

FILLED_FROM_CATALOG = ("vendor", "unit", "peak_pflops", "accelerator_kw")
"""Fields of a platform that the catalogue gives unless the scenario does."""

FILLED_IF_NEEDED = ("memory_gb", "memory_bandwidth_tbps", "accelerators_per_domain")
"""Fields that the catalogue gives where a workload or a yield needs them."""

YIELD_TABLES = ("utilisation", "bandwidth_utilisation", "yield_per_accelerator")
"""Fields of a platform that say, by workload, what it yields; a workload stands in one of them."""


class Porting(Strict):
    """What it takes before a workload runs on a platform; a yes or no."""

    cost_usd: NonNegativeNumber = Field(description="Engineering, paid once.")
    delay_quarters: Annotated[int, Field(ge=0, le=40)] = Field(
        description="Quarters from its beginning to the first use."
    )
    from_quarter: Quarter | None = Field(
        default=None, description="When it begins and is paid; the plan's first unless given."
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
    idle_power_share: ShareNumber | None = Field(
        default=None,
        description="Power drawn without work, of that at work. Given, what is deployed stays so; "
        "otherwise what has no work is switched off and costs neither energy nor hosting.",
    )
    liquid_cooled: bool = Field(default=False, description="Whether it needs liquid cooling.")
    memory_gb: PositiveNumber | None = Field(
        default=None,
        description="Memory of one accelerator; from the catalogue where a workload needs it.",
    )
    accelerators_per_domain: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=1,
        description="Accelerators that share memory at full speed (scale-up domain); from the "
        "catalogue where a workload needs memory, 1 if that does not say.",
    )
    memory_bandwidth_tbps: PositiveNumber | None = Field(
        default=None,
        description="Memory bandwidth of one accelerator in TB/s; from the catalogue if needed.",
    )
    realised_share: NonNegativeNumber = Field(
        default=1.0, description="Share of the claimed peak that is real; 1 unless given."
    )
    availability: ShareNumber = Field(
        description="Share of the hours in which it does useful work."
    )
    utilisation: dict[Name, ShareNumber] = Field(
        default={},
        description="Model FLOP utilisation by workload (compute-bound): yield is peak x "
        "realised share x utilisation x availability.",
    )
    bandwidth_utilisation: dict[Name, ShareNumber] = Field(
        default={},
        description="Share of memory bandwidth used, by workload (decode-bound): yield is "
        "bandwidth x this / traffic per unit x availability.",
    )
    yield_per_accelerator: dict[Name, NonNegativeNumber] = Field(
        default={},
        description="Units served by one working accelerator, by workload, given directly: "
        "yield is this x availability.",
    )
    porting: dict[Name, Porting] = Field(
        default={}, description="By workload, what adopting the platform for it takes."
    )
    allowed_regions: list[Name] | None = Field(
        default=None, min_length=1, description="The only regions it may stand in (export)."
    )
    denied_regions: list[Name] = Field(
        default=[], description="Regions that it may not stand in (export)."
    )

    def workloads(self) -> tuple[str, ...]:
        """Return the workloads that it has a yield for, in the order of the tables."""
        tables = (getattr(self, key) for key in YIELD_TABLES)
        return tuple(dict.fromkeys(name for table in tables for name in table))


def closing_rule(
    region: str | None, allowed: Sequence[str] | None, denied: Sequence[str]
) -> Literal["allowed_regions", "denied_regions"] | None:
    """Return the key of the rule of export that closes a region to a platform, if one does.

    Parameters
    ----------
    region : str or None
        Of a site; one without a region is open unless the only regions that are open are named.
    allowed : sequence of str or None
    denied : sequence of str
    """
    if allowed is not None and region not in allowed:
        return "allowed_regions"
    return "denied_regions" if region in denied else None
