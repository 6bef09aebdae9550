"""Estimates, and what of a plan they are given for: in wait-and-see and of the committed plan."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A number with its uncertainty from sampling.

    Attributes
    ----------
    value : float
    standard_error : float or None
        None where the samples are too few to tell.
    low, high : float or None
        Bounds of the 95 % confidence interval; None where the samples are too few.
    n : int
        Number of samples behind it.
    """

    value: float
    standard_error: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class Spread:
    """Mean and percentiles of one quantity over the samples.

    ``percentile_error`` bounds how far each percentile can be from that of the samples, which is
    read off bins when there are too many samples to keep; 0 when all were kept.
    """

    mean: Estimate
    p10: Estimate
    p50: Estimate
    p90: Estimate
    percentile_error: float


@dataclass(frozen=True)
class CostPart:
    """One part of the discounted cost; the parts sum to the cost. Residual value is negative."""

    name: str
    cost_usd: Spread


@dataclass(frozen=True)
class Histogram:
    """Counts between edges; ``len(edges) == len(counts) + 1``."""

    edges: list[float]
    counts: list[int]


@dataclass(frozen=True)
class ServedShare:
    """How much of a workload's demand is served, over all its quarters.

    ``target_share`` is the service target, None without one; ``target_met`` is the share of samples
    in which no quarter falls below it.
    """

    workload: str
    unit: str
    share: Spread
    fully_served: Estimate
    target_share: float | None
    target_met: Estimate | None


@dataclass(frozen=True)
class MixCell:
    """One platform in one quarter, over the samples' own optima.

    ``served`` is what it puts out by unit (effective PFLOP/s, tokens/s), summed over the workloads
    that are counted in that unit. ``cost_usd`` is the undiscounted cash that the platform causes in
    the quarter; ``power_mw`` is at the meter. Accelerators are those in service (owned, reserved
    and rented).
    """

    platform: str
    quarter: str
    accelerators: Spread
    served: dict[str, Spread]
    cost_usd: Spread
    power_mw: Spread


@dataclass(frozen=True)
class CashQuarter:
    """Undiscounted cash that leaves in a quarter, and what is still owed at its end.

    ``parts_usd`` are mean dollars by part (purchases, reservations, rentals, energy and so on) and
    sum to ``cash_usd.mean``. The liability is payment under signed contracts that is still due
    after the quarter: the rest of every reserved term, also past the horizon, and purchases ordered
    but not yet delivered.
    """

    quarter: str
    cash_usd: Spread
    parts_usd: dict[str, float]
    liability_usd: Spread


@dataclass(frozen=True)
class Driver:
    """How the mean cost differs between the draws in the lowest and highest fifth of one belief.

    ``distinguishable`` is whether the swing differs from zero at the 5 % level after Bonferroni's
    correction for the number of inputs, so that noise seldom passes for a driver in any of them.
    """

    input: str
    input_low: float
    input_high: float
    cost_if_low_usd: Estimate
    cost_if_high_usd: Estimate
    swing_usd: Estimate
    distinguishable: bool
