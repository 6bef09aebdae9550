"""Moments that are added up against those of all samples at once."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.analysis.moments import Moments, moments

Array = np.ndarray[Any, np.dtype[np.float64]]


def direct(rows: Array) -> dict[str, Array]:
    """Return numpy's own moments of the samples that count."""
    kept = [row[~np.isnan(row)] for row in rows]
    return {
        "n": np.array([row.size for row in kept]),
        "mean": np.array([row.mean() if row.size else 0.0 for row in kept]),
        "squares": np.array([((row - row.mean()) ** 2).sum() if row.size else 0 for row in kept]),
        "low": np.array([row.min() if row.size else np.inf for row in kept]),
        "high": np.array([row.max() if row.size else -np.inf for row in kept]),
    }


def agree(found: Moments, rows: Array) -> None:
    truth = direct(rows)
    size = np.nanmax(np.abs(rows), axis=1, initial=0.0)
    assert (found.deviations.n == truth["n"]).all()
    assert np.abs(found.deviations.mean - truth["mean"]) == pytest.approx(0, abs=1e-12 * max(size))
    near = pytest.approx(truth["squares"], rel=1e-11, abs=1e-22 * max(size) ** 2 * rows.shape[1])
    assert found.deviations.squares == near
    assert (found.low == truth["low"]).all()
    assert (found.high == truth["high"]).all()


def every_kind(rng: np.random.Generator, n: int) -> Array:
    """Return rows of every kind: plain, atoms, heavy tails, far from zero, constant, partial."""
    return np.stack(
        [
            rng.normal(size=n),
            np.maximum(rng.normal(size=n), 0),
            rng.standard_t(1.5, size=n),
            np.exp(3 * rng.normal(size=n)),
            1e9 + rng.normal(size=n),
            np.full(n, 0.1),
            np.zeros(n),
            np.where(rng.random(n) < 0.7, np.nan, rng.random(n)),
            np.full(n, np.nan),
        ]
    )


@pytest.mark.parametrize("n", [1, 2, 7, 4096])
def test_moments_are_numpys(n: int) -> None:
    rows = every_kind(np.random.default_rng(1), n)
    for k in range(rows.shape[0]):
        agree(moments(rows[k : k + 1]), rows[k : k + 1])


def test_rows_do_not_mix_however_many_there_are() -> None:
    rows = np.random.default_rng(2).normal(size=(700, 150)) * np.arange(1, 701)[:, None]
    rows[5, 3] = np.nan
    found = moments(rows)
    assert found.deviations.mean == pytest.approx(np.nanmean(rows, axis=1), rel=1e-12)
    assert found.deviations.squares == pytest.approx(np.nanvar(rows, axis=1) * found.deviations.n)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 90), min_size=1, max_size=6))
def test_merged_moments_are_those_of_all_in_any_grouping(seed: int, sizes: list[int]) -> None:
    rows = every_kind(np.random.default_rng(seed), sum(sizes))
    parts = [moments(part) for part in np.split(rows, np.cumsum(sizes)[:-1], axis=1)]
    from_left = reduce(Moments.merged, parts)
    from_right = reduce(lambda found, part: part.merged(found), reversed(parts))
    for k in range(rows.shape[0]):
        for found in (from_left, from_right):
            deviations = found.deviations
            truth = moments(rows[k : k + 1]).deviations
            largest = np.nanmax(np.abs(rows[k]), initial=0.0)
            assert deviations.n[k] == truth.n[0]
            assert deviations.mean[k] == pytest.approx(truth.mean[0], abs=1e-13 * largest)
            # A mean is rounded to its own size; what is far from zero varies about that.
            rounded = 1e-15 * largest * np.sqrt(truth.n[0] * truth.squares[0])
            near = pytest.approx(truth.squares[0], rel=1e-12, abs=rounded + 1e-28 * largest**2)
            assert deviations.squares[k] == near


@pytest.mark.parametrize("wrong", [np.inf, -np.inf])
def test_an_infinite_sample_raises(wrong: float) -> None:
    rows = np.ones((3, 5))
    rows[1, 2] = wrong
    with pytest.raises(ValueError, match="not finite"):
        moments(rows)
    rows[1, 3] = -wrong
    with pytest.raises(ValueError, match="not finite"):
        moments(rows)
    rows[1, 4] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        moments(rows)
