"""A scenario as a model: its sets, its template, and the linear programs of any samples."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from planner.config.schema import Scenario
from planner.model.builder import TemplateBuilder
from planner.model.coefficients import Coefficients, derive
from planner.model.columns import COLUMN_FAMILIES
from planner.model.rows import ROW_FAMILIES
from planner.model.sets import Sets, build_sets
from planner.model.sources import sources
from planner.model.template import LinearPrograms, Template
from planner.uncertainty.inputs import uncertain_inputs
from planner.uncertainty.sampling import Draws, median_draws


@dataclass(frozen=True)
class Model:
    """What is the same in every sample of a scenario."""

    scenario: Scenario
    sets: Sets
    template: Template

    def coefficients(self, draws: Draws) -> Coefficients:
        """Return the coefficients of the samples in `draws`."""
        return derive(self.sets, draws)

    def programs(self, block: Coefficients) -> LinearPrograms:
        """Return the linear programs of a block of samples."""
        return self.template.fill(sources(self.sets, block))


def build_model(scenario: Scenario, families: Collection[str] = tuple(ROW_FAMILIES)) -> Model:
    """Return the model of a validated scenario.

    Parameters
    ----------
    scenario : Scenario
    families : collection of str
        Names of the families of rows to build; all of them unless given.
    """
    sets = build_sets(scenario)
    # One sample shows the shapes of all arrays.
    one = sources(sets, derive(sets, median_draws(uncertain_inputs(scenario))))
    builder = TemplateBuilder({name: array.shape[1:] for name, array in one.items()})
    for family in COLUMN_FAMILIES.values():
        for column in family.columns(sets):
            builder.column(column.label, column.cost, upper=column.upper, integer=column.integer)
    for name, module in ROW_FAMILIES.items():
        if name in families:
            module.add_rows(builder, sets)
    return Model(scenario, sets, builder.build())
