"""What is decided by yes or no, how well that is proven, and which power contracts begin."""

from __future__ import annotations

from planner.analysis.results import BetOutcome, Results
from planner.report import reading
from planner.report.numbers import (
    NOT_KNOWN,
    compact,
    error_of,
    percent_at_most,
    percent_error,
    percent_interval,
    percent_of,
    usd,
    usd_pm,
)
from planner.report.text import escape, plural, sample_counts, table

_ROUNDING = 1e-6


def bets_section(results: Results) -> list[str]:
    """Return how often each bet is taken and how far that is proven; empty without any."""
    if not (results.bets or results.relaxed or reading.has_whole(results)):
        return []
    blocks = ["## Bets: what is decided by yes or no"]
    if results.bets:
        blocks += [
            "**A bet is decided in each sample with that sample known**: its prices, its demand, "
            "and whether a chip works. The share of samples in which one is taken is how often "
            "it would have been right in hindsight. It is not the probability that funding it "
            "today is right.",
            _bets_table(results),
            f"{sample_counts([item.taken.n for item in results.bets])}. {_taken_words(results)}",
        ]
    return ["\n\n".join([*blocks, proof_words(results)])]


def _bets_table(results: Results) -> str:
    in_parts = _are_in_parts(results)
    rows = [
        (
            escape(item.name),
            escape(item.kind),
            escape(item.platform),
            percent_of(item.taken),
            percent_interval(item.taken),
            *((_extent(item),) if in_parts else ()),
        )
        for item in results.bets
    ]
    headers = ["Bet", "Kind", "Platform or vendor", "Taken, of samples", "95 % interval"]
    if in_parts:
        headers.append("Extent, mean ± standard error (points)")
    return table(headers, rows, left=3)


def _are_in_parts(results: Results) -> bool:
    """Return whether some bet is taken in parts: by its extent, beyond a solver's rounding."""
    return any(abs(item.extent.value - item.taken.value) > _ROUNDING for item in results.bets)


def _extent(item: BetOutcome) -> str:
    return f"{percent_of(item.extent)} ± {percent_error(item.extent)}"


def _taken_words(results: Results) -> str:
    if not _are_in_parts(results):
        return "Each is taken wholly or not at all."
    return (
        "Taken counts the samples that take at least half of it; the extent is how much of it is "
        "taken on average."
    )


def proof_words(results: Results) -> str:
    """Return how far the cost is from its proven lower bound, because decisions are whole."""
    solves = results.solves
    if results.relaxed:
        return (
            "**Nothing had to be whole in this run**: the config says `bets: relaxed`. A plan may "
            "then take a share of a bet, of a minimum order or of a server. Where such a share "
            "cannot be had, the costs in this report are lower bounds and the plans not for sale."
        )
    if not reading.has_whole(results):
        return "Every bet is divisible, so nothing had to be whole in this run."
    head = (
        f"**Proof.** Each sample has {plural(solves.integer_columns, 'decision')} that must be "
        "whole (of bets, minimum orders, discounts by volume and whole units)."
    )
    if solves.largest_integer_gap <= 0:
        return f"{head} In every sample they are proven optimal{_milp_words(results)}."
    distance = results.cost_usd.mean.value - results.cost_bound_usd.value
    return (
        f"{head} Each plan's cost is proven to be within "
        f"{percent_at_most(solves.largest_integer_gap)} of the lowest possible (on average within "
        f"{percent_at_most(solves.mean_integer_gap)}): the mean of the proven lower bounds is "
        f"{usd_pm(results.cost_bound_usd)}, which is {usd(distance)} below the mean "
        f"cost{_milp_words(results)}."
    )


def _milp_words(results: Results) -> str:
    needed, done = results.solves.by_milp, results.samples_done
    return f"; {needed:,} of {plural(done, 'sample')} needed the general MILP solver for it"


def power_section(results: Results) -> list[str]:
    """Return the megawatts that begin under each power contract; empty without any."""
    if not results.power:
        return []
    rows = []
    for item in results.power:
        error = error_of(item.megawatts.mean)
        levels = (item.megawatts.p10, item.megawatts.p50, item.megawatts.p90)
        rows.append(
            (
                escape(item.name),
                escape(item.mode),
                escape(item.site),
                compact(item.megawatts.mean.value, error),
                NOT_KNOWN if error is None else compact(error),
                *(compact(level.value) for level in levels),
            )
        )
    headers = ["Power contract", "Kind", "Site", "Mean MW", "Standard error", "P10", "P50", "P90"]
    blocks = [
        "## Power contracts",
        "Megawatts at the meter that begin under each contract over the whole plan, "
        f"{sample_counts([item.megawatts.mean.n for item in results.power])}.",
        table(headers, rows, left=3),
    ]
    return ["\n\n".join(blocks)]
