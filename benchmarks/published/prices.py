"""Claims of a price, or of performance for the same money."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.published.findings import Outcome, Theme
from benchmarks.published.inputs import Inputs, Outside
from benchmarks.published.ranges import Range
from benchmarks.published.ratios import yield_of

H100_CHIP = Outside(
    "price of an H100 alone, 2023 and 2024", 30_000, "USD", "third-party-estimate", "2026-04-22",
    "Epoch AI, ai-chip-counts@d1b1bc3 (MIT), data_inputs/Nvidia annual prices.csv: 30,000 to "
    "40,000 USD in 2023, 23,000 to 30,000 in 2024", 23_000, 40_000,
)  # fmt: skip
A100_HOUR = Outside(
    "an A100 40 GB at AWS on demand", 4.10, "USD/hour", "vendor-claim", "2022-12-09",
    "AWS p4d, us-east-1; Epoch AI hardware prices (CC BY 4.0), "
    "epoch-research/training-cost-trends@5e8c5c4f",
)  # fmt: skip


def per_dollar(inputs: Inputs, platform: str, work: str, price: str) -> Range:
    """Return the planner's yield for a dollar an hour, in PFLOP/s."""
    return yield_of(inputs, platform, work) / inputs.price(price)


def _h100(inputs: Inputs) -> Outcome:
    return Outcome(
        inputs.outside(H100_CHIP),
        "USD",
        "estimates of the price of the chip alone",
        "The ranges of two years, as the statement of 2023 was reported in 2024. A chip alone: the "
        "catalogue's price to buy has server and network in it.",
    )


def _v5p(inputs: Inputs) -> Outcome:
    mine = per_dollar(inputs, "google-tpu-v5p", "pretraining", "gcp-tpu-v5p-on-demand")
    other = per_dollar(inputs, "google-tpu-v4", "pretraining", "gcp-tpu-v4-on-demand")
    speed = inputs.claimed("v5p-training-speed")
    prices = inputs.price("gcp-tpu-v5p-on-demand") / inputs.price("gcp-tpu-v4-on-demand")
    return Outcome(
        mine / other,
        "x",
        "`peak_pflops` x `utilisation.pretraining` / price on demand, google-tpu-v5p over "
        "google-tpu-v4",
        f"At the list prices Google's own {speed:g} times the speed makes "
        f"{speed / prices.central:.2f}: the claim stands and falls with that one.",
    )


def _trn1(inputs: Inputs) -> Outcome:
    mine = per_dollar(inputs, "aws-trainium1", "pretraining", "aws-trainium1-on-demand")
    other = yield_of(inputs, "nvidia-a100-40gb", "pretraining") / inputs.outside(A100_HOUR)
    peaks = inputs.of("aws-trainium1", "peak_pflops") / inputs.of("nvidia-a100-40gb", "peak_pflops")
    hours = inputs.price("aws-trainium1-on-demand") / inputs.outside(A100_HOUR)
    return Outcome(
        mine / other,
        "x",
        "`peak_pflops` x `utilisation.pretraining` / price on demand, aws-trainium1 over an A100 "
        "40 GB at AWS in 2022",
        f"Peak for the same money is {peaks.central / hours.central:.2f} times; the one published "
        "run on Trainium1 used less of its peak than runs on GPUs do.",
    )


def _apple(inputs: Inputs) -> Outcome:
    mine = per_dollar(inputs, "aws-trainium2", "pretraining", "aws-trainium2-on-demand")
    other = per_dollar(inputs, "google-tpu-v5p", "pretraining", "gcp-tpu-v5p-on-demand")
    return Outcome(
        mine / other,
        "x",
        "`peak_pflops` x `utilisation.pretraining` / price on demand, aws-trainium2 over "
        "google-tpu-v5p",
        "Neither the measure of efficiency nor what it is compared with is named; Apple's earlier "
        "models were trained on TPU v4 and v5p. AWS lists no on-demand price of Trainium2, so "
        "ours is an assumption.",
    )


COMPUTED: dict[str, Callable[[Inputs], Outcome]] = {
    "h100-price-low": _h100,
    "h100-price-high": _h100,
    "trn1-price-performance-low": _trn1,
    "trn1-price-performance-high": _trn1,
    "v5p-price-performance-21": _v5p,
    "v5p-price-performance-23": _v5p,
    "apple-trn2-pretraining": _apple,
}

THEME = Theme(
    "Prices, and performance for the same money",
    COMPUTED,
    {
        "chana-cost": (
            "No price of Chana is published, and what the catalogue has is derived from this very "
            'claim. Other reports read it as "by 42 %", so 0.58.'
        ),
    },
)
