"""Which process month-ends look like: the choice, and its fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.errors import InputError, Problem
from planner.uncertainty.fitting.found import Fitted, GoodnessTest, rounded
from planner.uncertainty.fitting.goodness import normality
from planner.uncertainty.fitting.series import (
    QUARTER,
    Series,
    changes,
    distinct,
    month_name,
    usual_gap,
)
from planner.uncertainty.fitting.steps import SHORT_QUARTERS, fit_steps, too_short_to_tell
from planner.uncertainty.fitting.walks import Walk, fit_mean_reverting, fit_random_walk

FEWEST_MONTHS = 7
"""Month-ends of the longest series: two quarters and their start."""

STILL = 0.1
"""Share of changes that are exactly 0 from which steps are fitted: a walk repeats no value, and
rounding to cents makes few repeats."""

_LEAST_P = 0.01


def fit_process(series: Sequence[Series]) -> Fitted:
    """Return one process for series that move by the same rule, each from where it is now.

    Series that repeat another count once. Steps if one change in ten or more between neighbouring
    values is none; otherwise a random walk or mean reversion, by AIC.

    Raises
    ------
    InputError
        If a value is not above 0, or there are too few months.
    """
    _refuse(series)
    apart = distinct([one for one in series if one.months.size > 1])
    gap = usual_gap(apart)
    found = changes(apart, gap)
    share = float((found.size == 0).mean())
    same = len([one for one in series if one.months.size > 1]) - len(apart)
    remarks = [f"{100 * share:.3g} % of {found.size.size:,} changes over {gap} month(s) are none"]
    if same:
        remarks.append(f"{same} series repeat another month by month and do not count again")
    if single := sum(one.months.size == 1 for one in series):
        remarks.append(f"{single} series have one month only and are left out")
    if share >= STILL:
        if not changes(apart, QUARTER).size.size:
            raise InputError([_too_short(series)])
        fitted = fit_steps(apart)
        remarks.insert(0, "steps, since values stay exactly as they are for a time")
        return Fitted(
            fitted.spec,
            fitted.parameters,
            fitted.tests,
            (*remarks, *fitted.remarks),
            fitted.warnings,
        )
    walks = [fit_random_walk(found, gap), fit_mean_reverting(found, gap)]
    return _walk([walk for walk in walks if walk is not None], apart, remarks)


def _walk(walks: Sequence[Walk], series: Sequence[Series], remarks: Sequence[str]) -> Fitted:
    best = min(walks, key=lambda walk: walk.aic)
    first = rounded(float(np.median([one.values[-1] for one in series])))
    tests = normality(best.shocks)
    last = max(int(one.months[-1]) for one in series)
    begin = min(int(one.months[0]) for one in series)
    return Fitted(
        {"process": best.name, "first": first, **best.keys},
        best.parameters,
        tests,
        (
            f"{best.name}, of least AIC: "
            + ", ".join(f"{walk.name} {walk.aic:.1f}" for walk in walks),
            *remarks,
            f"{best.shocks.size:,} changes in {len(series)} series, {month_name(begin)} to "
            f"{month_name(last)}",
        ),
        _warnings(tests, (last - begin) / QUARTER),
    )


def _warnings(tests: Sequence[GoodnessTest], span: float) -> tuple[str, ...]:
    warnings = []
    if any(test.p_value < _LEAST_P for test in tests):
        warnings.append("the changes are not normal: this process has too light tails for them")
    if span < SHORT_QUARTERS:
        warnings.append(too_short_to_tell(span))
    return tuple(warnings)


def _refuse(series: Sequence[Series]) -> None:
    if bad := [one for one in series if not (one.values > 0).all()]:
        raise InputError(
            [
                Problem(
                    one.name,
                    "a process needs values above 0",
                    allowed="numbers above 0",
                    remedy="leave these rows out with --where, or use --as distribution",
                    value=f"{one.values.min():g}",
                )
                for one in bad
            ]
        )
    if max((one.months.size for one in series), default=0) < FEWEST_MONTHS:
        raise InputError([_too_short(series)])


def _too_short(series: Sequence[Series]) -> Problem:
    most = max((one.months.size for one in series), default=0)
    return Problem(
        "",
        f"too few months for a process: the longest series has {most}",
        allowed=f"{FEWEST_MONTHS} month-ends or more in one series, some of them three months "
        "apart",
        remedy="use a longer history, or --as distribution",
    )
