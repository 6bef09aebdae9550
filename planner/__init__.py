"""A Monte Carlo capacity planner for AI accelerators.

>>> import planner
>>> outcome = planner.run_config("configs/quickstart.yaml", ["samples=64"])  # doctest: +SKIP
>>> planner.frames(outcome.results)["mix"]  # doctest: +SKIP

``load_config`` reads and checks a config, ``run_config`` runs one, ``open_run`` reads a run
folder, ``frames`` gives results as pandas frames and ``samples_frame`` the draws and optima of a
run folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.version import __version__

if TYPE_CHECKING:
    from planner.api import frames, load_config, open_run, run_config, samples_frame

__all__ = ["__version__", "frames", "load_config", "open_run", "run_config", "samples_frame"]


def __getattr__(name: str) -> Any:
    # Loaded on first use, so that the command line starts without numpy and pandas.
    if name in __all__:
        from planner import api

        return getattr(api, name)
    raise AttributeError(f"module 'planner' has no attribute {name!r}")
