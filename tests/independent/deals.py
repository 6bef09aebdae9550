"""Everything that can be signed or is held already: what it serves and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from drawn import HOURS, MONTHS, Array, Sample
from ledger import Flow, asset, book_share, capital, in_parts, running

from planner.config.fleet import Contracted, Ordered, Owned
from planner.config.offers import Buy, Option, Programme, Rent, Reserve, Spot
from planner.config.places import PowerBuild, PowerLease

Purchase = Buy | Option | Programme


@dataclass
class Deal:
    """One offer, or one power contract, of a sample.

    Attributes
    ----------
    serves : ndarray of shape (quarter of start, quarter)
        What one that starts counts for.
    starts : list of int
        Quarters for which it can be ordered.
    supply : ndarray of shape (quarter,)
    flows : dict of int to Flow
        By quarter of start, of one that starts.
    listed : dict of int to Flow
        The part of it that a lower list price lowers.
    voided : dict of int to Flow
        What is paid in all of one that is cancelled when it is due.
    used : dict of int to Flow
        By quarter of use, of a kW that is drawn.
    """

    terms: Purchase | Reserve | Rent | Spot | PowerLease | PowerBuild
    serves: Array
    starts: list[int]
    supply: Array
    flows: dict[int, Flow] = field(default_factory=dict)
    listed: dict[int, Flow] = field(default_factory=dict)
    voided: dict[int, Flow] = field(default_factory=dict)
    used: dict[int, Flow] = field(default_factory=dict)

    @property
    def is_rented(self) -> bool:
        return isinstance(self.terms, Rent | Spot)


@dataclass(frozen=True)
class Held:
    """One entry of the existing fleet: per accelerator, except for how many there are."""

    terms: Owned | Contracted | Ordered
    accelerators: float
    serves: Array
    flow: Flow
    voided: Flow | None


def offers(sample: Sample) -> dict[str, Deal]:
    """Return every offer by name."""
    return {name: _offer(sample, name) for name in sample.scenario.offers}


def _offer(sample: Sample, name: str) -> Deal:
    terms = sample.scenario.offers[name]
    if isinstance(terms, Rent | Spot):
        return _rented(sample, f"offers.{name}", terms)
    if isinstance(terms, Reserve):
        return _reserved(sample, f"offers.{name}", terms)
    return _purchase(sample, f"offers.{name}", terms)


def _lasting(quarters: int, slip: int, length: int, share: float = 1.0) -> Array:
    serves = np.zeros((quarters, quarters))
    for planned in range(quarters):
        serves[planned, planned + slip : planned + slip + length] = share
    return serves


def _rented(sample: Sample, at: str, terms: Rent | Spot) -> Deal:
    quarters = sample.quarters
    lost = 0.0
    if isinstance(terms, Spot):
        lost = sample.number(f"{at}.interruption_share", terms.interruption_share)
    price = sample.by_quarter(f"{at}.price_usd_per_hour", terms.price_usd_per_hour)
    supply = sample.by_quarter(f"{at}.supply_accelerators", terms.supply_accelerators)
    flows = {t: running([(t, HOURS * price[t])], quarters) for t in range(quarters)}
    return Deal(terms, (1 - lost) * np.eye(quarters), list(flows), supply, flows)


def _reserved(sample: Sample, at: str, terms: Reserve) -> Deal:
    quarters, term = sample.quarters, terms.term_quarters
    slip = sample.slip(f"{at}.slip_quarters", terms.slip_quarters)
    share = sample.number(f"{at}.delivered_share", terms.delivered_share)
    upfront = sample.number(f"{at}.upfront_share", terms.upfront_share)
    price = sample.by_quarter(f"{at}.price_usd_per_hour", terms.price_usd_per_hour)
    supply = sample.by_quarter(f"{at}.supply_accelerators", terms.supply_accelerators)
    deal = Deal(terms, _lasting(quarters, slip, term, share), [], supply)
    for planned in range(terms.lead_time_quarters, quarters):
        begins, quarterly = planned + slip, share * HOURS * price[planned]
        held = range(begins, begins + term)
        later = sum(t >= quarters for t in held) if begins < quarters else 0
        deal.starts.append(planned)
        deal.flows[planned] = (
            running([(begins, upfront * quarterly * term)], quarters)
            + running([(t, (1 - upfront) * quarterly) for t in held], quarters)
            + asset(upfront * quarterly * later, quarters)
        )
        deal.listed[planned] = deal.flows[planned]
    return deal


def _purchase(sample: Sample, at: str, terms: Purchase) -> Deal:
    quarters, life = sample.quarters, terms.life_quarters
    slip = 0
    if not isinstance(terms, Programme):
        slip = sample.slip(f"{at}.slip_quarters", terms.slip_quarters)
    share = sample.number(f"{at}.delivered_share", terms.delivered_share)
    deal = Deal(terms, _lasting(quarters, slip, life, share), [], _supply(sample, at, terms))
    price = sample.by_quarter(f"{at}.price_usd", terms.price_usd)
    shares = sample.by_quarter(f"{at}.server_share_usd", terms.server_share_usd)
    shares = shares + sample.by_quarter(f"{at}.network_share_usd", terms.network_share_usd)
    installed = sample.by_quarter(f"{at}.installation_usd", terms.installation_usd)
    yearly = sample.by_quarter(f"{at}.maintenance_usd_per_year", terms.maintenance_usd_per_year)
    residual = sample.number(f"{at}.residual_share", terms.residual_share)

    def bought(u: int, paid: float, kept: float) -> Flow:
        dated = in_parts(paid, terms.payments, u, u + slip)
        worth = residual * kept * book_share(u + slip, life, quarters)
        return capital(dated, quarters) + asset(worth, quarters)

    for u in _starts(sample, terms):
        whole, kept = price[u] + shares[u] + installed[u], price[u] + shares[u]
        upkeep = [(t, yearly[t] / 4) for t in range(quarters) if u + slip <= t < u + slip + life]
        deal.starts.append(u)
        deal.flows[u] = share * (bought(u, whole, kept) + running(upkeep, quarters))
        deal.listed[u] = share * bought(u, price[u], price[u])
        if isinstance(terms, Buy) and terms.cancellation_share is not None:
            lost = sample.number(f"{at}.cancellation_share", terms.cancellation_share)
            deal.voided[u] = share * _cancelled(terms, u, whole, lost, quarters)
    return deal


def _cancelled(terms: Buy, planned: int, whole: float, lost: float, quarters: int) -> Flow:
    before = [item for item in terms.payments if item.quarters_before_delivery > 0]
    dated = [(planned - item.quarters_before_delivery, item.share * whole) for item in before]
    settled = (lost - sum(item.share for item in before)) * whole
    return capital([*dated, (planned, settled)], quarters)


def _starts(sample: Sample, terms: Purchase) -> range:
    last = sample.quarters - 1
    if isinstance(terms, Programme):
        funding = sample.position(terms.funding_quarter)
        return range(funding + terms.quarters_to_first_silicon, last + 1)
    if isinstance(terms, Option):
        last = min(last, sample.position(terms.exercise_until) + terms.lead_time_quarters)
    return range(terms.lead_time_quarters, last + 1)


def _supply(sample: Sample, at: str, terms: Purchase) -> Array:
    if not isinstance(terms, Programme):
        return sample.by_quarter(f"{at}.supply_accelerators", terms.supply_accelerators)
    first = sample.position(terms.funding_quarter) + terms.quarters_to_first_silicon
    first += sample.slip(f"{at}.slip_quarters", terms.slip_quarters)
    times = sample.number(f"{at}.success", terms.success)
    times *= sample.number(f"{at}.ramp_times", terms.ramp_times)
    supply = np.zeros(sample.quarters)
    for t in range(first, sample.quarters):
        supply[t] = (
            times * terms.ramp_accelerators[min(t - first, len(terms.ramp_accelerators) - 1)]
        )
    return supply


def development(sample: Sample, name: str, terms: Programme) -> Flow:
    """Return the NRE of a programme inside the plan."""
    nre = sample.by_quarter(f"offers.{name}.nre_usd_per_quarter", terms.nre_usd_per_quarter)
    first = sample.position(terms.funding_quarter)
    last = min(first + terms.nre_quarters, sample.quarters)
    return running([(t, nre[t]) for t in range(first, last)], sample.quarters)


def power(sample: Sample) -> dict[str, Deal]:
    """Return every power contract by name; one unit is a kW."""
    return dict(_power(sample))


def _power(sample: Sample) -> Iterator[tuple[str, Deal]]:
    quarters = sample.quarters
    for name, terms in sample.scenario.power.items():
        at = f"power.{name}"
        slip = sample.slip(f"{at}.slip_quarters", terms.slip_quarters)
        lease = isinstance(terms, PowerLease)
        length = terms.term_quarters if lease else terms.life_quarters
        supply = 1000 * sample.by_quarter(f"{at}.supply_mw", terms.supply_mw)
        starts = list(range(terms.lead_time_quarters, quarters))
        deal = Deal(terms, _lasting(quarters, slip, length), starts, supply)
        (_leased if lease else _built)(sample, at, deal, slip)
        yield name, deal


def _leased(sample: Sample, at: str, deal: Deal, slip: int) -> None:
    terms, quarters = deal.terms, sample.quarters
    price = sample.by_quarter(f"{at}.price_usd_per_kw_month", terms.price_usd_per_kw_month)
    firm = sample.number(f"{at}.take_or_pay_share", terms.take_or_pay_share)
    for u in deal.starts:
        held = range(u + slip, u + slip + terms.term_quarters)
        deal.flows[u] = running([(t, firm * MONTHS * price[u]) for t in held], quarters)
    for t in range(quarters):
        deal.used[t] = running([(t, (1 - firm) * MONTHS * price[t])], quarters)


def _built(sample: Sample, at: str, deal: Deal, slip: int) -> None:
    terms, quarters = deal.terms, sample.quarters
    price = sample.by_quarter(f"{at}.capex_usd_per_kw", terms.capex_usd_per_kw)
    residual = sample.number(f"{at}.residual_share", terms.residual_share)
    for u in deal.starts:
        worth = residual * price[u] * book_share(u + slip, terms.life_quarters, quarters)
        dated = in_parts(price[u], terms.payments, u, u + slip)
        deal.flows[u] = capital(dated, quarters) + asset(worth, quarters)


def existing(sample: Sample) -> dict[str, Held]:
    """Return every entry of the existing fleet by name."""
    return {name: _held(sample, name) for name in sample.scenario.existing}


def _held(sample: Sample, name: str) -> Held:
    terms, at = sample.scenario.existing[name], f"existing.{name}"
    quarters = sample.quarters
    count = sample.number(f"{at}.accelerators", terms.accelerators)
    if isinstance(terms, Contracted):
        held = range(terms.term_left_quarters)
        price = sample.number(f"{at}.price_usd_per_hour", terms.price_usd_per_hour)
        flow = running([(t, HOURS * price) for t in held], quarters)
        return Held(terms, count, _from_to(0, terms.term_left_quarters, quarters), flow, None)
    if isinstance(terms, Owned):
        serves = _from_to(0, terms.life_left_quarters, quarters)
        return Held(terms, count, serves, _upkeep(sample, at, terms, serves), None)
    return _on_order(sample, at, terms, count)


def _on_order(sample: Sample, at: str, terms: Ordered, count: float) -> Held:
    quarters, planned = sample.quarters, terms.delivery_in_quarters
    arrives = planned + sample.slip(f"{at}.slip_quarters", terms.slip_quarters)
    price = sample.number(f"{at}.price_usd", terms.price_usd)
    paid = sample.number(f"{at}.paid_share", terms.paid_share)
    residual = sample.number(f"{at}.residual_share", terms.residual_share)
    serves = _from_to(arrives, terms.life_quarters, quarters)
    worth = residual * price * book_share(arrives, terms.life_quarters, quarters)
    kept = capital([(arrives, (1 - paid) * price)], quarters) + asset(worth, quarters)
    voided = None
    if terms.cancellation_share is not None:
        lost = sample.number(f"{at}.cancellation_share", terms.cancellation_share)
        voided = capital([(planned, (lost - paid) * price)], quarters)
    return Held(terms, count, serves, kept + _upkeep(sample, at, terms, serves), voided)


def _from_to(first: int, length: int, quarters: int) -> Array:
    serves = np.zeros(quarters)
    serves[first : first + length] = 1.0
    return serves


def _upkeep(sample: Sample, at: str, terms: Owned | Ordered, serves: Array) -> Flow:
    yearly = sample.by_quarter(f"{at}.maintenance_usd_per_year", terms.maintenance_usd_per_year)
    return Flow(np.zeros(sample.quarters), serves * yearly / 4)
