"""From solved blocks to results: every number that a report states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.analysis import estimates
from planner.analysis.assumptions import assumptions
from planner.analysis.bets import bet_outcomes, power_started, scaling_errors
from planner.analysis.cash import COST_PARTS, RESIDUAL, SHORTFALL
from planner.analysis.drivers import cost_drivers
from planner.analysis.follow_up import FollowUps
from planner.analysis.limits import limit_values
from planner.analysis.measures import Measures, join
from planner.analysis.repeats import (
    RepeatedBlock,
    by_unit,
    service_share,
    shortfall_repeats,
    units_of,
)
from planner.analysis.results import (
    Appearance,
    CashQuarter,
    CostPart,
    Histogram,
    LimitValue,
    MixCell,
    ModelSize,
    Results,
    ServedShare,
    SolveCounts,
    Spread,
)
from planner.analysis.workbench import SolvedBlock, Workbench
from planner.config.notes import notes
from planner.model.instruments.terms import CASH_PARTS
from planner.model.sets import Sets
from planner.solve.hot import ENGINE
from planner.solve.tie_break import WORDS
from planner.version import __version__

Array = NDArray[np.float64]

USED = 1e-6
"""Accelerators above which a platform counts as used: below is a solver's rounding."""

_ALL_SERVED = 1 - 1e-9
_ALWAYS_SHOWN = ("purchases", "reservations", "rentals", "energy", "hosting", RESIDUAL, SHORTFALL)
_MOST_BINS = 48
_BINDS = 1e-9


@dataclass(frozen=True)
class Gathered:
    """The solved samples of a run without their optima, in sample order."""

    draws: Array
    cost_usd: Array
    bound_usd: Array
    measures: Measures
    limit_value_usd: Array
    solves: SolveCounts

    @property
    def n(self) -> int:
        """Number of samples."""
        return int(self.cost_usd.size)


@dataclass(frozen=True)
class RunIdentity:
    """What a run was asked for."""

    config_sha256: str
    samples_asked: int
    complete: bool


def gather(bench: Workbench, blocks: Sequence[SolvedBlock]) -> Gathered:
    """Return consecutive blocks as one."""
    gaps = np.concatenate([block.gap for block in blocks])
    cost = np.concatenate([block.cost_usd for block in blocks])
    return Gathered(
        draws=np.concatenate([block.draws for block in blocks]),
        cost_usd=cost,
        bound_usd=np.concatenate([block.bound_usd for block in blocks]),
        measures=join([block.measures for block in blocks]),
        limit_value_usd=np.concatenate([block.limit_value_usd for block in blocks]),
        solves=SolveCounts(
            optimal=int(cost.size),
            engine=ENGINE,
            ties_broken=int(sum(block.tied.sum() for block in blocks)),
            largest_primal_residual=max(float(b.certificates.primal.max()) for b in blocks),
            largest_dual_residual=max(float(b.certificates.dual.max()) for b in blocks),
            largest_relative_gap=max(float(b.certificates.gap.max()) for b in blocks),
            simplex_iterations=int(sum(block.iterations.sum() for block in blocks)),
            integer_columns=int(bench.model.template.integer.sum()),
            search_nodes=int(sum(block.nodes.sum() for block in blocks)),
            by_milp=int(sum(block.milp.sum() for block in blocks)),
            mean_integer_gap=float(gaps.mean()),
            largest_integer_gap=float(gaps.max()),
        ),
    )


def summarise(
    bench: Workbench, found: Gathered, follow_ups: FollowUps, identity: RunIdentity
) -> Results:
    """Return the results of a run."""
    scenario, sets, measures = bench.model.scenario, bench.model.sets, found.measures
    shortfall = measures.cost_parts_usd[:, COST_PARTS.index(SHORTFALL)]
    template = bench.model.template
    return Results(
        planner_version=__version__,
        scenario=scenario.scenario,
        question=scenario.question,
        config_sha256=identity.config_sha256,
        quarters=list(sets.quarters),
        platforms={name: item.vendor for name, item in scenario.platforms.items()},
        discount_rate_per_year=scenario.discount_rate_per_year,
        seed=bench.seed,
        block_size=bench.block_size,
        samples_asked=identity.samples_asked,
        samples_done=found.n,
        complete=identity.complete,
        relaxed=scenario.bets == "relaxed",
        size=ModelSize(
            rows=len(template.rows),
            columns=len(template.columns),
            nonzeros=template.entries,
            uncertain_inputs=len(bench.inputs),
        ),
        solves=found.solves,
        cost_usd=estimates.spread(found.cost_usd),
        cost_without_shortfall_usd=estimates.spread(found.cost_usd - shortfall),
        cost_bound_usd=estimates.mean(found.bound_usd),
        cost_histogram=_histogram(found.cost_usd),
        cost_parts=[
            CostPart(COST_PARTS[k], estimates.spread(measures.cost_parts_usd[:, k]))
            for k in np.flatnonzero(_shown(measures.cost_parts_usd))
        ],
        units=units_of(sets),
        usd_per_unit_hour=_unit_cost(
            sets, found.cost_usd - shortfall, measures.served_unit_hours.sum(axis=1)
        ),
        served=_served(sets, measures),
        mix=_mix(sets, measures),
        appearances=_appearances(bench, measures),
        bets=bet_outcomes(sets, measures),
        power=power_started(sets, measures),
        scaling=scaling_errors(scenario),
        typical=follow_ups.typical,
        cash=_cash(sets, measures),
        limits=_limits(bench, found, follow_ups),
        drivers=cost_drivers(bench.inputs, found.draws, found.cost_usd),
        shortfall_repeats=shortfall_repeats(
            sets,
            follow_ups.repeats,
            RepeatedBlock(
                1.0,
                found.cost_usd,
                measures.served_share,
                service_share(by_unit(sets, measures.service)),
            ),
        ),
        assumptions=assumptions(scenario),
        tie_break=WORDS,
        notes=notes(scenario),
    )


