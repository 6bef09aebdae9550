"""The decisions of one sample as a Pyomo model, written from ``docs/formulation.md`` alone.

No decision has a cost of its own here: each enters a ledger of cash by quarter, and the objective
and the budgets are what the ledger adds up to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import pyomo.environ as pyo
from abilities import curve, draw, pairs, triples, want, yields
from deals import Deal, development, existing, offers, power
from drawn import HOURS, Sample
from ledger import Flow, capital, running

from planner.config.offers import Buy, Option, Programme, Rent, Spot

MILLION = 1e6


class Decisions:
    """The columns of a sample and its ledger.

    Attributes
    ----------
    model : ConcreteModel
        With blocks ``columns`` and ``rows``; the rows are still missing.
    x : Block
        The columns: one indexed variable per family.
    ledger : list of (variable, Flow)
        What one unit of each decision moves.
    penalties : list of (variable, float)
        Discounted dollars of one unit of what is no cash.
    """

    def __init__(self, sample: Sample) -> None:
        self.sample, self.scenario = sample, sample.scenario
        self.quarters = range(sample.quarters)
        self.offers, self.power, self.existing = offers(sample), power(sample), existing(sample)
        self.pairs, self.triples, self.yields = pairs(sample), triples(sample), yields(sample)
        self.draws = {pair: draw(sample, *pair) for pair in self.pairs}
        self.wants = {w: want(sample, w) for w in self.scenario.workloads}
        found = {w: curve(sample, w) for w in self.scenario.workloads}
        self.curves = {w: pieces for w, pieces in found.items() if pieces is not None}
        self.ledger: list[tuple[Any, Flow]] = []
        self.penalties: list[tuple[Any, float]] = []
        self.model = pyo.ConcreteModel()
        self.model.columns, self.model.rows = pyo.Block(), pyo.Block()
        self.x = self.model.columns
        for make in (_signed, _held, _bets, _ports, _orders, _tiers, _price_falls, _rented):
            make(self)
        for make in (_cancelled, _power, _work, _scaled, _lacks):
            make(self)

    def family(
        self, name: str, keys: Iterable[Any], *, whole: bool = False, most: Any = None
    ) -> Any:
        """Make one family of columns."""
        relaxed = self.scenario.bets == "relaxed"
        domain = pyo.NonNegativeIntegers if whole and not relaxed else pyo.NonNegativeReals
        bounds = None if most is None else (lambda _, *key: (0, most(*key)))
        variable = pyo.Var(list(keys), domain=domain, bounds=bounds)
        setattr(self.x, name, variable)
        return variable

    def require(self, name: str, keys: Iterable[Any], rule: Callable[..., Any]) -> None:
        """Make one family of rows; one without any column must hold by itself."""
        family = pyo.Constraint(pyo.Any)
        setattr(self.model.rows, name, family)
        for key in keys:
            row = rule(*key) if isinstance(key, tuple) else rule(key)
            if not isinstance(row, bool | np.bool_):
                family[key] = row
            elif not row:
                raise RuntimeError(f"nothing can hold in row {name} {key}")

    def pay(self, variable: Any, flow: Flow) -> None:
        """Enter a decision into the ledger."""
        self.ledger.append((variable, flow))

    def vendor(self, offer: str) -> str:
        """Return who sells what an offer delivers."""
        return self.scenario.platforms[self.scenario.offers[offer].platform].vendor

    def places(self, offer: str) -> list[str]:
        """Return the sites at which an offer's accelerators can and may stand."""
        terms = self.scenario.offers[offer]
        return [i for i in terms.sites if (terms.platform, i) in self.pairs]

    def signed(self, *modes: type) -> dict[str, Deal]:
        """Return the offers that are ordered, not rented; of some modes only."""
        return {
            name: deal
            for name, deal in self.offers.items()
            if not deal.is_rented and (not modes or isinstance(deal.terms, modes))
        }

    def ordered(self, offer: str, quarter: int) -> Any:
        """Return how many of an offer start in a quarter, over its sites."""
        family = self.x.rent if self.offers[offer].is_rented else self.x.start
        if quarter not in self.offers[offer].starts:
            return 0
        return pyo.quicksum(family[offer, i, quarter] for i in self.places(offer))

    def kept(self, offer: str, quarter: int) -> Any:
        """Return how many of an offer's orders for a quarter are not cancelled."""
        if not self.offers[offer].voided or quarter not in self.offers[offer].starts:
            return self.ordered(offer, quarter)
        cancelled = (self.x.cancel[offer, i, quarter] for i in self.places(offer))
        return self.ordered(offer, quarter) - pyo.quicksum(cancelled)

    def kept_of(self, offers: Iterable[str]) -> Any:
        """Return how many of some offers are kept in all, as far as they come inside the plan."""
        return pyo.quicksum(
            float(np.max(self.offers[o].serves[u])) * self.kept(o, u)
            for o in offers
            for u in self.offers[o].starts
        )

    def steps(self, offer: str) -> list[tuple[float, float]]:
        """Return the width and the price multiplier of an offer's tiers, the list price first."""
        terms = self.scenario.offers[offer]
        if not isinstance(terms, Buy) or not terms.volume_prices:
            return []
        edges = [0.0, *(tier.above_accelerators for tier in terms.volume_prices), np.inf]
        times = [1.0, *(tier.price_times for tier in terms.volume_prices)]
        return [(b - a, theta) for (a, b), theta in zip(pairwise(edges), times, strict=True)]


