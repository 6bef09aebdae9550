"""Errors of samples that depend on each other within replicates."""

from __future__ import annotations

import numpy as np
import pytest

from planner.analysis.estimates import mean_of_replicates, share_of
from planner.analysis.percentiles import exact
from planner.analysis.replicates import between, design_effect, group_sums


def test_replicates_that_lie_in_several_parts_are_one() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(3, 100))
    rows[1, ::7] = np.nan
    numbers = np.delete(np.arange(110), [3, 4, 20, 33, 34, 35, 36, 80, 81, 109])
    whole = between([group_sums(rows, numbers, 16)])
    parts = between([group_sums(rows[:, a:b], numbers[a:b], 16) for a, b in ((0, 37), (37, 100))])
    for one, other in (
        (whole.replicates, parts.replicates),
        (whole.deviations.n, parts.deviations.n),
        (whole.deviations.mean, parts.deviations.mean),
        (whole.deviations.squares, parts.deviations.squares),
    ):
        np.testing.assert_allclose(one, other)
    # By hand, for the row of which some samples do not count.
    means, counts = [], []
    for replicate in range(7):
        own = rows[1, numbers // 16 == replicate]
        own = own[~np.isnan(own)]
        means, counts = [*means, own.mean()], [*counts, own.size]
    centre = np.nanmean(rows[1])
    squares = sum(n * (m - centre) ** 2 for m, n in zip(means, counts, strict=True))
    assert whole.replicates[1] == 7
    assert whole.deviations.squares[1] == pytest.approx(squares)


def test_merging_is_as_all_at_once() -> None:
    rows = np.random.default_rng(1).normal(size=(2, 96))
    numbers = np.arange(96)
    whole = between([group_sums(rows, numbers, 16)])
    merged = between([group_sums(rows[:, :32], numbers[:32], 16)]).merged(
        between([group_sums(rows[:, 32:], numbers[32:], 16)])
    )
    np.testing.assert_allclose(merged.deviations.squares, whole.deviations.squares)
    np.testing.assert_array_equal(merged.replicates, whole.replicates)


def test_intervals_cover_a_mean_and_a_share_where_the_naive_ones_do_not() -> None:
    """Samples that come in sixteens of equal ones are worth a sixteenth of independent ones."""
    rng = np.random.default_rng(2)
    naive, right, shares, medians = 0, 0, 0, 0
    for _ in range(400):
        values = np.repeat(rng.normal(size=40), 16)
        numbers = np.arange(values.size)
        found = between([group_sums(values[None], numbers, 16)])
        mean = mean_of_replicates(
            values.size, values.mean(), found.deviations.squares[0], int(found.replicates[0]), 1.0
        )
        assert mean.standard_error is not None
        assert mean.standard_error == pytest.approx(values[::16].std(ddof=1) / np.sqrt(40))
        assert mean.low is not None
        assert mean.high is not None
        right += mean.low <= 0 <= mean.high
        naive += abs(values.mean()) <= 1.96 * values.std() / np.sqrt(values.size)
        above = values > 0
        of_share = between([group_sums(above[None].astype(float), numbers, 16)])
        error = float(np.sqrt(of_share.deviations.squares[0] / 39 / values.size))
        share = share_of(int(above.sum()), values.size, error)
        shares += share.low <= 0.5 <= share.high
        effect = design_effect(values <= np.median(values), numbers, 16)
        median = exact(values, (1.0, effect, 1.0)).p50
        assert median.low is not None
        assert median.high is not None
        medians += median.low <= 0 <= median.high
    # 95 % of 400 are 380, with a standard deviation of 4.4.
    for covered in (right, shares, medians):
        assert 362 <= covered <= 398
    assert naive < 250


def test_one_replicate_tells_no_error() -> None:
    assert mean_of_replicates(16, 1.0, 0.0, 1, 1.0).standard_error is None
    assert design_effect(np.arange(16) < 8, np.arange(16), 16) == 1
