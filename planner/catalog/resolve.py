"""From a scenario file to a scenario: overrides, figures of the catalogue and of files, checks."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.beliefs.checking import belief_problems
from planner.catalog.baselines import fill_baselines
from planner.catalog.filling import fill
from planner.catalog.loading import Catalog, gather, shipped_documents
from planner.catalog.observations import fill_observations
from planner.config.document import Document
from planner.config.overrides import apply_overrides
from planner.config.paths import inside_folder
from planner.config.schema import Scenario
from planner.config.validation import validate
from planner.config.yaml_tree import read_document
from planner.errors import InputError, Problem


@dataclass(frozen=True)
class LoadedScenario:
    """A scenario that can be sampled, and all that it was made from.

    Attributes
    ----------
    scenario : Scenario
    document : Document
        As the user wrote it, overrides applied, with the origin of every part.
    resolved : dict
        The document's data with the figures of the catalogue and of files of observed values, and
        their sources, filled in: nothing has to be looked up again.
    catalog : Catalog
        The shipped catalogue with the scenario's overlay.
    """

    scenario: Scenario
    document: Document
    resolved: dict[str, Any]
    catalog: Catalog


def load_scenario(path: Path, overrides: Sequence[str] = ()) -> LoadedScenario:
    """Read, override, fill in and validate a scenario.

    Parameters
    ----------
    path : Path
        The scenario's YAML file.
    overrides : sequence of str
        Assignments such as ``sites.own.pue=1.2``, applied in order.

    Raises
    ------
    InputError
        With every problem of the scenario and of its catalogue.
    """
    document, refused = apply_overrides(read_document(path), overrides)
    overlay, problems = _overlay(document)
    gathered = gather(shipped_documents(), overlay)
    resolved = deepcopy(document.data)
    # Without its overlay, a name that is not in the catalogue may yet be a good one.
    whole = not problems
    problems += [*gathered.problems, *fill(resolved, document, gathered, whole=whole)]
    problems += fill_baselines(resolved, document, gathered, whole=whole)
    problems += fill_observations(resolved, document)
    problems += belief_problems(resolved, document)
    scenario = validate(document.with_data(resolved), known=[*refused, *problems])
    return LoadedScenario(scenario, document, resolved, gathered.catalog)


def _overlay(document: Document) -> tuple[Document | None, list[Problem]]:
    """Return the user's own catalogue file, if one is named, or why it cannot be read."""
    named = document.data.get("catalog")
    if not isinstance(named, str):
        return None, []
    try:
        return read_document(inside_folder(document, ("catalog",), named)), []
    except InputError as error:
        return None, list(error.problems)
