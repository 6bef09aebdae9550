"""How errors show a value, list what is allowed and name the nearest valid word."""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

SHOWN_CHARACTERS = 60
SHOWN_OPTIONS = 15
COMPARED_OPTIONS = 500
_NEAR = 0.6
_SHORTEST_BEGINNING = 4


def show(value: Any) -> str:
    """Return a value as YAML would write it on one line, cut to about 60 characters."""
    return shorten(_flow(value))


def shorten(text: str) -> str:
    """Return the text, cut to about 60 characters with three dots at the end."""
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 4] + " ..."


def _flow(value: Any) -> str:
    if value is None:
        return "null (nothing)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # Cut before encoding, so that a text of a megabyte costs nothing.
        return json.dumps(value[: 2 * SHOWN_CHARACTERS], ensure_ascii=False)
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, list):
        return "[" + _some(_flow(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + _some(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    return str(value)


def _float(value: float) -> str:
    if math.isnan(value):
        return ".nan (not a number)"
    if math.isinf(value):
        return ".inf (infinity)" if value > 0 else "-.inf (minus infinity)"
    return repr(value)


def _some(parts: Iterable[str]) -> str:
    """Join only as many parts as will be shown."""
    taken: list[str] = []
    length = 0
    for part in parts:
        taken.append(part)
        length += len(part) + 2
        if length > SHOWN_CHARACTERS:
            break
    return ", ".join(taken)


def listing(options: Iterable[str]) -> str:
    """Return the options with commas; of very many, the first fifteen and how many more."""
    names = list(options)
    shown = ", ".join(shorten(name) for name in names[:SHOWN_OPTIONS])
    more = len(names) - SHOWN_OPTIONS
    return f"{shown} and {more} more" if more > 0 else shown


def nearest(word: str, options: Iterable[str]) -> str | None:
    """Return the option that the word was most likely meant to be, or None if none is near.

    A word of four letters or more also counts as near when the beginning of an option is, so that
    ``price`` finds ``price_usd``. At most 500 options are compared.
    """
    best, best_likeness = None, (0.0, 0.0)
    folded = _folded(word[:SHOWN_CHARACTERS])
    for option in islice(options, COMPARED_OPTIONS):
        likeness = _likeness(folded, _folded(option[:SHOWN_CHARACTERS]))
        if likeness > best_likeness:
            best, best_likeness = option, likeness
    return best if best_likeness[0] >= _NEAR else None


def _folded(word: str) -> str:
    return word.casefold().replace("_", "-")


def _likeness(word: str, option: str) -> tuple[float, float]:
    """Return how alike they are, and how alike as wholes, by which ties are decided."""
    whole = difflib.SequenceMatcher(None, word, option).ratio()
    if len(word) < _SHORTEST_BEGINNING or len(option) <= len(word):
        return whole, whole
    # Slightly less, so that an option that is near as a whole comes first.
    beginning = 0.95 * difflib.SequenceMatcher(None, word, option[: len(word)]).ratio()
    return max(whole, beginning), whole


def did_you_mean(word: str, options: Sequence[str], otherwise: str) -> str:
    """Return a remedy that names the nearest option, or `otherwise` if none is near."""
    near = nearest(word, options)
    return f"did you mean `{near}`?" if near else otherwise


_AMOUNT = re.compile(r"([-+]?)[$€£]?\s*([0-9][0-9_, ']*(?:\.[0-9]+)?|\.[0-9]+)\s*([kKMB]?)\s*(%?)")
_FACTORS = {"": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9}


def number_meant(text: str) -> str | None:
    """Return the number that a text such as ``30_000``, ``5%`` or ``$30k`` stands for, or None.

    A comma counts as a separator of thousands only before groups of three digits; ``1,5`` could be
    either and gives None.
    """
    match = _AMOUNT.fullmatch(text.strip()[:SHOWN_CHARACTERS])
    if match is None:
        return _exponent_meant(text)
    sign, digits, letter, percent = match.groups()
    if "," in digits and not re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", digits):
        return None
    if letter and percent:
        return None
    value = float(sign + re.sub(r"[_, ']", "", digits)) * _FACTORS[letter]
    return f"{value / 100 if percent else value:.12g}"


def _exponent_meant(text: str) -> str | None:
    match = re.fullmatch(
        r"\s*[-+]?[0-9]+(\.[0-9]*)?[eE][-+]?[0-9]{1,2}\s*", text[:SHOWN_CHARACTERS]
    )
    return f"{float(match[0]):.12g}" if match else None


def aligned(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table as lines for a terminal, its columns under their heads."""
    table = [head, *rows]
    widths = [max(len(row[k]) for row in table) for k in range(len(head))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
