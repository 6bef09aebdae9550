"""What a solved block means in accelerators, PFLOP/s, megawatts and dollars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from planner.model.coefficients import HOURS_PER_QUARTER, Coefficients
from planner.model.decisions import Decisions
from planner.model.sets import OfferIndex, Sets

Array = NDArray[np.float64]

CASH_PARTS = ("purchases", "reservations", "rentals", "energy", "hosting")
COST_PARTS = (*CASH_PARTS, "residual value", "shortfall")

_PART_OF_MODE = {"buy": 0, "reserve": 1, "rent": 2}


@dataclass(frozen=True)
class Measures:
    """Per-sample measures; the first axis is the sample.

    Attributes
    ----------
    accelerators, effective_pflops, power_mw : ndarray, (sample, platform, quarter)
        In service, effective, and drawn at the meter.
    cash_usd : ndarray, (sample, platform, quarter, part)
        Undiscounted, by `CASH_PARTS`.
    liability_usd : ndarray, (sample, quarter)
        Still due after the quarter under signed contracts.
    cost_parts_usd : ndarray, (sample, part)
        Discounted, by `COST_PARTS`.
    served_share : ndarray, (sample, workload)
        Of the demand of all quarters; 1 where there is no demand.
    served_pflop_hours : ndarray, (sample,)
        Discounted effective PFLOP-hours served.
    """

    accelerators: Array
    effective_pflops: Array
    power_mw: Array
    cash_usd: Array
    liability_usd: Array
    cost_parts_usd: Array
    served_share: Array
    served_pflop_hours: Array


def measure(sets: Sets, block: Coefficients, done: Decisions) -> Measures:
    """Return the measures of a block's optima."""
    quarters = len(sets.quarters)
    cash = _cash(sets, block, done)
    service = _by_platform(
        sets,
        [
            done.take[:, o].sum(axis=1) @ in_service(offer, quarters)
            for o, offer in enumerate(sets.offers)
        ],
    )
    demand = block.demand_pflops.sum(axis=2)
    short = done.shortfall.sum(axis=2)
    served = block.demand_pflops - done.shortfall
    hours = (served.sum(axis=1) * block.discount).sum(axis=1) * HOURS_PER_QUARTER
    return Measures(
        accelerators=service,
        effective_pflops=np.einsum("spiwt,spw->spt", done.allocate, block.yield_pflops),
        power_mw=np.einsum("spiwt,spi->spt", done.allocate, block.meter_kw) / 1000,
        cash_usd=cash,
        liability_usd=_liability(sets, block, done),
        cost_parts_usd=_cost_parts(block, done, cash),
        served_share=1 - np.divide(short, demand, out=np.zeros_like(short), where=demand > 0),
        served_pflop_hours=hours,
    )


def join(blocks: Sequence[Measures]) -> Measures:
    """Return the measures of consecutive blocks as one."""
    return Measures(
        *(np.concatenate([getattr(b, f.name) for b in blocks]) for f in fields(Measures))
    )


def in_service(offer: OfferIndex, quarters: int) -> Array:
    """Return, by start and quarter, 1 while an accelerator of the offer serves."""
    start, quarter = np.indices((quarters, quarters))
    serves = (start <= quarter) & (quarter < start + offer.service_quarters)
    return serves.astype(float)


def _by_platform(sets: Sets, per_offer: list[Array]) -> Array:
    total = np.zeros((per_offer[0].shape[0], len(sets.platforms), *per_offer[0].shape[1:]))
    for offer, values in zip(sets.offers, per_offer, strict=True):
        total[:, offer.platform] += values
    return total


def _cash(sets: Sets, block: Coefficients, done: Decisions) -> Array:
    n, quarters = done.take.shape[0], len(sets.quarters)
    cash = np.zeros((n, len(sets.platforms), quarters, len(CASH_PARTS)))
    for o, offer in enumerate(sets.offers):
        paid = done.take[:, o].sum(axis=1) * block.price_usd[:, o]
        if offer.mode == "reserve":
            paid = paid @ in_service(offer, quarters)
        cash[:, offer.platform, :, _PART_OF_MODE[offer.mode]] += paid
    deployed = done.allocate.sum(axis=3)
    cash[..., 3:] += np.einsum("spit,spitk->sptk", deployed, block.deploy_usd)
    return cash


def _liability(sets: Sets, block: Coefficients, done: Decisions) -> Array:
    quarters = len(sets.quarters)
    start, quarter = np.indices((quarters, quarters))
    total = np.zeros((done.take.shape[0], quarters))
    for o, offer in enumerate(sets.offers):
        if offer.mode == "rent":
            continue
        signed = quarter >= start - offer.lead_quarters
        if offer.mode == "buy":
            due = (signed & (quarter < start)).astype(float)
        else:
            left = start + offer.service_quarters - 1 - quarter
            due = np.where(signed, np.clip(left, 0, offer.service_quarters), 0).astype(float)
        total += (done.take[:, o].sum(axis=1) * block.price_usd[:, o]) @ due
    return total


def _cost_parts(block: Coefficients, done: Decisions, cash: Array) -> Array:
    discounted = np.einsum("sptk,t->sk", cash, block.discount)
    residual = (done.take.sum(axis=2) * block.residual_usd).sum(axis=(1, 2))
    short = (done.shortfall * block.shortfall_usd * block.discount).sum(axis=(1, 2))
    extra = np.stack([-residual * block.horizon_discount, short], axis=1)
    return np.concatenate([discounted, extra], axis=1)
