"""The instruments, one module each: a new one is a config class, a module and a line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from planner.model.instruments import (
    build,
    buy,
    contracted,
    lease,
    option,
    ordered,
    owned,
    programme,
    rent,
    reserve,
    spot,
)
from planner.model.instruments.terms import Reader, Terms

INSTRUMENTS: dict[str, Callable[[Any, Reader], Terms]] = {
    "buy": buy.terms,
    "reserve": reserve.terms,
    "rent": rent.terms,
    "spot": spot.terms,
    "option": option.terms,
    "programme": programme.terms,
    "owned": owned.terms,
    "contracted": contracted.terms,
    "ordered": ordered.terms,
    "lease": lease.terms,
    "build": build.terms,
}
"""By the ``mode`` of a config entry."""
