"""Programme: a chip of one's own, whose supply is a ramp that success and a slip decide."""

from __future__ import annotations

import numpy as np

from planner.config.offers import Programme
from planner.model.instruments.purchase import purchase, terms_of
from planner.model.instruments.terms import Array, Reader, Terms


def terms(offer: Programme, read: Reader) -> Terms:
    """Return what one accelerator gives and costs; development is a bet's."""
    return terms_of(purchase(offer, read, read.planned))


def ramp(offer: Programme, first: int, read: Reader) -> Array:
    """Return what it can deliver, (sample, quarter).

    Parameters
    ----------
    offer : Programme
    first : int
        Planned quarter of first silicon.
    read : Reader
    """
    # The slip delays: what is reached in a quarter is what was planned for so much earlier.
    late = read.slipped(offer.slip_quarters) - read.start
    since = read.start - first - late
    steps = np.array(offer.ramp_accelerators)
    reached = steps[np.clip(since, 0, steps.size - 1)] * (since >= 0)
    works = read.number("success", offer.success) * read.number("ramp_times", offer.ramp_times)
    return np.asarray(reached * works[:, None])
