"""The rows of a plan that a user keeps in a spreadsheet: CSV as spreadsheets write it, or XLSX."""

from __future__ import annotations

import csv
import io
import stat
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from planner.config.wording import did_you_mean, listing, shorten, show
from planner.errors import InputError, Problem

COLUMNS = ("offer", "site", "quarter", "count")
MOST_BYTES = 10_000_000
MOST_ROWS = 10_000

MOST_SHOWN = 100
"""Problems of one plan that are told."""

_HEADER = f"a header with {', '.join(COLUMNS)}, then a row for each order"
_MARKS = (",", ";", "\t")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_Lines = list[tuple[int, list[str]]]


@dataclass(frozen=True)
class PlanRows:
    """What stands below the header.

    Attributes
    ----------
    rows : tuple of (int, mapping of str to str)
        The row's number in the file, from 1, and its cells by the header's names in small letters.
    decimal_comma : bool
        Whether the numbers may have a comma before their decimals: spreadsheets that write it put
        semicolons or tabs between cells.
    """

    rows: tuple[tuple[int, dict[str, str]], ...]
    decimal_comma: bool


def read_rows(path: Path) -> PlanRows:
    """Return the rows of a plan, less those that are empty.

    Raises
    ------
    InputError
        If the file cannot be read, has no such columns, or rows that do not fit its header.
    """
    kind = path.suffix.lower()
    content = _content(path)
    if kind not in (".csv", ".xlsx"):
        remedy = "save the plan as one of these"
        raise _refused(path, "a file of another kind", ".csv or .xlsx", remedy, found=path.suffix)
    mark, lines = (",", _sheet(path, content)) if kind == ".xlsx" else _text(path, content)
    lines = [(number, cells) for number, cells in lines if any(cells)]
    if not lines:
        raise _refused(path, "the file is empty", _HEADER, "see the `plan.csv` of a run")
    (at, head), *body = lines
    head = [cell.lower() for cell in head]
    _check_header(path, at, head)
    if not body:
        remedy = "add the orders; a plan that signs nothing is a row with count 0"
        raise _refused(path, "the plan has no rows", _HEADER, remedy)
    if len(body) > MOST_ROWS:
        remedy = "is this the right file?"
        raise _refused(path, f"{len(body):,} rows", f"up to {MOST_ROWS:,} rows", remedy)
    _check_widths(path, head, body)
    rows = tuple((number, dict(zip(head, cells, strict=False))) for number, cells in body)
    return PlanRows(rows, decimal_comma=mark != ",")


def _refused(
    path: Path, message: str, allowed: str, remedy: str, *, found: str = "", line: int | None = None
) -> InputError:
    return InputError([Problem("", message, allowed, remedy, found, path.name or str(path), line)])


def _content(path: Path) -> bytes:
    """Return the content of an ordinary file that is not too large."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _refused(path, "this is not a file", "a CSV or XLSX file", "name a file")
        if status.st_size > MOST_BYTES:
            size = f"{status.st_size / 1e6:,.1f} MB"
            most = f"up to {MOST_BYTES // 1_000_000} MB"
            raise _refused(path, "the file is too large", most, "is it the right one?", found=size)
        return path.read_bytes()
    except FileNotFoundError:
        message, remedy = f"there is no file {shorten(str(path))}", "check the path"
        raise _refused(path, message, "a CSV or XLSX file", remedy) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        message = f"the file cannot be read: {reason}"
        raise _refused(path, message, "a CSV or XLSX file", "check the path") from None


def _text(path: Path, content: bytes) -> tuple[str, _Lines]:
    """Return what stands between cells, and the lines of a CSV file."""
    try:
        text = content.decode("utf-16" if content[:2] in _UTF_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        remedy = "save it again as `CSV UTF-8`, or as XLSX"
        raise _refused(path, "the file is not UTF-8 text", "UTF-8", remedy, line=line) from None
    named, first = _named_mark(text)
    head = next((line for line in text.splitlines()[first:] if line.strip(" ,;\t")), "")
    mark = named or max(_MARKS, key=head.count)
    lines: _Lines = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    before = 0
    try:
        for cells in reader:
            if reader.line_num > first:
                lines.append((before + 1, [cell.strip() for cell in cells]))
            before = reader.line_num
    except csv.Error as error:
        remedy = "save it again from your spreadsheet"
        message = f"this cannot be read as CSV: {error}"
        raise _refused(path, message, _HEADER, remedy, line=before + 1) from None
    return mark, lines


def _named_mark(text: str) -> tuple[str, int]:
    """Return the mark that a first line such as ``sep=;`` names, and how many lines that takes."""
    first = text.split("\n", 1)[0].rstrip("\r")
    named = first.removeprefix("sep=")
    return (named, 1) if first.startswith("sep=") and named in _MARKS else ("", 0)


def _sheet(path: Path, content: bytes) -> _Lines:
    """Return the lines of a workbook's first sheet."""
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # Of what a spreadsheet has besides cells, such as drop-down lists.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheets = book.worksheets
            lines = list(_cells(sheets[0].iter_rows(values_only=True))) if sheets else []
            book.close()
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise _no_workbook(path) from error
    except (BadZipFile, ParseError, zlib.error) as error:
        raise _no_workbook(path) from error
    return lines


def _no_workbook(path: Path) -> InputError:
    remedy = "save it again as XLSX, without a password"
    return _refused(path, "this cannot be read as a workbook", "an XLSX file", remedy)


def _cells(rows: Iterator[tuple[object, ...]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(rows, start=1):
        cells = ["" if cell is None else str(cell).strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        yield number, cells


def _check_header(path: Path, at: int, head: list[str]) -> None:
    problems = []
    for name in COLUMNS:
        if head.count(name) == 1:
            continue
        twice = name in head
        others = [cell for cell in head if cell and cell not in COLUMNS]
        problems.append(
            Problem(
                name,
                f"the plan has {'several columns' if twice else 'no column'} `{name}`",
                _HEADER,
                "give each column a name of its own"
                if twice
                else did_you_mean(name, others, "add it: the header is the first row"),
                listing(show(cell) for cell in head if cell),
                path.name,
                at,
            )
        )
    if problems:
        raise InputError(problems)


def _check_widths(path: Path, head: list[str], body: _Lines) -> None:
    """Refuse cells without a header: a comma in a number makes two cells of it."""
    problems = [
        Problem(
            "",
            "this row has more cells than the header",
            f"{len(head)} cells",
            "write counts without separators of thousands, and in quotes what has commas",
            f"{len(cells)} cells",
            path.name,
            number,
        )
        for number, cells in body
        if len(cells) > len(head)
    ]
    if problems:
        raise InputError(problems[:MOST_SHOWN])
