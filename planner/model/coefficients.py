"""The numbers of the model for a block of samples: from draws to prices, yields and limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.config.offers import Option, Programme
from planner.config.places import PowerLease
from planner.model.contracts import Contract, first_silicon, funding
from planner.model.instruments import INSTRUMENTS
from planner.model.instruments.lease import drawn_usd
from planner.model.instruments.programme import ramp
from planner.model.instruments.terms import Reader, Terms
from planner.model.service import demand, shortfall_usd, slopes, target_usd, yields
from planner.model.sets import Bet, Sets
from planner.model.sites import Deployment, cooling_kw, deployment, site_kw
from planner.model.time import discounts, horizon_discount
from planner.model.units import KW_PER_MW
from planner.uncertainty.sampling import Draws

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Coefficients:
    """Derived arrays of a block; the first axis is the sample.

    Attributes
    ----------
    demand : ndarray, (sample, workload, quarter)
        In the workload's unit; of a campaign, its unit-quarters at its last quarter.
    yields : ndarray, (sample, platform, workload)
        Units of a workload that one accelerator serves.
    slopes : ndarray, (sample, workload, segment)
        Output per accelerator of a job's segments; 1 in the first.
    supply : ndarray, (sample, offer, quarter)
        Accelerators.
    site_kw, cooling_kw : ndarray, (sample, site, quarter)
        Power at the meter and cooling of accelerators; infinite where unlimited.
    deployment : Deployment
    terms : tuple of Terms
        Of offers, then of existing entries.
    power_terms : tuple of Terms
    power_supply_kw, drawn_usd : ndarray, (sample, power contract, quarter)
    existing : ndarray, (sample, existing entry)
        Accelerators.
    bet_paid_usd : ndarray, (sample, bet, quarter)
        Undiscounted.
    bet_owed_usd : ndarray, (sample, bet)
        Due after the plan.
    rights : ndarray, (sample, offer)
        Accelerators that an option gives the right to; 0 for other offers.
    shortfall_usd, target_usd : ndarray, (sample, workload, quarter)
        Undiscounted price of one unit missing for a quarter; what it costs more below the target.
    vendor_share, smallest_share : ndarray, (sample, vendor)
        1 and 0 where there is no limit.
    pool_supply : ndarray, (sample, pool, quarter)
    pool_use : ndarray, (sample, pool, platform)
    growth : ndarray, (sample, 1, quarter)
        Of the whole fleet; infinite without a limit.
    growth_share : ndarray, (sample,)
    fall_discount : ndarray, (sample, price fall)
    cut_share : ndarray, (sample, allocation cut)
    discount : ndarray, (quarter,)
    horizon_discount : float
    """

    demand: Array
    yields: Array
    slopes: Array
    supply: Array
    site_kw: Array
    cooling_kw: Array
    deployment: Deployment
    terms: tuple[Terms, ...]
    power_terms: tuple[Terms, ...]
    power_supply_kw: Array
    drawn_usd: Array
    existing: Array
    bet_paid_usd: Array
    bet_owed_usd: Array
    rights: Array
    shortfall_usd: Array
    target_usd: Array
    vendor_share: Array
    smallest_share: Array
    pool_supply: Array
    pool_use: Array
    growth: Array
    growth_share: Array
    fall_discount: Array
    cut_share: Array
    discount: Array
    horizon_discount: float

    @property
    def n(self) -> int:
        """Number of samples."""
        return int(self.demand.shape[0])


def derive(sets: Sets, draws: Draws) -> Coefficients:
    """Return the coefficients of the samples in `draws`."""
    scenario, quarters = sets.scenario, len(sets.quarters)
    bargaining = scenario.bargaining
    rate = scenario.discount_rate_per_year
    paid, owed = _bets(sets, draws)
    growth, growth_share = _growth(sets, draws)
    return Coefficients(
        demand=demand(sets, draws),
        yields=yields(sets, draws),
        slopes=slopes(sets, draws),
        supply=_stacked([_supply(sets, item, draws) for item in sets.offers], draws.n, quarters),
        site_kw=site_kw(scenario, draws),
        cooling_kw=cooling_kw(scenario, draws),
        deployment=deployment(scenario, draws),
        terms=tuple(_terms(sets, item, draws) for item in sets.contracts),
        power_terms=tuple(_terms(sets, item, draws) for item in sets.power),
        power_supply_kw=_power_supply(sets, draws),
        drawn_usd=_drawn(sets, draws),
        existing=_existing(sets, draws),
        bet_paid_usd=paid,
        bet_owed_usd=owed,
        rights=_rights(sets, draws),
        shortfall_usd=shortfall_usd(sets, draws.n),
        target_usd=target_usd(sets, draws.n),
        vendor_share=_shares(sets, draws, "largest_vendor_share", 1.0),
        smallest_share=_shares(sets, draws, "smallest_vendor_share", 0.0),
        pool_supply=_pool_supply(sets, draws),
        pool_use=_pool_use(sets, draws),
        growth=growth,
        growth_share=growth_share,
        fall_discount=_numbers(
            draws,
            {
                f"bargaining.price_falls.{name}.discount_share": item.discount_share
                for name, item in bargaining.price_falls.items()
            },
        ),
        cut_share=_numbers(
            draws,
            {
                f"bargaining.allocation_cuts.{name}.cut_share": item.cut_share
                for name, item in bargaining.allocation_cuts.items()
            },
        ),
        discount=discounts(rate, quarters),
        horizon_discount=horizon_discount(rate, quarters),
    )


def _reader(sets: Sets, path: str, draws: Draws) -> Reader:
    return Reader(path, draws, len(sets.quarters))


def _entry(sets: Sets, item: Contract) -> object:
    section, name = item.path.split(".", 1)
    return getattr(sets.scenario, section)[name]


def _terms(sets: Sets, item: Contract, draws: Draws) -> Terms:
    return INSTRUMENTS[item.mode](_entry(sets, item), _reader(sets, item.path, draws))


def _supply(sets: Sets, item: Contract, draws: Draws) -> Array:
    read = _reader(sets, item.path, draws)
    offer = sets.scenario.offers[item.name]
    if isinstance(offer, Programme):
        return ramp(offer, first_silicon(offer, sets.scenario), read)
    return read.by_quarter("supply_accelerators", offer.supply_accelerators)


def _power_supply(sets: Sets, draws: Draws) -> Array:
    quarters = len(sets.quarters)
    supplies = [
        KW_PER_MW * draws.path(f"{item.path}.supply_mw", power.supply_mw, quarters)
        for item, power in zip(sets.power, sets.scenario.power.values(), strict=True)
    ]
    return _stacked(supplies, draws.n, quarters)


def _drawn(sets: Sets, draws: Draws) -> Array:
    quarters = len(sets.quarters)
    prices = [
        drawn_usd(power, _reader(sets, item.path, draws))
        if isinstance(power, PowerLease)
        else np.zeros((draws.n, quarters))
        for item, power in zip(sets.power, sets.scenario.power.values(), strict=True)
    ]
    return _stacked(prices, draws.n, quarters)


def _existing(sets: Sets, draws: Draws) -> Array:
    entries = sets.scenario.existing.items()
    return _numbers(
        draws, {f"existing.{name}.accelerators": item.accelerators for name, item in entries}
    )


def _bets(sets: Sets, draws: Draws) -> tuple[Array, Array]:
    quarters = len(sets.quarters)
    paid = np.zeros((draws.n, len(sets.bets), quarters))
    owed = np.zeros((draws.n, len(sets.bets)))
    for b, bet in enumerate(sets.bets):
        match bet.family:
            case "right":
                paid[:, b, 0] = _fee(sets, bet, draws)
            case "fund":
                paid[:, b], owed[:, b] = _development(sets, bet, draws)
            case _:
                when, cost = _porting(sets, bet, draws)
                paid[:, b, when] = cost
    return paid, owed


def _fee(sets: Sets, bet: Bet, draws: Draws) -> Array:
    offer = sets.scenario.offers[bet.key[0]]
    if not isinstance(offer, Option):
        raise TypeError(f"{bet.key[0]} is no option")
    return draws.number(f"offers.{bet.key[0]}.fee_usd", offer.fee_usd)


def _development(sets: Sets, bet: Bet, draws: Draws) -> tuple[Array, Array]:
    """Return NRE by quarter, and what of it is due after the plan, at its last quarter's rate."""
    offer = sets.scenario.offers[bet.key[0]]
    if not isinstance(offer, Programme):
        raise TypeError(f"{bet.key[0]} is no programme")
    read = _reader(sets, f"offers.{bet.key[0]}", draws)
    each = read.by_quarter("nre_usd_per_quarter", offer.nre_usd_per_quarter)
    begin = funding(offer, sets.scenario)
    end = begin + offer.nre_quarters
    due = (read.start >= begin) & (read.start < end)
    return each * due, each[:, -1] * max(end - len(sets.quarters), 0)


