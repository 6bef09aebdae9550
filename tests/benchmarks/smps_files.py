"""Small instances in SMPS format, written into folders by tests."""

from __future__ import annotations

from pathlib import Path

FARMER_CORE = """\
* The farmer of Birge and Louveaux, Introduction to Stochastic Programming (2011), section 1.1.
NAME          FARMER
ROWS
 N  COST
 L  LAND
 G  REQW
 G  REQC
 L  BEETS
 L  QUOTA
COLUMNS
    XW        COST           150.0   LAND             1.0
    XW        REQW             2.5
    XC        COST           230.0   LAND             1.0
    XC        REQC             3.0
    XB        COST           260.0   LAND             1.0
    XB        BEETS          -20.0
    BUYW      COST           238.0   REQW             1.0
    BUYC      COST           210.0   REQC             1.0
    SELLW     COST          -170.0   REQW            -1.0
    SELLC     COST          -150.0   REQC            -1.0
    SELLB     COST           -36.0   BEETS            1.0
    SELLB     QUOTA            1.0
    SELLX     COST           -10.0   BEETS            1.0
RHS
    RHS       LAND           500.0   REQW           200.0
    RHS       REQC           240.0   QUOTA         6000.0
ENDATA
"""

FARMER_TIME = """\
TIME          FARMER
PERIODS       LP
    XW        LAND                     STAGE1
    BUYW      REQW                     STAGE2
ENDATA
"""

FARMER_STOCH = """\
STOCH         FARMER
BLOCKS        DISCRETE
 BL YIELD     STAGE2    0.3333333333333333
    XW        REQW             3.0
    XC        REQC             3.6
    XB        BEETS          -24.0
 BL YIELD     STAGE2    0.3333333333333333
    XW        REQW             2.5
    XC        REQC             3.0
    XB        BEETS          -20.0
 BL YIELD     STAGE2    0.3333333333333333
    XW        REQW             2.0
    XC        REQC             2.4
    XB        BEETS          -16.0
ENDATA
"""

POWER_CORE = """\
* Power plants of Louveaux and Smeers (1988) as in Higle and Sen, Stochastic Decomposition (1996).
NAME          PGP2
ROWS
 N  FOBJ
 G  MXDEMD
 L  BUDGET
 L  CAPEQ1
 L  CAPEQ2
 L  CAPEQ3
 L  CAPEQ4
 G  DNODE1
 G  DNODE2
 G  DNODE3
COLUMNS
"""

_INVEST, _OPERATE = (10.0, 7.0, 16.0, 6.0), (4.0, 4.5, 3.2, 5.5)
_HOURS = (10, 6, 1)

POWER_TIME = """\
TIME          pgp2
PERIODS
    INVEQ1    FOBJ                     TIME1
    EQ1ND1    CAPEQ1                   TIME2
ENDATA
"""

_DEMANDS = {
    "DNODE1": ((0.5, 1.0, 2.5, 3.5, 5.0, 6.5, 7.5, 9.0, 9.5),
               (0.00005, 0.00125, 0.0215, 0.2857, 0.383, 0.2857, 0.0215, 0.00125, 0.00005)),
    "DNODE2": ((0.0, 1.5, 2.5, 4.0, 5.5, 6.5, 8.0, 8.5),
               (0.0013, 0.0215, 0.2857, 0.383, 0.2857, 0.0215, 0.00125, 0.00005)),
    "DNODE3": ((0.0, 0.5, 1.5, 3.0, 4.5, 5.5, 7.0, 7.5),
               (0.0013, 0.0215, 0.2857, 0.383, 0.2857, 0.0215, 0.00125, 0.00005)),
}  # fmt: skip


def power_core() -> str:
    """Return the core of PGP2."""
    lines = [
        f"    INVEQ{k} FOBJ {cost} MXDEMD 1.0\n    INVEQ{k} BUDGET {cost} CAPEQ{k} -1.0"
        for k, cost in enumerate(_INVEST, start=1)
    ]
    lines += [
        f"    EQ{k}ND{n} FOBJ {cost * hours} CAPEQ{k} 1.0\n    EQ{k}ND{n} DNODE{n} 1.0"
        for k, cost in enumerate(_OPERATE, start=1)
        for n, hours in enumerate(_HOURS, start=1)
    ]
    lines += [f"    PEN{k} FOBJ 1000.0 CAPEQ{k} -1.0" for k in range(1, 5)]
    sides = "    RHS MXDEMD 15.0 BUDGET 220.0\n    RHS DNODE1 5.0 DNODE2 4.0\n    RHS DNODE3 3.0\n"
    return POWER_CORE + "\n".join(lines) + "\nRHS\n" + sides + "ENDATA\n"


def power_stoch() -> str:
    """Return the demands of PGP2."""
    lines = [
        f"    RHS {row} {value} {share}"
        for row, (values, shares) in _DEMANDS.items()
        for value, share in zip(values, shares, strict=True)
    ]
    return "STOCH pgp2\nINDEP DISCRETE\n" + "\n".join(lines) + "\nENDATA\n"


def write(folder: Path, core: str, periods: str, stochastic: str) -> Path:
    """Write three files and return their stem."""
    for ending, text in ((".cor", core), (".tim", periods), (".sto", stochastic)):
        (folder / f"case{ending}").write_text(text)
    return folder / "case"


def farmer(folder: Path, stochastic: str = FARMER_STOCH) -> Path:
    """Write the farmer's files and return their stem."""
    return write(folder, FARMER_CORE, FARMER_TIME, stochastic)
