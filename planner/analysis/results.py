"""What a run found: the one object that is kept as ``results.json`` and that reports read.

Money is US dollars; costs are discounted to the plan's start (mid-quarter), cash is not. Nothing
here depends on the clock or the machine, so equal runs give equal bytes; times are in the manifest.
"""

from __future__ import annotations

from dataclasses import dataclass

from planner.analysis.results_committed import Committed
from planner.analysis.results_draws import DrawCheck, PrecisionReached, Sampled
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
class Appearance:
    """How often a platform is in the optimum, and how much of it.

    ``share_of_samples`` counts samples with any of it in service; ``accelerator_quarters_if_used``
    is over those samples alone and None when there are none; ``share_of_service`` is by unit its
    mean part of all that is put out in that unit.
    """

    platform: str
    unit: str
    share_of_samples: Estimate
    accelerator_quarters_if_used: Spread | None
    share_of_service: dict[str, Estimate]


@dataclass(frozen=True)
class BetOutcome:
    """A yes or no, over the samples' own optima.

    ``kind`` is ``option``, ``programme``, ``porting`` or ``price fall``; ``taken`` is the share of
    samples in which it is taken at least by half, ``extent`` how far on average (they differ only
    where a bet is divisible or relaxed).
    """

    name: str
    kind: str
    platform: str
    taken: Estimate
    extent: Estimate


@dataclass(frozen=True)
class PowerStarted:
    """A power contract: the megawatts at the meter that begin over the whole plan."""

    name: str
    mode: str
    site: str
    megawatts: Spread


@dataclass(frozen=True)
class EventOutcome:
    """Something that may happen, as it was asked for and as it was drawn.

    Attributes
    ----------
    asked, when : str
        How likely it is, and when it can begin and how long it lasts.
    probability : float or None
        That it happens in a sample; None where that hangs on other events as well.
    happened : Estimate
        Share of the samples in which it begins.
    effects : list of str
        Each as the paths of figures and what is done to them.
    """

    name: str
    asked: str
    when: str
    probability: float | None
    happened: Estimate
    effects: list[str]
    source: str


@dataclass(frozen=True)
class ScalingError:
    """By how much, at most, straight segments understate the output of a workload's jobs.

    For the exponent at its median; 0.01 is 1 %.
    """

    workload: str
    jobs: int
    largest_understatement: float


@dataclass(frozen=True)
class PlanLine:
    """One order, reservation, rental, bet or cancellation of one sample's plan.

    ``quarter`` is when it starts, ``signed`` when it has to be ordered; it serves for
    ``service_quarters``, also past the horizon. ``count`` is in ``unit`` (accelerators, MW, or 1
    for a yes). ``platform`` and ``site`` are empty where it has none. ``cash_usd`` falls inside the
    plan.
    """

    offer: str
    mode: str
    platform: str
    site: str
    signed: str
    quarter: str
    service_quarters: int
    count: float
    unit: str
    price: float
    price_unit: str
    cash_usd: float


@dataclass(frozen=True)
class PlanQuarter:
    """One platform and quarter of one sample's plan."""

    platform: str
    quarter: str
    accelerators: float
    served: dict[str, float]
    cost_usd: float
    power_mw: float


@dataclass(frozen=True)
class TypicalPlan:
    """The optimum of the sample nearest to the average mix and the median cost (a medoid).

    It is one of the first ``samples_in_full`` and typical of these. ``cost_rank`` is the share of
    them that cost less; ``cost_parts_usd`` are discounted and sum to ``cost_usd``;
    ``liability_usd`` is still owed after the last quarter.
    """

    sample: int
    cost_usd: float
    cost_rank: float
    cost_parts_usd: dict[str, float]
    liability_usd: float
    served_share: float
    lines: list[PlanLine]
    quarters: list[PlanQuarter]


@dataclass(frozen=True)
class LimitValue:
    """What one more and one less unit of a limit does to the discounted cost, by re-solving.

    ``one_more_usd`` and ``one_less_usd`` are changes in cost (less is negative) over the first
    samples of the run, against the same samples' unchanged optimum. A quarter that has none keeps
    none (unless no quarter has any), and one that has less than a unit keeps it.
    ``binding_share`` is the share of all samples in which the limit has a dual, so that it binds,
    in some quarter.
    """

    name: str
    family: str
    unit: str
    binding_share: Estimate
    one_more_usd: Estimate
    one_less_usd: Estimate


