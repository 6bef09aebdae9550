"""Whatever is signed, something can be done with it: recourse rows hold for every commitment.

Commitments are drawn as vertices of the commitment rows under random objectives, and as mixtures of
them; nothing else is known of them. Then the recourse is a linear program of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
import pytest
from everything import everything
from instrument_scenarios import INSTRUMENT_CASES
from row_scenarios import ROW_SCENARIOS
from small import bench, middling

from planner.model.columns import COLUMN_FAMILIES
from planner.model.rows import ROW_FAMILIES
from planner.model.sets import Sets
from planner.model.template import Label, LinearPrograms

Array = np.ndarray[Any, np.dtype[Any]]

SAMPLES = 4
COMMITMENTS = 4
MOST = 1e4
"""Of a commitment that nothing bounds, in accelerators or kW: no limit that is tried comes near."""

HELD = ("supply", "whole_units", "lots")
"""Families that are recourse where the offer is rented: the rest of their keys are signed."""


def is_signed(label: Label, sets: Sets, stage: str) -> bool:
    """Return whether a column or row is decided when the plan is signed."""
    if label.family in HELD:
        return next(offer.commits for offer in sets.offers if offer.name == label.key[0])
    return stage == "commitment"


@dataclass(frozen=True)
class Stages:
    """The numbers of one sample, parted into commitments and recourse."""

    matrix: Array
    low: Array
    high: Array
    upper: Array
    signed: Array
    """Of the columns."""
    signing: Array
    """Of the rows."""


def stages(sets: Sets, programs: LinearPrograms, k: int) -> Stages:
    template, rhs = programs.template, programs.rhs[k]
    matrix = np.zeros((len(template.rows), len(template.columns)))
    columns = np.repeat(np.arange(matrix.shape[1]), np.diff(template.starts))
    matrix[template.row_of, columns] = programs.matrix[k]
    senses = np.array(template.senses)
    return Stages(
        matrix=matrix,
        low=np.where(senses == "<=", -np.inf, rhs),
        high=np.where(senses == ">=", np.inf, rhs),
        upper=programs.upper[k],
        signed=np.array(
            [is_signed(c, sets, COLUMN_FAMILIES[c.family].stage) for c in template.columns]
        ),
        signing=np.array([is_signed(r, sets, ROW_FAMILIES[r.family].STAGE) for r in template.rows]),
    )


def solve(cost: Array, upper: Array, matrix: Array, low: Array, high: Array) -> Array | None:
    """Return the cheapest `x` of 0 or more with rows between bounds, or None if there is none."""
    if not matrix.size:
        return np.where(cost < 0, upper, 0.0)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = matrix.shape[1], matrix.shape[0]
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, np.zeros(cost.size), upper
    lp.row_lower_, lp.row_upper_ = low, high
    rows, columns = np.nonzero(matrix)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.searchsorted(rows, np.arange(matrix.shape[0] + 1))
    lp.a_matrix_.index_, lp.a_matrix_.value_ = columns, matrix[rows, columns]
    solver.passModel(lp)
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return np.maximum(solver.getSolution().col_value, 0.0)


def commitments(of: Stages, rng: np.random.Generator) -> list[Array]:
    """Return commitments that respect their own rows, where nothing of the recourse is done."""
    matrix = of.matrix[np.ix_(of.signing, of.signed)]
    low, high = of.low[of.signing], of.high[of.signing]
    upper = np.minimum(of.upper[of.signed], MOST)
    found = []
    for _ in range(COMMITMENTS):
        wish = solve(rng.normal(-0.5, 1, upper.size), upper, matrix, low, high)
        assert wish is not None, "no commitment at all respects the commitment rows"
        found.append(wish)
    return [*found, rng.dirichlet(np.ones(len(found))) @ np.array(found)]


def infeasible_rows(of: Stages, signed: Array, names: list[str]) -> list[str]:
    """Return the rows that no recourse satisfies together with a commitment, as few as are found.

    Rows are relaxed at a price; what stays unsatisfied is in the way.
    """
    done = of.matrix[:, of.signed] @ signed
    matrix = of.matrix[:, ~of.signed]
    low, high = of.low - done, of.high - done
    size = 1e-7 * (1 + np.abs(of.matrix[:, of.signed]) @ signed)
    slack = np.hstack([matrix, np.eye(low.size), -np.eye(low.size)])
    cost = np.concatenate([np.zeros(matrix.shape[1]), np.ones(2 * low.size)])
    upper = np.concatenate([of.upper[~of.signed], np.full(2 * low.size, np.inf)])
    x = solve(cost, upper, slack, low, high)
    assert x is not None
    over = x[matrix.shape[1] :].reshape(2, -1).sum(axis=0)
    return [names[r] for r in np.flatnonzero(over > size)]


SCENARIOS = {
    "everything": everything(),
    "whole": everything(bets="whole"),
    "unlimited": everything(limits={}, bargaining={}, pools={}),
    "middling": middling(),
    **{f"rows {name}": raw for name, raw in ROW_SCENARIOS.items()},
    **{mode: case.raw for mode, case in INSTRUMENT_CASES.items()},
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_commitment_has_a_recourse(name: str) -> None:
    """In the sample whose limits it respects, and in any other."""
    made, rng = bench(SCENARIOS[name]), np.random.default_rng(3)
    n = SAMPLES if made.inputs else 1
    programs = made.model.programs(made.draw(0, n)[1])
    names = [row.text() for row in programs.template.rows]
    samples = [stages(made.model.sets, programs, k) for k in range(n)]
    for k, own in enumerate(samples):
        for signed in commitments(own, rng):
            assert infeasible_rows(own, signed, names) == []
            other = samples[(k + 1) % n]
            assert infeasible_rows(without_signing(other), signed, names) == []


def without_signing(of: Stages) -> Stages:
    """Return a sample in which anything can be signed: what was signed knew another's limits."""
    free = np.where(of.signing, np.inf, 0.0)
    return replace(of, low=of.low - free, high=of.high + free)
