"""The self-audit: a random few of a run's programs, solved again by HiGHS from scratch.

Every program of the audit is handed over as it stands, with an instance and a presolve of its
own: nothing that this package does to programs on the way to its engines is in between.
"""

from __future__ import annotations

import hashlib
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from planner.model.template import Array, LinearPrograms
from planner.solve.simplex import PRECISION

_SHARE = 0.001
_FEWEST = 20


def audited_samples(seed: int, samples: int) -> NDArray[np.int64]:
    """Return the numbers of the samples to audit, in order: 0.1 %, at least 20, all of fewer."""
    wanted = min(samples, max(_FEWEST, int(np.ceil(_SHARE * samples))))
    digest = hashlib.sha256(f"{seed}|audit".encode()).digest()
    stream = np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))
    return np.sort(stream.choice(samples, size=wanted, replace=False))


def audit(programs: LinearPrograms, x: Array) -> Array:
    """Return how far HiGHS's optima are from those at hand, relative to HiGHS's, (sample,).

    Whole numbers are held where they are: the audit is of linear programs. What HiGHS does not
    prove optimal gives infinity.

    Parameters
    ----------
    programs : LinearPrograms
    x : ndarray, (sample, column)
        The optima at hand.
    """
    fixed = programs.fixed(x)
    ours = (fixed.cost * x).sum(axis=1)
    theirs = np.array([_optimum(fixed, k) for k in range(fixed.n)])
    size = np.maximum(np.abs(theirs), np.abs(fixed.cost * x).sum(axis=1))
    off: Array = np.where(np.isfinite(theirs), np.abs(ours - theirs), np.inf)
    found: Array = np.divide(off, size, out=np.where(off > 0, np.inf, 0.0), where=size > 0)
    return found


def _optimum(programs: LinearPrograms, k: int) -> float:
    """Return the optimal cost of one program, or infinity."""
    template, infinity = programs.template, highspy.kHighsInf
    senses = np.array(template.senses, dtype=object)
    rhs, columns = programs.rhs[k], len(template.columns)
    # highspy ships incomplete type hints.
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in PRECISION.items():
        highs.setOptionValue(option, value)
    highs.passModel(
        columns,
        len(template.rows),
        template.entries,
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        programs.cost[k],
        programs.lower[k],
        programs.upper[k],
        np.where(senses == "<=", -infinity, rhs),
        np.where(senses == ">=", infinity, rhs),
        template.starts.astype(np.int32),
        template.row_of.astype(np.int32),
        programs.matrix[k],
        np.zeros(columns, dtype=np.int32),
    )
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return float("inf")
    return float(highs.getInfo().objective_function_value)
