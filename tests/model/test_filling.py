"""Filling programs: against the sum of terms written out, whatever varies and in any length."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from planner.model.builder import TemplateBuilder
from planner.model.template import Label, LinearPrograms, Ref, Template, constant

Array = np.ndarray[Any, np.dtype[np.float64]]

SHAPES = {"price": (3,), "yield": (2, 3), "limit": (), "never": (4,)}
COLUMNS = [Label("x", (str(j),)) for j in range(3)]


def template() -> Template:
    """Return three columns in two rows: sums of one to three terms, bounds on two columns."""
    builder = TemplateBuilder(SHAPES)
    builder.column(COLUMNS[0], Ref("price", (0,)), upper=Ref("limit", (), 2.0))
    builder.column(COLUMNS[1], constant(5.0))
    builder.column(COLUMNS[2], Ref("price", (2,), -1.0), upper=constant(9.0), integer=True)
    first = [
        (COLUMNS[2], constant(1.0)),
        (COLUMNS[0], Ref("yield", (0, 1))),
        (COLUMNS[2], Ref("yield", (1, 2), -3.0)),
        (COLUMNS[2], Ref("limit", (), 0.5)),
    ]
    builder.row("first", (), "<=", Ref("limit", (), 4.0), first)
    second = [(COLUMNS[1], Ref("yield", (1, 0))), (COLUMNS[0], constant(-1.0))]
    builder.row("second", (), ">=", constant(0.0), second)
    return builder.build()


def drawn(n: int, varying: tuple[str, ...], seed: int = 1) -> dict[str, Array]:
    generator = np.random.default_rng(seed)
    return {
        name: np.asfortranarray(generator.uniform(1, 2, (n if name in varying else 1, *shape)))
        for name, shape in SHAPES.items()
    }


def dense(filled: LinearPrograms, k: int) -> Array:
    found = np.zeros((2, 3))
    columns = np.repeat(np.arange(3), np.diff(filled.template.starts))
    found[filled.template.row_of, columns] = filled.matrix[k]
    return found


def expected(sources: Mapping[str, Array], k: int) -> tuple[list[list[float]], ...]:
    """Return cost, matrix, right-hand sides and upper bounds of a sample, one by one."""
    price, yields, limit, _ = (values[k % len(values)] for values in sources.values())
    last = 1 - 3 * yields[1, 2] + 0.5 * limit
    return (
        [[price[0], 5, -price[2]]],
        [[yields[0, 1], 0, last], [-1, yields[1, 0], 0]],
        [[4 * limit, 0]],
        [[2 * limit, np.inf, 9]],
    )


@pytest.mark.parametrize("n", [1, 2, 255, 256, 257, 600])
@pytest.mark.parametrize(
    "varying", [(), ("price",), ("limit",), ("yield",), ("price", "yield"), tuple(SHAPES)]
)
def test_programs_are_the_sums_of_their_terms(n: int, varying: tuple[str, ...]) -> None:
    made, sources = template(), drawn(n, varying)
    filled = made.fill(sources)
    assert filled.n == (n if varying else 1)
    for k in {0, filled.n // 2, filled.n - 1}:
        cost, matrix, rhs, upper = expected(sources, k)
        np.testing.assert_allclose(filled.cost[[k]], cost, rtol=1e-15)
        np.testing.assert_allclose(dense(filled, k), matrix, rtol=1e-15)
        np.testing.assert_allclose(filled.rhs[[k]], rhs, rtol=1e-15)
        np.testing.assert_array_equal(filled.upper[[k]], upper)
        assert not filled.lower[k].any()
    for values in (filled.cost, filled.matrix, filled.rhs, filled.lower, filled.upper):
        assert values.flags.c_contiguous
        assert values.flags.writeable


def test_two_fills_share_no_memory() -> None:
    made = template()
    one, other = made.fill(drawn(3, ("price",))), made.fill(drawn(3, ("price",), seed=2))
    for name in ("cost", "matrix", "rhs", "lower", "upper"):
        assert not np.shares_memory(getattr(one, name), getattr(other, name))
    assert (one.cost != other.cost).any()


def test_only_numbers_that_are_referred_to_are_looked_at() -> None:
    made, sources = template(), drawn(2, ("price",))
    assert made.used == {"price", "yield", "limit"}
    assert made.width == 1 + 2 + 3 + 1
    sources["never"][:] = np.nan
    sources["price"][1, 1] = np.nan
    made.fill(sources)


@pytest.mark.parametrize(
    ("source", "place", "words"),
    [
        ("price", (2,), "x.2 has a number that is not finite"),
        ("yield", (1, 0), "the matrix has a number"),
        ("limit", (), "first has a number"),
    ],
)
@pytest.mark.parametrize("k", [0, 299])
@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("known", [False, True])
def test_a_number_that_is_not_finite_is_named(
    source: str, place: tuple[int, ...], words: str, k: int, value: float, known: bool
) -> None:
    others = tuple(name for name in SHAPES if name != source)
    sources = drawn(300, others if known else tuple(SHAPES))
    sources[source][(0 if known else k, *place)] = value
    with pytest.raises(ValueError, match=words):
        template().fill(sources)


def test_a_bound_below_zero_is_refused() -> None:
    sources = drawn(300, ("limit",))
    sources["limit"][280] = -1
    with pytest.raises(ValueError, match="bounds that no number is between"):
        template().fill(sources)
