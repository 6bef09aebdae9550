"""One engine on the committed plan, in a process of its own that ends at its time limit.

``python -m benchmarks.committed_engines`` is what `benchmarks.committed_plan` starts; its last line
is a JSON object. The time limit is the system's alarm, which ends the process whatever it is doing.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from planner.solve.two_stage.problem import Risk, TwoStage

GAP = 1e-4
"""Relative gap that every engine goes for."""

THREADS = 2

CONFIG = Path(__file__).resolve().parent / "committed_plan.yaml"

PLANNER = "planner"

RISKS = {"neutral": Risk(), "cvar": Risk(weight=0.5, level=0.95)}


@dataclass(frozen=True)
class Case:
    """What an engine is given.

    Attributes
    ----------
    problem : TwoStage
    risk : Risk
    small : TwoStage
        A few samples of the same scenario, on which compiled code is loaded.
    reference : float or None
        The optimum that another engine has found.
    """

    problem: TwoStage
    risk: Risk
    small: TwoStage
    reference: float | None = None


Work = Callable[[], dict[str, Any]]


def _planner(case: Case) -> Work:
    from planner.solve.two_stage.lshaped import decompose

    decompose(case.small, case.risk, gap=GAP, threads=THREADS)

    def work() -> dict[str, Any]:
        found = decompose(case.problem, case.risk, gap=GAP, threads=THREADS)
        if found.gap > GAP:
            raise RuntimeError(f"ends by '{found.ended}' with a gap of {found.gap:.1e}")
        return {
            "objective": found.objective,
            "gap": found.gap,
            "iterations": len(found.iterations),
            # What is measured; after it a corner is looked for, for the sake of whoever reads it.
            "seconds_to_gap": found.iterations[-1].seconds,
        }

    return work


def _linopy(case: Case) -> Work:
    from benchmarks.peers.extensive_linopy import with_linopy

    return _cost_of(with_linopy(case.problem, case.risk))


def _pulp(case: Case) -> Work:
    from benchmarks.peers.extensive_pulp import with_cbc

    return _cost_of(with_cbc(case.problem, case.risk))


def _highs(method: str, case: Case) -> Work:
    from benchmarks.peers.extensive_highspy import METHODS, with_highspy

    return _cost_of(with_highspy(METHODS[method], case.problem, case.risk))


def _mpisppy_ef(case: Case) -> Work:
    from benchmarks.peers.mpisppy_models import with_extensive_form

    return _cost_of(with_extensive_form(case.problem, case.risk))


def _mpisppy_lshaped(case: Case) -> Work:
    from benchmarks.peers.mpisppy_models import with_lshaped

    return _cost_of(with_lshaped(case.problem, case.risk, case.reference))


def _cost_of(solve: Callable[[], float]) -> Work:
    return lambda: {"objective": solve()}


HIGHS = {
    f"highs_{method}": partial(_highs, method)
    for method in ("simplex", "ipm", "ipm_crossover", "pdlp", "hipdlp")
}

ENGINES: dict[str, Callable[[Case], Work]] = {
    PLANNER: _planner,
    "linopy": _linopy,
    "pulp_cbc": _pulp,
    **HIGHS,
    "mpisppy_ef": _mpisppy_ef,
    "mpisppy_lshaped": _mpisppy_lshaped,
}
"""How each engine makes its work of a case: what it does before that is not timed."""


def scenario_problem(config: Path, samples: int) -> tuple[TwoStage, TwoStage]:
    """Return the two-stage problem of a scenario's first samples, and one of very few of them."""
    from planner.analysis.committed.problem import ScenarioProblem
    from planner.analysis.workbench import build_workbench
    from planner.catalog.resolve import load_scenario

    contracts = build_workbench(load_scenario(config).scenario).contracts
    return ScenarioProblem(contracts, 0, samples), ScenarioProblem(contracts, 0, _SMALL)


_SMALL = 16


def answer(
    engine: str, case: Case, limit_s: float, memory_gb: float | None = None
) -> dict[str, Any]:
    """Return an engine's figures, or how it broke; past the limit of time the process ends."""
    try:
        work = ENGINES[engine](case)
        if memory_gb is not None:
            # Not before libraries are loaded: some wait forever for memory that they cannot have.
            most = int(memory_gb * 2**30)
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        signal.setitimer(signal.ITIMER_REAL, limit_s)
        begin, used = time.perf_counter(), _processor_seconds()
        found = work()
        found["seconds"] = found.pop("seconds_to_gap", time.perf_counter() - begin)
        found["cpu_seconds"] = _processor_seconds() - used
        signal.setitimer(signal.ITIMER_REAL, 0)
    except ModuleNotFoundError as error:
        return {"broke": f"not installed: {error.name}"}
    except RuntimeError as error:
        return {"broke": str(error) or type(error).__name__}
    return found


def _processor_seconds() -> float:
    """Return what this process and those that it has waited for have used."""
    return sum(os.times()[:4])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one engine and print its figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.committed_engines")
    parser.add_argument("engine", choices=list(ENGINES))
    parser.add_argument("samples", type=int)
    parser.add_argument("risk", choices=list(RISKS))
    parser.add_argument("limit_s", type=float)
    parser.add_argument("memory_gb", type=float)
    parser.add_argument("--reference", type=float)
    given = parser.parse_args(arguments)
    problem, small = scenario_problem(CONFIG, given.samples)
    case = Case(problem, RISKS[given.risk], small, given.reference)
    print(json.dumps(answer(given.engine, case, given.limit_s, given.memory_gb)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