@dataclass(frozen=True)
class ShortfallRepeat:
    """The answer again at a multiple of the shortfall's price, on the first `n` samples of the run.

    The first repeat has factor 1: the answer at the stated price, on those samples.

    ``service_by_platform`` is by unit each platform's mean part of all that is put out. The
    changes are paired with the unchanged price on the same samples.
    """

    factor: float
    cost_usd: Estimate
    cost_change_usd: Estimate
    served_share: dict[str, Estimate]
    service_by_platform: dict[str, dict[str, Estimate]]
    service_change_by_platform: dict[str, dict[str, Estimate]]


@dataclass(frozen=True)
class Assumption:
    """One input figure: what it says, how it is spread, and who says so.

    ``path`` is the dotted YAML path; ``p10``, ``p50`` and ``p90`` are of the belief itself, not of
    the draws, and equal for a known number. For figures by quarter they are of the last quarter,
    for a trend of the first. ``source`` is empty when the author of the scenario gave none, and
    ``is_assumption`` is true then, or when the source itself calls the figure an assumption.
    """

    path: str
    description: str
    uncertain: bool
    p10: float
    p50: float
    p90: float
    source: str
    is_assumption: bool


@dataclass(frozen=True)
class SolveCounts:
    """How every linear program ended.

    Residuals are the largest over all samples, relative to the size of their row, column or
    objective, from the original data. ``ties_broken`` counts samples whose optimum was not proven
    unique, so that the tie-break chose.

    With whole bets, ``integer_columns`` is how many a sample has, ``search_nodes`` how many linear
    programs their search took in all, ``by_milp`` how many samples needed the general solver, and
    the gaps are between a sample's cost and its proven lower bound, relative to the cost.

    ``left_to_highs`` counts samples that another engine gave up or did not prove. ``unproven`` are
    the numbers of the samples that HiGHS did not prove either: they are in no estimate. ``audited``
    random samples were solved once more by HiGHS from scratch (whole bets held): their costs differ
    at most by ``largest_audit_difference``, relative to what is paid.
    """

    optimal: int
    unproven: list[int]
    engine: str
    left_to_highs: int
    audited: int
    largest_audit_difference: float
    ties_broken: int
    largest_primal_residual: float
    largest_dual_residual: float
    largest_relative_gap: float
    simplex_iterations: int
    integer_columns: int
    search_nodes: int
    by_milp: int
    mean_integer_gap: float
    largest_integer_gap: float


@dataclass(frozen=True)
class ModelSize:
    """Rows, columns, non-zeros and uncertain inputs of the linear program of one sample."""

    rows: int
    columns: int
    nonzeros: int
    uncertain_inputs: int


@dataclass(frozen=True)
class Results:
    """Everything a report says, and nothing that needs solving again.

    Attributes
    ----------
    complete : bool
        False when the run was stopped; then the results are those of the first ``samples_done``.
    samples_in_full : int
        How many of the first samples were kept until the end. If these are all, percentiles are
        exact; else they are read off bins, each with its error.
    cost_usd : Spread
        Discounted cost of a sample's own optimum, shortfall and residual value included.
    cost_without_shortfall_usd : Spread
        The same less the price of the shortfall.
    relaxed : bool
        Whether whole decisions could take any share, so that costs are lower bounds.
    cost_bound_usd : Estimate
        Mean of the samples' proven lower bounds; equals the mean cost but for the gaps of bets.
    units : dict
        By workload, what it is counted in.
    usd_per_unit_hour : Spread or None
        Per sample: discounted cost without shortfall over discounted unit-hours served; None when
        a sample serves nothing at all, or when the workloads are counted in several units.
    notes : list of str
        What a reader must know about this scenario (terms beyond the horizon and the like).
    """

    planner_version: str
    scenario: str
    question: str
    config_sha256: str
    quarters: list[str]
    platforms: dict[str, str]
    discount_rate_per_year: float
    seed: int
    block_size: int
    samples_asked: int
    samples_done: int
    samples_in_full: int
    complete: bool
    relaxed: bool
    size: ModelSize
    sampled: Sampled
    draw_check: DrawCheck
    precision: PrecisionReached | None
    solves: SolveCounts
    cost_usd: Spread
    cost_without_shortfall_usd: Spread
    cost_bound_usd: Estimate
    cost_histogram: Histogram
    cost_parts: list[CostPart]
    units: dict[str, str]
    usd_per_unit_hour: Spread | None
    served: list[ServedShare]
    mix: list[MixCell]
    appearances: list[Appearance]
    bets: list[BetOutcome]
    power: list[PowerStarted]
    events: list[EventOutcome]
    scaling: list[ScalingError]
    typical: TypicalPlan
    cash: list[CashQuarter]
    limits: list[LimitValue]
    drivers: list[Driver]
    shortfall_repeats: list[ShortfallRepeat]
    assumptions: list[Assumption]
    tie_break: str
    notes: list[str]
    committed: Committed | None
