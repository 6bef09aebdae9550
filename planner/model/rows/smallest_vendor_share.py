"""Smallest vendor share: of all accelerators ordered, at least a share is one vendor's."""

from __future__ import annotations

from planner.model.builder import TemplateBuilder
from planner.model.rows.vendor_share import own_less_share
from planner.model.sets import Sets
from planner.model.template import constant

STAGE = "commitment"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per vendor with a smallest share, in accelerators."""
    for vendor in sets.scenario.limits.smallest_vendor_share:
        terms = own_less_share(sets, sets.vendors.index(vendor), "smallest_counts")
        builder.row("smallest_vendor_share", (vendor,), ">=", constant(0), terms)
