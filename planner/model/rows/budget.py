"""Budget: a year's cash stays within its budget, or what is over it is paid for on top."""

from __future__ import annotations

from collections.abc import Iterator

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.columns import BUDGETS, COLUMN_FAMILIES, budgeted
from planner.model.fleet import Term
from planner.model.sets import Sets
from planner.model.template import Ref, constant
from planner.model.units import USD_PER_MILLION

STAGE = "recourse"


_BY_START = {
    "start": "contract_cash",
    "rent": "contract_cash",
    "existing": "contract_cash",
    "cancel": "cancel_cash",
    "void": "cancel_cash",
    "tier": "list_cash",
    "rebate": "rebate_cash",
    "power": "power_cash",
}
"""Families of columns whose cash is spread over the quarters, and the array that has it."""

_BY_QUARTER = {"draw": "draw_cash", "deploy": "deploy_cash", "allocate": "allocate_cash"}
"""Families of columns that are opex of their own quarter, which is last in their place."""


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per kind and year with a budget, in million USD."""
    for kind, y, amount in budgeted(sets):
        name = BUDGETS[kind]
        over = (labels.overrun(name, y), constant(-1))
        key = (name, f"year-{y + 1}")
        rhs = constant(amount / USD_PER_MILLION)
        builder.row("budget", key, "<=", rhs, [*_cash(sets, kind, y), over])


def _cash(sets: Sets, kind: int, year: int) -> Iterator[Term]:
    for family, source in _BY_START.items():
        for column in COLUMN_FAMILIES[family].columns(sets):
            # The cash of a column stands where its cost does: by contract and start.
            index = (*column.cost.index, kind, year)
            yield column.label, Ref(source, index, column.cost.factor)
    for family in ("right", "fund", "adopt"):
        for column in COLUMN_FAMILIES[family].columns(sets):
            yield column.label, Ref("bet_cash", (*column.place, kind, year))
    if BUDGETS[kind] == "opex":
        for family, source in _BY_QUARTER.items():
            for column in COLUMN_FAMILIES[family].columns(sets):
                if column.place[-1] in sets.years[year]:
                    yield column.label, Ref(source, column.cost.index)
