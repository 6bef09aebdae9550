"""Whole units: accelerators that come in servers or pods come, and are cancelled, in whole ones."""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.columns import cancellable
from planner.model.sets import Sets
from planner.model.template import constant

STAGE = "commitment"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per offer in whole units, site and quarter, in accelerators."""
    for offer in sets.offers:
        size = sets.scenario.offers[offer.name].whole_units_of
        if size is None:
            continue
        for i in offer.sites:
            for u in offer.starts:
                terms = [
                    (labels.take(sets, offer, i, u), constant(1)),
                    (labels.lots(sets, offer, i, u), constant(-float(size))),
                ]
                if cancellable(sets, offer):
                    terms.append((labels.cancel(sets, offer, i, u), constant(-1)))
                key = (offer.name, sets.sites[i], sets.quarters[u])
                builder.row("whole_units", key, "=", constant(0), terms)
