"""Before any sample is solved: limits that cannot hold together, as a smallest set of them.

A contradiction is something that a plan must be able to do and cannot do in any future, whatever
is bought: serve anything of a workload, order anything at all, or power and cool the fleet that is
already there. Being short of a demand is no contradiction; it has a price.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from planner.analysis.smallest_set import Aim, Search
from planner.analysis.strict import Strict
from planner.beliefs.kinds import quantile
from planner.catalog.resolve import LoadedScenario
from planner.config.document import Document, Location, dotted
from planner.config.schema import Scenario
from planner.config.wording import show
from planner.errors import InputError, Problem
from planner.model.coefficients import Coefficients
from planner.model.program import Model
from planner.model.template import Array, LinearPrograms
from planner.uncertainty.event_bounds import best_of
from planner.uncertainty.events import events_of
from planner.uncertainty.inputs import Input, uncertain_inputs
from planner.uncertainty.sampling import (
    Draws,
    build_sampler,
    median_draws,
    refuse_what_cannot_be_sampled,
)

_SOME = 1e-6
"""Part of a demand that counts as serving it, and accelerators that count as an order."""

_RARE = 1e-9
"""Probability of a value beyond the best that is looked at."""

_DRAWN = 16
"""Samples that are drawn as well, in case that best is not best: a ramp that falls and slips."""

_MOST_NAMED = 12

_BETTER_LOW = frozenset(
    {
        "accelerator_kw",
        "cut_share",
        "idle_power_share",
        "interruption_share",
        "memory_traffic_gb_per_unit",
        "pue",
        "slip_quarters",
        "smallest_vendor_share",
        "use_per_accelerator",
    }
)
"""Fields of which less makes more possible; of all others that matter, more does."""


@dataclass(frozen=True)
class Contradiction:
    """What cannot be done, and the fewest limits that forbid it.

    Attributes
    ----------
    location : Location
        Of what is asked for.
    message : str
    limits : tuple of (tuple of Location)
        Of each limit, all the fields that make it.
    smallest : bool
        Whether it is proven that no smaller set forbids it; none can be left out in any case.
    enough : bool
        Whether giving up any one of them makes it possible.
    remedy : str
    """

    location: Location
    message: str
    limits: tuple[tuple[Location, ...], ...]
    smallest: bool
    enough: bool
    remedy: str

    def problem(self, document: Document) -> Problem:
        """Return it as a problem at its line, with the lines of the limits."""
        named = [" with ".join(_named(document, at) for at in limit) for limit in self.limits]
        value = _at(document.data, self.location)
        return document.problem(
            self.location,
            f"{self.message}. Forbidden by {_together(named, self.smallest)}",
            remedy=self.remedy,
            value="" if isinstance(value, dict | None) else show(value),
        )


def _together(named: Sequence[str], smallest: bool) -> str:
    if len(named) == 1:
        return f"{named[0]} alone"
    shown = [*named[:_MOST_NAMED]]
    if len(named) > len(shown):
        shown.append(f"{len(named) - len(shown)} more")
    proof = "by no fewer" if smallest else "none of them can be left out"
    return f"{', '.join(shown[:-1])} and {shown[-1]} together; {proof}"


def _named(document: Document, location: Location) -> str:
    """Return a limit's path, its value if that is short, and where it stands."""
    value, origin = _at(document.data, location), document.origin(location)
    plain = isinstance(value, int | float | str) or (
        isinstance(value, list) and all(isinstance(item, str) for item in value)
    )
    shown = f" = {show(value)}" if plain else ""
    where = origin.file if origin.line is None else f"line {origin.line}"
    return f"`{dotted(location)}`{shown} ({where})"


def _at(data: object, location: Location) -> object:
    for key in location:
        if not isinstance(data, dict) or key not in data:
            return None
        data = data[key]
    return data


def refuse_contradictions(loaded: LoadedScenario) -> None:
    """Raise InputError with every contradiction of a scenario, if it has any."""
    refuse_what_cannot_be_sampled(loaded)
    found = contradictions(loaded.scenario)
    if found:
        raise InputError([item.problem(loaded.document) for item in found])


