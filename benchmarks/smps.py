"""Any two-stage instance in SMPS format, solved with the planner's own engine.

Run it from the root of the repository, on the files DIR/STEM.cor, .tim and .sto::

    python -m benchmarks.smps DIR/STEM
    python -m benchmarks.smps DIR/STEM --values               # and WS, EV, EEV
    python -m benchmarks.smps DIR/STEM --cvar 0.8 0.5         # half mean, half CVaR at 0.8
    python -m benchmarks.smps DIR/STEM --samples 1000 --replications 20

Up to a million scenarios are all solved, to proven optimality. Where there are more, or samples are
asked for, the answer is a candidate, and an interval that holds the optimum at 95 %.

The last line of standard output is one JSON object; all else is for people.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from benchmarks.smps_format.instance import Instance, ScenarioProblem, read_instance
from benchmarks.smps_format.scenarios import Drawn, Every, Method
from benchmarks.smps_format.values import mean_value_start, values_of
from planner.errors import PlannerError
from planner.interrupt import Interrupt
from planner.solve.two_stage.lshaped import Decomposed, Iteration, decompose
from planner.solve.two_stage.problem import Risk
from planner.solve.two_stage.replications import Replicated, probability_of, replicate

MOST_LISTED = 1_000_000

_SAMPLES, _REPLICATIONS = 1_000, 20
_EXACT_GAP, _SAMPLED_GAP = 1e-8, 1e-5
"""To which programs are solved unless told otherwise: what a sample leaves open is far more."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Solve what the command line asks for and return the exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    _check(parser, given)
    begin = time.perf_counter()
    try:
        instance = read_instance(given.stem, given.sto)
        count = instance.outcomes.count
        listed = count is not None and count <= MOST_LISTED
        sampled = given.samples is not None or given.replications is not None or not listed
        if given.values and not listed:
            parser.error(f"--values needs scenarios that can be listed, at most {MOST_LISTED:,}")
        _print_preamble(instance, given, time.perf_counter() - begin)
        found = _sampled(instance, given) if sampled else _exact(instance, given)
        if given.values:
            found |= _values(instance, given)
    except PlannerError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    found["seconds"] = time.perf_counter() - begin
    print(json.dumps(found))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.smps", description=__doc__.splitlines()[0]
    )
    parser.add_argument("stem", type=Path, metavar="DIR/STEM", help="of .cor, .tim and .sto")
    parser.add_argument("--sto", type=Path, help="another stochastic file")
    parser.add_argument("--samples", type=int, help="of a replication, instead of all scenarios")
    parser.add_argument("--replications", type=int, help=f"{_REPLICATIONS} unless given")
    parser.add_argument("--sampling", choices=get_args(Method), default="latin-hypercube")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--cvar", type=float, nargs=2, metavar=("LEVEL", "WEIGHT"),
        help="minimise (1 - WEIGHT) mean + WEIGHT CVaR at LEVEL",
    )  # fmt: skip
    parser.add_argument("--gap", type=float, help="relative, to which programs are solved")
    parser.add_argument("--time-limit", type=float, metavar="S", help="seconds of each search")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--values", action="store_true", help="WS, EV and EEV too")
    return parser


def _check(parser: argparse.ArgumentParser, given: argparse.Namespace) -> None:
    """End with exit code 2 where a number is out of range."""
    wrong = [
        (given.samples is not None and given.samples < 1, "--samples must be 1 or more"),
        (given.replications is not None and given.replications < 2,
         "--replications must be 2 or more: fewer have no standard error"),
        (given.seed < 0, "--seed must be 0 or more"),
        (given.threads < 1, "--threads must be 1 or more"),
        (given.gap is not None and not given.gap > 0, "--gap must be above 0"),
        (given.time_limit is not None and not given.time_limit > 0,
         "--time-limit must be above 0"),
        (given.cvar is not None and not (0 <= given.cvar[0] < 1 and 0 <= given.cvar[1] <= 1),
         "--cvar needs a level from 0 to below 1 and a weight from 0 to 1"),
    ]  # fmt: skip
    said = [message for is_wrong, message in wrong if is_wrong]
    if said:
        parser.error("; ".join(said))


