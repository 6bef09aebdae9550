"""How long and how exactly the scenario with every instrument and limit is solved.

Run it from the root of the repository::

    python benchmarks/every_instrument.py                # a few minutes
    python benchmarks/every_instrument.py --full         # also whole runs of 1,024 samples
    python benchmarks/every_instrument.py --only export  # one part of it

The bars that it is to be held against: the template is built within 1 s; 1,024 samples finish
within 10 minutes on 2 cores with whole bets and within 60 s with relaxed ones; memory per further
sample is constant; optima of 20 exported samples agree with HiGHS to 1e-8 and with CBC to 1e-7.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pulp

from planner.analysis.workbench import SolveBlock, SolvedBlock, build_workbench
from planner.catalog.resolve import load_scenario
from planner.export import export_sample
from planner.model.program import build_model
from planner.progress import Progress
from planner.run import run
from planner.solve.executor import Executor

CONFIG = Path(__file__).resolve().parents[1] / "configs" / "every-instrument.yaml"

BETS = {"whole": ["bets=whole"], "relaxed": ["bets=relaxed"]}
EXACT = {"whole": ["bets=whole", "bet_gap=0"], "relaxed": ["bets=relaxed"]}
MEMORY_SAMPLES = (64, 512, 960)
REPEATS = 5


def build() -> None:
    """Print the size of the template and how long it takes to build."""
    scenario = load_scenario(CONFIG).scenario
    seconds = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        model = build_model(scenario)
        seconds.append(time.perf_counter() - begin)
    template = model.template
    print(
        f"template: {len(template.rows)} rows, {len(template.columns)} columns, "
        f"{template.entries:,} non-zeros, {int(template.integer.sum())} whole; "
        f"built in {min(seconds):.3f} s (best of {REPEATS}), bar 1 s"
    )


def solve(samples: int, workers: int) -> None:
    """Print the time per sample with and without whole bets, and what the search took."""
    print(f"\nsolving {samples} samples on {workers} workers:")
    for bets, overrides in BETS.items():
        scenario = load_scenario(CONFIG, overrides).scenario
        arguments = (scenario,)
        size = build_workbench(*arguments).block_size
        with Executor[SolvedBlock](build_workbench, arguments, workers) as pool:
            # The workers' own start is no part of the time.
            list(pool.map([SolveBlock(0, 1)] * workers))
            begin = time.perf_counter()
            blocks = list(pool.map(_tasks(samples, size)))
            seconds = time.perf_counter() - begin
        print(f"  {bets:8s} {1e3 * seconds / samples:7.1f} ms a sample; {_search(blocks)}")


def _tasks(samples: int, size: int) -> list[SolveBlock]:
    return [SolveBlock(first, min(size, samples - first)) for first in range(0, samples, size)]


def _search(blocks: list[SolvedBlock]) -> str:
    nodes = np.concatenate([block.nodes for block in blocks])
    by_milp = np.concatenate([block.milp for block in blocks]).mean()
    gap = max(block.gap.max() for block in blocks)
    return (
        f"{by_milp:.0%} by HiGHS's MILP, {np.median(nodes):.0f} nodes in the middle, "
        f"{nodes.max()} at most, largest gap {gap:.1e}"
    )


def whole_runs(workers: int) -> None:
    """Print the time of runs of 1,024 samples, all that follows the solving included."""
    print(f"\nruns of 1,024 samples on {workers} workers, with report (bars: 600 s and 60 s):")
    for bets, overrides in BETS.items():
        with tempfile.TemporaryDirectory() as folder:
            progress = Progress(quiet=True)
            begin, busy = time.perf_counter(), _processor_seconds()
            run(
                CONFIG,
                overrides,
                out=Path(folder),
                workers=workers,
                mode="wait-and-see",
                progress=progress,
            )
            seconds, busy = time.perf_counter() - begin, _processor_seconds() - busy
        stages = ", ".join(f"{name} {spent:.1f} s" for name, spent in progress.seconds.items())
        print(f"  {bets:8s} {seconds:6.1f} s: {stages}; {busy:.1f} s of processors", flush=True)


def _processor_seconds() -> float:
    """Return what this process and those that it waited for have used, whatever else runs."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(item.ru_utime + item.ru_stime for item in used)


def memory() -> None:
    """Print the largest memory of runs of a growing number of samples in one process."""
    print("\nlargest resident memory, one process, relaxed bets:")
    peaks = [_in_a_process_of_its_own(_peak_mib, samples) for samples in MEMORY_SAMPLES]
    for samples, peak in zip(MEMORY_SAMPLES, peaks, strict=True):
        print(f"  {samples:5d} samples {peak:7.1f} MiB")
    rises = np.diff(peaks) / np.diff(MEMORY_SAMPLES) * 1024
    print("  per further sample " + ", then ".join(f"{rise:.1f} KiB" for rise in rises))


