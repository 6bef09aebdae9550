"""Claims of a peak, a memory or a power, beside the data sheets of the catalogue."""

from __future__ import annotations

import math
from collections.abc import Callable

from benchmarks.published.findings import Outcome, Theme
from benchmarks.published.inputs import Inputs, Outside
from benchmarks.published.verdicts import Reading

SHEET = "The speaker and the data sheet agree; what a program reaches of it is another question."

GPT3 = Outside(
    "parameters of GPT-3", 175, "billion", "vendor-claim", "2020-05-28",
    "Brown et al., arXiv:2005.14165, table 2.1", 175, 175,
)  # fmt: skip


def _stated(
    platform: str,
    figure: str,
    unit: str,
    factor: float = 1.0,
    why: str = SHEET,
    reading: Reading = "about",
) -> Callable[[Inputs], Outcome]:
    """Return a computation of one figure of the catalogue, times a factor."""
    times = "" if factor == 1 else f"{factor:,.15g} x "

    def compute(inputs: Inputs) -> Outcome:
        ours = inputs.of(platform, figure) * factor
        return Outcome(ours, unit, f"{times}`{figure}` of {platform}", why, reading)

    return compute


def _gpt3_memory(inputs: Inputs) -> Outcome:
    weights = inputs.outside(GPT3)
    cards = [
        (name, math.ceil(weights.central / inputs.remark.of(name, "memory_gb").central))
        for name in ("nvidia-a100-80gb", "amd-mi300x")
    ]
    counted = " and ".join(f"{count} of {name}" for name, count in cards)
    return Outcome(
        weights,
        "GB",
        "parameters x 1 byte; over `memory_gb`, rounded up",
        f"Weights alone fit into {counted}. The cache of each conversation comes on top, so that "
        "serving needs more.",
    )


def _ascend_910(inputs: Inputs) -> Outcome:
    peak = inputs.of("huawei-ascend-910", "peak_pflops") * 1000
    watts = inputs.remark.of("huawei-ascend-910", "tdp_kw") * 1000
    return Outcome(
        peak,
        "TFLOP/s",
        "1,000 x `peak_pflops` (FP16)",
        f"{SHEET} Of the 310 W said, the catalogue has {watts.central:,.0f}.",
    )


def _h100_memory(inputs: Inputs) -> Outcome:
    memory = inputs.of("nvidia-h100-sxm", "memory_gb")
    bandwidth = inputs.remark.of("nvidia-h100-sxm", "memory_bandwidth_tbps").central
    return Outcome(
        memory,
        "GB",
        "`memory_gb`",
        f"{SHEET} For 'about 3 TB/s' the catalogue has {bandwidth:g}.",
    )


def _v5p(inputs: Inputs) -> Outcome:
    peak = inputs.of("google-tpu-v5p", "peak_pflops") * 1000
    memory = inputs.remark.of("google-tpu-v5p", "memory_gb").central
    bandwidth = inputs.remark.of("google-tpu-v5p", "memory_bandwidth_tbps").central
    return Outcome(
        peak,
        "TFLOP/s",
        "1,000 x `peak_pflops`",
        f"{SHEET} Of the memory, the catalogue has {memory:g} GB at {bandwidth:g} TB/s.",
    )


def _exapod(inputs: Inputs) -> Outcome:
    return Outcome(
        inputs.of("tesla-dojo-d1", "peak_pflops") * 3000,
        "PFLOP/s",
        "3,000 x `peak_pflops` of tesla-dojo-d1",
        "Said as a round number with one digit, which its parts exceed, so it is read as a bound. "
        "No run of an ExaPOD is published.",
        "at least",
    )


def _trn3_power(inputs: Inputs) -> Outcome:
    ours = inputs.of("aws-trainium3", "tdp_kw") * 1000
    return Outcome(
        ours,
        "W",
        "1,000 x `tdp_kw` of aws-trainium3",
        "AWS publishes no power. Epoch AI's estimate was made after the chip came out; the press "
        "inferred the claim before, from a remark on cooling. With its share of the server a chip "
        "may well take 1,000 W.",
        "at least",
    )


THEME = Theme(
    "Peaks, memory and power",
    {
        "trn2-server-peak": _stated("aws-trainium2", "peak_pflops_fp8", "PFLOP/s", 16),
        "trn2-ultraserver-peak": _stated("aws-trainium2", "peak_pflops_fp8", "PFLOP/s", 64),
        "trn3-power": _trn3_power,
        "v5p-peak": _v5p,
        "v5p-pod": _stated("google-tpu-v5p", "scale_up_accelerators", "chips"),
        "mi300x-memory": _stated("amd-mi300x", "memory_gb", "GB"),
        "h100-memory": _h100_memory,
        "gpt3-memory": _gpt3_memory,
        "groq-sram-bandwidth": _stated("groq-lpu", "memory_bandwidth_tbps", "TB/s"),
        "ascend910-peak": _ascend_910,
        "mtt-s4000": _stated("moore-threads-mtt-s4000", "peak_pflops", "TFLOP/s", 1000),
        "dojo-d1": _stated("tesla-dojo-d1", "tdp_kw", "W", 1000),
        "dojo-exapod": _exapod,
    },
    {},
)
