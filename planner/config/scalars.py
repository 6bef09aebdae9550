"""What an unquoted word in YAML means: the core schema of YAML 1.2 (section 10.3.2 of its text).

PyYAML resolves by YAML 1.1, where ``no`` is false, ``1e6`` is text and ``30_000`` is a number;
none of these is what a planner means.
"""

from __future__ import annotations

import math
import re

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEANS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER_START = frozenset("+-.0123456789")
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"([-+]?)\.(inf|Inf|INF)")
_NAN = frozenset((".nan", ".NaN", ".NAN"))
_LONGEST_INTEGER = 200
"""Digits. Longer ones cannot be anything but a mistake and Python refuses to convert some."""


def resolve(text: str) -> str | int | float | bool | None:
    """Return the value of an unquoted scalar; a number too large for a float is infinity."""
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text[0] not in _NUMBER_START:
        return text
    if _DECIMAL.fullmatch(text):
        return int(text) if len(text) <= _LONGEST_INTEGER else float(text)
    if _BASED.fullmatch(text):
        return int(text, 0) if len(text) <= _LONGEST_INTEGER else math.inf
    if _FLOAT.fullmatch(text):
        return float(text)
    infinity = _INFINITY.fullmatch(text)
    if infinity:
        return -math.inf if infinity[1] == "-" else math.inf
    return math.nan if text in _NAN else text
