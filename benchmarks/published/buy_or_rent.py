"""The H100 node and cluster of October 2023, from a run of ``configs/buy-or-rent.yaml``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import planner
from benchmarks.published.findings import Outcome, Theme
from benchmarks.published.inputs import Inputs, Outside
from benchmarks.published.ranges import Range

CONFIG = Path(__file__).resolve().parents[2] / "configs" / "buy-or-rent.yaml"
PAGE = "[buy or rent](buy-or-rent.md) says what is in it"
BOUGHT_FROM = (
    "configs/buy-or-rent.yaml: SemiAnalysis's price of a DGX H100 and Epoch AI's share of "
    "interconnect, with their dates"
)
ON_DEMAND = "aws-p5-h100-on-demand-2023"
THREE_YEARS = "aws-p5-h100-3y-2024"


@cache
def cost_usd_by_route() -> Mapping[str, float]:
    """Return what each route of the scenario costs over three years, in USD."""
    results = planner.run_config(CONFIG, mode="wait-and-see").results
    cost: dict[str, float] = defaultdict(float)
    for line in results.typical.lines:
        cost[line.offer] += line.cash_usd
    return dict(cost)


def bought(inputs: Inputs, route: str) -> Range:
    """Return what a bought route costs, with the range of an estimate by third parties."""
    cost = cost_usd_by_route()[route]
    name = f"cost of {route} in the run"
    estimate = Outside(name, cost, "USD", "third-party-estimate", "2023-05-29", BOUGHT_FROM)
    return inputs.outside(estimate)


def rented(inputs: Inputs, route: str, price: str) -> Range:
    """Return what a rented route costs, with the range of its catalogue price."""
    hourly = inputs.price(price)
    return hourly / hourly.central * cost_usd_by_route()[route]


def _bought(route: str, unit: str, why: str) -> Callable[[Inputs], Outcome]:
    def compute(inputs: Inputs) -> Outcome:
        formula = f"`{route}` of the run: price and network share x accelerators"
        return Outcome(bought(inputs, route), unit, formula, f"{why} {PAGE}.")

    return compute


def _rented(route: str, price: str, why: str) -> Callable[[Inputs], Outcome]:
    def compute(inputs: Inputs) -> Outcome:
        formula = f"`{route}` of the run: 8 x `{price}` x 26,280 hours"
        return Outcome(rented(inputs, route, price), "USD", formula, f"{why} {PAGE}.")

    return compute


def _multiple(inputs: Inputs) -> Outcome:
    rent = rented(inputs, "cluster-rented", THREE_YEARS)
    purchase = bought(inputs, "cluster-bought")
    node = inputs.claimed("h100-node-reserved-3y") / inputs.claimed("h100-node-buy")
    return Outcome(
        rent / purchase,
        "x",
        "`cluster-rented` over `cluster-bought` of the run",
        f"The article's own prices of one node give {node:.2f} times. At AWS's list "
        "price 2.5 is just out of reach; a discount for a large order, which nobody published, "
        f"would bring it there. {PAGE}.",
    )


def _own_target(inputs: Inputs) -> Outcome:
    target = inputs.claimed("own-system-target")
    return Outcome(
        rented(inputs, "node-reserved", THREE_YEARS) / target,
        "x",
        "`node-reserved` of the run over the claimed 500,000 USD",
        '"More than halve the cost" follows from the two prices, if "all-in" holds the energy and '
        "hosting that the reserved price includes. Whether such a system can be had at that price "
        "is not checked.",
        "at least",
        said=2.0,
    )


THEME = Theme(
    "An H100 node and cluster, bought or rented",
    {
        "h100-node-buy": _bought("node-bought", "USD", "The network's share makes the difference."),
        "h100-node-reserved-3y": _rented("node-reserved", THREE_YEARS, "AWS's list price."),
        "h100-node-ondemand-3y": _rented("node-on-demand", ON_DEMAND, "AWS's list price."),
        "h100-cluster-cost": _bought(
            "cluster-bought",
            "USD",
            "Ours leaves out shared storage, management, software and spares.",
        ),
        "h100-rent-multiple": _multiple,
        "own-system-target": _own_target,
    },
    {},
)
