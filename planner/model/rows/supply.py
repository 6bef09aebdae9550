"""Supply: an offer delivers or holds no more than it has, over all sites, in each quarter.

A programme has its ramp only if it is funded; a vendor may cut what it supplies to who funds one.
"""

from __future__ import annotations

from planner.config.offers import Programme
from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.contracts import Contract, funding
from planner.model.fleet import Term
from planner.model.sets import Sets
from planner.model.template import Label, Ref, constant

STAGE = "commitment"

_CUT_MODES = ("buy", "reserve", "option")


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per offer and quarter in which it can start, in accelerators."""
    for o, offer in enumerate(sets.offers):
        for t in offer.starts:
            terms: list[Term] = [
                (labels.take(sets, offer, site, t), constant(1)) for site in offer.sites
            ]
            rhs = Ref("supply", (o, t))
            if offer.mode == "programme":
                terms.append((_funded(sets, offer.name), Ref("supply", (o, t), -1.0)))
                rhs = constant(0)
            terms.extend(_cuts(sets, o, offer, t))
            builder.row("supply", (offer.name, sets.quarters[t]), "<=", rhs, terms)


def _funded(sets: Sets, programme: str) -> Label:
    return next(labels.bet(b) for b in sets.bets if b.family == "fund" and b.key == (programme,))


def _cuts(sets: Sets, position: int, offer: Contract, quarter: int) -> list[Term]:
    """Return the supply that funding a programme loses, from its funding on."""
    if offer.mode not in _CUT_MODES:
        return []
    vendor = sets.vendors[sets.vendor_of[offer.platform]]
    return [
        (_funded(sets, cut.programme), Ref("cut_supply", (c, position, quarter)))
        for c, cut in enumerate(sets.scenario.bargaining.allocation_cuts.values())
        if cut.vendor == vendor and quarter >= _funding(sets, cut.programme)
    ]


def _funding(sets: Sets, programme: str) -> int:
    offer = sets.scenario.offers[programme]
    if not isinstance(offer, Programme):
        raise TypeError(f"{programme} is no programme")
    return funding(offer, sets.scenario)
