"""The Python interface: a few names for notebooks; see ``help(planner)``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.analysis.results import Results
from planner.catalog.resolve import LoadedScenario, load_scenario
from planner.run import Outcome, run
from planner.store.folder import SAMPLES, KeptRun, read_run

if TYPE_CHECKING:
    import pandas as pd


def load_config(config: str | Path, overrides: Sequence[str] = ()) -> LoadedScenario:
    """Return a config, checked, with the catalogue filled in.

    Parameters
    ----------
    config : str or Path
    overrides : sequence of str
        As ``dotted.key=value``.

    Raises
    ------
    planner.errors.InputError
        With every problem of the config.
    """
    return load_scenario(Path(config), overrides)


def run_config(
    config: str | Path,
    overrides: Sequence[str] = (),
    *,
    out: str | Path | None = None,
    workers: int = 1,
) -> Outcome:
    """Run a scenario; a run folder is written only when `out` is given.

    Parameters
    ----------
    config : str or Path
    overrides : sequence of str
        As ``dotted.key=value``, for example ``["samples=256", "seed=7"]``.
    out : str or Path, optional
        Where the run folder is made.
    workers : int
        Processes. One, unless the caller's own module can be imported again by others.

    Returns
    -------
    Outcome
        With ``results`` and ``folder``.
    """
    return run(Path(config), overrides, out=None if out is None else Path(out), workers=workers)


def open_run(folder: str | Path) -> KeptRun:
    """Return the results and the manifest of a run folder."""
    return read_run(Path(folder))


def samples_frame(folder: str | Path) -> pd.DataFrame:
    """Return every draw and optimum of a run folder, one value a row."""
    import pandas as pd

    return pd.read_parquet(Path(folder) / SAMPLES)


def frames(results: Results) -> dict[str, pd.DataFrame]:
    """Return the tables of a run as pandas frames by name, with estimates in columns.

    An estimate ``x`` becomes the columns ``x``, ``x.standard_error``, ``x.low``, ``x.high`` and
    ``x.n``; percentiles become ``x.p10`` and so on.
    """
    import pandas as pd

    tables = {}
    for field in fields(results):
        rows = getattr(results, field.name)
        if isinstance(rows, list) and rows and is_dataclass(rows[0]):
            tables[field.name] = pd.DataFrame([_flat(asdict(row)) for row in rows])
    costs = ("cost_usd", "cost_without_shortfall_usd", "usd_per_pflop_hour")
    found = {name: getattr(results, name) for name in costs}
    rows = [{"name": name, **_flat(asdict(item))} for name, item in found.items() if item]
    tables["cost"] = pd.DataFrame(rows)
    return tables


def _flat(row: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in row.items():
        name = f"{prefix}.{key}" if prefix else key
        if isinstance(value, dict):
            if "value" in value:
                flat[name] = value["value"]
                value = {part: number for part, number in value.items() if part != "value"}
            flat |= _flat(value, name)
        else:
            flat[name] = value
    return flat
