"""What a reader must be told of each instrument."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from planner.config.notes import notes
from planner.config.validation import validate
from planner.config.yaml_tree import read_document

Write = Callable[[str | bytes], Path]
Told = Callable[..., list[str]]


@pytest.fixture
def told(write: Write, instruments: str) -> Told:
    """Return the notes on the scenario with every instrument, parts of its text replaced."""

    def found(*replacements: tuple[str, str]) -> list[str]:
        text = instruments
        for old, new in replacements:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        return notes(validate(read_document(write(text))))

    return found


ALWAYS = (
    "Offer small-reserve: a term of 2 quarters that begins after 2027Q1 outlasts the plan.",
    "Power contract hall-lease: a term of 4 quarters that begins after 2026Q3 outlasts the plan.",
    "Workload training: a job loses output beyond 512 accelerators and gains none beyond 8,192; "
    "the curve is drawn from below in 7 straight pieces.",
    "What was paid before the plan (old, coming) is spent whatever is decided",
    "Decided by yes or no, or in whole units: minimum orders (big-buy); discounts by volume "
    "(big-buy); options (big-option); programmes (own-chip); porting (own); price falls (rival); "
    "whole units (big-buy). The cost of every plan is proven to be within 0.1 % of the lowest.",
    "Platforms without `idle_power_share` (own, small) count as switched off",
)


def test_all_notes_on_the_scenario_with_every_instrument(told: Told) -> None:
    found = told()
    assert len(found) == len(ALWAYS)
    for note, beginning in zip(found, ALWAYS, strict=True):
        assert note.startswith(beginning)
    # The first is paid in part upfront.
    assert found[0].endswith(
        "contract liability. What is prepaid for quarters after it is taken off."
    )
    assert found[1].endswith("those due after it are shown as contract liability.")


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        (
            "term_left_quarters: 3",
            "term_left_quarters: 7",
            "Existing rented: its term has 7 quarters left and outlasts the plan. Only the",
        ),
        (
            "    lead_time_quarters: 2\n    capex",
            "    lead_time_quarters: 6\n    capex",
            "Power contract annex-build can never begin within the plan: its lead time is 6",
        ),
        (
            "quarters_to_first_silicon: 3",
            "quarters_to_first_silicon: 6",
            "Offer own-chip can never deliver within the plan: first silicon comes 6 quarters "
            "after the plan begins, which has 6 quarters.",
        ),
        (
            "funding_quarter: 2026Q1",
            "funding_quarter: 2026Q4",
            "Offer own-chip can never deliver within the plan: first silicon comes 6 quarters",
        ),
        (
            "nre_quarters: 4",
            "nre_quarters: 7",
            "Offer own-chip: development is paid for 7 quarters from 2026Q1 on; only what is paid "
            "up to 2027Q2 is counted as cost.",
        ),
        (
            "life_quarters: 16",
            "life_quarters: 2",
            "Offer own-chip: accelerators delivered in 2026Q4 are out of use from 2027Q2",
        ),
        (
            "exercise_until: 2026Q4",
            "exercise_until: 2027Q2",
            "Offer big-option: what is ordered after 2027Q1 arrives after the plan and is left "
            "out, though the right lasts until 2027Q2.",
        ),
        (
            "    sites: [hall]\n    supply_accelerators: 200",
            "    sites: [hall, annex]\n    supply_accelerators: 200",
            "Offer big-option: `denied_regions` of big keeps it out of annex",
        ),
        (
            "memory_gb: 160",
            "memory_gb: 200",
            "Workload chat does not fit big: it needs 200 GB in one scale-up domain.",
        ),
        (
            "delay_quarters: 2",
            "delay_quarters: 5",
            "Platform own can never run chat within the plan: porting takes 5 quarters from 2026Q2",
        ),
        (
            "largest_vendor_share: {acme: 0.8}",
            "largest_vendor_share: {acme: 0.3, self: 0.3, basic: 0.3}",
            "The largest shares of all vendors that sell or reserve here (acme, basic, self) sum "
            "to 0.9, which is below 1",
        ),
        (
            "bets: whole",
            "bets: relaxed",
            "`bets: relaxed` lets a plan take a part of what is a yes or no, or comes whole: "
            "minimum orders (big-buy); ",
        ),
    ],
)
def test_a_note_on_one_thing(told: Told, old: str, new: str, note: str) -> None:
    found = told((old, new))
    assert len([text for text in found if text.startswith(note)]) == 1, found
    assert not any(text.startswith(note) for text in told())


def test_what_can_be_divided_or_only_grows_dearer_is_no_yes_or_no(told: Told) -> None:
    found = told(
        ("price_times: 0.95", "price_times: 1.05"),
        ("exercise_until: 2026Q4", "exercise_until: 2026Q4\n    divisible: true"),
        ("nre_quarters: 4", "nre_quarters: 4\n    divisible: true"),
        ("    whole_units_of: 8\n", ""),
        ("    minimum_order_accelerators: 64\n", ""),
        ("    porting: {chat: {cost_usd: 3e6, delay_quarters: 2, from_quarter: 2026Q2}}\n", ""),
        ("price_falls:\n    rival: {vendor: acme, others: [own, small], passes_share: 0.3, "
         "discount_share: 0.1}", "price_falls: {}"),
    )  # fmt: skip
    assert not any("yes or no" in note for note in found)


def test_a_share_for_a_vendor_that_only_rents_out(told: Told) -> None:
    found = told(
        ("  small-reserve:\n    mode: reserve", "  small-other:\n    mode: rent"),
        ("    lead_time_quarters: 0\n    term_quarters: 2\n    upfront_share: 0.1\n", ""),
    )
    (note,) = [text for text in found if text.startswith("basic must have a share")]
    assert note.endswith("they forbid every purchase and reservation.")


def test_an_order_with_nothing_paid_is_not_spent(told: Told) -> None:
    found = told(("paid_share: 0.2", "paid_share: 0"))
    assert any("before the plan (old) is spent" in note for note in found)


def test_nothing_is_said_of_idle_power_where_power_is_plenty(told: Told) -> None:
    found = told(("platform: small\n    site: hall", "platform: small\n    site: cloud"))
    assert any("`idle_power_share` (own)" in note for note in found)
