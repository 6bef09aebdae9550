"""What the three files say, in all their forms; and what is said of files that are wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from smps_files import FARMER_CORE, FARMER_STOCH, FARMER_TIME, farmer, write

from benchmarks.smps_format.core import Core, read_core
from benchmarks.smps_format.instance import Instance, read_instance
from benchmarks.smps_format.outcomes import Continuous, Discrete, Place
from planner.errors import InputError

EVERY_BOUND = """\
NAME BOUNDS
ROWS
 N cost
 N spare
 L r1
 G r2
 E r3
 E r4
COLUMNS
    up cost 1 r1 1
    lo cost 1 r1 1
    fx cost 1 r1 1
    fr cost 1 r2 -1.5e0 r1 2D1
    mi cost 1 r3 1
    pl cost 1 r4 1
    bv cost 1 r1 1
    M1 'MARKER' 'INTORG'
    li cost 1 r1 1
    ui cost 1 r1 1
    open cost 1 r1 1
    M2 'MARKER' 'INTEND'
    neg cost 1 r1 1
RHS
    rhs r1 4 r2 5
    rhs r3 6 r4 7
    rhs cost -11
RANGES
    rng r1 2.5 r2 3
    rng r3 2 r4 -2
BOUNDS
 UP bnd up 4
 LO bnd lo -3
 FX bnd fx 2.5
 FR bnd fr
 MI bnd mi
 PL bnd pl
 BV bnd bv
 LI bnd li 2
 UI bnd ui 7
 UP bnd neg -1
ENDATA
"""


def core_of(folder: Path, text: str) -> Core:
    (folder / "case.cor").write_text(text)
    return read_core(folder / "case.cor")


def test_every_kind_of_bound_range_and_side(tmp_path: Path) -> None:
    core = core_of(tmp_path, EVERY_BOUND)
    bounds = {n: (a, b) for n, a, b in zip(core.columns, core.lower, core.upper, strict=True)}
    assert bounds == {
        "up": (0, 4), "lo": (-3, np.inf), "fx": (2.5, 2.5), "fr": (-np.inf, np.inf),
        "mi": (-np.inf, np.inf), "pl": (0, np.inf), "bv": (0, 1), "li": (2, np.inf),
        "ui": (0, 7), "open": (0, 1), "neg": (-np.inf, -1),
    }  # fmt: skip
    whole = {name for name, is_whole in zip(core.columns, core.integer, strict=True) if is_whole}
    assert whole == {"bv", "li", "ui", "open"}
    assert core.rows == ("r1", "r2", "r3", "r4")
    low, high = core.rhs - core.below, core.rhs + core.above
    assert low.tolist() == [1.5, 5, 6, 5]
    assert high.tolist() == [4, 8, 8, 7]
    assert core.constant == 11
    matrix = dict(zip(zip(core.row_of, core.column_of, strict=True), core.values, strict=True))
    assert matrix[1, 3] == -1.5
    assert matrix[0, 3] == 20
    said = "; ".join(core.notes)
    assert "spare" in said
    assert "neg" in said
    assert "0 or 1" in said


FIXED = """\
NAME          BLANKS
ROWS
 N  MY COST
 G  ROW ONE
 L  ROW TWO
COLUMNS
    COL A     MY COST           -1.0   ROW ONE            -2.0
    COL A     ROW TWO            3.0
    COL B     ROW TWO            4.0
RHS
              ROW ONE           -5.0   ROW TWO             6.0
BOUNDS
 UP           COL A              7.0
 MI BND       COL B
ENDATA
"""


def test_fixed_format_takes_names_with_blanks(tmp_path: Path) -> None:
    core = core_of(tmp_path, FIXED)
    assert (core.objective, core.columns, core.rows) == (
        "MY COST", ("COL A", "COL B"), ("ROW ONE", "ROW TWO"),
    )  # fmt: skip
    entries = zip(core.row_of.tolist(), core.column_of.tolist(), core.values, strict=True)
    assert set(entries) == {(0, 0, -2), (1, 0, 3), (1, 1, 4)}
    assert core.cost.tolist() == [-1, 0]
    assert core.rhs.tolist() == [-5, 6]
    assert core.upper.tolist() == [7, np.inf]
    assert core.lower.tolist() == [0, -np.inf]


@pytest.mark.parametrize("heading", ["OBJSENSE MAX\n", "OBJSENSE\n    MAXIMIZE\n"])
def test_the_sense_of_the_objective(tmp_path: Path, heading: str) -> None:
    assert core_of(tmp_path, heading + FARMER_CORE).maximise


def test_periods_may_be_explicit(tmp_path: Path) -> None:
    explicit = """\
TIME FARMER
PERIODS EXPLICIT
    STAGE1
    STAGE2
ROWS
    LAND STAGE1
    REQW STAGE2
    REQC STAGE2
    BEETS STAGE2
    QUOTA STAGE2