def _risk(given: argparse.Namespace) -> Risk:
    return Risk() if given.cvar is None else Risk(weight=given.cvar[1], level=given.cvar[0])


def _print_preamble(instance: Instance, given: argparse.Namespace, seconds: float) -> None:
    core, stages, outcomes = instance.core, instance.stages, instance.outcomes
    count = outcomes.count
    print(f"{given.stem}: read in {seconds:.2f} s")
    for words, of in (("first", ~stages.columns), ("second", stages.columns)):
        rows = stages.rows if words == "second" else ~stages.rows
        print(f"  {words + ' stage':14s} {rows.sum():8,} rows  {of.sum():8,} columns")
    print(f"  {'whole columns':14s} {core.integer.sum():8,}")
    kinds = sorted({place.kind for place in outcomes.places})
    print(
        f"  random numbers {len(outcomes.places):,} ({', '.join(kinds)}) in "
        f"{len(outcomes.groups):,} independent groups: "
        f"{'no end of' if count is None else _count(count)} scenarios"
    )
    shapes = [(len(b.template.rows), len(b.template.columns)) for b in instance.form.blocks]
    if shapes:
        rows_most, columns_most = max(shapes)
        print(
            f"  recourse in {len(shapes):,} blocks, of at most "
            f"{rows_most:,} rows x {columns_most:,} columns in standard form"
        )
    for note in instance.notes:
        print(f"  note: {note}")
    risk = _risk(given)
    measure = "mean" if risk.weight == 0 else (
        f"{1 - risk.weight:.6g} mean + {risk.weight:.6g} CVaR at {risk.level:g}"
    )  # fmt: skip
    print(f"  {'maximised' if core.maximise else 'minimised'}: {measure}", flush=True)


def _count(count: int) -> str:
    return f"{count:,}" if count < 10**12 else f"{count:.3e}"


class _Log:
    """Prints iterations, at most one a second but for the first and the last."""

    def __init__(self, sign: float) -> None:
        self._sign, self._printed, self._held = sign, -math.inf, ""
        print(f"\n  {'iteration':>9s} {'seconds':>9s} {'bound':>18s} {'best':>18s} {'gap':>9s}")

    def __call__(self, line: Iteration) -> None:
        text = (
            f"  {line.number:9d} {line.seconds:9.2f} {self._sign * line.bound:18.9g} "
            f"{self._sign * line.best:18.9g} {line.gap:9.1e}"
        )
        self._held = text
        if line.seconds - self._printed >= 1:
            self._printed = line.seconds
            self.flush()

    def flush(self) -> None:
        """Print the last line, if it has not been."""
        if self._held:
            print(self._held, flush=True)
        self._held = ""


def _exact(instance: Instance, given: argparse.Namespace) -> dict[str, Any]:
    """Solve all scenarios; print and return what was found."""
    problem, risk, sign = instance.problem(Every(instance.outcomes)), _risk(given), instance.sign
    log = _Log(sign)
    with Interrupt("ending after this iteration; once more ends at once") as interrupt:
        found = decompose(
            problem, risk, gap=given.gap or _EXACT_GAP, time_limit_s=given.time_limit,
            threads=given.threads, start=mean_value_start(instance), on_iteration=log,
            stop=lambda: interrupt.asked,
        )  # fmt: skip
    log.flush()
    means = _means(problem, found, sign)
    print(f"\n  ended by {found.ended}: {sign * found.objective:.9g}, gap {found.gap:.1e}")
    _print_first_stage(instance, found.x.tolist())
    return {
        "objective": sign * found.objective,
        "bound": _number(sign * found.bound),
        "exact": found.ended == "gap",
        "gap_interval": None,
        "gap": _number(found.gap),
        "ended": found.ended,
        "scenarios": problem.n,
        **means,
        "x": dict(zip(problem.first.names, found.x.tolist(), strict=True)),
    }


