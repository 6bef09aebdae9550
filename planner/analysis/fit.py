"""What ``planner fit`` does: read a file, fit, and write the specification to paste."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from planner.errors import InputError, Problem
from planner.uncertainty.fitting.ahead import simulate
from planner.uncertainty.fitting.distribution import Candidate, fit_distribution
from planner.uncertainty.fitting.process import fit_process
from planner.uncertainty.fitting.series import (
    MONTHS_OF_YEAR,
    Series,
    month_ends,
    refuse_two_on_a_day,
)
from planner.uncertainty.fitting.spec import specification
from planner.uncertainty.fitting.table import (
    DATE,
    Array,
    Observations,
    Wanted,
    groups,
    read_observations,
)

SHOWN_QUARTERS = 8
_LEVELS = (0.1, 0.5, 0.9)
_CURVE = 200


@dataclass(frozen=True)
class FittedCurves:
    """Values of one group, and the distributions that were fitted to them.

    Attributes
    ----------
    name : str
    values : ndarray, (value,)
        Ascending.
    at : ndarray, (point,)
    shares : dict of str to ndarray, (point,)
        By family, in the order of AIC: the probability of at most `at`.
    """

    name: str
    values: Array
    at: Array
    shares: dict[str, Array]


@dataclass(frozen=True)
class FittedPaths:
    """Month-ends of some series, and what the process says of the quarters ahead.

    Attributes
    ----------
    name : str
        Of what moves.
    years, values : tuple of ndarray, (month,)
        Of each series; years with their fractions.
    levels : ndarray, (3, quarter)
        P10, P50 and P90; the first quarter is now, the last month of all.
    """

    name: str
    years: tuple[Array, ...]
    values: tuple[Array, ...]
    levels: Array


Picture = list[FittedCurves] | FittedPaths


@dataclass(frozen=True)
class Answer:
    """What the command prints.

    Attributes
    ----------
    text : str
        YAML with comments, for standard output.
    warnings : tuple of str
        For standard error.
    picture : list of FittedCurves, or FittedPaths
        For a chart.
    """

    text: str
    warnings: tuple[str, ...]
    picture: Picture


def fit_file(path: Path, wanted: Wanted, *, as_process: bool) -> Answer:
    """Return the fit of a file's column.

    A distribution is fitted to each series by itself; a process to all series together, each from
    where it is.

    Raises
    ------
    InputError
        If the file, a column or a value cannot be used, or there is too little of it.
    """
    if as_process:
        observed = read_observations(path, replace(wanted, date=wanted.date or DATE))
        refuse_two_on_a_day(observed, str(path))
        return _process(path, wanted, month_ends(observed))
    return _distributions(path, wanted, read_observations(path, wanted))


def _process(path: Path, wanted: Wanted, series: Sequence[Series]) -> Answer:
    fitted = fit_process(series)
    # What never changed has a value in place of a first one.
    first = float(fitted.spec["first" if "first" in fitted.spec else "value"])
    text = specification(fitted, _origin(path, wanted)) + _values_now(series)
    ahead = first * simulate(fitted.spec, SHOWN_QUARTERS)
    levels = np.quantile(ahead, _LEVELS, axis=0)
    picture = FittedPaths(
        wanted.column,
        tuple(one.months / MONTHS_OF_YEAR for one in series),
        tuple(one.values for one in series),
        levels,
    )
    return Answer(text, fitted.warnings, picture)


def _values_now(series: Sequence[Series]) -> str:
    if len(series) == 1:
        return ""
    lines = [f"#   {one.name}: {one.values[-1]:.4g}\n" for one in series]
    return "# first is the median of the last values; each series begins at its own:\n" + "".join(
        lines
    )


def _distributions(path: Path, wanted: Wanted, observed: Observations) -> Answer:
    problems: list[Problem] = []
    texts: list[str] = []
    warnings: list[str] = []
    curves: list[FittedCurves] = []
    for label, rows in groups(observed.labels):
        values = observed.values[rows]
        try:
            fitted, tried = fit_distribution(label or wanted.column, values)
        except InputError as error:
            problems.extend(error.problems)
            continue
        texts.append(specification(fitted, _origin(path, wanted), label))
        warnings.extend(f"{label}: {words}" if label else words for words in fitted.warnings)
        curves.append(_curves(label or wanted.column, values, tried))
    if problems:
        raise InputError([replace(problem, file=str(path)) for problem in problems])
    return Answer("".join(texts), tuple(warnings), curves)


def _curves(name: str, values: Array, tried: Sequence[Candidate]) -> FittedCurves:
    room = 0.1 * float(np.ptp(values))
    at = np.linspace(values.min() - room, values.max() + room, _CURVE)
    shares = {}
    for one in tried:
        inside = np.maximum(at, np.finfo(float).tiny) if one.family.positive else at
        shares[one.family.name] = one.family.probability(inside, one.parameters)
    return FittedCurves(name, np.sort(values), at, shares)


def _origin(path: Path, wanted: Wanted) -> str:
    conditions = "".join(f", {condition}" for condition in wanted.where)
    by = f", series by {' and '.join(wanted.by)}" if wanted.by else ""
    return f"column {wanted.column} of {path.name}{conditions}{by}"
