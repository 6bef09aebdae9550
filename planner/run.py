"""The whole way on one screen: load, sample, solve, analyse, write."""

from __future__ import annotations

import datetime
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from planner.analysis.committed.decide import committed_plan
from planner.analysis.committed.effort import Effort
from planner.analysis.committed.refusals import refuse_uncommittable
from planner.analysis.contradictions import refuse_contradictions
from planner.analysis.follow_up import FollowedUp, FollowUpBlock, FollowUps, combine
from planner.analysis.gather import Gathering
from planner.analysis.gathered import Gathered
from planner.analysis.limits import worth_resolving
from planner.analysis.precision import Precision, parse_precision
from planner.analysis.repeats import FACTORS
from planner.analysis.results import Results
from planner.analysis.summary import RunIdentity, summarise
from planner.analysis.tally_blocks import blocks
from planner.analysis.typical import Typical, find_typical
from planner.analysis.workbench import Workbench, build_workbench
from planner.catalog.resolve import LoadedScenario, load_scenario
from planner.errors import InputError, Problem
from planner.export import write_sample
from planner.interrupt import Interrupt
from planner.progress import Progress, SearchLog
from planner.report.facts import RunFacts
from planner.report.writer import write_report
from planner.solve.compiling import is_compiled
from planner.solve.engine import KERNEL, problem_with
from planner.solve.executor import Executor, available_workers
from planner.store.folder import (
    MANIFEST,
    SAMPLES,
    fingerprint,
    new_run_folder,
    write_json,
    write_results,
)
from planner.store.samples import SamplesFile
from planner.version import __version__

Keep = Literal["all", "summary"]
Mode = Literal["both", "commit", "wait-and-see"]

LIMIT_SAMPLES = 128
"""First samples on which limits are re-solved."""

REPEAT_SAMPLES = 256
"""First samples on which other shortfall prices are tried."""

MOST_KEPT = 100_000
"""Samples up to which every draw and optimum is kept."""

MOST_DRAWN = 10_000_000
"""Samples at which a run ends that draws until a precision, if fewer are kept of each."""

_STOPPING = "\nstopping after the samples in progress; press Ctrl-C again to abandon the run"
_PACKAGES = ("numpy", "scipy", "highspy", "pulp", "pandas", "pyarrow", "pydantic", "matplotlib")
_WORTH_A_PROCESS = 256
_PIECE = 64


@dataclass(frozen=True)
class _Search:
    """How the committed plan is sought."""

    mode: Mode
    bracket: bool
    time_limit_s: float | None
    iterations: int | None
    threads: int


@dataclass(frozen=True)
class Outcome:
    """A finished run: its results and, if it was written, its folder."""

    results: Results
    folder: Path | None


def run(
    config: Path,
    overrides: Sequence[str] = (),
    *,
    out: Path | None = None,
    workers: int | None = None,
    keep: Keep = "all",
    engine: str | None = None,
    until: str | None = None,
    mode: Mode = "both",
    bracket: bool = False,
    time_limit_s: float | None = None,
    iterations: int | None = None,
    progress: Progress | None = None,
    command: str = "",
) -> Outcome:
    """Run a scenario from its config to its results and, with `out`, its run folder.

    Parameters
    ----------
    config : Path
    overrides : sequence of str
        As ``dotted.key=value``.
    out : Path, optional
        Where the run folder is made; nothing is written without it.
    workers : int, optional
        Processes; as many as there are processors unless given. The results do not depend on it.
    keep : {"all", "summary"}
        What ``samples.parquet`` holds.
    engine : str, optional
        ``kernel``, ``highs`` or ``pulp:NAME``; the fastest one unless given.
    until : str, optional
        A precision such as ``se(mean cost) < 0.5%``: after the config's samples others are drawn
        until it holds (Chow and Robbins 1965, doi:10.1214/aoms/1177700156).
    mode : {"both", "commit", "wait-and-see"}
        What is looked for: each sample's own optimum, one plan for all, or both. A plan alone is
        judged against the samples' optima too, but nothing else is told of these.
    bracket : bool
        Whether to tell as well what the plan would cost if what is signed after
        ``commitment.window_quarters`` were decided with everything known.
    time_limit_s : float, optional
        For how long the plan is sought; results then depend on the machine.
    iterations : int, optional
        In how many iterations it is sought, at most.
    progress : Progress, optional
    command : str
        How the user asked for the run, for its report.

    Raises
    ------
    InputError
        With every problem of the config.
    SolveError
        If not one sample of a block is proven optimal.
    StoreError
        If the run cannot be kept.
    """
    progress = progress or Progress(quiet=True)
    precision = None if until is None else parse_precision(until)
    with progress.stage("load"):
        loaded = load_scenario(config, overrides)
        _refuse_too_many(loaded, keep)
        refuse_contradictions(loaded)
        if mode != "wait-and-see":
            refuse_uncommittable(loaded)
        build = (loaded.scenario, engine)
        bench = build_workbench(*build)
        _refuse_engine(bench)
    _preamble(progress, bench)
    search = _Search(mode, bracket, time_limit_s, iterations, workers or available_workers())
    workers = workers or min(available_workers(), _worth(loaded.scenario.samples))
    identity = RunIdentity(fingerprint(loaded.resolved), loaded.scenario.samples, True, precision)
    pool = Executor[Any](build_workbench, build, workers)
    with Interrupt(_STOPPING) as interrupt, pool:
        if out is None:
            return Outcome(_solve(pool, bench, identity, None, search, interrupt, progress), None)
        today = datetime.date.today().isoformat()
        name = f"{loaded.scenario.scenario}-{today}-{identity.config_sha256[:8]}"
        with new_run_folder(out, name) as folder:
            samples = SamplesFile(folder / SAMPLES, bench, everything=keep == "all")
            try:
                results = _solve(pool, bench, identity, samples, search, interrupt, progress)
            finally:
                samples.close()
            facts = RunFacts(
                run_id=folder.name,
                planner_version=__version__,
                created=datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
                seconds=progress.seconds,
                workers=workers,
                command=command,
                packages=_versions(),
            )
            with progress.stage("write"):
                _write_unproven(bench, results, folder)
                write_results(folder, results)
                write_report(results, facts, folder, pool.map)
                write_json(folder / MANIFEST, _manifest(loaded, facts, results, keep, search))
    return Outcome(results, folder)


