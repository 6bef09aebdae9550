"""``docs/buy-or-rent.md`` states what ``configs/buy-or-rent.yaml`` gives, beside what was said."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

import planner
from planner.analysis.results import TypicalPlan

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "configs" / "buy-or-rent.yaml"
PAGE = (ROOT / "docs" / "buy-or-rent.md").read_text(encoding="utf-8")

# EEPW / AI Era, 2023-10-09.
PUBLISHED = {
    "node-bought": 300_000.0,
    "node-reserved": 1_100_000.0,
    "node-on-demand": 2_600_000.0,
    "cluster-bought": 1_000_000_000.0,
    "cluster-rented": 2.5,
}
HOURS = 3 * 8760
NODE = 8
CLUSTER = 20_000 / 0.9894
# Server and network of one GPU, and its hour, as the sources give them.
EXPECTED = {
    "node-bought": NODE * (270_000 / 8 + 7_916.67),
    "node-reserved": NODE * 43.15701 / 8 * HOURS,
    "node-on-demand": NODE * 98.32 / 8 * HOURS,
    "cluster-bought": CLUSTER * 270_000 / 8 / 0.80,
    "cluster-rented": CLUSTER * 43.15701 / 8 * HOURS,
}
PARTS = {
    "purchases": ("node-bought", "cluster-bought"),
    "reservations": ("node-reserved", "cluster-rented"),
    "rentals": ("node-on-demand",),
}


@pytest.fixture(scope="module")
def plan() -> TypicalPlan:
    return planner.run_config(CONFIG, mode="wait-and-see").results.typical


@pytest.fixture(scope="module")
def cash_usd(plan: TypicalPlan) -> dict[str, float]:
    """Return what each route costs in the run, in USD over the three years."""
    found: dict[str, float] = defaultdict(float)
    for line in plan.lines:
        found[line.offer] += line.cash_usd
    return dict(found)


def table() -> dict[str, tuple[str, str, str]]:
    """Return ours, published and difference of the page's first table, by route."""
    found = {}
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and (route := re.fullmatch(r"`([a-z-]+)`", cells[1])):
            found[route[1]] = (cells[2], cells[3], cells[4])
    return found


def test_each_route_costs_what_its_sources_say(
    plan: TypicalPlan, cash_usd: dict[str, float]
) -> None:
    assert cash_usd == pytest.approx(EXPECTED, rel=1e-9)
    assert plan.served_share == pytest.approx(1, abs=1e-12)


def test_nothing_else_is_in_the_cost(plan: TypicalPlan, cash_usd: dict[str, float]) -> None:
    parts = {name: value for name, value in plan.cost_parts_usd.items() if value}
    expected = {name: sum(cash_usd[route] for route in of) for name, of in PARTS.items()}
    assert parts == pytest.approx(expected, rel=1e-9)
    assert plan.cost_usd == pytest.approx(sum(cash_usd.values()), rel=1e-9)


def test_the_page_says_what_the_run_gives(cash_usd: dict[str, float]) -> None:
    ours = {**cash_usd, "cluster-rented": cash_usd["cluster-rented"] / cash_usd["cluster-bought"]}
    expected = {}
    for route, published in PUBLISHED.items():
        value, difference = ours[route], 100 * (ours[route] / published - 1)
        stated = (
            (f"{value:.2f} times", f"{published} times")
            if route == "cluster-rented"
            else (f"{value:,.0f} USD", f"{published:,.0f} USD")
        )
        expected[route] = (*stated, f"{difference:+.1f} %")
    assert table() == expected


def test_every_difference_above_two_percent_is_explained() -> None:
    reasons = PAGE.split("## Why they differ by more than 2 %")[1].split("\n## ")[0]
    explained = re.findall(r"^\*\*.*: ([+-][0-9.]+ %)\.\*\*", reasons, flags=re.MULTILINE)
    stated = [difference for *_, difference in table().values()]
    assert explained == [text for text in stated if abs(float(text.split()[0])) > 2]


def test_the_explanations_use_the_numbers_of_the_run(cash_usd: dict[str, float]) -> None:
    prose, nodes = " ".join(PAGE.split()), CLUSTER / NODE
    rent, bought = cash_usd["cluster-rented"], cash_usd["cluster-bought"]
    on_demand = cash_usd["node-on-demand"] / NODE / (bought / CLUSTER)
    for text in (
        f"{cash_usd['node-bought'] - 270_000:,.0f} USD for its share of the network",
        f"{nodes:,.0f} nodes cost {nodes * PUBLISHED['node-bought'] / 1e6:.0f} M USD",
        f"its 1 B USD is {1e9 / nodes:,.0f} USD a node",
        f"{bought / nodes:,.0f} USD a node",
        f"a part of the {(1e9 - bought) / 1e6:.0f} M USD between the two",
        f"difference would be {100 * (bought / 0.95e9 - 1):+.1f} %",
        f"Our rent, {rent:,.0f} USD, is {100 * (rent / 2.5e9 - 1):.1f} % above",
        f"{rent / 2.5e9:.3f} / {bought / 1e9:.3f} = {rent / 2.5 / bought:.3f}",
        f"a node makes {nodes * PUBLISHED['node-reserved'] / 1e9:.2f} B USD",
        f"would be {100 * (1 - 2.5e9 / rent):.0f} % below the AWS list price",
        f"it would be {on_demand:.1f} times",
        f"have cost {53.94547 * HOURS / 1e6:.2f} M",
    ):
        assert text in prose, text
