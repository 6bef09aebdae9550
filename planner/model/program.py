"""A scenario as a model: its sets, its template, and the linear programs of any samples."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from planner.config.schema import Scenario
from planner.model.builder import TemplateBuilder
from planner.model.coefficients import Coefficients, derive, start_cost
from planner.model.columns import add_columns
from planner.model.rows import ROW_FAMILIES
from planner.model.sets import Sets, build_sets
from planner.model.template import Array, LinearPrograms, Template
from planner.uncertainty.sampling import Draws


@dataclass(frozen=True)
class Model:
    """What is the same in every sample of a scenario."""

    scenario: Scenario
    sets: Sets
    template: Template

    def coefficients(self, draws: Draws) -> Coefficients:
        """Return the coefficients of the samples in `draws`."""
        return derive(self.scenario, self.sets, draws)

    def programs(self, block: Coefficients) -> LinearPrograms:
        """Return the linear programs of a block of samples."""
        return self.template.fill(_sources(self.scenario, self.sets, block))


def build_model(scenario: Scenario, families: Collection[str] = tuple(ROW_FAMILIES)) -> Model:
    """Return the model of a validated scenario.

    Parameters
    ----------
    scenario : Scenario
    families : collection of str
        Names of the families of rows to build; all of them unless given.
    """
    sets = build_sets(scenario)
    builder = TemplateBuilder(_shapes(sets))
    add_columns(builder, sets)
    for name, family in ROW_FAMILIES.items():
        if name in families:
            family.add_rows(builder, sets)
    return Model(scenario, sets, builder.build())


def _shapes(sets: Sets) -> dict[str, tuple[int, ...]]:
    quarters, offers = len(sets.quarters), len(sets.offers)
    platforms, workloads = len(sets.platforms), len(sets.workloads)
    return {
        "start_cost": (offers, quarters),
        "deploy_cost": (platforms, len(sets.sites), quarters),
        "shortfall_cost": (workloads, quarters),
        "yield": (platforms, workloads),
        "demand": (workloads, quarters),
        "supply": (offers, quarters),
        "meter_kw": (platforms, len(sets.sites)),
        "site_kw": (len(sets.sites), quarters),
        "vendor_share": (len(sets.vendors),),
    }


def _sources(scenario: Scenario, sets: Sets, block: Coefficients) -> dict[str, Array]:
    return {
        "start_cost": start_cost(scenario, sets, block),
        "deploy_cost": np.asarray(block.deploy_usd.sum(axis=-1) * block.discount),
        "shortfall_cost": block.shortfall_usd * block.discount,
        "yield": block.yield_pflops,
        "demand": block.demand_pflops,
        "supply": block.supply,
        "meter_kw": block.meter_kw,
        "site_kw": block.site_kw,
        "vendor_share": block.vendor_share,
    }
