"""A user's own plan from a spreadsheet: every dialect reads alike, and every mistake is told."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.analysis.committed.plan_file import MOST_ROWS, MOST_SHOWN
from planner.analysis.committed.user_plan import PlanLine, read_user_plan
from planner.config.schema import Scenario
from planner.config.validation import validate
from planner.config.yaml_tree import read_document
from planner.errors import InputError, Problem
from planner.model.sets import build_sets

CONFIG = Path(__file__).parents[1] / "config" / "instruments.yaml"
"""Six quarters from 2026Q1 with every instrument once."""

SCENARIO = validate(read_document(CONFIG))
HEADER = "mode,offer,site,quarter,count"
RESERVED = "reserve,small-reserve,cloud,2026Q1,250.5"
BOUGHT = "buy,big-buy,hall,2026Q2,128"

Table = Sequence[Sequence[object]]
Save = Callable[[str | bytes], Path]
Told = Callable[..., list[Problem]]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def saved(content: str | bytes) -> Path:
        path = tmp_path / "mine.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return saved


@pytest.fixture
def told(save: Save) -> Told:
    """Return what is said of rows under the header."""

    def found(*rows: str, scenario: Scenario = SCENARIO, header: str = HEADER) -> list[Problem]:
        path = save("\n".join([header, *rows]) + "\n")
        with pytest.raises(InputError) as caught:
            read_user_plan(path, scenario)
        problems = list(caught.value.problems)
        assert all(problem.file == "mine.csv" for problem in problems)
        assert all(problem.remedy and (problem.allowed or not problem.line) for problem in problems)
        return problems

    return found


def relaxed(scenario: Scenario) -> Scenario:
    return scenario.model_copy(update={"bets": "relaxed"})


def workbook(path: Path, rows: Table) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


# ---- what is read --------------------------------------------------------------------------------


def test_orders_power_and_bets_are_read_with_their_rows(save: Save) -> None:
    path = save(
        "note,mode,offer,site,quarter,count,unit\n"
        "first,buy,big-buy,hall,2026Q2,128,accelerators\n"
        "\n"
        ",lease,hall-lease,hall,2026Q2,0.75,MW\n"
        ",,annex-build,,2026Q3,1,MW\n"
        ",bet,own for chat,,,1,for chat\n"
        ",bet,own-chip,,,1,yes\n"
        ",programme,own-chip,annex,2026Q4,100,accelerators\n"
    )
    assert read_user_plan(path, SCENARIO) == [
        PlanLine(2, "big-buy", "hall", "2026Q2", 128.0, False),
        PlanLine(4, "hall-lease", "hall", "2026Q2", 0.75, False),
        PlanLine(5, "annex-build", "annex", "2026Q3", 1.0, False),
        PlanLine(6, "own for chat", "", "", 1.0, True),
        PlanLine(7, "own-chip", "", "", 1.0, True),
        PlanLine(8, "own-chip", "annex", "2026Q4", 100.0, False),
    ]


def test_without_a_mode_a_bet_is_what_has_neither_site_nor_quarter(save: Save) -> None:
    path = save("offer,site,quarter,count\nbig-option,,,1\nbig-option,hall,2026Q2,50\n")
    assert read_user_plan(path, SCENARIO) == [
        PlanLine(2, "big-option", "", "", 1.0, True),
        PlanLine(3, "big-option", "hall", "2026Q2", 50.0, False),
    ]


def test_price_falls_follow_from_the_orders_and_are_passed_over(save: Save) -> None:
    path = save(f"{HEADER}\nbet,rival,,,0.4\n{RESERVED}\n")
    assert [line.offer for line in read_user_plan(path, SCENARIO)] == ["small-reserve"]


def test_a_solvers_rounding_is_the_whole_number_that_it_stands_for(save: Save) -> None:
    path = save(
        f"{HEADER}\nbet,own-chip,,,0.99999993\nbet,own for chat,,,1.0000002\n"
        "bet,big-option,,,-3e-12\nbuy,big-buy,hall,2026Q2,127.99999\n"
        "reserve,small-reserve,cloud,2026Q1,250.0000001\n"
    )
    found = [line.count for line in read_user_plan(path, SCENARIO)]
    assert found == [1.0, 1.0, 0.0, 128.0, 250.0000001]


PLAN = (HEADER, "bet,own-chip,,,1", RESERVED, BOUGHT)
LINES = [
    PlanLine(2, "own-chip", "", "", 1.0, True),
    PlanLine(3, "small-reserve", "cloud", "2026Q1", 250.5, False),
    PlanLine(4, "big-buy", "hall", "2026Q2", 128.0, False),
]


def _semicolons(text: str) -> str:
    return text.replace(",", ";").replace("250.5", "250,5")


@pytest.mark.parametrize(
    ("content", "shift"),
    [
        ("\n".join(PLAN).encode(), 0),
        ("\r\n".join(PLAN).encode("utf-8-sig"), 0),
        ("\r".join(PLAN).encode(), 0),
        ("\n".join(PLAN).replace(",", "\t").encode("utf-16"), 0),
        (_semicolons("\r\n".join(PLAN)).encode("utf-8-sig"), 0),
        (b"sep=;\r\n" + _semicolons("\r\n".join(PLAN)).encode(), 1),
        (("\n,,,,\n" + "\n".join(PLAN)).encode(), 2),
        ("\n".join(PLAN).replace(HEADER, "MODE, Offer ,SITE,quarter,Count").encode(), 0),
        ("\n".join(PLAN).replace("250.5", '" 250.5 "').encode(), 0),
        ("\n".join(PLAN).replace("250.5", "2.505e2").encode(), 0),
    ],
    ids=["plain", "bom", "old-mac", "utf-16", "semicolons", "sep", "blank-lines", "header",
         "quoted", "exponent"],
)  # fmt: skip
def test_every_dialect_of_a_spreadsheet_reads_alike(save: Save, content: bytes, shift: int) -> None:
    found = read_user_plan(save(content), SCENARIO)
    assert found == [replace(line, row=line.row + shift) for line in LINES]


def test_a_cell_of_two_lines_counts_as_both_in_line_numbers(save: Save) -> None:
    path = save(f'{HEADER},note\n{RESERVED},"one\ntwo"\n{BOUGHT},\n')
    assert [line.row for line in read_user_plan(path, SCENARIO)] == [2, 4]


def test_a_workbook_reads_as_its_text_does(tmp_path: Path) -> None:
    rows = [row.split(",") for row in PLAN]
    typed: list[list[object]] = [
        rows[0],
        ["bet", "own-chip", None, None, 1],
        [*rows[2][:4], 250.5],
        [*rows[3][:4], 128],
        [None] * 5,
    ]
    for table in (rows, typed):
        path = workbook(tmp_path / "mine.XLSX", table)
        assert read_user_plan(path, SCENARIO) == LINES


def test_the_first_sheet_counts(tmp_path: Path) -> None:
    path = workbook(tmp_path / "mine.xlsx", [row.split(",") for row in PLAN])
    book = openpyxl.load_workbook(path)
    book.create_sheet("Other").append(["nothing", "of", "this"])
    book.save(path)
    assert read_user_plan(path, SCENARIO) == LINES


def places(scenario: Scenario) -> list[tuple[str, str, str, int]]:
    """Return every order that can be placed, and in which units."""
    sets = build_sets(scenario)
    return [
        (
            item.name,
            sets.sites[i],
            sets.quarters[t],
            scenario.offers[item.name].whole_units_of or 1 if item.platform >= 0 else 1,
        )
        for item in (*sets.offers, *sets.power)
        if item.commits
        for i in item.sites
        for t in item.starts
    ]


ORDERED = st.lists(
    st.tuples(st.sampled_from(places(SCENARIO)), st.integers(8, 10**6)),
    min_size=1,
    max_size=12,
    unique_by=lambda item: item[0],
)
FUNDED = [PlanLine(2, "big-option", "", "", 1.0, True), PlanLine(3, "own-chip", "", "", 1.0, True)]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ordered=ORDERED, mark=st.sampled_from([",", ";", "\t", "xlsx"]), backwards=st.booleans())
def test_what_is_written_is_what_is_read(
    tmp_path: Path,
    ordered: list[tuple[tuple[str, str, str, int], int]],
    mark: str,
    backwards: bool,
) -> None:
    lines = [
        *FUNDED,
        *(
            PlanLine(4 + k, offer, site, quarter, float(units * size), False)
            for k, ((offer, site, quarter, size), units) in enumerate(ordered)
        ),
    ]
    names = ["offer", "site", "quarter", "count"]
    table: list[list[object]] = [[getattr(line, name) for name in names] for line in lines]
    header: list[object] = [*names]
    if backwards:
        table, header = [row[::-1] for row in table], header[::-1]
    if mark == "xlsx":
        path = workbook(tmp_path / "mine.xlsx", [header, *table])
    else:
        path, text = tmp_path / "mine.csv", io.StringIO()
        csv.writer(text, delimiter=mark).writerows([header, *table])
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
    assert read_user_plan(path, SCENARIO) == lines


# ---- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column", "words", "help_words"),
    [
        ("buy,big-buyy,hall,2026Q2,128", "offer", "no such offer", "did you mean `big-buy`?"),
        ("power,hall-leas,,2026Q2,1", "offer", "no such offer", "did you mean `hall-lease`?"),
        (",,hall,2026Q2,128", "offer", "names no offer", "big-buy"),
        ("rent,small-rent,cloud,2026Q1,5", "offer", "decided quarter by quarter", "remove"),
        ("spot,small-spot,cloud,2026Q1,5", "offer", "is spot", "remove"),
        ("owned,old,hall,2026Q1,128", "offer", "there already", "remove"),
        (",own for chat,hall,2026Q2,1", "offer", "is a bet", "leave site and quarter empty"),
        ("bet,own-chop,,,1", "offer", "no such bet", "did you mean `own-chip`?"),
        ("bet,big-buy,,,1", "offer", "no such bet", "own for chat"),
        ("reserve,big-buy,hall,2026Q2,128", "mode", "`big-buy` is of mode buy", "buy, bet"),
        ("buy,big-buy,hal,2026Q2,128", "site", "no such site", "did you mean `hall`?"),
        ("buy,big-buy,,2026Q2,128", "site", "names no site", "hall, cloud"),
        ("buy,big-buy,annex,2026Q2,128", "site", "not offered there", "hall, cloud"),
        ("lease,hall-lease,annex,2026Q2,1", "site", "not offered there", "hall"),
        ("bet,own-chip,hall,,1", "site", "no site to choose", "leave `site` empty"),
        ("bet,own-chip,,2026Q1,1", "quarter", "no quarter to choose", "leave `quarter` empty"),
        ("buy,big-buy,hall,,128", "quarter", "names no quarter", "2026Q1 to 2027Q2"),
        ("buy,big-buy,hall,2026q2,128", "quarter", "not in the plan", "did you mean `2026Q2`?"),
        ("buy,big-buy,hall,2027Q3,128", "quarter", "not in the plan of 6", "2026Q1 to 2027Q2"),
        (
            "buy,big-buy,hall,2026Q1,128",
            "quarter",
            "that early: it takes 1 quarter",
            "2026Q2 to 2027Q2",
        ),
        ("option,big-option,hall,2027Q2,9", "quarter", "that late", "2026Q2 to 2027Q1"),
        (
            "programme,own-chip,hall,2026Q3,9",
            "quarter",
            "that early: it takes 3 quarters",
            "2026Q4",
        ),
        (
            "build,annex-build,annex,2026Q2,1",
            "quarter",
            "that early: it takes 2 quarters",
            "2026Q3",
        ),
        ("buy,big-buy,hall,2026Q2,", "count", "no count", "add it"),
        ("buy,big-buy,hall,2026Q2,-8", "count", "below 0", "0 or more"),
        ("buy,big-buy,hall,2026Q2,nan", "count", "no count", "0 or more"),
        ("buy,big-buy,hall,2026Q2,inf", "count", "no count", "0 or more"),
        ("buy,big-buy,hall,2026Q2,1e999", "count", "no count", "0 or more"),
        ("buy,big-buy,hall,2026Q2,many", "count", "no count", "without units"),
        ("buy,big-buy,hall,2026Q2,1_024", "count", "no count", "write 1024"),
        ('buy,big-buy,hall,2026Q2,"1,024"', "count", "no count", "write 1024"),
        ("buy,big-buy,hall,2026Q2,1k", "count", "no count", "write 1000"),
        ("buy,big-buy,hall,2026Q2,130", "count", "whole units of 8", "128 or 136"),
        ("bet,own-chip,,,2", "count", "once at most", "0 for no, or 1 for yes"),
        ("bet,own-chip,,,50%", "count", "no count", "write 0.5"),
        ("bet,own-chip,,,0.99999", "count", "whole or not at all", "0 or 1"),
        ("bet,own-chip,,,-0.01", "count", "below 0", "0 for no"),
        ("buy,big-buy,hall,2026Q2,127.99", "count", "whole units of 8", "120 or 128"),
        ("bet,own-chip,,,0.5", "count", "whole or not at all", "bets=relaxed"),
        ("bet,own for chat,,,0.5", "count", "whole or not at all", "0 or 1"),
        ("buy,big-buy,hall,2026Q2,8", "count", "too small", "64 accelerators or more"),
        ("option,big-option,hall,2026Q2,9", "offer", "the right is not bought", "add that row"),
        ("programme,own-chip,hall,2026Q4,9", "offer", "it is not funded", "add that row"),
    ],
)
def test_a_mistake_is_told_once_at_its_row(
    told: Told, row: str, column: str, words: str, help_words: str
) -> None:
    [problem] = told(RESERVED, row)
    assert (problem.path, problem.line) == (column, 3)
    assert words in problem.message
    assert help_words in f"{problem.allowed} {problem.remedy}"
    assert problem.render().startswith(f"mine.csv:3: {column}\n")


def test_everything_is_told_at_once(told: Told) -> None:
    problems = told("buy,big-buy,attic,2026Q1,x", "rent,small-rent,cloud,2029Q1,1", "bet,no,,,7")
    assert [(problem.line, problem.path) for problem in problems] == [
        (2, "count"),
        (2, "site"),
        (2, "quarter"),
        (3, "offer"),
        (3, "quarter"),
        (4, "count"),
        (4, "offer"),
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (RESERVED, "reserve,small-reserve,cloud,2026Q1,1"),
        ("bet,own-chip,,,1", ",own-chip,,,0"),
        ("lease,hall-lease,hall,2026Q2,1", "lease,hall-lease,,2026Q2,2"),
    ],
)
def test_a_row_that_repeats_another_is_refused(told: Told, first: str, second: str) -> None:
    [problem] = told(BOUGHT, first, second)
    assert (problem.line, problem.path) == (4, "offer")
    assert "row 3 is of the same" in problem.message


def test_shares_are_allowed_where_bets_are_relaxed(save: Save) -> None:
    path = save(f"{HEADER}\nbet,own-chip,,,0.5\nbuy,big-buy,hall,2026Q2,13\n")
    found = read_user_plan(path, relaxed(SCENARIO))
    assert [line.count for line in found] == [0.5, 13.0]
    with pytest.raises(InputError) as caught:
        read_user_plan(path, SCENARIO)
    assert {problem.line for problem in caught.value.problems} == {2, 3}


def test_the_smallest_order_is_of_all_sites_together(save: Save, told: Told) -> None:
    rows = ("buy,big-buy,hall,2026Q2,32", "buy,big-buy,cloud,2026Q2,32")
    path = save("\n".join([HEADER, *rows]))
    assert len(read_user_plan(path, SCENARIO)) == 2
    [problem] = told(rows[0], rows[1].replace("32", "24"))
    assert (problem.value, problem.line) == ("56", 2)


def test_orders_of_nothing_need_no_funding_and_have_no_least_size(save: Save) -> None:
    path = save(f"{HEADER}\n,own-chip,hall,2026Q4,0\n,big-buy,hall,2026Q2,0\nbet,own-chip,,,0\n")
    assert [line.count for line in read_user_plan(path, SCENARIO)] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("count", ["1.024", "1,024", "512,000", "-8.000"])
def test_thousands_and_decimals_are_not_guessed_between_semicolons(told: Told, count: str) -> None:
    row = f";big-option;hall;2026Q2;{count}"
    bet = "bet;big-option;;;1"
    [problem] = told(bet, row, header=HEADER.replace(",", ";"))
    assert "thousands or decimals" in problem.message
    assert f"write {count.replace('.', '').replace(',', '')}" in problem.remedy


@pytest.mark.parametrize(("text", "count"), [("0,125", 0.125), ("12,5", 12.5), ("1.0240", 1.024)])
def test_decimals_between_semicolons_are_read_where_they_are_plain(
    save: Save, text: str, count: float
) -> None:
    path = save(f"offer;site;quarter;count\nhall-lease;hall;2026Q2;{text}\n")
    assert [line.count for line in read_user_plan(path, SCENARIO)] == [count]


@pytest.mark.parametrize(
    ("content", "words", "help_words"),
    [
        ("", "the file is empty", "offer, site, quarter, count"),
        ("\ufeff\n\n ,, \n", "the file is empty", "plan.csv"),
        (HEADER + "\n", "no rows", "count 0"),
        (b"offer,site,quarter,count\n\xe9,a,b,1\n", "not UTF-8", "CSV UTF-8"),
        (f'{HEADER}\n{BOUGHT}\n"open,a,b,c,1', "cannot be read as CSV", "save it again"),
        ("what,where,when,how many\na,b,c,1\n", "no column `offer`", "the first row"),
        (HEADER.replace("quarter", "quater") + "\n" + BOUGHT, "no column `quarter`", "`quater`"),
        (HEADER + ",Count\n" + BOUGHT + ",1", "several columns `count`", "a name of its own"),
        (HEADER + "\n" + BOUGHT.replace("128", "1,024"), "more cells", "thousands"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(
    save: Save, content: str | bytes, words: str, help_words: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_user_plan(save(content), SCENARIO)
    first = caught.value.problems[0]
    assert words in first.message
    assert help_words in f"{first.allowed} {first.remedy}"


def test_every_missing_column_is_named(told: Told) -> None:
    problems = told("hall", header="site")
    assert [problem.path for problem in problems] == ["offer", "quarter", "count"]


def test_a_file_that_is_not_there_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "plan.ods"
    other.write_bytes(b"x")
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    for path, words in (
        (tmp_path / "none.csv", "there is no file"),
        (tmp_path, "not a file"),
        (other, "another kind"),
        (broken, "cannot be read as a workbook"),
    ):
        with pytest.raises(InputError) as caught:
            read_user_plan(path, SCENARIO)
        [problem] = caught.value.problems
        assert words in problem.message
        assert problem.remedy


@pytest.mark.parametrize("cell", [True, "#N/A", "128 pcs", None])
def test_a_cell_of_a_workbook_that_is_no_number_is_refused(tmp_path: Path, cell: object) -> None:
    rows: Table = [HEADER.split(","), ["buy", "big-buy", "hall", "2026Q2", cell]]
    with pytest.raises(InputError) as caught:
        read_user_plan(workbook(tmp_path / "mine.xlsx", rows), SCENARIO)
    [problem] = caught.value.problems
    assert (problem.path, problem.line) == ("count", 2)


def test_very_many_problems_are_counted_and_not_all_shown(told: Told) -> None:
    problems = told(*[f"buy,none-{k},hall,2026Q2,1" for k in range(MOST_SHOWN + 7)])
    assert len(problems) == MOST_SHOWN + 1
    assert "7 more" in problems[-1].message


def test_a_file_with_very_many_rows_is_refused(told: Told) -> None:
    [problem] = told(*[BOUGHT] * (MOST_ROWS + 1))
    assert "10,001 rows" in problem.message


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.sampled_from(["bet", "buy", "big-buy", "own-chip", "hall", "2026Q2", "1", "8"]),
                st.text(max_size=6),
            ),
            max_size=6,
        ),
        max_size=4,
    )
)
def test_whatever_stands_in_it_is_read_or_told(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "mine.csv"
    text = "\n".join([HEADER, *(",".join(row) for row in rows)])
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
    told: list[Problem] = []
    lines: list[PlanLine] = []
    try:
        lines = read_user_plan(path, SCENARIO)
    except InputError as error:
        told = list(error.problems)
    assert bool(lines) != bool(told)
    assert all(problem.file == "mine.csv" for problem in told)
