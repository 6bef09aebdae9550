"""The sheets of the committed plan."""

from __future__ import annotations

from planner.analysis.results import Results
from planner.analysis.results_committed import Committed
from planner.analysis.results_estimates import Estimate
from planner.report import plan_reading
from planner.report.cells import (
    AMOUNT,
    COUNT,
    SHARE,
    USD,
    Cell,
    Sheet,
    mean_cells,
    mean_headers,
    spread_cells,
    spread_headers,
)
from planner.report.plan_file import BET
from planner.report.recourse_uses import uses

_VALUES = "#,##0.0###"
_USD_MEAN = (USD, USD, USD, USD, COUNT)


def plan_sheets(results: Results, plan: Committed) -> list[Sheet]:
    """Return the sheets of the plan that are its own; those of cost and cash are made elsewhere."""
    return [
        _plan(plan),
        _recourse(results, plan),
        _worth(plan),
        _break_evens(plan),
        _regret(plan),
        _proof(plan),
    ]


def plan_summary_rows(plan: Committed) -> list[tuple[Cell, ...]]:
    """Return the plan's rows of the summary: what, name, value with its error."""
    now = plan_reading.counted(plan_reading.signed_now(plan), lambda order: order.offer)
    later = plan_reading.counted(plan_reading.may_wait(plan), lambda order: order.offer)
    units = {order.offer: order.unit for order in plan.orders}
    alone: list[tuple[str, str, float]] = [
        *((f"The plan: sign now, {units[name]}", name, value) for name, value in now.items()),
        *((f"The plan: may wait, {units[name]}", name, value) for name, value in later.items()),
        *((f"The plan: {bet.kind} taken, 0 to 1", bet.name, bet.taken) for bet in plan.bets),
    ]
    means: list[tuple[str, str, Estimate]] = [
        ("The plan: mean discounted cost, USD", "", plan.cost_usd.mean),
        (f"The plan: CVaR at {plan.cvar_level:g}, USD", "", plan.cvar_usd),
        *(
            ("The plan: share of demand served, mean", item.workload, item.share.mean)
            for item in plan.served
        ),
        ("Knowing everything before signing (EVPI), USD", "", plan.worth.evpi_usd),
    ]
    if plan.worth.vss_usd is not None:
        means.append(("Planning for the spread (VSS), USD", "", plan.worth.vss_usd))
    return [
        *((what, name, value, *[None] * 4) for what, name, value in alone),
        *((what, name, *mean_cells(value)) for what, name, value in means),
        (
            "The plan is at most this share above the best (95 %, one-sided)",
            "",
            plan.proof.gap_limit,
            *[None] * 4,
        ),
        ("The search ended by", plan.proof.ended, *[None] * 5),
    ]


def _plan(plan: Committed) -> Sheet:
    headers = (
        "Offer",
        "Kind",
        "Platform",
        "Site",
        "Sign in",
        "Sign now",
        "Starts",
        "Serves, quarters",
        "Signed for",
        "Unit",
        *spread_headers("delivered"),
        *mean_headers("cost, USD"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            item.offer,
            item.mode,
            item.platform,
            item.site,
            item.sign_in,
            "yes" if item.sign_now else "no",
            item.quarter,
            item.service_quarters,
            item.count,
            item.unit,
            *spread_cells(item.delivered),
            *mean_cells(item.cost_usd),
        )
        for item in plan.orders
    ]
    rows += [
        (bet.name, BET, bet.platform, *[None] * 5, bet.taken, bet.kind, *[None] * 10)
        for bet in plan.bets
    ]
    formats = (*[None] * 7, COUNT, AMOUNT, None, *[AMOUNT] * 5, *_USD_MEAN)
    return Sheet("Plan", headers, formats, rows)


def _recourse(results: Results, plan: Committed) -> Sheet:
    headers = ("What is done later", "Unit", "Quarter", *spread_headers("amount"), "n samples")
    rows = [
        (use.name, use.unit, quarter, *spread_cells(spread), spread.mean.n)
        for use in uses(results, plan)
        for quarter, spread in zip(results.quarters, use.spreads, strict=True)
    ]
    return Sheet("Recourse", headers, (None, None, None, *[AMOUNT] * 5, COUNT), rows)


