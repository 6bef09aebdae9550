"""Distributions: known parameters are found again, and scipy.stats agrees with every formula."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from planner.errors import InputError
from planner.uncertainty.fitting.distribution import candidates, fit_distribution
from planner.uncertainty.fitting.families import (
    FAMILIES,
    GAMMA,
    LOGNORMAL,
    NORMAL,
    STUDENT_T,
    Family,
)
from planner.uncertainty.fitting.found import LEVELS, levels
from planner.uncertainty.fitting.goodness import (
    anderson_darling,
    goodness_of_fit,
    kolmogorov_smirnov,
)

KNOWN = {
    "normal": (NORMAL, (3.0, 2.0), stats.norm(3, 2)),
    "lognormal": (
        LOGNORMAL,
        (np.exp(0.5 + 0.08), np.exp(0.58) * np.sqrt(np.expm1(0.16))),
        stats.lognorm(0.4, scale=np.exp(0.5)),
    ),
    "gamma": (GAMMA, (6.0, np.sqrt(12.0)), stats.gamma(3, scale=2)),
    "student-t": (STUDENT_T, (-1.0, 0.5, 4.0), stats.t(4, loc=-1, scale=0.5)),
}


@pytest.mark.parametrize("name", KNOWN)
def test_functions_are_those_of_scipy(name: str) -> None:
    family, parameters, peer = KNOWN[name]
    u = np.linspace(0.001, 0.999, 97)
    x = peer.ppf(u)
    assert family.quantile(u, parameters) == pytest.approx(x, rel=1e-9)
    assert family.probability(x, parameters) == pytest.approx(u, rel=1e-9)
    assert family.log_density(x, parameters) == pytest.approx(peer.logpdf(x), rel=1e-9)


@pytest.mark.parametrize("name", KNOWN)
def test_known_parameters_are_found_within_their_errors(name: str) -> None:
    family, parameters, peer = KNOWN[name]
    values = peer.rvs(size=4000, random_state=np.random.default_rng(7))
    found = family.fit(values)
    errors = family.standard_errors(values, found)
    for value, truth, error in zip(found, parameters, errors, strict=True):
        assert error is not None
        assert abs(value - truth) < 3 * error < 0.5 * abs(truth)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.name)
def test_no_other_parameters_are_likelier(family: Family) -> None:
    values = stats.gamma(3, scale=2).rvs(size=300, random_state=np.random.default_rng(5))
    found = family.fit(values)
    most = family.log_likelihood(values, found)
    for place in range(len(found)):
        for factor in (0.98, 1.02):
            # Degrees of freedom at their upper end have nowhere to go.
            moved = tuple(v * factor if i == place else v for i, v in enumerate(found))
            if moved[-1] <= 1000 or len(found) < 3:
                assert family.log_likelihood(values, moved) <= most + 1e-7


def test_errors_of_a_normal_are_the_textbook_ones() -> None:
    values = np.random.default_rng(2).normal(10, 3, size=500)
    mean_error, sd_error = NORMAL.standard_errors(values, NORMAL.fit(values))
    assert mean_error == pytest.approx(values.std() / np.sqrt(500), rel=1e-4)
    assert sd_error == pytest.approx(values.std() / np.sqrt(1000), rel=1e-4)


def test_statistics_are_those_of_scipy() -> None:
    values = np.sort(np.random.default_rng(3).normal(size=80))
    u = stats.norm.cdf(values, values.mean(), values.std(ddof=1))
    peer = stats.kstest(values, stats.norm(values.mean(), values.std(ddof=1)).cdf)
    assert kolmogorov_smirnov(u) == pytest.approx(peer.statistic)
    i = np.arange(1, 81)
    by_hand = -80 - np.mean((2 * i - 1) * (np.log(u) + np.log(1 - u[::-1])))
    assert anderson_darling(u) == pytest.approx(by_hand)
    # Three values at the quarters: A squared is 3 ln 4 + ... by the definition's sum.
    thirds = np.array([0.25, 0.5, 0.75])
    wanted = -3 - (2 * np.log(0.25) + 6 * np.log(0.5) + 10 * np.log(0.75)) / 3
    assert anderson_darling(thirds) == pytest.approx(wanted)
    assert kolmogorov_smirnov(thirds) == pytest.approx(0.25)


def test_p_values_reject_at_the_rate_that_they_say() -> None:
    rng = np.random.default_rng(11)
    samples = [rng.normal(size=30) for _ in range(100)]
    rejected = sum(goodness_of_fit(NORMAL, x, NORMAL.fit(x))[1].p_value <= 0.1 for x in samples)
    assert 2 <= rejected <= 20


@pytest.mark.parametrize("name", ["lognormal", "gamma", "student-t"])
def test_the_right_family_is_chosen(name: str) -> None:
    _, _, peer = KNOWN[name]
    values = peer.rvs(size=3000, random_state=np.random.default_rng(4))
    fitted, tried = fit_distribution("x", values)
    assert fitted.spec["distribution"] == name
    assert [one.aic for one in tried] == sorted(one.aic for one in tried)
    assert fitted.warnings == ()


def test_values_below_zero_leave_out_the_positive_families() -> None:
    values = np.random.default_rng(1).normal(size=60)
    assert {one.family.name for one in candidates(values)} == {"normal", "student-t"}
    assert any("left out" in words for words in fit_distribution("x", values)[0].remarks)


def test_two_heaps_become_their_own_levels_with_a_warning() -> None:
    rng = np.random.default_rng(9)
    values = np.concatenate([rng.normal(1, 0.05, 200), rng.normal(10, 0.05, 200)])
    fitted, _ = fit_distribution("x", values)
    assert fitted.spec["distribution"] == "empirical"
    assert len(fitted.spec["values"]) == LEVELS
    assert sum(v < 5 for v in fitted.spec["values"]) == LEVELS / 2
    assert any("do not look like" in words for words in fitted.warnings)


def test_few_values_are_warned_of_and_fewer_refused() -> None:
    assert "only 6 values" in fit_distribution("x", np.arange(1.0, 7.0))[0].warnings[0]
    with pytest.raises(InputError, match="too few"):
        fit_distribution("x", np.arange(1.0, 5.0))
    with pytest.raises(InputError, match="the same"):
        fit_distribution("x", np.full(9, 2.0))


def test_levels_are_middles_of_equal_parts() -> None:
    assert levels(np.arange(40.0), np.ones(40)) == [2.0 * i for i in range(LEVELS)]
    heavy = levels(np.array([1.0, 2.0]), np.array([0.25, 0.75]))
    assert heavy == [1.0] * 5 + [2.0] * 15
