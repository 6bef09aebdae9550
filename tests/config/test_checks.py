"""What must agree between the parts of a scenario."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from planner.config.checks import MOST_OF_A_KIND
from planner.errors import Problem

Problems = Callable[..., list[Problem]]

SUPPLY = "sites: [hall]\n    supply_accelerators: 500"


@pytest.mark.parametrize(
    ("old", "new", "path", "line", "help_words"),
    [
        (
            *("platform: h100\n    sites: [hall]", "platform: h10\n    sites: [hall]"),
            *("offers.h100-buy.platform", 35, "did you mean `h100`"),
        ),
        (
            *("platform: h100\n    sites: [hall]", "platform: tpu\n    sites: [hall]"),
            *("offers.h100-buy.platform", 35, "add it under `platforms`"),
        ),
        ("sites: [hall]", "sites: [hall, clod]", "offers.h100-buy.sites.1", 36, "mean `cloud`"),
        (
            "sites: [hall]",
            "sites:\n    - hall\n    - h",
            "offers.h100-buy.sites.1",
            38,
            "hall, cloud",
        ),
    ],
)
def test_names_that_nothing_defines(
    problems: Problems, old: str, new: str, path: str, line: int, help_words: str
) -> None:
    (problem,) = problems((old, new))
    assert (problem.path, problem.line) == (path, line)
    assert "no such entry" in problem.message
    assert help_words in problem.allowed + problem.remedy


def test_a_utilisation_of_an_unknown_workload(problems: Problems) -> None:
    unserved, unknown = problems(("      training: {distr", "      trainning: {distr"))
    assert (unknown.path, unknown.line) == ("platforms.h100.utilisation.trainning", 31)
    assert "did you mean `training`" in unknown.remedy
    assert (unserved.path, unserved.line) == ("workloads.training", 20)
    assert "no platform can serve" in unserved.message


def test_a_platform_that_no_offer_delivers(problems: Problems) -> None:
    spare = (
        "  spare: {vendor: amd, unit: GPU, peak_pflops: 1, accelerator_kw: 1, availability: 1, "
        "utilisation: {training: 0.3}}\n"
    )
    (problem,) = problems(("offers:\n", f"{spare}offers:\n"))
    assert problem.path == "platforms.spare"
    assert problem.remedy == "remove it, or add an offer of it"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ("[100, 120, 150]", "3 values for 4 quarters: 2026Q4 has no value"),
        ("[100, 120]", "2 values for 4 quarters: 2026Q3 and 2026Q4 have no value"),
        ("[100]", "1 value for 4 quarters: 2026Q2, 2026Q3 and 2026Q4 have no value"),
        ("[1, 2, 3, 4, 5]", "5 values for 4 quarters: the plan ends with 2026Q4"),
    ],
)
def test_a_demand_for_a_quarter_missing(problems: Problems, values: str, words: str) -> None:
    (problem,) = problems(("[100, 120, 150, 180]", values))
    assert (problem.path, problem.line) == ("workloads.training.demand", 21)
    assert words in problem.message
    assert "change `quarters`" in problem.remedy


def test_lengths_everywhere(problems: Problems) -> None:
    told = problems(
        ("power_mw: 2", "power_mw: [2]"),
        ("energy_usd_per_kwh: 0.08", "energy_usd_per_kwh: {by_quarter: [1, 1], source: x}"),
        ("price_usd_per_hour: 2.5", "price_usd_per_hour: [1, 2, 3, 4, 5]"),
        (SUPPLY, "sites: [hall]\n    supply_accelerators: {by_quarter: [1], times: 2}"),
    )
    assert [problem.path for problem in told] == [
        "sites.hall.power_mw",
        "sites.hall.energy_usd_per_kwh.by_quarter",
        "offers.h100-buy.supply_accelerators.by_quarter",
        "offers.h100-reserve.price_usd_per_hour",
    ]


def test_lengths_are_counted_even_if_the_start_is_wrong(problems: Problems) -> None:
    start, demand = problems(("start: 2026Q1", "start: soon"), ("[100, 120, 150, 180]", "[1, 2]"))
    assert start.path == "start"
    assert demand.message == "2 values for 4 quarters"


@pytest.mark.parametrize(
    "supply",
    [
        "0",
        "[0, 0, 0, 0]",
        "{value: 0}",
        "{by_quarter: [0, 0, 0, 0], times: {distribution: lognormal, p10: 1, p90: 2}}",
        "{value: 5, times: 0}",
        "{first: 0, change_per_year: 1}",
        "{distribution: discrete, values: [0, 9], probabilities: [1, 0]}",
    ],
)
def test_an_offer_with_no_supply(problems: Problems, supply: str) -> None:
    (problem,) = problems((SUPPLY, f"sites: [hall]\n    supply_accelerators: {supply}"))
    assert (problem.path, problem.line) == ("offers.h100-buy.supply_accelerators", 37)
    assert "no supply in any quarter" in problem.message


def test_a_limit_on_a_vendor_that_sells_nothing(problems: Problems) -> None:
    (problem,) = problems(("{nvidia: 1}", "{nvidea: 0.5}"))
    assert problem.path == "limits.largest_vendor_share.nvidea"
    assert "`nvidia`" in problem.remedy


def test_names_apart_only_in_capital_letters(problems: Problems) -> None:
    twin = "  Hall: {power_mw: 1, pue: 1, energy_usd_per_kwh: 0, hosting_usd_per_kw_month: 0}\n"
    (problem,) = problems(("workloads:\n", f"{twin}workloads:\n"))
    assert (problem.path, problem.line) == ("sites.Hall", 19)
    assert "`hall`" in problem.message


def test_one_vendor_in_two_spellings(problems: Problems) -> None:
    other = (
        "  b200: {vendor: Nvidia, unit: GPU, peak_pflops: 2, accelerator_kw: 1, availability: 1, "
        "utilisation: {training: 0.3}}\n"
    )
    told = problems(
        ("offers:\n", f"{other}offers:\n"),
        ("mode: rent\n    platform: h100", "mode: rent\n    platform: b200"),
    )
    assert [problem.path for problem in told] == ["platforms.h100.vendor"]
    assert "`Nvidia`" in told[0].message


def test_a_site_listed_twice(problems: Problems) -> None:
    (problem,) = problems(("sites: [hall]", "sites: [hall, cloud, hall]"))
    assert problem.path == "offers.h100-buy.sites.2"
    assert "twice" in problem.message


def test_cross_checks_are_told_with_errors_of_the_schema(problems: Problems) -> None:
    told = problems(
        ("mode: rent\n    platform: h100", "mode: loan\n    platform: h1000"),
        ("[100, 120, 150, 180]", "[100, oops]"),
        ("quarters: 4", "quarters: 4\nextra: 1"),
    )
    assert [problem.path for problem in told] == [
        "extra",
        "workloads.training.demand",
        "workloads.training.demand.1",
        "offers.h100-rent.mode",
        "offers.h100-rent.platform",
    ]


def test_very_many_problems_of_a_kind_are_cut(problems: Problems) -> None:
    names = ", ".join(f"site{n}" for n in range(5000))
    told = problems(("sites: [hall]", f"sites: [{names}]"))
    assert len(told) == MOST_OF_A_KIND + 1
    assert "not shown" in told[0].message
