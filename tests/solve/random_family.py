"""Families of random programs, each made around a point and a dual that keep it solvable.

Where exactness matters (degenerate points, copied rows) all numbers are multiples of powers of two,
so that the point lies on the rows exactly and not up to a rounding error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from solve.frames import Array, Bits, Dense, Draw, Frame, Generator, Indices

from planner.model.template import Sense

_NEAR_BITS = (20, 31)
"""Nearly parallel rows differ by a relative 2 ** -20 to 2 ** -30: 1e-6 to 1e-9."""

_ROOM = {"<=": 1.0, ">=": -1.0, "=": 0.0}


@dataclass(frozen=True)
class Spec:
    """What a family of random programs is like; shares are of all columns, rows or programs.

    Attributes
    ----------
    name : str
    rows, columns : int
        All rows, those that only bound a column included.
    density : float
        Share of entries of the matrix that are in the pattern.
    equations : float
        Share of rows that are equations; of the rest half are ``<=``.
    grid : bool
        Whether numbers are multiples of powers of two, so that sums are exact.
    drift : float
        How far the entries are from the template's own, relative; infinity draws them anew.
    bounded, limited, fixed : float
        Columns with an upper bound, with a bounding row, and fixed (in each program others).
    idle : float
        Columns at a bound and rows without room at the point: degeneracy.
    tied : float
        Columns without reduced cost at the dual: many optima.
    gone : float
        Entries of the pattern that are zero in a program.
    copied, near : int
        Rows that repeat another row, or nearly.
    spread : int
        Rows and columns are multiplied with powers of two (without `grid`, with any numbers) from
        2 ** -spread to 2 ** spread.
    wild : bool
        Whether these are drawn for each program, not once for all.
    infeasible, unbounded : float
        Programs made so on purpose.
    """

    name: str
    rows: int
    columns: int
    density: float = 1.0
    equations: float = 0.3
    grid: bool = True
    drift: float = np.inf
    bounded: float = 0.5
    limited: float = 0.0
    fixed: float = 0.0
    idle: float = 0.2
    tied: float = 0.2
    gone: float = 0.0
    copied: int = 0
    near: int = 0
    spread: int = 0
    wild: bool = False
    infeasible: float = 0.0
    unbounded: float = 0.0


@dataclass(frozen=True)
class _Structure:
    """What is drawn once for a family.

    Attributes
    ----------
    repeats : list of (int, int)
        Rows and those that they repeat.
    near : list of (int, int)
        Rows and those that they nearly repeat.
    contrary : int or None
        A ``>=`` row that repeats the first, a ``<=`` row.
    ray : int or None
        A column that any amount of satisfies every row.
    base : ndarray, (row, column)
    scales : tuple of ndarray
        Of rows and columns.
    """

    frame: Frame
    repeats: list[tuple[int, int]]
    near: list[tuple[int, int]]
    contrary: int | None
    ray: int | None
    base: Array
    scales: tuple[Array, Array]


def random_family(spec: Spec, rng: Generator) -> tuple[Frame, Draw]:
    """Return a family's frame and what draws its numbers."""
    structure = _structure(spec, rng)

    def draw(rng: Generator, n: int) -> Dense:
        return _draw(spec, structure, rng, n)

    return structure.frame, draw


