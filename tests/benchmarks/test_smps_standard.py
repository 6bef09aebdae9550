"""The standard form has the optimum of the instance as it stands; scenarios are as their groups."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import smps_direct
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.smps_format.core import Core
from benchmarks.smps_format.instance import Instance, ScenarioProblem
from benchmarks.smps_format.outcomes import Continuous, Discrete, Outcomes, Place
from benchmarks.smps_format.periods import Stages
from benchmarks.smps_format.scenarios import Drawn, Every, Mean
from planner.errors import SolveError
from planner.solve.two_stage.extensive import solve_extensive
from planner.solve.two_stage.lshaped import costs_of
from planner.solve.two_stage.replications import probability_of

KINDS = ("<=", ">=", "=", "range", "free")
BOUNDS = ("0", "shifted", "boxed", "above", "free", "fixed")


def instance(seed: int) -> Instance:
    """Return a small random instance that has a solution whatever is random, by costly slacks."""
    rng = np.random.default_rng(seed)
    first, second, rows = 2, int(rng.integers(1, 5)), int(rng.integers(1, 4))
    slack = 2 * rows
    columns = first + second + slack
    matrix = np.where(
        rng.random((rows + 1, columns)) < 0.6, rng.integers(-3, 4, (rows + 1, columns)), 0
    )
    matrix[0, first:] = 0
    matrix[1:, first + second :] = np.hstack([np.eye(rows), -np.eye(rows)])
    row_of, column_of = np.nonzero(matrix)
    lower, upper = np.zeros(columns), np.full(columns, np.inf)
    for j in range(first + second):
        _bound(rng, str(rng.choice(BOUNDS)), j, lower, upper)
    # Costs of second-stage columns point into their bounds, so that there is an optimum.
    cost = rng.integers(1, 6, columns).astype(float)
    cost[np.isinf(lower)] *= -1
    cost[np.isinf(lower) & np.isinf(upper)] = 0
    cost[first + second :] = 30
    lower[:first], upper[:first] = np.maximum(lower[:first], -5), np.minimum(upper[:first], 6)
    below, above = _sides(rng, rows + 1)
    core = Core(
        "cost", tuple(f"c{j}" for j in range(columns)), tuple(f"r{i}" for i in range(rows + 1)),
        (), row_of, column_of, matrix[row_of, column_of].astype(float), cost, lower, upper,
        np.zeros(columns, dtype=bool), float(rng.integers(-3, 3)),
        rng.integers(-4, 6, rows + 1).astype(float), below, above, False, "rhs", (),
    )  # fmt: skip
    stages = Stages(("1", "2"), np.arange(columns) >= first, np.arange(rows + 1) >= 1)
    return Instance(core, stages, _outcomes(rng, core, first, second, rows))


def _bound(
    rng: np.random.Generator, kind: str, j: int, lower: np.ndarray, upper: np.ndarray
) -> None:
    if kind in ("shifted", "boxed", "fixed"):
        lower[j] = rng.integers(-3, 3)
    if kind in ("above", "free"):
        lower[j] = -np.inf
    if kind == "above":
        upper[j] = rng.integers(-2, 4)
    if kind in ("boxed", "fixed"):
        upper[j] = lower[j] + (4 if kind == "boxed" else 0)


def _sides(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
    below, above = np.zeros(rows), np.zeros(rows)
    for i, kind in enumerate(rng.choice(KINDS, rows)):
        below[i] = {"<=": np.inf, "free": np.inf, "range": 1.5}.get(str(kind), 0.0)
        above[i] = {">=": np.inf, "free": np.inf, "range": 0.5}.get(str(kind), 0.0)
    below[0], above[0] = np.inf, 30.0
    return below, above


def _outcomes(rng: np.random.Generator, core: Core, first: int, second: int, rows: int) -> Outcomes:
    """Return two groups with a random number of every kind."""
    row = int(rng.integers(1, rows + 1))
    boxed = [j for j in range(first, first + second) if np.isfinite(core.upper[j])]
    shifted = [j for j in range(first, first + second) if np.isfinite(core.lower[j])]
    places = [
        Place("rhs", row, -1), Place("entry", row, int(rng.integers(first))),
        Place("entry", row, first + int(rng.integers(second))),
        Place("cost", -1, int(rng.integers(first))), Place("constant", -1, -1),
    ]  # fmt: skip
    bounds = [Place("upper", -1, boxed[0])] if boxed else []
    bounds += [Place("lower", -1, shifted[-1])] if shifted else []
    values = rng.integers(-3, 5, (3, len(places))).astype(float)
    around = [core.upper[p.column] if p.kind == "upper" else core.lower[p.column] for p in bounds]
    steps = np.array([[1 if p.kind == "upper" else -1 for p in bounds]] * 2) * [[0], [2]]
    other = np.hstack([np.array([[30.0], [33.0]]), np.array([around] * 2) + steps])
    slack = Place("cost", -1, core.cost.size - 1)
    one = Discrete(np.arange(5), values, np.array([0.2, 0.5, 0.3]))
    two = Discrete(5 + np.arange(1 + len(bounds)), other, np.array([0.6, 0.4]))
    return Outcomes((*places, slack, *bounds), (one, two), ())


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**31))
def test_the_standard_form_has_the_same_optimum(seed: int) -> None:
    case = instance(seed)
    want = smps_direct.optimum(case)
    problem = case.problem(Every(case.outcomes))
    if np.isnan(want):
        with pytest.raises(SolveError):
            solve_extensive(problem)
        return
    assert solve_extensive(problem).objective == pytest.approx(want, rel=1e-7, abs=1e-7)


def test_most_of_the_random_instances_have_an_optimum() -> None:
    found = [smps_direct.optimum(instance(seed)) for seed in range(40)]
    assert np.isfinite(found).sum() >= 25


@pytest.mark.parametrize("seed", range(12))
def test_wait_and_see_is_the_optimum_of_each_scenario(seed: int) -> None:
    case = instance(seed)
    every = Every(case.outcomes)
    values = every.values(0, every.n)
    single = [Discrete(np.arange(values.shape[1]), row[None], np.ones(1)) for row in values]
    want = [
        smps_direct.optimum(
            Instance(case.core, case.stages, Outcomes(case.outcomes.places, (g,), ()))
        )
        for g in single
    ]
    found = costs_of(case.wait_and_see(every), np.zeros(0))
    assert found == pytest.approx(np.nan_to_num(want, nan=np.inf), rel=1e-7, abs=1e-7)


def three_groups() -> Outcomes:
    one = Discrete(np.array([0, 2]), np.array([[1.0, 10.0], [2.0, 20.0]]), np.array([0.3, 0.7]))
    two = Discrete(np.array([1]), np.array([[5.0], [6.0], [7.0]]), np.array([0.2, 0.2, 0.6]))
    three = Discrete(np.array([3]), np.array([[0.0], [1.0]]), np.array([0.5, 0.5]))
    return Outcomes(tuple(Place("rhs", i, -1) for i in range(4)), (one, two, three), ())


def test_every_scenario_comes_once_with_its_probability() -> None:
    outcomes = three_groups()
    every = Every(outcomes)
    assert every.n == outcomes.count == 12
    parts = [(every.values(a, b), every.probability(a, b)) for a, b in ((0, 5), (5, 12))]
    found = {
        tuple(row): share
        for values, shares in parts
        for row, share in zip(values.tolist(), shares.tolist(), strict=True)
    }
    want = {
        (a, b, 10 * a, c): p * q / 2
        for (a, p), (b, q), c in itertools.product(
            ((1, 0.3), (2, 0.7)), ((5, 0.2), (6, 0.2), (7, 0.6)), (0, 1)
        )
    }
    assert found == pytest.approx(want)
    assert Mean(outcomes).values(0, 1)[0] == pytest.approx([1.7, 6.4, 17, 0.5])


def test_a_hypercube_has_each_outcome_as_often_as_it_is_likely() -> None:
    outcomes = three_groups()
    drawn = Drawn(outcomes, 1000, seed=1, replication=2, method="latin-hypercube")
    values = drawn.values(0, 1000)
    counts = [int((values[:, k] == v).sum()) for k, v in ((0, 1), (1, 5), (1, 7), (3, 1))]
    assert counts == pytest.approx([300, 200, 600, 500], abs=1)
    # Groups are independent of one another, numbers of a group are not.
    assert (values[:, 2] == 10 * values[:, 0]).all()
    assert abs(np.corrcoef(values[:, 0], values[:, 1])[0, 1]) < 0.12
    assert (drawn.values(300, 400) == values[300:400]).all()
    again = Drawn(outcomes, 1000, seed=1, replication=2, method="latin-hypercube")
    assert (again.values(0, 1000) == values).all()
    other = Drawn(outcomes, 1000, seed=1, replication=3, method="latin-hypercube")
    assert (other.values(0, 1000) != values).any()


@pytest.mark.parametrize("method", ["latin-hypercube", "random"])
def test_draws_have_the_distribution_of_the_outcomes(method: str) -> None:
    normal = Continuous(np.array([0]), "NORMAL", 3.0, 4.0)
    uniform = Continuous(np.array([1]), "UNIFORM", -1.0, 2.0)
    outcomes = Outcomes((Place("rhs", 0, -1), Place("rhs", 1, -1)), (normal, uniform), ())
    means = np.array(
        [Drawn(outcomes, 50, seed=s, replication=0, method=method).values(0, 50).mean(axis=0)
         for s in range(200)]
    )  # fmt: skip
    error = means.std(axis=0, ddof=1) / np.sqrt(200)
    assert (np.abs(means.mean(axis=0) - [3, 0.5]) < 4 * error).all()
    values = Drawn(outcomes, 20_000, seed=0, replication=1, method=method).values(0, 20_000)
    assert values.std(axis=0) == pytest.approx([2, 3 / np.sqrt(12)], rel=0.03)


def test_a_problem_in_chunks_is_the_problem_in_one() -> None:
    case = instance(5)
    every = Every(case.outcomes)
    whole, cut = case.problem(every), ScenarioProblem(case.form, every, most=4)
    # Few scenarios are parted all the same, so that each part has cuts of its own.
    assert whole.chunks == cut.chunks == whole.n == 6
    assert [cut.size(k) for k in range(6)] == [1] * 6
    assert probability_of(cut).sum() == pytest.approx(1)
    x = np.clip(np.zeros(2), case.core.lower[:2], case.core.upper[:2])
    assert costs_of(cut, x) == pytest.approx(costs_of(whole, x))


def bare(core: Core, outcomes: Outcomes) -> ScenarioProblem:
    """Return the problem of a core with two columns and two rows, one of each in each stage."""
    stages = Stages(("1", "2"), np.array([False, True]), np.array([False, True]))
    return Instance(core, stages, outcomes).problem(Every(outcomes))


def two_by_two(entries: list[tuple[int, int, float]], **changes: np.ndarray) -> Core:
    numbers = {"cost": np.array([1.0, -2.0]), "lower": np.zeros(2), "upper": np.array([9.0, 5.0])}
    at = np.array([entry[:2] for entry in entries])
    return Core(
        "cost", ("x", "y"), ("a", "b"), (), at[:, 0], at[:, 1],
        np.array([entry[2] for entry in entries]), **(numbers | changes),
        integer=np.zeros(2, dtype=bool), constant=0.0, rhs=np.array([0.0, 4.0]),
        below=np.zeros(2), above=np.full(2, np.inf), maximise=False, rhs_name="rhs", notes=(),
    )  # fmt: skip


def random_side(kind: str) -> Outcomes:
    place = Place("rhs", 1, -1) if kind == "rhs" else Place("constant", -1, -1)
    group = Discrete(np.array([0]), np.array([[2.0], [3.0]]), np.array([0.5, 0.5]))
    return Outcomes((place,), (group,), ())


def test_a_row_of_the_second_stage_without_recourse_binds_the_first() -> None:
    core = two_by_two([(0, 0, 1.0), (1, 0, 1.0)])
    # x >= 4 whatever happens, and y at its bound: 4 - 2 * 5, and the random constant.
    problem = bare(core, random_side("constant"))
    assert problem.first.low.size == 2
    assert problem.blocks == ()
    assert solve_extensive(problem).objective == pytest.approx(4 - 10 + 2.5)
    # x at least the largest of the random sides.
    problem = bare(core, random_side("rhs"))
    assert len(problem.blocks) == 1
    assert solve_extensive(problem).objective == pytest.approx(3 - 10)
    costs = costs_of(problem, np.array([2.5]))
    assert costs[np.argsort(costs)] == pytest.approx([2.5 - 10, np.inf])


def test_a_column_in_no_row_that_costs_less_without_end_is_refused() -> None:
    core = two_by_two([(0, 0, 1.0), (1, 0, 1.0)], upper=np.array([9.0, np.inf]))
    with pytest.raises(SolveError, match="y is in no row"):
        bare(core, random_side("constant")).samples(0)


def test_independent_parts_of_recourse_are_blocks() -> None:
    core = two_by_two([(0, 0, 1.0), (1, 0, 1.0), (1, 1, 1.0)])
    (block,) = bare(core, random_side("rhs")).blocks
    assert (len(block.template.rows), len(block.template.columns)) == (1, 1)
