"""Claims that one chip is so many times another, beside peaks, bandwidths and yields."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.published.findings import Outcome, Theme
from benchmarks.published.inputs import Inputs, Outside
from benchmarks.published.ranges import Range, span
from planner.config.evidence import OF_A_GAIN

XUYU = Outside(
    "peak of Xuyu, Chana's successor", 0.896, "PFLOP/s", "vendor-claim", "2026-07-01",
    "en.wedoany.com/innovation/29761.html: 896 TFLOP/s, mixed precision",
)  # fmt: skip
XUYU_OVER_CHANA = Outside(
    "Xuyu over Chana", 3, "x", "vendor-claim", "2026-07-01",
    "en.wedoany.com/innovation/29761.html: three times Chana",
)  # fmt: skip


def yield_of(inputs: Inputs, platform: str, work: str) -> Range:
    """Return what the planner takes an accelerator to do, but for its availability, in PFLOP/s."""
    return inputs.of(platform, "peak_pflops") * inputs.of(platform, f"utilisation.{work}")


def _figures(
    ours: str, theirs: str, figures: tuple[str, ...], why: str
) -> Callable[[Inputs], Outcome]:
    """Return a computation of the ratios of figures, of which the first is the planner's own."""

    def compute(inputs: Inputs) -> Outcome:
        ratios = [inputs.of(ours, name) / inputs.of(theirs, name) for name in figures]
        each = ", ".join(
            f"{ratio.central:.2f} in `{name}`" for name, ratio in zip(figures, ratios, strict=True)
        )
        formula = f"{ours} over {theirs}: {each}"
        return Outcome(span(ratios[0], *ratios[1:]), "x", formula, why)

    return compute


def _yields(ours: str, theirs: str, work: str, why: str) -> Callable[[Inputs], Outcome]:
    """Return a computation of the ratio of the planner's yields for a kind of work."""

    def compute(inputs: Inputs) -> Outcome:
        ratio = yield_of(inputs, ours, work) / yield_of(inputs, theirs, work)
        peaks = inputs.of(ours, "peak_pflops") / inputs.of(theirs, "peak_pflops")
        formula = f"`peak_pflops` x `utilisation.{work}`, {ours} over {theirs}"
        return Outcome(ratio, "x", formula, f"The peaks alone give {peaks.central:.2f}. {why}")

    return compute


def _mtia(inputs: Inputs) -> Outcome:
    peak = inputs.of("meta-mtia-v2", "peak_pflops") / inputs.of("meta-mtia-v1", "peak_pflops")
    new, old = (
        inputs.of(f"meta-mtia-{version}", "memory_bandwidth_tbps") for version in ("v2", "v1")
    )
    on_chip, off_chip = new.central / old.central, new.low / old.low
    least = min(peak.central, on_chip)
    return Outcome(
        span(Range.point(least), Range.point(off_chip)),
        "x",
        "the smaller of the ratios of `peak_pflops` and `memory_bandwidth_tbps`, v2 over v1; low: "
        "of memory off the chip",
        f"Said of compute and of bandwidth. Compute is {peak.central:.2f} times, the bandwidth of "
        f"memory on the chip {on_chip:.2f} times, and of memory off the chip {off_chip:.2f} times: "
        "which is meant is not said, and large models need the latter.",
        "at least",
    )


def _maia(inputs: Inputs) -> Outcome:
    names = ("peak_pflops", "memory_gb", "memory_bandwidth_tbps")
    ratios = [
        inputs.of("microsoft-maia-100", name) / inputs.of("nvidia-h100-sxm", name) for name in names
    ]
    each = ", ".join(
        f"{ratio.central:.2f} in `{name}`" for name, ratio in zip(names, ratios, strict=True)
    )
    return Outcome(
        span(ratios[0], *ratios[1:]),
        "x of an H100",
        f"microsoft-maia-100 over nvidia-h100-sxm: {each}",
        'What can be checked of the announcement is "meant to equal H100": on its own data sheet '
        "it does in none of the three.",
        said=1.0,
    )


def _ultraservers(inputs: Inputs) -> Outcome:
    new, old = (
        inputs.of(name, "scale_up_accelerators") * inputs.of(name, "peak_pflops_fp8")
        for name in ("aws-trainium3", "aws-trainium2")
    )
    chips = inputs.of("aws-trainium3", "peak_pflops_fp8") / inputs.of(
        "aws-trainium2", "peak_pflops_fp8"
    )
    bf16 = inputs.of("aws-trainium3", "peak_pflops") / inputs.of("aws-trainium2", "peak_pflops")
    return Outcome(
        new / old,
        "x",
        "`scale_up_accelerators` x `peak_pflops_fp8`, aws-trainium3 over aws-trainium2",
        "AWS says it of UltraServers, of 144 chips against 64. A chip is "
        f"{chips.central:.2f} times one of Trainium2 in FP8 and {bf16.central:.2f} times in dense "
        "BF16: whoever plans by the chip must not use this figure.",
    )


