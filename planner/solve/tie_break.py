"""The secondary objective: which of equally cheap plans is taken."""

from __future__ import annotations

import numpy as np

from planner.model.columns import COLUMN_FAMILIES, Column
from planner.model.sets import Sets
from planner.model.template import Array, Template

WORDS = (
    "Among plans of equal cost: the fewest accelerator-quarters in service, "
    "then the fewest at work, then the order of the offers and platforms in the config."
)

_IN_SERVICE = 1e3
"""Of an accelerator-quarter: so large that the smallest part is above the solver's tolerance."""

_BY_ORDER = 1e-6
_AT_WORK = 1e-4
_WORK_ORDER = 1e-4
_KW = 1e-3
"""Of a kW of power, beside an accelerator."""


def tie_cost(sets: Sets, template: Template) -> Array:
    """Return the weight of each column; shortfall and what follows from other columns have none.

    An accelerator at work weighs a ten-thousandth of one in service and the order weighs less
    still, but differs for each offer, platform and quarter, so that the choice is unique.
    """
    weights = np.zeros(len(template.columns))
    position = 0
    for name, family in COLUMN_FAMILIES.items():
        for column in family.columns(sets):
            if name in ("start", "rent"):
                weights[position] = _in_service(sets, column)
            elif name == "power":
                weights[position] = _IN_SERVICE * _KW * _order(sets, *column.place)
            elif name == "deploy":
                weights[position] = _IN_SERVICE * _AT_WORK
            elif name == "allocate":
                weights[position] = _at_work(sets, column)
            position += 1
    return weights


def _in_service(sets: Sets, column: Column) -> float:
    o, _, t = column.place
    served = min(sets.offers[o].service_quarters, len(sets.quarters) - t)
    return _IN_SERVICE * served * _order(sets, o, t)


def _order(sets: Sets, position: int, quarter: int) -> float:
    return 1 + _BY_ORDER * (position + quarter / len(sets.quarters))


def _at_work(sets: Sets, column: Column) -> float:
    p, i, w, _ = column.place
    rank = sets.platform_sites.index((p, i)) * len(sets.workloads) + w
    return _IN_SERVICE * _AT_WORK * (1 + _WORK_ORDER * rank * (1 + w))
