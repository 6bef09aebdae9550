"""The sheets of the workbook that say why, and what the answer rests on."""

from __future__ import annotations

from planner.analysis.results import Results
from planner.analysis.results_estimates import Estimate
from planner.report import reading
from planner.report.cells import COUNT, SHARE, USD, Cell, Sheet, mean_cells, mean_headers
from planner.report.numbers import exact
from planner.report.text import source_or_not

_USD_MEAN = (USD, USD, USD, USD, COUNT)
_SHARE_MEAN = (SHARE, "0.00%", SHARE, SHARE, COUNT)


def limits_sheet(results: Results) -> Sheet:
    """Return the sheet that says what one more and one less unit of each limit does to the cost."""
    headers = (
        "Limit",
        "Kind",
        "Unit",
        *mean_headers("binds, share of samples"),
        *mean_headers("cost of one more, USD"),
        *mean_headers("cost of one less, USD"),
    )
    rows = [
        (
            item.name,
            item.family,
            item.unit,
            *mean_cells(item.binding_share),
            *mean_cells(item.one_more_usd),
            *mean_cells(item.one_less_usd),
        )
        for item in results.limits
    ]
    return Sheet("Limits", headers, (*[None] * 3, *_SHARE_MEAN, *_USD_MEAN, *_USD_MEAN), rows)


def drivers_sheet(results: Results) -> Sheet:
    """Return the sheet that says how the cost moves with each uncertain input."""
    headers = (
        "Input",
        "Mean of the input in its lowest fifth",
        "Mean of the input in its highest fifth",
        *mean_headers("cost if low, USD"),
        *mean_headers("cost if high, USD"),
        *mean_headers("swing, USD"),
        "Can be told from noise",
    )
    rows = [
        (
            item.input,
            item.input_low,
            item.input_high,
            *mean_cells(item.cost_if_low_usd),
            *mean_cells(item.cost_if_high_usd),
            *mean_cells(item.swing_usd),
            "yes" if item.distinguishable else "no",
        )
        for item in reading.all_drivers(results)
    ]
    amount = "#,##0.0###"
    formats = (None, amount, amount, *_USD_MEAN, *_USD_MEAN, *_USD_MEAN, None)
    return Sheet("Drivers", headers, formats, rows)


def shortfall_sheet(results: Results) -> Sheet:
    """Return the sheet that says the answer at other prices of shortfall."""
    rows: list[tuple[Cell, ...]] = []
    for item in results.shortfall_repeats:
        entries: list[tuple[str, str, Estimate]] = [
            ("Mean discounted cost, USD", "", item.cost_usd),
            ("Change against the stated price, USD", "", item.cost_change_usd),
            *(("Share of demand served", name, each) for name, each in item.served_share.items()),
            *_service_entries(results, "Share", item.service_by_platform),
            *_service_entries(results, "Change in share", item.service_change_by_platform),
        ]
        rows += [(item.factor, what, name, *mean_cells(each)) for what, name, each in entries]
    headers = ("Times the stated price", "What", "Workload or platform", *mean_headers("value"))
    return Sheet("Shortfall", headers, ("0.0#", None, None, *["#,##0.0###"] * 4, COUNT), rows)


def _service_entries(
    results: Results, what: str, service: dict[str, dict[str, Estimate]]
) -> list[tuple[str, str, Estimate]]:
    return [
        (f"{what} of {served_words(results, unit)}", name, each)
        for unit, by_platform in service.items()
        for name, each in by_platform.items()
    ]


def served_words(results: Results, unit: str) -> str:
    """Return ``compute served``, or of several units ``tokens/s served``."""
    return f"{unit if len(reading.units(results)) > 1 else 'compute'} served"


def assumptions_sheet(results: Results) -> Sheet:
    """Return the sheet that says every figure assumed, with its source."""
    headers = ("Input", "Uncertain", "P10", "P50", "P90", "As given", "Source")
    rows = [
        (
            item.path,
            "yes" if item.uncertain else "no",
            item.p10,
            item.p50,
            item.p90,
            item.description,
            source_or_not(item.source),
        )
        for item in results.assumptions
    ]
    amount = "#,##0.0#####"
    return Sheet("Assumptions", headers, (None, None, amount, amount, amount, None, None), rows)


def computation_sheet(results: Results) -> Sheet:
    """Return the sheet that says how the numbers came about."""
    solves, size = results.solves, results.size
    rows: list[tuple[Cell, ...]] = [
        ("Scenario", results.scenario),
        ("Planner version", results.planner_version),
        ("Config, SHA-256", results.config_sha256),
        # A seed may have more digits than a spreadsheet's numbers keep.
        ("Seed", str(results.seed)),
        ("Samples per block", results.block_size),
        ("Samples asked for", results.samples_asked),
        ("Samples done", results.samples_done),
        ("Samples kept in full", results.samples_in_full),
        (
            "Largest error of a percentile, relative to its quantity's mean or largest percentile",
            exact(reading.largest_percentile_error(results)),
        ),
        ("Complete", "yes" if results.complete else "no"),
        ("Discount rate per year", results.discount_rate_per_year),
        ("Rows of one program", size.rows),
        ("Columns of one program", size.columns),
        ("Non-zeros of one program", size.nonzeros),
        ("Uncertain inputs", size.uncertain_inputs),
        ("Draws", results.sampled.method),
        ("Samples of a replicate; 1 where all are independent", results.sampled.replicate),
        ("Replicates, which standard errors rest on", results.sampled.replicates),
        ("Engine", solves.engine),
        ("Solved to proven optimality", solves.optimal),
        ("Not proven optimal, in no number", len(solves.unproven)),
        ("Left to HiGHS by the engine", solves.left_to_highs),
        ("Audited: solved again by HiGHS from scratch", solves.audited),
        ("Largest difference in the audit, relative", solves.largest_audit_difference),
        ("Samples whose optimum the tie-break chose", solves.ties_broken),
        ("Ties broken by", results.tie_break),
        ("Largest relative primal residual", solves.largest_primal_residual),
        ("Largest relative dual residual", solves.largest_dual_residual),
        ("Largest relative duality gap", solves.largest_relative_gap),
        ("Simplex iterations", solves.simplex_iterations),
        *_whole_rows(results),
        *(
            (
                f"Largest understatement of output by straight pieces: {item.workload}",
                item.largest_understatement,
            )
            for item in results.scaling
        ),
        *(("Note", note) for note in results.notes),
    ]
    return Sheet("Computation", ("What", "Value"), (None, None), rows)


def _whole_rows(results: Results) -> list[tuple[Cell, ...]]:
    solves = results.solves
    if not reading.has_whole(results):
        return []
    return [
        ("Whole numbers per sample", solves.integer_columns),
        ("Nodes searched for them, in all", solves.search_nodes),
        ("Samples that needed the general MILP solver", solves.by_milp),
        ("Mean gap to the proven bound, relative to the cost", solves.mean_integer_gap),
        ("Largest gap to the proven bound, relative to the cost", solves.largest_integer_gap),
    ]
