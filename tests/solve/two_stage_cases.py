"""Two-stage problems from dense numbers, and what an independent solver makes of them.

What is solved independently is assembled from the dense numbers, never from the problem that the
code under test is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from handmade import block
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack, vstack

from planner.model.template import Sense
from planner.solve.two_stage.problem import (
    BlockNumbers,
    FirstStage,
    Listed,
    RecourseBlock,
    Risk,
    Samples,
)

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

INF = np.inf


@dataclass(frozen=True)
class Later:
    """A block: ``min cost y, matrix y {<=, >=, =} rhs - technology v, 0 <= y <= upper``.

    Attributes
    ----------
    cost, upper : ndarray, (sample, column)
    matrix : ndarray, (sample, row, column)
    senses : sequence of str
    rhs : ndarray, (sample, row)
    technology : ndarray, (sample, row, effect)
    """

    cost: Array
    matrix: Array
    senses: Sequence[Sense]
    rhs: Array
    technology: Array
    upper: Array


@dataclass(frozen=True)
class Case:
    """A two-stage problem in dense numbers.

    Attributes
    ----------
    cost : ndarray, (sample, effect)
    probability, constant : ndarray, (sample,)
    factor : ndarray, (sample, column)
    effect_of, lower, upper, integer : ndarray, (column,)
    matrix : ndarray, (row, column)
    low, high : ndarray, (row,)
    """

    cost: Array
    probability: Array
    constant: Array
    factor: Array
    effect_of: Array
    lower: Array
    upper: Array
    integer: Array
    matrix: Array
    low: Array
    high: Array
    later: tuple[Later, ...]

    @property
    def n(self) -> int:
        return int(self.probability.size)

    def first(self) -> FirstStage:
        rows, columns = np.nonzero(self.matrix)
        return FirstStage(
            names=tuple(f"x{j}" for j in range(self.lower.size)),
            lower=self.lower,
            upper=self.upper,
            integer=self.integer,
            row_starts=np.searchsorted(rows, np.arange(self.low.size + 1)),
            column_of=columns,
            values=self.matrix[rows, columns],
            low=self.low,
            high=self.high,
        )

    def listed(self, parts: int = 1) -> Listed:
        """Return the problem, its samples in so many chunks."""
        blocks, numbers = [], []
        for own in self.later:
            programs = block(own.cost, own.matrix, own.senses, own.rhs, upper=own.upper)
            rows, effects = np.nonzero((own.technology != 0).any(axis=0))
            blocks.append(RecourseBlock(programs.template, rows, effects))
            numbers.append(BlockNumbers(programs, own.technology[:, rows, effects]))
        acts = None if (self.factor == 1).all() else self.factor
        whole = Samples(self.probability, self.cost, self.constant, acts, numbers)
        chunks = tuple(whole.chosen(own) for own in np.array_split(np.arange(self.n), parts))
        effects = self.cost.shape[1]
        return Listed(self.first(), self.effect_of, effects, tuple(blocks), chunks)

    def acting(self, s: int) -> Array:
        """Return how columns act as effects in a sample, (effect, column)."""
        found = np.zeros((self.cost.shape[1], self.lower.size))
        found[self.effect_of, np.arange(self.lower.size)] = self.factor[s]
        return found


@dataclass
class Rows:
    """The extensive form of a case as it is assembled: its columns, and its rows as blocks."""

    width: int
    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, matrix: Any, low: Any, high: Any) -> None:
        self.rows.append(csr_array(matrix))
        self.low += list(low)
        self.high += list(high)


def reference(case: Case, risk: Risk, *, whole: bool = True) -> float:
    """Return the optimum by HiGHS through scipy; CVaR by its own definition as a minimum.

    Raises
    ------
    AssertionError
        If there is no optimum.
    """
    count = case.lower.size
    weight = (1 - risk.weight) * case.probability
    y_width = sum(own.cost.shape[1] for own in case.later)
    averse = risk.weight > 0
    width = count + case.n * (y_width + averse) + averse
    made = Rows(width)
    made.add(_padded(case.matrix, 0, width), case.low, case.high)
    objective, lower, upper = np.zeros(width), np.zeros(width), np.full(width, INF)
    lower[:count], upper[:count] = case.lower, case.upper
    if averse:
        objective[-1], lower[-1] = risk.weight, -INF
    constant = float(weight @ case.constant)
    for s in range(case.n):
        act, begin = case.acting(s), count + s * (y_width + averse)
        own_cost = np.zeros(width)
        own_cost[:count] = case.cost[s] @ act
        at = begin
        for own in case.later:
            stop = at + own.cost.shape[1]
            own_cost[at:stop], upper[at:stop] = own.cost[s], own.upper[s]
            rows = _padded(own.matrix[s], at, width) + _padded(own.technology[s] @ act, 0, width)
            senses, rhs = np.array(own.senses), own.rhs[s]
            made.add(rows, np.where(senses == "<=", -INF, rhs), np.where(senses == ">=", INF, rhs))
            at = stop
        objective += weight[s] * own_cost
        if averse:
            objective[at] = risk.weight * case.probability[s] / (1 - risk.level)
            own_cost[[at, width - 1]] = -1
            made.add(-own_cost[None], [case.constant[s]], [INF])
    integrality = np.zeros(width)
    integrality[:count] = case.integer if whole else 0
    found = milp(
        objective,
        integrality=integrality,
        bounds=Bounds(lower, upper),
        constraints=LinearConstraint(vstack(made.rows, format="csr"), made.low, made.high),
        options={"mip_rel_gap": 0.0},
    )
    assert found.status == 0, found.message
    return float(found.fun) + constant


def _padded(matrix: Any, begin: int, width: int) -> Any:
    rows, own = np.shape(matrix)
    left, right = csr_array((rows, begin)), csr_array((rows, width - begin - own))
    return hstack([left, csr_array(matrix), right], format="csr")


@dataclass(frozen=True)
class Shape:
    """What a random case has.

    Attributes
    ----------
    bets : bool
        Binary columns in the first stage.
    complete : bool
        Whether every row of recourse can be broken for a price.
    """

    bets: bool = False
    complete: bool = True


def random_case(seed: int, shape: Shape) -> Case:
    """Return a case that has an optimum: a first stage with recourse is known, no cost is free.

    Columns act as effects by random factors, two as the same one; recourse has random costs,
    matrices and sides, equations and bounds; some first-stage columns have no upper bound, some
    samples no probability.
    """
    rng = np.random.default_rng(seed)
    count, n = int(rng.integers(2, 6)), int(rng.integers(1, 9))
    effects = int(rng.integers(1, count + 1))
    effect_of = np.concatenate([np.arange(effects), rng.integers(0, effects, count - effects)])
    integer = (rng.random(count) < 0.6) & shape.bets
    upper = np.where(rng.random(count) < 0.3, INF, rng.integers(1, 9, count))
    upper = np.where(integer, 1.0, upper)
    inside = np.where(integer, rng.integers(0, 2, count), rng.integers(0, 4, count))
    inside = np.minimum(inside, upper)
    factor = np.where(rng.random() < 0.5, 1.0, rng.choice([0.0, 0.5, 0.75, 1.0], (n, count)))
    probability = rng.dirichlet(np.ones(n))
    if n > 2 and rng.random() < 0.3:
        probability[int(rng.integers(n))] = 0
        probability /= probability.sum()
    # What has no upper bound costs something, so that there is an optimum.
    cost = rng.integers(-2, 8, (n, effects)).astype(float)
    free = np.isin(np.arange(effects), effect_of[~np.isfinite(upper)])
    cost[:, free] = np.abs(cost[:, free]) + 1
    matrix, low, high = _first_rows(rng, inside)
    case = Case(
        cost=cost, probability=probability, constant=rng.integers(-5, 6, n).astype(float),
        factor=factor, effect_of=effect_of, lower=np.zeros(count), upper=upper, integer=integer,
        matrix=matrix, low=low, high=high, later=(),
    )  # fmt: skip
    later = [_random_block(rng, case, inside, shape) for _ in range(int(rng.integers(1, 4)))]
    return replace(case, later=tuple(later))


def _first_rows(rng: Generator, inside: Array) -> tuple[Array, Array, Array]:
    rows = int(rng.integers(0, 3))
    matrix = rng.integers(-2, 4, (rows, inside.size)).astype(float)
    at = matrix @ inside
    low, high = at - rng.integers(0, 4, rows), at + rng.integers(0, 4, rows)
    one_sided = rng.random(rows) < 0.5
    return matrix, np.where(one_sided, -INF, low), high


def _random_block(rng: Generator, case: Case, inside: Array, shape: Shape) -> Later:
    n, effects = case.cost.shape
    rows, count = int(rng.integers(1, 5)), int(rng.integers(1, 5))
    senses: list[Sense] = rng.choice(np.array(["<=", ">=", "="]), rows).tolist()
    varies = rng.random((n, rows, count)) < 0.8
    matrix = rng.integers(-3, 6, (n, rows, count)) * varies * (rng.random((rows, count)) < 0.7)
    # A row that nothing is done about is no row of recourse.
    matrix[:, np.arange(rows), rng.integers(0, count, rows)] = rng.integers(1, 5, (n, rows))
    technology = rng.integers(-3, 5, (n, rows, effects)) * (rng.random((rows, effects)) < 0.7)
    upper = np.where(rng.random(count) < 0.4, rng.integers(1, 6, (n, count)), INF)
    cost = np.where(
        np.isfinite(upper), rng.integers(-4, 9, (n, count)), rng.integers(1, 9, (n, count))
    )
    y = np.minimum(rng.integers(0, 4, (n, count)), upper)
    acts = np.einsum("sek,k->se", np.stack([case.acting(s) for s in range(n)]), inside)
    at = np.einsum("sij,sj->si", matrix, y) + np.einsum("sie,se->si", technology, acts)
    room = np.array([{"<=": 1, ">=": -1, "=": 0}[sense] for sense in senses])
    rhs = at + room * rng.integers(0, 3, (n, rows))
    if not shape.complete:
        return Later(cost, matrix, senses, rhs, technology, upper)
    return _breakable(rng, Later(cost, matrix, senses, rhs, technology, upper))


def _breakable(rng: Generator, own: Later) -> Later:
    """Return a block with columns that break its rows for a price, of either side for equations."""
    signs = [(i, side) for i, sense in enumerate(own.senses) for side in SIDES[sense]]
    n, rows = own.rhs.shape
    more = np.zeros((n, rows, len(signs)))
    for k, (i, side) in enumerate(signs):
        more[:, i, k] = side
    price = rng.integers(10, 30, (n, len(signs))).astype(float)
    return replace(
        own,
        cost=np.hstack([own.cost, price]),
        matrix=np.concatenate([own.matrix, more], axis=2),
        upper=np.hstack([own.upper, np.full(price.shape, INF)]),
    )


SIDES = {"<=": (-1.0,), ">=": (1.0,), "=": (1.0, -1.0)}


def random_risk(seed: int) -> Risk:
    rng = np.random.default_rng([seed, 1])
    weight = float(rng.choice([0.2, 0.5, 0.9, 1.0]))
    return Risk(weight, float(rng.choice([0.0, 0.3, 0.5, 0.8, 0.95])))


def simple(
    cost: Any,
    later: Sequence[Later],
    *,
    probability: Any = None,
    upper: Any = INF,
    integer: Any = False,
    rows: Iterator[tuple[Any, float, float]] | Sequence[tuple[Any, float, float]] = (),
) -> Case:
    """Return a case whose columns act each as one effect, wholly; `rows` are (entries, low, high).

    Parameters
    ----------
    cost : sequence of float, (column,)
        The same in every sample.
    """
    n, own = later[0].rhs.shape[0], np.asarray(cost, dtype=float)
    given, count = list(rows), own.size
    return Case(
        cost=np.tile(own, (n, 1)),
        probability=np.full(n, 1 / n) if probability is None else np.asarray(probability, float),
        constant=np.zeros(n),
        factor=np.ones((n, count)),
        effect_of=np.arange(count),
        lower=np.zeros(count),
        upper=np.broadcast_to(np.asarray(upper, float), count).copy(),
        integer=np.broadcast_to(np.asarray(integer, bool), count).copy(),
        matrix=np.array([entries for entries, _, _ in given], float).reshape(len(given), count),
        low=np.array([low for _, low, _ in given], float),
        high=np.array([high for _, _, high in given], float),
        later=tuple(later),
    )


def stage(
    cost: Any, matrix: Any, senses: Sequence[Sense], rhs: Any, technology: Any, upper: Any = INF
) -> Later:
    """Return a block of recourse; what is the same in every sample need not be repeated.

    Parameters
    ----------
    rhs : array_like, (sample, row)
    """
    sides = np.asarray(rhs, float)
    n, rows = sides.shape
    entries = np.asarray(matrix, float)
    count, effects = entries.shape[-1], np.shape(technology)[-1]
    return Later(
        np.broadcast_to(np.asarray(cost, float), (n, count)).copy(),
        np.broadcast_to(entries, (n, rows, count)).copy(),
        senses,
        sides,
        np.broadcast_to(np.asarray(technology, float), (n, rows, effects)).copy(),
        np.broadcast_to(np.asarray(upper, float), (n, count)).copy(),
    )
