"""The catalogue's references: scaling exponents, utilisation and availability from measurement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from benchmarks.scaling.exponents import Exponent, exponents
from benchmarks.scaling.rows import (
    LARGE_PRETRAINING,
    LEAST,
    Result,
    best_by_size,
    kind_of,
    pairs_of,
    round_key,
    without_resubmissions,
)
from benchmarks.scaling.runs import (
    FAMILIES,
    FAMILY_OF,
    FROM_MEMORY,
    Run,
    is_run,
    large_runs,
    why_not,
)

PLATFORM_OF = {
    "A100-SXM-40GB": "nvidia-a100-40gb",
    "A100-SXM-80GB": "nvidia-a100-80gb",
    "H100-SXM": "nvidia-h100-sxm",
    "H200": "nvidia-h200",
    "B200": "nvidia-b200",
    "GB200": "nvidia-gb200",
    "TPU-v5p": "google-tpu-v5p",
    "TPU-v6e": "google-tpu-v6e",
    "MI300X": "amd-mi300x",
}
WORK_OF = {
    LARGE_PRETRAINING: "pretraining",
    "image-classification": "vision",
    "object-detection": "vision",
    "image-segmentation": "vision",
    "recommendation": "ranking",
}
"""The catalogue's word for a kind of benchmark; the others keep their own."""

PUBLISHED = {"v3.1": "2023-11-08", "v5.0": "2025-06-04"}
"""When rounds were published, as far as that was found again."""

READ = "2026-11-22"
"""When the results and runs were read: the date of a figure whose publication was not found."""

LEAST_FOR_QUANTILES = 5
"""Fewer runs give a value with the range, and no quantiles."""

_NOT_OFFICIAL = "Derived; not an official MLPerf result."

Reference = dict[str, Any]


def scaling_references(results: Sequence[Result]) -> tuple[dict[str, Reference], list[str]]:
    """Return references of scaling exponents by name, and what was refused or has no platform."""
    found: dict[str, Reference] = {}
    notes: list[str] = []
    for work, groups in sorted(_groups_by_work(results).items()):
        for accelerator, exponent in exponents(groups).items():
            own = [group for group in groups if group[0].accelerator == accelerator]
            platform = PLATFORM_OF.get(accelerator)
            if platform is None:
                notes.append(f"{work} on {accelerator}: no platform of the catalogue")
            elif not 0 < exponent.p10 < exponent.p90 <= 1:
                notes.append(f"{work} on {accelerator}: refused, P10 to P90 leaves 0 to 1")
            else:
                found[f"scaling-{work}-{platform}"] = _scaling(
                    work, platform, own, exponent, len(groups)
                )
    return found, notes


def utilisation_references(runs: Iterable[Run]) -> tuple[dict[str, Reference], list[str]]:
    """Return references of utilisation by name, and the runs that were not used, with reasons."""
    families: defaultdict[str, list[Run]] = defaultdict(list)
    notes = []
    for run in large_runs(list(runs)):
        family = FAMILY_OF.get(run.accelerator)
        if family is None:
            notes.append(f"{run.model}: no platform of the catalogue ({run.accelerator})")
        else:
            families[family].append(run)
    found = {}
    for family, members in sorted(families.items()):
        good = [run for run in members if not why_not(run)]
        # Benchmarks of a few steps stand in for runs only where there are none.
        used = [run for run in good if is_run(run)] or good or members
        left = [run for run in members if run not in used]
        notes += [f"{run.model}: {why_not(run) or 'a benchmark, no run'}" for run in left]
        found[f"utilisation-pretraining-{family}"] = _utilisation(family, used, left)
    return found, notes


def availability_references(runs: Iterable[Run]) -> tuple[dict[str, Reference], list[str]]:
    """Return references of availability by name, and what was not used."""
    found, notes = {}, []
    for run in runs:
        if run.availability is None or FROM_MEMORY in run.source:
            continue
        family = FAMILY_OF.get(run.accelerator)
        if family is None or run.accelerators is None:
            notes.append(f"{run.model}: no platform of the catalogue ({run.accelerator})")
            continue
        found[f"availability-pretraining-{family}"] = {
            "about": (
                f"Share of the hours of one job on {run.accelerators:,} accelerators that went "
                f"into training, after stops and restarts; stated as over {run.availability:.0%}"
            ),
            "quantity": "availability",
            "kind_of_work": "pretraining",
            "platforms": list(FAMILIES[family].platforms[:1]),
            "figure": {
                "value": run.availability,
                "unit": "share of hours",
                "evidence": "customer-claim",
                "date": _day(run.date),
                "source": f"{run.model}: {run.source}",
            },
            "points": 1,
        }
    return found, notes


def _groups_by_work(results: Sequence[Result]) -> dict[str, list[list[Result]]]:
    """Return the sizes of each group that scales, by kind of work; what was sent in twice once."""
    once = {pair.group for pair in without_resubmissions(pairs_of(results), results)}
    found: defaultdict[str, list[list[Result]]] = defaultdict(list)
    for group, sizes in best_by_size(results).items():
        if group in once:
            kind = kind_of(group[1])
            found[WORK_OF.get(kind, kind)].append(
                [one for one in sizes if one.accelerators >= LEAST]
            )
    return found


