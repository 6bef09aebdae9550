"""One sample's linear program as a file, rendered by PuLP."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from planner.catalog.resolve import load_scenario
from planner.errors import InputError, Problem
from planner.model.program import Model, build_model
from planner.solve.pulp_reference import to_pulp
from planner.store.folder import told_plainly
from planner.uncertainty.sampling import build_sampler

_LONGEST_NAME = 255
"""Of the LP format; PuLP refuses names of more than 100 characters unless told."""


def export_sample(
    config: Path,
    overrides: Sequence[str],
    sample: int,
    file_format: Literal["mps", "lp"],
    out: Path | None = None,
) -> Path:
    """Write sample `sample` of a scenario and return the file.

    Raises
    ------
    InputError
        If the config has problems, or has no such sample.
    StoreError
        If the file cannot be written.
    """
    scenario = load_scenario(config, overrides).scenario
    if sample >= scenario.samples:
        allowed = f"0 to {scenario.samples - 1:,}"
        remedy = "name one of the run's samples, or raise samples"
        raise InputError([Problem("--sample", "no such sample", allowed, remedy, str(sample))])
    path = out or Path(f"{scenario.scenario}-sample-{sample}.{file_format}")
    write_sample(build_model(scenario), sample, file_format, path)
    return path


def write_sample(model: Model, sample: int, file_format: Literal["mps", "lp"], path: Path) -> None:
    """Write the program of a sample.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    scenario = model.scenario
    draws = build_sampler(scenario).draw(sample, 1)
    problem = to_pulp(model.programs(model.coefficients(draws)), 0, scenario.scenario)
    with told_plainly(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if file_format == "mps":
            problem.writeMPS(str(path))
        else:
            problem.writeLP(str(path), max_length=_LONGEST_NAME)
