"""The decisions: every family of columns, with its stage and where it goes in the results.

docs/formulation.md lists them with their units and costs.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from planner.config.offers import Buy, Reserve
from planner.config.places import PowerLease
from planner.model import labels
from planner.model.contracts import Contract
from planner.model.service import breakpoints
from planner.model.sets import Sets
from planner.model.template import Label, Ref, constant
from planner.model.tiers import tiers_of

Stage = Literal["commitment", "recourse"]
Shape = tuple[int, ...]

BUDGETS = ("capex", "opex")


@dataclass(frozen=True)
class Column:
    """One column, and its place in the array of its family."""

    label: Label
    place: tuple[int, ...]
    cost: Ref
    upper: Ref | None = None
    integer: bool = False


@dataclass(frozen=True)
class ColumnFamily:
    """The columns of one kind of decision.

    Attributes
    ----------
    stage : str
        Commitments are signed; recourse is what is done with them.
    keys : tuple of str
        What the parts of a column's key are: offer, site, quarter and so on.
    unit : str
        Of its values; empty for that of the workload.
    shape : callable
        Of the array that holds the family's values for one sample.
    columns : callable
        All columns of a scenario.
    """

    stage: Stage
    keys: tuple[str, ...]
    unit: str
    shape: Callable[[Sets], Shape]
    columns: Callable[[Sets], Iterator[Column]]


def cancellable(sets: Sets, offer: Contract) -> bool:
    """Return whether what is ordered under an offer can be cancelled."""
    config = sets.scenario.offers[offer.name]
    return isinstance(config, Buy) and config.cancellation_share is not None


def minimum_order(sets: Sets, offer: Contract) -> float | None:
    """Return the smallest order for a quarter, if there is one."""
    config = sets.scenario.offers[offer.name]
    return config.minimum_order_accelerators if isinstance(config, Buy | Reserve) else None


def draws_apart(sets: Sets, position: int) -> bool:
    """Return whether what a power contract delivers is counted by what is drawn: a lease."""
    return isinstance(sets.scenario.power[sets.power[position].name], PowerLease)


def fall_offers(sets: Sets, position: int) -> tuple[tuple[int, Contract], ...]:
    """Return the offers whose price a price fall lowers: what the vendor sells and reserves."""
    fall = sets.scenario.bargaining.price_falls[sets.falls[position]]
    vendor = frozenset({sets.vendors.index(fall.vendor)})
    return tuple((o, item) for o, item in sets.starts_of(vendor) if item.mode in ("buy", "reserve"))


def _take(sets: Sets, *, commits: bool) -> Iterator[Column]:
    for o, offer in enumerate(sets.offers):
        if offer.commits == commits:
            for i in offer.sites:
                for u in offer.starts:
                    label = labels.take(sets, offer, i, u)
                    yield Column(label, (o, i, u), Ref("start_cost", (o, u)))


def _start(sets: Sets) -> Iterator[Column]:
    return _take(sets, commits=True)


def _rent(sets: Sets) -> Iterator[Column]:
    return _take(sets, commits=False)


def _existing(sets: Sets) -> Iterator[Column]:
    for e, entry in enumerate(sets.existing):
        cost = Ref("start_cost", (len(sets.offers) + e, entry.starts[0]))
        yield Column(labels.existing(entry), (e,), cost)


def voidable(sets: Sets, entry: Contract) -> bool:
    """Return whether an existing entry can be cancelled."""
    return getattr(sets.scenario.existing[entry.name], "cancellation_share", None) is not None


def _void(sets: Sets) -> Iterator[Column]:
    for e, entry in enumerate(sets.existing):
        if voidable(sets, entry):
            cost = Ref("cancel_cost", (len(sets.offers) + e, entry.starts[0]))
            yield Column(labels.void(entry), (e,), cost)


def _bets(family: str) -> Callable[[Sets], Iterator[Column]]:
    def columns(sets: Sets) -> Iterator[Column]:
        for b, bet in enumerate(sets.bets):
            if bet.family == family:
                cost = Ref("bet_cost", (b,))
                yield Column(labels.bet(bet), (b,), cost, constant(1), bet.integer)

    return columns


def _order(sets: Sets) -> Iterator[Column]:
    whole = sets.scenario.bets == "whole"
    for o, offer in enumerate(sets.offers):
        if minimum_order(sets, offer) is not None:
            for u in offer.starts:
                label = labels.order(sets, offer, u)
                yield Column(label, (o, u), constant(0), constant(1), whole)


def _tier(sets: Sets) -> Iterator[Column]:
    for o, offer in enumerate(sets.offers):
        for g, step in enumerate(tiers_of(sets, offer)):
            for u in offer.starts:
                cost = Ref("list_cost", (o, u), step.price_times - 1)
                upper = None if step.width is None else constant(step.width)
                yield Column(labels.tier(sets, offer, u, g), (o, u, g), cost, upper)


def _full(sets: Sets) -> Iterator[Column]:
    whole = sets.scenario.bets == "whole"
    for o, offer in enumerate(sets.offers):
        for g, step in enumerate(tiers_of(sets, offer)):
            if step.cheaper:
                for u in offer.starts:
                    label = labels.full(sets, offer, u, g)
                    yield Column(label, (o, u, g), constant(0), constant(1), whole)


def _lots(sets: Sets) -> Iterator[Column]:
    whole = sets.scenario.bets == "whole"
    for o, offer in enumerate(sets.offers):
        size = sets.scenario.offers[offer.name].whole_units_of
        if size is not None:
            for i in offer.sites:
                for u in offer.starts:
                    label = labels.lots(sets, offer, i, u)
                    most = Ref("supply", (o, u), 1 / size)
                    yield Column(label, (o, i, u), constant(0), most, whole)


def _fall(sets: Sets) -> Iterator[Column]:
    whole = sets.scenario.bets == "whole"
    for f in range(len(sets.falls)):
        yield Column(labels.fall(sets, f), (f,), constant(0), constant(1), whole)


def _rebate(sets: Sets) -> Iterator[Column]:
    for f in range(len(sets.falls)):
        for o, offer in fall_offers(sets, f):
            for u in offer.starts:
                label = labels.rebate(sets, f, offer, u)
                yield Column(label, (f, o, u), Ref("rebate_cost", (f, o, u)))


def _power(sets: Sets) -> Iterator[Column]:
    for k, item in enumerate(sets.power):
        for u in item.starts:
            yield Column(labels.power(sets, item, u), (k, u), Ref("power_cost", (k, u)))


def _draw(sets: Sets) -> Iterator[Column]:
    for k, item in enumerate(sets.power):
        if draws_apart(sets, k):
            for t in range(len(sets.quarters)):
                yield Column(labels.draw(sets, item, t), (k, t), Ref("draw_cost", (k, t)))


def _cancel(sets: Sets) -> Iterator[Column]:
    for o, offer in enumerate(sets.offers):
        if cancellable(sets, offer):
            for i in offer.sites:
                for u in offer.starts:
                    label = labels.cancel(sets, offer, i, u)
                    yield Column(label, (o, i, u), Ref("cancel_cost", (o, u)))


def _deploy(sets: Sets) -> Iterator[Column]:
    for p, i in sets.platform_sites:
        if p in sets.idle_platforms:
            for t in range(len(sets.quarters)):
                label = labels.deploy(sets, p, i, t)
                yield Column(label, (p, i, t), Ref("deploy_cost", (p, i, t)))


def _allocate(sets: Sets) -> Iterator[Column]:
    for p, i in sets.platform_sites:
        for w in sets.run_workloads(p, i):
            for t in sets.run_quarters(p, w):
                label = labels.allocate(sets, p, i, w, t)
                yield Column(label, (p, i, w, t), Ref("allocate_cost", (p, i, t)))


def _segment(sets: Sets) -> Iterator[Column]:
    for p, w in sets.runs:
        for k, width in enumerate(segment_widths(sets, w)):
            for t in sets.run_quarters(p, w):
                label = labels.segment(sets, p, w, t, k)
                yield Column(label, (p, w, t, k), constant(0), constant(width))


def segment_widths(sets: Sets, workload: int) -> tuple[float, ...]:
    """Return the accelerators of all jobs in each segment of their size; none without scaling."""
    scaling = sets.scenario.workloads[sets.workloads[workload]].scaling
    if scaling is None:
        return ()
    edges = breakpoints(scaling)
    return tuple(scaling.jobs * float(high - low) for low, high in itertools.pairwise(edges))


def _shortfall(sets: Sets) -> Iterator[Column]:
    for w in range(len(sets.workloads)):
        for t in sets.demand_quarters(w):
            yield Column(labels.shortfall(sets, w, t), (w, t), Ref("shortfall_cost", (w, t)))


def _below_target(sets: Sets) -> Iterator[Column]:
    for w, item in enumerate(sets.scenario.workloads.values()):
        if item.service_target is not None:
            for t in sets.demand_quarters(w):
                yield Column(labels.below_target(sets, w, t), (w, t), Ref("target_cost", (w, t)))


def budgeted(sets: Sets) -> Iterator[tuple[int, int, float]]:
    """Yield kind, year and US dollars of every budget."""
    budgets = sets.scenario.limits.budgets
    if budgets is None:
        return
    for kind, amounts in enumerate((budgets.capex_usd_by_year, budgets.opex_usd_by_year)):
        for y, amount in enumerate(amounts or ()):
            yield kind, y, amount


def _overrun(sets: Sets) -> Iterator[Column]:
    for kind, y, _ in budgeted(sets):
        yield Column(labels.overrun(BUDGETS[kind], y), (kind, y), Ref("overrun_cost", (y,)))


def _offer_start(sets: Sets) -> Shape:
    return (len(sets.offers), len(sets.sites), len(sets.quarters))


def _offer_quarter(sets: Sets) -> Shape:
    return (len(sets.offers), len(sets.quarters))


def _offer_tier(sets: Sets) -> Shape:
    most = max((len(tiers_of(sets, offer)) for offer in sets.offers), default=0)
    return (*_offer_quarter(sets), most)


def _workload_quarter(sets: Sets) -> Shape:
    return (len(sets.workloads), len(sets.quarters))


def _allocate_shape(sets: Sets) -> Shape:
    return (len(sets.platforms), len(sets.sites), *_workload_quarter(sets))


def _segment_shape(sets: Sets) -> Shape:
    most = max((len(segment_widths(sets, w)) for w in range(len(sets.workloads))), default=0)
    return (len(sets.platforms), *_workload_quarter(sets), most)


def _power_shape(sets: Sets) -> Shape:
    return (len(sets.power), len(sets.quarters))


def _bet_shape(sets: Sets) -> Shape:
    return (len(sets.bets),)


def _rebate_shape(sets: Sets) -> Shape:
    return (len(sets.falls), *_offer_quarter(sets))


def _existing_shape(sets: Sets) -> Shape:
    return (len(sets.existing),)


def _fall_shape(sets: Sets) -> Shape:
    return (len(sets.falls),)


def _overrun_shape(sets: Sets) -> Shape:
    return (len(BUDGETS), len(sets.years))


def _deploy_shape(sets: Sets) -> Shape:
    return (len(sets.platforms), len(sets.sites), len(sets.quarters))


_SITE_QUARTER = ("offer", "site", "quarter")
_ACCELERATORS, _YES, _KW = "accelerators", "yes or no", "kW"

COLUMN_FAMILIES: dict[str, ColumnFamily] = {
    "start": ColumnFamily("commitment", _SITE_QUARTER, _ACCELERATORS, _offer_start, _start),
    "existing": ColumnFamily("recourse", ("existing",), _ACCELERATORS, _existing_shape, _existing),
    "right": ColumnFamily("commitment", ("offer",), _YES, _bet_shape, _bets("right")),
    "fund": ColumnFamily("commitment", ("offer",), _YES, _bet_shape, _bets("fund")),
    "adopt": ColumnFamily("commitment", ("platform", "workload"), _YES, _bet_shape, _bets("adopt")),
    "order": ColumnFamily("commitment", ("offer", "quarter"), _YES, _offer_quarter, _order),
    "tier": ColumnFamily(
        "commitment", ("offer", "quarter", "part"), _ACCELERATORS, _offer_tier, _tier
    ),
    "full": ColumnFamily("commitment", ("offer", "quarter", "part"), _YES, _offer_tier, _full),
    "lots": ColumnFamily("commitment", _SITE_QUARTER, "lots", _offer_start, _lots),
    "fall": ColumnFamily("commitment", ("part",), _YES, _fall_shape, _fall),
    "rebate": ColumnFamily(
        "recourse",
        ("part", "offer", "quarter"),
        _ACCELERATORS,
        _rebate_shape,
        _rebate,
    ),
    "power": ColumnFamily("commitment", ("power", "quarter"), _KW, _power_shape, _power),
    "rent": ColumnFamily("recourse", _SITE_QUARTER, _ACCELERATORS, _offer_start, _rent),
    "cancel": ColumnFamily("recourse", _SITE_QUARTER, _ACCELERATORS, _offer_start, _cancel),
    "void": ColumnFamily("recourse", ("existing",), _ACCELERATORS, _existing_shape, _void),
    "draw": ColumnFamily("recourse", ("power", "quarter"), _KW, _power_shape, _draw),
    "deploy": ColumnFamily(
        "recourse",
        ("platform", "site", "quarter"),
        _ACCELERATORS,
        _deploy_shape,
        _deploy,
    ),
    "allocate": ColumnFamily(
        "recourse",
        ("platform", "site", "workload", "quarter"),
        _ACCELERATORS,
        _allocate_shape,
        _allocate,
    ),
    "segment": ColumnFamily(
        "recourse",
        ("platform", "workload", "quarter", "part"),
        _ACCELERATORS,
        _segment_shape,
        _segment,
    ),
    "shortfall": ColumnFamily(
        "recourse", ("workload", "quarter"), "", _workload_quarter, _shortfall
    ),
    "below_target": ColumnFamily(
        "recourse",
        ("workload", "quarter"),
        "",
        _workload_quarter,
        _below_target,
    ),
    "overrun": ColumnFamily("recourse", ("part", "year"), "million USD", _overrun_shape, _overrun),
}
"""By name, in the order in which they stand in the linear program."""
