"""How a sheet we write looks on the screen and on paper (版面): widths, headings, print set-up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from xlsxwriter.worksheet import Worksheet

HEADING_LOOK: dict[str, Any] = {
    "bold": True,
    "bg_color": "#EEF1F5",
    "bottom": 1,
    "text_wrap": True,
    "valign": "vcenter",
}
"""The look of a heading; its cell wraps, so a narrow column may have a long one."""

TEXT_LOOK: dict[str, Any] = {"num_format": "@", "valign": "top", "text_wrap": True}
NUMBER_LOOK: dict[str, Any] = {"valign": "top", "align": "right", "indent": 1}
"""Numbers keep away from the text that begins in the next column."""

LONGEST_NAME = 31
"""The most characters that the name of a sheet has."""

NARROWEST, WIDEST = 6, 48
"""Widths of columns in characters of the default font."""

_A4 = 9
_MARGIN_CM = 1.2
_CM_AN_INCH = 2.54
_HAN, _LATIN = 2.2, 1.1
_SPARE = 1.5
_LOOSE = 1.06
"""Columns are made a little wider than the texts of most fonts need; lines are counted as they fall."""
_LINES_OF_A_HEADING = 2
_LINE_POINTS, _TALLEST_POINTS = 16.5, 400
_WIDE_ON_A4 = 230
_NARROWEST_TEXT = 16
"""How narrow a column of texts may become for a table to stand on one sheet; days and names stay whole."""
_FIRST_COLUMNS = 2


def unused_name(name: str, used: set[str]) -> str:
    """Return a name no sheet of the file has yet, and note it; ``used`` are names without capitals."""
    plain, number = name, 2
    while name.casefold() in used:
        ending = f"_{number}"
        name, number = plain[: LONGEST_NAME - len(ending)] + ending, number + 1
    used.add(name.casefold())
    return name


def text_width(text: str) -> float:
    """Return how wide the longest line of a text is, in characters of the default font."""
    lines = text.splitlines() or [""]
    return max(sum(_HAN if east_asian_width(char) in "WF" else _LATIN for char in line) for line in lines)


def column_width(heading: str, texts: Iterable[str], widest: float = WIDEST) -> float:
    """Return the width that shows a column: its texts whole up to ``widest``, its heading in two lines."""
    least = text_width(heading) / _LINES_OF_A_HEADING + _HAN if len(heading) > len("联系电话") else 0
    needed = max([least or text_width(heading), *(text_width(text) for text in texts)])
    return min(max(needed, NARROWEST), widest) + _SPARE


def onto_one_sheet(widths: Sequence[float]) -> list[float]:
    """Return widths at which the columns stand on one sheet of A4: the widest are made narrower.

    Their texts wrap. Unchanged where the columns fit as they are, or would become too narrow to be read.
    """
    widest = max(widths, default=0.0)
    while widest > _NARROWEST_TEXT and sum(min(width, widest) for width in widths) > _WIDE_ON_A4:
        widest -= 1
    told = [min(width, widest) for width in widths]
    return told if sum(told) <= _WIDE_ON_A4 else list(widths)


def set_height(page: Worksheet, row: int, texts: Iterable[str], widths: Iterable[float]) -> None:
    """Give a row the height its texts take in columns of these widths: some programs do not measure it."""
    lines = max(
        sum(max(1, ceil(text_width(line) / _LOOSE / (width - 1))) for line in text.splitlines() or [""])
        for text, width in zip(texts, widths, strict=True)
    )
    if lines > 1:
        page.set_row(row, min(lines * _LINE_POINTS, _TALLEST_POINTS))


def set_up_page(page: Worksheet, widths: Sequence[float], *, rows: int, filtered: bool = True) -> None:
    """Freeze and repeat the heading, put the columns on A4 in a size that can be read, number the pages.

    ``widths`` are those of the columns that are printed, ``rows`` is how many stand under the heading;
    ``filtered`` gives the heading the arrows of a filter. A table too wide for one sheet goes on two or more,
    its first columns on each.
    """
    sheets_wide = ceil(sum(widths) / _WIDE_ON_A4)
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_paper(_A4)
    page.set_landscape()
    page.fit_to_pages(sheets_wide, 0)
    if sheets_wide > 1:
        page.repeat_columns(0, _FIRST_COLUMNS - 1)
        page.print_across()
    margin = _MARGIN_CM / _CM_AN_INCH
    page.set_margins(left=margin, right=margin, top=2 * margin, bottom=2 * margin)
    page.set_header("&L&A")
    page.set_footer("&R第 &P 页，共 &N 页")
    if filtered and rows:
        page.autofilter(0, 0, rows, len(widths) - 1)