def _structure(spec: Spec, rng: Generator) -> _Structure:
    columns = spec.columns
    limited = rng.choice(columns, round(spec.limited * columns), replace=False)
    rows = spec.rows - limited.size
    contrary = rows - 1 if spec.infeasible else None
    taken = spec.copied + spec.near
    first = rows - taken - (contrary is not None)
    others = [(i, int(rng.integers(first))) for i in range(first, first + taken)]
    senses: list[Sense] = [
        "=" if rng.random() < spec.equations else "<=" if rng.random() < 0.5 else ">="
        for _ in range(rows)
    ]
    pattern = _pattern(spec, rng, rows)
    if contrary is not None:
        senses[0], senses[contrary] = "<=", ">="
        pattern[contrary] = pattern[0]
    for i, source in others:
        senses[i], pattern[i] = senses[source], pattern[source]
    bounded = rng.random(columns) < spec.bounded
    ray = None
    if spec.unbounded:
        ray = int(rng.choice(np.setdiff1d(np.arange(columns), limited)))
        bounded[ray] = False
        pattern[np.array(senses) == "=", ray] = False
        pattern[[0, rows - 1], ray] = False
    frame = Frame(pattern, senses, np.flatnonzero(bounded).tolist(), limited.tolist())
    return _Structure(
        frame=frame,
        repeats=others[: spec.copied],
        near=others[spec.copied :],
        contrary=contrary,
        ray=ray,
        base=_entries(spec, rng, (rows, columns)),
        scales=_scales(spec, rng, (rows,), (columns,)),
    )


def _pattern(spec: Spec, rng: Generator, rows: int) -> Bits:
    """Return a pattern with two entries or more in each row and one or more in each column."""
    pattern = rng.random((rows, spec.columns)) < spec.density
    pattern[rng.integers(rows, size=spec.columns), np.arange(spec.columns)] = True
    for row in pattern:
        row[rng.choice(spec.columns, 2, replace=False)] = True
    return pattern


def _entries(spec: Spec, rng: Generator, shape: tuple[int, ...]) -> Array:
    signs = np.where(rng.random(shape) < 0.3, -1.0, 1.0)
    sizes = rng.integers(1, 9, shape) / 4 if spec.grid else rng.uniform(0.2, 2, shape)
    return signs * sizes


def _scales(
    spec: Spec, rng: Generator, rows: tuple[int, ...], columns: tuple[int, ...]
) -> tuple[Array, Array]:
    drawn = [rng.uniform(-spec.spread, spec.spread, size) for size in (rows, columns)]
    of_row, of_column = (np.exp2(np.rint(power) if spec.grid else power) for power in drawn)
    return of_row, of_column


def _positive(spec: Spec, rng: Generator, shape: tuple[int, ...], none: float) -> Array:
    """Return numbers above zero, and zero for a share of them."""
    sizes = rng.integers(1, 9, shape) / 2 if spec.grid else rng.uniform(0.5, 4, shape)
    return sizes * (rng.random(shape) >= none)


def _draw(spec: Spec, structure: _Structure, rng: Generator, n: int) -> Dense:
    frame, columns = structure.frame, spec.columns
    matrix = _matrix(spec, structure, rng, n)
    rows = matrix.shape[1]
    x = _positive(spec, rng, (n, columns), spec.idle)
    room = np.array([_ROOM[sense] for sense in frame.senses])
    rhs = np.einsum("nij,nj->ni", matrix, x) + room * _positive(spec, rng, (n, rows), spec.idle)
    upper = np.full((n, columns), np.inf)
    bounded, limited = list(frame.bounded), list(frame.limited)
    upper[:, bounded] = (x + _positive(spec, rng, x.shape, spec.idle))[:, bounded]
    fixed = rng.random((n, columns)) < spec.fixed
    if structure.ray is not None:
        fixed[:, structure.ray] = False
    limits = x[:, limited] + _positive(spec, rng, (n, len(limited)), spec.idle)
    numbers = Dense(
        cost=_cost(spec, structure, rng, matrix),
        matrix=matrix,
        rhs=rhs,
        upper=np.where(fixed, x, upper),
        lower=np.where(fixed, x, 0.0),
        limits=limits,
    )
    _make_infeasible(spec, structure, rng, numbers)
    return _scaled(spec, structure, rng, numbers)


