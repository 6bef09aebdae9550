"""A scenario's limits as groups that can be lifted one by one: rows, times and lists of names.

The strict model has every column that could be had if nothing took time and nobody was shut out;
a group that holds then forbids the columns that are too early, or shut out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from pydantic import BaseModel

from planner.config.document import Location
from planner.config.offers import Option, Programme
from planner.config.schema import Scenario
from planner.errors import SolveError
from planner.model.coefficients import Coefficients, derive
from planner.model.program import Model, build_model
from planner.model.sets import Sets, build_sets
from planner.model.template import Array, Bits, Indices, Label, LinearPrograms, Template
from planner.solve.hot import HotHighs
from planner.uncertainty.sampling import Draws

_WHERE: dict[str, Callable[[Scenario, Label], Location]] = {
    "supply": lambda scenario, row: (
        "offers",
        row.key[0],
        _supply_field(scenario.offers[row.key[0]]),
    ),
    "option_right": lambda _, row: ("offers", row.key[0], "up_to_accelerators"),
    "power": lambda _, row: ("sites", row.key[0], "power_mw"),
    "cooling": lambda _, row: ("sites", row.key[0], "liquid_cooling_mw"),
    "power_supply": lambda _, row: ("power", row.key[0], "supply_mw"),
    "pool": lambda _, row: ("pools", row.key[0], "supply"),
    "vendor_share": lambda _, row: ("limits", "largest_vendor_share", row.key[0]),
    "smallest_vendor_share": lambda _, row: ("limits", "smallest_vendor_share", row.key[0]),
    "growth": lambda _, row: ("limits", "growth", "accelerators_per_quarter"),  # noqa: ARG005
}
"""Where each family of rows that limits a plan stands in the config."""

_LISTS = {
    "allowed_platforms": (0, True),
    "denied_platforms": (0, False),
    "allowed_sites": (1, True),
    "denied_sites": (1, False),
}
"""Lists of a workload: which part of an allocation they look at, and whether they let in."""

_ZERO_DUAL = 1e-9
_ROUNDING = 1e-7


@dataclass(frozen=True, eq=False)
class Group:
    """A limit over all its rows, or over all the columns that it forbids.

    Attributes
    ----------
    family : str
        Of its rows; ``lead time``, ``deadline``, ``porting`` or ``list`` for columns.
    locations : tuple of Location
        Where it stands in the config; several fields that only together make a time.
    rows, columns : ndarray of int
    """

    family: str
    locations: tuple[Location, ...]
    rows: Indices
    columns: Indices


@dataclass(frozen=True)
class View:
    """Some samples of the strict model.

    Attributes
    ----------
    block : Coefficients
    most : ndarray, (sample, column)
        What groups of columns leave of each column while they hold: 0, or a programme's ramp.
    """

    block: Coefficients
    most: Array


@dataclass(frozen=True)
class Least:
    """The least cost of an aim while some groups hold; -infinity where no optimum is proven.

    Attributes
    ----------
    cost : ndarray, (sample,)
    programs : LinearPrograms
        As they were asked for, with every limit in them.
    view : View
    on : frozenset of Group
        Those that hold.
    x, duals : ndarray, (sample, column) and (sample, row)
    """

    cost: Array
    programs: LinearPrograms
    view: View
    on: frozenset[Group]
    x: Array
    duals: Array

    def helpful(self) -> frozenset[Group]:
        """Return what the first sample's proof needs; no other group that holds raises its cost."""
        programs, duals = self.programs, self.duals[0]
        by_entry = programs.matrix[0] * duals[programs.template.row_of]
        reduced = programs.cost[0] - _summed(by_entry, _column_of(programs), programs.cost.shape[1])
        return frozenset(
            group
            for group in self.on
            if (np.abs(duals[group.rows]) > _ZERO_DUAL).any()
            or (reduced[group.columns] < -_ZERO_DUAL).any()
        )

    def broken(self, groups: Sequence[Group]) -> frozenset[Group]:
        """Return those of some groups that are lifted and that the first sample's plan breaks."""
        programs, x = self.programs, self.x[0]
        template = programs.template
        by_entry = programs.matrix[0] * x[_column_of(programs)]
        over = _summed(by_entry, template.row_of, len(template.rows)) - programs.rhs[0]
        over = np.where(_below(template), over, -over)
        beyond = x - self.view.most[0]
        return frozenset(
            group
            for group in groups
            if group not in self.on
            and max([*over[group.rows], *beyond[group.columns]], default=0.0) > _ROUNDING
        )