def _worth(plan: Committed) -> Sheet:
    worth = plan.worth
    entries: list[tuple[str, str, Estimate | None]] = [
        ("WS: each future's own optimum", "USD", worth.wait_and_see_usd),
        ("RP: the plan", "USD", worth.plan_usd),
        ("EEV: the plan made on the medians", "USD", worth.mean_value_plan_usd),
        ("EVPI = RP - WS", "USD", worth.evpi_usd),
        ("VSS = EEV - RP", "USD", worth.vss_usd),
    ]
    for item in plan.alternatives:
        entries += [
            (f"{item.name}: mean cost", "USD", item.cost_usd.mean),
            (f"{item.name}: P10 of the cost", "USD", item.cost_usd.p10),
            (f"{item.name}: P90 of the cost", "USD", item.cost_usd.p90),
            (f"{item.name}: in the plan's measure", "USD", item.risk_usd),
            (f"{item.name}: more than the plan", "USD", item.difference_usd),
            (f"{item.name}: cheaper than the plan", "share of samples", item.cheaper_share),
            *(
                (f"{item.name}: {workload} served", "mean share", share)
                for workload, share in item.served.items()
            ),
        ]
    if plan.bracket is not None:
        entries += [
            ("Later one can only rent", "USD", plan.bracket.rent_usd),
            (
                f"Decided again from {plan.bracket.window_quarters} quarters on",
                "USD",
                plan.bracket.reorder_usd,
            ),
            ("The difference", "USD", plan.bracket.difference_usd),
        ]
    rows: list[tuple[Cell, ...]] = [
        (name, unit, *mean_cells(value)) for name, unit, value in entries if value is not None
    ]
    rows += [(f"Condition: {text}", *[None] * 6) for text in worth.conditions]
    headers = ("What", "Unit", *mean_headers("value"))
    return Sheet("Worth", headers, (None, None, *[_VALUES] * 4, COUNT), rows)


def _break_evens(plan: Committed) -> Sheet:
    headers = (
        "Input",
        "Platform or bet",
        "As the input rises, the plan",
        "Changes above",
        "Changes below",
        "Median of the input",
        "Probability that the input is below",
        "Cost of the best plan below, USD",
        "Cost of the best plan above, USD",
        "Signed for below",
        "Signed for above",
    )
    rows = [
        (
            item.input,
            item.platform,
            item.change,
            item.below,
            item.above,
            item.now,
            item.rank,
            item.cost_below_usd,
            item.cost_above_usd,
            item.count_below,
            item.count_above,
        )
        for item in plan.break_evens
    ]
    formats = (None, None, None, *["#,##0.0#####"] * 3, SHARE, USD, USD, AMOUNT, AMOUNT)
    return Sheet("Break-evens", headers, formats, rows)


def _regret(plan: Committed) -> Sheet:
    regret = plan.regret
    rows: list[tuple[Cell, ...]] = [
        ("Mean regret, USD", *mean_cells(regret.mean_usd), None, None),
        ("P50 of regret, USD", regret.p50_usd, *[None] * 6),
        ("P95 of regret, USD", regret.p95_usd, *[None] * 6),
        (f"Largest regret, USD (sample {regret.worst_sample})", regret.worst_usd, *[None] * 6),
        *(
            (
                f"Mean rank in the worst twentieth: {item.input}",
                *mean_cells(item.rank_in_worst),
                item.median_in_worst,
                item.median_in_all,
            )
            for item in regret.causes
        ),
    ]
    headers = (
        "What", *mean_headers("value"), "median of the input in the worst", "median in all",
    )  # fmt: skip
    return Sheet("Regret", headers, (None, *[_VALUES] * 4, COUNT, _VALUES, _VALUES), rows)


def _proof(plan: Committed) -> Sheet:
    proof = plan.proof
    rows: list[tuple[Cell, ...]] = [
        ("The search ended by", proof.ended, *[None] * 4),
        ("Samples that the plan was made on", proof.samples, *[None] * 4),
        ("Fresh samples that it is judged on", plan.samples, *[None] * 4),
        ("Wanted gap on the former", proof.wanted_gap, *[None] * 4),
        ("Gap on the former", proof.gap, *[None] * 4),
        ("The plan's measure on fresh samples, USD", *mean_cells(plan.risk_usd)),
        ("Weight of CVaR in it", plan.cvar_weight, *[None] * 4),
        ("Level of CVaR", plan.cvar_level, *[None] * 4),
        ("Lower bound: mean of the batches' optima, USD", *mean_cells(proof.lower_bound_usd)),
        ("Gap in each batch, USD", *mean_cells(proof.gap_usd)),
        ("Limit of the gap (one-sided, 95 %), USD", proof.gap_limit_usd, *[None] * 4),
        ("Limit of the gap, relative", proof.gap_limit, *[None] * 4),
        ("Batches", proof.replications, *[None] * 4),
        ("Samples of a batch", proof.replication_samples, *[None] * 4),
        ("Samples of the cross-check by HiGHS", proof.extensive_samples, *[None] * 4),
        ("Relative difference in it", proof.extensive_difference, *[None] * 4),
        ("Remedy", proof.remedy or "none needed", *[None] * 4),
    ]
    rows += [
        *_service_rows(plan),
        *(
            (
                f"Iteration {line.number}: gap; bound and best plan, USD",
                line.gap,
                None,
                line.bound_usd,
                line.best_usd,
                None,
            )
            for line in proof.iterations
        ),
        *(("Note", text, *[None] * 4) for text in plan.notes),
    ]
    formats = (None, "#,##0.0#######", *["#,##0.0#"] * 3, COUNT)
    return Sheet("Proof", ("What", *mean_headers("value")), formats, rows)


def _service_rows(plan: Committed) -> list[tuple[Cell, ...]]:
    service = plan.service
    if service is None:
        return []
    return [
        (f"Service target ({service.kind})", service.target, *[None] * 4),
        ("Reached on fresh samples", *mean_cells(service.reached)),
        ("Times the price of shortfall", service.price_times, *[None] * 4),
        ("How it was found", service.method, *[None] * 4),
    ]
