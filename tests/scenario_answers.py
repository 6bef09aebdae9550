"""The answers in docs/scenarios.md: made from the commands that stand above them."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import planner
from planner.analysis.committed.break_even_search import find_break_evens
from planner.analysis.results import Results
from planner.analysis.results_committed import Committed
from planner.report.break_even_text import change_lines
from planner.report.numbers import percent_at_most, usd_error, usd_interval, usd_of
from planner.report.plan_answer import plan_sentence
from planner.report.plan_reading import nearest_changes
from planner.report.plan_words import change_sentences
from planner.report.text import plural

RELATIVE = 0.01
"""Numbers may differ by so much, or by a unit of their last digit, as processors differ."""

_BLOCK = re.compile(
    r"```console\n(?P<commands>[^`]*)```\n\n<!-- answer -->\n(?P<answer>.*?)<!-- /answer -->",
    flags=re.DOTALL,
)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True)
class Asked:
    """The commands of one section, and the answer that stands below them."""

    scenario: str
    commands: tuple[str, ...]
    answer: str


def asked(page: str) -> Iterator[Asked]:
    """Yield every section of the page that has commands and an answer."""
    for section in re.split(r"^## ", page, flags=re.MULTILINE)[1:]:
        found = _BLOCK.search(section)
        if found is not None:
            commands = tuple(found["commands"].strip().splitlines())
            yield Asked(section.splitlines()[0].strip(), commands, found["answer"].strip())


def with_answer(page: str, scenario: str, answer: str) -> str:
    """Return the page with another answer in one section."""
    head, rest = page.split(f"\n## {scenario}\n", 1)
    found = _BLOCK.search(rest)
    assert found is not None, scenario
    start, end = found.span("answer")
    return f"{head}\n## {scenario}\n{rest[:start]}\n{answer}\n\n{rest[end:]}"


def answer_to(commands: Sequence[str], root: Path) -> str:
    """Return what the commands answer, a list for each where there are several."""
    texts = [_answer(command, root) for command in commands]
    if len(texts) == 1:
        return texts[0]
    return "\n\n".join(
        f"`{command}`\n\n{text}" for command, text in zip(commands, texts, strict=True)
    )


def _answer(command: str, root: Path) -> str:
    program, verb, config, *options = shlex.split(command)
    assert program == "planner", command
    given = list(zip(options[::2], options[1::2], strict=True))
    sets = [value for option, value in given if option == "--set"]
    others = {option: value for option, value in given if option != "--set"}
    if verb == "run":
        assert not others, f"{command}: only --set is known here"
        return _run_lines(planner.run_config(root / config, sets).results)
    assert verb == "breakeven", command
    found = find_break_evens(
        root / config,
        sets,
        others["--input"],
        others.get("--platform"),
        float(others["--from"]) if "--from" in others else None,
        float(others["--to"]) if "--to" in others else None,
    )
    return change_lines(found)


def _run_lines(results: Results) -> str:
    """Return the two lines of a run: what to sign for, and at what cost, how sure."""
    plan = results.committed
    assert plan is not None
    return f"- {plan_sentence(results, plan)}\n- {_cost_line(results, plan)}"


def _cost_line(results: Results, plan: Committed) -> str:
    mean = plan.cost_usd.mean
    text = f"**Cost.** {usd_of(mean)}"
    if mean.standard_error is not None:
        text += (
            f" on average (standard error {usd_error(mean)}, 95 % interval {usd_interval(mean)})"
        )
        text += f", at most {percent_at_most(plan.proof.gap_limit)} above the best plan"
        text += f"; knowing everything would be worth {usd_of(plan.worth.evpi_usd)}"
    changes = change_sentences(plan, nearest_changes(plan))
    if changes:
        text += f"; the likeliest change: {changes[0]}"
    return f"{text}. ({plural(results.samples_done, 'sample')}, seed {results.seed})"


def differences(fresh: str, kept: str) -> list[str]:
    """Return where two answers differ in words, or in numbers by more than the tolerance."""
    if _NUMBER.sub("#", fresh) != _NUMBER.sub("#", kept):
        return [f"other words:\n{fresh}\n--- kept:\n{kept}"]
    pairs = zip(_NUMBER.findall(fresh), _NUMBER.findall(kept), strict=True)
    return [f"{new}, not {old}" for new, old in pairs if not _same(new, old)]


def _same(new: str, old: str) -> bool:
    decimals = len(old.partition(".")[2])
    values = [float(text.replace(",", "")) for text in (new, old)]
    return math.isclose(*values, rel_tol=RELATIVE, abs_tol=1.01 * 10.0**-decimals)