def _chana(inputs: Inputs) -> Outcome:
    # "Three times" is a vendor's gain itself, of which by the ledger's default share from 5 % to
    # all comes true.
    gain, share = inputs.outside(XUYU_OVER_CHANA).central, OF_A_GAIN["vendor-claim"]
    low, high = (1 + part * (gain - 1) for part in (share.p10, share.p90))
    chana = inputs.outside(XUYU) / Range(low, gain, high)
    ours = chana / inputs.of("nvidia-a100-80gb", "peak_pflops")
    return Outcome(
        ours,
        "x",
        "peak of the successor / 3, over `peak_pflops` of nvidia-a100-80gb",
        "Taken at its word, the firm's own statement on the successor puts Chana below an A100, "
        "against both readings of the claim (1.5 and 2.5); both cannot be true in full. The less "
        "of the successor's threefold gain is believed, the better Chana looks. No specification "
        "of it is published, nor is the precision of the successor's peak.",
    )


def _haiku(inputs: Inputs) -> Outcome:
    outcome = _yields(
        "aws-trainium2",
        "nvidia-h100-sxm",
        "inference",
        "",
    )(inputs)
    aside = inputs.remark
    memory = aside.of("aws-trainium2", "memory_bandwidth_tbps") / aside.of(
        "nvidia-h100-sxm", "memory_bandwidth_tbps"
    )
    return Outcome(
        outcome.ours,
        "x",
        outcome.formula,
        'The "other chips" are not named; an H100 is taken here. '
        f"Memory bandwidth, which bounds the speed for one user, gives {memory.central:.2f}.",
    )


SPEED = "Speed of training is the peak and how much of it is used."
NO_MLPERF = "MLPerf Training v2.1 to v5.0 has no result of one of the two."

THEME = Theme(
    "One chip against another",
    {
        "trn3-2x": _figures(
            "aws-trainium3",
            "aws-trainium2",
            ("peak_pflops", "peak_pflops_fp8", "memory_bandwidth_tbps"),
            "Nearly kept in FP8 only. In dense BF16, in which this planner counts, there is next "
            "to no gain: take it as a claim about FP8 work.",
        ),
        "trn3-4x": _ultraservers,
        "haiku35-trn2": _haiku,
        "maia-athena": _maia,
        "v5p-training-speed": _yields(
            "google-tpu-v5p", "google-tpu-v4", "pretraining", f"{SPEED} {NO_MLPERF}"
        ),
        "v4-vs-a100-speed-low": _yields(
            "google-tpu-v4", "nvidia-a100-80gb", "pretraining", f"{SPEED} {NO_MLPERF}"
        ),
        "v4-vs-a100-speed-high": _yields(
            "google-tpu-v4", "nvidia-a100-80gb", "pretraining", f"{SPEED} {NO_MLPERF}"
        ),
        "gaudi3-training": _yields(
            "intel-gaudi3", "nvidia-h100-sxm", "pretraining", f"{SPEED} {NO_MLPERF}"
        ),
        "gaudi3-inference": _yields(
            "intel-gaudi3",
            "nvidia-h100-sxm",
            "inference",
            "MLPerf Inference v5.1 has no result of Gaudi 3.",
        ),
        "ascend910b-parity": _yields(
            "huawei-ascend-910b", "nvidia-a100-80gb", "pretraining", NO_MLPERF
        ),
        "ascend910c-inference": _figures(
            "huawei-ascend-910c",
            "nvidia-h100-sxm",
            ("peak_pflops", "memory_bandwidth_tbps"),
            "Peak and bandwidth leave room for it, and for more. Our own share of peak for this "
            "chip comes from this very claim, and is not used here; MLPerf Inference v5.1 has no "
            "result of an Ascend.",
        ),
        "mtia-v2": _mtia,
        "chana-performance": _chana,
    },
    {
        "apple-inferentia-graviton": (
            'The "previous platform" and the measure of efficiency are not named, and search '
            "services run on CPUs (Graviton) as much as on accelerators, which the catalogue does "
            "not have."
        ),
    },
)
