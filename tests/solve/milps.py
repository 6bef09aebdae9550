"""Random programs with whole numbers, and every combination of them tried."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from handmade import Array, block, solver

from planner.errors import SolveError
from planner.model.template import LinearPrograms
from planner.solve.integers import IntegerSolver


def knapsack(seed: int, n: int = 4, items: int = 8, most: float = 1.0) -> LinearPrograms:
    """Return programs that take the most worth of whole items within two limits."""
    rng = np.random.default_rng(seed)
    weight = rng.integers(1, 30, (n, 2, items))
    worth = weight.mean(axis=1) * rng.uniform(0.8, 1.2, (n, items))
    room = weight.sum(axis=2) * most * rng.uniform(0.2, 0.6, (n, 2))
    return block(-worth, weight, ["<=", "<="], room, upper=most, integer=range(items))


def facilities(seed: int, n: int = 4, sites: int = 5, customers: int = 4) -> LinearPrograms:
    """Return programs that open sites of limited capacity and serve all customers from them."""
    rng = np.random.default_rng(seed)
    count = sites + sites * customers
    demand = rng.uniform(5, 20, (n, customers))
    capacity = demand.sum(axis=1)[:, None] * rng.uniform(0.2, 0.5, (n, sites))
    capacity *= 1.3 * demand.sum(axis=1)[:, None] / capacity.sum(axis=1)[:, None] + 0.5
    costs = [rng.uniform(100, 300, (n, sites)), rng.uniform(1, 9, (n, sites * customers))]
    matrix = np.zeros((n, customers + sites, count))
    for s in range(sites):
        served = slice(sites + s * customers, sites + (s + 1) * customers)
        matrix[:, :customers, served] += np.eye(customers)
        matrix[:, customers + s, served] = 1
        matrix[:, customers + s, s] = -capacity[:, s]
    senses = ["="] * customers + ["<="] * sites
    rhs = np.concatenate([demand, np.zeros((n, sites))], axis=1)
    upper = np.full((n, count), np.inf)
    upper[:, :sites] = 1
    cost = np.concatenate(costs, axis=1)
    return block(cost, matrix, senses, rhs, upper=upper, integer=range(sites))


def fixed_charge(seed: int, n: int = 4, options: int = 5, quarters: int = 4) -> LinearPrograms:
    """Return programs that buy from options with a cost to begin and a big gate per quarter.

    Of the first two options only one may be begun; what is missing is dear.
    """
    rng = np.random.default_rng(seed)
    count = options + options * quarters + quarters
    demand = rng.uniform(50, 200, (n, quarters))
    begin = rng.uniform(100, 2500, (n, options))
    price = rng.uniform(2, 9, (n, options * quarters))
    cost = np.concatenate([begin, price, np.full((n, quarters), 40.0)], axis=1)
    matrix = np.zeros((n, quarters + options * quarters + 1, count))
    for t in range(quarters):
        matrix[:, t, options + options * quarters + t] = 1
        for o in range(options):
            take, gate = options + o * quarters + t, quarters + o * quarters + t
            matrix[:, t, take] = 1
            matrix[:, gate, take] = 1
            matrix[:, gate, o] = -rng.uniform(30, 400, n)
    matrix[:, -1, :2] = 1
    senses = [">="] * quarters + ["<="] * (options * quarters + 1)
    rhs = np.concatenate([demand, np.zeros((n, options * quarters)), np.ones((n, 1))], axis=1)
    upper = np.full((n, count), np.inf)
    upper[:, :options] = 1
    return block(cost, matrix, senses, rhs, upper=upper, integer=range(options))


def brute_force(programs: LinearPrograms, k: int) -> float:
    """Return the least cost over every combination of the whole numbers."""
    whole = programs.template.integer
    names = ("cost", "matrix", "rhs", "lower", "upper")
    one = replace(programs, **{name: getattr(programs, name)[[k]] for name in names})
    hot, best = solver(programs), np.inf
    tops = [range(int(top) + 1) for top in programs.upper[k, whole]]
    for point in product(*tops):
        values = np.zeros((1, whole.size))
        values[0, whole] = point
        try:
            found = hot.solve(one.fixed(values), break_ties=False)
        except SolveError:
            continue
        best = min(best, float(found.objective[0]))
    return best


def whole_solver(programs: LinearPrograms, gap: float = 0.0, basis: Any = None) -> IntegerSolver:
    hot = solver(programs)
    hot.start = basis
    return IntegerSolver(programs.template, hot, gap)


def fractions(programs: LinearPrograms, x: Array) -> float:
    """Return how far from whole the integer columns are."""
    values = x[:, programs.template.integer]
    return float(np.abs(values - np.rint(values)).max(initial=0))
