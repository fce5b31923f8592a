"""Reads an .xlsx in the child process: the package by openpyxl, its sheets by ``sheetxml`` (读取工作簿)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any, BinaryIO

from openpyxl import DEFUSEDXML
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import range_boundaries
from openpyxl.xml.constants import ARC_STYLE, SHARED_STRINGS

from workflows.adapters.workbooks.cellcode import PLAIN, encode
from workflows.adapters.workbooks.limits import Limits
from workflows.adapters.workbooks.refusal import UnreadableFile
from workflows.adapters.workbooks.rows import Plain, Spread
from workflows.adapters.workbooks.sheetxml import SheetParser
from workflows.adapters.workbooks.strings import read_shared_strings
from workflows.adapters.workbooks.styles import NO_DATES, read_date_styles

_CHUNK = 64 << 10
_OVERLAP = 128
_CONTENT = re.compile(rb"[<:][vtf][\s>]")
_MERGE = re.compile(rb"mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})[\"']")


def xlsx_records(file: BinaryIO, limits: Limits) -> Iterator[Any]:
    """Yield the lines of ``child`` for a workbook that has passed the guard.

    Raises:
        UnreadableFile: no sheet, a sheet without its part, or more than ``limits`` allow. Any other exception
            means that the file is broken.
    """
    if not DEFUSEDXML:
        raise UnreadableFile("unreadable", detail="defusedxml is not installed")
    reader: Any = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
    reader.read_manifest()
    reader.read_workbook()
    strings: list[str] = []
    if (part := reader.package.find(SHARED_STRINGS)) is not None:
        with reader.archive.open(part.PartName[1:]) as source:
            strings = read_shared_strings(source, limits)
    styles = NO_DATES
    if ARC_STYLE in reader.valid_files:
        with reader.archive.open(ARC_STYLE) as source:
            styles = read_date_styles(source)
    sheets = [pair for pair in reader.parser.find_sheets() if "chartsheet" not in pair[1].Type]
    if not sheets:
        raise UnreadableFile("workbook-empty")
    if len(sheets) > limits.sheets:
        raise UnreadableFile("too-many-sheets", limit=limits.sheets)
    filled = 0
    for sheet, relation in sheets:
        yield {"sheet": sheet.name, "hidden": sheet.state != "visible"}
        parser = SheetParser(strings, reader.wb.epoch, styles)
        for record in _rows(reader, relation.target, parser, sheet.name, limits):
            filled += 1
            if filled > limits.rows:
                raise UnreadableFile("too-many-rows", limit=limits.rows)
            yield record


def _rows(reader: Any, part: str, parser: SheetParser, name: str, limits: Limits) -> Iterator[Any]:
    """Yield the rows of one sheet that hold anything."""
    if part not in reader.valid_files:
        raise UnreadableFile("zip-broken")
    with reader.archive.open(part) as source:
        last_content, blocks = _survey(source, limits)
    with reader.archive.open(part) as source:
        tracked = _Tracked(source)
        last_filled = 0
        for number, hidden, cells in parser.rows(tracked):
            if not cells:
                # Rows that are only formatted, often a million: once nothing can follow, stop.
                if number - last_filled > limits.blank_rows and last_content < tracked.chunk_start:
                    return
                continue
            last_filled = number
            width = max(column for column, _value in cells)
            _check_bounds(name, number, width, cells, limits)
            values: list[Plain | Spread] = [None] * width
            for column, value in cells:
                values[column - 1] = value
            blocks.spread(values, number)
            yield [
                number,
                int(hidden),
                [value if type(value) in PLAIN else encode(value) for value in values],
            ]


def _check_bounds(
    sheet: str, number: int, width: int, cells: list[tuple[int, Plain]], limits: Limits
) -> None:
    if number > limits.rows:
        raise UnreadableFile("too-many-rows", limit=limits.rows)
    if width > limits.columns:
        raise UnreadableFile("too-many-columns", sheet=sheet, row=number, limit=limits.columns)
    longest = limits.cell_characters_possible
    if any(isinstance(value, str) and len(value) > longest for _column, value in cells):
        raise UnreadableFile("cell-too-long", sheet=sheet, row=number, limit=longest)


class _Blocks:
    """The vertically merged blocks of a sheet, each with the value of its first cell once that was read."""

    def __init__(self, blocks: set[tuple[int, int, int]]) -> None:
        self._waiting = sorted(blocks, reverse=True)
        self._open: dict[int, tuple[int, Plain]] = {}

    def spread(self, values: list[Plain | Spread], number: int) -> None:
        """Put the values of open blocks into a row's empty cells; note the blocks that begin there."""
        for column, (last, value) in list(self._open.items()):
            if number > last:
                del self._open[column]
                continue
            values.extend([None] * (column - len(values)))
            if values[column - 1] is None:
                values[column - 1] = Spread(value)
        while self._waiting and self._waiting[-1][0] <= number:
            first, last, column = self._waiting.pop()
            upper = values[column - 1] if first == number and column <= len(values) else None
            if upper is not None and not isinstance(upper, Spread):
                self._open[column] = (last, upper)


def _survey(source: IO[bytes], limits: Limits) -> tuple[int, _Blocks]:
    """Return the offset of the last content of a sheet, and its vertically merged blocks.

    The blocks stand after the rows; only those one column wide are kept: wider ones are titles.
    """
    offset, last_content, tail = 0, -1, b""
    blocks: set[tuple[int, int, int]] = set()
    while chunk := source.read(_CHUNK):
        window = tail + chunk
        base = offset - len(tail)
        for match in _CONTENT.finditer(window):
            last_content = base + match.start()
        for match in _MERGE.finditer(window):
            left, top, right, bottom = (at or 0 for at in range_boundaries(match.group(1).decode("ascii")))
            if left == right and left <= limits.columns and 0 < top < bottom:
                blocks.add((top, bottom, left))
        if len(blocks) > limits.merges:
            raise UnreadableFile("too-heavy")
        offset += len(chunk)
        tail = window[-_OVERLAP:]
    return last_content, _Blocks(blocks)


class _Tracked:
    """A source that knows where the piece last handed to the XML parser began."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._end = 0
        self.chunk_start = 0

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.chunk_start = self._end
        self._end += len(data)
        return data
