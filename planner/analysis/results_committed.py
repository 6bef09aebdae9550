"""What results say of the committed plan: the decision, its risk, its proof and its worth.

Money is US dollars, discounted to the plan's start unless it is called cash. Estimates are over
fresh samples, never over those that the plan was optimised on, unless it is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from planner.analysis.results_estimates import (
    CashQuarter,
    CostPart,
    Driver,
    Estimate,
    Histogram,
    MixCell,
    ServedShare,
    Spread,
)


@dataclass(frozen=True)
class PlannedOrder:
    """What is signed for one offer (or power contract), site and quarter.

    Attributes
    ----------
    sign_in, quarter : str
        When it has to be signed, and when it starts.
    service_quarters : int
        For which it serves once it has started, also past the plan.
    count : float
        What is signed for, in ``unit``: accelerators, or MW for power.
    delivered : Spread
        What of it arrives: less where supply, a pool or a delivered share falls short.
    cost_usd : Estimate
        Its payments inside the plan less what it is worth at the end.
    sign_now : bool
        Whether it has to be signed in the first quarter; else it may wait until `sign_in`.
    """

    offer: str
    mode: str
    platform: str
    site: str
    sign_in: str
    quarter: str
    service_quarters: int
    count: float
    unit: str
    delivered: Spread
    cost_usd: Estimate
    sign_now: bool


@dataclass(frozen=True)
class PlannedBet:
    """A yes or no of the plan; ``taken`` is between 0 and 1 only where it is divisible."""

    name: str
    kind: str
    platform: str
    taken: float


@dataclass(frozen=True)
class SolveIteration:
    """A line of the decomposition's log, on the samples that the plan was optimised on."""

    number: int
    bound_usd: float
    best_usd: float
    gap: float


@dataclass(frozen=True)
class Proof:
    """How far the plan can be from the best one.

    Attributes
    ----------
    samples : int
        That the plan was optimised on.
    ended : str
        ``gap`` if the wanted gap was reached, else what stopped it: ``iterations``, ``time``,
        ``stopped`` or ``stalled``.
    wanted_gap, gap : float
        On those samples, relative.
    iterations : list of SolveIteration
    lower_bound_usd : Estimate
        Mean of the optima of independent batches: on average no plan costs less.
    gap_usd : Estimate
        Of the plan's cost over those optima, on the same samples.
    gap_limit_usd, gap_limit : float
        The gap is below it with a confidence of 95 % (one-sided), in dollars and relative to the
        plan's cost.
    replications, replication_samples : int
    extensive_samples : int
        On so many samples the whole problem was solved at once by HiGHS;
    extensive_difference : float
        its optimum differs from the decomposition's by so much, relative.
    remedy : str
        What would bring the limit below 1 %; empty if it is.
    """

    samples: int
    ended: str
    wanted_gap: float
    gap: float
    iterations: list[SolveIteration]
    lower_bound_usd: Estimate
    gap_usd: Estimate
    gap_limit_usd: float
    gap_limit: float
    replications: int
    replication_samples: int
    extensive_samples: int
    extensive_difference: float
    remedy: str


@dataclass(frozen=True)
class Alternative:
    """Another plan on the same samples.

    Attributes
    ----------
    name, description : str
        Such as ``mean-value plan`` or ``only Nvidia``.
    cost_usd : Spread
    risk_usd : Estimate
        In the measure that the plan minimises.
    difference_usd : Estimate
        Its cost less the plan's, sample by sample.
    cheaper_share : Estimate
        Share of the samples in which it costs less than the plan.
    served : dict
        Mean served share by workload.
    """

    name: str
    description: str
    cost_usd: Spread
    risk_usd: Estimate
    difference_usd: Estimate
    cheaper_share: Estimate
    served: dict[str, Estimate]


@dataclass(frozen=True)
class Worth:
    """What knowing and what planning for uncertainty are worth.

    Attributes
    ----------
    wait_and_see_usd, plan_usd, mean_value_plan_usd : Estimate
        WS, RP and EEV, on the same samples.
    evpi_usd : Estimate
        RP - WS: what it would be worth, at most, to know everything before signing.
    vss_usd : Estimate or None
        EEV - RP: what is gained by planning for the spread and not for the medians; None where a
        service target or a tail measure makes it meaningless.
    conditions : list of str
        Under which these hold.
    """

    wait_and_see_usd: Estimate
    plan_usd: Estimate
    mean_value_plan_usd: Estimate
    evpi_usd: Estimate
    vss_usd: Estimate | None
    conditions: list[str]


