"""What to do about a rule between several keys that is broken."""

from __future__ import annotations

RULES: dict[str, tuple[str, str]] = {
    "as many rows and columns": (
        "a row for each input, as long as there are inputs",
        "add what is missing",
    ),
    "the diagonal must be ones": ("ones on the diagonal", "an input is itself: write 1 there"),
    "must be symmetric": (
        "the same figure for a pair in both places",
        "correct one of the two",
    ),
    "must ascend": ("figures in ascending order", "correct the figures, or put them in order"),
    "must be below": ("figures in ascending order", "correct the figures, or swap them"),
    "must stay below 1": ("figures below 1", "lower it: at 1 nothing would be left of the cost"),
    "must be above 0": ("figures above 0", "give a figure above 0, or choose another distribution"),
    "and below p90": ("0 < p10 < p90", "correct the figures, or swap them"),
    "must be above p90": ("an upper bound above p90", "raise `upper`, or leave it out"),
    "mean and sd, or p10 and p90": (
        "two figures: mean and sd, or p10 and p90",
        "remove the others",
    ),
    "as many probabilities": ("two lists of the same length", "give each value its probability"),
    "must not be negative": ("probabilities from 0 to 1", "correct the negative ones"),
    "must sum to 1": ("probabilities that sum to 1", "correct them, or divide each by their sum"),
    "sum to more than 1": (
        "shares that sum to at most 1",
        "lower them; what is left of the price is paid on delivery",
    ),
    "before the order is placed": (
        "at most as many quarters before delivery as delivery takes",
        "pay it later, or lengthen the lead time",
    ),
    "from tier to tier": (
        "tiers in ascending order of size",
        "put the tiers in order, each size once",
    ),
    "and not both": ("one of the two", "remove one, or add the one that is meant"),
    "total_flop is for": (
        "total_unit_hours, for a workload in another unit",
        "give total_unit_hours, or leave out `unit`",
    ),
    "must be above the other": (
        "a price above `shortfall_usd_per_unit_hour` of the workload",
        "raise the target's price, or lower the other",
    ),
    "mean and sd, or alpha and beta": (
        "two figures: mean and sd, or alpha and beta",
        "remove the others",
    ),
    "mean and sd, or shape and scale": (
        "two figures: mean and sd, or shape and scale",
        "remove the others",
    ),
    "must lie between low and high": (
        "low < mean < high",
        "correct the figures, or give `low` and `high`",
    ),
    "must be above low": ("low < mean", "correct the figures, or lower `low`"),
    "is too large for this mean": (
        "a standard deviation that low, high and mean have room for",
        "lower `sd`, or widen `low` and `high`",
    ),
    "must be from 0.01 to 1e6": (
        "shapes from 0.01 to 1e6",
        "widen or narrow the belief; one that is all but known is a number",
    ),
    "must be from 0.5 to 1e6": (
        "degrees of freedom from 0.5 to 1e6",
        "of more than a thousand, use `distribution: normal`",
    ),
    "give low or high": ("at least one bound", "add `low` or `high`"),
    "nothing of the belief is left": (
        "bounds that the belief reaches into",
        "widen `low` and `high`, or correct the belief that is cut",
    ),
    "give file and column, or values": (
        "a file and one of its columns, or a list of values",
        "add what is missing, and remove the others",
    ),
    "values or more": ("five values or more", "use a wider belief, such as `elicited`"),
    "must be a pair": (
        "points such as [[0.1, 20], [0.5, 30], [0.9, 50]]",
        "write each point as [p, value]",
    ),
    "give from 3 to": (
        "three points or more, such as [[0.1, 20], [0.5, 30], [0.9, 50]]",
        "give as many as you can judge",
    ),
    "p of every point must lie": (
        "probabilities above 0 and below 1",
        "write P10 as 0.1; give the least and the largest value as `lower` and `upper`",
    ),
    "points must ascend": (
        "for a larger p a larger value",
        "correct the points that are out of order; each p once",
    ),
    "lower must be below every point": (
        "a lower bound below all values",
        "lower `lower`, or leave it out",
    ),
    "upper must be above every point": (
        "an upper bound above all values",
        "raise `upper`, or leave it out",
    ),
    "give one of multiply, add, set, cap and delay_quarters": (
        "one of multiply, add, set, cap and delay_quarters",
        "keep one, and write an effect of its own for each other",
    ),
    "one_of is for events with probability": (
        "`probability`, or no `one_of`",
        "give `probability` in place of `probability_per_quarter`, or leave `one_of` out",
    ),
    "a date is a day": ("a day such as 2024-12-03", "write year, month and day with hyphens"),
    "there is no day": ("a day of the calendar, such as 2024-12-03", "correct the date"),
    "the year must be from": ("a day such as 2024-12-03", "correct the year"),
    "measurement updates nothing": (
        "`measured` beside a claim whose share is uncertain",
        "remove `measured`, or give `share` a distribution",
    ),
    "measured must not be negative": (
        "shares from which the figure is 0 or more",
        "cut the share (`distribution: truncated`, with `low`)",
    ),
    "claims no gain": (
        "a ratio other than 1",
        "write the figure of what it equals, as `claim`, `value` or a belief",
    ),
    "must be a known number": (
        "a number, or {value: ..., source: ...}",
        "give one figure of it, such as its median",
    ),
    "gain would not stay above zero": (
        "shares for which 1 + share x (ratio - 1) is above 0",
        "give a `share` with bounds, such as {distribution: pert, low: 0, mode: 0.6, high: 1}",
    ),
    "two claims or more": ("two claims or more", "add one, or write the claim by itself"),
    "must itself be a claim": (
        "mappings with `claim`, `claimed_ratio` or `claimed_price_performance`",
        "give a figure that nobody claims as a claim with `evidence: assumption`",
    ),
    "must stand beside `claims`": (
        "one measurement for all: {claims: [...], measured: ...}",
        "move it there: it also says which of the claims is more likely",
    ),
    "as many weights": ("a weight for each claim, or none", "add or remove weights"),
    "weights of claims": (
        "weights above 0 that sum to 1",
        "correct them, or leave them out: then all are equal",
    ),
    "needs a lower bound": ("both bounds, the lower one, or none", "give `lower` a number"),
}
"""What is allowed and what to do, by words of the rule; of several that fit, the last counts."""
