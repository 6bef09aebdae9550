"""Figures of plans over the samples, their own optima or one that is carried out in all."""

from __future__ import annotations

from collections.abc import Sequence

from planner.analysis.cash import COST_PARTS, RESIDUAL, SHORTFALL
from planner.analysis.gathered import Gathered
from planner.analysis.repeats import units_of
from planner.analysis.results_estimates import CashQuarter, CostPart, MixCell, ServedShare
from planner.model.instruments.terms import CASH_PARTS
from planner.model.sets import Sets

_ALWAYS_SHOWN = ("purchases", "reservations", "rentals", "energy", "hosting", RESIDUAL, SHORTFALL)


def _shown(names: Sequence[str], occurs: Sequence[bool]) -> list[int]:
    """Return which parts are in some sample, and those that every reader looks for."""
    return [k for k, name in enumerate(names) if occurs[k] or name in _ALWAYS_SHOWN]


def cost_parts(found: Gathered) -> list[CostPart]:
    """Return the parts of the cost that occur, or that every reader looks for."""
    spreads = found.spreads("cost_parts_usd")
    shown = _shown(COST_PARTS, [any(ends) for ends in found.extremes("cost_parts_usd")])
    return [CostPart(COST_PARTS[k], spreads[k]) for k in shown]


def served_shares(sets: Sets, found: Gathered) -> list[ServedShare]:
    """Return how much of each workload's demand is served."""
    workloads = zip(
        sets.scenario.workloads.items(),
        found.spreads("served_share"),
        found.shares("fully_served"),
        found.shares("target_met"),
        strict=True,
    )
    return [
        ServedShare(
            workload=name,
            unit=item.unit,
            share=share,
            fully_served=fully_served,
            target_share=None if item.service_target is None else item.service_target.share,
            target_met=None if item.service_target is None else target_met,
        )
        for (name, item), share, fully_served, target_met in workloads
    ]


def mix_cells(sets: Sets, found: Gathered) -> list[MixCell]:
    """Return every platform in every quarter."""
    cells = [(platform, quarter) for platform in sets.platforms for quarter in sets.quarters]
    accelerators, served, cash, power = (
        found.spreads(name) for name in ("accelerators", "served", "platform_cash_usd", "power_mw")
    )
    units = dict.fromkeys(units_of(sets).values())
    return [
        MixCell(
            platform=platform,
            quarter=quarter,
            accelerators=accelerators[k],
            served={unit: served[u * len(cells) + k] for u, unit in enumerate(units)},
            cost_usd=cash[k],
            power_mw=power[k],
        )
        for k, (platform, quarter) in enumerate(cells)
    ]


def cash_quarters(sets: Sets, found: Gathered) -> list[CashQuarter]:
    """Return cash and what is owed by quarter."""
    cash, liability = found.spreads("cash_usd"), found.spreads("liability_usd")
    parts = found.average("cash_parts_usd")
    occurs = found.average("has_cash_part").sum(axis=0)
    shown = _shown(CASH_PARTS, [count > 0 for count in occurs])
    return [
        CashQuarter(
            quarter, cash[t], {CASH_PARTS[k]: float(parts[t, k]) for k in shown}, liability[t]
        )
        for t, quarter in enumerate(sets.quarters)
    ]