def contradictions(scenario: Scenario) -> list[Contradiction]:
    """Return what no plan can do: not in the median, nor where all that matters is at its best."""
    strict = Strict(scenario)
    inputs = uncertain_inputs(scenario)
    looks = [
        # A value that is better than these is never drawn in a run.
        _best(scenario, inputs),
        median_draws(inputs),
        build_sampler(scenario).draw(0, _DRAWN),
    ]
    asked = (
        _forbidden(strict, location, message, _served(strict.model, w), looks)
        for w, location, message in _services(scenario)
    )
    found = [item for item in asked if item is not None]
    if scenario.limits.smallest_vendor_share or scenario.limits.largest_vendor_share:
        message = "nothing at all can be bought, reserved or built"
        orders = _forbidden(strict, ("limits",), message, _ordered(strict.model), looks)
        # For the same reason no work is served, which is told already.
        if orders is not None and orders.limits not in [item.limits for item in found]:
            found.append(orders)
    return [*found, *_overloaded(scenario, strict.model)]


def _best(scenario: Scenario, inputs: Sequence[Input], *less: str) -> Draws:
    """Return one sample with every input where it makes most possible; `less` are fields too.

    Events change every figure where that helps and none where it does not, whether or not they
    could happen like that together: a plan that is sound in any sample is sound here.
    """
    low = _BETTER_LOW | set(less)
    values = {}
    for item in inputs:
        u = _RARE if _field(item.name) in low else 1 - _RARE
        with np.errstate(over="ignore"):
            value = quantile(item.belief, np.array([u]))
        # What is too large to compute with is told when it is drawn.
        finite = np.isfinite(value).all()
        values[item.name] = value if finite else quantile(item.belief, np.array([0.5]))
    return Draws(values, 1, best_of(events_of(scenario), lambda path: _field(path) in low))


def _field(path: str) -> str:
    """Return the field of an input's path: what follows the name of its entry."""
    parts = path.split(".")
    depth = {"limits": 1, "bargaining": 3}.get(parts[0], 2)
    return parts[min(depth, len(parts) - 1)]


def _services(scenario: Scenario) -> Iterator[tuple[int, Location, str]]:
    anything = ", whatever is bought or rented"
    for w, (name, item) in enumerate(scenario.workloads.items()):
        if item.campaign is None:
            at: Location = ("workloads", name)
            yield w, at, f"nothing of this demand can be served in any quarter{anything}"
        else:
            until = item.campaign.until_quarter
            at = ("workloads", name, "campaign", "until_quarter")
            yield w, at, f"nothing of this campaign can be done by the end of {until}{anything}"


def _served(model: Model, workload: int) -> Aim:
    name = model.sets.workloads[workload]
    columns = [
        j
        for j, c in enumerate(model.template.columns)
        if c.family == "shortfall" and c.key[0] == name
    ]

    def aim(block: Coefficients) -> tuple[LinearPrograms, Array, Array]:
        alone = np.zeros_like(block.demand)
        alone[:, workload] = block.demand[:, workload]
        programs = model.programs(replace(block, demand=alone))
        cost = np.zeros_like(programs.cost)
        cost[:, columns] = 1.0
        wanted = alone.sum(axis=(1, 2))
        return replace(programs, cost=cost), wanted, _SOME * wanted

    return aim


def _ordered(model: Model) -> Aim:
    columns = [j for j, c in enumerate(model.template.columns) if c.family == "start"]
    cancelled = [j for j, c in enumerate(model.template.columns) if c.family == "cancel"]

    def aim(block: Coefficients) -> tuple[LinearPrograms, Array, Array]:
        programs = model.programs(block)
        cost, upper = np.zeros_like(programs.cost), programs.upper.copy()
        cost[:, columns] = -1.0
        # One of each is order enough, and keeps the problem bounded without its supply.
        upper[:, columns] = 1.0
        upper[:, cancelled] = 0.0
        nothing = np.zeros(programs.n)
        return replace(programs, cost=cost, upper=upper), nothing, nothing + _SOME

    return aim