def _column_of(programs: LinearPrograms) -> Indices:
    template = programs.template
    return np.repeat(np.arange(len(template.columns)), np.diff(template.starts))


def _below(template: Template) -> Bits:
    return np.array([sense == "<=" for sense in template.senses], dtype=bool)


def _summed(values: Array, at: Indices, length: int) -> Array:
    return np.bincount(at, values, minlength=length).astype(float)


class Strict:
    """Tells what can be reached while some of the limits hold and the others are lifted.

    Parameters
    ----------
    scenario : Scenario

    Attributes
    ----------
    model : Model
        In which nothing takes time and nobody is shut out.
    groups : tuple of Group
    """

    def __init__(self, scenario: Scenario) -> None:
        self.model = build_model(_at_once(scenario))
        self._sets = build_sets(scenario)
        self.groups = (
            *_row_groups(scenario, self.model),
            *_time_groups(scenario, self.model, self._sets),
            *_porting_groups(scenario, self.model, self._sets),
            *_list_groups(scenario, self.model),
        )
        template = self.model.template
        self._solver = HotHighs(template, np.zeros(len(template.columns)))
        self._lifted = np.where(_below(template), np.inf, -np.inf)

    def view(self, draws: Draws) -> View:
        """Return samples of the strict model."""
        block = self.model.coefficients(draws)
        most = np.zeros((draws.n, len(self.model.template.columns)))
        programmes = [o for o, item in enumerate(self._sets.offers) if item.mode == "programme"]
        if not programmes:
            return View(block, most)
        real = derive(self._sets, draws).supply
        supply = block.supply.copy()
        # A ramp that begins at once may be lower later: lifting the time never takes from it.
        supply[:, programmes] = np.maximum(supply, real)[:, programmes]
        names = {self._sets.offers[o].name: o for o in programmes}
        for j, column in enumerate(self.model.template.columns):
            if column.family == "start" and column.key[0] in names:
                t = self._sets.quarters.index(column.key[-1])
                most[:, j] = real[:, names[column.key[0]], t]
        return View(replace(block, supply=supply), most)

    def least(self, programs: LinearPrograms, view: View, on: Collection[Group]) -> Least:
        """Return the least cost of some programs while `on` holds and all else is lifted."""
        rhs, upper = programs.rhs.copy(), programs.upper.copy()
        for group in self.groups:
            if group in on:
                most = view.most[:, group.columns]
                upper[:, group.columns] = np.minimum(upper[:, group.columns], most)
            else:
                rhs[:, group.rows] = self._lifted[group.rows]
        held = replace(programs, rhs=rhs, upper=upper)
        try:
            solved = self._solver.solve(held, break_ties=False)
        except SolveError:
            # What no solver settles is no contradiction that could be explained.
            cost = np.full(programs.n, -np.inf)
            empty = np.zeros_like(programs.cost), np.zeros_like(programs.rhs)
            return Least(cost, programs, view, frozenset(on), *empty)
        return Least(solved.objective, programs, view, frozenset(on), solved.x, solved.duals)


def _at_once(scenario: Scenario) -> Scenario:
    """Return a scenario in which nothing takes time and no workload shuts anything out."""
    last = scenario.quarter_names()[-1]
    soon: dict[str, object] = {
        "lead_time_quarters": 0,
        "quarters_to_first_silicon": 0,
        "funding_quarter": None,
        "exercise_until": last,
        "delay_quarters": 0,
        "from_quarter": None,
        "allowed_platforms": None,
        "allowed_sites": None,
        "denied_platforms": [],
        "denied_sites": [],
    }

    def at_once(section: Mapping[str, BaseModel]) -> dict[str, BaseModel]:
        return {name: _with(item, soon) for name, item in section.items()}

    platforms = {
        name: item.model_copy(update={"porting": at_once(item.porting)})
        for name, item in scenario.platforms.items()
    }
    sections = {key: at_once(getattr(scenario, key)) for key in ("offers", "power", "workloads")}
    return scenario.model_copy(update={**sections, "platforms": platforms})