@dataclass(frozen=True)
class RegretCause:
    """What an input is like in the samples of the largest regret, against all samples.

    ``rank_in_worst`` is the mean rank (0 to 1) of its draws in the worst twentieth; 0.5 is as in
    all. Only inputs are listed whose rank differs by more than chance.
    """

    input: str
    rank_in_worst: Estimate
    median_in_worst: float
    median_in_all: float


@dataclass(frozen=True)
class Regret:
    """What the plan costs more than each sample's own optimum."""

    mean_usd: Estimate
    p50_usd: float
    p95_usd: float
    worst_usd: float
    worst_sample: int
    causes: list[RegretCause]


@dataclass(frozen=True)
class RecourseQuarter:
    """What is done in a quarter once the sample is known.

    ``rented`` is accelerators by offer; ``unserved`` is by workload, in its unit; ``cancelled`` is
    accelerators of all offers that start in the quarter.
    """

    quarter: str
    rented: dict[str, Spread]
    unserved: dict[str, Spread]
    cancelled: Spread
    undeployed: Spread


@dataclass(frozen=True)
class BreakEven:
    """Where the plan changes along one input.

    Attributes
    ----------
    input, platform : str
    change : str
        ``takes it up``, ``drops it``, ``funds it`` or ``stops funding it``, as the input rises
        from `below` to `above`.
    below, above : float
        The input's values between which the plan changes.
    rank : float
        Probability that the input is below.
    now : float
        Its median.
    cost_below_usd, cost_above_usd : float
        Of the best plan at either side, on the samples that plans are optimised on.
    count_below, count_above : float
        Accelerators (or the share of a bet) that it signs for.
    """

    input: str
    platform: str
    change: str
    below: float
    above: float
    rank: float
    now: float
    cost_below_usd: float
    cost_above_usd: float
    count_below: float
    count_above: float


@dataclass(frozen=True)
class Bracket:
    """The two readings of later, between which the truth lies.

    ``rent``: after signing one can only rent; ``reorder``: what is signed from
    ``window_quarters`` on is decided again once everything is known, which is optimistic.
    """

    window_quarters: int
    rent_usd: Estimate
    reorder_usd: Estimate
    difference_usd: Estimate
    orders_in_window: list[PlannedOrder]


@dataclass(frozen=True)
class ServiceReached:
    """A service target of the committed plan, and what is reached on fresh samples.

    ``kind`` is ``expected`` (the mean served share) or ``fully`` (the share of samples that are
    served wholly); ``price_times`` is the multiple of the shortfall's price under which the plan
    was found.
    """

    kind: Literal["expected", "fully"]
    target: float
    reached: Estimate
    price_times: float
    method: str


@dataclass(frozen=True)
class Committed:
    """The committed plan.

    Attributes
    ----------
    recourse : str
        ``rent`` or ``reorder``.
    cvar_weight, cvar_level : float
        The plan minimises (1 - weight) mean + weight CVaR at this level.
    samples : int
        Fresh samples that it is judged on: those of wait-and-see.
    cost_usd : Spread
    cvar_usd, risk_usd : Estimate
        Mean of the worst samples at the level; and the measure that is minimised.
    alone : bool
        Whether the report is of the plan alone, and leaves the samples' own optima out.
    """

    recourse: Literal["rent", "reorder"]
    cvar_weight: float
    cvar_level: float
    samples: int
    cost_usd: Spread
    cost_without_shortfall_usd: Spread
    cvar_usd: Estimate
    risk_usd: Estimate
    cost_histogram: Histogram
    cost_parts: list[CostPart]
    served: list[ServedShare]
    mix: list[MixCell]
    cash: list[CashQuarter]
    drivers: list[Driver]
    orders: list[PlannedOrder]
    bets: list[PlannedBet]
    recourse_use: list[RecourseQuarter]
    proof: Proof
    worth: Worth
    regret: Regret
    alternatives: list[Alternative]
    break_evens: list[BreakEven]
    bracket: Bracket | None
    service: ServiceReached | None
    alone: bool
    notes: list[str]