def _scaling(
    work: str, platform: str, own: list[list[Result]], exponent: Exponent, of_the_kind: int
) -> Reference:
    every = [one for group in own for one in group]
    source = _scaling_source(own, of_the_kind)
    stated = {
        "evidence": "measured-vendor",
        "date": PUBLISHED.get(max((one.round for one in every), key=round_key), READ),
        "source": source,
    }
    first = sorted(group[0].accelerators for group in own)[(len(own) - 1) // 2]
    longest, shortest = max(one.minutes for one in every), min(one.minutes for one in every)
    return {
        "about": (
            f"Exponent of speed by number of accelerators of one more {work} job that takes "
            f"{shortest:.3g} to {longest:.3g} minutes; longer jobs lose less, as their fixed parts "
            "weigh less"
        ),
        "quantity": "scaling-exponent",
        "kind_of_work": work,
        "platforms": [platform],
        "reference_accelerators": {"value": first, "unit": "accelerators"} | stated,
        "figure": {"quantiles": _three(exponent.p10, exponent.p50, exponent.p90)}
        | {"unit": "exponent"}
        | stated,
        "points": len(every),
    }


def _scaling_source(own: list[list[Result]], of_the_kind: int) -> str:
    every = [one for group in own for one in group]
    rounds = sorted({one.round for one in every}, key=round_key)
    repositories = sorted({one.source for one in every})
    submitters = sorted({one.submitter for one in every})
    benchmarks = sorted({one.benchmark for one in every})
    counts = sorted(one.accelerators for one in every)
    return (
        f"MLPerf Training {', '.join(rounds)} closed division ({', '.join(repositories)}), times "
        f"computed from result logs: {', '.join(benchmarks)} by {', '.join(submitters)}; "
        f"{len(every)} results in {len(own)} groups of a round, benchmark and submitter, "
        f"{_range(counts)} accelerators. Log minutes on log accelerators with random "
        f"effects, pooled over the {of_the_kind} groups of this kind of work; quantiles are of one "
        f"more group. The reference size is the middle one of the groups' first sizes. "
        f"{_NOT_OFFICIAL}"
    )


def _utilisation(family: str, used: list[Run], left: list[Run]) -> Reference:
    values = np.array(sorted(float(run.utilisation or 0) for run in used))
    counts = sorted(run.accelerators or 0 for run in used)
    runs = all(is_run(run) for run in used)
    speculative = any(why_not(run) == "speculative" for run in used)
    assumed = any(why_not(run) not in ("", "speculative") for run in used)
    about = (
        f"Model FLOPs utilisation of pretraining on {FAMILIES[family].words}, "
        + ("published runs" if runs else "published figures")
        + f" with {_range(counts)} accelerators since {min(run.date for run in used)[:4]}"
        + ("; speculative" if speculative else "")
        + (f"; {why_not(used[0])}" if assumed else "")
        + ("; some are over all hours, stops included" if runs and len(used) > 1 else "")
    )
    kinds = {run.kind for run in used}
    stated: dict[str, Any]
    if len(values) >= LEAST_FOR_QUANTILES:
        stated = {"quantiles": _three(*np.quantile(values, [0.1, 0.5, 0.9], method="hazen"))}
    else:
        stated = {"value": round(float(np.median(values)), 4)}
        if len(values) > 1:
            stated |= {"low": float(values[0]), "high": float(values[-1])}
    return {
        "about": about,
        "quantity": "utilisation",
        "kind_of_work": "pretraining",
        "platforms": list(FAMILIES[family].platforms),
        "figure": stated
        | {
            "unit": "share of peak FLOP/s",
            "evidence": "vendor-claim" if kinds == {"vendor-claim"} else "third-party-estimate",
            "date": max(_day(run.date) for run in used),
            "source": _utilisation_source(used, left),
        },
        "points": len(used),
    }


def _utilisation_source(used: list[Run], left: list[Run]) -> str:
    documents = sorted({run.source.split(";")[0] for run in used})
    text = f"{'; '.join(documents)}. Used: {_listed(run.model for run in used)}."
    if left:
        reasons = [f"{run.model} ({why_not(run) or 'a benchmark'})" for run in left]
        text += f" Left out: {_listed(reasons)}."
    return text


def _range(counts: Sequence[int]) -> str:
    """Return the lowest and the highest of sorted counts, or the only one."""
    first, last = counts[0], counts[-1]
    return f"{first:,}" if first == last else f"{first:,} to {last:,}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _three(low: float, middle: float, high: float) -> dict[str, float]:
    return {
        "p10": round(float(low), 3),
        "p50": round(float(middle), 3),
        "p90": round(float(high), 3),
    }


def _day(date: str) -> str:
    """Return a full date: a month that is known without its day gets the first."""
    return date + "-01" if len(date) == len("2024-07") else date
