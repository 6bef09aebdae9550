"""Every kind of wrong value: its path, its line, and words that help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planner.config.distributions import Lognormal
from planner.config.platforms import FILLED_FROM_CATALOG
from planner.config.quantities import Fixed, Trend
from planner.config.schema import Scenario
from planner.config.validation import MOST_EXPLAINED, validate
from planner.config.yaml_tree import read_document
from planner.errors import InputError, Problem

Problems = Callable[..., list[Problem]]
Write = Callable[[str | bytes], Path]

PRICE = "price_usd: {distribution: lognormal, p10: 25000, p90: 36000}"
UTILISATION = "training: {distribution: triangular, low: 0.3, mode: 0.4, high: 0.5}"


def test_the_small_scenario_is_valid(write: Write, minimal: str) -> None:
    scenario = validate(read_document(write(minimal)))
    assert scenario.quarter_names() == ("2026Q1", "2026Q2", "2026Q3", "2026Q4")
    assert scenario.sites["cloud"].power_mw == "unlimited"
    assert isinstance(scenario.offers["h100-buy"].price_usd, Lognormal)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("old", "new", "path", "line", "words", "help_words"),
    [
        # Types
        ("samples: 16", "samples: 30_000", "samples", 6, "text where a number", "write 30000,"),
        ("samples: 16", 'samples: "5"', "samples", 6, "text where a number", "write 5,"),
        ("samples: 16", "samples: 1e3", "samples", 6, "not a whole number", "write 1000"),
        ("samples: 16", "samples: 1.5", "samples", 6, "not a whole number", "1 to 100,000,000"),
        ("samples: 16", "samples: true", "samples", 6, "true or false", "a whole number"),
        ("samples: 16", "samples:", "samples", 6, "nothing where", "a whole number"),
        ("samples: 16", "samples: 0", "samples", 6, "out of range", "from 1 to 100,000,000"),
        ("samples: 16", "samples: -1", "samples", 6, "out of range", "from 1 to 100,000,000"),
        ("seed: 1", "seed: 1e999", "seed", 7, "not a whole number", "a whole number"),
        ("quarters: 4", "quarters: 21", "quarters", 4, "out of range", "from 1 to 20"),
        ("per_year: 0.08", "per_year: 8%", "discount_rate_per_year", 5, "text", "write 0.08,"),
        ("per_year: 0.08", "per_year: .nan", "discount_rate_per_year", 5, "not a finite", "finite"),
        ("per_year: 0.08", "per_year: 1", "discount_rate_per_year", 5, "out of range", "below 1"),
        ("question: What to sign for?", "question: ''", "question", 2, "empty", "1 to 2,000"),
        (
            "question: What to sign for?",
            f"question: {'x' * 2001}",
            "question",
            2,
            "too long",
            "2,000",
        ),
        ("scenario: small", "scenario: 2026", "scenario", 1, "a number where text", '"2026"'),
        ("scenario: small", "scenario: a b", "scenario", 1, "cannot be used", "letters, digits"),
        ("start: 2026Q1", "start: 2026Q5", "start", 3, "cannot be used", "such as 2026Q1"),
        ("start: 2026Q1", "start: 2026", "start", 3, "a number where text", "such as 2026Q1"),
        ("start: 2026Q1", "start: ٢٠٢٦Q1", "start", 3, "cannot be used", "such as 2026Q1"),
        # Figures
        (PRICE, "price_usd: $30k", "offers.h100-buy.price_usd", 38, "text", "write 30000,"),
        (PRICE, "price_usd: 30,000", "offers.h100-buy.price_usd", 38, "text", "write 30000,"),
        (PRICE, "price_usd: cheap", "offers.h100-buy.price_usd", 38, "text", "a number above 0"),
        (PRICE, "price_usd: -5", "offers.h100-buy.price_usd", 38, "above 0 is needed", "above 0"),
        (PRICE, "price_usd: 0", "offers.h100-buy.price_usd", 38, "above 0 is needed", "above 0"),
        (PRICE, "price_usd: .inf", "offers.h100-buy.price_usd", 38, "not a finite", "finite"),
        (PRICE, "price_usd: yes", "offers.h100-buy.price_usd", 38, "text", "belief"),
        (PRICE, "price_usd: true", "offers.h100-buy.price_usd", 38, "true or false", "belief"),
        (PRICE, "price_usd:", "offers.h100-buy.price_usd", 38, "nothing is given", "belief"),
        (PRICE, "price_usd: {}", "offers.h100-buy.price_usd", 38, "neither", "distribution"),
        (PRICE, "price_usd: []", "offers.h100-buy.price_usd", 38, "empty", "at least one"),
        (
            *(PRICE, "price_usd: [1, 2, x, 4]", "offers.h100-buy.price_usd.2", 38),
            *("text where a number", "a number"),
        ),
        (
            *(PRICE, "price_usd: [1, 2, -3, 4]", "offers.h100-buy.price_usd", 38),
            *("values from -3 to 4", "above 0"),
        ),
        (
            *(PRICE, "price_usd: {p10: 1, p90: 3}", "offers.h100-buy.price_usd", 38),
            *("neither", "add `distribution: lognormal`"),
        ),
        (
            *(PRICE, "price_usd: {low: 1, mode: 2, high: 3}", "offers.h100-buy.price_usd", 38),
            *("neither", "add `distribution: triangular`"),
        ),
        (
            *(PRICE, "price_usd: {valeu: 1}", "offers.h100-buy.price_usd", 38),
            *("neither", "`value` by `valeu`"),
        ),
        (
            *(PRICE, "price_usd: {distribution: lognormall, p10: 1, p90: 2}"),
            *("offers.h100-buy.price_usd.distribution", 38),
            *("no such distribution", "did you mean `lognormal`"),
        ),
        (
            *(PRICE, "price_usd: {distribution: 5}", "offers.h100-buy.price_usd.distribution", 38),
            *("no such distribution", "quantiles"),
        ),
        (
            *(PRICE, "price_usd: {distribution: lognormal, p10: 5, p90: 3}"),
            *("offers.h100-buy.price_usd", 38, "p10 must be above 0 and below p90", "p90: 3"),
        ),
        (
            *(PRICE, "price_usd: {distribution: quantiles, p10: 5, p50: 3, p90: 9}"),
            *("offers.h100-buy.price_usd", 38, "p10, p50 and p90 must ascend", "p50: 3"),
        ),
        (
            *(PRICE, "price_usd: {distribution: uniform, low: 3, high: 2}"),
            *("offers.h100-buy.price_usd", 38, "low must be below high", "high: 2"),
        ),
        (
            *(PRICE, "price_usd: {distribution: uniform, low: 3}"),
            *("offers.h100-buy.price_usd", 38, "key `high` is missing", "add `high: ...`"),
        ),
        (
            *(PRICE, "price_usd: {distribution: uniform, low: 3, high: 5, hihg: 5}"),
            *("offers.h100-buy.price_usd.hihg", 38, "a uniform belief has no key", "`high`"),
        ),
        (
            *(
                UTILISATION,
                "training: {distribution: discrete, values: [1, 0], probabilities: [1, 1]}",
            ),
            *("platforms.h100.utilisation.training", 31, "must sum to 1, these sum to 2", "values"),
        ),
        (
            *(UTILISATION, "training: {distribution: uniform, low: 0.3, high: 1.5}"),
            *(
                "platforms.h100.utilisation.training",
                31,
                "values from 0.3 to 1.5",
                "share from 0 to 1",
            ),
        ),
        (UTILISATION, "training: 40%", "platforms.h100.utilisation.training", 31, "text", "0.4,"),
        (
            *(UTILISATION, "training: {first: 1, change_per_year: 0}"),
            *("platforms.h100.utilisation.training", 31, "a path over the quarters", "a share"),
        ),
        (
            *(UTILISATION, "training: [0.3, 0.4, 0.4, 0.4]"),
            *("platforms.h100.utilisation.training", 31, "a list where one figure", "a share"),
        ),
        (
            *("change_per_year: -0.2", "change_per_year: -1"),
            *("offers.h100-rent.price_usd_per_hour.change_per_year", 55),
            *("a yearly change above -1", "a yearly change above -1"),
        ),
        (
            *("change_per_year: -0.2", "change_per_year: {value: 1, times: {distribution: gauss}}"),
            *("offers.h100-rent.price_usd_per_hour.change_per_year.times.distribution", 55),
            *("no such distribution", "lognormal"),
        ),
        # Power is a figure or a word
        (
            "power_mw: 2",
            "power_mw: unlimted",
            "sites.hall.power_mw",
            10,
            "text",
            "mean `unlimited`",
        ),
        ("power_mw: 2", "power_mw: .inf", "sites.hall.power_mw", 10, "not a finite", "unlimited"),
        (
            "power_mw: 2",
            "power_mw: -2",
            "sites.hall.power_mw",
            10,
            "0 or more is needed",
            "unlimited",
        ),
        (
            "power_mw: 2",
            "power_mw: 2MW",
            "sites.hall.power_mw",
            10,
            "text",
            "a number of 0 or more",
        ),
        ("pue: 1.2", "pue: unlimited", "sites.hall.pue", 11, "text", "a ratio of 1 or more"),
        (
            "pue: 1.2",
            "pue: 0.9",
            "sites.hall.pue",
            11,
            "a ratio of 1 or more is needed",
            "1 or more",
        ),
        # Keys
        ("samples: 16", "smaples: 16", "smaples", 6, "no key `smaples`", "did you mean `samples`"),
        (
            "pue: 1.2",
            "pue: 1.2\n    cooling: wet",
            "sites.hall.cooling",
            12,
            "a site has no",
            "remove",
        ),
        ("seed: 1", "# none", "", None, "key `seed` is missing", "add `seed: ...`"),
        (
            "    unit: GPU\n",
            "",
            "platforms.h100",
            24,
            "key `unit` is missing",
            "What one accelerator",
        ),
        (
            "    term_quarters: 1\n",
            "",
            "offers.h100-reserve",
            42,
            "`term_quarters` is",
            "from 1 to 60",
        ),
        (
            *("mode: rent", "mode: rent\n    price: 3", "offers.h100-rent.price", 52),
            *("an offer with mode rent has no key `price`", "`price_usd_per_hour`"),
        ),
        # Shapes
        (
            "mode: rent",
            "mode: lease",
            "offers.h100-rent.mode",
            51,
            "no such mode",
            "buy, reserve, rent",
        ),
        (
            "mode: rent",
            "mode: [rent]",
            "offers.h100-rent.mode",
            51,
            "no such mode",
            "buy, reserve, rent",
        ),
        (
            "    mode: rent\n",
            "",
            "offers.h100-rent",
            50,
            "key `mode` is missing",
            "buy, reserve, rent",
        ),
        (
            "mode: rent",
            "mod: rent",
            "offers.h100-rent",
            50,
            "key `mode` is missing",
            "`mode` by `mod`",
        ),
        (
            "limits:",
            "limits: 3\nlimit:",
            "limits",
            56,
            "a number where a mapping",
            "largest_vendor",
        ),
        (
            *("  largest_vendor_share: {nvidia: 1}", "  largest_vendor_share: [nvidia]"),
            *("limits.largest_vendor_share", 57, "a list where a mapping", "entries by name"),
        ),
        (
            "sites: [hall]",
            "sites: hall",
            "offers.h100-buy.sites",
            36,
            "text where a list",
            "[hall]",
        ),
        ("sites: [hall]", "sites: []", "offers.h100-buy.sites", 36, "is empty", "at least one"),
        (
            "sites: [hall]",
            "sites: [hall, 3]",
            "offers.h100-buy.sites.1",
            36,
            "a number where",
            '"3"',
        ),
    ],
)
def test_one_thing_wrong(
    problems: Problems,
    old: str,
    new: str,
    path: str,
    line: int | None,
    words: str,
    help_words: str,
) -> None:
    told = problems((old, new))
    here = [problem for problem in told if problem.path == path and words in problem.message]
    assert len(here) == 1, "\n\n".join(problem.render() for problem in told)
    (problem,) = here
    assert problem.line == line
    assert problem.file == "plan.yaml"
    assert help_words in f"{problem.value} {problem.allowed} {problem.remedy}"
    # One mistake is told once, but for what follows from a key or a section that is then missing.
    assert [p.path for p in told].count(path) == 1
    assert len(told) == 1 or "smaples" in new or "limit:" in new


def test_nothing_at_all_in_a_section(problems: Problems) -> None:
    (problem,) = problems(("limits:\n  largest_vendor_share: {nvidia: 1}\n", "limits:\n"))
    assert problem.message == "nothing is given for `limits`"


def test_names_that_could_be_markup(problems: Problems) -> None:
    told = problems(("  hall:\n", "  '=hall|':\n"))
    bad = next(problem for problem in told if problem.path == "sites.=hall|")
    assert "name cannot be used" in bad.message
    assert bad.line == 9


def test_all_problems_at_once_in_the_order_of_lines(problems: Problems) -> None:
    told = problems(
        ("samples: 16", "samples: 0"),
        ("pue: 1.2", "pue: 0"),
        ("platform: h100\n    sites: [hall]", "platform: h200\n    sites: [hal]"),
        ("seed: 1", "seed: x"),
        ("mode: rent", "mode: loan"),
    )
    assert [(p.path, p.line) for p in told] == [
        ("samples", 6),
        ("seed", 7),
        ("sites.hall.pue", 11),
        ("offers.h100-buy.platform", 35),
        ("offers.h100-buy.sites.0", 36),
        ("offers.h100-rent.mode", 51),
    ]


def test_known_problems_are_included_and_not_repeated(write: Write, minimal: str) -> None:
    document = read_document(write(minimal.replace("samples: 16", "samples: 0")))
    known = document.problem(("offers",), "the catalogue says no")
    with pytest.raises(InputError) as caught:
        validate(document, known=[known])
    (first, second) = caught.value.problems
    assert (first.path, second) == ("samples", known)
    with pytest.raises(InputError) as again:
        validate(document, known=[first, known])
    assert list(again.value.problems) == [first, known]
    with pytest.raises(InputError) as alone:
        validate(read_document(write(minimal)), known=[known])
    assert list(alone.value.problems) == [known]


def test_what_the_catalogue_would_have_filled_in_is_not_missing_twice(
    write: Write, minimal: str
) -> None:
    without = minimal
    for key in FILLED_FROM_CATALOG:
        line = next(line for line in minimal.splitlines() if line.startswith(f"    {key}:"))
        without = without.replace(line + "\n", "")
    document = read_document(write(without))
    with pytest.raises(InputError) as caught:
        validate(document)
    assert len(caught.value.problems) == len(FILLED_FROM_CATALOG)
    known = document.problem(("platforms", "h100"), "the catalogue does not have it")
    with pytest.raises(InputError) as caught:
        validate(document, known=[known])
    assert list(caught.value.problems) == [known]
    elsewhere = replace(known, path="platforms.h1000")
    with pytest.raises(InputError) as caught:
        validate(document, known=[elsewhere])
    assert len(caught.value.problems) == len(FILLED_FROM_CATALOG) + 1


def test_whole_numbers_may_stand_where_numbers_are_wanted(write: Write, minimal: str) -> None:
    text = minimal.replace("per_year: 0.08", "per_year: 0").replace(
        "change_per_year: -0.2", "change_per_year: 0"
    )
    scenario = validate(read_document(write(text)))
    assert scenario.discount_rate_per_year == 0
    rent = scenario.offers["h100-rent"].price_usd_per_hour  # type: ignore[union-attr]
    assert isinstance(rent, Trend)
    assert rent.change_per_year == 0


def test_a_tail_near_zero_is_not_zero(write: Write, minimal: str) -> None:
    belief = "{value: 0.41, times: {distribution: lognormal, p10: 0.5, p90: 2}}"
    scenario = validate(read_document(write(minimal.replace(PRICE, f"price_usd: {belief}"))))
    price = scenario.offers["h100-buy"].price_usd  # type: ignore[union-attr]
    assert isinstance(price, Fixed)
    assert price.support()[0] > 0


def test_hundreds_of_mistakes_are_counted(problems: Problems) -> None:
    keys = "".join(f"unknown{n}: 1\n" for n in range(MOST_EXPLAINED + 50))
    told = problems(("seed: 1\n", f"seed: 1\n{keys}"))
    assert len(told) == MOST_EXPLAINED + 1
    assert "50 more problems are not shown" in [p.message for p in told if not p.path]


def types_in(core: Any) -> set[str]:
    found = set()
    if isinstance(core, dict):
        found = {core["type"]} if isinstance(core.get("type"), str) else set()
        found |= {kind for part in core.values() for kind in types_in(part)}
    elif isinstance(core, list | tuple):
        found = {kind for part in core for kind in types_in(part)}
    return found


def test_no_type_is_in_the_schema_whose_errors_have_no_words() -> None:
    known = {
        *("str", "int", "float", "bool", "list", "tuple", "dict", "model", "literal"),
        "tagged-union",
    }
    without_errors_of_their_own = {
        *("model-fields", "model-field", "nullable", "default", "definitions", "definition-ref"),
        *("function-after", "no-info"),
    }
    found = types_in(Scenario.__pydantic_core_schema__)
    assert known <= found
    assert found <= known | without_errors_of_their_own, "put words for it into explaining.py"


def test_a_number_that_no_float_holds(problems: Problems) -> None:
    (problem,) = problems(("per_year: 0.08", f"per_year: {'9' * 5000}"))
    assert problem.value == ".inf (infinity)"
    (problem,) = problems(("quarters: 4", f"quarters: {'9' * 150}"))
    assert len(problem.render()) < 400
