"""Programs of known structure: examples that make the simplex method cycle or crawl, and networks.

Beale 1955 (doi:10.1002/nav.3800020106); Kuhn's example of cycling and Klee and Minty's cube
as in Chvatal, Linear Programming, 1983; Klee and Minty 1972.
"""

from __future__ import annotations

import numpy as np
from solve.frames import Array, Dense, Draw, Frame, Generator

from planner.model.template import Sense

_NOISES = (0.0, 0.0, 1e-3, 0.1)
"""Of examples in exact numbers: half stay as they are, so that their ties stay."""

_BEALE = (
    [0, 0, 0, -3 / 4, 20, -1 / 2, 6],
    [
        [1, 0, 0, 1 / 4, -8, -1, 9],
        [0, 1, 0, 1 / 2, -12, -1 / 2, 3],
        [0, 0, 1, 0, 0, 1, 0],
    ],
    [0, 0, 1],
)

_KUHN = (
    [0, 0, 0, -2, -3, 1, 12],
    [
        [1, 0, 0, -2, -9, 1, 9],
        [0, 1, 0, 1 / 3, 1, -1 / 3, -2],
        [0, 0, 1, 2, 3, -1, -12],
    ],
    [0, 0, 2],
)


def beale() -> tuple[Frame, Draw]:
    """Return Beale's example, some with noise."""
    return _noisy(*(np.array(part, dtype=float) for part in _BEALE), _sevens(1))


def kuhn() -> tuple[Frame, Draw]:
    """Return Kuhn's example, some with noise: those may be unbounded."""
    return _noisy(*(np.array(part, dtype=float) for part in _KUHN), _sevens(1))


def cycles() -> tuple[Frame, Draw]:
    """Return both examples twice side by side, and one row over all of their slacks."""
    parts = [_BEALE, _KUHN, _BEALE, _KUHN]
    matrix = np.zeros((13, 28))
    for k, part in enumerate(parts):
        matrix[3 * k : 3 * k + 3, 7 * k : 7 * k + 7] = part[1]
    matrix[12, 2::7] = 1
    cost = np.concatenate([np.array(part[0], float) for part in parts])
    rhs = np.concatenate([*(np.array(part[2], float) for part in parts), [2.0]])
    return _noisy(cost, matrix, rhs, [*_sevens(4), "<="])


def _sevens(count: int) -> list[Sense]:
    return ["="] * (3 * count)


def _noisy(cost: Array, matrix: Array, rhs: Array, senses: list[Sense]) -> tuple[Frame, Draw]:
    def draw(rng: Generator, n: int) -> Dense:
        size = rng.choice(_NOISES, n)

        def near(values: Array) -> Array:
            shape = (n, *values.shape)
            noise = rng.uniform(-1, 1, shape)
            return np.asarray(values * (1 + size.reshape(-1, *[1] * values.ndim) * noise))

        return _dense(near(cost), near(matrix), near(rhs))

    return Frame(matrix != 0, senses), draw


def _dense(cost: Array, matrix: Array, rhs: Array, limits: Array | None = None) -> Dense:
    n = cost.shape[0]
    return Dense(
        cost=cost,
        matrix=matrix,
        rhs=rhs,
        upper=np.full(cost.shape, np.inf),
        lower=np.zeros(cost.shape),
        limits=np.zeros((n, 0)) if limits is None else limits,
    )


def cube(size: int = 12) -> tuple[Frame, Draw]:
    """Return Klee and Minty's cube: each coordinate between a part of the one before and the rest.

    Some programs cost something beside the last coordinate.
    """
    at = np.arange(1, size)
    pattern = np.zeros((2 * size - 2, size), dtype=bool)
    for first in (0, size - 1):
        pattern[first + at - 1, at] = pattern[first + at - 1, at - 1] = True
    senses: list[Sense] = [">="] * (size - 1) + ["<="] * (size - 1)

    def draw(rng: Generator, n: int) -> Dense:
        matrix = np.zeros((n, *pattern.shape))
        for first, sign in ((0, -1.0), (size - 1, 1.0)):
            matrix[:, first + at - 1, at] = 1
            matrix[:, first + at - 1, at - 1] = sign * rng.integers(1, 32, (n, size - 1)) / 64
        rhs = np.concatenate([np.zeros((n, size - 1)), np.ones((n, size - 1))], axis=1)
        cost = rng.integers(-3, 4, (n, size)) * (rng.random((n, 1)) < 0.5) / 8
        cost[:, -1] = -1
        return _dense(cost, matrix, rhs, np.ones((n, 1)))

    return Frame(pattern, senses, limited=[0]), draw


