"""A scenario as a model: its sets, its template, and the linear programs of any samples."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.config.schema import Scenario
from planner.model.builder import TemplateBuilder
from planner.model.coefficients import Coefficients, derive, known_parts
from planner.model.columns import COLUMN_FAMILIES
from planner.model.rows import ROW_FAMILIES
from planner.model.sets import Sets, build_sets
from planner.model.sources import SOURCES, sources
from planner.model.template import LinearPrograms, Template
from planner.uncertainty.inputs import uncertain_inputs
from planner.uncertainty.sampling import Draws, median_draws

_KEPT_NUMBERS = 2**22 - 2**10
"""Of an array of nearly 32 MiB, the most that glibc takes into account (mallopt(3))."""


@dataclass(frozen=True)
class Model:
    """What is the same in every sample of a scenario.

    Attributes
    ----------
    known : mapping
        The parts of the coefficients that no uncertain input touches.
    """

    scenario: Scenario
    sets: Sets
    template: Template
    known: Mapping[str, Any]

    def coefficients(self, draws: Draws) -> Coefficients:
        """Return the coefficients of the samples in `draws`."""
        return derive(self.sets, draws, self.known)

    def programs(self, block: Coefficients) -> LinearPrograms:
        """Return the linear programs of a block of samples."""
        return self.template.fill(sources(self.sets, block, self.template.used))


def build_model(scenario: Scenario, families: Collection[str] = tuple(ROW_FAMILIES)) -> Model:
    """Return the model of a validated scenario.

    Parameters
    ----------
    scenario : Scenario
    families : collection of str
        Names of the families of rows to build; all of them unless given.
    """
    _keep_freed_memory()
    sets = build_sets(scenario)
    # Two samples show the shapes of all arrays, and what is the same in both.
    median = median_draws(uncertain_inputs(scenario)).values
    two = derive(sets, Draws({name: np.repeat(value, 2) for name, value in median.items()}, 2))
    arrays = sources(sets, two, SOURCES)
    builder = TemplateBuilder({name: array.shape[1:] for name, array in arrays.items()})
    for family in COLUMN_FAMILIES.values():
        for column in family.columns(sets):
            builder.column(column.label, column.cost, upper=column.upper, integer=column.integer)
    for name, module in ROW_FAMILIES.items():
        if name in families:
            module.add_rows(builder, sets)
    return Model(scenario, sets, builder.build(), known_parts(sets, two))


def _keep_freed_memory() -> None:
    """Let the C library keep what a block frees: the next one needs as much.

    Else it returns memory to the system and gets it back as pages that are empty, which takes as
    long as filling them. Freeing an array that is never touched raises the size from which on glibc
    does that; other C libraries do not mind.
    """
    np.empty(_KEPT_NUMBERS)
