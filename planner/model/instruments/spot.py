"""Spot: rented by the quarter, and interrupted for a share of the hours that are paid."""

from __future__ import annotations

from planner.config.offers import Spot
from planner.model.instruments.rent import for_one_quarter
from planner.model.instruments.terms import Reader, Terms


def terms(offer: Spot, read: Reader) -> Terms:
    """Return what one accelerator gives and costs."""
    lost = read.number("interruption_share", offer.interruption_share)
    return for_one_quarter(offer, read, 1 - lost)
