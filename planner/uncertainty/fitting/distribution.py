"""Which distribution values look like: every family by maximum likelihood, the least AIC."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.config.measured import FEWEST_VALUES
from planner.errors import InputError, Problem
from planner.uncertainty.fitting.families import FAMILIES, Family, Parameters
from planner.uncertainty.fitting.found import (
    LEVELS,
    Fitted,
    GoodnessTest,
    Parameter,
    levels,
    rounded,
)
from planner.uncertainty.fitting.goodness import goodness_of_fit
from planner.uncertainty.fitting.table import Array

FEW_VALUES = 20
"""Fewer hardly tell one family from another, and no test objects to any."""

LEAST_P = 0.01
"""Of the Anderson-Darling test, below which a family is not used: the data speak for themselves."""


@dataclass(frozen=True)
class Candidate:
    """One family, fitted.

    Attributes
    ----------
    aic : float
        Twice the number of parameters, less twice the log-likelihood (Akaike 1974,
        doi:10.1109/TAC.1974.1100705).
    tests : tuple of GoodnessTest
        Kolmogorov-Smirnov and Anderson-Darling.
    """

    family: Family
    parameters: Parameters
    aic: float
    tests: tuple[GoodnessTest, ...]


def candidates(values: Array) -> list[Candidate]:
    """Return every family that can have such values, by AIC."""
    found = []
    for family in FAMILIES:
        if family.positive and not (values > 0).all():
            continue
        parameters = family.fit(values)
        aic = 2 * len(parameters) - 2 * family.log_likelihood(values, parameters)
        found.append(
            Candidate(family, parameters, aic, goodness_of_fit(family, values, parameters))
        )
    return sorted(found, key=lambda one: one.aic)


def fit_distribution(name: str, values: Array) -> tuple[Fitted, list[Candidate]]:
    """Return the family of least AIC, or the values' own levels if that is rejected.

    All that were tried come with it.

    Parameters
    ----------
    name : str
        Of the column or group, for errors.
    values : ndarray, (value,)

    Raises
    ------
    InputError
        If there are too few values, or they are all the same.
    """
    _refuse(name, values)
    found = candidates(values)
    best = found[0]
    warnings = []
    if values.size < FEW_VALUES:
        warnings.append(
            f"only {values.size} values: they hardly tell one distribution from another"
        )
    remarks = [f"n {values.size:,}", *(_line(one) for one in found)]
    if not _positive(values):
        remarks.append("lognormal and gamma are left out: some values are not above 0")
    if best.tests[-1].p_value >= LEAST_P:
        errors = best.family.standard_errors(values, best.parameters)
        keyed = zip(best.family.keys, best.parameters, errors, strict=True)
        parameters = tuple(Parameter(*one) for one in keyed)
        remarks.insert(0, f"{best.family.name}, of least AIC")
        spec = {one.name: rounded(one.value) for one in parameters}
        if _positive(values) and not best.family.positive:
            warnings.append(
                f"all values are above 0, but {best.family.name} goes below: cut it, with "
                "`distribution: truncated` and `low: 0`, where a number above 0 is needed"
            )
        full = {"distribution": best.family.name, **spec}
        return Fitted(full, parameters, best.tests, tuple(remarks), tuple(warnings)), found
    warnings.append(
        f"the values do not look like {best.family.name}, which fits best, nor is any other "
        "distribution likelier: the specification is of their own levels"
    )
    middles = [rounded(level) for level in levels(values, np.ones(values.size))]
    remarks.insert(
        0,
        f"empirical, {LEVELS} equally likely levels, since {best.family.name} of least AIC is "
        f"rejected (Anderson-Darling, P below {LEAST_P})",
    )
    spec_of_levels = {"distribution": "empirical", "values": middles}
    return Fitted(spec_of_levels, (), best.tests, tuple(remarks), tuple(warnings)), found


def _line(one: Candidate) -> str:
    keyed = zip(one.family.keys, one.parameters, strict=True)
    figures = ", ".join(f"{key} {value:.4g}" for key, value in keyed)
    tests = ", ".join(f"{test.name} P {test.p_value:.3f}" for test in one.tests)
    return f"{one.family.name}: AIC {one.aic:.1f}, {tests}; {figures}"


def _positive(values: Array) -> bool:
    return bool((values > 0).all())


def _refuse(name: str, values: Array) -> None:
    if values.size < FEWEST_VALUES:
        message = f"there are {values.size} values, too few to fit a distribution to"
        allowed, remedy = f"{FEWEST_VALUES} or more", "use more rows, or write `elicited` by hand"
    elif np.ptp(values) == 0:
        message = "all values are the same"
        allowed, remedy = "values that differ", f"write the plain number {values[0]:g}"
    else:
        return
    raise InputError([Problem(name, message, allowed=allowed, remedy=remedy)])