def _with(item: BaseModel, values: Mapping[str, object]) -> BaseModel:
    fields = type(item).model_fields
    return item.model_copy(update={key: v for key, v in values.items() if key in fields})


def _supply_field(offer: object) -> str:
    if isinstance(offer, Programme):
        return "ramp_accelerators" if offer.success.probability > 0 else "success"
    return "supply_accelerators"


def _row_groups(scenario: Scenario, model: Model) -> list[Group]:
    found: dict[tuple[str, Location], list[int]] = {}
    for r, row in enumerate(model.template.rows):
        if row.family in _WHERE:
            at = _WHERE[row.family](scenario, row)
            found.setdefault((row.family, at), []).append(r)
    return [Group(family, (at,), _indices(r), _indices(())) for (family, at), r in found.items()]


def _of_columns(family: str, at: Sequence[Location], columns: Iterable[int]) -> Iterator[Group]:
    """Yield a group of columns, unless it has none."""
    found = _indices(columns)
    if found.size:
        yield Group(family, tuple(at), _indices(()), found)


def _indices(numbers: Iterable[int]) -> Indices:
    return np.array(list(numbers), dtype=np.int64)


def _time_groups(scenario: Scenario, model: Model, sets: Sets) -> Iterator[Group]:
    """Yield the lead times, and the quarters until which options may be ordered from."""
    columns = _starting(model)
    for item in sets.offers + sets.power:
        config = getattr(scenario, item.path.split(".")[0])[item.name]
        mine = columns.get((item.path.split(".")[0], item.name), {})
        at = tuple(item.path.split("."))
        every = range(len(sets.quarters))
        if isinstance(config, Programme):
            fields = ["quarters_to_first_silicon"]
            fields += [] if config.funding_quarter is None else ["funding_quarter"]
            if item.starts != tuple(every):
                places = [(*at, key) for key in fields]
                yield from _of_columns("lead time", places, _of(mine, every))
            continue
        lead = item.lead_quarters if item.commits else 0
        yield from _of_columns("lead time", [(*at, "lead_time_quarters")], _of(mine, every[:lead]))
        if isinstance(config, Option):
            last = sets.quarters.index(config.exercise_until) + lead
            late = _of(mine, every[last + 1 :])
            yield from _of_columns("deadline", [(*at, "exercise_until")], late)


def _starting(model: Model) -> dict[tuple[str, str], dict[int, list[int]]]:
    """Return the columns that begin something, by section, name and quarter."""
    sections = {"start": "offers", "power": "power"}
    found: dict[tuple[str, str], dict[int, list[int]]] = {}
    for j, column in enumerate(model.template.columns):
        if column.family in sections:
            t = model.sets.quarters.index(column.key[-1])
            key = (sections[column.family], column.key[0])
            found.setdefault(key, {}).setdefault(t, []).append(j)
    return found


def _of(columns: Mapping[int, Sequence[int]], quarters: range) -> list[int]:
    return [j for t in quarters for j in columns.get(t, ())]


def _porting_groups(scenario: Scenario, model: Model, sets: Sets) -> Iterator[Group]:
    for name, platform in scenario.platforms.items():
        for workload, porting in platform.porting.items():
            p, w = sets.platforms.index(name), sets.workloads.index(workload)
            ready = {sets.quarters[t] for t in sets.run_quarters(p, w)}
            columns = [
                j
                for j, (chip, _, work, quarter) in _allocations(model)
                if (chip, work) == (name, workload) and quarter not in ready
            ]
            at = ("platforms", name, "porting", workload)
            fields = ["delay_quarters"] if porting.delay_quarters else []
            fields += [] if porting.from_quarter is None else ["from_quarter"]
            yield from _of_columns("porting", [(*at, key) for key in fields], columns)


def _list_groups(scenario: Scenario, model: Model) -> Iterator[Group]:
    for workload, item in scenario.workloads.items():
        for field, (part, lets_in) in _LISTS.items():
            names: Sequence[str] | None = getattr(item, field)
            if not names:
                continue
            columns = [
                j
                for j, key in _allocations(model)
                if key[2] == workload and (key[part] in names) != lets_in
            ]
            yield from _of_columns("list", [("workloads", workload, field)], columns)


def _allocations(model: Model) -> Iterator[tuple[int, tuple[str, ...]]]:
    for j, column in enumerate(model.template.columns):
        if column.family == "allocate":
            yield j, column.key
