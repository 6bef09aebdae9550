"""The numbers of the model for a block of samples: from draws to prices, yields and limits.

Conventions: money is US dollars; a quarter has 2,190 hours and 3 months; a payment in quarter t
(0 is the first) is discounted by ``(1 + r) ** -((t + 0.5) / 4)`` (mid-quarter), a value at the
horizon by ``(1 + r) ** -(T / 4)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.config.schema import Buy, Reserve, Scenario
from planner.model.sets import Sets
from planner.uncertainty.sampling import Draws

Array = NDArray[np.float64]

HOURS_PER_QUARTER = 2190.0
MONTHS_PER_QUARTER = 3.0


@dataclass(frozen=True)
class Coefficients:
    """Derived arrays of a block; the first axis is the sample.

    Attributes
    ----------
    demand_pflops : ndarray, (sample, workload, quarter)
    yield_pflops : ndarray, (sample, platform, workload)
        Effective PFLOP/s of one accelerator: peak x realised share x utilisation x availability.
    supply : ndarray, (sample, offer, quarter)
        Accelerators.
    site_kw : ndarray, (sample, site, quarter)
        Power at the meter; infinite where unlimited.
    meter_kw : ndarray, (sample, platform, site)
        Power at the meter of one deployed accelerator.
    price_usd : ndarray, (sample, offer, quarter)
        Of one accelerator (buy) or of one accelerator for a quarter (reserve, rent), undiscounted,
        for service that starts in the quarter.
    deploy_usd : ndarray, (sample, platform, site, quarter, 2)
        Undiscounted energy and hosting of one deployed accelerator for a quarter.
    shortfall_usd : ndarray, (sample, workload, quarter)
        Undiscounted price of one PFLOP/s missing for a quarter.
    residual_usd : ndarray, (sample, offer, quarter)
        Value at the horizon of one accelerator that started in the quarter; undiscounted.
    vendor_share : ndarray, (sample, vendor)
        Largest share; 1 where there is no limit.
    discount : ndarray, (quarter,)
    horizon_discount : float
    """

    demand_pflops: Array
    yield_pflops: Array
    supply: Array
    site_kw: Array
    meter_kw: Array
    price_usd: Array
    deploy_usd: Array
    shortfall_usd: Array
    residual_usd: Array
    vendor_share: Array
    discount: Array
    horizon_discount: float


def derive(scenario: Scenario, sets: Sets, draws: Draws) -> Coefficients:
    """Return the coefficients of the samples in `draws`."""
    years = (np.arange(scenario.quarters) + 0.5) / 4
    rate = scenario.discount_rate_per_year
    price, residual = _offer_prices(scenario, sets, draws)
    meter_kw, deploy = _deployment(scenario, sets, draws)
    return Coefficients(
        demand_pflops=_demand(scenario, draws),
        yield_pflops=_yields(scenario, sets, draws),
        supply=_supply(scenario, draws),
        site_kw=_site_kw(scenario, draws),
        meter_kw=meter_kw,
        price_usd=price,
        deploy_usd=deploy,
        shortfall_usd=_shortfall(scenario, draws.n),
        residual_usd=residual,
        vendor_share=_vendor_share(scenario, sets, draws),
        discount=(1 + rate) ** -years,
        horizon_discount=float((1 + rate) ** (-scenario.quarters / 4)),
    )


def _demand(scenario: Scenario, draws: Draws) -> Array:
    return np.stack(
        [
            draws.path(f"workloads.{name}.demand_pflops", item.demand_pflops, scenario.quarters)
            for name, item in scenario.workloads.items()
        ],
        axis=1,
    )


def _yields(scenario: Scenario, sets: Sets, draws: Draws) -> Array:
    yields = np.zeros((draws.n, len(sets.platforms), len(sets.workloads)))
    for p, (name, item) in enumerate(scenario.platforms.items()):
        path = f"platforms.{name}"
        each = draws.number(f"{path}.peak_pflops", item.peak_pflops)
        each = each * draws.number(f"{path}.realised_share", item.realised_share)
        each = each * draws.number(f"{path}.availability", item.availability)
        for workload, share in item.utilisation.items():
            used = draws.number(f"{path}.utilisation.{workload}", share)
            yields[:, p, sets.workloads.index(workload)] = each * used
    return yields


def _supply(scenario: Scenario, draws: Draws) -> Array:
    return np.stack(
        [
            draws.path(
                f"offers.{name}.supply_accelerators", offer.supply_accelerators, scenario.quarters
            )
            for name, offer in scenario.offers.items()
        ],
        axis=1,
    )


def _site_kw(scenario: Scenario, draws: Draws) -> Array:
    power = np.full((draws.n, len(scenario.sites), scenario.quarters), np.inf)
    for i, (name, site) in enumerate(scenario.sites.items()):
        if site.power_mw != "unlimited":
            megawatts = draws.path(f"sites.{name}.power_mw", site.power_mw, scenario.quarters)
            power[:, i] = 1000 * megawatts
    return power


def _deployment(scenario: Scenario, sets: Sets, draws: Draws) -> tuple[Array, Array]:
    """Return kW at the meter and the energy and hosting cost of a deployed accelerator."""
    n, quarters = draws.n, scenario.quarters
    it_kw = np.stack(
        [
            draws.number(f"platforms.{name}.accelerator_kw", item.accelerator_kw)
            for name, item in scenario.platforms.items()
        ],
        axis=1,
    )
    meter_kw = np.empty((n, len(sets.platforms), len(sets.sites)))
    cost = np.empty((n, len(sets.platforms), len(sets.sites), quarters, 2))
    for i, (name, site) in enumerate(scenario.sites.items()):
        path = f"sites.{name}"
        meter_kw[:, :, i] = it_kw * draws.number(f"{path}.pue", site.pue)[:, None]
        energy = draws.path(f"{path}.energy_usd_per_kwh", site.energy_usd_per_kwh, quarters)
        hosting = draws.path(
            f"{path}.hosting_usd_per_kw_month", site.hosting_usd_per_kw_month, quarters
        )
        cost[:, :, i, :, 0] = meter_kw[:, :, i, None] * HOURS_PER_QUARTER * energy[:, None]
        cost[:, :, i, :, 1] = it_kw[:, :, None] * MONTHS_PER_QUARTER * hosting[:, None]
    return meter_kw, cost


def _offer_prices(scenario: Scenario, sets: Sets, draws: Draws) -> tuple[Array, Array]:
    """Return the price for a quarter's start and the value left at the horizon."""
    quarters = scenario.quarters
    price = np.empty((draws.n, len(sets.offers), quarters))
    residual = np.zeros_like(price)
    for o, (name, offer) in enumerate(scenario.offers.items()):
        path = f"offers.{name}"
        if isinstance(offer, Buy):
            price[:, o] = draws.path(f"{path}.price_usd", offer.price_usd, quarters)
            left = offer.life_quarters - (quarters - np.arange(quarters))
            book = np.maximum(left, 0) / offer.life_quarters
            share = draws.number(f"{path}.residual_share", offer.residual_share)
            residual[:, o] = price[:, o] * book * share[:, None]
        else:
            hourly = draws.path(f"{path}.price_usd_per_hour", offer.price_usd_per_hour, quarters)
            price[:, o] = hourly * HOURS_PER_QUARTER
    return price, residual


