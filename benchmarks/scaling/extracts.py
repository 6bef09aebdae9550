"""Write the rows that count into the files of benchmarks/data: facts, without what is not used.

Run it from the root of the repository, on the full tables of results and of runs::

    python -m benchmarks.scaling.extracts MLPERF.csv RUNS.csv benchmarks/data
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.scaling.rows import COLUMNS, LEAST, best_by_size, read_results, round_key
from benchmarks.scaling.runs import FROM_MEMORY, RUN_COLUMNS, large_runs, read_runs
from planner.errors import PlannerError

LAST_TRAINED = "v4.1"
"""The last round of the first file; the second has all later ones."""


def main(arguments: Sequence[str]) -> int:
    """Write three files and return the exit code."""
    results, runs, folder = (Path(given) for given in arguments)
    try:
        counted = [
            one
            for sizes in best_by_size(read_results(results)).values()
            for one in sizes
            if one.accelerators >= LEAST
        ]
        used = read_runs(runs)
    except PlannerError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    rows = [
        (round_key(one.round), (*one.group, one.accelerators, one.minutes, "closed", one.source))
        for one in counted
    ]
    last = round_key(LAST_TRAINED)
    header = (*COLUMNS, "source")
    _write(folder / "mlperf_to_v4.1.csv", header, (row for key, row in rows if key <= last))
    _write(folder / "mlperf_v5.0.csv", header, (row for key, row in rows if key > last))
    stated = [one for one in used if one.availability and FROM_MEMORY not in one.source]
    _write(
        folder / "training_runs_points.csv",
        RUN_COLUMNS,
        (
            (
                one.model,
                one.date,
                one.accelerator,
                one.accelerators,
                one.utilisation,
                one.availability,
                one.precision,
                one.confidence,
                one.kind,
                one.source,
            )
            for one in (*large_runs(used), *stated)
        ),
    )
    return 0


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
