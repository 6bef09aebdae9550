"""Existing: what was there before is kept, or cancelled where its contract allows it."""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.columns import voidable
from planner.model.sets import Sets
from planner.model.template import Ref, constant

STAGE = "recourse"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per existing entry, in accelerators."""
    for e, entry in enumerate(sets.existing):
        terms = [(labels.existing(entry), constant(1))]
        if voidable(sets, entry):
            terms.append((labels.void(entry), constant(1)))
        builder.row("existing", (entry.name,), "=", Ref("existing", (e,)), terms)
