"""Compiling with numba, and keeping what was compiled for as long as it is good.

Numba takes kept code for good while the one file is unchanged in which the outermost function
stands, whatever it calls in others. So what is kept goes to a folder named by the digest of all
sources that are compiled: a change of any of them begins a new one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

_HERE = Path(__file__).parent
_SOURCES = (
    "compiling.py",
    "tableau.py",
    "kernel.py",
    "lanes.py",
    "lockstep.py",
    "vectors.py",
    "certificates.py",
    "units.py",
    "slopes.py",
)
_OUTERMOST = (
    "kernel.solve_block",
    "lockstep.solve_block",
    "certificates.residuals",
    "units.into_kernel",
    "units.out_of_kernel",
    "slopes.act",
    "slopes.take_off",
    "slopes.add_slopes",
)

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(
    function: Function, *, keep: bool = False, fastmath: frozenset[str] = frozenset()
) -> Function:
    """Compile, without the reference counts of arrays: their upkeep would cost more than the work.

    Parameters
    ----------
    function : callable
    keep : bool
        For the next process; of the functions that are called from outside.
    fastmath : frozenset of str
        Liberties that LLVM may take.
    """
    import numba

    # Its type hints do not know the settings.
    config: Any = numba.config
    before, config.CACHE_DIR = config.CACHE_DIR, str(_folder())
    try:
        return cast(
            Function,
            numba.njit(
                cache=keep,
                error_model="numpy",
                forceinline=True,
                # Threads may work on samples of their own at the same time.
                nogil=True,
                _nrt=False,  # type: ignore[call-overload]
                fastmath=set(fastmath),
            )(function),
        )
    finally:
        config.CACHE_DIR = before


def kept(function: Function) -> Function:
    """Compile a function that is called from outside, and keep it for the next process."""
    return compiled(function, keep=True)


def is_compiled() -> bool:
    """Return whether all is at hand; finds out without importing numba."""
    return all(any(_folder().glob(f"*/{name}-*.nbi")) for name in _OUTERMOST)


@lru_cache(maxsize=1)
def _folder() -> Path:
    """Return where compiled code is kept: beside the package, or else in the user's cache."""
    digest = hashlib.sha256(b"".join((_HERE / name).read_bytes() for name in _SOURCES))
    beside = _HERE / "__pycache__"
    own = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "planner"
    writable = os.access(beside if beside.is_dir() else _HERE, os.W_OK)
    return (beside if writable else own) / f"compiled-{digest.hexdigest()[:16]}"
