"""Observed values from a file beside the config: read once, and part of the scenario from then on.

Validation comes afterwards: a belief that does not look as it should is left as it is.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.config.document import Document, Location
from planner.config.measured import FEWEST_VALUES
from planner.config.nested import written_beliefs
from planner.config.paths import inside_folder
from planner.config.wording import did_you_mean, listing, show
from planner.errors import InputError, Problem

MOST_VALUES = 100_000
MOST_BYTES = 50_000_000

_EXAMPLE = "spot-prices.csv"


def fill_observations(data: dict[str, Any], document: Document) -> list[Problem]:
    """Replace the files of empirical beliefs by their values, and add them to the source.

    Parameters
    ----------
    data : dict
        A copy of the document's data; changed in place.
    document : Document
        For its folder and the origins of problems.

    Returns
    -------
    list of Problem
    """
    problems: list[Problem] = []
    for location, written in list(written_beliefs(data)):
        file, column = written.get("file"), written.get("column")
        if written["distribution"] != "empirical" or "values" in written:
            continue
        if not (isinstance(file, str) and isinstance(column, str)):
            continue
        try:
            written["values"] = _File(document, location, file).values(column)
        except InputError as error:
            problems.extend(error.problems)
            continue
        del written["file"], written["column"]
        own, cited = written.get("source"), f"column {column} of {file}"
        written["source"] = f"{own}; {cited}" if isinstance(own, str) and own else cited
    return problems


@dataclass(frozen=True)
class _File:
    """A file of observed values, and where in the config it is named."""

    document: Document
    location: Location
    name: str

    def values(self, column: str) -> list[float]:
        """Return the numbers of a column.

        Raises
        ------
        InputError
            If the file or the column cannot be used.
        """
        path = inside_folder(self.document, (*self.location, "file"), self.name, _EXAMPLE)
        readers = {".csv": self._csv, ".parquet": self._parquet}
        read = readers.get(path.suffix.lower())
        if read is None:
            raise self.refusal("file", "a file of another kind", "CSV (.csv) or Parquet (.parquet)")
        if path.stat().st_size > MOST_BYTES:
            raise self.refusal(
                "file", "the file is too large", f"up to {MOST_BYTES // 1_000_000} MB"
            )
        found = read(path, column)
        if not FEWEST_VALUES <= len(found) <= MOST_VALUES:
            raise self.refusal(
                "column",
                f"this column has {len(found):,} values",
                f"from {FEWEST_VALUES} to {MOST_VALUES:,} values",
                "use a wider belief, such as `elicited`"
                if len(found) < FEWEST_VALUES
                else "draw a sample of them, or sum them up by quarter",
            )
        return found

    def refusal(self, key: str, message: str, allowed: str, remedy: str = "") -> InputError:
        """Return an error at one of the two keys."""
        remedy = remedy or "name another file, or save this one again"
        shown = show(self.name) if key == "file" else ""
        problem = self.document.problem(
            (*self.location, key), message, allowed=allowed, remedy=remedy, value=shown
        )
        return InputError((problem,))

    def _column(self, columns: Sequence[str], wanted: str) -> int:
        """Return the position of a column."""
        if not columns:
            raise self.refusal("file", "the file is empty", "a line of column names, then values")
        if columns.count(wanted) == 1:
            return columns.index(wanted)
        twice = wanted in columns
        raise self.refusal(
            "column",
            f"the file has {'several columns' if twice else 'no column'} {show(wanted)}",
            listing(columns),
            "give each a name of its own"
            if twice
            else did_you_mean(wanted, columns, "use one of these"),
        )

    def _csv(self, path: Path, column: str) -> list[float]:
        found: list[float] = []
        refused: list[tuple[int, str]] = []
        try:
            with open(path, encoding="utf-8-sig", newline="") as stream:
                rows = csv.reader(stream, strict=True)
                at = self._column([name.strip() for name in next(rows, [])], column)
                for row in rows:
                    text = row[at].strip() if at < len(row) else ""
                    value = _number(text)
                    if value is not None:
                        found.append(value)
                    elif row:
                        refused.append((rows.line_num, text))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            message = f"the file cannot be read as CSV: {_reason(error)}"
            raise self.refusal("file", message, "UTF-8 text, values with commas between") from None
        if refused:
            raise self._not_numbers(len(refused), *refused[0], "line")
        return found

    def _parquet(self, path: Path, column: str) -> list[float]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            with pq.ParquetFile(path) as file:
                self._column(file.schema_arrow.names, column)
                cells = file.read(columns=[column]).column(column).to_pylist()
        except (OSError, pa.ArrowException) as error:
            message = f"the file cannot be read as Parquet: {_reason(error)}"
            raise self.refusal("file", message, "a Parquet file") from None
        found = [None if isinstance(cell, bool | str) else _number(cell) for cell in cells]
        bad = [row for row, value in enumerate(found) if value is None]
        if bad:
            raise self._not_numbers(len(bad), bad[0] + 1, show(cells[bad[0]]), "row")
        return [value for value in found if value is not None]

    def _not_numbers(self, count: int, where: int, text: str, unit: str) -> InputError:
        more = "" if count == 1 else f", and {count - 1:,} more"
        shown = f"{text[:40]!r}" if text else "nothing"
        return self.refusal(
            "column",
            f"{unit} {where:,} of {self.name} has {shown} where a number is needed{more}",
            "finite numbers, without separators or units",
            "correct the file, or remove the rows that have no value",
        )


def _number(cell: Any) -> float | None:
    """Return a cell as a finite number, or None if it is none."""
    if isinstance(cell, str) and "_" in cell:
        return None
    try:
        value = float(cell)
    except (TypeError, ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error)
    return text.splitlines()[0] if text else "unknown reason"
