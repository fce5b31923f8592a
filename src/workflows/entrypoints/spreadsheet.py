"""An answer as a workbook: one sheet a table, made to be read on a screen and printed on A4."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workflows.adapters.workbooks.paper import (
    HEADING_LOOK,
    LONGEST_NAME,
    NUMBER_LOOK,
    TEXT_LOOK,
    column_width,
    onto_one_sheet,
    set_height,
    set_up_page,
    text_width,
    unused_name,
)
from workflows.entrypoints.rendering import cell, columns_of, heading
from workflows.entrypoints.wording import Wording

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

Rows = Sequence[Mapping[str, Any]]
Part = tuple[str, Rows, Sequence[str]]
"""A sheet: its title, its rows, its columns (none: all that the rows have)."""

IDS = ("_id", "_ids")
INDENT = 2
WIDEST_ON_ONE_LINE = 32
LONGEST_TEXT = 32_767
"""The most characters that a cell of a workbook holds."""


def as_xlsx(
    rows: Rows,
    wording: Wording,
    columns: Sequence[str] = (),
    title: str = "",
    more: Sequence[Part] = (),
) -> bytes:
    """Return rows as a workbook, ``more`` on further sheets; text stays text, ids stand last, unprinted."""
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        used: set[str] = set()
        for part in ((title, rows, columns), *more):
            _fill(book, book.add_worksheet(_sheet_name(part[0], used)), part, wording)
    return out.getvalue()


def _fill(book: Workbook, page: Worksheet, part: Part, wording: Wording) -> None:
    _, rows, columns = part
    names = sorted(columns or columns_of(rows), key=lambda name: name.endswith(IDS))
    if not names:
        page.write_string(0, 0, wording.say("nothing"))
        return
    head = book.add_format(HEADING_LOOK)
    number_head = book.add_format({**HEADING_LOOK, "align": "right", "indent": 1})
    text_form, number_form = book.add_format(TEXT_LOOK), book.add_format(NUMBER_LOOK)
    lines = [[_text(name, row.get(name), wording) for name in names] for row in rows]
    printed = sum(not name.endswith(IDS) for name in names) or len(names)
    heads = [heading(name, wording) for name in names]
    counted = [_counts(row.get(name) for row in rows) for name in names]
    widths = [
        column_width(told, (line[at] for line in lines)) + (INDENT if counted[at] else 0)
        for at, told in enumerate(heads)
    ]
    widths = onto_one_sheet(widths[:printed]) + widths[printed:]
    for at, told in enumerate(heads):
        page.set_column(at, at, widths[at])
        page.write_string(0, at, told, number_head if counted[at] else head)
    for place, (row, line) in enumerate(zip(rows, lines, strict=True), 1):
        set_height(page, place, line, widths)
        for at, name in enumerate(names):
            value = row.get(name)
            if _is_number(value):
                page.write_number(place, at, value, number_form)
            else:
                page.write_string(place, at, line[at], text_form)
    set_up_page(page, widths[:printed], rows=len(rows))
    page.print_area(0, 0, len(rows), printed - 1)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _counts(values: Iterable[object]) -> bool:
    """Say whether a column holds numbers."""
    told = [value for value in values if value is not None]
    return bool(told) and all(map(_is_number, told))


def _text(name: str, value: Any, wording: Wording) -> str:
    """Return a value as text; of a list that is long each item on a line of its own."""
    text = cell(name, value, wording)
    if isinstance(value, list | tuple) and text_width(text) > WIDEST_ON_ONE_LINE:
        text = "\n".join(told for item in value if (told := cell(name, item, wording)))
    return text[:LONGEST_TEXT]


def _sheet_name(title: str, used: set[str]) -> str:
    """Return a name for a sheet that is allowed and not yet used, and note it."""
    kept = "".join(char for char in title if char not in "[]:*?/\\'")[:LONGEST_NAME] or "zhibu"
    return unused_name(kept, used)
