"""How time and memory grow with the samples, the platforms and the quarters."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.planner_runs import Run, alone, planner_run
from benchmarks.sizes import SIZES, Effort

Raw = dict[str, Any]

_SECOND = "-too"


@dataclass(frozen=True)
class Step:
    """One row of the table: a config as it is or made larger, and a number of samples."""

    name: str
    raw: Raw
    samples: int


def twice_the_platforms(raw: Raw) -> Raw:
    """Return a scenario with every platform and offer twice, and twice of what they share.

    The second of each has beliefs of its own; demand, power and pools are doubled, so that the
    same limits bind.
    """
    made = copy.deepcopy(raw)
    for name, platform in raw["platforms"].items():
        made["platforms"][name + _SECOND] = copy.deepcopy(platform)
    for name, offer in raw["offers"].items():
        made["offers"][name + _SECOND] = offer | {"platform": offer["platform"] + _SECOND}
    for pool in made["pools"].values():
        uses = pool["use_per_accelerator"]
        uses |= {name + _SECOND: use for name, use in uses.items()}
        pool["supply"] = _doubled(pool["supply"])
    for workload in made["workloads"].values():
        workload["demand"] = _doubled(workload["demand"])
    for site in made["sites"].values():
        if site["power_mw"] != "unlimited":
            site["power_mw"] = _doubled(site["power_mw"])
    return made


def _doubled(belief: Raw) -> Raw:
    return {key: value if isinstance(value, str) else 2 * value for key, value in belief.items()}


def twice_the_quarters(raw: Raw) -> Raw:
    """Return a scenario of twice as many quarters, in which every path takes twice as long."""
    return {**_stretched(raw, raw["quarters"]), "quarters": 2 * raw["quarters"]}


def _stretched(node: Any, quarters: int) -> Any:
    """Return a part of a scenario in which every list of a number for each quarter is longer."""
    if isinstance(node, dict):
        return {key: _stretched(value, quarters) for key, value in node.items()}
    if isinstance(node, list) and len(node) == quarters:
        return [value for value in node for _ in range(2)]
    return node


def steps(effort: Effort) -> Iterator[Step]:
    """Yield the rows of the table."""
    one, eight = (_raw(name) for name in ("one_quarter", "eight_quarters"))
    most, many = (effort.samples(SIZES[name]) for name in ("one_quarter", "eight_quarters"))
    for samples in sorted({max(1, most // 100), max(1, most // 10), most}):
        yield Step("one quarter", one, samples)
    yield Step("one quarter, twice the platforms", twice_the_platforms(one), max(1, most // 10))
    yield Step("eight quarters", eight, many)
    yield Step("sixteen quarters", twice_the_quarters(eight), many)


def ten_million() -> Iterator[Step]:
    """Yield a run of a million samples and one of ten million."""
    raw = _raw("one_quarter")
    for samples in (1_000_000, 10_000_000):
        yield Step("one quarter", raw, samples)


def _raw(name: str) -> Raw:
    return dict(yaml.safe_load(SIZES[name].config.read_text(encoding="utf-8")))


def measured(step: Step) -> Run:
    """Return the measured run of a step."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "step.yaml"
        config.write_text(yaml.safe_dump(step.raw, sort_keys=False), encoding="utf-8")
        return alone(planner_run, config, step.samples)
