"""Writes a user's own refused rows back as a workbook with a last column 错误说明 (退回的行).

Mended there, the file imports as it is: same sheets, same headings, the headings in the first row. What was
noticed of the other rows stands on a sheet of its own, which an import passes over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from workflows.adapters.workbooks.cells import shown
from workflows.adapters.workbooks.headings import TITLES, plain_heading
from workflows.adapters.workbooks.layout import find_layout
from workflows.adapters.workbooks.paper import (
    HEADING_LOOK,
    LONGEST_NAME,
    column_width,
    set_height,
    set_up_page,
    unused_name,
)
from workflows.adapters.workbooks.reader import RawRow
from workflows.adapters.workbooks.remarks import REMARKS_TITLE, RemarkLine, write_remarks
from workflows.adapters.workbooks.rows import MonthShown, Plain, Row, Sheet, Spread, Workbook

ERROR_HEADING = "错误说明"

_TEXT_COLUMNS = frozenset({"identity_number", "phone"})
_OWN_COLUMNS = _TEXT_COLUMNS | {"name"}
_ERROR_CHARACTERS = 32_000
_DAY = "yyyy-mm-dd"
_MOMENT = "yyyy-mm-dd hh:mm"
_MONTH = "yyyy-mm"
_WIDEST, _ERROR_WIDTH = 30, 60


def write_rejects(
    target: Path | BinaryIO, workbook: Workbook, today: date, remarks: Sequence[RemarkLine] = ()
) -> int:
    """Write the refused rows of ``workbook`` to ``target`` (.xlsx) and return how many there are.

    Cells keep what was written and its type; nothing becomes a formula or a link, identity and phone columns
    are formatted as text, refused cells are coloured. ``remarks`` make the last sheet. Without a refused row
    and without a remark no file is written.
    """
    refused = [(sheet, sheet.refused) for sheet in workbook.sheets if sheet.refused]
    if not refused and not remarks:
        return 0
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options) as book:
        paper = _Paper(book)
        used: set[str] = set()
        for sheet, rows in refused:
            page = book.add_worksheet(_page_name(sheet, used, today))
            paper.fill(page, sheet, rows)
        if remarks:
            write_remarks(book, book.add_worksheet(unused_name(REMARKS_TITLE, used)), remarks)
    return sum(len(rows) for _sheet, rows in refused)


class _Paper:
    """The formats of one book and how a sheet is put into them."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._formats: dict[tuple[str, bool], Format] = {}
        self._heading = book.add_format({**HEADING_LOOK, "num_format": "@"})
        self._explained = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#B42318"})

    def fill(self, page: Worksheet, sheet: Sheet, rows: Sequence[Row]) -> None:
        count = max(len(sheet.headings), *(len(row.written) for row in rows))
        headings = [*sheet.headings, *[""] * (count - len(sheet.headings))]
        kept = [at for at in range(count) if plain_heading(headings[at]) != ERROR_HEADING]
        own = {column.index for column in sheet.columns if column.canonical in _OWN_COLUMNS}
        texts = {column.index for column in sheet.columns if column.canonical in _TEXT_COLUMNS}
        widths = [column_width(headings[at], (_seen(row, at) for row in rows), _WIDEST) for at in kept]
        for place, at in enumerate(kept):
            page.set_column(place, place, widths[place], self._format("@", False) if at in texts else None)
            page.write_string(0, place, headings[at], self._heading)
        page.set_column(len(kept), len(kept), _ERROR_WIDTH)
        page.write_string(0, len(kept), ERROR_HEADING, self._heading)
        widths.append(_ERROR_WIDTH)
        set_up_page(page, widths, rows=len(rows), filtered=False)
        for line, row in enumerate(rows, 1):
            named = {error.column for error in row.errors}
            wrong = {column.index for column in sheet.columns if column.heading in named}
            for place, at in enumerate(kept):
                written = row.written[at] if at < len(row.written) else None
                if isinstance(written, Spread):
                    written = None if at in own else written.value
                self._write(page, line, place, written, at in texts, at in wrong)
            explained = _explanation(row)
            page.write_string(line, len(kept), explained, self._explained)
            set_height(page, line, [*(_seen(row, at) for at in kept), explained], widths)

    def _write(self, page: Worksheet, line: int, place: int, plain: Plain, text: bool, wrong: bool) -> None:
        match plain:
            case None:
                page.write_blank(line, place, None, self._format("@" if text else "General", wrong))
            case bool():
                page.write_boolean(line, place, plain, self._format("General", wrong))
            case int() | float() if not text:
                page.write_number(line, place, plain, self._format("General", wrong))
            case datetime():
                page.write_datetime(line, place, plain, self._format(_MOMENT, wrong))
            case date():
                page.write_datetime(line, place, plain, self._format(_DAY, wrong))
            case MonthShown(first_day=day):
                page.write_datetime(line, place, day, self._format(_MONTH, wrong))
            case _:
                page.write_string(line, place, shown(plain), self._format("@" if text else "General", wrong))

    def _format(self, number: str, wrong: bool) -> Format:
        if (number, wrong) not in self._formats:
            wraps = number in ("@", "General")
            look = {"num_format": number, "align": "left", "valign": "top", "text_wrap": wraps}
            look |= {"bg_color": "#FEE4E2"} if wrong else {}
            self._formats[number, wrong] = self._book.add_format(look)
        return self._formats[number, wrong]


def _seen(row: Row, at: int) -> str:
    """Return a cell as it will be seen, to measure it."""
    written = row.written[at] if at < len(row.written) else None
    plain = written.value if isinstance(written, Spread) else written
    return shown(plain)


def _explanation(row: Row) -> str:
    """Return every error of a row, each with its column, in one text."""
    parts = []
    for error in row.errors:
        where = f"【{error.column}】" if error.column else ""
        parts.append(f"{where}{error.reason}。{error.remedy}".rstrip("。") + "。")
    return "\n".join(parts)[:_ERROR_CHARACTERS]


def _page_name(sheet: Sheet, used: set[str], today: date) -> str:
    """Return the sheet's own name, or the table's where by the own one it would not be known again."""
    name = "".join("_" if character in "[]:*?/\\" else character for character in sheet.name)
    name = name[:LONGEST_NAME].strip("'") or TITLES[sheet.kind or "units"]
    again = find_layout(name, [RawRow(1, False, sheet.headings)], today)
    if again.kind != sheet.kind and sheet.kind is not None:
        name = TITLES[sheet.kind]
    return unused_name(name, used)
