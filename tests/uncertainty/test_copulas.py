"""Dependence: rank correlations as asked for, margins as they were, and what cannot be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from planner.config.distributions import Lognormal, Uniform
from planner.config.sampling import Correlations
from planner.uncertainty.copulas import (
    factor_of,
    nearest_correlation,
    normal_correlation,
    rank_correlation,
)
from planner.uncertainty.dependence import dependence_of
from planner.uncertainty.inputs import Input
from planner.uncertainty.sampling import Method, Sampler

PRICE = Lognormal(distribution="lognormal", mean=100, sd=30)
UNIT = Uniform(distribution="uniform", low=0, high=1)


def inputs(n: int) -> tuple[Input, ...]:
    return tuple(Input(f"offers.o{k}.price_usd", PRICE) for k in range(n))


def sampler(items: tuple[Input, ...], method: Method = "random", **asked: Any) -> Sampler:
    found = dependence_of(Correlations.model_validate(asked), items)
    assert not found.problems
    size = 1 if method == "random" else 1024
    return Sampler(items, 1, method, size, tuple(range(len(items))), found)


def target(n: int) -> Any:
    loads = np.random.default_rng(0).normal(size=(n, 4))
    covariance = loads @ loads.T + 2 * np.eye(n)
    size = np.sqrt(np.diag(covariance))
    ranks = np.round(covariance / size[:, None] / size, 3)
    np.fill_diagonal(ranks, 1)
    return ranks


@pytest.mark.parametrize("method", ["random", "latin-hypercube", "sobol"])
@pytest.mark.parametrize("freedom", [None, 4])
def test_twelve_inputs_have_the_rank_correlations_of_a_matrix(
    method: Method, freedom: float | None
) -> None:
    items, ranks = inputs(13), target(12)
    matrix = {"inputs": [item.name for item in items[:12]], "ranks": ranks.tolist()}
    drawn = sampler(items, method, matrices=[matrix], degrees_of_freedom=freedom).draw(0, 65_536)
    values = np.array([drawn.values[item.name] for item in items])
    realised = stats.spearmanr(values.T).statistic
    assert np.abs(realised[:12, :12] - ranks).max() < 0.02
    assert np.abs(realised[12, :12]).max() < 0.02
    variance = np.log1p(0.3**2)
    margin = stats.lognorm(np.sqrt(variance), scale=100 * np.exp(-variance / 2))
    assert min(stats.kstest(row, margin.cdf).pvalue for row in values) > 1e-4


def test_extremes_come_together_under_student_t() -> None:
    """Upper tail dependence of 2 t_{nu+1}(-sqrt((nu+1)(1-r)/(1+r))), and none of the Gaussian."""
    pair = {"between": ["a", "b"], "rank": 0.5}
    items = (Input("a", UNIT), Input("b", UNIT))
    joint = {}
    for freedom in (None, 3):
        u = sampler(items, pairs=[pair], degrees_of_freedom=freedom).numbers(0, 400_000)
        joint[freedom] = float(((u > 0.999).all(axis=0)).mean() / 0.001)
    r = float(normal_correlation(np.array(0.5), 3))
    limit = 2 * stats.t(4).cdf(-np.sqrt(4 * (1 - r) / (1 + r)))
    assert joint[3] == pytest.approx(limit, abs=0.06)
    assert joint[None] < 0.12


@pytest.mark.parametrize("freedom", [None, 1, 2.5, 30])
def test_rank_and_score_correlations_are_each_others_inverse(freedom: float | None) -> None:
    ranks = np.array([-1, -0.9, -0.3, 0, 0.01, 0.5, 0.99, 1])
    back = rank_correlation(normal_correlation(ranks, freedom), freedom)
    np.testing.assert_allclose(back, ranks, atol=2e-3 if freedom else 1e-14)


def test_the_ranks_of_many_degrees_of_freedom_are_those_of_the_normal() -> None:
    r = np.linspace(-0.95, 0.95, 11)
    np.testing.assert_allclose(rank_correlation(r, 900), rank_correlation(r, None), atol=2e-3)


@given(st.integers(0, 10_000), st.integers(2, 6))
@settings(max_examples=50, deadline=None)
def test_factors_and_nearest_matrices(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    loads = rng.normal(size=(n, rng.integers(1, n + 1)))
    good = loads @ loads.T
    size = np.sqrt(np.diag(good))
    good = good / size[:, None] / size
    np.testing.assert_allclose(factor_of(good) @ factor_of(good).T, good, atol=1e-5)
    bad = np.where(np.eye(n) == 1, 1.0, rng.uniform(-1, 1, (n, n)))
    bad = (bad + bad.T) / 2
    near = nearest_correlation(bad)
    assert np.linalg.eigvalsh(near)[0] > -1e-7
    np.testing.assert_allclose(np.diag(near), 1, atol=1e-9)
    # Nothing of the set is nearer: neither the identity nor a step from here towards it.
    apart = np.linalg.norm(near - bad)
    assert apart <= np.linalg.norm(np.eye(n) - bad) + 1e-9
    assert apart <= np.linalg.norm(0.99 * near + 0.01 * good - bad) + 1e-6


def test_higham_s_own_example() -> None:
    """Higham (2002), section 4: the nearest matrix to a tridiagonal one is known to 4 digits."""
    matrix = np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]])
    expected = np.array([[1, 0.7607, 0.1573], [0.7607, 1, 0.7607], [0.1573, 0.7607, 1]])
    np.testing.assert_allclose(nearest_correlation(matrix), expected, atol=5e-5)


def test_perfect_correlation_moves_as_one_and_against() -> None:
    items = (Input("a", UNIT), Input("b", UNIT), Input("c", UNIT))
    pairs = [
        {"between": ["a", "b"], "rank": 1},
        {"between": ["a", "c"], "rank": -1},
        {"between": ["b", "c"], "rank": -1},
    ]
    a, b, c = sampler(items, pairs=pairs).numbers(0, 1000)
    np.testing.assert_allclose(b, a, atol=1e-9)
    np.testing.assert_allclose(c, 1 - a, atol=1e-9)


@pytest.mark.parametrize("method", ["random", "latin-hypercube"])
def test_inputs_outside_of_a_cluster_do_not_notice_it(method: Method) -> None:
    items = inputs(4)
    alone = sampler(items, method).draw(0, 500)
    pair = {"between": [items[0].name, items[2].name], "rank": 0.7}
    linked = sampler(items, method, pairs=[pair]).draw(0, 500)
    for k in (1, 3):
        name = items[k].name
        assert linked.values[name].tobytes() == alone.values[name].tobytes()
    assert (linked.values[items[2].name] != alone.values[items[2].name]).any()


def test_groups_pairs_and_shocks_of_the_same_quarter() -> None:
    items = (
        *(
            Input(f"offers.{o}.price_usd.shocks.2026Q{q}", UNIT, f"offers.{o}.price_usd")
            for o in "ab"
            for q in (2, 3)
        ),
        Input("offers.c.price_usd", UNIT),
    )
    found = dependence_of(
        Correlations.model_validate(
            {"groups": [{"inputs": ["offers.[ab].price_usd"], "rank": 0.6}]}
        ),
        items,
    )
    assert not found.problems
    assert {(item.one, item.other) for item in found.asked} == {(0, 2), (1, 3)}


def test_a_quantity_of_several_inputs_asks_which_one_is_meant() -> None:
    """Whatever its figures are called: the inputs know what they are parts of."""
    parts = ("first", "learning_rate", "volume_before")
    items = (*(Input(f"a.{part}", UNIT, "a") for part in parts), Input("b", UNIT))
    pair = {"between": ["a", "b"], "rank": 0.5}
    found = dependence_of(Correlations.model_validate({"pairs": [pair]}), items)
    ((_, message, allowed, _),) = found.problems
    assert message == "`a` has several uncertain inputs"
    assert "`a.volume_before`" in allowed


def test_a_pair_by_itself_is_an_exception_to_its_group() -> None:
    items = inputs(3)
    found = dependence_of(
        Correlations.model_validate(
            {
                "groups": [{"inputs": ["offers.*"], "rank": 0.5}],
                "pairs": [{"between": [items[0].name, items[1].name], "rank": 0.1}],
            }
        ),
        items,
    )
    ranks = {(item.one, item.other): item.rank for item in found.asked}
    assert ranks == {(0, 1): 0.1, (0, 2): 0.5, (1, 2): 0.5}


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"pairs": [{"between": ["offers.o0.prise", "offers.o1.price_usd"], "rank": 0.1}]},
         "no uncertain input is named"),
        ({"groups": [{"inputs": ["nothing.*"], "rank": 0.1}]}, "no uncertain input is named"),
        ({"groups": [{"inputs": ["offers.o0.*"], "rank": 0.1}]}, "only one input"),
        ({"pairs": [{"between": ["offers.o0.price_usd"] * 2, "rank": 0.1}]}, "with itself"),
        ({"pairs": [{"between": ["offers.o0.price_usd", "offers.o1.price_usd"], "rank": r}
                    for r in (0.1, 0.2)]}, "asks for 0.2 of a pair of which 0.1"),
        ({"pairs": [{"between": [f"offers.o{i}.price_usd", f"offers.o{j}.price_usd"], "rank": r}
                    for i, j, r in ((0, 1, 0.9), (1, 2, 0.9), (0, 2, -0.5))]},
         "no 3 inputs can have these rank correlations"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told(asked: Any, message: str) -> None:
    found = dependence_of(Correlations.model_validate(asked), inputs(3))
    assert any(message in problem[1] for problem in found.problems), found.problems
    assert all(allowed and remedy for _, _, allowed, remedy in found.problems)
