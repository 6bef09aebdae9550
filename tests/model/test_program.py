"""The template's numbers against a slow construction by names, and no number that is not finite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from everything import everything
from small import HOURS, Drawn, bench, mid_quarter, middling

from planner.analysis.workbench import Workbench
from planner.model.coefficients import Coefficients
from planner.model.columns import COLUMN_FAMILIES
from planner.model.sets import Sets
from planner.model.template import Label, LinearPrograms
from planner.uncertainty.sampling import Draws

N = 3

Array = np.ndarray[Any, np.dtype[Any]]


@pytest.fixture(scope="module")
def made() -> Workbench:
    return bench(middling())


@pytest.fixture(scope="module")
def drawn(made: Workbench) -> tuple[Draws, Coefficients]:
    return made.draw(0, N)


def dense(programs: LinearPrograms, k: int) -> np.ndarray[Any, Any]:
    matrix = np.zeros((len(programs.template.rows), len(programs.template.columns)))
    columns = np.repeat(np.arange(matrix.shape[1]), np.diff(programs.template.starts))
    matrix[programs.template.row_of, columns] = programs.matrix[k]
    return matrix


class Slow(Drawn):
    """The coefficients of one sample, one by one from their names."""

    def life(self, offer: str) -> int:
        body = self.raw["offers"][offer]
        return int(body.get("life_quarters", body.get("term_quarters", 1)))

    def cost(self, family: str, key: tuple[str, ...]) -> float:
        t, count = self.quarters.index(key[-1]), len(self.quarters)
        d = [mid_quarter(self.raw["discount_rate_per_year"], q) for q in range(count)]
        if family == "shortfall":
            body = self.raw["workloads"][key[0]]
            return float(body["shortfall_usd_per_unit_hour"]) * HOURS * d[t]
        if family == "allocate":
            energy = self.of("sites", key[1], "energy_usd_per_kwh", t)
            hosting = self.of("sites", key[1], "hosting_usd_per_kw_month", t)
            alone = self.of("platforms", key[0], "accelerator_kw")
            return (self.meter_kw(*key[:2]) * HOURS * energy + alone * 3 * hosting) * d[t]
        life = self.life(key[0])
        if self.raw["offers"][key[0]]["mode"] == "buy":
            price = self.of("offers", key[0], "price_usd", t)
            book = max(life - (count - t), 0) / life * self.of("offers", key[0], "residual_share")
            return price * d[t] - price * book * (1.1 ** (-count / 4))
        hourly = self.of("offers", key[0], "price_usd_per_hour", t)
        return hourly * HOURS * sum(d[t : t + life])

    def entry(self, family: str, key: tuple[str, ...], column: str, at: tuple[str, ...]) -> float:
        takes = column in ("start", "rent")
        match family:
            case "demand" if column == "shortfall":
                return float(key == at)
            case "demand" if column == "allocate":
                return self.yielded(at[0], at[2]) if key == at[2:] else 0.0
            case "allocation" if column == "allocate":
                return float(key == (*at[:2], at[3]))
            case "allocation" if takes and self.raw["offers"][at[0]]["platform"] == key[0]:
                begun = self.quarters.index(at[2])
                serves = begun <= self.quarters.index(key[2]) < begun + self.life(at[0])
                return -float(serves and at[1] == key[1])
            case "supply" if takes:
                return float(key == (at[0], at[2]))
            case "power" if column == "allocate":
                return self.meter_kw(*at[:2]) if key == (at[1], at[3]) else 0.0
            case "vendor_share" if column == "start":
                chip = self.raw["offers"][at[0]]["platform"]
                own = self.raw["platforms"][chip]["vendor"] == key[0]
                return float(own) - self.share(key[0])
        return 0.0

    def side(self, family: str, key: tuple[str, ...]) -> float:
        match family:
            case "demand":
                return self.of("workloads", key[0], "demand", self.quarters.index(key[1]))
            case "supply":
                at = self.quarters.index(key[1])
                return self.of("offers", key[0], "supply_accelerators", at)
            case "power":
                return 1000 * self.of("sites", key[0], "power_mw", self.quarters.index(key[1]))
        return 0.0

    def share(self, vendor: str) -> float:
        limit = self.raw["limits"]["largest_vendor_share"][vendor]
        return self.number(f"limits.largest_vendor_share.{vendor}", limit)


@pytest.mark.parametrize("k", range(N))
def test_every_coefficient_against_a_slow_construction(
    made: Workbench, drawn: tuple[Draws, Coefficients], k: int
) -> None:
    draws, block = drawn
    programs = made.model.programs(block)
    slow, template = Slow(middling(), draws, k), programs.template
    cost = [slow.cost(column.family, column.key) for column in template.columns]
    np.testing.assert_allclose(programs.cost[k], cost, rtol=1e-12)
    side = [slow.side(row.family, row.key) for row in template.rows]
    np.testing.assert_allclose(programs.rhs[k], side, rtol=1e-12)
    expected = [
        [slow.entry(row.family, row.key, c.family, c.key) for c in template.columns]
        for row in template.rows
    ]
    np.testing.assert_allclose(dense(programs, k), expected, rtol=1e-12, atol=1e-12)
    for row, sense in zip(template.rows, template.senses, strict=True):
        assert sense == (">=" if row.family == "demand" else "<=")


def test_nothing_starts_before_its_lead_time(made: Workbench) -> None:
    first = {
        name: min(c.key[2] for c in made.model.template.columns if c.key[0] == name)
        for name in middling()["offers"]
    }
    assert first["a-two-buy"] == "2026Q3"
    assert first["b-one-term"] == first["a-one-buy"] == "2026Q2"
    assert first["a-one-rent"] == first["b-one-buy"] == "2026Q1"


def test_a_workload_that_a_platform_cannot_run_has_no_column(made: Workbench) -> None:
    columns = made.model.template.columns
    able = {(c.key[0], c.key[2]) for c in columns if c.family == "allocate"}
    assert ("b-one", "serve") not in able
    assert len(able) == 5


@pytest.mark.parametrize("raw", [middling(), everything()], ids=["middling", "everything"])
def test_every_uncertain_input_moves_some_coefficient(raw: dict[str, Any]) -> None:
    """A draw under a name that no formula reads would leave its input at the median, unseen."""
    made = bench(raw)
    draws, block = made.draw(0, N)
    before = made.model.programs(block)
    written = str(raw).count("distribution") + str(raw).count("probability")
    assert len(made.inputs) == written > 30
    for item in made.inputs:
        values = {**draws.values, item.name: moved(item.name, draws.values[item.name])}
        after = made.model.programs(made.model.coefficients(Draws(values, N)))
        found = [
            (getattr(before, name) != getattr(after, name)).any()
            for name in ("cost", "matrix", "rhs")
        ]
        assert any(found), item.name


def moved(name: str, drawn: Array) -> Array:
    """Return other draws: whole quarters and successes move by one, others by a hundredth."""
    if name.endswith("success"):
        return np.asarray(1 - drawn)
    return np.asarray(drawn + 1 if name.endswith("slip_quarters") else drawn * 1.01)


def dearer(block: Coefficients, value: float) -> Coefficients:
    """Return coefficients with a value in the second sample's first offer."""
    first, *others = block.terms
    paid = np.array(first.flows.paid["purchases"])
    paid[1] = value
    flows = replace(first.flows, paid={**first.flows.paid, "purchases": paid})
    return replace(block, terms=(replace(first, flows=flows), *others))