COLUMNS
    XW STAGE1
    XC STAGE1
    XB STAGE1
    BUYW STAGE2
    BUYC STAGE2
    SELLW STAGE2
    SELLC STAGE2
    SELLB STAGE2
    SELLX STAGE2
ENDATA
"""
    implicit = read_instance(farmer(tmp_path)).stages
    stages = read_instance(write(tmp_path, FARMER_CORE, explicit, FARMER_STOCH)).stages
    assert stages.columns.tolist() == implicit.columns.tolist() == [False] * 3 + [True] * 6
    assert stages.rows.tolist() == implicit.rows.tolist() == [False] + [True] * 4


def table(instance: Instance) -> dict[str, list[float]]:
    """Return the outcomes of the only group by the words of their places."""
    (group,) = instance.outcomes.groups
    assert isinstance(group, Discrete)
    assert group.probability == pytest.approx([1 / 3] * 3)
    core, found = instance.core, {}
    for k, at in enumerate(group.places):
        place = instance.outcomes.places[at]
        words = f"{core.columns[place.column]} {core.rows[place.row]}"
        found[words] = group.values[:, k].tolist()
    return found


YIELDS = {"XW REQW": [3, 2.5, 2], "XC REQC": [3.6, 3, 2.4], "XB BEETS": [-24, -20, -16]}

SCENARIOS = """\
STOCH FARMER
SCENARIOS DISCRETE
 SC GOOD 'ROOT' 0.3333333333333333 STAGE2
    XW REQW 3.0
    XC REQC 3.6
    XB BEETS -24.0
 SC MIDDLE ROOT 0.3333333333333333 STAGE2
 SC BAD GOOD 0.3333333333333333 STAGE2
    XW REQW 2.0
    XC REQC 2.4
    XB BEETS -16.0
ENDATA
"""

MULTIPLIED = """\
STOCH FARMER
BLOCKS DISCRETE MULTIPLY
 BL Y STAGE2 0.3333333333333333
    XW REQW 1.2
    XC REQC 1.2
    XB BEETS 1.2
 BL Y STAGE2 0.3333333333333333
    XW REQW 1.0
    XC REQC 1.0
    XB BEETS 1.0
 BL Y STAGE2 0.3333333333333333
    XW REQW 0.8
    XC REQC 0.8
    XB BEETS 0.8
ENDATA
"""

ADDED = """\
STOCH FARMER
SCENARIOS DISCRETE ADD
 SC GOOD ROOT 0.3333333333333333 STAGE1
    XW REQW 0.5
    XC REQC 0.6
    XB BEETS -4
 SC MIDDLE ROOT 0.3333333333333333 STAGE2
 SC BAD ROOT 0.3333333333333333 STAGE2
    XW REQW -0.5
    XC REQC -0.6
    XB BEETS 4
ENDATA
"""


@pytest.mark.parametrize("text", [FARMER_STOCH, SCENARIOS, MULTIPLIED, ADDED])
def test_blocks_and_scenarios_say_the_same(tmp_path: Path, text: str) -> None:
    found = table(read_instance(farmer(tmp_path, text)))
    assert {key: pytest.approx(value) for key, value in YIELDS.items()} == found


def test_a_realisation_keeps_what_the_first_of_its_block_says(tmp_path: Path) -> None:
    text = FARMER_STOCH.replace("    XC        REQC             2.4\n", "")
    assert table(read_instance(farmer(tmp_path, text)))["XC REQC"] == [3.6, 3, 3.6]


def test_independent_numbers_of_every_kind(tmp_path: Path) -> None:
    text = """\
STOCH FARMER
INDEP DISCRETE
    RHS REQW 190 STAGE2 0.5
    RHS REQW 210 STAGE2 0.5
    BUYW COST 200 0.25
    BUYW COST 250 0.75
    SELLB QUOTA 0.9 0.5
    SELLB QUOTA 1.1 0.5
    RHS COST 7 0.5
    RHS COST 9 0.5
INDEP NORMAL
    RHS REQC 240 STAGE2 100
INDEP UNIFORM ADD
    RHS QUOTA -100 STAGE2 300
ENDATA
"""
    instance = read_instance(farmer(tmp_path, text))
    outcomes = instance.outcomes
    assert [place.kind for place in outcomes.places] == [
        "rhs", "cost", "entry", "constant", "rhs", "rhs",
    ]  # fmt: skip
    assert outcomes.count is None
    assert outcomes.mean()[0] == pytest.approx([200, 237.5, 1.0, -8, 240, 6100])
    normal, uniform = outcomes.groups[-2:]
    assert isinstance(normal, Continuous)
    assert normal.at(np.array([0.5, 0.975]))[:, 0] == pytest.approx([240, 259.59964])
    assert uniform.at(np.array([0.0, 1.0]))[:, 0].tolist() == [5900, 6300]


def test_random_bounds(tmp_path: Path) -> None:
    core = FARMER_CORE.replace("ENDATA", "BOUNDS\n UP BND SELLB 6000\nENDATA")
    text = """\
