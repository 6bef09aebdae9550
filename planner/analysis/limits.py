"""What limits the answer: the value of one more and of one less unit, by solving again.

A dual tells the slope at the optimum only, and where the optimum is degenerate it need not be
unique; so duals merely choose which limits are worth re-solving.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.analysis import estimates
from planner.analysis.results import LimitValue
from planner.analysis.results_estimates import Estimate
from planner.model.blocks import total
from planner.model.coefficients import Coefficients
from planner.model.rows.growth import FLEET
from planner.model.sets import Sets
from planner.model.template import Array, Template
from planner.model.units import KW_PER_MW

SUPPLIES = 5
"""How many supplies are re-solved, those of the largest first-order value; of the rest all are."""


_EVERY = " in every quarter that has any"


@dataclass(frozen=True)
class Limit:
    """A limit that a planner can negotiate, over all quarters.

    Attributes
    ----------
    name, family, unit : str
    array : str
        The array of `Coefficients` that holds it.
    position : int
        Of the limit on that array's second axis.
    step : float
        One unit, in the array's own unit.
    rows : tuple of int
    """

    name: str
    family: str
    unit: str
    array: str
    position: int
    step: float
    rows: tuple[int, ...]

    def changed(self, block: Coefficients, units: int) -> Coefficients:
        """Return the coefficients with the limit moved by `units` in every quarter that has any.

        Where no quarter has any, all move: that is the value of the first unit. One less leaves a
        quarter that has less than one unit as it is.
        """
        values = np.array(getattr(block, self.array))
        kept = values[:, self.position]
        moved = kept + units * self.step
        has = kept > 0
        present = has | ~has.any(axis=-1, keepdims=True) if kept.ndim > 1 else True
        values[:, self.position] = np.where(present & (moved >= 0), moved, kept)
        return with_array(block, self.array, values)


def with_array(block: Coefficients, name: str, values: Array) -> Coefficients:
    """Return the coefficients with one array replaced."""
    changed: dict[str, Any] = {name: values}
    return replace(block, **changed)


def limits_of(sets: Sets, template: Template) -> tuple[Limit, ...]:
    """Return the limits of a scenario that can be moved by a unit, the demands last."""
    offers, power = (tuple(item.name for item in part) for part in (sets.offers, sets.power))
    share = "percentage point"
    kinds = [
        _Kind("power", "power at", "MW" + _EVERY, "site_kw", KW_PER_MW, sets.sites),
        _Kind("cooling", "liquid cooling at", "MW" + _EVERY, "cooling_kw", KW_PER_MW, sets.sites),
        _Kind("power_supply", "supply of", "MW" + _EVERY, "power_supply_kw", KW_PER_MW, power),
        _Kind("supply", "supply of", "accelerator" + _EVERY, "supply", 1.0, offers),
        _Kind("option_right", "right of", "accelerator", "rights", 1.0, offers),
        _Kind("growth", "growth of the", "accelerator" + _EVERY, "growth", 1.0, (FLEET,)),
        _Kind("vendor_share", "largest share of", share, "vendor_share", 0.01, sets.vendors),
        _Kind(
            "smallest_vendor_share", "smallest share of", share, "smallest_share", 0.01,
            sets.vendors,
        ),
    ]  # fmt: skip
    pools = sets.scenario.pools
    found = [kind.limits(template) for kind in kinds]
    found += [
        _Kind("pool", "pool of", item.unit + _EVERY, "pool_supply", 1.0, sets.pools).limits(
            template, only=name
        )
        for name, item in pools.items()
    ]
    for name, item in sets.scenario.workloads.items():
        family = "demand" if item.campaign is None else "campaign"
        unit = item.unit + (_EVERY if item.campaign is None else " times a quarter")
        kind = _Kind(family, "demand of", unit, "demand", 1.0, sets.workloads)
        found.append(kind.limits(template, only=name))
    return tuple(limit for limits in found for limit in limits if limit.rows)


@dataclass(frozen=True)
class _Kind:
    """What the limits of one family of rows have in common; a row's key begins with its name."""

    family: str
    words: str
    unit: str
    array: str
    step: float
    names: tuple[str, ...]

    def limits(self, template: Template, only: str | None = None) -> list[Limit]:
        """Return the limits of all names, or of one."""
        return [
            self._limit(name, position, template)
            for position, name in enumerate(self.names)
            if only is None or name == only
        ]

    def _limit(self, name: str, position: int, template: Template) -> Limit:
        rows = tuple(
            r
            for r, label in enumerate(template.rows)
            if label.family == self.family and label.key[0] == name
        )
        text = f"{self.words} {name}"
        return Limit(text, self.family, self.unit, self.array, position, self.step, rows)


def first_order_values(limits: tuple[Limit, ...], duals: Array) -> Array:
    """Return what the duals tell of one more unit of each limit, (sample, limit).

    Parameters
    ----------
    limits : tuple of Limit
    duals : ndarray, (sample, row)
    """
    found = np.empty((duals.shape[0], len(limits)), order="F")
    for k, limit in enumerate(limits):
        # Not a product of matrices: BLAS would start threads of its own in every worker.
        found[:, k] = total(duals[:, limit.rows]) * limit.step
    return found


def worth_resolving(limits: tuple[Limit, ...], sizes_usd: Array) -> tuple[int, ...]:
    """Return the positions of the limits to re-solve, by kind and then the most valuable first.

    Power, vendor shares and demands are what a planner decides or negotiates as a whole, so each
    that has any first-order value counts; of the supplies, which are many, only the largest.

    Parameters
    ----------
    limits : tuple of Limit
    sizes_usd : ndarray, (limit,)
        Mean size of the first-order value.
    """
    order = sorted(range(len(limits)), key=lambda k: (-sizes_usd[k], k))
    useful = [k for k in order if sizes_usd[k] > 0]
    supplies = [k for k in useful if limits[k].family == "supply"]
    rest = [k for k in useful if limits[k].family != "supply"]
    return (*rest, *supplies[:SUPPLIES])


def limit_values(
    limits: tuple[Limit, ...], changes: Array, binding: list[Estimate]
) -> list[LimitValue]:
    """Return the values of re-solved limits.

    Parameters
    ----------
    limits : tuple of Limit
        Those that were re-solved.
    changes : ndarray, (sample, limit, 2)
    binding : list of Estimate
        Of each limit the share of all samples of the run in which it binds.
    """
    return [
        LimitValue(
            name=limit.name,
            family=limit.family,
            unit=limit.unit,
            binding_share=binding[k],
            one_more_usd=estimates.mean(changes[:, k, 0]),
            one_less_usd=estimates.mean(changes[:, k, 1]),
        )
        for k, limit in enumerate(limits)
    ]
