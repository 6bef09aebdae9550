"""What limits the answer: the value of one more and of one less unit, by solving again.

A dual tells the slope at the optimum only, and where the optimum is degenerate it need not be
unique; so duals merely choose which limits are worth re-solving.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.analysis import estimates
from planner.analysis.results import LimitValue
from planner.model.coefficients import Coefficients
from planner.model.sets import Sets
from planner.model.template import Array, Template

SHOWN = 8
"""How many limits are re-solved: those of the largest first-order value."""


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
        """Return the coefficients with the limit moved by `units` in every quarter.

        One less leaves a quarter that has less than one unit as it is.
        """
        values = np.array(getattr(block, self.array))
        moved = values[:, self.position] + units * self.step
        kept = values[:, self.position]
        values[:, self.position] = np.where(moved < 0, kept, moved)
        return with_array(block, self.array, values)


def with_array(block: Coefficients, name: str, values: Array) -> Coefficients:
    """Return the coefficients with one array replaced."""
    changed: dict[str, Any] = {name: values}
    return replace(block, **changed)


def limits_of(sets: Sets, template: Template) -> tuple[Limit, ...]:
    """Return the limits of a scenario: power, supply, vendor shares, and the demands."""
    found = [
        *(
            (f"power at {sets.sites[i]}", "power", "MW in every quarter", "site_kw", i, 1000.0,
             (sets.sites[i],))
            for i in sets.limited_sites
        ),
        *(
            (f"supply of {offer.name}", "supply", "accelerator in every quarter", "supply", o, 1.0,
             (offer.name,))
            for o, offer in enumerate(sets.offers)
        ),
        *(
            (f"largest share of {sets.vendors[v]}", "vendor_share", "percentage point",
             "vendor_share", v, 0.01, (sets.vendors[v],))
            for v in sets.limited_vendors
        ),
        *(
            (f"demand of {name}", "demand", "effective PFLOP/s in every quarter", "demand_pflops",
             w, 1.0, (name,))
            for w, name in enumerate(sets.workloads)
        ),
    ]  # fmt: skip
    limits = []
    for name, family, unit, array, position, step, key in found:
        rows = tuple(
            r
            for r, label in enumerate(template.rows)
            if label.family == family and label.key[:1] == key
        )
        if rows:
            limits.append(Limit(name, family, unit, array, position, step, rows))
    return tuple(limits)


def limit_rows(limits: tuple[Limit, ...], rows: int) -> Array:
    """Return the matrix that sums duals by limit, (row, limit)."""
    matrix = np.zeros((rows, len(limits)))
    for k, limit in enumerate(limits):
        matrix[list(limit.rows), k] = limit.step
    return matrix


def worth_resolving(limits: tuple[Limit, ...], value_usd: Array) -> tuple[int, ...]:
    """Return the positions of the limits of largest mean first-order value, largest first."""
    sizes = np.abs(value_usd).mean(axis=0)
    order = sorted(range(len(limits)), key=lambda k: (-sizes[k], k))
    return tuple(k for k in order[:SHOWN] if sizes[k] > 0)


def limit_values(
    limits: tuple[Limit, ...], changes: Array, binding: NDArray[np.bool_]
) -> list[LimitValue]:
    """Return the values of re-solved limits.

    Parameters
    ----------
    limits : tuple of Limit
        Those that were re-solved.
    changes : ndarray, (sample, limit, 2)
    binding : ndarray of bool, (sample, limit)
        Over all samples of the run.
    """
    return [
        LimitValue(
            name=limit.name,
            family=limit.family,
            unit=limit.unit,
            binding_share=estimates.share(binding[:, k]),
            one_more_usd=estimates.mean(changes[:, k, 0]),
            one_less_usd=estimates.mean(changes[:, k, 1]),
        )
        for k, limit in enumerate(limits)
    ]