def _shortfall(scenario: Scenario, n: int) -> Array:
    prices = [item.shortfall_usd_per_pflop_hour for item in scenario.workloads.values()]
    quarterly = np.array(prices)[None, :, None] * HOURS_PER_QUARTER
    return np.broadcast_to(quarterly, (n, len(prices), scenario.quarters))


def _vendor_share(scenario: Scenario, sets: Sets, draws: Draws) -> Array:
    share = np.ones((draws.n, len(sets.vendors)))
    for vendor, limit in scenario.limits.largest_vendor_share.items():
        drawn = draws.number(f"limits.largest_vendor_share.{vendor}", limit)
        share[:, sets.vendors.index(vendor)] = drawn
    return share


def start_cost(scenario: Scenario, sets: Sets, block: Coefficients) -> Array:
    """Return the discounted cost of one accelerator that starts in a quarter.

    A purchase costs its price less its discounted value at the horizon; a reservation its hourly
    price over the part of the term inside the horizon; a rental one quarter.

    Returns
    -------
    ndarray, (sample, offer, quarter)
    """
    cost = np.empty_like(block.price_usd)
    for o, offer in enumerate(scenario.offers.values()):
        if isinstance(offer, Buy):
            left = block.residual_usd[:, o] * block.horizon_discount
            cost[:, o] = block.price_usd[:, o] * block.discount - left
        else:
            term = sets.offers[o].service_quarters if isinstance(offer, Reserve) else 1
            cost[:, o] = block.price_usd[:, o] * window_sums(block.discount, term)
    return cost


def window_sums(values: Array, length: int) -> Array:
    """Return, for each start, the sum of up to `length` values from there, inside the array."""
    ends = np.minimum(np.arange(values.size) + length, values.size)
    total = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(total[ends] - total[np.arange(values.size)])