def _means(problem: ScenarioProblem, found: Decomposed, sign: float) -> dict[str, float]:
    """Return the mean and the worst of the scenarios' costs."""
    mean = float(probability_of(problem) @ found.costs)
    return {"mean": sign * mean, "worst": sign * float(found.costs.max())}


def _sampled(instance: Instance, given: argparse.Namespace) -> dict[str, Any]:
    """Solve samples; print and return the interval."""
    samples, risk = given.samples or _SAMPLES, _risk(given)
    replications, sign = given.replications or _REPLICATIONS, instance.sign

    def problem_of(number: int) -> ScenarioProblem:
        return instance.problem(
            Drawn(
                instance.outcomes, samples, seed=given.seed, replication=number,
                method=given.sampling,
            )
        )  # fmt: skip

    def tell(number: int, found: Decomposed) -> None:
        bound, best = sign * found.bound, sign * found.objective
        words = "candidate" if number == 0 else str(number)
        print(
            f"  {words:>11s} {len(found.iterations):10d} {bound:18.9g} {best:18.9g} "
            f"{found.gap:9.1e}",
            flush=True,
        )

    print(f"\n  {replications} replications of {samples:,} samples, {given.sampling}")
    print(f"  {'replication':>11s} {'iterations':>10s} {'bound':>18s} {'best':>18s} {'gap':>9s}")
    found = replicate(
        problem_of, risk, replications=replications, gap=given.gap or _SAMPLED_GAP,
        threads=given.threads, start=mean_value_start(instance), time_limit_s=given.time_limit,
        on_replication=tell,
    )  # fmt: skip
    _print_interval(found, sign)
    _print_first_stage(instance, found.candidate.x.tolist())
    names = instance.form.first.names
    return {
        "objective": sign * found.cost.value,
        "bound": sign * found.bound.value,
        "exact": False,
        "gap_interval": sorted((sign * found.lower, sign * found.upper)),
        "objective_se": found.cost.se,
        "bound_se": found.bound.se,
        "gap_mean": found.gap.value,
        "gap_upper": found.gap.upper,
        "samples": samples,
        "replications": replications,
        "x": dict(zip(names, found.candidate.x.tolist(), strict=True)),
    }


def _print_interval(found: Replicated, sign: float) -> None:
    low, high = sorted((sign * found.lower, sign * found.upper))
    print(
        f"\n  the candidate on fresh samples: {sign * found.cost.value:.9g}, standard error "
        f"{found.cost.se:.3g}\n"
        f"  bound on the optimum: {sign * found.bound.value:.9g}, standard error "
        f"{found.bound.se:.3g}\n"
        f"  the optimum at 95 %: {low:.9g} to {high:.9g}\n"
        f"  the candidate's gap: {found.gap.value:.4g}, at 95 % at most {found.gap.upper:.4g}"
    )


def _print_first_stage(instance: Instance, x: list[float]) -> None:
    """Print what is decided first, where it is little enough to read."""
    there = [(n, v) for n, v in zip(instance.form.first.names, x, strict=True) if v != 0]
    if len(there) > 20:
        print(f"  {len(there)} columns of the first stage are not 0")
        return
    for name, value in there:
        print(f"  {name:16s} {value:.9g}")


def _values(instance: Instance, given: argparse.Namespace) -> dict[str, float | None]:
    found, sign = values_of(instance, threads=given.threads), instance.sign
    words = {"WS": found.ws, "EV": found.ev, "EEV": found.eev}
    for name, value in words.items():
        print(f"  {name:4s} {sign * value:.9g}")
    return {name.lower(): _number(sign * value) for name, value in words.items()}


def _number(value: float) -> float | None:
    """Return a number that JSON can hold."""
    return value if math.isfinite(value) else None


if __name__ == "__main__":
    sys.exit(main())
