"""The quantities of which results give estimates, of every sample of a solved block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from math import prod

import numpy as np
from numpy.typing import NDArray

from planner.analysis.cash import COST_PARTS
from planner.analysis.event_outcomes import happened
from planner.analysis.repeats import by_unit, service_share, units_of
from planner.analysis.replicates import GroupSums, group_sums
from planner.analysis.workbench import SolvedBlock, Workbench
from planner.model.blocks import total
from planner.model.instruments.terms import CASH_PARTS
from planner.model.sets import Sets

Array = NDArray[np.float64]
Hits = NDArray[np.bool_]

USED = 1e-6
"""Accelerators above which a platform counts as used: below is a solver's rounding."""

_ALL_SERVED = 1 - 1e-9
_TAKEN = 0.5
_BINDS = 1e-9


@dataclass(frozen=True)
class Group:
    """Quantities of one name.

    Attributes
    ----------
    name : str
    shape : tuple of int
        Of what a sample has of it.
    partial : bool
        Whether a sample may be NaN, which is then not counted.
    """

    name: str
    shape: tuple[int, ...] = ()
    partial: bool = False

    @property
    def size(self) -> int:
        """How many quantities a sample has."""
        return prod(self.shape)


@dataclass(frozen=True)
class Layout:
    """Which quantities there are, and the row of each when all are one array.

    Attributes
    ----------
    spreads : tuple of Group
        Those of which percentiles are told; they come first.
    means : tuple of Group
        Those of which means are told; their rows come next.
    totals : tuple of Group
        Those of which only the sum over all samples is wanted; they have no rows. Of booleans it
        is the number of samples.
    """

    spreads: tuple[Group, ...]
    means: tuple[Group, ...]
    totals: tuple[Group, ...]

    @property
    def kept(self) -> int:
        """Number of rows of which percentiles are told."""
        return sum(group.size for group in self.spreads)

    @property
    def rows(self) -> dict[str, tuple[Group, slice]]:
        """The rows of each group, by name."""
        return _places((*self.spreads, *self.means))

    @property
    def sums(self) -> dict[str, tuple[Group, slice]]:
        """The sums of each group, by name."""
        return _places(self.totals)

    @property
    def partial(self) -> NDArray[np.bool_]:
        """Of each row, whether its samples need not all count."""
        groups = (*self.spreads, *self.means)
        return np.repeat([group.partial for group in groups], [group.size for group in groups])


def _places(groups: tuple[Group, ...]) -> dict[str, tuple[Group, slice]]:
    """Return where each group is when all are in one array."""
    ends = accumulate(group.size for group in groups)
    return {
        group.name: (group, slice(end - group.size, end))
        for group, end in zip(groups, ends, strict=True)
    }


def one_unit(sets: Sets) -> bool:
    """Return whether all workloads are counted in one unit, so that one has a cost."""
    return len(set(units_of(sets).values())) == 1


def layout_of(bench: Workbench) -> Layout:
    """Return the quantities of a scenario."""
    sets = bench.model.sets
    p, w, t = len(sets.platforms), len(sets.workloads), len(sets.quarters)
    units, limits = len(set(units_of(sets).values())), len(bench.limits)
    bets, falls = len(sets.bets), len(sets.scenario.bargaining.price_falls)
    unit_cost = (Group("usd_per_unit_hour", partial=True),) if one_unit(sets) else ()
    return Layout(
        spreads=(
            Group("cost_usd"),
            Group("cost_without_shortfall_usd"),
            *unit_cost,
            Group("cost_parts_usd", (len(COST_PARTS),)),
            Group("served_share", (w,)),
            Group("accelerators", (p, t)),
            Group("served", (units, p, t)),
            Group("platform_cash_usd", (p, t)),
            Group("power_mw", (p, t)),
            Group("accelerator_quarters_if_used", (p,), partial=True),
            Group("power_started_mw", (len(sets.power),)),
            Group("cash_usd", (t,)),
            Group("liability_usd", (t,)),
        ),
        means=(
            Group("bound_usd"),
            Group("service_share", (units, p)),
            Group("bet_extent", (bets,)),
            Group("fall_extent", (falls,)),
        ),
        totals=(
            Group("cash_parts_usd", (t, len(CASH_PARTS))),
            Group("has_cash_part", (t, len(CASH_PARTS))),
            Group("limit_value_usd", (limits,)),
            Group("fully_served", (w,)),
            Group("target_met", (w,)),
            Group("used", (p,)),
            Group("binds", (limits,)),
            Group("bet_taken", (bets,)),
            Group("fall_taken", (falls,)),
            Group("event_happened", (len(sets.scenario.events),)),
        ),
    )