def _porting(sets: Sets, bet: Bet, draws: Draws) -> tuple[int, Array]:
    platform, workload = bet.key
    porting = sets.scenario.platforms[platform].porting[workload]
    when = 0 if porting.from_quarter is None else sets.quarters.index(porting.from_quarter)
    path = f"platforms.{platform}.porting.{workload}.cost_usd"
    return when, draws.number(path, porting.cost_usd)


def _rights(sets: Sets, draws: Draws) -> Array:
    found = np.zeros((draws.n, len(sets.offers)))
    for o, (name, offer) in enumerate(sets.scenario.offers.items()):
        if isinstance(offer, Option):
            path = f"offers.{name}.up_to_accelerators"
            found[:, o] = draws.number(path, offer.up_to_accelerators)
    return found


def _shares(sets: Sets, draws: Draws, field: str, otherwise: float) -> Array:
    share = np.full((draws.n, len(sets.vendors)), otherwise)
    for vendor, limit in getattr(sets.scenario.limits, field).items():
        share[:, sets.vendors.index(vendor)] = draws.number(f"limits.{field}.{vendor}", limit)
    return share


def _pool_supply(sets: Sets, draws: Draws) -> Array:
    quarters = len(sets.quarters)
    supplies = [
        draws.path(f"pools.{name}.supply", pool.supply, quarters)
        for name, pool in sets.scenario.pools.items()
    ]
    return _stacked(supplies, draws.n, quarters)


