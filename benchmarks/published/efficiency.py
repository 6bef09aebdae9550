"""Claims of performance per watt, or of power against another chip."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.published.findings import Outcome, Theme
from benchmarks.published.inputs import Inputs
from benchmarks.published.ranges import Range, span


def _per_watt(inputs: Inputs, platform: str, figure: str) -> Range:
    """Return TFLOP/s (TB/s, ...) per watt of the chip's own power."""
    return inputs.of(platform, figure) / inputs.of(platform, "tdp_kw")


def _trn3(inputs: Inputs) -> Outcome:
    figures = ("peak_pflops", "peak_pflops_fp8", "memory_bandwidth_tbps")
    ratios = [
        _per_watt(inputs, "aws-trainium3", name) / _per_watt(inputs, "aws-trainium2", name)
        for name in figures
    ]
    each = ", ".join(
        f"{ratio.central:.2f} in `{name}`" for name, ratio in zip(figures, ratios, strict=True)
    )
    return Outcome(
        span(ratios[0], *ratios[1:]),
        "x",
        f"figure / `tdp_kw`, aws-trainium3 over aws-trainium2: {each}",
        "Power is estimated for both chips. In FP8 the claim is about right; in dense BF16 the "
        "new chip would do less per watt than the old one.",
    )


def _ascend910b(inputs: Inputs) -> Outcome:
    ours = _per_watt(inputs, "huawei-ascend-910b", "peak_pflops")
    a100 = _per_watt(inputs.remark, "nvidia-a100-80gb", "peak_pflops")
    return Outcome(
        ours,
        "TFLOP/s per W",
        "`peak_pflops` / `tdp_kw` of huawei-ascend-910b",
        f"Off by a factor of five or more. So is the 4.7 said of the A100: its data sheet gives "
        f"{a100.central:.2f}. A board that did 5.2 at 400 W would have over 2 PFLOP/s.",
    )


def _v4_power(inputs: Inputs) -> Outcome:
    ours = inputs.of("nvidia-a100-80gb", "tdp_kw") / inputs.of("google-tpu-v4", "tdp_kw")
    return Outcome(
        ours,
        "x less",
        "`tdp_kw` of nvidia-a100-80gb over that of google-tpu-v4",
        "Said of mean power under MLPerf work. Ours sets the highest power that Google measured on "
        "a chip, or an estimate of its rated power, against the rated power of an A100: other "
        "quantities, one of them from the speaker.",
    )


COMPUTED: dict[str, Callable[[Inputs], Outcome]] = {
    "trn3-efficiency": _trn3,
    "v4-vs-a100-power-low": _v4_power,
    "v4-vs-a100-power-high": _v4_power,
    "ascend910b-efficiency": _ascend910b,
}

THEME = Theme(
    "Performance per watt, and power",
    COMPUTED,
    {
        "chana-power": (
            "No power of Chana is published, and what the catalogue has is derived from this very "
            "claim. Other reports say 75 % of an A100's."
        ),
    },
)
