"""Words and markdown: text from a config never acts as markup; tables are built in one place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from planner.report.numbers import NOT_KNOWN

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# Characters that reorder or hide the text around them: a name must look like what it is.
_INVISIBLE = frozenset("\u061c\u200b\u200e\u200f\u2060\ufeff\ufffe\uffff") | frozenset(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)
# Character references cannot stand for markup in any markdown dialect; backslashes can in some.
_REFERENCES = str.maketrans({char: f"&#{ord(char)};" for char in "\\`*[]<>|~$&#^{}"})
_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_BLOCK_START = re.compile(r"^(?:(\d+)([.)])(?=\s|$)|()([-+=:]))")
# What some renderers turn into a link without any markup around it.
_AUTOLINK = re.compile(r"(\S*(?:://|www\.|@|mailto:|xmpp:)(?:\S*[^\s.,;:!?)])?)", re.IGNORECASE)
_CODE_BREAKERS = re.compile(r"([`|<>]+)")
_CODE_SAFE = re.compile(r"[\w./:,=%@+ -]+", re.ASCII)
_LONGEST_PADDED = 40


def plain(text: str) -> str:
    """Return text as one line: runs of white space become a space, hidden characters show as �."""
    shown = "".join(REPLACEMENT if _is_hidden(char) else char for char in text)
    return " ".join(shown.split())


def escape(text: str) -> str:
    """Return text that markdown shows as it is: no markup, HTML, link, image or table break.

    What a renderer would turn into a link by itself (``https://...``, ``name@host``) becomes code.
    """
    pieces = _AUTOLINK.split(plain(text))
    escaped = "".join(
        _literal(piece) if position % 2 else _references(piece)
        for position, piece in enumerate(pieces)
    )
    return _BLOCK_START.sub(_inert_start, escaped)


def code(text: str) -> str:
    """Return a path or an identifier as inline code; escaped instead where code cannot hold it."""
    shown = plain(text)
    return f"`{shown}`" if _CODE_SAFE.fullmatch(shown) else escape(shown)


def fenced(text: str) -> str:
    """Return text as a block of code that its own backticks cannot end."""
    lines = [plain(line) for line in text.splitlines()] or [""]
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}text", *lines, fence])


def plural(number: int, noun: str, nouns: str | None = None) -> str:
    """Return ``1 sample`` or ``1,024 samples``."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def listed(items: Sequence[str]) -> str:
    """Return ``a``, ``a and b`` or ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """Return a GitHub markdown table whose first `left` columns are text, the others numbers.

    Cells must be safe already: from `escape`, `code` or ``planner.report.numbers``.

    Parameters
    ----------
    headers, rows : sequence of str
    left : int
        Columns aligned left; ``-2`` is the first column and the last two.

    Raises
    ------
    ValueError
        If a row has not as many cells as there are headers, or a cell would break the table.
    """
    for row in (headers, *rows):
        if len(row) != len(headers) or any("|" in cell or "\n" in cell for cell in row):
            raise ValueError(f"not a table row: {row!r}")
    columns = len(headers)
    is_left = [i < (left if left > 0 else 1) or i >= columns + min(left, 0) for i in range(columns)]
    widths = [
        min(max(len(row[i]) for row in (headers, *rows)), _LONGEST_PADDED) for i in range(columns)
    ]
    rule = [
        ":" + "-" * max(width + 1, 2) if text else "-" * max(width + 1, 2) + ":"
        for width, text in zip(widths, is_left, strict=True)
    ]
    body = [_row(row, widths, is_left) for row in (headers, *rows)]
    return "\n".join([body[0], f"|{'|'.join(rule)}|", *body[1:]])


def source_or_not(source: str) -> str:
    """Return who says a figure, or plainly that nobody is named."""
    return source if plain(source) else "author's assumption, no source given"


def sample_counts(counts: Sequence[int]) -> str:
    """Return the number of samples behind a table, such as ``n = 256 samples``."""
    least, most = min(counts, default=0), max(counts, default=0)
    if most == 0:
        return f"n {NOT_KNOWN}"
    if least == most:
        return f"n = {plural(most, 'sample')}"
    return f"n = {least:,} to {most:,} samples"


def _is_hidden(char: str) -> bool:
    if char in _INVISIBLE:
        return True
    return unicodedata.category(char) in ("Cc", "Cs") and not char.isspace()


def _references(text: str) -> str:
    return _UNDERSCORE.sub("&#95;", text.translate(_REFERENCES))


def _inert_start(match: re.Match[str]) -> str:
    number, mark = match[1] or "", match[2] or match[4]
    return f"{number}&#{ord(mark)};"


def _literal(text: str) -> str:
    pieces = _CODE_BREAKERS.split(text)
    return "".join(
        _references(piece) if position % 2 else (f"`{piece}`" if piece else "")
        for position, piece in enumerate(pieces)
    )


def _row(cells: Sequence[str], widths: Sequence[int], is_left: Sequence[bool]) -> str:
    padded = [
        cell.ljust(width) if text else cell.rjust(width)
        for cell, width, text in zip(cells, widths, is_left, strict=True)
    ]
    return f"| {' | '.join(padded)} |"
