"""Quarters, years and supply of every instrument: one mistake each, told once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from planner.errors import Problem

Problems = Callable[..., list[Problem]]
ToldOnce = Callable[[str, str, str, str, str], None]


@pytest.mark.parametrize(
    ("old", "new", "path", "words", "help_words"),
    [
        (
            "from_quarter: 2026Q2, until",
            "from_quarter: 2025Q4, until",
            "workloads.training.campaign.from_quarter",
            "not in the plan of 6 quarters",
            "2026Q1 to 2027Q2",
        ),
        (
            "until_quarter: 2027Q1",
            "until_quarter: 2027Q3",
            "workloads.training.campaign.until_quarter",
            "not in the plan",
            "2026Q1 to 2027Q2",
        ),
        (
            "until_quarter: 2027Q1",
            "until_quarter: 2026Q1",
            "workloads.training.campaign.until_quarter",
            "before it begins in 2026Q2",
            "swap",
        ),
        (
            "exercise_until: 2026Q4",
            "exercise_until: 2028Q4",
            "offers.big-option.exercise_until",
            "not in the plan",
            "change `start`",
        ),
        (
            "funding_quarter: 2026Q1",
            "funding_quarter: 2030Q1",
            "offers.own-chip.funding_quarter",
            "not in the plan",
            "2027Q2",
        ),
        (
            "from_quarter: 2026Q2}",
            "from_quarter: 2027Q3}",
            "platforms.own.porting.chat.from_quarter",
            "not in the plan",
            "2027Q2",
        ),
        (
            "delivery_in_quarters: 1",
            "delivery_in_quarters: 6",
            "existing.coming.delivery_in_quarters",
            "due after the plan of 6 quarters",
            "0 to 5",
        ),
        (
            "capex_usd_by_year: [5e7, 5e7]",
            "capex_usd_by_year: [5e7]",
            "limits.budgets.capex_usd_by_year",
            "1 value for a plan of 6 quarters, which begins 2 years",
            "each year",
        ),
        (
            "opex_usd_by_year: [9e7, 9e7]",
            "opex_usd_by_year: [1, 2, 3]",
            "limits.budgets.opex_usd_by_year",
            "3 values",
            "2 numbers",
        ),
    ],
)
def test_quarters_and_years(
    told_once: ToldOnce, old: str, new: str, path: str, words: str, help_words: str
) -> None:
    told_once(old, new, path, words, help_words)


@pytest.mark.parametrize(
    ("old", "new", "path", "words", "help_words"),
    [
        (
            "maintenance_usd_per_year: 500",
            "maintenance_usd_per_year: [1]",
            "existing.old.maintenance_usd_per_year",
            "1 value for 6",
            "6 numbers",
        ),
        (
            "supply_mw: [0, 1, 1, 1, 1, 1]",
            "supply_mw: [0, 1]",
            "power.hall-lease.supply_mw",
            "2 values for 6",
            "add the missing",
        ),
        (
            "price_usd_per_kw_month: 120",
            "price_usd_per_kw_month: [120]",
            "power.hall-lease.price_usd_per_kw_month",
            "1 value for 6",
            "6 numbers",
        ),
        (
            "supply: [1e6, 1e6, 1e6, 1e6, 1e6, 1e6]",
            "supply: {by_quarter: [1e6]}",
            "pools.hbm.supply.by_quarter",
            "1 value for 6",
            "6 numbers",
        ),
        (
            "{accelerators_per_quarter: [900, 900, 900, 900, 900, 900],",
            "{accelerators_per_quarter: [900],",
            "limits.growth.accelerators_per_quarter",
            "1 value for 6",
            "6 numbers",
        ),
        (
            "[5e6, 5e6, 5e6, 5e6, 0, 0]",
            "[5e6, 5e6]",
            "offers.own-chip.nre_usd_per_quarter",
            "2 values for 6",
            "6 numbers",
        ),
        (
            "[900, 900, 900, 900, 900, 900]\n    lead",
            "[900]\n    lead",
            "offers.big-buy.maintenance_usd_per_year",
            "1 value for 6",
            "6 numbers",
        ),
        (
            "liquid_cooling_mw: 1",
            "liquid_cooling_mw: [1]",
            "sites.hall.liquid_cooling_mw",
            "1 value for 6",
            "6 numbers",
        ),
    ],
)
def test_lists_over_the_quarters(
    told_once: ToldOnce, old: str, new: str, path: str, words: str, help_words: str
) -> None:
    told_once(old, new, path, words, help_words)


@pytest.mark.parametrize(
    ("old", "new", "path", "words", "help_words"),
    [
        (
            "supply_mw: 2",
            "supply_mw: 0",
            "power.annex-build.supply_mw",
            "no power in any quarter",
            "remove the contract",
        ),
        (
            "[100, 400, 800]",
            "[0, 0]",
            "offers.own-chip.ramp_accelerators",
            "programme has no supply",
            "remove the programme",
        ),
        (
            "minimum_order_accelerators: 64",
            "minimum_order_accelerators: 501",
            "offers.big-buy.minimum_order_accelerators",
            "no quarter's supply is as large",
            "up to 500",
        ),
        (
            "whole_units_of: 8",
            "whole_units_of: 504",
            "offers.big-buy.whole_units_of",
            "no quarter's supply is as large",
            "up to 500",
        ),
    ],
)
def test_what_can_never_come(
    told_once: ToldOnce, old: str, new: str, path: str, words: str, help_words: str
) -> None:
    told_once(old, new, path, words, help_words)


def test_quarters_are_not_judged_by_a_wrong_start(instrument_problems: Problems) -> None:
    told = instrument_problems(("start: 2026Q1", "start: soon"))
    assert [problem.path for problem in told] == ["start"]
    told = instrument_problems(("quarters: 6", "quarters: 60"))
    assert [problem.path for problem in told] == ["quarters"]


def test_a_wrong_quarter_is_told_once(instrument_problems: Problems) -> None:
    (problem,) = instrument_problems(("until_quarter: 2027Q1", "until_quarter: 2027Q9"))
    assert problem.path == "workloads.training.campaign.until_quarter"
    assert problem.allowed == "a quarter, such as 2026Q1"
