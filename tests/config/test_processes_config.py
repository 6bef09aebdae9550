"""What is said of a process that is written wrongly: where, what is allowed and what to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from planner.config.validation import validate
from planner.config.yaml_tree import read_document
from planner.errors import Problem

PRICE = "{first: 3, change_per_year: -0.2}"
AT = "offers.h100-rent.price_usd_per_hour"
WALK = "{process: random-walk, first: 3, volatility_per_year: 0.3}"
PULLED = (
    "{process: mean-reverting, first: 3, level: 2, half_life_quarters: 2, volatility_per_year: 1}"
)
STEPS = "{process: steps, first: 3, probability_per_quarter: 0.2, change: -0.1}"
LEARNING = (
    "{process: learning-curve, first: 3, learning_rate: 0.2, volume_before: 10, "
    "volume_by_quarter: [1, 2, 3, 4]}"
)
NOISY = "{first: 3, change_per_year: -0.2, error_sd: 0.1}"

Problems = Callable[..., list[Problem]]


@pytest.mark.parametrize("good", [WALK, PULLED, STEPS, LEARNING, NOISY])
def test_good_ones_are_taken(
    good: str, minimal: str, write: Callable[[str | bytes], object]
) -> None:
    validate(read_document(write(minimal.replace(PRICE, good))))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("good", "old", "new", "key", "words", "help_words"),
    [
        (WALK, "random-walk", "random-wlak", "process", "no such process",
         "did you mean `random-walk`"),
        (WALK, "random-walk", "brownian", "process", "no such process", "mean-reverting, steps"),
        (WALK, "first: 3", "first: -3", "first", "a number above 0 is needed", "above 0"),
        (WALK, "first: 3, ", "", "", "the key `first` is missing", "add `first: ...`"),
        (WALK, "0.3}", "0}", "volatility_per_year", "above 0 is needed", "above 0"),
        (WALK, "0.3}", "yes}", "volatility_per_year", "text where a number", "a number above 0"),
        (WALK, "volatility_per_year", "volatility", "volatility", "has no key `volatility`",
         "did you mean `volatility_per_year`"),
        (PULLED, "level: 2", "level: 0", "level", "above 0 is needed", "above 0"),
        (PULLED, "quarters: 2", "quarters: -1", "half_life_quarters", "above 0 is needed",
         "above 0"),
        (STEPS, "0.2,", "1.2,", "probability_per_quarter", "out of range", "from 0 to 1"),
        (STEPS, "-0.1}", "-1}", "change", "a change above -1", "a change above -1"),
        (STEPS, "-0.1}", "{distribution: uniform, low: -2, high: 1}}", "change",
         "values from -2 to 1", "a change above -1"),
        (STEPS, "-0.1}", "{value: -0.2, times: {distribution: lognormal, p10: 1, p90: 2}}}",
         "change", "values from -inf", "a change above -1"),
        (LEARNING, "0.2,", "1,", "", "learning_rate must stay below 1", "lower it"),
        (LEARNING, "0.2,", "-0.2,", "learning_rate", "a share from 0 to 1", "from 0 to 1"),
        (LEARNING, "before: 10", "before: 0", "volume_before", "above 0 is needed", "above 0"),
        (LEARNING, ", 4]", "]", "volume_by_quarter", "3 values for 4 quarters: 2026Q4 has no value",
         "add the missing values, or change `quarters`"),
        (LEARNING, ", 4]", ", 4, 5]", "volume_by_quarter", "5 values for 4 quarters",
         "remove the last"),
        (LEARNING, "[1,", "[-1,", "volume_by_quarter.0", "out of range", "a number of 0 or more"),
        (NOISY, "0.1}", "-0.1}", "error_sd", "above 0 is needed", "above 0"),
        (NOISY, "error_sd: 0.1", "volatility_per_year: 0.1", "volatility_per_year", "has no key",
         "add `process: random-walk`"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_once_with_a_remedy(
    problems: Problems, good: str, old: str, new: str, key: str, words: str, help_words: str
) -> None:
    assert good.count(old) == 1
    told = problems((PRICE, good.replace(old, new)))
    path = f"{AT}.{key}" if key else AT
    (problem,) = [problem for problem in told if problem.path == path]
    assert words in problem.message
    assert help_words in f"{problem.allowed} {problem.remedy}"
    assert problem.line == 55
    # A key of another name is missing, too.
    assert len(told) <= 2


def test_a_process_stands_only_where_a_path_may(problems: Problems) -> None:
    (problem,) = problems(("    availability: 0.9\n", f"    availability: {WALK}\n"))
    assert problem.path == "platforms.h100.availability"
    assert "a path over the quarters where one figure is needed" in problem.message
    assert problem.allowed == "a share from 0 to 1, or a belief about it"


def test_no_kind_is_mistaken_for_another(problems: Problems) -> None:
    """A distribution is no process, and the other way round."""
    (problem,) = problems((PRICE, WALK.replace("process:", "distribution:")))
    assert problem.path == f"{AT}.distribution"
    (problem,) = problems((PRICE, "{process: uniform, low: 1, high: 2}"))
    assert problem.path == f"{AT}.process"
