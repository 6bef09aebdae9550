"""The deterministic equivalent of an instance as it stands: no standard form, bounds and all."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

from benchmarks.smps_format.core import Core
from benchmarks.smps_format.instance import Instance
from benchmarks.smps_format.outcomes import Discrete, Place


def scenarios(instance: Instance) -> list[tuple[float, Core]]:
    """Return the probability of each combination of outcomes, and the core with its numbers."""
    groups = [group for group in instance.outcomes.groups if isinstance(group, Discrete)]
    found = []
    for picks in itertools.product(*(range(group.outcomes) for group in groups)):
        core, probability = instance.core, 1.0
        for group, k in zip(groups, picks, strict=True):
            probability *= float(group.probability[k]) * group.total
            for at, value in zip(group.places, group.values[k], strict=True):
                core = changed(core, instance.outcomes.places[at], float(value))
        found.append((probability, core))
    return found


def changed(core: Core, place: Place, value: float) -> Core:
    """Return a core with one other number."""
    if place.kind == "constant":
        return replace(core, constant=value)
    if place.kind == "entry":
        there = np.flatnonzero((core.row_of == place.row) & (core.column_of == place.column))
        if not there.size:
            return replace(
                core,
                row_of=np.append(core.row_of, place.row),
                column_of=np.append(core.column_of, place.column),
                values=np.append(core.values, value),
            )
        values = core.values.copy()
        values[there] = value
        return replace(core, values=values)
    numbers = getattr(core, place.kind).copy()
    numbers[place.row if place.kind == "rhs" else place.column] = value
    return replace(core, **{place.kind: numbers})


def optimum(instance: Instance) -> float:
    """Return the optimal value of all scenarios in one program, NaN without an optimum."""
    listed, core, second = scenarios(instance), instance.core, instance.stages.columns
    first_at = np.flatnonzero(~second)
    width = second.sum()
    size = first_at.size + len(listed) * width
    cost, lower, upper = np.zeros(size), np.zeros(size), np.zeros(size)
    integer = np.zeros(size)
    matrix = lil_array((len(listed) * len(core.rows), size))
    low, high = np.zeros(matrix.shape[0]), np.zeros(matrix.shape[0])
    constant = 0.0
    for s, (probability, own) in enumerate(listed):
        at = np.zeros(second.size, dtype=int)
        at[~second] = np.arange(first_at.size)
        at[second] = first_at.size + s * width + np.arange(width)
        cost[at[second]] = probability * own.cost[second]
        cost[at[~second]] += probability * own.cost[~second]
        lower[at], upper[at], integer[at] = own.lower, own.upper, own.integer
        base = s * len(core.rows)
        for i, j, value in zip(own.row_of, own.column_of, own.values, strict=True):
            matrix[base + i, at[j]] += value
        low[base : base + len(core.rows)] = own.rhs - own.below
        high[base : base + len(core.rows)] = own.rhs + own.above
        constant += probability * own.constant
    sign = instance.sign
    found = milp(
        sign * cost,
        constraints=LinearConstraint(matrix.tocsc(), low, high),
        bounds=Bounds(lower, upper),
        integrality=integer,
    )
    return sign * found.fun + constant if found.status == 0 else np.nan
