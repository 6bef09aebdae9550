"""What to do about a rule between several keys that is broken."""

from __future__ import annotations

RULES: dict[str, tuple[str, str]] = {
    "must ascend": ("figures in ascending order", "correct the figures, or put them in order"),
    "must be below": ("figures in ascending order", "correct the figures, or swap them"),
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
    "needs a lower bound": ("both bounds, the lower one, or none", "give `lower` a number"),
}
"""What is allowed and what to do, by words of the rule; of several that fit, the last counts."""
