"""The report as text: complete, honest at the edges, and deaf to what names try to say."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import TypeAdapter
from synthetic import FACTS, TWO_UNITS, make_results, nothing_used
from synthetic_parts import PLATFORMS
from synthetic_rich import HOSTILE, always_short, hostile_results, with_bets

from planner.analysis.results import Results
from planner.report.markdown import render_markdown
from planner.report.text import escape

CHARTS = {
    key: f"charts/{key}.png"
    for key in ("mix", "mix-1", "mix-2", "cost", "cash", "drivers", "appearance")
}
SECTIONS = [
    "The answer",
    "Cost",
    "Demand served",
    "The mix per quarter",
    "How often each platform is in the optimum, and how much of it",
    "Cash by quarter and contract liability",
    "What limits the answer",
    "What drives the cost",
    "The price of shortfall, at half and at double",
    "What was assumed",
    "How it was computed",
]


def rendered(results: Results) -> str:
    return render_markdown(results, FACTS, CHARTS)


def tokens(text: str) -> list[Token]:
    """Return every token of the rendered report, with tables, links and raw HTML recognised."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    found = []
    for token in parser.parse(text):
        found.append(token)
        found.extend(token.children or [])
    return found


def test_it_has_every_section_in_order() -> None:
    heads = re.findall(r"^## (.*)$", rendered(make_results()), flags=re.MULTILINE)
    assert heads == SECTIONS


def test_the_answer_is_three_sentences_on_top() -> None:
    text = rendered(make_results())
    answer = text.split("## The answer")[1].split("\n## ")[0]
    points = re.findall(r"^\d\. \*\*(.*?)\.\*\*", answer, flags=re.MULTILINE)
    assert points == ["Cost", "Mix", "How sure"]
    assert text.index("## The answer") < 900


def test_it_says_that_the_average_is_nobodys_plan_beside_a_typical_one() -> None:
    text = rendered(make_results())
    mix = text.split("## The mix per quarter")[1].split("\n## ")[0]
    assert "nobody's plan" in mix
    assert "sample 417" in mix
    assert "lower bound" in text


@pytest.mark.parametrize(
    "results",
    [
        make_results(platforms=PLATFORMS[:1], never=0),
        nothing_used(make_results()),
        make_results(samples=1),
        make_results(certain=True),
        make_results(periods=1),
        make_results(periods=20),
        replace(make_results(), limits=[], drivers=[], shortfall_repeats=[]),
        replace(make_results(), complete=False, samples_asked=4096),
        replace(make_results(), usd_per_unit_hour=None),
        make_results(units=TWO_UNITS),
        nothing_used(make_results(units=TWO_UNITS)),
        always_short(make_results()),
    ],
    ids=[
        "one",
        "none",
        "sample",
        "certain",
        "quarter",
        "twenty",
        "bare",
        "stopped",
        "unserved",
        "units",
        "units-none",
        "short",
    ],
)
def test_the_edges_read_well(results: Results) -> None:
    text = rendered(results)
    assert re.findall(r"^## (.*)$", text, flags=re.MULTILINE) == SECTIONS
    for wrong in ("nan", "None ", "inf ", "{", "±  ", "standard error not known)"):
        assert wrong not in text.replace("None.", ""), wrong


def test_a_stopped_run_says_so_at_once() -> None:
    text = rendered(replace(make_results(), complete=False, samples_asked=4096))
    assert "1,024" in text[:900]
    assert "4,096" in text[:900]
    assert re.search(r"\*\*.*(incomplete|stopped).*\*\*", text[:900], flags=re.IGNORECASE)


def test_one_sample_claims_no_error() -> None:
    text = rendered(make_results(samples=1))
    assert "neither its standard error nor its spread is known" in text


def test_twenty_quarters_fit_the_page() -> None:
    widest = max(
        line.count("|") for line in rendered(make_results(periods=20)).splitlines()
        if line.startswith("|") and "20" in line
    )  # fmt: skip
    assert widest <= 11


def test_it_is_the_same_every_time() -> None:
    assert rendered(make_results()) == rendered(make_results())


@pytest.mark.parametrize("text", HOSTILE)
def test_names_never_act_as_markup(text: str) -> None:
    """The report of a hostile scenario has the markup of a harmless one, and no other."""
    kinds = ("link_open", "image", "html_inline", "html_block", "th_open", "td_open",
             "heading_open", "hr", "strong_open", "em_open", "list_item_open")  # fmt: skip

    def shape(of: str) -> dict[str, int]:
        found = [token.type for token in tokens(of)]
        return {kind: found.count(kind) for kind in kinds}

    assert shape(rendered(hostile_results(text))) == shape(rendered(hostile_results("harmless")))


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_reads_as_it_was(text: str) -> None:
    shown = "".join(t.content for t in tokens(escape(text)) if t.type in ("text", "code_inline"))
    letters = re.sub(r"[^A-Za-z0-9=+@|<>()\[\]*#`_~!]", "", text)
    assert re.sub(r"[^A-Za-z0-9=+@|<>()\[\]*#`_~!]", "", shown) == letters


@pytest.mark.parametrize("results", [make_results(), with_bets(make_results(units=TWO_UNITS))])
def test_results_survive_json(results: Results) -> None:
    text = json.dumps(asdict(results), allow_nan=False)
    assert TypeAdapter(Results).validate_json(text) == results
