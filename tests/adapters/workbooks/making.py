"""Makes small workbooks, good and hostile ones, for the tests of the importer."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import openpyxl
import xlsxwriter

from workflows.adapters.workbooks.identity import check_character
from workflows.adapters.workbooks.interpret import interpret_sheet
from workflows.adapters.workbooks.limits import STANDARD, Limits
from workflows.adapters.workbooks.reader import RawRow, RawSheet
from workflows.adapters.workbooks.refusal import UnreadableFile
from workflows.adapters.workbooks.rows import Sheet, Workbook
from workflows.adapters.workbooks.workbook import read_workbook

TODAY = date(2026, 11, 21)

ROSTER = ["姓名", "性别", "出生日期", "身份证号", "入党时间", "转正时间", "所在党支部", "联系电话"]
MEETINGS = ["党支部", "日期", "类型", "应到人数", "实到人数", "主持人", "主要内容"]


def moment(*parts: int) -> datetime:
    """Return a day and time as a cell holds them: without a time zone."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


def number(born: date = date(1980, 5, 6), sequence: int = 11, area: str = "410105") -> str:
    """Return a valid identity number; an odd ``sequence`` is a man's."""
    body = f"{area}{born:%Y%m%d}{sequence:03d}"
    return body + check_character(body)


def member(name: Any = "李明", **cells: Any) -> list[Any]:
    """Return a good row under ``ROSTER``, with ``cells`` by heading put in."""
    row: dict[str, Any] = {
        "姓名": name,
        "性别": "男",
        "出生日期": date(1980, 5, 6),
        "身份证号": number(),
        "入党时间": date(2001, 7, 1),
        "转正时间": date(2002, 7, 1),
        "所在党支部": "甲村党支部",
        "联系电话": "13812345678",
    }
    return [*(row | cells).values()]


def meeting(**cells: Any) -> list[Any]:
    """Return a good row under ``MEETINGS``, with ``cells`` by heading put in."""
    row: dict[str, Any] = {
        "党支部": "甲村党支部",
        "日期": date(2026, 3, 5),
        "类型": "党课",
        "应到人数": 12,
        "实到人数": 11,
        "主持人": "李明",
        "主要内容": "学习",
    }
    return [*(row | cells).values()]


def book(
    sheets: Mapping[str, Sequence[Sequence[Any]]], prepare: Callable[[Any], None] | None = None
) -> bytes:
    """Return an .xlsx of these sheets; ``prepare`` may change the openpyxl workbook before it is saved."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if prepare:
        prepare(made)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def shared_book(name: str, rows: Sequence[Sequence[str]]) -> bytes:
    """Return an .xlsx whose texts stand in the table of shared strings, as Excel writes them."""
    target = io.BytesIO()
    workbook: Any = xlsxwriter.Workbook
    with workbook(target) as made:
        sheet = made.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return target.getvalue()


def repacked(archive: bytes, changes: Mapping[str, bytes | Callable[[bytes], bytes] | None]) -> bytes:
    """Return the archive with parts replaced, changed by a function, added, or (None) left out."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in [*old.namelist(), *(name for name in changes if name not in old.namelist())]:
            change: Any = changes.get(name, lambda part: part)
            if change is None:
                continue
            part = old.read(name) if name in old.namelist() else b""
            new.writestr(name, change(part) if callable(change) else change)
    return target.getvalue()


def read(content: bytes, name: str = "某表.xlsx", limits: Limits = STANDARD, today: date = TODAY) -> Workbook:
    """Read the bytes of an upload as of ``TODAY``."""
    return read_workbook(io.BytesIO(content), name=name, today=today, limits=limits)


def read_one(rows: Sequence[Sequence[Any]], name: str = "党员花名册") -> Sheet:
    """Return a sheet made of ``rows`` as if a child process had read them, but without one: it is faster."""
    raw = (
        RawRow(at, False, tuple(row))
        for at, row in enumerate(rows, 1)
        if any(cell is not None for cell in row)
    )
    return interpret_sheet(RawSheet(name, False), raw, TODAY, STANDARD, "")


def refusal(content: bytes, name: str = "某表.xlsx", limits: Limits = STANDARD) -> str:
    """Return the code with which the file is refused, ``""`` where it is read."""
    try:
        read(content, name, limits)
    except UnreadableFile as refused:
        return refused.code if refused.reason and refused.remedy else "without a sentence"
    return ""
