"""What only some scenarios have: bets, power, targets, scaling, budgets, cancelled orders."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from synthetic import FACTS, TWO_UNITS, make_results
from synthetic_parts import estimate
from synthetic_rich import always_short, with_bets

from planner.analysis.cash import COST_PARTS
from planner.analysis.results import Results
from planner.config.schema import MODE_MODELS
from planner.model.sources import PART_OF_BET
from planner.report.markdown import render_markdown
from planner.report.numbers import percent, percent_at_most
from planner.report.plan_tables import KINDS, line_blocks

BETS = "Bets: what is decided by yes or no"
NEW = (
    BETS, "Power contracts", "Service targets", "Scaling", "Always short", "Budget overrun",
    "MILP", "mixed-integer", "*Cancelled*", "*Existing", "*Power*", "*Bets*", "bets",
)  # fmt: skip


def rendered(results: Results) -> str:
    return render_markdown(results, FACTS, {})


def section(results: Results, title: str) -> str:
    return rendered(results).split(f"## {title}")[1].split("\n## ")[0]


@pytest.mark.parametrize("words", NEW)
def test_nothing_is_said_of_what_does_not_occur(words: str) -> None:
    assert words not in rendered(make_results())


@pytest.mark.parametrize("words", NEW)
def test_it_is_said_where_it_occurs(words: str) -> None:
    assert words in rendered(always_short(with_bets(make_results())))


def test_each_bet_has_its_share_with_an_interval() -> None:
    results = with_bets(make_results())
    rows = [line for line in section(results, BETS).splitlines() if line.startswith("| ")]
    assert len(rows) == 1 + len(results.bets)
    for bet in results.bets:
        row = next(line for line in rows if f"| {bet.name} " in line)
        assert percent(bet.taken.value, bet.taken.standard_error) in row
        assert re.search(r"\d % to >?\d", row)


def test_a_bet_is_told_to_be_decided_in_hindsight() -> None:
    results = with_bets(make_results())
    assert "with that sample known" in section(results, BETS)
    assert "not the probability that funding it today is right" in section(results, BETS)
    assert "decided with its future known" in rendered(results)


def test_the_proof_says_gap_bound_and_who_solved() -> None:
    text = section(with_bets(make_results()), BETS)
    assert "within 0.094 % of the lowest possible" in text  # 0.0931 %, rounded up
    assert "128 of 1,024 samples needed the general MILP solver" in text
    assert re.search(r"which is \$9\d,\d00 below the mean cost", text)
    assert "128 of 1,024" in section(with_bets(make_results()), "How it was computed")


def test_exact_whole_numbers_have_no_gap() -> None:
    results = with_bets(make_results())
    exact = replace(results.solves, mean_integer_gap=0.0, largest_integer_gap=0.0, by_milp=0)
    text = rendered(replace(results, solves=exact, cost_bound_usd=results.cost_usd.mean))
    assert "proven optimal; 0 of 1,024 samples" in text
    assert "less the gap to its proven bound" not in text


def test_whole_orders_without_bets_are_proven_too() -> None:
    text = section(replace(with_bets(make_results()), bets=[]), BETS)
    assert "**Proof.**" in text
    assert "with that sample known" not in text


def test_relaxed_bets_are_shares_and_a_lower_bound() -> None:
    text = section(with_bets(make_results(), relaxed=True), BETS)
    assert "`bets: relaxed`" in text
    assert "lower bounds" in text
    assert "Extent, mean" in text
    assert "**Proof.**" not in text
    assert "wholly or not at all" not in text


def test_power_contracts_tell_their_megawatts() -> None:
    results = with_bets(make_results())
    text = section(results, "Power contracts")
    row = next(line for line in text.splitlines() if line.startswith("| hall-lease"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    spread = results.power[0].megawatts
    assert cells[1:3] == ["lease", "hall"]
    shown = [float(cell) for cell in cells[3:]]
    levels = (spread.mean.value, spread.mean.standard_error, spread.p10.value, spread.p50.value)
    assert shown == pytest.approx([*levels, spread.p90.value], rel=0.02)


def test_a_target_says_how_often_it_is_met() -> None:
    results = with_bets(make_results())
    text = section(results, "Demand served")
    met = results.served[0].target_met
    assert met is not None
    row = next(line for line in text.split("Service targets")[1].splitlines() if "95 %" in line
               and line.startswith("| pretraining"))  # fmt: skip
    assert percent(met.value, met.standard_error) in row
    assert "inference" not in text.split("Service targets")[1]


def test_scaling_says_its_error_and_what_is_not_modelled() -> None:
    text = section(with_bets(make_results()), "Demand served")
    assert "at most 0.24 % for pretraining (3 jobs)" in text
    assert "share its jobs in any proportion" in text


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.002391, "0.24 %"), (0.0024, "0.24 %"), (0.00241, "0.25 %"), (0.0, "0 %"), (0.0999, "10 %")],
)
def test_a_bound_is_rounded_up(share: float, shown: str) -> None:
    assert percent_at_most(share) == shown


def test_a_small_refund_is_not_nothing() -> None:
    assert percent(-0.0004) == "-0.04 %"


def test_demand_that_is_always_short_is_named_with_what_limits_it() -> None:
    answer = section(always_short(make_results()), "The answer")
    short = next(line for line in answer.splitlines() if "**Always short.**" in line)
    assert short.startswith("4. ")
    assert "In none of 1,024 samples is the demand of pretraining (91.3 % on average) " in short
    assert "`power at own`" in short
    assert "`supply of h200-reserve`" in short
    sure = next(line for line in answer.splitlines() if "**How sure.**" in line)
    assert "`power at own`" not in sure


def test_always_short_without_a_limit_worth_anything_says_what_else_it_is() -> None:
    results = always_short(make_results())
    free = [replace(item, one_more_usd=estimate(0.0, 0.0)) for item in results.limits]
    short = section(replace(results, limits=free), "The answer")
    assert "in several limits at once, in lead times" in short
    stopped = section(replace(results, limits=[]), "The answer")
    assert "no limit was valued by solving again." in stopped


def test_one_future_has_no_average_shortness() -> None:
    answer = section(always_short(make_results(certain=True)), "The answer")
    assert "The demand of pretraining (91.3 %) is not served in full" in answer


def test_every_mode_has_a_kind_of_its_own() -> None:
    """What a plan can order is never left out of its tables."""
    modes = [mode.removeprefix("mode:") for models in MODE_MODELS.values() for mode in models]
    known = [mode for kind in KINDS for mode in kind.modes]
    assert sorted(known) == sorted([*modes, *PART_OF_BET.values(), "cancel"])


def test_lines_stand_by_kind_and_sum_to_the_total() -> None:
    results = with_bets(make_results())
    text = "\n".join(line_blocks(results))
    titles = re.findall(r"^\*(\w[^*]*)\*$", text, flags=re.MULTILINE)
    assert titles == [kind.title for kind in KINDS]
    total = sum(line.cash_usd for line in results.typical.lines) / 1e6
    assert f"Together {total:.0f} USD million" in text
    for line in results.typical.lines:
        assert text.count(f"| {line.offer} ") >= 1
    assert "| the-porting | porting for pretraining |" in re.sub(" +", " ", text)
    assert "MW that start" in text
    assert "Accelerators that start" in text


def test_a_line_of_no_kind_is_refused() -> None:
    results = make_results()
    odd = replace(results.typical.lines[0], mode="gift")
    with pytest.raises(KeyError):
        line_blocks(replace(results, typical=replace(results.typical, lines=[odd])))


def test_part_of_a_bet_is_shown_as_a_share() -> None:
    text = "\n".join(line_blocks(with_bets(make_results(), relaxed=True)))
    assert re.search(r"\| the-development .*\| +43.0 % \|", text)


def test_cash_tables_stay_narrow_with_every_part() -> None:
    text = section(with_bets(make_results()), "Cash by quarter")
    heads = [line for line in text.splitlines() if line.startswith("| Mean cash")]
    assert len(heads) == 2
    parts = [cell.strip() for head in heads for cell in head.strip("|").split("|")[1:]]
    assert len(parts) == 12
    assert max(head.count("|") for head in heads) <= 9
    assert "power contracts and development once it has begun" in text


def test_a_part_of_cost_that_is_no_cash_is_explained() -> None:
    assert "budget overrun" in COST_PARTS
    text = section(with_bets(make_results()), "Cost")
    assert "**Budget overrun.**" in text
    assert "at the target's higher price" in text
    assert "at the target's higher price" not in section(make_results(), "Cost")


def test_limits_and_repeats_say_what_becomes_of_bets() -> None:
    results = with_bets(make_results())
    assert "stay as each sample decided them" in section(results, "What limits the answer")
    assert "decided anew" in section(results, "The price of shortfall, at half and at double")


def test_all_of_it_goes_together_with_two_units() -> None:
    results = always_short(with_bets(make_results(units=TWO_UNITS)))
    text = rendered(results)
    for words in NEW:
        assert words in text
    for wrong in (" nan", "None ", "inf ", "{", "±  "):
        assert wrong not in text