STOCH FARMER
INDEP DISCRETE
 UP BND SELLB 5000 STAGE2 0.5
 UP BND SELLB 7000 STAGE2 0.5
ENDATA
"""
    outcomes = read_instance(write(tmp_path, core, FARMER_TIME, text)).outcomes
    assert outcomes.places == (Place("upper", -1, 7),)
    assert outcomes.mean()[0] == pytest.approx([6000])


def test_probabilities_count_as_they_stand_with_a_note(tmp_path: Path) -> None:
    instance = read_instance(farmer(tmp_path, FARMER_STOCH.replace("0.3333333333333333", "0.333")))
    assert instance.outcomes.total == pytest.approx(0.999)
    assert "sum to 0.999" in instance.notes[0]


WRONG = [
    ("cor", " L  LAND", " Q  LAND", "this is no row", 5),
    ("cor", "REQW             2.5", "REQX             2.5", "there is no row REQX", 12),
    ("cor", "150.0", "15O.0", "this is no number", 11),
    ("cor", "RHS\n", "SOS\n", "section SOS is not known", 24),
    ("cor", "ENDATA\n", "", "no line ENDATA", None),
    ("cor", "ENDATA", "BOUNDS\n UP B NONE 3\nENDATA", "there is no column NONE", 28),
    ("cor", "ENDATA", "BOUNDS\n SC B XW 3\nENDATA", "no such kind of bound", 28),
    ("cor", "ENDATA", "BOUNDS\n LO B XW 3\n UP B XW 2\nENDATA", "no value between", None),
    ("cor", "    XW        REQW             2.5", "    XW COST 2.5", "two numbers in row COST", 12),
    ("tim", "BUYW", "BUYX", "there is no column BUYX", 4),
    ("tim", "    BUYW      REQW                     STAGE2\n", "", "has 1 periods", None),
    ("tim", "XW        LAND ", "XW        LAND X", "this is no period", 3),
    ("tim", "BUYW      REQW ", "BUYW      BEETS", "of the first period has column BUYW", None),
    ("sto", "BLOCKS", "NODES", "section NODES is not known", 2),
    ("sto", "DISCRETE", "GAMMA", "BLOCKS GAMMA is not known", 2),
    ("sto", " BL YIELD     STAGE2", " BL YIELD     STAGE1", "is not the second period", 3),
    ("sto", "0.3333333333333333", "0.3", "sum to 0.9", None),
    ("sto", "0.3333333333333333", "1.3", "no probability", 3),
    ("sto", "    XW        REQW", "    XQ        REQW", "no column XQ", 4),
    ("sto", "    XW        REQW", "    XW        LAND", "LAND of the first period is random", 4),
    ("sto", " BL YIELD     STAGE2    0.3333333333333333\n    XW        REQW             3.0\n",
     "    XW        REQW             3.0\n BL YIELD     STAGE2    0.3333333333333333\n",
     "before the first BL", 3),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "message", "line"), WRONG)
def test_what_is_wrong_is_told_with_its_line_and_remedy(
    tmp_path: Path, file: str, old: str, new: str, message: str, line: int | None
) -> None:
    texts = {"cor": FARMER_CORE, "tim": FARMER_TIME, "sto": FARMER_STOCH}
    assert old in texts[file]
    texts[file] = texts[file].replace(old, new)
    with pytest.raises(InputError) as refused:
        read_instance(write(tmp_path, *texts.values()))
    first = next(p for p in refused.value.problems if message in p.message)
    assert first.file == f"case.{file}"
    assert first.line == line
    assert first.remedy


def test_all_problems_come_at_once_but_not_thousands(tmp_path: Path) -> None:
    text = FARMER_STOCH.replace("REQW", "REQX").replace("REQC", "REQX")
    with pytest.raises(InputError) as refused:
        read_instance(farmer(tmp_path, text))
    assert [p.line for p in refused.value.problems] == [4, 5, 8, 9, 12, 13]
    lines = "".join(f"    XW REQX {k}\n" for k in range(100))
    with pytest.raises(InputError) as refused:
        read_instance(farmer(tmp_path, FARMER_STOCH.replace("ENDATA\n", lines + "ENDATA\n")))
    assert "and 80 more" in refused.value.problems[-1].message


def test_a_number_cannot_be_random_twice(tmp_path: Path) -> None:
    text = FARMER_STOCH.replace(
        "ENDATA", "INDEP DISCRETE\n    XW REQW 1 0.5\n    XW REQW 2 0.5\nENDATA"
    )
    with pytest.raises(InputError, match="random in two places"):
        read_instance(farmer(tmp_path, text))


def test_whole_numbers_of_the_second_stage_are_refused(tmp_path: Path) -> None:
    core = FARMER_CORE.replace("ENDATA", "BOUNDS\n BV BND SELLX\nENDATA")
    with pytest.raises(InputError, match="SELLX"):
        read_instance(write(tmp_path, core, FARMER_TIME, FARMER_STOCH))
