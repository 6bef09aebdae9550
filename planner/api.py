"""The Python interface: a few names for notebooks; see ``help(planner)``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.analysis.results import Results
from planner.analysis.results_estimates import Estimate
from planner.catalog.resolve import LoadedScenario, load_scenario
from planner.run import Keep, Mode, Outcome, run
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
    keep: Keep = "all",
    engine: str | None = None,
    until: str | None = None,
    mode: Mode = "both",
    bracket: bool = False,
    time_limit_s: float | None = None,
    iterations: int | None = None,
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
    keep : {"all", "summary"}
        What ``samples.parquet`` holds.
    engine : str, optional
        ``kernel``, ``highs`` or ``pulp:NAME``; the fastest one unless given.
    until : str, optional
        A precision such as ``se(mean cost) < 0.5%`` to draw more samples until.
    mode : {"both", "commit", "wait-and-see"}
        The plan to sign for, each sample's own optimum, or both.
    bracket : bool
        Whether what is signed later is also decided later.
    time_limit_s : float, optional
        For how long the plan is sought.
    iterations : int, optional
        In how many iterations it is sought, at most.

    Returns
    -------
    Outcome
        With ``results`` and ``folder``.
    """
    return run(
        Path(config),
        overrides,
        out=None if out is None else Path(out),
        workers=workers,
        keep=keep,
        engine=engine,
        until=until,
        mode=mode,
        bracket=bracket,
        time_limit_s=time_limit_s,
        iterations=iterations,
    )


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
    ``x.n``; percentiles become ``x.p10`` and so on, and figures by unit or name ``x.tokens/s``.
    """
    import pandas as pd

    tables = {}
    for field in fields(results):
        rows = getattr(results, field.name)
        if isinstance(rows, list) and rows and is_dataclass(rows[0]):
            tables[field.name] = pd.DataFrame([_flat(row) for row in rows])
    costs = ("cost_usd", "cost_without_shortfall_usd", "usd_per_unit_hour")
    found = {name: getattr(results, name) for name in costs}
    rows = [{"name": name, **_flat(item)} for name, item in found.items() if item]
    bound = {"name": "cost_bound_usd", **_flat({"mean": results.cost_bound_usd})}
    tables["cost"] = pd.DataFrame([*rows, bound])
    return tables


def _flat(row: object, prefix: str = "") -> dict[str, Any]:
    """Return the columns of a row; an estimate's value takes the name of the estimate."""
    parts = row if isinstance(row, dict) else vars(row)
    flat: dict[str, Any] = {}
    for key, value in parts.items():
        is_value = isinstance(row, Estimate) and key == "value" and prefix
        name = prefix if is_value else f"{prefix}.{key}" if prefix else key
        if isinstance(value, dict) or is_dataclass(value):
            flat |= _flat(value, name)
        else:
            flat[name] = value
    return flat
