"""Utilisation and availability of large training runs, as published."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.errors import InputError, Problem

LEAST_ACCELERATORS = 512
SINCE = "2021"
RUN_COLUMNS = (
    "model",
    "publication_date",
    "accelerator",
    "count",
    "mfu",
    "goodput",
    "precision",
    "confidence",
    "kind",
    "source",
)


@dataclass(frozen=True)
class Family:
    """Accelerators whose runs are taken together, and the catalogue's platforms they speak for."""

    platforms: tuple[str, ...]
    words: str


FAMILIES = {
    "nvidia-a100": Family(
        ("nvidia-a100-40gb", "nvidia-a100-80gb", "nvidia-a800"), "Nvidia A100 and A800"
    ),
    "nvidia-h100": Family(("nvidia-h100-sxm", "nvidia-h800"), "Nvidia H100 and H800"),
    "google-tpu-v4": Family(("google-tpu-v4",), "Google TPU v4"),
    "google-tpu-v5e": Family(("google-tpu-v5e",), "Google TPU v5e"),
    "google-tpu-v5p": Family(("google-tpu-v5p",), "Google TPU v5p"),
    "huawei-ascend-910b": Family(("huawei-ascend-910b",), "Huawei Ascend 910B"),
}
FAMILY_OF = {
    "NVIDIA A100": "nvidia-a100",
    "NVIDIA A100 SXM4 40 GB": "nvidia-a100",
    "NVIDIA A100 SXM4 80 GB": "nvidia-a100",
    "NVIDIA A800 PCIe 40 GB": "nvidia-a100",
    "NVIDIA H100 SXM5 80GB": "nvidia-h100",
    "NVIDIA H800 SXM5": "nvidia-h100",
    "Google TPU v4": "google-tpu-v4",
    "Google TPU v5e": "google-tpu-v5e",
    "Google TPU v5p": "google-tpu-v5p",
    "Huawei Ascend 910B": "huawei-ascend-910b",
}

# Read in the rows' notes, where they say what the rate is of and what it is a share of.
OTHER_BASIS = {
    "DeepSeek-V3": "of FP8 peak, causal attention only",
    "CodeFuse-13B": "tensor cores in use, not model FLOPs",
    "Flan-PaLM 540B": "the note derives another run's figure",
    "Llama 3.1 405B: model card": "over all GPU-hours, stops included; the run itself is in",
    "Baichuan1-7B": "one statement with Baichuan 2-7B, which is in",
    "AFM-on-device": "assumed like AFM-server",
}

FROM_MEMORY = "from memory"
RUN_CONFIDENCES = ("Confident", "Likely")

_HOW_IT_WAS_READ = re.compile(r" \(read through [^)]*\)")


@dataclass(frozen=True)
class Run:
    """A training run, or a benchmark of one if no confidence is stated."""

    model: str
    date: str
    accelerator: str
    accelerators: int | None
    utilisation: float | None
    availability: float | None
    precision: str
    confidence: str
    kind: str
    source: str


def read_runs(path: Path) -> list[Run]:
    """Return all rows of a file of training runs.

    Raises
    ------
    InputError
        If the file, a column or a cell cannot be read.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            rows = [(reader.line_num, row) for row in reader]
            header = list(reader.fieldnames or [])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(
            [Problem("", f"the file cannot be read as CSV: {reason}", file=str(path))]
        ) from None
    missing = [name for name in RUN_COLUMNS if name not in header]
    if missing:
        raise InputError(
            [Problem(name, "this column is missing", file=str(path), line=1) for name in missing]
        )
    problems: list[Problem] = []
    runs = [_run(row, line, path, problems) for line, row in rows]
    if problems:
        raise InputError(problems)
    return runs


def large_runs(runs: Sequence[Run]) -> list[Run]:
    """Return the large recent runs with a utilisation that a source was read for."""
    return [
        run
        for run in runs
        if run.utilisation is not None
        and run.accelerators is not None
        and run.accelerators >= LEAST_ACCELERATORS
        and run.date >= SINCE
        and FROM_MEMORY not in run.source
    ]


def why_not(run: Run) -> str:
    """Return why a run's utilisation is not used with others, or nothing if it is."""
    if run.model in OTHER_BASIS:
        return OTHER_BASIS[run.model]
    if "FP8" in run.precision:
        return "of FP8 peak"
    if run.confidence == "Speculative":
        return "speculative"
    return ""


def is_run(run: Run) -> bool:
    """Return whether this was a run to train a model, and not a benchmark of a few steps."""
    return run.confidence in RUN_CONFIDENCES


def _run(row: dict[str, str], line: int, path: Path, problems: list[Problem]) -> Run:
    def number(name: str) -> float | None:
        text = (row[name] or "").strip()
        try:
            return float(text) if text else None
        except ValueError:
            problems.append(
                Problem(name, "this is no number", value=text, file=str(path), line=line)
            )
            return None

    count = number("count")
    return Run(
        row["model"],
        row["publication_date"],
        row["accelerator"],
        None if count is None else int(count),
        number("mfu"),
        number("goodput"),
        row["precision"],
        row["confidence"],
        row["kind"],
        _HOW_IT_WAS_READ.sub("", row["source"]),
    )
