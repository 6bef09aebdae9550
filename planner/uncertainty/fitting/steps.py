"""A step process from the month-ends of several series that move by one rule.

The series are pooled: each alone has few steps, or none, and one seller sets them all. Windows of
a quarter are what the process is drawn by, so that what happens within a quarter needs no rule of
its own.

Which way past steps went says little about the next: the steps of a quarter often have one cause,
so that a history of T quarters has about T observations of a direction, however many series there
are. A prior worth `DOUBT_QUARTERS` says that up and down are equally likely; a step of the past
therefore counts, with the weight ``w = 0.5 * D / (D + T)``, as its mirror image of the logarithm.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from planner.uncertainty.fitting.found import (
    Fitted,
    GoodnessTest,
    Parameter,
    clustered_mean,
    levels,
    rounded,
)
from planner.uncertainty.fitting.series import QUARTER, Changes, Series, changes, month_name
from planner.uncertainty.fitting.table import Array

DOUBT_QUARTERS = 4
"""What not knowing the direction is worth: a year, so that a history of one year is believed half.
Chosen as a round figure; see docs/fitting.md for what others give."""

SHORT_QUARTERS = 8
"""A history of fewer quarters is warned of."""

_FEW_STEPS = 20
_LEAST_P = 0.01
_RULE_OF_THREE = 3


def fit_steps(series: Sequence[Series]) -> Fitted:
    """Return the pooled step process, or a plain number if no price ever changed.

    Parameters
    ----------
    series : sequence of Series
        No two alike; at least one change over a quarter between them.
    """
    windows = changes(series, QUARTER)
    last = int(max(one.months[-1] for one in series))
    span = (last - int(min(one.months[0] for one in series))) / QUARTER
    first = rounded(float(np.median([one.values[-1] for one in series])))
    moved = windows.size != 0
    if not moved.any():
        return _never_changed(first, windows.size.size)
    share = rounded(float(moved.mean()))
    steps = windows.size[moved]
    mirrored = 0.5 * DOUBT_QUARTERS / (DOUBT_QUARTERS + span)
    spec = {
        "process": "steps",
        "first": first,
        "probability_per_quarter": share,
        "change": {"distribution": "empirical", "values": _change_values(steps, mirrored)},
    }
    tests = _tests(windows, last)
    share_error = _standard_error(windows.month, moved.astype(float), last)
    step_error = _standard_error(windows.month[moved], steps, last)
    return Fitted(
        spec,
        (
            Parameter("probability_per_quarter", share, share_error),
            Parameter("mean of the steps' logarithm", float(steps.mean()), step_error),
        ),
        tests,
        (
            f"{windows.size.size:,} windows of a quarter in {len(series)} series, "
            f"{month_name(int(min(one.months[0] for one in series)))} to {month_name(last)}, "
            f"{int(moved.sum()):,} of them with a change",
            f"each step counts as its mirror image with weight {mirrored:.2g}: {span:.3g} quarters "
            f"are known, and {DOUBT_QUARTERS} are given to not knowing the direction",
        ),
        _warnings(int(moved.sum()), span, tests),
    )


def _change_values(steps: Array, mirrored: float) -> list[float]:
    both = np.concatenate([steps, -steps])
    weights = np.repeat([1 - mirrored, mirrored], steps.size)
    # Levels of the logarithm first: mirror images are of that.
    return [rounded(math.expm1(level)) for level in levels(both, weights)]


def _standard_error(months: NDArray[np.intp], values: Array, last: int) -> float | None:
    """Return the error of a mean over windows, of which those of one quarter go together.

    There are three ways to cut a history into quarters that do not overlap; their variances are
    averaged.
    """
    variances = []
    for offset in range(QUARTER):
        cut = (last - months) % QUARTER == offset
        if cut.any():
            _, error = clustered_mean(values[cut], (last - months[cut]) // QUARTER)
            variances += [] if error is None else [error**2]
    return float(np.sqrt(np.mean(variances))) if variances else None


def _tests(windows: Changes, last: int) -> tuple[GoodnessTest, ...]:
    """Test whether changes come evenly: over quarters that do not overlap, and over the series."""
    quarters = windows.only((last - windows.month) % QUARTER == 0)
    number = (last - quarters.month) // QUARTER
    moved = quarters.size != 0
    found = []
    for name, groups in (("quarters", number), ("series", quarters.series)):
        of_group = np.unique(groups, return_inverse=True)[1]
        n = np.bincount(of_group)
        k = np.bincount(of_group, moved)
        share = moved.mean()
        if n.size > 1 and 0 < share < 1:
            statistic = float(((k - n * share) ** 2 / (n * share * (1 - share))).sum())
            p_value = float(chdtrc(n.size - 1, statistic))
            name = f"chi-square, changes come evenly over the {name}"
            found.append(GoodnessTest(name, statistic, p_value, int(n.sum())))
    return tuple(found)


def _warnings(steps: int, span: float, tests: Sequence[GoodnessTest]) -> tuple[str, ...]:
    warnings = []
    if steps < _FEW_STEPS:
        warnings.append(f"only {steps} windows with a change: what a change is, is hardly known")
    if span < SHORT_QUARTERS:
        warnings.append(too_short_to_tell(span))
    if any("quarters" in test.name and test.p_value < _LEAST_P for test in tests):
        warnings.append(
            "the changes of different series come in the same quarters more often than chance "
            "would have it: correlate their prices, or give them one"
        )
    if any("series" in test.name and test.p_value < _LEAST_P for test in tests):
        warnings.append("some series change more often than others: fit them apart, or widen")
    return tuple(warnings)


def too_short_to_tell(quarters: float) -> str:
    """Return a warning about a short history."""
    return f"only {quarters:.3g} quarters of history: they say little about the years ahead"


def _never_changed(first: float, windows: int) -> Fitted:
    most = _RULE_OF_THREE / windows
    return Fitted(
        {"value": first},
        (Parameter("probability_per_quarter", 0.0, None),),
        (),
        (
            f"no change in {windows:,} windows of a quarter: a plain number",
            f"if the windows were independent, a probability per quarter of up to {most:.2g} would "
            "agree with that (95 %, rule of three)",
        ),
        ("the value never changed, so that nothing is known of what a change would be",),
    )
