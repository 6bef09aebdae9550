"""Option: a fee for the right to buy at a fixed price; what is ordered under it is a purchase."""

from __future__ import annotations

from planner.config.offers import Option
from planner.model.instruments.purchase import purchase, terms_of
from planner.model.instruments.terms import Reader, Terms


def terms(offer: Option, read: Reader) -> Terms:
    """Return what one accelerator gives and costs; the fee is a bet's."""
    return terms_of(purchase(offer, read, read.slipped(offer.slip_quarters)))
