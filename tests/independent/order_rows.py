"""The rows of one sample on what is ordered: offer by offer, across offers, and by budgets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo
from formulation import MILLION, Decisions, budgets_by_kind, year

from planner.config.fleet import Ordered
from planner.config.offers import Buy, Option, Programme, Reserve


def add_order_rows(plan: Decisions) -> None:
    """Add all rows on orders."""
    for add in (_supply, _cancelling, _orders, _volume_prices, _pools, _vendors, _growth):
        add(plan)
    for add in (_price_falls, _budget):
        add(plan)


def _supply(plan: Decisions) -> None:
    cuts = plan.scenario.bargaining.allocation_cuts
    names = plan.scenario.quarter_names()
    begins = {c.programme: plan.scenario.offers[c.programme].funding_quarter for c in cuts.values()}
    funded = {name: 0 if q is None else names.index(q) for name, q in begins.items()}

    def at_most(o: str, t: int) -> Any:
        deal, most = plan.offers[o], plan.offers[o].supply[t]
        if isinstance(deal.terms, Programme):
            most = most * plan.x.fund[o]
        elif isinstance(deal.terms, Buy | Reserve | Option):
            for c, cut in cuts.items():
                if cut.vendor == plan.vendor(o) and t >= funded[cut.programme]:
                    at = f"bargaining.allocation_cuts.{c}.cut_share"
                    lost = plan.sample.number(at, cut.cut_share)
                    most = most - lost * deal.supply[t] * plan.x.fund[cut.programme]
        return plan.ordered(o, t) <= most

    keys = [(o, t) for o, deal in plan.offers.items() for t in deal.starts]
    plan.require("supply", keys, at_most)


def _cancelling(plan: Decisions) -> None:
    cancel, start = plan.x.cancel, plan.x.start
    plan.require("cancellation", cancel, lambda *key: cancel[key] <= start[key])


def _orders(plan: Decisions) -> None:
    def within_right(o: str) -> Any:
        at = f"offers.{o}.up_to_accelerators"
        most = plan.sample.number(at, plan.scenario.offers[o].up_to_accelerators)
        return (
            pyo.quicksum(plan.ordered(o, u) for u in plan.offers[o].starts)
            <= most * plan.x.right[o]
        )

    plan.require("option_right", plan.x.right, within_right)

    def least_or_most(o: str, u: int, side: str) -> Any:
        placed, size = plan.x.order[o, u], plan.ordered(o, u)
        if side == "least":
            return plan.scenario.offers[o].minimum_order_accelerators * placed <= size
        return size <= plan.offers[o].supply[u] * placed

    keys = [(*key, side) for key in plan.x.order for side in ("least", "most")]
    plan.require("minimum_order", keys, least_or_most)

    def only_whole(o: str, i: str, t: int) -> Any:
        family = plan.x.rent if plan.offers[o].is_rented else plan.x.start
        dropped = pyo.quicksum(plan.x.cancel[key] for key in [(o, i, t)] if key in plan.x.cancel)
        whole = plan.scenario.offers[o].whole_units_of * plan.x.lots[o, i, t]
        return family[o, i, t] - dropped == whole

    plan.require("whole_units", plan.x.lots, only_whole)


def _volume_prices(plan: Decisions) -> None:
    tier, full = plan.x.tier, plan.x.full
    totals = dict.fromkeys((o, u, "total") for o, u, _ in tier)
    keys = [*totals, *((*key, "opens") for key in full)]
    # Every tier below must be full, not the last one only: prices may rise before they fall.
    keys += [(o, u, k, below, "needs") for o, u, k in full for below in range(k)]

    def in_tiers(o: str, u: int, *rest: Any) -> Any:
        steps = plan.steps(o)
        if rest == ("total",):
            return plan.ordered(o, u) == pyo.quicksum(tier[o, u, k] for k in range(len(steps)))
        k, *below, _ = rest
        if below:
            return tier[o, u, below[0]] >= steps[below[0]][0] * full[o, u, k]
        width = steps[k][0] if np.isfinite(steps[k][0]) else plan.offers[o].supply[u]
        return tier[o, u, k] <= width * full[o, u, k]

    plan.require("volume_price", keys, in_tiers)


def _pools(plan: Decisions) -> None:
    made = plan.signed(Buy, Option, Programme)

    def shared(name: str, t: int) -> Any:
        pool, at = plan.scenario.pools[name], f"pools.{name}"
        parts = []
        for o, deal in made.items():
            of = deal.terms.platform
            if of in pool.use_per_accelerator:
                use = pool.use_per_accelerator[of]
                each = plan.sample.number(f"{at}.use_per_accelerator.{of}", use)
                parts.append(each * plan.ordered(o, t))
        return pyo.quicksum(parts) <= plan.sample.by_quarter(f"{at}.supply", pool.supply)[t]

    keys = [(name, t) for name in plan.scenario.pools for t in plan.quarters]
    plan.require("pool", keys, shared)


def _vendors(plan: Decisions) -> None:
    limits, every = plan.scenario.limits, plan.kept_of(plan.signed())

    def surplus(vendor: str, key: str, share: Any) -> Any:
        mine = [o for o in plan.signed() if plan.vendor(o) == vendor]
        part = plan.sample.number(f"limits.{key}.{vendor}", share)
        return plan.kept_of(mine) - part * every

    most, least = limits.largest_vendor_share, limits.smallest_vendor_share

    def not_above(vendor: str) -> Any:
        return surplus(vendor, "largest_vendor_share", most[vendor]) <= 0

    def not_below(vendor: str) -> Any:
        return surplus(vendor, "smallest_vendor_share", least[vendor]) >= 0

    plan.require("vendor_share", most, not_above)
    plan.require("smallest_vendor_share", least, not_below)


def _growth(plan: Decisions) -> None:
    growth, kept = plan.scenario.limits.growth, plan.x.existing
    number, path = plan.sample.number, plan.sample.by_quarter

    def served(t: int) -> Any:
        if t < 0:
            held = [e for e, it in plan.existing.items() if not isinstance(it.terms, Ordered)]
            return pyo.quicksum(kept[e] for e in held)
        started = (
            deal.serves[u, t] * plan.kept(o, u)
            for o, deal in plan.signed().items()
            for u in deal.starts
        )
        held = (it.serves[t] * kept[e] for e, it in plan.existing.items())
        return pyo.quicksum((*started, *held))

    def grown(t: int) -> Any:
        each, at = growth.accelerators_per_quarter, "limits.growth"
        more = number(f"{at}.share_of_fleet", growth.share_of_fleet) * served(t - 1)
        begun = pyo.quicksum(plan.kept(o, t) for o in plan.signed())
        return begun - more <= path(f"{at}.accelerators_per_quarter", each)[t]

    plan.require("growth", plan.quarters if growth is not None else (), grown)


def _price_falls(plan: Decisions) -> None:
    falls, rebate = plan.scenario.bargaining.price_falls, plan.x.rebate

    def threshold(f: str, _: str) -> Any:
        share, others, rest = falls[f].passes_share, [], []
        for o, deal in plan.signed().items():
            (others if deal.terms.platform in falls[f].others else rest).append(o)
        most = share * sum(plan.offers[o].supply[u] for o in rest for u in plan.offers[o].starts)
        gap = (1 - share) * plan.kept_of(others) - share * plan.kept_of(rest)
        return gap >= -most * (1 - plan.x.fall[f])

    def lowered(f: str, o: str, u: int, side: str) -> Any:
        if side == "earned":
            return rebate[f, o, u] <= plan.offers[o].supply[u] * plan.x.fall[f]
        return rebate[f, o, u] <= plan.kept(o, u)

    plan.require("price_fall", [(f, "threshold") for f in falls], threshold)
    sides = [(*key, side) for key in rebate for side in ("ordered", "earned")]
    plan.require("rebate", sides, lowered)


def _budget(plan: Decisions) -> None:
    budgets = budgets_by_kind(plan)

    def within(kind: str, y: int) -> Any:
        spent = (
            (sum(getattr(flow, kind)[t] for t in year(plan, y)), variable)
            for variable, flow in plan.ledger
        )
        cash = pyo.quicksum(usd / MILLION * variable for usd, variable in spent if usd)
        return cash - plan.x.overrun[kind, y] <= budgets[kind][y] / MILLION

    plan.require("budget", plan.x.overrun, within)
