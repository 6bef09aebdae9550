"""Power supply: no more power begins in a quarter than can be had."""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.sets import Sets
from planner.model.template import Ref, constant

STAGE = "commitment"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per power contract and quarter, in kW at the meter."""
    for k, item in enumerate(sets.power):
        for u in item.starts:
            terms = [(labels.power(sets, item, u), constant(1))]
            key = (item.name, sets.quarters[u])
            builder.row("power_supply", key, "<=", Ref("power_supply", (k, u)), terms)
