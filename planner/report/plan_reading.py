"""What a report picks out of the committed plan: what is signed when, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from planner.analysis.results import Assumption, Results
from planner.analysis.results_committed import (
    Bracket,
    BreakEven,
    Committed,
    PlannedBet,
    PlannedOrder,
)
from planner.analysis.results_estimates import Estimate
from planner.report.numbers import error_of

WHOLE = 1 - 1e-6
"""A yes, but for a solver's rounding."""

AGREES = 1e-5
"""Relative difference up to which the decomposition agrees with the whole problem."""

WIDE_GAP = 0.01
"""Share of the plan's cost above which the proven distance to the best plan is wide."""

_TAKEN_SHARE = 0.005
"""Of all that is signed for, below which a platform does not count as taken up at a break-even."""

LEAST = 1e-4
"""Amounts (accelerators, MW, unserved units) below which nothing is done: a solver's rounding."""


def plan_view(results: Results, plan: Committed) -> Results:
    """Return the results with the plan's figures in the place of the samples' own optima.

    Sections and charts that tell of cost, cash, service and drivers tell so of either. The cost of
    what is served is not known of a plan.
    """
    return replace(
        results,
        cost_usd=plan.cost_usd,
        cost_without_shortfall_usd=plan.cost_without_shortfall_usd,
        cost_histogram=plan.cost_histogram,
        cost_parts=plan.cost_parts,
        served=plan.served,
        mix=plan.mix,
        cash=plan.cash,
        drivers=plan.drivers,
        usd_per_unit_hour=None,
    )


@dataclass(frozen=True)
class Signed:
    """The orders of one offer at all sites: what is signed now, and what may wait.

    ``now`` and ``later`` are in the order in which they have to be signed.
    """

    offer: str
    mode: str
    platform: str
    unit: str
    now: list[PlannedOrder]
    later: list[PlannedOrder]

    @property
    def sites(self) -> list[str]:
        """The sites, each once."""
        return list(dict.fromkeys(order.site for order in (*self.now, *self.later)))


def signed_by_offer(plan: Committed) -> list[Signed]:
    """Return the orders by offer; first what is signed now, the largest expected cost first."""
    found: dict[tuple[str, str, str, str], list[PlannedOrder]] = {}
    for order in plan.orders:
        key = (order.offer, order.mode, order.platform, order.unit)
        found.setdefault(key, []).append(order)
    rows = [
        Signed(
            offer,
            mode,
            platform,
            unit,
            now=[order for order in orders if order.sign_now],
            later=[order for order in orders if not order.sign_now],
        )
        for (offer, mode, platform, unit), orders in found.items()
    ]
    return sorted(rows, key=lambda row: (not row.now, -total_cost(row.now), -total_cost(row.later)))


def total_cost(orders: Sequence[PlannedOrder]) -> float:
    """Return the mean cost of orders together."""
    return sum(order.cost_usd.value for order in orders)


def most_error(orders: Sequence[PlannedOrder]) -> float | None:
    """Return what the standard error of the orders' cost together is at most: the errors' sum.

    None where that of one is not known.
    """
    errors = [error_of(order.cost_usd) for order in orders]
    known = [error for error in errors if error is not None]
    return sum(known) if len(known) == len(errors) else None


def counted(orders: Sequence[PlannedOrder], key: Callable[[PlannedOrder], str]) -> dict[str, float]:
    """Return the counts of orders, summed by a key, the largest first."""
    sums: dict[str, float] = {}
    for order in orders:
        sums[key(order)] = sums.get(key(order), 0.0) + order.count
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


def accelerators(orders: Sequence[PlannedOrder]) -> list[PlannedOrder]:
    """Return the orders of accelerators: those that are not of power."""
    return [order for order in orders if order.platform]


def power(orders: Sequence[PlannedOrder]) -> list[PlannedOrder]:
    """Return the orders of power."""
    return [order for order in orders if not order.platform]


def signed_now(plan: Committed) -> list[PlannedOrder]:
    """Return the orders that have to be signed in the first quarter."""
    return [order for order in plan.orders if order.sign_now]


def signed_in_window(results: Results, plan: Committed, bracket: Bracket) -> list[PlannedOrder]:
    """Return the plan's orders that have to be signed before orders can be decided again."""
    window = results.quarters[: bracket.window_quarters]
    return [order for order in plan.orders if order.sign_in in window]


def may_wait(plan: Committed) -> list[PlannedOrder]:
    """Return the orders that have to be signed later only."""
    return [order for order in plan.orders if not order.sign_now]


def taken(plan: Committed) -> list[PlannedBet]:
    """Return the bets that are taken, wholly or in part."""
    return [bet for bet in plan.bets if bet.taken > 1 - WHOLE]


def refused(plan: Committed) -> list[PlannedBet]:
    """Return the bets that are not taken."""
    return [bet for bet in plan.bets if bet.taken <= 1 - WHOLE]


def is_yes_or_no(item: BreakEven) -> bool:
    """Return whether the input is an event that happens or does not."""
    return item.input.startswith("events.") and item.input.endswith(".happens")


def is_priced(item: BreakEven) -> bool:
    """Return whether what changes is a platform, counted in accelerators, and no bet."""
    return item.change in ("takes it up", "drops it")


def nearest_changes(plan: Committed) -> list[BreakEven]:
    """Return what changes at the value that the input is likeliest to lie beyond."""
    if not plan.break_evens:
        return []
    nearest = max(plan.break_evens, key=lambda item: chance_of(plan, item))
    place = (nearest.input, nearest.below, nearest.above)
    return [item for item in plan.break_evens if (item.input, item.below, item.above) == place]


def has(plan: Committed, item: BreakEven) -> bool:
    """Return whether the plan itself takes what changes at a break-even."""
    if not is_priced(item):
        return any(bet.name == item.platform and bet.taken >= 0.5 for bet in plan.bets)
    amounts = counted(accelerators(plan.orders), lambda order: order.platform)
    return amounts.get(item.platform, 0.0) > _TAKEN_SHARE * sum(amounts.values())


def changes_above(plan: Committed, item: BreakEven) -> bool:
    """Return whether it is above the break-even that the best plan differs from the plan.

    The input may lie there at its median too: where it is known, its spread does not count.
    """
    has_below = item.change in ("drops it", "stops funding it")
    return has(plan, item) == has_below


def chance_of(plan: Committed, item: BreakEven) -> float:
    """Return the probability that the input is where the best plan differs from the plan."""
    return 1 - item.rank if changes_above(plan, item) else item.rank


def figures_behind(results: Results, plan: Committed) -> list[Assumption]:
    """Return the figures of the offers and platforms that are signed for now, offers first."""
    now = signed_now(plan)
    offers = (*(f"offers.{o.offer}." for o in now), *(f"power.{o.offer}." for o in power(now)))
    platforms = tuple(f"platforms.{order.platform}." for order in accelerators(now))
    return [
        item
        for heads in (tuple(offers), platforms)
        for item in results.assumptions
        if item.path.startswith(heads)
    ]


def is_told_apart(estimate: Estimate) -> bool:
    """Return whether the 95 % interval of a difference leaves out zero."""
    low, high = estimate.low, estimate.high
    return (low is not None and low > 0) or (high is not None and high < 0)
