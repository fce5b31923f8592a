"""Reads a whole upload: guard, child process, layout, rows (读取工作簿)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path, PurePath
from typing import BinaryIO

from workflows.adapters.workbooks.interpret import interpret_sheet
from workflows.adapters.workbooks.limits import STANDARD, Limits
from workflows.adapters.workbooks.reader import RawRow, RawSheet, open_raw
from workflows.adapters.workbooks.refusal import UnreadableFile
from workflows.adapters.workbooks.remarks import REMARK_HEADINGS
from workflows.adapters.workbooks.rows import Sheet, Workbook


def read_workbook(
    source: Path | BinaryIO, *, today: date, name: str = "", limits: Limits = STANDARD
) -> Workbook:
    """Read an Excel (.xlsx) or CSV upload.

    ``source`` is a path or a seekable binary file, ``name`` the user's own file name where ``source`` does
    not tell it; ``today`` is the last day on which an act may lie. Every sheet is returned, in order: those
    that are not one of the four tables with an error, empty ones and our own remarks without. Nothing is
    stored.

    Raises:
        UnreadableFile: the file cannot be read safely, or none of its sheets is one of the four tables.
        OSError: the path cannot be opened.
    """
    given = name or (source.name if isinstance(source, Path) else "")
    fallback = PurePath(given).stem or "CSV"
    sheets: list[Sheet] = []
    with open_raw(source, given, limits) as raw:
        lines = _Lines(raw.lines)
        while (opened := lines.next_sheet()) is not None:
            sheets.append(interpret_sheet(opened, lines.rows(), today, limits, fallback))
    if not any(sheet.kind for sheet in sheets):
        if not any(sheet.errors for sheet in sheets):
            remarks = any(sheet.headings == REMARK_HEADINGS for sheet in sheets)
            raise UnreadableFile("remarks-only" if remarks else "workbook-empty")
        raise UnreadableFile(
            "no-sheet-known", sheets="、".join(sheet.name for sheet in sheets if sheet.errors)
        )
    return Workbook(tuple(sheets), raw.fingerprint)


class _Lines:
    """The lines of a file, given out sheet by sheet."""

    def __init__(self, lines: Iterator[RawSheet | RawRow]) -> None:
        self._lines = lines
        self._opened: RawSheet | None = None

    def next_sheet(self) -> RawSheet | None:
        """Return the next sheet, None at the end; its rows must be read before the next is asked for."""
        opened, self._opened = self._opened, None
        if opened is None:
            following = next(self._lines, None)
            opened = following if isinstance(following, RawSheet) else None
        return opened

    def rows(self) -> Iterator[RawRow]:
        """Yield the rows up to the next sheet."""
        for line in self._lines:
            if isinstance(line, RawSheet):
                self._opened = line
                return
            yield line
