"""CSV: encodings and separators as Excel makes them, and the plain answer for broken text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.adapters.workbooks.making import ROSTER, number, read, refusal
from workflows.adapters.workbooks.limits import STANDARD

LINE = f"李明,男,1980-05-06,{number()},2001.7.1,2002年7月1日,甲村党支部,13812345678"
TEXT = f"{','.join(ROSTER)}\r\n{LINE}\r\n"
NAME = "2026年党员花名册.csv"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_every_encoding_that_offices_use(encoding: str) -> None:
    (sheet,) = read(TEXT.encode(encoding), NAME).sheets
    assert (sheet.name, sheet.kind) == ("2026年党员花名册", "members")
    (row,) = sheet.good
    assert (row.cells["name"], row.row_number) == ("李明", 2)


@pytest.mark.parametrize("separator", ["\t", ";", "，"])
def test_other_separators(separator: str) -> None:
    content = TEXT.replace(",", separator).encode()
    assert len(read(content, "Sheet1.txt").sheets[0].good) == 1


def test_rows_count_records_and_quotes_hold_breaks() -> None:
    content = f'党员花名册\n\n{",".join(ROSTER)}\n{LINE}\n"李\n明",{LINE[3:]}\n,{LINE[3:]}\n'.encode()
    (sheet,) = read(content, "x.csv").sheets
    assert sheet.header_row == 3
    assert [(row.row_number, len(row.errors)) for row in sheet.rows] == [(4, 0), (5, 0), (6, 1)]
    assert sheet.rows[1].cells["name"] == "李明"


def test_a_number_that_excel_has_shortened_is_refused_at_its_cell() -> None:
    content = TEXT.replace(number(), "4.10105E+17").encode()
    (row,) = read(content, NAME).sheets[0].refused
    assert [error.code for error in row.errors] == ["identity-not-text"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (f'{TEXT}"李明,{LINE}\n'.encode(), "csv-quote"),
        (f'{TEXT}"李"明,{LINE}\n'.encode(), "csv-quote"),
        (f'{TEXT}"李明,'.encode() + b"x" * 40_000, "cell-too-long-text"),
        (TEXT.encode() + b"\x00", "csv-nul"),
        ((TEXT + "\x00").encode("utf-16"), "csv-nul"),
        (TEXT.encode() + b"\xff\xff\n", "csv-mixed"),
        (TEXT.encode("gb18030") + b"\xff\xff\n", "csv-encoding"),
        (TEXT.encode("gb18030") + "王芳,女,1980-05-06,,2001-07-01,,乙村党支部,\n".encode(), "csv-mixed"),
        (b"\xef\xbb\xbf" + TEXT.encode("gb18030"), "csv-encoding"),
        (b"a,b\n1,2\n", "no-sheet-known"),
        (b"\n\n\n", "workbook-empty"),
        (("," * 120 + "x\n").encode(), "too-many-columns"),
    ],
)
def test_broken_text_is_refused_whole(content: bytes, code: str) -> None:
    assert refusal(content, NAME if code != "no-sheet-known" else "x.csv") == code


def test_too_many_lines_are_refused_and_not_cut() -> None:
    assert (
        refusal(TEXT.encode() + f"{LINE}\n".encode() * 60, NAME, replace(STANDARD, rows=50))
        == "too-many-rows"
    )
