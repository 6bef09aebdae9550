"""Claims of clusters and fleets, beside how many accelerators were made, and what they need."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path

from benchmarks.published.findings import Outcome, Theme
from benchmarks.published.inputs import Inputs, Outside
from benchmarks.published.ranges import Range, span

SUPPLY = Path(__file__).resolve().parents[1] / "data" / "accelerators_made.csv"
SUPPLY_SOURCE = (
    "Epoch AI, ai-chip-counts@d1b1bc3 (MIT), sums of the quarters' 5 %, 50 % and 95 % in "
    "benchmarks/data/accelerators_made.csv"
)
AFM_SERVER_FLOP = Outside(
    "training of AFM-server", 4.3e24, "FLOP", "third-party-estimate", "2024-07-29",
    "Epoch AI models (CC BY 4.0), epoch-research/training-cost-trends@39afc3de, likely",
)  # fmt: skip
AFM_DEVICE_FLOP = Outside(
    "training of AFM-on-device", 4.5126e23, "FLOP", "third-party-estimate", "2024-07-29",
    "Epoch AI models (CC BY 4.0), epoch-research/training-cost-trends@39afc3de, confident",
)  # fmt: skip
FRONTIER_GPUS = Outside(
    "GPUs of the largest model's test on Frontier", 3072, "dies or modules", "measured-vendor",
    "2023-12-20", "arXiv:2312.12705; Data Center Dynamics on it", 3072, 3072,
)  # fmt: skip
FRONTIER_TFLOPS = Outside(
    "TFLOP/s of one such GPU at 38.38 % of its peak", 73.5, "TFLOP/s", "measured-vendor",
    "2023-12-20", "arXiv:2312.12705, model of 22 billion parameters", 73.5, 73.5,
)  # fmt: skip
FRONTIER_SHARE = 0.3838
FRONTIER_MODULES = 37_888
TIMES_LARGER = 6144 / 512
SCALING = "`scaling_exponent.pretraining`"


@cache
def _quarters() -> tuple[dict[str, str], ...]:
    with open(SUPPLY, encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


def made(chips: tuple[str, ...], until: str) -> Outside:
    """Return how many accelerators were made by the end of a quarter, such as ``2024Q4``."""
    rows = [row for row in _quarters() if row["chip"] in chips and row["quarter"] <= until]
    if {row["chip"] for row in rows} != set(chips):
        raise ValueError(f"{SUPPLY.name} lacks one of {chips} until {until}")
    low, middle, high = (float(sum(int(row[key]) for row in rows)) for key in ("p05", "p50", "p95"))
    name = f"{' and '.join(chips)} made until {until}"
    return Outside(
        name, middle, "accelerators", "third-party-estimate", "2026-04-22", SUPPLY_SOURCE, low, high
    )


def _fits(
    claim: str, platform: str, chips: tuple[str, ...], until: str, why: str
) -> Callable[[Inputs], Outcome]:
    """Return a computation of what was made, of which the claimed number must be a part."""

    def compute(inputs: Inputs) -> Outcome:
        ours = inputs.outside(made(chips, until))
        count = inputs.claimed(claim)
        megawatts = count * inputs.remark.of(platform, "accelerator_kw").central / 1000
        return Outcome(
            ours,
            "accelerators",
            f"all {' and '.join(chips)} made until {until}, for everybody",
            f"It takes {count / ours.central * 100:.1f} % of them, and {megawatts:,.0f} MW before "
            f"cooling. That is room for the claim, no proof of it. {why}".strip(),
            "within",
        )

    return compute


def _rainier(inputs: Inputs) -> Outcome:
    trainium = inputs.of("aws-trainium2", "peak_pflops") * 400_000
    gpus = inputs.of("nvidia-gb200", "peak_pflops") * 100_000
    exponent = inputs.remark.of("nvidia-gb200", "scaling_exponent.pretraining")
    with_losses = trainium.central / gpus.central * (400_000 / 100_000) ** (exponent.central - 1)
    as_gpu = trainium / gpus
    return Outcome(
        span(as_gpu, trainium / (gpus * 2)),
        "x",
        "400,000 x `peak_pflops` of aws-trainium2 over 100,000 x that of nvidia-gb200; low: a "
        "superchip of two GPUs",
        f"Counted in GPUs the {as_gpu.central:.2f} is more and not less raw compute; counted in "
        "superchips it is half as much: what one GB200 is decides. Four times the chips in one job "
        f"scale worse, too: with an exponent of {exponent.central:.2f} for both, the ratio in GPUs "
        f"falls to {with_losses:.2f}.",
        "at most",
        said=1.0,
    )


def _afm(
    claim: str, platform: str, flop: Outside, chips: tuple[str, ...], until: str
) -> Callable[[Inputs], Outcome]:
    def compute(inputs: Inputs) -> Outcome:
        ours = inputs.outside(made(chips, until))
        count = inputs.claimed(claim)
        aside = inputs.remark
        rate = aside.of(platform, "peak_pflops") * aside.of(platform, "utilisation.pretraining")
        days = aside.outside(flop).central / (rate.central * 1e15 * count * 86_400)
        return Outcome(
            ours,
            "accelerators",
            f"all {' and '.join(chips)} made until {until}, for everybody",
            f"At `peak_pflops` x `utilisation.pretraining` the training takes about {days:.0f} "
            "days on them, which is plausible. Apple's own paper is the only witness.",
            "within",
        )

    return compute


def _frontier(inputs: Inputs) -> Outcome:
    per_gpu = inputs.outside(FRONTIER_TFLOPS) / FRONTIER_SHARE / 1000
    modules_per_gpu = per_gpu / inputs.of("amd-mi250x", "peak_pflops")
    ours = inputs.outside(FRONTIER_GPUS) * modules_per_gpu / FRONTIER_MODULES
    as_modules = FRONTIER_GPUS.value / FRONTIER_MODULES
    return Outcome(
        ours,
        "share",
        "3,072 x (73.5 TFLOP/s / 38.38 %) / `peak_pflops` of amd-mi250x / 37,888",
        "The paper's GPU has half the peak of an MI250X: it is one of the two dies of a module. "
        f"So 3,072 of them are 1,536 MI250X; the press took them for modules ({as_modules:.3f}). "
        "They ran a model of a trillion parameters; the one of GPT-3's size ran on 1,024. Both "
        "were run for throughput and not trained to the end.",
    )


def _scaling(inputs: Inputs) -> Outcome:
    mine = inputs.of("google-tpu-v5p", "scaling_exponent.pretraining")
    other = inputs.of("nvidia-h100-sxm", "scaling_exponent.pretraining")
    better = mine.central - other.central
    down = math.hypot(mine.central - mine.low, other.high - other.central)
    up = math.hypot(mine.high - mine.central, other.central - other.low)
    ratio = Range(*(TIMES_LARGER**exponent for exponent in (better - down, better, better + up)))
    return Outcome(
        ratio,
        "x",
        f"12 ^ (difference of {SCALING}, google-tpu-v5p less nvidia-h100-sxm): 512 to 6,144",
        '"Ahead at large scale" is read as: growing from 512 to 6,144 accelerators costs a TPU job '
        "less. Exponents from MLPerf Training (GPT-3, Llama 3.1 405B) do not tell the two apart. "
        "The engineering effort is in no data.",
        "at least",
        said=1.0,
    )


THEME = Theme(
    "Clusters and fleets",
    {
        "rainier-size": _fits(
            "rainier-size",
            "aws-trainium2",
            ("Trainium2",),
            "2025Q4",
            "The end of 2025 is a year after the announcement.",
        ),
        "rainier-vs-gb200": _rainier,
        "rainier-100k": _fits(
            "rainier-100k", "aws-trainium2", ("Trainium1", "Trainium2"), "2024Q4", ""
        ),
        "xai-h100": _fits("xai-h100", "nvidia-h100-sxm", ("H100",), "2024Q4", ""),
        "xai-b200": _fits("xai-b200", "nvidia-b200", ("B200",), "2025Q4", ""),
        "meta-h100": _fits("meta-h100", "nvidia-h100-sxm", ("H100",), "2024Q4", ""),
        "afm-tpu-v4": _afm("afm-tpu-v4", "google-tpu-v4", AFM_SERVER_FLOP, ("TPU v4",), "2024Q2"),
        "afm-tpu-v5p": _afm(
            "afm-tpu-v5p", "google-tpu-v5p", AFM_DEVICE_FLOP, ("TPU v5p",), "2024Q2"
        ),
        "frontier-mi250x": _frontier,
        "tpu-small-vs-large": _scaling,
    },
    {
        "google-own-share": (
            "Nobody publishes how many of Google's training runs use what; counts of chips made "
            "say nothing of who runs what on them."
        ),
    },
)