@dataclass(frozen=True)
class Quantities:
    """The quantities of a block's samples.

    Attributes
    ----------
    rows : ndarray, (quantity, sample)
        Those of which percentiles or means are told.
    sums : ndarray, (quantity,)
        Those of which only the sum is wanted, over the samples.
    replicates : GroupSums or None
        Of both, first those with rows, where samples depend on each other within replicates.
    """

    rows: Array
    sums: Array
    replicates: GroupSums | None = None


def quantities(bench: Workbench, layout: Layout, block: SolvedBlock) -> Quantities:
    """Return the quantities of a block's samples, in the order of the layout.

    Raises
    ------
    ValueError
        If one does not have the shape that the layout gives.
    """
    n, rows, sums = block.cost_usd.size, layout.rows, layout.sums
    size, totals = bench.sampler.replicate, sum(group.size for group, _ in sums.values())
    found = Quantities(np.empty((layout.partial.size, n)), np.empty(totals))
    # Only replicates need to know of each sample what else is merely added up.
    others = np.empty((totals, n if size > 1 else 0))
    for name, values in _by_name(bench, block):
        group, own = rows[name] if name in rows else sums[name]
        if values.shape != (n, *group.shape):
            raise ValueError(f"{name} has shape {values.shape} instead of {(n, *group.shape)}")
        by_sample = values.reshape(n, group.size)
        if name in rows:
            found.rows[own] = by_sample.T
        else:
            found.sums[own] = np.einsum("sq->q", by_sample, dtype=float)
            if size > 1:
                others[own] = by_sample.T
    if size == 1:
        return found
    parts = [group_sums(of, block.numbers, size) for of in (found.rows, others)]
    joined = GroupSums(
        parts[0].numbers,
        np.concatenate([part.n for part in parts]),
        np.concatenate([part.totals for part in parts]),
    )
    return replace(found, replicates=joined)


def _by_name(bench: Workbench, block: SolvedBlock) -> Iterator[tuple[str, Array | Hits]]:
    sets, found = bench.model.sets, block.measures
    served = by_unit(sets, found.service)
    yield from _costs(sets, block)
    yield "served_share", found.served_share
    yield "fully_served", found.served_share >= _ALL_SERVED
    yield "target_met", found.below_target <= 1 - _ALL_SERVED
    yield "served", served
    yield "service_share", service_share(served)
    yield from _use(found.accelerators)
    yield "platform_cash_usd", found.platform_cash_usd
    yield "power_mw", found.power_mw
    yield "power_started_mw", found.power_started_mw
    yield "cash_usd", total(found.cash_usd)
    yield "cash_parts_usd", found.cash_usd
    yield "has_cash_part", found.cash_usd != 0
    yield "liability_usd", found.liability_usd
    yield "bet_extent", found.bets
    yield "bet_taken", found.bets >= _TAKEN
    yield "fall_extent", found.falls
    yield "fall_taken", found.falls >= _TAKEN
    yield "event_happened", happened(sets, bench.inputs, block.draws)
    yield from _limits(block)


def _costs(sets: Sets, block: SolvedBlock) -> Iterator[tuple[str, Array]]:
    compute = block.cost_without_shortfall_usd
    yield "cost_usd", block.cost_usd
    yield "cost_without_shortfall_usd", compute
    yield "cost_parts_usd", block.measures.cost_parts_usd
    yield "bound_usd", block.bound_usd
    if one_unit(sets):
        hours = total(block.measures.served_unit_hours)
        per_hour = np.full_like(compute, np.nan)
        np.divide(compute, hours, out=per_hour, where=hours > 0)
        yield "usd_per_unit_hour", per_hour


def _use(accelerators: Array) -> Iterator[tuple[str, Array | Hits]]:
    used = np.asarray((accelerators > USED).any(axis=2))
    yield "accelerators", accelerators
    yield "used", used
    yield "accelerator_quarters_if_used", np.where(used, total(accelerators), np.nan)


def _limits(block: SolvedBlock) -> Iterator[tuple[str, Array | Hits]]:
    sizes = np.abs(block.limit_value_usd)
    yield "limit_value_usd", sizes
    yield "binds", sizes > _BINDS * np.maximum(np.abs(block.cost_usd), 1)[:, None]
