"""highspy: the extensive form in one call, by each of HiGHS's methods for linear programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import highspy
import numpy as np

from planner.solve.two_stage.extensive import Extensive, extensive_form
from planner.solve.two_stage.problem import Risk, TwoStage

GAP = 1e-4
"""Relative gap at which a method that has such an option stops."""

_LOOSE = {"kkt_tolerance": GAP}
_IPM = {**_LOOSE, "solver": "ipm", "ipm_optimality_tolerance": GAP}
_PDLP = {**_LOOSE, "pdlp_optimality_tolerance": GAP}

METHODS: dict[str, Mapping[str, Any]] = {
    "simplex": {"solver": "simplex"},
    "ipm": {**_IPM, "run_crossover": "off"},
    "ipm_crossover": {**_IPM, "run_crossover": "on"},
    "pdlp": {**_PDLP, "solver": "pdlp"},
    "hipdlp": {**_PDLP, "solver": "hipdlp"},
}
"""Options of each method; all else is as HiGHS has it."""


def with_highspy(options: Mapping[str, Any], problem: TwoStage, risk: Risk) -> Callable[[], float]:
    """Return work that hands the extensive form to HiGHS and solves it.

    That its arrays are made is free: `extensive_form` goes sample by sample, which no user of
    highspy need do.
    """
    return partial(_solve, extensive_form(problem, risk), options)


def _solve(form: Extensive, options: Mapping[str, Any]) -> float:
    """Return the least cost.

    Raises
    ------
    RuntimeError
        If HiGHS does not call it optimal.
    """
    highs: Any = highspy.Highs()
    for option, value in {"output_flag": False, **options}.items():
        if highs.setOptionValue(option, value) != highspy.HighsStatus.kOk:
            raise RuntimeError(f"this HiGHS has no {option} '{value}'")
    matrix = form.matrix
    highs.passModel(
        form.cost.size,
        form.low.size,
        matrix.nnz,
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        form.constant,
        form.cost,
        form.lower,
        form.upper,
        form.low,
        form.high,
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data,
        form.integer.astype(np.int32),
    )
    highs.run()
    status = highs.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"HiGHS ends as '{highs.modelStatusToString(status)}'")
    return float(highs.getObjectiveValue())
