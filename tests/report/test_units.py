"""The report with one unit and with several: a table and a chart for each, and never a sum."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from synthetic import FACTS, ONE_UNIT, TWO_UNITS, make_results

from planner.analysis import estimates
from planner.analysis.results import Results
from planner.api import frames
from planner.report.markdown import render_markdown
from planner.report.numbers import unit_scale

CHARTS = {key: f"charts/{key}.png" for key in ("mix", "mix-1", "mix-2")}


def section(results: Results, title: str) -> str:
    text = render_markdown(results, FACTS, CHARTS)
    return text.split(f"## {title}")[1].split("\n## ")[0]


def test_one_unit_needs_no_unit_but_in_titles() -> None:
    text = render_markdown(make_results(), FACTS, CHARTS)
    assert "Of all compute served" in text
    assert "**Compute served (effective PFLOP/s)**" in text
    assert "Total effective PFLOP/s" in text
    assert "**USD per hour of 1 effective PFLOP/s.**" in text
    assert "charts/mix.png" in text
    assert "charts/mix-1.png" not in text
    assert "by unit" not in text


def test_another_single_unit_is_named() -> None:
    text = render_markdown(make_results(units=("tokens/s",)), FACTS, CHARTS)
    assert "**Compute served (tokens/s)**" in text
    assert "PFLOP" not in text
    assert "dense BF16" not in text


def test_two_units_have_a_chart_and_a_table_each() -> None:
    mix = section(make_results(units=TWO_UNITS), "The mix per quarter")
    assert "charts/mix-1.png" in mix
    assert "charts/mix-2.png" in mix
    assert mix.count("**Compute served (") == 2
    assert "**Compute served (million tokens/s)**" in mix
    assert "Total effective PFLOP/s" in mix
    assert "Total million tokens/s" in mix


def test_the_answer_tells_the_mix_of_each_unit() -> None:
    answer = section(make_results(units=TWO_UNITS), "The answer")
    mix = next(line for line in answer.splitlines() if "**Mix.**" in line)
    assert "Of all effective PFLOP/s served" in mix
    assert "**nvidia-h200-sxm**" in mix.split("of all tokens/s served")[0]
    assert "**nvidia-h200-sxm**" not in mix.split("of all tokens/s served")[1]


def test_a_unit_that_one_platform_serves_is_said_so() -> None:
    results = make_results(units=TWO_UNITS)
    nothing = estimates.mean(np.zeros(4))
    only = [
        replace(item, share_of_service={**item.share_of_service, "tokens/s": nothing})
        if item.platform != "nvidia-b200"
        else item
        for item in results.appearances
    ]
    answer = section(replace(results, appearances=only), "The answer")
    assert "all tokens/s served comes from **nvidia-b200**" in answer


def test_no_cost_is_split_between_units() -> None:
    cost = section(make_results(units=TWO_UNITS), "Cost")
    assert "counted in effective PFLOP/s and tokens/s, and the cost cannot be split" in cost
    assert "USD per hour of 1" not in cost


def test_shares_of_service_stand_by_unit() -> None:
    results = make_results(units=TWO_UNITS)
    often = section(results, "How often each platform is in the optimum")
    assert re.search(r"\| Platform +\| +Of effective PFLOP/s \| +Of tokens/s \|", often)
    assert "shares of different units do not add" in often
    repeats = section(results, "The price of shortfall, at half and at double")
    assert "| Share of effective PFLOP/s" in repeats
    assert "| Share of tokens/s" in repeats


def test_a_shift_names_its_unit() -> None:
    results = make_results(units=TWO_UNITS)
    answer = section(results, "The answer")
    assert re.search(r"to [\d.]+ % of (effective PFLOP/s|tokens/s)\)", answer)
    assert re.search(r"to [\d.]+ % of service\)", section(make_results(), "The answer"))


def test_an_idle_platform_is_not_in_the_mix_of_what_is_served() -> None:
    results = make_results()
    nothing = estimates.mean(np.zeros(4))
    idle = [
        replace(item, share_of_service=dict.fromkeys(ONE_UNIT, nothing))
        if item.platform == "nvidia-b200"
        else item
        for item in results.appearances
    ]
    text = render_markdown(replace(results, appearances=idle), FACTS, CHARTS)
    assert "nvidia-b200 is in service but never at work" in text
    assert "In service but never at work, so not drawn: nvidia-b200." in text


def test_large_amounts_are_in_millions() -> None:
    assert unit_scale([2.5e6, 1.0], "tokens/s").name == "million tokens/s"
    assert unit_scale([2.5e9], "tokens/s").divisor == 1e9
    assert unit_scale([2.5e5], "tokens/s").name == "tokens/s"


def test_no_table_is_wide() -> None:
    """More columns than these do not fit a page."""
    units = (*TWO_UNITS, "requests/s", "images/s")
    text = render_markdown(make_results(units=units), FACTS, CHARTS)
    assert max(line.count("|") for line in text.splitlines() if line.startswith("|")) <= 10


@pytest.mark.parametrize("unit", ["tokens/s", "value"])
def test_frames_have_a_column_for_each_unit(unit: str) -> None:
    results = make_results(units=(*ONE_UNIT, unit))
    mix = frames(results)["mix"]
    cell = results.mix[0].served[unit]
    assert mix[f"served.{unit}.mean"][0] == cell.mean.value
    assert mix[f"served.{unit}.p90.high"][0] == cell.p90.high
    costs = frames(results)["cost"].set_index("name")
    assert costs.loc["cost_bound_usd", "mean"] == results.cost_bound_usd.value
    assert "usd_per_unit_hour" not in costs.index