def _solve(
    pool: Executor[Any],
    bench: Workbench,
    identity: RunIdentity,
    samples: SamplesFile | None,
    search: _Search,
    interrupt: Interrupt,
    progress: Progress,
) -> Results:
    """Solve every sample and what follows from them; an interrupt keeps the samples so far."""
    with progress.stage("solve"):
        found = _gathered(pool, bench, samples, identity.until, interrupt, progress)
    with progress.stage("analyse"):
        follow_ups = _follow_ups(pool, bench, found, interrupt)
        stopped = replace(identity, complete=not interrupt.asked)
        results = summarise(bench, found, follow_ups, stopped)
    if search.mode == "wait-and-see" or interrupt.asked:
        return results
    with progress.stage("commit"):
        effort = _effort(search, interrupt, SearchLog(progress))
        committed = committed_plan(bench, pool, found, effort)
    return replace(results, committed=committed)


def _effort(search: _Search, interrupt: Interrupt, log: SearchLog) -> Effort:
    return Effort(
        alone=search.mode == "commit",
        bracket=search.bracket,
        threads=search.threads,
        iterations=search.iterations,
        time_limit_s=search.time_limit_s,
        on_iteration=lambda line: log.line(
            line.number, line.seconds, line.bound, line.best, line.gap
        ),
        on_end=log.end,
        stop=lambda: interrupt.asked,
    )


def _gathered(
    pool: Executor[Any],
    bench: Workbench,
    samples: SamplesFile | None,
    until: Precision | None,
    interrupt: Interrupt,
    progress: Progress,
) -> Gathered:
    """Solve every sample and add them up; an interrupt keeps the samples so far."""
    wanted, keep = bench.model.scenario.samples, "nothing" if samples is None else samples.keep
    most = MOST_KEPT if keep == "everything" else MOST_DRAWN
    gathering = Gathering(bench, wanted, keep, None if until is None else most)
    for tasks in gathering.stages():
        for part in pool.map(tasks):
            if samples is not None:
                for block in part.kept:
                    samples.write(block)
            gathering.add(part)
            progress.samples(gathering.solved, wanted)
            if interrupt.asked:
                pool.stop()
                return gathering.found()
            # In the order of the samples, so that it is the same on any number of workers.
            if until and gathering.solved >= wanted and until.is_met(gathering.mean_cost()):
                return gathering.found()
    return gathering.found()


def _follow_ups(
    pool: Executor[Any], bench: Workbench, found: Gathered, interrupt: Interrupt
) -> FollowUps:
    """Solve again what the report asks for; of a run that was stopped only its typical plan."""
    nearest = find_typical(found.first("served"), found.first("cost_usd"))
    typical = replace(nearest, sample=found.number(nearest.sample))
    limits = worth_resolving(bench.limits, found.average("limit_value_usd"))
    tasks = list(_follow_up_tasks(bench, found.number(found.in_full - 1) + 1, typical, limits))
    parts: list[FollowedUp] = []
    for part in () if interrupt.asked else pool.map(tasks):
        parts.append(part)
        if interrupt.asked:
            break
    if not interrupt.asked:
        return combine(limits, parts)
    pool.stop()
    only = next(task for task in tasks if task.typical is not None)
    return combine((), list(pool.map([replace(only, limits=None, factors=())])))


