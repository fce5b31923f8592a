"""The sheet of remarks (核对时注意到): row by row what an import noticed, beside the rows it refused.

It is for reading: an import passes over it, by its headings, whatever it is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

from xlsxwriter.worksheet import Worksheet

from workflows.adapters.workbooks.cells import shown
from workflows.adapters.workbooks.headings import plain_heading
from workflows.adapters.workbooks.paper import (
    HEADING_LOOK,
    NUMBER_LOOK,
    TEXT_LOOK,
    column_width,
    set_height,
    set_up_page,
)
from workflows.adapters.workbooks.rows import Plain, Row, Sheet, Spread, Written

REMARKS_TITLE = "核对时注意到"
REMARK_HEADINGS = ("工作表", "行", "党组织", "姓名", "结论", "注意到的情况", "条款", "规则", "是否记录")

_ROW = REMARK_HEADINGS.index("行")
_WIDTHS = (20, 8, 30, 16, 10, 76, 46, 24, 10)


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """One remark in words; ``row`` is 0 where it is about the whole sheet, texts may be empty."""

    sheet: str
    row: int
    unit: str
    person: str
    verdict: str
    message: str
    clause: str
    rule: str
    recorded: str


def is_remarks(headings: Sequence[Plain]) -> bool:
    """Say whether the first row of a sheet is that of the sheet of remarks; a column more does no harm."""
    plain = [plain_heading(shown(heading)) for heading in headings[: len(REMARK_HEADINGS)]]
    return tuple(plain) == REMARK_HEADINGS


def write_remarks(book: Any, page: Worksheet, lines: Sequence[RemarkLine]) -> None:
    """Write remarks into an empty sheet of an xlsxwriter book."""
    heading = book.add_format({**HEADING_LOOK, "num_format": "@"})
    number_heading = book.add_format({**HEADING_LOOK, "align": "right", "indent": 1})
    text, number = book.add_format(TEXT_LOOK), book.add_format(NUMBER_LOOK)
    told = [astuple(line) for line in lines]
    widths = []
    for at, (name, widest) in enumerate(zip(REMARK_HEADINGS, _WIDTHS, strict=True)):
        widths.append(column_width(name, (str(line[at]) for line in told), widest))
        page.set_column(at, at, widths[at])
        page.write_string(0, at, name, number_heading if at == _ROW else heading)
    for place, line in enumerate(told, 1):
        set_height(page, place, map(str, line), widths)
        for at, value in enumerate(line):
            if isinstance(value, int):
                page.write_number(place, at, value, number)
            elif value:
                page.write_string(place, at, value, text)
            else:
                page.write_blank(place, at, None, text)
    set_up_page(page, widths, rows=len(told))


def place_of(sheet: Sheet, row: Row) -> tuple[str, str]:
    """Return the unit and the person a row is about as the sheet writes them, "" where it does not."""
    if sheet.kind == "units":
        return _as_written(row.raw.get("name")), ""
    return _as_written(row.raw.get("branch")), _as_written(row.raw.get("name"))


def _as_written(written: Written) -> str:
    return shown(written.value if isinstance(written, Spread) else written).strip()
