"""The results as a workbook: numbers as numbers, text as text, the same bytes for equal results."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from planner.analysis.results import Results
from planner.report.cells import Sheet, is_dangerous, stored_text, stored_value
from planner.report.sheets import sheets

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_FIXED_TIME = datetime.datetime(2000, 1, 1)
_FIXED_ZIP_TIME = (2000, 1, 1, 0, 0, 0)
_PROPERTIES = "docProps/core.xml"
_WIDEST, _NARROWEST = 60, 9
_LONG_SHEET = 12


def write_workbook(results: Results, path: Path) -> None:
    """Write the results as an ``.xlsx`` file with one sheet per question; see `write_sheets`.

    Parameters
    ----------
    results : Results
    path : Path
        Replaced when it exists.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    write_sheets(sheets(results), path)


def write_sheets(found: Sequence[Sheet], path: Path) -> None:
    """Write sheets as an ``.xlsx`` file.

    Text is always stored as text, never as a formula; its control characters are shown as �.
    What is not known is an empty cell.

    Parameters
    ----------
    found : sequence of Sheet
    path : Path
        Replaced when it exists.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in found:
        _fill(book.create_sheet(sheet.title), sheet)
    book.properties.creator = "planner"
    book.properties.created = _FIXED_TIME
    path.write_bytes(_saved(book))


def _fill(page: Worksheet, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    bold, wrapped = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for place, row in enumerate([sheet.headers, *sheet.rows], start=1):
        for column, value in enumerate(row, start=1):
            _put(page, place, column, value, sheet.formats)
    for cell in page[1]:
        cell.font, cell.alignment = bold, wrapped
    page.freeze_panes = "B2" if len(sheet.headers) > 2 else "A2"
    if len(sheet.rows) > _LONG_SHEET:
        page.auto_filter.ref = page.dimensions
    for column in range(len(sheet.headers)):
        page.column_dimensions[get_column_letter(column + 1)].width = _width(sheet, column)


def _put(
    page: Worksheet, row: int, column: int, value: object, formats: Sequence[str | None]
) -> None:
    stored = stored_value(value)
    if stored is None:
        return
    cell = page.cell(row, column)
    if isinstance(stored, str):
        cell.value = stored
        # Assigning text that looks like a formula or an error would make it one.
        cell.data_type = "s"
        if is_dangerous(stored):
            cell.quotePrefix = True  # so that it stays text when somebody edits the cell
        return
    cell.value = stored
    number_format = formats[column - 1]
    if number_format is not None and not isinstance(stored, bool):
        cell.number_format = number_format


def _width(sheet: Sheet, column: int) -> float:
    longest = max(
        (len(stored_text(row[column])) for row in sheet.rows if isinstance(row[column], str)),
        default=0,
    )
    # Headers wrap, so only their longest word needs the room.
    words = max((len(word) for word in sheet.headers[column].split()), default=0)
    return float(min(max(longest + 2, words + 3, _NARROWEST + 3), _WIDEST))


def _saved(book: Workbook) -> bytes:
    """Return the file with every time in it fixed: the library stamps the time of saving."""
    from openpyxl.xml.functions import tostring

    raw, fixed = io.BytesIO(), io.BytesIO()
    book.save(raw)
    book.properties.modified = _FIXED_TIME
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w") as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == _PROPERTIES:
                content = tostring(book.properties.to_tree())
            entry = zipfile.ZipInfo(item.filename, _FIXED_ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return fixed.getvalue()
