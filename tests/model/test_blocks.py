"""Arrays of a block: what is known is there once, and a sample has the same bits in any block."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from everything import everything
from hypothesis import given, settings
from hypothesis import strategies as st
from small import bench, middling

from planner.analysis.measures import Measures, measure
from planner.analysis.workbench import Workbench
from planner.model.blocks import (
    arrays_in,
    assembled,
    by_quarter,
    is_known,
    made_once,
    one_sample,
    times,
    total,
    weighted,
)
from planner.model.coefficients import derive

Array = np.ndarray[Any, np.dtype[np.float64]]


def numbers(*shape: int, seed: int = 1) -> Array:
    return np.asfortranarray(np.random.default_rng(seed).normal(size=shape))


def test_an_array_is_as_long_as_what_it_is_made_of() -> None:
    known, drawn = np.array([[1.0, 2.0]]), numbers(5, 2)
    alone = assembled((3, 2), [(1, known)], otherwise=7.0)
    assert alone.tolist() == [[[7, 7], [1, 2], [7, 7]]]
    both = assembled((3, 2), enumerate([known, drawn]))
    assert both.shape == (5, 3, 2)
    assert both.flags.f_contiguous
    assert (both[:, 0] == known).all()
    assert (both[:, 1] == drawn).all()
    assert (both[:, 2] == 0).all()
    assert assembled((0, 2), []).shape == (1, 0, 2)


@pytest.mark.parametrize("length", [0, 1, 2, 3, 9])
def test_sums_over_the_last_axis(length: int) -> None:
    values = numbers(4, 3, length)
    np.testing.assert_allclose(total(values), values.sum(axis=2), rtol=1e-13, atol=1e-15)
    if length:
        weights = numbers(length, seed=2)
        np.testing.assert_allclose(weighted(values, weights), values @ weights, rtol=1e-12)


def test_what_starts_make_in_every_quarter_leaves_out_the_other_starts() -> None:
    count, each = numbers(6, 4), numbers(1, 4, 4, seed=2)
    found = by_quarter(count, each, (1, 3))
    expected = np.einsum("su,ut->st", count[:, [1, 3]], each[0, [1, 3]])
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_product_with_a_known_zero_is_known() -> None:
    drawn = numbers(5, 3)
    assert times(drawn, np.zeros((1, 3))).tolist() == [[0, 0, 0]]
    assert times(drawn[:, :, None], np.zeros((1, 3, 2))).shape == (1, 3, 2)
    assert (times(drawn, np.array([[0.0, 2, 0]])) == drawn * [0, 2, 0]).all()
    assert times(np.ones((1, 3)), np.zeros((5, 3))).shape == (5, 3)


def test_one_sample_of_what_is_drawn_and_of_what_is_known() -> None:
    drawn = numbers(5, 3)
    assert (one_sample(drawn, 4) == drawn[4]).all()
    assert one_sample(drawn[:1], 4).tolist() == drawn[0].tolist()


def test_what_is_the_same_in_every_sample_is_made_once_and_cannot_be_changed() -> None:
    calls = []

    @made_once
    def doubled(values: Array, more: float) -> Array:
        calls.append(more)
        return values * 2 + more

    known = np.array([[1.0, 2.0]])
    found = [doubled(known, 1.0), doubled(known.copy(), 1.0)]
    assert found[0] is found[1]
    assert calls == [1.0]
    assert doubled(known, more=2.0).tolist() == [[4, 6]]
    assert doubled(known, more=3.0).tolist() == [[5, 7]]
    assert doubled(known.T, 1.0).tolist() == [[3], [5]]
    with pytest.raises(ValueError, match="read-only"):
        found[0][0, 0] = 5
    calls.clear()
    for _ in range(2):
        assert doubled(numbers(3, 2), 0.0).flags.writeable
    assert calls == [0.0, 0.0]


@pytest.fixture(scope="module", params=[middling, everything], ids=["middling", "everything"])
def made(request: pytest.FixtureRequest) -> Workbench:
    return bench(request.param())


def test_what_is_known_is_not_derived_again_and_is_what_would_be_derived(made: Workbench) -> None:
    model = made.model
    draws, kept = made.draw(3, 5)
    fresh = derive(model.sets, draws)
    assert model.known
    for field in fields(fresh):
        one, other = getattr(fresh, field.name), getattr(kept, field.name)
        for a, b in zip(*(arrays_of(value) for value in (one, other)), strict=True):
            assert np.array_equal(a, b), field.name
    assert kept.demand.shape[0] == 5
    assert all(is_known(value) for value in model.known.values())
    uncertain = {item.name for item in made.inputs}
    for name in model.known:
        # The parts that are named by a path read below it only.
        assert "." not in name or not any(path.startswith(f"{name}.") for path in uncertain)


def arrays_of(value: object) -> list[Any]:
    items = value if isinstance(value, tuple) else (value,)
    return [array for item in items for array in arrays_in(item)]


@settings(max_examples=12, deadline=None)
@given(first=st.integers(0, 40), n=st.sampled_from([1, 2, 8, 255, 257, 300]))
def test_a_sample_has_the_same_bits_whatever_else_is_in_its_block(
    made: Workbench, first: int, n: int
) -> None:
    """Programs and measures of a block against those of one that is longer on both sides."""
    before, after = min(first, 3), 4
    whole, part = (
        everything_of(made, begin, size)
        for begin, size in ((first - before, before + n + after), (first, n))
    )
    for name, values in part.items():
        assert values.tobytes() == whole[name][before : before + n].tobytes(), name


def everything_of(made: Workbench, first: int, n: int) -> dict[str, Array]:
    """Return the programs of some samples, and the measures of points that follow from them."""
    _, block = made.draw(first, n)
    programs = made.model.programs(block)
    x = 1e3 * np.abs(np.sin(programs.cost))
    done = made.unpacker.unpack(np.where(x > 300, x, 0.0))
    found: Measures = measure(made.model.sets, block, done)
    names = ("cost", "matrix", "rhs", "lower", "upper")
    return {name: getattr(programs, name) for name in names} | {
        field.name: getattr(found, field.name) for field in fields(found)
    }