def _matrix(spec: Spec, structure: _Structure, rng: Generator, n: int) -> Array:
    pattern = structure.frame.pattern
    shape = (n, *pattern.shape)
    matrix = _entries(spec, rng, shape)
    if np.isfinite(spec.drift):
        moved = rng.integers(-8, 9, shape) / 8 if spec.grid else rng.uniform(-1, 1, shape)
        matrix = structure.base * (1 + spec.drift * moved)
    matrix *= pattern
    if spec.gone:
        matrix *= rng.random(shape) >= spec.gone
    if structure.ray is not None:
        room = np.array([_ROOM[sense] for sense in structure.frame.senses])
        matrix[:, :, structure.ray] = -room * np.abs(matrix[:, :, structure.ray])
    if structure.contrary is not None:
        matrix[:, structure.contrary] = matrix[:, 0]
    for i, source in structure.repeats:
        matrix[:, i] = matrix[:, source] * np.exp2(rng.integers(-2, 3, (n, 1)))
    for i, source in structure.near:
        size = np.exp2(-rng.integers(*_NEAR_BITS, (n, 1)).astype(float))
        matrix[:, i] = matrix[:, source] * (1 + size * rng.integers(-1, 2, (n, spec.columns)))
    return matrix


def _cost(spec: Spec, structure: _Structure, rng: Generator, matrix: Array) -> Array:
    """Return costs for which a dual of the right signs is feasible, or on purpose none."""
    n, rows, columns = matrix.shape
    frame = structure.frame
    room = np.array([_ROOM[sense] for sense in frame.senses])
    dual = _positive(spec, rng, (n, rows), 0.3)
    dual *= np.where(room == 0, rng.choice([-1.0, 1.0], (n, rows)), -room)
    reduced = _positive(spec, rng, (n, columns), spec.tied)
    held = [*frame.bounded, *frame.limited]
    reduced[:, held] *= rng.choice([-1.0, 1.0], (n, len(held)))
    cost = np.einsum("ni,nij->nj", dual, matrix) + reduced
    if structure.ray is not None:
        unbounded = rng.random(n) < spec.unbounded
        cost[unbounded, structure.ray] = -_positive(spec, rng, (int(unbounded.sum()),), 0)
    return np.asarray(cost)


def _make_infeasible(spec: Spec, structure: _Structure, rng: Generator, numbers: Dense) -> None:
    """Make a share of the programs ask of a row what its opposite forbids, or a bound below 0."""
    if structure.contrary is None:
        return
    chosen: Indices = np.flatnonzero(rng.random(numbers.rhs.shape[0]) < spec.infeasible)
    amount = np.exp2(-rng.integers(0, 18, chosen.size).astype(float))
    by_bound = (rng.random(chosen.size) < 0.3) & (numbers.limits.shape[1] > 0)
    sides = numbers.rhs[chosen, 0]
    sides = np.where(by_bound, numbers.rhs[chosen, -1], sides + amount * (1 + np.abs(sides)))
    numbers.rhs[chosen, structure.contrary] = sides
    if numbers.limits.shape[1]:
        at = rng.integers(numbers.limits.shape[1], size=chosen.size)
        kept = numbers.limits[chosen, at]
        numbers.limits[chosen, at] = np.where(by_bound, -amount, kept)


def _scaled(spec: Spec, structure: _Structure, rng: Generator, numbers: Dense) -> Dense:
    if not spec.spread:
        return numbers
    n, rows, columns = numbers.matrix.shape
    of_row, of_column = structure.scales
    if spec.wild:
        of_row, of_column = _scales(spec, rng, (n, rows), (n, columns))
    of_row, of_column = np.broadcast_to(of_row, (n, rows)), np.broadcast_to(of_column, (n, columns))
    return Dense(
        cost=numbers.cost * of_column,
        matrix=numbers.matrix * of_row[:, :, None] * of_column[:, None, :],
        rhs=numbers.rhs * of_row,
        upper=numbers.upper / of_column,
        lower=numbers.lower / of_column,
        limits=numbers.limits / of_column[:, list(structure.frame.limited)],
    )
