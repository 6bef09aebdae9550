"""Wrong values in the instruments: modes, shapes and rules between keys, in words that help."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from planner.errors import Problem

Problems = Callable[..., list[Problem]]
ToldOnce = Callable[[str, str, str, str, str], None]

PAYMENTS = "payments: [{share: 0.2, quarters_before_delivery: 1}]"
SUCCESS = 'success: {probability: 0.6, source: "assumption: two in five first chips fail"}'
TIERS = "[{above_accelerators: 256, price_times: 0.95}]"


@pytest.mark.parametrize(
    ("old", "new", "path", "words", "help_words"),
    [
        (
            "mode: spot",
            "mode: dutch",
            "offers.small-spot.mode",
            "there is no such mode",
            "buy, reserve, rent, spot, option, programme",
        ),
        (
            "mode: owned",
            "mode: leased",
            "existing.old.mode",
            "there is no such mode",
            "owned, contracted, ordered",
        ),
        ("mode: lease", "mode: rent", "power.hall-lease.mode", "no such mode", "lease, build"),
        (
            "    mode: contracted\n",
            "",
            "existing.rented",
            "the key `mode` is missing",
            "owned, contracted, ordered",
        ),
        (
            "    take_or_pay_share: 0.8",
            "    take_and_pay: 0.8",
            "power.hall-lease.take_and_pay",
            "a power contract with mode lease has no key",
            "`take_or_pay_share`",
        ),
        (
            "    life_left_quarters: 8",
            "    life_left_quarters: 8\n    life_quarters: 8",
            "existing.old.life_quarters",
            "an existing fleet entry with mode owned has no key",
            "did you mean",
        ),
        (
            "    interruption_share: 0.1\n",
            "",
            "offers.small-spot",
            "the key `interruption_share` is missing",
            "a share from 0 to 1",
        ),
        (
            "discount_share: 0.1}",
            "discount_share: 0.1, floor: 3}",
            "bargaining.price_falls.rival.floor",
            "a price fall has no key",
            "passes_share",
        ),
        (
            "from_quarter: 2026Q2, until",
            "form_quarter: 2026Q2, until",
            "workloads.training.campaign.form_quarter",
            "a campaign has no key",
            "`from_quarter`",
        ),
        (
            "hall-lease:\n    mode: lease",
            "hall-lease: 3\n  other:\n    mode: lease",
            "power.hall-lease",
            "a number where a mapping",
            "a power contract: a mapping with `mode: lease`, `build`",
        ),
        # Shapes
        (
            PAYMENTS,
            "payments: {share: 0.2, quarters_before_delivery: 1}",
            "offers.big-buy.payments",
            "a mapping where a list",
            "write [{...}]",
        ),
        (
            PAYMENTS,
            "payments: 0.2",
            "offers.big-buy.payments",
            "a number where a list",
            "each item a mapping with share",
        ),
        (
            PAYMENTS,
            "payments: [0.2]",
            "offers.big-buy.payments.0",
            "a number where a mapping",
            "share, quarters_before_delivery",
        ),
        (
            PAYMENTS,
            "payments: [{share: 0.2}]",
            "offers.big-buy.payments.0",
            "`quarters_before_delivery` is missing",
            "from -8 to 40",
        ),
        (
            PAYMENTS,
            "payments: [{share: 0, quarters_before_delivery: 1}]",
            "offers.big-buy.payments.0.share",
            "out of range",
            "above 0 and up to 1",
        ),
        (SUCCESS, "success: 0.6", "offers.own-chip.success", "a number", "{probability: 0.6}"),
        (
            SUCCESS,
            "success: {probability: 60%}",
            "offers.own-chip.success.probability",
            "text where a number",
            "write 0.6",
        ),
        (
            SUCCESS,
            "success: {probability: 1.2}",
            "offers.own-chip.success.probability",
            "out of range",
            "from 0 to 1",
        ),
        (
            "liquid_cooled: true",
            "liquid_cooled: yes",
            "platforms.big.liquid_cooled",
            "text where true or false",
            "write true",
        ),
        (
            "liquid_cooled: true",
            "liquid_cooled: 1",
            "platforms.big.liquid_cooled",
            "a number where true or false",
            "`true` or `false`",
        ),
        ("bets: whole", "bets: relax", "bets", "this word cannot stand here", "`relaxed`"),
        ("bet_gap: 0.001", "bet_gap: 0.5", "bet_gap", "out of range", "from 0 to 0.1"),
        (
            "until_quarter: 2027Q1",
            "until_quarter: 2027",
            "workloads.training.campaign.until_quarter",
            "a number where text",
            "a quarter, such as 2026Q1",
        ),
        (
            "liquid_cooling_mw: 1",
            "liquid_cooling_mw: .inf",
            "sites.hall.liquid_cooling_mw",
            "not a finite",
            "write unlimited",
        ),
        (
            "whole_units_of: 8",
            "whole_units_of: 0",
            "offers.big-buy.whole_units_of",
            "out of range",
            "a whole number from 1 to 100,000",
        ),
        (
            "capex_usd_by_year: [5e7, 5e7]",
            "capex_usd_by_year: [5e7, -1]",
            "limits.budgets.capex_usd_by_year.1",
            "out of range",
            "0 or more",
        ),
        (
            "ramp_accelerators: [100, 400, 800]",
            "ramp_accelerators: []",
            "offers.own-chip.ramp_accelerators",
            "is empty",
            "at least one",
        ),
        # Rules between keys
        (
            PAYMENTS,
            "payments: [{share: 0.6, quarters_before_delivery: 1}, "
            "{share: 0.6, quarters_before_delivery: 0}]",
            "offers.big-buy.payments",
            "must not sum to more than 1",
            "lower them",
        ),
        (
            PAYMENTS,
            "payments: [{share: 0.2, quarters_before_delivery: 2}]",
            "offers.big-buy",
            "before the order is placed",
            "lengthen the lead time",
        ),
        (
            "payments: [{share: 0.5, quarters_before_delivery: 2}]",
            "payments: [{share: 0.5, quarters_before_delivery: 3}]",
            "power.annex-build",
            "before the order is placed",
            "pay it later",
        ),
        (
            TIERS,
            TIERS[:-1] + ", {above_accelerators: 256, price_times: 0.9}]",
            "offers.big-buy",
            "must ascend from tier to tier",
            "each size once",
        ),
        (
            "campaign: {total_flop: 1e25,",
            "campaign: {total_flop: 1e25, total_unit_hours: 5,",
            "workloads.training.campaign",
            "and not both",
            "remove one",
        ),
        (
            "    unit: tokens/s\n    demand: [1e5, 2e5, 3e5, 4e5, 5e5, 6e5]",
            "    unit: tokens/s",
            "workloads.chat",
            "give demand or campaign",
            "one of the two",
        ),
        (
            "    unit: tokens/s\n    demand: [1e5, 2e5, 3e5, 4e5, 5e5, 6e5]",
            "    unit: tokens/s\n    campaign: {total_flop: 1e20, until_quarter: 2026Q4}",
            "workloads.chat",
            "total_flop is for workloads in effective PFLOP/s",
            "give total_unit_hours",
        ),
        (
            "shortfall_usd_per_unit_hour: 0.3",
            "shortfall_usd_per_unit_hour: 0.1",
            "workloads.chat",
            "must be above the other",
            "raise the target's price",
        ),
        (
            "largest_accelerators: 8192",
            "largest_accelerators: 512",
            "workloads.training.scaling",
            "must be below largest_accelerators",
            "swap",
        ),
    ],
)
def test_one_thing_wrong(
    told_once: ToldOnce, old: str, new: str, path: str, words: str, help_words: str
) -> None:
    told_once(old, new, path, words, help_words)


def test_a_mistyped_mode_does_not_hide_the_rest_of_its_entry(
    instrument_problems: Problems,
) -> None:
    told = instrument_problems(
        ("mode: spot", "mode: spott"),
        ("interruption_share: 0.1", "interruption_share: 1.1"),
    )
    assert [problem.path for problem in told] == [
        "offers.small-spot.mode",
        "offers.small-spot.interruption_share",
    ]
    assert told[0].remedy == "did you mean `spot`?"


def test_a_mode_like_no_other_is_told_alone(instrument_problems: Problems) -> None:
    (problem,) = instrument_problems(
        ("mode: spot", "mode: auction"),
        ("interruption_share: 0.1", "interruption_share: 1.1"),
    )
    assert problem.path == "offers.small-spot.mode"