def _signed(plan: Decisions) -> None:
    deals = plan.signed()
    keys = [(o, i, u) for o, deal in deals.items() for i in plan.places(o) for u in deal.starts]
    start = plan.family("start", keys)
    for o, i, u in keys:
        plan.pay(start[o, i, u], deals[o].flows[u])


def _held(plan: Decisions) -> None:
    kept = plan.family("existing", plan.existing)
    void = plan.family("void", [e for e, held in plan.existing.items() if held.voided])
    for e, held in plan.existing.items():
        plan.pay(kept[e], held.flow)
    for e in void:
        plan.pay(void[e], plan.existing[e].voided)


def _bets(plan: Decisions) -> None:
    count = plan.sample.quarters
    right = plan.family("right", plan.signed(Option), most=lambda _: 1)
    fund = plan.family("fund", plan.signed(Programme), most=lambda _: 1)
    for o in right:
        fee = plan.sample.number(f"offers.{o}.fee_usd", plan.scenario.offers[o].fee_usd)
        plan.pay(right[o], capital([(0, fee)], count))
    for o in fund:
        plan.pay(fund[o], development(plan.sample, o, plan.scenario.offers[o]))
    for family in (right, fund):
        for o in family:
            if plan.scenario.bets == "whole" and not plan.scenario.offers[o].divisible:
                family[o].domain = pyo.Binary


def _ports(plan: Decisions) -> None:
    ports = {
        (p, w): port for p, of in plan.scenario.platforms.items() for w, port in of.porting.items()
    }
    adopt = plan.family("adopt", ports, whole=True, most=lambda *_: 1)
    for (p, w), port in ports.items():
        usd = plan.sample.number(f"platforms.{p}.porting.{w}.cost_usd", port.cost_usd)
        when = plan.sample.position(port.from_quarter)
        plan.pay(adopt[p, w], running([(when, usd)], plan.sample.quarters))


def _orders(plan: Decisions) -> None:
    deals = {
        o: deal
        for o, deal in plan.signed().items()
        if getattr(deal.terms, "minimum_order_accelerators", None) is not None
    }
    keys = [(o, u) for o, deal in deals.items() for u in deal.starts]
    plan.family("order", keys, whole=True, most=lambda *_: 1)
    units = [o for o, deal in plan.offers.items() if deal.terms.whole_units_of is not None]
    keys = [(o, i, u) for o in units for i in plan.places(o) for u in plan.offers[o].starts]
    plan.family("lots", keys, whole=True)


def _tiers(plan: Decisions) -> None:
    keys = [
        (o, u, k)
        for o, deal in plan.offers.items()
        for u in deal.starts
        for k in range(len(plan.steps(o)))
    ]
    tier = plan.family("tier", keys, most=lambda o, u, k: _finite(plan.steps(o)[k][0]))
    for o, u, k in keys:
        plan.pay(tier[o, u, k], (plan.steps(o)[k][1] - 1) * plan.offers[o].listed[u])
    # Cheaper than any before it: also one that is dearer than the last could be filled too early.
    lower = [(o, u, k) for o, u, k in keys if k and _times(plan, o, k) < _dearest(plan, o, k)]
    plan.family("full", lower, whole=True, most=lambda *_: 1)


def _times(plan: Decisions, o: str, k: int) -> float:
    return plan.steps(o)[k][1]


def _dearest(plan: Decisions, o: str, k: int) -> float:
    return max(times for _, times in plan.steps(o)[:k])


def _finite(width: float) -> float | None:
    return width if np.isfinite(width) else None


def _price_falls(plan: Decisions) -> None:
    falls = plan.scenario.bargaining.price_falls
    plan.family("fall", falls, whole=True, most=lambda _: 1)
    keys = [
        (f, o, u)
        for f, fall in falls.items()
        for o, deal in plan.signed().items()
        for u in deal.starts
        if deal.terms.mode in ("buy", "reserve") and plan.vendor(o) == fall.vendor
    ]
    rebate = plan.family("rebate", keys)
    for f, o, u in keys:
        at = f"bargaining.price_falls.{f}.discount_share"
        share = plan.sample.number(at, falls[f].discount_share)
        cheapest = min((1.0, *(times for _, times in plan.steps(o))))
        plan.pay(rebate[f, o, u], -share * cheapest * plan.offers[o].listed[u])


