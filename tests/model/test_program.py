"""The template's numbers against a slow construction by names, and no number that is not finite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from small import HOURS, bench, mid_quarter, middling

from planner.analysis.workbench import Workbench
from planner.model.coefficients import Coefficients
from planner.model.template import LinearPrograms
from planner.uncertainty.sampling import Draws

N = 3


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


class Slow:
    """One sample of the scenario from its dict and the draws, name by name."""

    def __init__(self, raw: Mapping[str, Any], draws: Draws, k: int) -> None:
        self.raw, self.draws, self.k = raw, draws, k
        self.quarters = [f"2026Q{t + 1}" for t in range(raw["quarters"])]

    def number(self, path: str, quantity: Any) -> float:
        return float(self.draws.values[path][self.k]) if isinstance(quantity, dict) else quantity

    def at(self, path: str, quantity: Any, t: int) -> float:
        if isinstance(quantity, list):
            return float(quantity[t])
        if isinstance(quantity, dict) and "by_quarter" in quantity:
            return quantity["by_quarter"][t] * self.number(f"{path}.times", quantity["times"])
        if isinstance(quantity, dict) and "first" in quantity:
            growth = self.number(f"{path}.change_per_year", quantity["change_per_year"])
            return self.number(f"{path}.first", quantity["first"]) * (1 + growth) ** (t / 4)
        return self.number(path, quantity)

    def of(self, section: str, name: str, key: str, t: int = 0) -> float:
        return self.at(f"{section}.{name}.{key}", self.raw[section][name][key], t)

    def meter_kw(self, chip: str, hall: str) -> float:
        return self.of("platforms", chip, "accelerator_kw") * self.of("sites", hall, "pue")

    def life(self, offer: str) -> int:
        body = self.raw["offers"][offer]
        return int(body.get("life_quarters", body.get("term_quarters", 1)))

    def cost(self, family: str, key: tuple[str, ...]) -> float:
        t, count = self.quarters.index(key[-1]), len(self.quarters)
        d = [mid_quarter(self.raw["discount_rate_per_year"], q) for q in range(count)]
        if family == "shortfall":
            body = self.raw["workloads"][key[0]]
            return float(body["shortfall_usd_per_pflop_hour"]) * HOURS * d[t]
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
                return self.of("workloads", key[0], "demand_pflops", self.quarters.index(key[1]))
            case "supply":
                at = self.quarters.index(key[1])
                return self.of("offers", key[0], "supply_accelerators", at)
            case "power":
                return 1000 * self.of("sites", key[0], "power_mw", self.quarters.index(key[1]))
        return 0.0

    def share(self, vendor: str) -> float:
        limit = self.raw["limits"]["largest_vendor_share"][vendor]
        return self.number(f"limits.largest_vendor_share.{vendor}", limit)

    def yielded(self, chip: str, work: str) -> float:
        used = self.raw["platforms"][chip]["utilisation"][work]
        found = self.number(f"platforms.{chip}.utilisation.{work}", used)
        for key in ("peak_pflops", "realised_share", "availability"):
            if key in self.raw["platforms"][chip]:
                found *= self.of("platforms", chip, key)
        return found


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


def test_every_uncertain_input_moves_some_coefficient(
    made: Workbench, drawn: tuple[Draws, Coefficients]
) -> None:
    """A draw under a name that no formula reads would leave its input at the median, unseen."""
    draws, block = drawn
    before = made.model.programs(block)
    assert len(made.inputs) == str(middling()).count("distribution") == 32
    for item in made.inputs:
        values = {**draws.values, item.name: draws.values[item.name] * 1.01}
        after = made.model.programs(made.model.coefficients(Draws(values, N)))
        moved = [
            (getattr(before, name) != getattr(after, name)).any()
            for name in ("cost", "matrix", "rhs")
        ]
        assert any(moved), item.name


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize(
    ("array", "words"),
    [
        ("price_usd", "start.a-one-buy.hall.2026Q2|rent.a~one~rent.cloud.2026Q1|start.a~one~buy"),
        ("demand_pflops", "demand.train.2026Q1"),
        ("yield_pflops", "the matrix"),
    ],
)
def test_a_number_that_is_not_finite_raises(
    made: Workbench, drawn: tuple[Draws, Coefficients], array: str, words: str, value: float
) -> None:
    _, block = drawn
    values = np.array(getattr(block, array))
    values[1] = value
    changes: dict[str, Any] = {array: values}
    with pytest.raises(ValueError, match=f"({words}).* not finite"):
        made.model.programs(replace(block, **changes))


def test_optima_unpack_to_where_their_names_say(made: Workbench) -> None:
    template, sets = made.model.template, made.model.sets
    done = made.unpacker.unpack(np.arange(1.0, len(template.columns) + 1)[None])
    for j, label in enumerate(template.columns):
        t = sets.quarters.index(label.key[-1])
        if label.family in ("start", "rent"):
            o = [offer.name for offer in sets.offers].index(label.key[0])
            found = done.take[0, o, sets.sites.index(label.key[1]), t]
        elif label.family == "allocate":
            p, i = sets.platforms.index(label.key[0]), sets.sites.index(label.key[1])
            found = done.allocate[0, p, i, sets.workloads.index(label.key[2]), t]
        else:
            found = done.shortfall[0, sets.workloads.index(label.key[0]), t]
        assert found == j + 1
    total = done.take.sum() + done.allocate.sum() + done.shortfall.sum()
    assert total == sum(range(1, len(template.columns) + 1))
