"""Assembling a template: terms add up, and mistakes in the code of a family do not pass."""

from __future__ import annotations

import numpy as np
import pytest

from planner.model.builder import TemplateBuilder
from planner.model.template import Label, Ref, constant


@pytest.fixture
def builder() -> TemplateBuilder:
    made = TemplateBuilder({"price": (2, 3), "size": (2,)})
    made.column(Label("x", ("a",)), Ref("price", (1, 2)), upper=Ref("size", (0,), 2.0))
    made.column(Label("y", ()), constant(5), integer=True)
    return made


SOURCES = {
    "price": np.arange(12.0).reshape(2, 2, 3),
    "size": np.array([[10.0, 20.0], [30.0, 40.0]]),
}


def test_terms_on_one_entry_add_up_and_each_sample_has_its_own_numbers(
    builder: TemplateBuilder,
) -> None:
    x, y = Label("x", ("a",)), Label("y", ())
    builder.row("r", (), "<=", Ref("size", (1,), 0.5), [(y, constant(7)), (x, Ref("size", (0,)))])
    terms = [(x, constant(1)), (x, Ref("size", (1,), -1.0)), (x, constant(2))]
    builder.row("s", (), ">=", constant(0), terms)
    programs = builder.build().fill(SOURCES)
    assert programs.cost.tolist() == [[5, 5], [11, 5]]
    assert programs.rhs.tolist() == [[10, 0], [20, 0]]
    template = programs.template
    assert template.starts.tolist() == [0, 2, 3]
    assert template.row_of.tolist() == [0, 1, 0]
    assert programs.matrix.tolist() == [[10, 3 - 20, 7], [30, 3 - 40, 7]]
    assert template.entries == 3


def test_bounds_and_whole_numbers(builder: TemplateBuilder) -> None:
    programs = builder.build().fill(SOURCES)
    assert programs.lower.tolist() == [[0, 0], [0, 0]]
    assert programs.upper.tolist() == [[20, np.inf], [60, np.inf]]
    assert programs.template.integer.tolist() == [False, True]
    held = programs.fixed(np.array([[7.2, 3.1], [7.2, 3.9]]))
    assert held.lower.tolist() == [[0, 3], [0, 4]]
    assert held.upper.tolist() == [[20, 3], [60, 4]]


def test_bounds_that_no_number_is_between_raise(builder: TemplateBuilder) -> None:
    with pytest.raises(ValueError, match="no number is between"):
        builder.build().fill({**SOURCES, "size": -SOURCES["size"]})


def test_a_row_without_terms_is_left_out(builder: TemplateBuilder) -> None:
    builder.row("r", (), "<=", constant(1), [])
    template = builder.build()
    assert template.rows == ()
    assert template.fill(SOURCES).matrix.shape == (2, 0)


def test_mistakes_raise(builder: TemplateBuilder) -> None:
    with pytest.raises(ValueError, match=r"column x\.a is already there"):
        builder.column(Label("x", ("a",)), constant(1))
    builder.row("r", ("k",), "<=", constant(1), [(Label("y", ()), constant(1))])
    with pytest.raises(ValueError, match=r"row r\.k is already there"):
        builder.row("r", ("k",), "<=", constant(1), [(Label("y", ()), constant(1))])
    with pytest.raises(KeyError):
        builder.row("q", (), "<=", constant(1), [(Label("z", ()), constant(1))])
    builder.row("s", (), "<=", Ref("price", (1,)), [(Label("y", ()), constant(1))])
    with pytest.raises(ValueError, match="price has 2 axes, not 1"):
        builder.build()


def test_names_have_nothing_that_lp_files_forbid() -> None:
    assert Label("start", ("a-b", "c_d", "2026Q1")).text() == "start.a~b.c_d.2026Q1"
