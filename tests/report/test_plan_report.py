"""The report of a committed plan: what to sign for comes first, loud where it is not proven."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from synthetic import FACTS, TWO_UNITS, make_results, nothing_used
from synthetic_committed import hostile, planned, rich, with_plan
from synthetic_parts import PLATFORMS, estimate
from synthetic_rich import HOSTILE, hostile_results

from planner.analysis.results import Results
from planner.analysis.results_committed import BreakEven, Committed, PlannedBet
from planner.report import plan_reading
from planner.report.markdown import render_markdown
from planner.report.numbers import count
from planner.report.plan_words import change_sentences

SECTIONS = [
    "What to sign for",
    "The plan",
    "What is done later",
    "Cash and liabilities of the plan",
    "What can go wrong",
    "What it is worth",
    "Where the decision changes",
    "Proof",
    "What would have been best in each future",
    "What was assumed",
    "How it was computed",
]
KEYS = ("plan-orders", "plan-recourse", "plan-cash", "plan-cost", "plan-drivers", "mix", "cost")
CHARTS = {key: f"charts/{key}.png" for key in KEYS}


def rendered(results: Results) -> str:
    return render_markdown(results, FACTS, CHARTS)


def section(text: str, title: str) -> str:
    return text.split(f"## {title}\n")[1].split("\n## ")[0]


def changed(results: Results, **fields: object) -> Results:
    assert results.committed is not None
    return replace(results, committed=replace(results.committed, **fields))  # type: ignore[arg-type]


def proof_with(results: Results, **fields: object) -> Results:
    assert results.committed is not None
    proof = replace(results.committed.proof, **fields)  # type: ignore[arg-type]
    return changed(results, proof=proof)


def test_the_plan_comes_first_and_hindsight_is_below_it() -> None:
    text = rendered(planned())
    assert re.findall(r"^## (.*)$", text, flags=re.MULTILINE) == SECTIONS
    below = section(text, "What would have been best in each future")
    assert "Nobody can buy this" in below[:200]
    assert "### The answer in hindsight" in below
    assert "### The mix per quarter" in below
    assert "#### The most typical single plan" in below


def test_page_one_says_what_to_sign_now_and_what_may_wait() -> None:
    results = planned(offers=4)
    plan = results.committed
    assert plan is not None
    text = section(rendered(results), "What to sign for")
    points = re.findall(r"^\d\. \*\*(.*?)\.\*\*", text, flags=re.MULTILINE)
    assert points == [
        "The plan", "Cost", "How good it is", "The price of not knowing", "How sure",
    ]  # fmt: skip
    now = sum(order.count for order in plan.orders if order.sign_now)
    later = sum(order.count for order in plan.orders if not order.sign_now)
    assert f"for **{count(now)} accelerators**" in text
    assert f"another **{count(later)} accelerators**" in text
    assert "0.42 %" in text
    for offer in {order.offer for order in plan.orders}:
        row = next(line for line in text.splitlines() if line.startswith(f"| {offer} "))
        mine = [o for o in plan.orders if o.offer == offer]
        cells = [cell.strip() for cell in row.split("|")]
        assert cells[4] == count(sum(o.count for o in mine if o.sign_now)), row
        waits = sum(o.count for o in mine if not o.sign_now)
        assert cells[7] == (count(waits) if waits else "-"), row


def test_every_order_stands_in_the_plan_with_what_is_signed_now_in_bold() -> None:
    results = planned(offers=2, periods=12)
    plan = results.committed
    assert plan is not None
    text = section(rendered(results), "The plan")
    for order in plan.orders:
        cell = f"**{count(order.count)}**" if order.sign_now else f" {count(order.count)} "
        assert cell in text
    assert text.count("| Accelerators that start") == 2


@pytest.mark.parametrize(
    "results",
    [
        planned(platforms=PLATFORMS[:1], never=0),
        planned(samples=1),
        planned(certain=True),
        planned(periods=1),
        planned(periods=20),
        planned(units=TWO_UNITS),
        planned(offers=20, platforms=PLATFORMS),
        with_plan(nothing_used(make_results()), offers=0),
        changed(planned(), orders=[], break_evens=[], alternatives=[]),
        rich(),
    ],
    ids=["one", "sample", "certain", "quarter", "twenty", "units", "many", "none", "bare", "rich"],
)
def test_the_edges_read_well(results: Results) -> None:
    text = rendered(results)
    assert [h for h in re.findall(r"^## (.*)$", text, flags=re.MULTILINE) if h in SECTIONS] == (
        SECTIONS
    )
    for wrong in (r"\bnan\b", "None ", r"\binf\b", "{", "±  ", r"standard error not known\)", " ;"):
        assert not re.search(wrong, text.replace("None.", "")), wrong


def test_nothing_to_sign_is_said_plainly() -> None:
    assert "Sign for nothing" in rendered(changed(planned(), orders=[]))
    results = planned()
    plan = results.committed
    assert plan is not None
    later = [replace(order, sign_now=False) for order in plan.orders]
    assert "Nothing has to be signed in 2026Q1" in rendered(changed(results, orders=later))


@pytest.mark.parametrize("ended", ["time", "iterations", "stopped", "stalled"])
def test_a_search_that_ended_early_is_loud(ended: str) -> None:
    text = rendered(proof_with(planned(), ended=ended, gap=0.0312))
    assert re.search(r"^\*\*The search for the plan ended.*\*\*$", text[:900], flags=re.MULTILINE)
    for title in ("What to sign for", "Proof"):
        assert "best plan so far, not the best plan.**" in section(text, title)
    assert "3.2 %" in section(text, "Proof")
    assert "so far" not in rendered(planned())


def test_a_wide_gap_names_its_remedy() -> None:
    wide = proof_with(planned(), gap_limit=0.034, remedy="set commitment.samples to 4,096")
    text = rendered(wide)
    assert "3.4 %" in section(text, "What to sign for")
    assert "which is wide" in section(text, "What to sign for")
    assert "set commitment.samples to 4,096" in section(text, "Proof")
    assert "which is wide" not in rendered(planned())


def test_a_failed_cross_check_is_loud() -> None:
    text = rendered(proof_with(planned(), extensive_difference=3e-4))
    assert re.search(r"^\*\*The cross-check of the plan failed", text[:900], flags=re.MULTILINE)
    assert "THE OPTIMA DIFFER" in text
    assert "cross-check of the plan failed" not in rendered(planned())


def test_a_bound_above_the_cost_is_explained() -> None:
    above = proof_with(planned(), lower_bound_usd=estimate(9e9, 1e8, 10))
    assert "Here the bound lies above" in rendered(above)
    assert "Here the bound lies above" not in rendered(planned())


def test_a_missed_target_is_loud() -> None:
    text = rendered(rich())
    assert re.search(r"^\*\*The plan does not reach its service target", text, flags=re.MULTILINE)
    for title in ("What to sign for", "Proof"):
        assert "**It is not reached.**" in section(text, title)


def test_what_is_certain_is_not_called_unknown() -> None:
    text = section(rendered(planned(certain=True)), "What to sign for")
    assert "nothing to know and nothing to regret" in text
    assert "EVPI" not in text


def test_with_a_tail_measure_the_gap_is_said_to_be_in_it() -> None:
    assert "in the measure of mean and tail that it minimises" in rendered(rich())
    assert "in the measure of mean and tail" not in rendered(planned())


def test_what_the_plan_gains_is_only_claimed_where_it_can_be_told() -> None:
    results = planned()
    plan = results.committed
    assert plan is not None
    assert "a plan made on the medians would cost" in rendered(results)
    unsure = replace(plan.worth, vss_usd=estimate(1e6, 4e6, 256))
    text = rendered(changed(results, worth=unsure))
    assert "cannot be told (VSS" in text
    assert "The interval of VSS holds zero" in text
    none = rendered(changed(results, worth=replace(plan.worth, vss_usd=None)))
    assert "VSS is not given" in none
    assert "would cost" not in section(none, "What to sign for")


def test_plans_that_cannot_be_told_apart_are_named() -> None:
    text = section(rendered(planned()), "What it is worth")
    assert "only acme is as good as the plan, as far as can be told" in text
    assert "mean-value plan is as good" not in text


def test_the_bracket_sets_both_readings_side_by_side() -> None:
    results = rich()
    plan = results.committed
    assert plan is not None
    assert plan.bracket is not None
    text = section(rendered(results), "Proof")
    order = plan.bracket.orders_in_window[0]
    assert f"| {order.offer} " in text
    assert "If decided again" in text
    assert "`--bracket` tells" in rendered(planned())


def change(**fields: object) -> BreakEven:
    made = BreakEven("x", "p", "takes it up", 2.0, 2.1, 0.7, 1.0, 5e8, 6e8, 0.0, 40.0)
    return replace(made, **fields)  # type: ignore[arg-type]


def plan_that(*, takes: bool) -> Committed:
    plan = planned().committed
    assert plan is not None
    name = "p" if takes else "other"
    return replace(
        plan,
        orders=[replace(order, platform=name) for order in plan.orders],
        bets=[PlannedBet("p", "programme", "p", float(takes))],
    )


@pytest.mark.parametrize(
    ("item", "takes", "words"),
    [
        (change(), False, "`x` is known to be above 2.00 to 2.10 (median 1.00; the chance of that "
         "is 30 %), the plan takes up p (40 signed for); the cost of the best plan there is $600"),
        # At its median the input is on the other side: known, it would change the plan.
        (change(now=3.0), False, "`x` is known to be above 2.00 to 2.10 (median 3.00; the chance"),
        (change(), True, "`x` is known to be below 2.00 to 2.10 (median 1.00; the chance of that "
         "is 70 %), the plan drops p; the cost of the best plan there is $500 M"),
        (change(change="drops it", count_below=9.0, count_above=0.0), True,
         "is known to be above 2.00 to 2.10 (median 1.00; the chance of that is 30 %), the plan "
         "drops p;"),
        (change(change="drops it", count_below=9.0, count_above=0.0), False,
         "the plan takes up p (9 signed for);"),
        (change(change="funds it", rank=0.999), False, "is less than 1 %), the plan funds p;"),
        (change(change="stops funding it"), True, "the plan no longer funds p;"),
        (change(input="events.ban.happens", below=0.0, above=0.06, now=0.0, rank=0.9), False,
         "`ban` is sure to happen (as it stands: a chance of 10 %), the plan takes up p "
         "(40 signed for); the cost of the best plan is then $600 M, against $500 M if the"),
        (change(input="events.ban.happens", below=0.0, above=0.06, now=0.0, rank=0.9), True,
         "`ban` is sure not to happen (as it stands: a chance of 90 %), the plan drops p;"),
    ],
)  # fmt: skip
def test_a_change_reads_as_a_sentence_from_the_plan_on(
    item: BreakEven, takes: bool, words: str
) -> None:
    assert words in change_sentences(plan_that(takes=takes), [item])[0]


def test_costs_of_changes_are_named_as_the_measure_that_they_are() -> None:
    averse = replace(plan_that(takes=False), cvar_weight=0.5)
    assert "the measure (mean and CVaR) of the best plan" in change_sentences(averse, [change()])[0]


def test_changes_at_one_place_are_one_sentence() -> None:
    items = [change(), change(platform="q"), change(below=2.1, above=2.2)]
    found = change_sentences(plan_that(takes=False), items)
    assert len(found) == 2
    assert "takes up p (40 signed for) and takes up q (40 signed for)" in found[0]


def test_standard_errors_of_sums_are_never_understated() -> None:
    plan = planned().committed
    assert isinstance(plan, Committed)
    errors = [order.cost_usd.standard_error or 0.0 for order in plan.orders]
    assert plan_reading.most_error(plan.orders) == pytest.approx(sum(errors))
    assert plan_reading.most_error(planned(samples=1).committed.orders) is None  # type: ignore[union-attr]


@pytest.mark.parametrize("text", HOSTILE)
def test_names_never_act_as_markup(text: str) -> None:
    """The report of a hostile plan has the markup of a harmless one, and no other."""
    kinds = ("link_open", "image", "html_inline", "html_block", "th_open", "td_open",
             "heading_open", "hr", "strong_open", "em_open", "list_item_open")  # fmt: skip
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")

    def shape(of: str) -> dict[str, int]:
        made = hostile(with_plan(hostile_results(of)), of)
        found = []
        for token in parser.parse(rendered(made)):
            found += [token.type, *(child.type for child in token.children or [])]
        return {kind: found.count(kind) for kind in kinds}

    assert shape(text) == shape("harmless")


def test_it_is_the_same_every_time() -> None:
    assert rendered(rich()) == rendered(rich())