def _follow_up_tasks(
    bench: Workbench, samples: int, typical: Typical, limits: tuple[int, ...]
) -> Iterator[FollowUpBlock]:
    """Yield what to solve again, in pieces that keep all processes at work.

    A search for whole numbers learns from the samples before it: only a block, or its first
    samples, comes out as it was.
    """
    whole_numbers = bench.model.template.integer.any()
    size = bench.block_size if whole_numbers else min(bench.block_size, _PIECE)
    for task in blocks(0, samples, size):
        whole = task.n if task.first <= typical.sample < task.first + task.n else 0
        limited = min(task.n, LIMIT_SAMPLES - task.first)
        repeated = min(task.n, REPEAT_SAMPLES - task.first)
        for n in sorted({n for n in (whole, limited, repeated) if n > 0}):
            yield FollowUpBlock(
                task.first,
                n,
                typical=typical if n == whole else None,
                limits=limits if n == limited else None,
                factors=FACTORS if n == repeated else (),
            )


def _worth(samples: int) -> int:
    """Return how many processes repay their start."""
    return max(1, samples // _WORTH_A_PROCESS)


def _refuse_too_many(loaded: LoadedScenario, keep: Keep) -> None:
    samples = loaded.scenario.samples
    if keep == "all" and samples > MOST_KEPT:
        problem = loaded.document.problem(
            ("samples",),
            "too many samples to keep every draw and optimum of",
            allowed=f"up to {MOST_KEPT:,}",
            remedy="add --keep summary, which keeps objective and status only",
            value=f"{samples:,}",
        )
        raise InputError([problem])


def _refuse_engine(bench: Workbench) -> None:
    found = problem_with(bench.engine.name, bench.model.template)
    if found is not None:
        remedy = "choose one of these, or leave --engine out: the fastest is taken"
        raise InputError([Problem("--engine", found[0], found[1], remedy, bench.engine.name)])


def _write_unproven(bench: Workbench, results: Results, folder: Path) -> None:
    """Write the programs that no engine proved optimal, for other solvers."""
    for sample in results.solves.unproven:
        write_sample(bench.model, sample, "mps", folder / f"unproven-sample-{sample}.mps")


def _preamble(progress: Progress, bench: Workbench) -> None:
    scenario, template = bench.model.scenario, bench.model.template
    median = bench.model.programs(bench.model.coefficients(bench.sampler.median()))
    ranges = ", ".join(
        f"{name} {low:.3g} to {high:.3g}" for name, (low, high) in median.ranges().items()
    )
    progress.say(f"planner {__version__}: {scenario.scenario}")
    progress.say(f"  question   {scenario.question.strip()}")
    progress.say(
        f"  scenario   {scenario.quarters} quarters from {scenario.start}, "
        f"{len(scenario.platforms)} platforms, {len(scenario.offers)} offers, "
        f"{len(scenario.sites)} sites, {len(scenario.workloads)} workloads"
    )
    progress.say(
        f"  sampling   {scenario.samples:,} samples of {len(bench.inputs)} uncertain inputs, "
        f"seed {scenario.seed}"
    )
    progress.say(
        f"  each LP    {len(template.rows)} rows, {len(template.columns)} columns, "
        f"{template.entries:,} non-zeros"
    )
    progress.say(f"  ranges     {ranges} (at the medians)")
    progress.say(f"  engine     {bench.engine.name}")
    if bench.engine.name == KERNEL and not is_compiled():
        progress.say("  compiling the kernel for this processor: once, about half a minute")


def _versions() -> dict[str, str]:
    found = {name: metadata.version(name) for name in _PACKAGES}
    return {"python": platform.python_version(), **found}


def _manifest(
    loaded: LoadedScenario, facts: RunFacts, results: Results, keep: Keep, search: _Search
) -> dict[str, Any]:
    return {
        "run": asdict(facts),
        "config_file": loaded.document.path.name,
        "config_sha256": results.config_sha256,
        "seed": results.seed,
        "samples_asked": results.samples_asked,
        "samples_done": results.samples_done,
        "complete": results.complete,
        "keep": keep,
        "until": None if results.precision is None else results.precision.text,
        "mode": search.mode,
        "bracket": search.bracket,
        "time_limit_s": search.time_limit_s,
        "iterations": search.iterations,
        "engine": results.solves.engine,
        "block_size": results.block_size,
        "config": loaded.resolved,
    }
