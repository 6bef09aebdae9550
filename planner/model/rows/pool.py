"""Pool: newly made accelerators of all vendors share what they are made from."""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.sets import Sets
from planner.model.template import Ref

STAGE = "commitment"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per pool and quarter, in the pool's unit."""
    for r, (name, pool) in enumerate(sets.scenario.pools.items()):
        for t, quarter in enumerate(sets.quarters):
            terms = [
                (labels.take(sets, offer, i, t), Ref("pool_use", (r, offer.platform)))
                for offer in sets.offers
                if offer.owned and sets.platforms[offer.platform] in pool.use_per_accelerator
                for i in offer.sites
                if t in offer.starts
            ]
            builder.row("pool", (name, quarter), "<=", Ref("pool_supply", (r, t)), terms)
