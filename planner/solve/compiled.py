"""Whether the compiled code is at hand, found out without importing the compiler."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_HERE = Path(__file__).parent
_FUNCTIONS = ("kernel.solve_block", "lockstep.solve_block", "certificates.residuals")
"""The outermost compiled functions, by file."""


def is_compiled() -> bool:
    """Return whether the kernel was compiled after its source last changed."""
    return all(_compiled_since_changed(name) for name in _FUNCTIONS)


def _compiled_since_changed(name: str) -> bool:
    changed = (_HERE / f"{name.split('.')[0]}.py").stat().st_mtime
    return any(found.stat().st_mtime >= changed for found in _indices(name))


def _indices(name: str) -> Iterator[Path]:
    """Yield the indices of compiled code of a function, wherever numba may have put them."""
    pattern = f"{name}-*.nbi"
    yield from (_HERE / "__pycache__").glob(pattern)
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for folder in (Path(chosen) if chosen else None, cache / "numba"):
        if folder is not None and folder.is_dir():
            yield from folder.glob(f"*/{pattern}")
