"""Option right: what is ordered under an option stays within the right that was paid for."""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.sets import Sets
from planner.model.template import Ref, constant

STAGE = "commitment"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per option, in accelerators."""
    for bet in sets.bets:
        if bet.family != "right":
            continue
        o, offer = next((o, c) for o, c in enumerate(sets.offers) if c.name == bet.key[0])
        terms = [
            (labels.take(sets, offer, i, u), constant(1)) for i in offer.sites for u in offer.starts
        ]
        if terms:
            terms.append((labels.bet(bet), Ref("rights", (o,), -1.0)))
            builder.row("option_right", bet.key, "<=", constant(0), terms)