def _rented(plan: Decisions) -> None:
    deals = {o: deal for o, deal in plan.offers.items() if isinstance(deal.terms, Rent | Spot)}
    keys = [(o, i, t) for o in deals for i in plan.places(o) for t in plan.quarters]
    rent = plan.family("rent", keys)
    for o, i, t in keys:
        plan.pay(rent[o, i, t], deals[o].flows[t])


def _cancelled(plan: Decisions) -> None:
    deals = {o: deal for o, deal in plan.offers.items() if deal.voided}
    keys = [(o, i, u) for o, deal in deals.items() for i in plan.places(o) for u in deal.starts]
    cancel = plan.family("cancel", keys)
    for o, i, u in keys:
        deal, cheapest = deals[o], min((times for _, times in plan.steps(o)), default=1.0)
        saved = deal.voided[u] - deal.flows[u] + (1 - cheapest) * deal.listed[u]
        plan.pay(cancel[o, i, u], saved)


def _power(plan: Decisions) -> None:
    keys = [(k, u) for k, deal in plan.power.items() for u in deal.starts]
    begun = plan.family("power", keys)
    for k, u in keys:
        plan.pay(begun[k, u], plan.power[k].flows[u])
    keys = [(k, t) for k, deal in plan.power.items() for t in deal.used]
    drawn = plan.family("draw", keys)
    for k, t in keys:
        plan.pay(drawn[k, t], plan.power[k].used[t])


def _work(plan: Decisions) -> None:
    stands = sorted(pair for pair, it in plan.draws.items() if it.idle_share is not None)
    keys = [(p, i, t) for p, i in stands for t in plan.quarters]
    deploy = plan.family("deploy", keys)
    for p, i, t in keys:
        plan.pay(deploy[p, i, t], plan.draws[p, i].standing(t))
    works = [(p, i, w, t) for p, i, w in plan.triples for t in plan.wants[w].window]
    works = [(p, i, w, t) for p, i, w, t in works if t >= _ready(plan, p, w)]
    allocate = plan.family("allocate", works)
    for p, i, w, t in works:
        plan.pay(allocate[p, i, w, t], plan.draws[p, i].working(t))


def _ready(plan: Decisions, p: str, w: str) -> int:
    port = plan.scenario.platforms[p].porting.get(w)
    return 0 if port is None else plan.sample.position(port.from_quarter) + port.delay_quarters


def _scaled(plan: Decisions) -> None:
    works = dict.fromkeys((p, w, t) for p, _, w, t in plan.x.allocate if w in plan.curves)
    keys = [(p, w, t, k) for p, w, t in works for k in range(len(plan.curves[w].widths))]
    plan.family("segment", keys, most=lambda p, w, t, k: plan.curves[w].widths[k])


def _lacks(plan: Decisions) -> None:
    """What is not served, and what budgets are overrun by: penalties, no cash."""
    discount, workloads = plan.sample.discount, plan.scenario.workloads
    due = {w: [max(n.window)] if n.is_campaign else plan.quarters for w, n in plan.wants.items()}
    short = plan.family("shortfall", [(w, t) for w in workloads for t in due[w]])
    aims = {w: work.service_target for w, work in workloads.items() if work.service_target}
    below = plan.family("below_target", [(w, t) for w in aims for t in due[w]])
    for w, t in short:
        price = workloads[w].shortfall_usd_per_unit_hour
        plan.penalties.append((short[w, t], discount[t] * HOURS * price))
        if w in aims:
            more = aims[w].shortfall_usd_per_unit_hour - price
            plan.penalties.append((below[w, t], discount[t] * HOURS * more))
    budgets = plan.scenario.limits.budgets
    keys = [(kind, y) for kind, usd in budgets_by_kind(plan).items() for y in range(len(usd))]
    over = plan.family("overrun", keys)
    for kind, y in keys:
        usd = MILLION * budgets.overrun_usd_per_usd
        plan.penalties.append((over[kind, y], usd * discount[year(plan, y)[-1]]))


def budgets_by_kind(plan: Decisions) -> dict[str, list[float]]:
    """Return the budgets in dollars by year, of those kinds that have one."""
    budgets = plan.scenario.limits.budgets
    if budgets is None:
        return {}
    both = {"capex": budgets.capex_usd_by_year, "opex": budgets.opex_usd_by_year}
    return {kind: by_year for kind, by_year in both.items() if by_year is not None}


def year(plan: Decisions, y: int) -> range:
    """Return the quarters of a year of the plan."""
    return plan.quarters[4 * y : 4 * y + 4]
