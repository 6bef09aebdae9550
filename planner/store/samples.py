"""``samples.parquet``: every draw and every optimum, one value a row, written block by block.

==============  =======================================================================
column          meaning
==============  =======================================================================
``sample``      number of the sample, from 0
``kind``        ``draw``, ``optimum`` or ``result``
``name``        YAML path of the input; family of the decision; name of the result
``offer`` ...   what the decision is about (offer, platform, site, workload, quarter and so on)
``unit``        unit of the value
``value``       the number; decisions that are zero are there as zeros
==============  =======================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from planner.analysis.tally_blocks import Keep, KeptSamples
from planner.analysis.workbench import Workbench
from planner.model.columns import COLUMN_FAMILIES

_KEYS = ("offer", "existing", "power", "platform", "site", "workload", "quarter", "year", "part")
LABELS = ("kind", "name", *_KEYS, "unit")
RESULT_ROWS = (
    ("cost_usd", "USD"),
    ("cost_without_shortfall_usd", "USD"),
    ("cost_bound_usd", "USD"),
    ("proven_optimal", "1"),
)


@dataclass
class SamplesFile:
    """Streams blocks of samples to Parquet, a row group each, so that memory does not grow.

    Parameters
    ----------
    path : Path
    bench : Workbench
    everything : bool
        Keep draws and optima; otherwise results only.
    """

    path: Path
    bench: Workbench
    everything: bool

    @property
    def keep(self) -> Keep:
        """What of each sample has to be written."""
        return "everything" if self.everything else "results"

    def __post_init__(self) -> None:
        self._labels = _label_rows(self.bench, self.everything)
        self._dictionaries = {
            label: sorted({row.get(label, "") for row in self._labels}) for label in LABELS
        }
        self._schema = pa.schema(
            [
                ("sample", pa.int32()),
                *((label, pa.dictionary(pa.int16(), pa.string())) for label in LABELS),
                ("value", pa.float64()),
            ]
        )
        self._codes = {
            label: np.array(
                [self._dictionaries[label].index(row.get(label, "")) for row in self._labels],
                dtype=np.int16,
            )
            for label in LABELS
        }
        self._writer = pq.ParquetWriter(self.path, self._schema, compression="zstd")

    def write(self, block: KeptSamples) -> None:
        """Append a block of samples."""
        values = _values(block)
        n, width = values.shape
        samples = np.repeat(block.numbers.astype(np.int32), width)
        columns: list[Any] = [pa.array(samples)]
        for label in LABELS:
            codes = pa.array(np.tile(self._codes[label], n))
            columns.append(pa.DictionaryArray.from_arrays(codes, self._dictionaries[label]))
        columns.append(pa.array(values.ravel()))
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()


def _values(block: KeptSamples) -> Any:
    proven = np.ones_like(block.cost_usd)
    costs = (block.cost_usd, block.cost_without_shortfall_usd, block.bound_usd, proven)
    results = np.stack(costs, axis=1)
    if block.draws is None or block.x is None:
        return results
    return np.concatenate([block.draws, block.x, results], axis=1)


def _label_rows(bench: Workbench, everything: bool) -> list[dict[str, str]]:
    results = [{"kind": "result", "name": name, "unit": unit} for name, unit in RESULT_ROWS]
    if not everything:
        return results
    draws = [{"kind": "draw", "name": item.name, "unit": ""} for item in bench.inputs]
    offers = {offer.name: offer for offer in bench.model.sets.offers}
    workloads = bench.model.scenario.workloads
    optima = []
    for column in bench.model.template.columns:
        family = COLUMN_FAMILIES[column.family]
        keys = dict(zip(family.keys, column.key, strict=True))
        if "offer" in keys:
            keys["platform"] = bench.model.sets.platforms[offers[keys["offer"]].platform]
        unit = family.unit or workloads[keys["workload"]].unit
        optima.append({"kind": "optimum", "name": column.family, "unit": unit, **keys})
    return [*draws, *optima, *results]
