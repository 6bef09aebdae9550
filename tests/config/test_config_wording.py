"""How values are shown, and what a mistyped word or number was meant to be."""

from __future__ import annotations

import math

import pytest

from planner.config.wording import SHOWN_CHARACTERS, listing, nearest, number_meant, show


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("30_000", "30000"),
        ("30,000", "30000"),
        ("1,234,567.5", "1234567.5"),
        ("30 000", "30000"),
        ("5%", "0.05"),
        ("12.5 %", "0.125"),
        ("$30k", "30000"),
        ("€ 2.5", "2.5"),
        ("-3M", "-3000000"),
        (".5", "0.5"),
        ("1e5", "100000"),
        ("1,5", None),
        ("1,50,000", None),
        ("2MW", None),
        ("5m", None),
        ("5k%", None),
        ("cheap", None),
        ("", None),
        ("1.2.3", None),
    ],
)
def test_the_number_meant(text: str, number: str | None) -> None:
    assert number_meant(text) == number


@pytest.mark.parametrize(
    ("word", "option"),
    [
        ("prise", "price_usd"),
        ("price", "price_usd"),
        ("price-usd", "price_usd"),
        ("PRICE_USD", "price_usd"),
        ("price_usd_hour", "price_usd_per_hour"),
        ("term", "term_quarters"),
        ("colour", None),
        ("", None),
    ],
)
def test_the_nearest_key(word: str, option: str | None) -> None:
    assert nearest(word, ["price_usd_per_hour", "price_usd", "term_quarters", "mode"]) == option


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null (nothing)"),
        (True, "true"),
        ("5", '"5"'),
        (math.nan, ".nan (not a number)"),
        (-math.inf, "-.inf (minus infinity)"),
        ({"a": [1, 2.5, "x"]}, '{a: [1, 2.5, "x"]}'),
    ],
)
def test_values_are_shown_as_yaml(value: object, shown: str) -> None:
    assert show(value) == shown


@pytest.mark.parametrize("value", ["x" * 10**6, list(range(10**5)), {"k" * 99: 1}, [["x" * 99]]])
def test_long_values_are_cut(value: object) -> None:
    assert len(show(value)) <= SHOWN_CHARACTERS
    assert show(value).endswith(" ...")


def test_long_lists_of_options_are_counted() -> None:
    assert listing(["a", "b"]) == "a, b"
    assert listing([f"n{i}" for i in range(20)]).endswith("n14 and 5 more")
