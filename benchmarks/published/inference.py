"""Claims of what answering costs, and of Groq against GPUs."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.published.findings import Outcome, Theme
from benchmarks.published.inputs import Inputs, Outside
from benchmarks.published.ranges import Range, span
from benchmarks.published.ratios import yield_of
from benchmarks.published.verdicts import Reading

TOKENS = Outside(
    "tokens of a query and its answer", 750, "tokens", "assumption", "2026-11-22",
    "nobody publishes the mean: a few hundred words in and out, either way by a factor of two",
    375, 1500,
)  # fmt: skip
PARAMETERS = Outside(
    "parameters of ChatGPT's model in 2023", 175, "billion", "assumption", "2026-11-22",
    "that of GPT-3; OpenAI never published it, and a smaller one would cost less", 60, 175,
)  # fmt: skip
SEARCHES = Outside(
    "Google searches a year", 3.2e12, "searches", "third-party-estimate", "2025-03-03",
    "Google: over 2 trillion (2016) and over 5 trillion (2025; thekeyword.co), nothing between; "
    "the geometric mean for 2023", 2e12, 5e12,
)  # fmt: skip
PEAK_HOUR = Outside(
    "busiest hour over the mean", 2, "x", "assumption", "2026-11-22",
    "traffic of a day and growth in hand", 1.5, 3,
)  # fmt: skip
LLAMA_BYTES = Outside(
    "weights of a 70B model", 70, "GB", "assumption", "2026-11-22",
    "the press names no model; Llama 2 70B was shown, at 1 or 2 bytes a parameter", 70, 140,
)  # fmt: skip
H100_SERVER = Outside(
    "Llama 2 70B on an H100", 3820, "tokens/s", "measured-vendor", "2025-09-09",
    "MLPerf Inference v5.1, server, closed, FP8 (mlcommons/inference_results_v5.1@965182b0); not "
    "an official result", 3819, 3821,
)  # fmt: skip
SECONDS_PER_YEAR = 365 * 86_400
HOUR = 3600
COST_FORMULA = (
    "price to buy / (`peak_pflops` x `utilisation.inference`), groq-lpu over nvidia-h100-sxm"
)


def _seconds_per_query(inputs: Inputs) -> Range:
    """Return how long one H100 works on one query."""
    flop = inputs.outside(TOKENS) * inputs.outside(PARAMETERS) * 2e9
    return flop / (yield_of(inputs, "nvidia-h100-sxm", "inference") * 1e15)


def _query(inputs: Inputs) -> Outcome:
    seconds = _seconds_per_query(inputs)
    hourly = inputs.price("aws-p5-h100-on-demand-2023")
    return Outcome(
        seconds * hourly / HOUR,
        "USD per query",
        "tokens x 2 x parameters / (`peak_pflops` x `utilisation.inference`) x price of an hour, "
        "nvidia-h100-sxm at AWS on demand in 2023",
        "At AWS's list price of the time ours is far below. Older GPUs, idle capacity "
        "and software of early 2023 cost more, by how much nobody published.",
    )


def _capex(inputs: Inputs) -> Outcome:
    per_second = inputs.outside(SEARCHES) / 10 / SECONDS_PER_YEAR
    gpus = per_second * inputs.outside(PEAK_HOUR) * _seconds_per_query(inputs)
    price = inputs.price("h100-buy")
    bought = 48.1e9 / price.central
    return Outcome(
        gpus * price,
        "USD",
        "a tenth of the searches a second x busiest hour x seconds of an H100 per query x "
        "`h100-buy`",
        f"48.1 B USD would buy {bought / 1e6:.1f} M H100 all-in, where ours needs about "
        f"{gpus.central:,.0f}. Nothing published of the estimate says where the difference lies.",
    )


def _yearly(inputs: Inputs) -> Outcome:
    query, capex, yearly = (
        inputs.claimed(f"chatgpt-{name}")
        for name in ("query-cost", "tenth-of-search-capex", "tenth-of-search-yearly")
    )
    return Outcome(
        inputs.outside(SEARCHES) / 10 * query,
        "USD per year",
        "a tenth of the searches a year x the claimed 0.04 USD a query",
        f"This only says that the estimate agrees with itself: its 0.04 USD makes its 16 B USD, "
        f"and its 48.1 B USD is {capex / yearly:.1f} years of them. It does not confirm the 0.04.",
    )


def _groq_cost(inputs: Inputs) -> Range:
    """Return the price of Groq's yield over that of H100's."""
    groq = inputs.price("groq-lpu-buy") / yield_of(inputs, "groq-lpu", "inference")
    return groq / (inputs.price("h100-buy") / yield_of(inputs, "nvidia-h100-sxm", "inference"))


def _groq(why: str, reading: Reading) -> Callable[[Inputs], Outcome]:
    def compute(inputs: Inputs) -> Outcome:
        return Outcome(_groq_cost(inputs), "x", COST_FORMULA, why, reading)

    return compute


def _groq_tenth(inputs: Inputs) -> Outcome:
    cost = _groq_cost(inputs)
    at_peak = cost * inputs.of("groq-lpu", "utilisation.inference")
    memory = inputs.remark.of("groq-lpu", "memory_gb")
    return Outcome(
        cost,
        "x",
        COST_FORMULA,
        "How many users share a Groq system, and what it sells at, is not published, so ours rests "
        "on assumptions, and what lies outside them is not contradicted by data. But the claim "
        f"lies far below: even at the whole of its peak, which nothing reaches, ours would be "
        f"{at_peak.central:.2f}. A chip has {memory.central * 1000:.0f} MB, so that a 70B model "
        f"takes {70 / memory.central:.0f} of them or more.",
    )


def _groq_speed(inputs: Inputs) -> Outcome:
    chip = yield_of(inputs, "groq-lpu", "inference") / yield_of(
        inputs, "nvidia-h100-sxm", "inference"
    )
    memory = inputs.of("groq-lpu", "memory_bandwidth_tbps") / inputs.of(
        "nvidia-h100-sxm", "memory_bandwidth_tbps"
    )
    return Outcome(
        span(chip, memory),
        "x",
        "chip for chip, groq-lpu over nvidia-h100-sxm: `peak_pflops` x `utilisation.inference`; "
        f"{memory.central:.0f} in `memory_bandwidth_tbps`",
        "Faster for one user, as its bandwidth lets expect, and slower per chip for many, as its "
        'memory holds little. "Performance" does not say which.',
    )


def _groq_tokens(inputs: Inputs) -> Outcome:
    weights = inputs.outside(LLAMA_BYTES)
    groq = inputs.of("groq-lpu", "memory_bandwidth_tbps") * 1000 / weights
    node = inputs.remark.of("nvidia-h100-sxm", "memory_bandwidth_tbps") * 8000 / weights
    shared = inputs.remark.outside(H100_SERVER)
    return Outcome(
        groq,
        "tokens/s per user",
        "`memory_bandwidth_tbps` of groq-lpu / weights: all weights are read once for a token, by "
        "one chip after the other",
        f"A ceiling, and the claim is below it. The same ceiling of eight H100 is "
        f"{node.central:,.0f}, well above the 40 set beside it: GPUs are run for many users at "
        f"once, where one does {shared.central:,.0f} tokens/s for all of them together.",
        "within",
    )


THEME = Theme(
    "Inference",
    {
        "chatgpt-query-cost": _query,
        "chatgpt-tenth-of-search-capex": _capex,
        "chatgpt-tenth-of-search-yearly": _yearly,
        "groq-10x-speed": _groq_speed,
        "groq-tenth-cost": _groq_tenth,
        "groq-tokens": _groq_tokens,
        "groq-rebuttal": _groq(
            "At equal throughput. By our assumptions on price and use the rebuttal holds.",
            "at least",
        ),
        "groq-defence": _groq(
            "Said of the bill of materials, which nobody publishes; ours is the price. A chip "
            "without HBM costs far less to make than it sells at.",
            "at most",
        ),
    },
    {
        "sohu": "Named as a challenger, without a figure.",
        "wse3": "Named as a challenger, without a figure.",
    },
)