def _peak_mib(samples: int) -> float:
    run(CONFIG, [*BETS["relaxed"], f"samples={samples}"], workers=1, mode="wait-and-see")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _in_a_process_of_its_own(work: Callable[[int], float], argument: int) -> float:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (argument,))


def export(samples: int) -> None:
    """Print how far the optima of other solvers are from ours, on exported files."""
    print(f"\nexports of {samples} samples, differences relative to the cost:")
    for bets, overrides in EXACT.items():
        scenario = load_scenario(CONFIG, overrides).scenario
        begin = time.perf_counter()
        ours = SolveBlock(0, samples).run(build_workbench(scenario)).cost_usd
        spent = {"planner": time.perf_counter() - begin, "HiGHS": 0.0, "CBC": 0.0}
        worst = {"HiGHS": 0.0, "CBC": 0.0}
        print(f"  {bets}: sample, cost in USD, HiGHS, CBC")
        for sample, cost in enumerate(ours.tolist()):
            off = _differences(overrides, sample, cost, spent)
            worst = {name: max(worst[name], abs(value)) for name, value in off.items()}
            print(f"  {sample:5d} {cost:18,.2f} {off['HiGHS']:+9.1e} {off['CBC']:+9.1e}")
        times = ", ".join(f"{name} {1e3 * each / samples:.0f} ms" for name, each in spent.items())
        print(
            f"  {bets}: at most {worst['HiGHS']:.1e} from HiGHS (bar 1e-8) and "
            f"{worst['CBC']:.1e} from CBC (bar 1e-7); a sample took {times}"
        )


def _differences(
    overrides: list[str], sample: int, cost: float, spent: dict[str, float]
) -> dict[str, float]:
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        file = export_sample(CONFIG, overrides, sample, "mps", Path(folder) / "sample.mps")
        for name, solver in (("HiGHS", highs_optimum), ("CBC", cbc_optimum)):
            begin = time.perf_counter()
            found[name] = solver(file) / cost - 1
            spent[name] += time.perf_counter() - begin
    return found


def highs_optimum(file: Path) -> float:
    """Return the optimum of an exported file as HiGHS proves it without any gap.

    It takes a number for whole within its tolerance; the whole numbers are therefore fixed once
    they are found, and the linear program that is left is solved again.

    Raises
    ------
    RuntimeError
        If it proves none.
    """
    solver: Any = highspy.Highs()
    for option, value in {"output_flag": False, "mip_rel_gap": 0.0, "mip_abs_gap": 0.0}.items():
        solver.setOptionValue(option, value)
    solver.readModel(str(file))
    cost = _proven(solver, file)
    kinds = np.array([int(kind) for kind in solver.getLp().integrality_])
    whole = np.flatnonzero(kinds == int(highspy.HighsVarType.kInteger)).astype(np.int32)
    if not whole.size:
        return cost
    found = np.rint(np.array(solver.getSolution().col_value)[whole])
    continuous = np.full(whole.size, highspy.HighsVarType.kContinuous)
    solver.changeColsIntegrality(whole.size, whole, continuous)
    solver.changeColsBounds(whole.size, whole, found, found)
    return _proven(solver, file)


def _proven(solver: Any, file: Path) -> float:
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"HiGHS proves no optimum of {file.name}")
    return float(solver.getInfo().objective_function_value)


def cbc_optimum(file: Path) -> float:
    """Return the optimum of an exported file as CBC proves it without any gap.

    Raises
    ------
    RuntimeError
        If it proves none.
    """
    _, problem = pulp.LpProblem.fromMPS(str(file))
    problem.solve(pulp.PULP_CBC_CMD(msg=False, options=["integerTolerance 1e-9", "ratioGap 0"]))
    if problem.status != pulp.LpStatusOptimal:
        raise RuntimeError(f"CBC proves no optimum of {file.name}")
    return float(pulp.value(problem.objective))


def main() -> None:
    """Run the parts that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=128, help="to time the solving on")
    parser.add_argument("--exported", type=int, default=20, help="samples to export, at most 64")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--full", action="store_true", help="also time runs of 1,024 samples")
    parser.add_argument("--only", choices=["build", "solve", "runs", "memory", "export"])
    given = parser.parse_args()
    parts: dict[str, Callable[[], None]] = {
        "build": build,
        "solve": lambda: solve(given.samples, given.workers),
        "memory": memory,
        "export": lambda: export(given.exported),
        "runs": lambda: whole_runs(given.workers),
    }
    for name, part in parts.items():
        if name == given.only or (given.only is None and (name != "runs" or given.full)):
            part()


if __name__ == "__main__":
    main()
