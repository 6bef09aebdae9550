"""Text from a config stays text, and tables refuse what would break them."""

from __future__ import annotations

import pytest
from synthetic_parts import estimate

from planner.report.cells import is_dangerous, stored_text, stored_value
from planner.report.chart_style import label, short
from planner.report.numbers import compact, count, usd_error, usd_interval, usd_range
from planner.report.text import code, escape, fenced, listed, plural, table


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", "a&#124;b"),
        ("<b>", "&#60;b&#62;"),
        ("two\nlines\tand  more", "two lines and more"),
        ("price_usd and _this_", "price_usd and &#95;this&#95;"),
        ("1. item", "1&#46; item"),
        ("0.1.0 of 2026-01", "0.1.0 of 2026-01"),
        ("- item", "&#45; item"),
        ("see https://a.example/b, page 3", "see `https://a.example/b`, page 3"),
        ("bell\x07", "bell\ufffd"),
    ],
)
def test_escape_shows_text_as_it_is(text: str, shown: str) -> None:
    assert escape(text) == shown


def test_code_falls_back_to_escaping() -> None:
    assert code("offers.a.price_usd") == "`offers.a.price_usd`"
    assert "`" not in code("a`b")


def test_a_fence_outlasts_the_backticks_inside() -> None:
    assert fenced("run ```` now").splitlines()[0] == "`````text"


def test_words() -> None:
    assert plural(1, "sample") == "1 sample"
    assert plural(1024, "sample") == "1,024 samples"
    assert listed(["a", "b", "c"]) == "a, b and c"


def test_a_table_lines_up_and_aligns_numbers_right() -> None:
    lines = table(["Name", "USD"], [("a", "1,000"), ("bcdef", "2")]).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert lines[1].startswith("|:---")
    assert lines[1].endswith("---:|")


@pytest.mark.parametrize("row", [("a|b", "1"), ("a\nb", "1"), ("a",)])
def test_a_table_refuses_what_would_break_it(row: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="not a table row"):
        table(["Name", "USD"], [row])


def test_an_error_stays_in_the_unit_of_its_value() -> None:
    assert usd_error(estimate(-1.5e6, 8.9e5)) == "$0.89 M"
    assert usd_error(estimate(-1.5e6, 8.9e3)) == "$8,900"
    assert usd_error(estimate(1.5e6, None)) == "not known"


def test_an_interval_says_which_bound_is_known() -> None:
    assert usd_interval(estimate(1e6, None)) == "not known"
    assert usd_range(405.9e6, 418.7e6) == "$406 M to $419 M"
    assert usd_range(412.31e6, 412.39e6) == "$412.31 M to $412.39 M"


def test_small_is_not_nothing() -> None:
    assert compact(0.001) == "<0.01"
    assert compact(0.0) == "0"
    assert count(0.01) == "<0.1"
    assert count(12_345.6) == "12,346"


def test_labels_keep_both_ends() -> None:
    assert label("offers.b200-rent.price_usd") == "offers.b200-rent.price_usd"
    assert label("platforms.google-tpu-v6e.utilisation.inference") == (
        "platforms.google-tpu-v6e.\nutilisation.inference"
    )
    long = label("a" * 40 + "." + "z" * 40)
    assert len(long) <= 62
    assert long.startswith("aaa")
    assert long.endswith("zzz")
    assert short("x" * 50 + "end", 20).endswith("end")


def test_cells_hold_text_that_a_file_can_hold() -> None:
    assert stored_text("a\x00b\ud800\uffff") == "a\ufffdb\ufffd\ufffd"
    assert stored_text("_x0041_") == "_x005F_x0041_"
    assert len(stored_text("y" * 40_000)) == 32_767
    assert stored_text("y" * 40_000).endswith("results.json)")
    assert is_dangerous("=1+1")
    assert stored_value(float("nan")) is None
    with pytest.raises(TypeError):
        stored_value(object())
