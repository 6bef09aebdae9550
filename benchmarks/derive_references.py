"""Derive the catalogue's references from results and runs: the same files give the same bytes.

Run it from the root of the repository::

    python -m benchmarks.derive_references benchmarks/data/training_runs_points.csv \\
        benchmarks/data/mlperf_to_v4.1.csv benchmarks/data/mlperf_v5.0.csv > references.yaml

Scaling exponents come from MLPerf Training results (the columns of ``benchmarks.scaling``, and
``source``), by accelerator and kind of work, with the interval for one more job. Utilisation comes
from training runs with 512 or more accelerators since 2021; what is left out, and why, goes to
standard error.

MLPerf is a trademark of the MLCommons Association; derived figures are not official MLPerf results.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from benchmarks.scaling.references import (
    availability_references,
    scaling_references,
    utilisation_references,
)
from benchmarks.scaling.rows import read_results
from benchmarks.scaling.runs import read_runs
from planner.errors import InputError, PlannerError, Problem

HEAD = """\
# Made by python -m benchmarks.derive_references; do not edit. See docs/scaling.md.
# Derived from MLPerf Training results and published training runs; not official MLPerf results.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the references as YAML and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.derive_references",
        description=(__doc__ or "").splitlines()[0],
    )
    parser.add_argument("runs", type=Path, metavar="RUNS.csv", help="published training runs")
    parser.add_argument(
        "results", type=Path, nargs="+", metavar="MLPERF.csv", help="MLPerf Training results"
    )
    given = parser.parse_args(arguments)
    try:
        text, notes = derive(given.runs, given.results)
    except PlannerError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    for note in notes:
        print(note, file=sys.stderr)
    sys.stdout.write(text)
    return 0


def derive(runs: Path, results: Sequence[Path]) -> tuple[str, list[str]]:
    """Return the catalogue's file of references, and what was not used.

    Raises
    ------
    InputError
        If a file cannot be used, or says nothing of where its results were published.
    """
    every = [one for path in results for one in read_results(path)]
    if not all(one.source for one in every):
        names = ", ".join(str(path) for path in results)
        raise InputError(
            [
                Problem(
                    "source",
                    "some results do not say where they were published",
                    remedy="fill this column",
                    file=names,
                )
            ]
        )
    known = read_runs(runs)
    parts = (
        scaling_references(every),
        utilisation_references(known),
        availability_references(known),
    )
    references = {name: one for found, _ in parts for name, one in sorted(found.items())}
    body = yaml.dump(
        {"references": references},
        Dumper=_Plain,
        sort_keys=False,
        width=96,
        allow_unicode=True,
        default_flow_style=False,
    )
    return HEAD + body, [note for _, notes in parts for note in notes]


class _Plain(yaml.SafeDumper):
    """Writes out what is there twice, instead of pointing from one to the other."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


if __name__ == "__main__":
    sys.exit(main())