def assignment(size: int = 10) -> tuple[Frame, Draw]:
    """Return assignments: highly degenerate, one row too many, many ties."""
    pattern = _network(size, size)
    senses: list[Sense] = ["="] * (2 * size)

    def draw(rng: Generator, n: int) -> Dense:
        most = rng.integers(2, 100, (n, 1))
        cost = rng.integers(1, 1 + most, (n, size * size)).astype(float)
        return _dense(cost, _ones(pattern, n), np.ones((n, 2 * size)))

    return Frame(pattern, senses), draw


def transport(origins: int = 6, targets: int = 10) -> tuple[Frame, Draw]:
    """Return transports of whole quantities; some ask for all that there is, some for one more."""
    pattern = _network(origins, targets)
    senses: list[Sense] = ["<="] * origins + [">="] * targets

    def draw(rng: Generator, n: int) -> Dense:
        demand = rng.integers(0, 6, (n, targets))
        spare = rng.choice([0, 0, 1, 5, -1], n)
        shares = rng.multinomial(demand.sum(axis=1), np.full(origins, 1 / origins))
        shares[np.arange(n), shares.argmax(axis=1)] += spare
        cost = rng.integers(1, 8, (n, origins * targets)).astype(float)
        rhs = np.concatenate([np.maximum(shares, 0), demand], axis=1).astype(float)
        return _dense(cost, _ones(pattern, n), rhs)

    return Frame(pattern, senses), draw


def _network(origins: int, targets: int) -> np.ndarray:
    of_origin = np.repeat(np.eye(origins, dtype=bool), targets, axis=1)
    of_target = np.tile(np.eye(targets, dtype=bool), origins)
    return np.concatenate([of_origin, of_target])


def _ones(pattern: np.ndarray, n: int) -> Array:
    return np.broadcast_to(pattern.astype(float), (n, *pattern.shape)).copy()


def fleet(periods: int = 12) -> tuple[Frame, Draw]:
    """Return a fleet over time: bought, kept, rented or short, at prices of very different size.

    Columns by period: bought of two kinds, stock, rented, short. Rows: balance, demand and power
    of each period, one budget, and what of the first kind may be bought.
    """
    columns, rows = 5 * periods, 3 * periods + 1
    pattern = np.zeros((rows, columns), dtype=bool)
    for t in range(periods):
        bought, stock = [5 * t, 5 * t + 1], 5 * t + 2
        pattern[3 * t, [*bought, stock]] = True
        pattern[3 * t, stock - 5 : stock - 4] = t > 0
        pattern[3 * t + 1, stock : stock + 3] = True
        pattern[3 * t + 2, stock] = True
        pattern[-1, bought] = True
    senses: list[Sense] = ["=", ">=", "<="] * periods + ["<="]

    def draw(rng: Generator, n: int) -> Dense:
        return _fleet_numbers(rng, n, periods, pattern)

    return Frame(pattern, senses, limited=[5 * t for t in range(periods)]), draw


def _fleet_numbers(rng: Generator, n: int, periods: int, pattern: np.ndarray) -> Dense:
    shape = (n, periods)
    price = rng.lognormal(10, 0.3, (n, periods, 2))
    matrix, cost = np.zeros((n, *pattern.shape)), np.zeros((n, 5 * periods))
    demand = 1000 * np.cumprod(rng.lognormal(0.1, 0.2, shape), axis=1)
    rhs = np.zeros((n, 3 * periods + 1))
    work = rng.uniform(0.8, 1.0, shape)
    for t in range(periods):
        at = 5 * t
        matrix[:, 3 * t, [at, at + 1]] = -1
        matrix[:, 3 * t, at + 2] = 1
        if t:
            matrix[:, 3 * t, at - 3] = -rng.uniform(0.85, 1.0, n)
        matrix[:, 3 * t + 1, at + 2] = work[:, t]
        matrix[:, 3 * t + 1, at + 3 : at + 5] = 1
        matrix[:, 3 * t + 2, at + 2] = rng.uniform(0.7, 1.4, n)
        matrix[:, -1, at : at + 2] = price[:, t]
        cost[:, at : at + 2] = price[:, t] * 0.97**t
        cost[:, at + 2] = rng.uniform(100, 500, n)
        cost[:, at + 3] = rng.lognormal(9, 0.5, n)
    cost[:, 4::5] = rng.choice([1e6, 1e9], (n, 1))
    rhs[:, 1:-1:3] = demand
    rhs[:, 2:-1:3] = np.where(rng.random((n, 1)) < 0.3, 1e9, 3000)
    rhs[:, -1] = rng.lognormal(18, 1, n)
    limits = np.where(rng.random(shape) < 0.2, 1e12, rng.uniform(0, 500, shape))
    return _dense(cost, matrix, rhs, limits)
