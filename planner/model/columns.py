"""The decisions: what is started, rented, allocated and left short.

==================  ====================================  ======================================
family              key                                   unit
==================  ====================================  ======================================
``start``           offer, site, quarter                  accelerators that begin service
``rent``            offer, site, quarter                  accelerators for the quarter
``allocate``        platform, site, workload, quarter     accelerators
``shortfall``       workload, quarter                     effective PFLOP/s
==================  ====================================  ======================================
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.model.builder import TemplateBuilder
from planner.model.sets import OfferIndex, Sets
from planner.model.template import Label, Ref


def add_columns(builder: TemplateBuilder, sets: Sets) -> None:
    """Add every column of the model."""
    for o, offer in enumerate(sets.offers):
        for label, t in offer_columns(sets, offer):
            builder.column(label.family, label.key, Ref("start_cost", (o, t)))
    for p, i in sets.platform_sites():
        for w in range(len(sets.workloads)):
            if (p, w) in sets.eligible:
                for t in range(len(sets.quarters)):
                    label = allocation(sets, p, i, w, t)
                    builder.column(label.family, label.key, Ref("deploy_cost", (p, i, t)))
    for w in range(len(sets.workloads)):
        for t in range(len(sets.quarters)):
            label = shortfall(sets, w, t)
            builder.column(label.family, label.key, Ref("shortfall_cost", (w, t)))


def offer_columns(sets: Sets, offer: OfferIndex) -> Iterator[tuple[Label, int]]:
    """Yield an offer's columns with the quarter in which each starts."""
    for site in offer.sites:
        for t in range(offer.lead_quarters, len(sets.quarters)):
            yield take(sets, offer, site, t), t


def take(sets: Sets, offer: OfferIndex, site: int, quarter: int) -> Label:
    """Return the column that takes accelerators of an offer."""
    family = "rent" if offer.mode == "rent" else "start"
    return Label(family, (offer.name, sets.sites[site], sets.quarters[quarter]))


def allocation(sets: Sets, platform: int, site: int, workload: int, quarter: int) -> Label:
    """Return the column that deploys a platform's accelerators on a workload."""
    key = (sets.platforms[platform], sets.sites[site], sets.workloads[workload])
    return Label("allocate", (*key, sets.quarters[quarter]))


def shortfall(sets: Sets, workload: int, quarter: int) -> Label:
    """Return the column that leaves demand unserved."""
    return Label("shortfall", (sets.workloads[workload], sets.quarters[quarter]))
