"""The secondary objective: which of equally cheap plans is taken."""

from __future__ import annotations

import numpy as np

from planner.model.columns import allocation, offer_columns
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


def tie_cost(sets: Sets, template: Template) -> Array:
    """Return the weight of each column; shortfall has none.

    An accelerator at work weighs a ten-thousandth of one in service and the order weighs less
    still, but differs for each offer, platform and quarter, so that the choice is unique.
    """
    at = {label: j for j, label in enumerate(template.columns)}
    weights = np.zeros(len(template.columns))
    quarters, works = len(sets.quarters), len(sets.workloads)
    for o, offer in enumerate(sets.offers):
        for label, t in offer_columns(sets, offer):
            order = 1 + _BY_ORDER * (o + t / quarters)
            served = min(offer.service_quarters, quarters - t)
            weights[at[label]] = _IN_SERVICE * served * order
    for rank, (p, i) in enumerate(sets.platform_sites()):
        for w in range(works):
            if (p, w) in sets.eligible:
                for t in range(quarters):
                    order = 1 + _WORK_ORDER * (rank * works + w) * (1 + w)
                    weights[at[allocation(sets, p, i, w, t)]] = _IN_SERVICE * _AT_WORK * order
    return weights
