"""The objective of one sample, and its rows on work, the fleet, power and cooling."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pyomo.environ as pyo
from drawn import Array
from formulation import MILLION, Decisions
from order_rows import add_order_rows

from planner.config.places import PowerLease


def constrain(plan: Decisions) -> None:
    """Add the objective and all rows."""
    plan.model.cost = pyo.Objective(expr=_cost(plan))
    for add in (_demand, _scaling, _porting, _fleet_use, _power, _cooling):
        add(plan)
    add_order_rows(plan)


def _cost(plan: Decisions) -> Any:
    """Return the discounted cash and penalties less what is left, in million dollars."""
    discount, at_end = plan.sample.discount, plan.sample.horizon_discount
    cash = (
        (discount @ (flow.capex + flow.opex) - at_end * flow.worth, variable)
        for variable, flow in plan.ledger
    )
    lacks = ((usd, variable) for variable, usd in plan.penalties)
    return pyo.quicksum(usd / MILLION * variable for usd, variable in (*cash, *lacks))


# --- work -----------------------------------------------------------------------------------------


def _outputs(plan: Decisions) -> dict[tuple[str, int], dict[str, Any]]:
    """Return the output by workload and quarter, of each platform that can work on it."""
    found: dict[tuple[str, int], dict[str, list[Any]]] = {}
    for p, i, w, t in plan.x.allocate:
        if w not in plan.curves:
            done = plan.yields[p, w] * plan.x.allocate[p, i, w, t]
            found.setdefault((w, t), {}).setdefault(p, []).append(done)
    for p, w, t, k in plan.x.segment:
        done = plan.yields[p, w] * plan.curves[w].slopes[k] * plan.x.segment[p, w, t, k]
        found.setdefault((w, t), {}).setdefault(p, []).append(done)
    return {
        key: {p: pyo.quicksum(parts) for p, parts in by_platform.items()}
        for key, by_platform in found.items()
    }


def _demand(plan: Decisions) -> None:
    outputs = _outputs(plan)

    def served(w: str, quarters: Iterable[int]) -> Any:
        return pyo.quicksum(x for t in quarters for x in outputs.get((w, t), {}).values())

    rates = [w for w, need in plan.wants.items() if not need.is_campaign]
    plan.require(
        "demand",
        [(w, t) for w in rates for t in plan.quarters],
        lambda w, t: served(w, [t]) + plan.x.shortfall[w, t] >= plan.wants[w].demand[t],
    )

    def campaign(w: str) -> Any:
        window = plan.wants[w].window
        done = served(w, window) + plan.x.shortfall[w, window[-1]]
        return done >= plan.wants[w].demand[window[-1]]

    plan.require("campaign", [w for w, n in plan.wants.items() if n.is_campaign], campaign)

    def target(w: str, t: int) -> Any:
        tolerated = 1 - plan.scenario.workloads[w].service_target.share
        allowance = tolerated * plan.wants[w].demand[t]
        return plan.x.below_target[w, t] >= plan.x.shortfall[w, t] - allowance

    plan.require("service_target", plan.x.below_target, target)


def _scaling(plan: Decisions) -> None:
    works, segment = plan.x.allocate, plan.x.segment
    by_work: dict[tuple[str, int], list[str]] = {}
    for p, w, t in dict.fromkeys((p, w, t) for p, w, t, _ in segment):
        by_work.setdefault((w, t), []).append(p)
    shared = {key: platforms for key, platforms in by_work.items() if len(platforms) > 1}
    keys: list[tuple[Any, ...]] = [(p, w, t) for (w, t), ps in by_work.items() for p in ps]
    keys += [(w, t, "jobs") for w, t in shared]
    keys += [key for key in segment if key[3] and key[1:3] in shared]

    def scaled(*key: Any) -> Any:
        if key[-1] == "jobs":
            w, t, _ = key
            most = plan.curves[w].widths[0]
            return pyo.quicksum(segment[p, w, t, 0] for p in shared[w, t]) <= most
        p, w, t, *piece = key
        widths = plan.curves[w].widths
        if piece:
            full = widths[piece[0]] / widths[0]
            return segment[p, w, t, piece[0]] <= full * segment[p, w, t, 0]
        at_work = (works[at] for at in works if (at[0], *at[2:]) == (p, w, t))
        pieces = (segment[p, w, t, k] for k in range(len(widths)))
        return pyo.quicksum(at_work) == pyo.quicksum(pieces)

    plan.require("scaling", keys, scaled)


def _porting(plan: Decisions) -> None:
    outputs = _outputs(plan)
    keys = [(p, w, t) for p, w in plan.x.adopt for t in plan.wants[w].window]

    def only_adopted(p: str, w: str, t: int) -> Any:
        need = plan.wants[w]
        most = need.demand[max(need.window)] if need.is_campaign else need.demand[t]
        return outputs.get((w, t), {}).get(p, 0) <= most * plan.x.adopt[p, w]

    plan.require("porting", keys, only_adopted)


# --- the fleet ------------------------------------------------------------------------------------


def _fleet(plan: Decisions, weight: Callable[[Array], float], p: str, i: str) -> Any:
    """Return what was started at a site and is kept, each weighted by what it serves when."""
    parts = []
    for o, deal in plan.offers.items():
        if deal.terms.platform != p or i not in plan.places(o):
            continue
        started = plan.x.rent if deal.is_rented else plan.x.start
        for u in deal.starts:
            parts.append((weight(deal.serves[u]), started[o, i, u]))
            if deal.voided:
                parts.append((-weight(deal.serves[u]), plan.x.cancel[o, i, u]))
    for e, held in plan.existing.items():
        if (held.terms.platform, held.terms.site) == (p, i):
            parts.append((weight(held.serves), plan.x.existing[e]))
    return pyo.quicksum(share * column for share, column in parts if share)


def _fleet_use(plan: Decisions) -> None:
    deployed = plan.x.deploy

    def fleet(p: str, i: str, t: int) -> Any:
        return _fleet(plan, lambda serves: serves[t], p, i)

    def at_work(p: str, i: str, t: int) -> Any:
        most = deployed[p, i, t] if (p, i, t) in deployed else fleet(p, i, t)
        return _working(plan, p, i, t) <= most

    def still_standing(p: str, i: str, t: int) -> Any:
        gone = _fleet(plan, lambda serves: max(serves[t - 1] - serves[t], 0), p, i)
        on_demand = pyo.quicksum(
            plan.offers[o].serves[t, t] * plan.x.rent[o, at, u]
            for o, at, u in plan.x.rent
            if plan.offers[o].terms.platform == p and at == i and u == t
        )
        return deployed[p, i, t] - on_demand >= deployed[p, i, t - 1] - gone

    everywhere = [(p, i, t) for p, i in sorted(plan.pairs) for t in plan.quarters]
    plan.require("allocation", everywhere, at_work)
    plan.require("deployment", deployed, lambda p, i, t: deployed[p, i, t] <= fleet(p, i, t))
    plan.require("standing", [key for key in deployed if key[2] > 0], still_standing)
    kept, void = plan.x.existing, plan.x.void

    def all_held(e: str) -> Any:
        dropped = [void[e]] if e in void else []
        return pyo.quicksum([kept[e], *dropped]) == plan.existing[e].accelerators

    plan.require("existing", plan.existing, all_held)


def _working(plan: Decisions, p: str, i: str, t: int) -> Any:
    keys = ((p, i, w, t) for w in plan.scenario.workloads)
    return pyo.quicksum(plan.x.allocate[key] for key in keys if key in plan.x.allocate)


# --- power and cooling ----------------------------------------------------------------------------


def _power(plan: Decisions) -> None:
    deals, begun, drawn = plan.power, plan.x.power, plan.x.draw

    def available(k: str, t: int) -> Any:
        return pyo.quicksum(deals[k].serves[u, t] * begun[k, u] for u in deals[k].starts)

    def at_meter(i: str, t: int) -> Any:
        have = 1000 * plan.sample.by_quarter(f"sites.{i}.power_mw", limited[i])[t]
        for k, deal in deals.items():
            if deal.terms.site == i:
                leased = isinstance(deal.terms, PowerLease)
                have = have + (drawn[k, t] if leased else available(k, t))
        return _kw(plan, i, t) <= have

    sites = plan.scenario.sites.items()
    limited = {i: site.power_mw for i, site in sites if site.power_mw != "unlimited"}
    plan.require("power", [(i, t) for i in limited for t in plan.quarters], at_meter)
    plan.require("lease_draw", drawn, lambda k, t: drawn[k, t] <= available(k, t))
    plan.require("power_supply", begun, lambda k, t: begun[k, t] <= deals[k].supply[t])


def _kw(plan: Decisions, i: str, t: int) -> Any:
    parts = []
    for (p, at), it in plan.draws.items():
        if at == i and it.idle_share is None:
            parts.append(it.meter_kw * _working(plan, p, i, t))
        elif at == i:
            parts.append(it.meter_kw * it.idle_share * plan.x.deploy[p, i, t])
            parts.append(it.meter_kw * (1 - it.idle_share) * _working(plan, p, i, t))
    return pyo.quicksum(parts)


def _cooling(plan: Decisions) -> None:
    sites = plan.scenario.sites.items()
    limited = {i: s.liquid_cooling_mw for i, s in sites if s.liquid_cooling_mw != "unlimited"}

    def cooled(i: str, t: int) -> Any:
        most = plan.sample.by_quarter(f"sites.{i}.liquid_cooling_mw", limited[i])[t]
        parts = []
        for (p, at), it in plan.draws.items():
            if at == i and plan.scenario.platforms[p].liquid_cooled:
                stands = plan.x.deploy[p, i, t] if it.idle_share is not None else None
                parts.append(it.it_kw * (_working(plan, p, i, t) if stands is None else stands))
        return pyo.quicksum(parts) <= 1000 * most

    plan.require("cooling", [(i, t) for i in limited for t in plan.quarters], cooled)