def _pool_use(sets: Sets, draws: Draws) -> Array:
    use = np.zeros((draws.n, len(sets.pools), len(sets.platforms)))
    for r, (name, pool) in enumerate(sets.scenario.pools.items()):
        for platform, each in pool.use_per_accelerator.items():
            path = f"pools.{name}.use_per_accelerator.{platform}"
            use[:, r, sets.platforms.index(platform)] = draws.number(path, each)
    return use


def _growth(sets: Sets, draws: Draws) -> tuple[Array, Array]:
    growth, quarters = sets.scenario.limits.growth, len(sets.quarters)
    if growth is None:
        return np.full((draws.n, 1, quarters), np.inf), np.zeros(draws.n)
    path = "limits.growth"
    most = draws.path(f"{path}.accelerators_per_quarter", growth.accelerators_per_quarter, quarters)
    return most[:, None], draws.number(f"{path}.share_of_fleet", growth.share_of_fleet)


def _numbers(draws: Draws, quantities: dict[str, object]) -> Array:
    """Return figures by path, (sample, figure)."""
    found = [draws.number(path, quantity) for path, quantity in quantities.items()]  # type: ignore[arg-type]
    return np.stack(found, axis=1) if found else np.zeros((draws.n, 0))


def _stacked(parts: list[Array], n: int, quarters: int) -> Array:
    return np.stack(parts, axis=1) if parts else np.zeros((n, 0, quarters))