def _forbidden(
    strict: Strict, location: Location, message: str, aim: Aim, looks: Sequence[Draws]
) -> Contradiction | None:
    """Return the contradiction if the aim is reached in no sample of no look."""
    every = frozenset(strict.groups)
    searches = (Search(strict, strict.view(look), aim) for look in looks)
    first = next(searches)
    if first.reached(every) or any(search.reached(every) for search in searches):
        return None
    if not first.reached(()):
        # Facts, such as yields of zero, are no limits that could be widened.
        return None
    kept, smallest, enough = first.smallest()
    remedy = (
        "widen any one of these limits, or change what is asked for"
        if enough
        else "widen one of these limits and check again: others are in the way as well"
    )
    limits = tuple(group.locations for group in kept)
    return Contradiction(location, message, limits, smallest, enough, remedy)


@dataclass(frozen=True)
class _Load:
    """Something that a site has of, and the existing fleet takes."""

    field: str
    have: Callable[[Coefficients, int], Array]
    each: Callable[[Coefficients, int, int], Array]
    words: str
    verb: str


def _overloaded(scenario: Scenario, model: Model) -> Iterator[Contradiction]:
    """Yield the sites at which less can work than stands there when the plan begins."""
    inputs = uncertain_inputs(scenario)
    best = model.coefficients(_best(scenario, inputs, "accelerators"))
    middle = model.coefficients(median_draws(inputs))
    surely = (
        " (at the medians, and too little at the best of all beliefs as well)" if inputs else ""
    )
    cooled = [item.liquid_cooled for item in scenario.platforms.values()]
    loads = (
        _Load(
            "power_mw",
            partial(_power_kw, scenario, model),
            lambda block, p, i: block.deployment.meter_kw[0, p, i],
            "the power",
            "draws",
        ),
        _Load(
            "liquid_cooling_mw",
            lambda block, i: block.cooling_kw[0, i, 0],
            lambda block, p, _: block.deployment.it_kw[0, p] * cooled[p],
            "the liquid cooling",
            "needs",
        ),
    )
    for i in range(len(model.sets.sites)):
        for load in loads:
            yield from _overload(model, i, load, best, middle, surely)


def _overload(
    model: Model, site: int, load: _Load, best: Coefficients, middle: Coefficients, surely: str
) -> Iterator[Contradiction]:
    entries = [
        (e, entry)
        for e, entry in enumerate(model.sets.existing)
        if entry.sites == (site,) and entry.mode in ("owned", "contracted")
    ]

    def needs(block: Coefficients) -> Array:
        each = [
            block.existing[0, e] * load.each(block, entry.platform, site) for e, entry in entries
        ]
        return np.array(each, dtype=float)

    order = np.argsort(-needs(best), kind="stable")
    over = np.cumsum(needs(best)[order]) > load.have(best, site) * (1 + _SOME)
    if not over.any():
        return
    chosen = order[: int(over.argmax()) + 1].tolist()
    at: Location = ("sites", model.sets.sites[site], load.field)
    fleet = tuple((("existing", entries[k][1].name, "accelerators"),) for k in chosen)
    need, have = needs(middle)[chosen].sum() / 1000, load.have(middle, site) / 1000
    yield Contradiction(
        at,
        f"the fleet that stands here cannot all work in the first quarter: it {load.verb} "
        f"{need:,.4g} MW, and {load.words} is {have:,.4g} MW{surely}",
        ((at,), *fleet),
        smallest=True,
        enough=len(chosen) == int((needs(best) > 0).sum()),
        remedy="raise the limit, or keep less of the fleet here",
    )


def _power_kw(scenario: Scenario, model: Model, block: Coefficients, site: int) -> Array:
    """Return the power of the first quarter, with what contracts can add in it."""
    more = sum(
        block.power_supply_kw[0, k, 0]
        for k, item in enumerate(model.sets.power)
        if item.sites == (site,) and scenario.power[item.name].lead_time_quarters == 0
    )
    return np.asarray(block.site_kw[0, site, 0] + more)
