"""What a fitted process says of the quarters ahead: the product's own paths, with a fixed seed."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import TypeAdapter

from planner.beliefs.kinds import quantile
from planner.config.processes import Process
from planner.config.quantities import PositivePath
from planner.uncertainty.fitting.table import Array
from planner.uncertainty.processes import process_path, shock_belief
from planner.uncertainty.streams import uniforms

SAMPLES = 65_536
SEED = 1

_PATH: TypeAdapter[Any] = TypeAdapter(PositivePath)


def simulate(
    spec: dict[str, Any], quarters: int, samples: int = SAMPLES, seed: int = SEED
) -> Array:
    """Return values relative to today's, as a scenario with this specification draws them.

    Parameters
    ----------
    spec : dict
        Of a process, as in YAML, or a plain number.
    quarters : int
        How many ahead.

    Returns
    -------
    ndarray, (sample, quarter)
        The first column is of today: 1.

    Raises
    ------
    InputError
        If a value is too large or too near to 0.
    """
    process = _PATH.validate_python({**spec, "first": 1.0} if "process" in spec else spec)
    if not isinstance(process, Process):
        return np.ones((samples, quarters + 1))
    streams = [*process.parameters, *(f"shocks.{quarter}" for quarter in range(quarters))]
    drawn = dict(zip(streams, uniforms(seed, streams, 0, samples), strict=True))
    parameters = {key: quantile(getattr(process, key), drawn[key]) for key in process.parameters}
    shock = shock_belief(process)
    shocks = (
        []
        if shock is None
        else [quantile(shock, drawn[f"shocks.{quarter}"]) for quarter in range(quarters)]
    )
    return process_path("fit", process, parameters, shocks)