def with_array(block: Coefficients, array: str, value: float) -> Coefficients:
    values = np.array(getattr(block, array))
    values[1] = value
    changes: dict[str, Any] = {array: values}
    return replace(block, **changes)


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (dearer, "start.a~one~buy.hall.2026Q2"),
        (partial(with_array, array="demand"), "demand.train.2026Q1"),
        (partial(with_array, array="yields"), "the matrix"),
    ],
    ids=["price", "demand", "yield"],
)
def test_a_number_that_is_not_finite_raises(
    made: Workbench,
    drawn: tuple[Draws, Coefficients],
    change: Callable[..., Coefficients],
    words: str,
    value: float,
) -> None:
    _, block = drawn
    with pytest.raises(ValueError, match=f"{words} .*not finite"):
        made.model.programs(change(block, value=value))


def place(sets: Sets, label: Label) -> tuple[int, ...]:
    """Return where a column's value belongs in the array of its family, by names alone."""
    if label.family in ("right", "fund", "adopt"):
        return ([(bet.family, bet.key) for bet in sets.bets].index((label.family, label.key)),)
    names = {
        "offer": [offer.name for offer in sets.offers],
        "existing": [entry.name for entry in sets.existing],
        "power": [item.name for item in sets.power],
        "site": sets.sites,
        "platform": sets.platforms,
        "workload": sets.workloads,
        "quarter": sets.quarters,
        "part": [*sets.falls] if label.family in ("fall", "rebate") else ["capex", "opex"],
        "year": ["year-1", "year-2"],
    }
    if label.family in ("tier", "full", "segment"):
        names["part"] = [str(k) for k in range(9)]
    kinds = COLUMN_FAMILIES[label.family].keys
    return tuple(names[kind].index(part) for kind, part in zip(kinds, label.key, strict=True))


def test_optima_unpack_to_where_their_names_say() -> None:
    made = bench(everything())
    template, sets = made.model.template, made.model.sets
    assert {label.family for label in template.columns} == set(COLUMN_FAMILIES)
    done = made.unpacker.unpack(np.arange(1.0, len(template.columns) + 1)[None])
    for j, label in enumerate(template.columns):
        assert done[label.family][(0, *place(sets, label))] == j + 1, label.text()
    total = sum(done[family].sum() for family in COLUMN_FAMILIES)
    assert total == sum(range(1, len(template.columns) + 1))
    assert (done.take == done["start"] + done["rent"]).all()
    assert (done.bets == done["right"] + done["fund"] + done["adopt"]).all()


def test_a_negative_rounding_error_is_zero(made: Workbench) -> None:
    done = made.unpacker.unpack(np.full((1, len(made.model.template.columns)), -1e-12))
    assert all((values == 0).all() for values in done.by_family.values())