def _histogram(values: Array) -> Histogram:
    low, high = float(values.min()), float(values.max())
    if low == high:
        half = max(abs(low) * 1e-6, 0.5)
        return Histogram([low - half, high + half], [int(values.size)])
    wanted = np.histogram_bin_edges(values, bins="fd").size - 1
    counts, edges = np.histogram(values, bins=int(np.clip(wanted, 8, _MOST_BINS)))
    return Histogram([float(edge) for edge in edges], [int(count) for count in counts])


def _shown(parts: Array) -> NDArray[np.bool_]:
    """Return which parts are in some sample, and those that every reader looks for."""
    always = np.array([name in _ALWAYS_SHOWN for name in COST_PARTS[: parts.shape[-1]]])
    return np.asarray(always | (parts != 0).any(axis=tuple(range(parts.ndim - 1))))


def _unit_cost(sets: Sets, cost: Array, hours: Array) -> Spread | None:
    one_unit = len(set(units_of(sets).values())) == 1
    return estimates.spread(cost / hours) if one_unit and (hours > 0).all() else None


def _served(sets: Sets, measures: Measures) -> list[ServedShare]:
    spreads = estimates.spreads(measures.served_share)
    return [
        ServedShare(
            workload=name,
            unit=item.unit,
            share=spreads[w],
            fully_served=estimates.share(measures.served_share[:, w] >= _ALL_SERVED),
            target_share=None if item.service_target is None else item.service_target.share,
            target_met=(
                None
                if item.service_target is None
                else estimates.share(measures.below_target[:, w] <= 1 - _ALL_SERVED)
            ),
        )
        for w, (name, item) in enumerate(sets.scenario.workloads.items())
    ]


def _mix(sets: Sets, measures: Measures) -> list[MixCell]:
    def spreads(values: Array) -> list[Spread]:
        return estimates.spreads(values.reshape(values.shape[0], -1))

    served = by_unit(sets, measures.service)
    units = dict.fromkeys(units_of(sets).values())
    by_unit_spreads = {unit: spreads(served[:, u]) for u, unit in enumerate(units)}
    accelerators, cash, power = (
        spreads(values)
        for values in (measures.accelerators, measures.platform_cash_usd, measures.power_mw)
    )
    cells = [(platform, quarter) for platform in sets.platforms for quarter in sets.quarters]
    return [
        MixCell(
            platform=platform,
            quarter=quarter,
            accelerators=accelerators[k],
            served={unit: found[k] for unit, found in by_unit_spreads.items()},
            cost_usd=cash[k],
            power_mw=power[k],
        )
        for k, (platform, quarter) in enumerate(cells)
    ]


def _appearances(bench: Workbench, measures: Measures) -> list[Appearance]:
    scenario = bench.model.scenario
    total = measures.accelerators.sum(axis=2)
    used = np.asarray((measures.accelerators > USED).any(axis=2))
    service = service_share(by_unit(bench.model.sets, measures.service))
    units = dict.fromkeys(units_of(bench.model.sets).values())
    return [
        Appearance(
            platform=name,
            unit=item.unit,
            share_of_samples=estimates.share(used[:, p]),
            accelerator_quarters_if_used=(
                estimates.spread(total[used[:, p], p]) if used[:, p].any() else None
            ),
            share_of_service={
                unit: estimates.mean(service[:, u, p]) for u, unit in enumerate(units)
            },
        )
        for p, (name, item) in enumerate(scenario.platforms.items())
    ]


def _cash(sets: Sets, measures: Measures) -> list[CashQuarter]:
    cash = estimates.spreads(measures.cash_usd.sum(axis=2))
    liability = estimates.spreads(measures.liability_usd)
    parts, shown = measures.cash_usd.mean(axis=0), _shown(measures.cash_usd)
    return [
        CashQuarter(
            quarter,
            cash[t],
            {name: float(parts[t, k]) for k, name in enumerate(CASH_PARTS) if shown[k]},
            liability[t],
        )
        for t, quarter in enumerate(sets.quarters)
    ]


def _limits(bench: Workbench, found: Gathered, follow_ups: FollowUps) -> list[LimitValue]:
    if follow_ups.limit_changes is None:
        return []
    positions = list(follow_ups.limits)
    sizes = np.abs(found.limit_value_usd[:, positions])
    binding = sizes > _BINDS * np.maximum(np.abs(found.cost_usd), 1)[:, None]
    chosen = tuple(bench.limits[k] for k in positions)
    return limit_values(chosen, follow_ups.limit_changes, binding)
