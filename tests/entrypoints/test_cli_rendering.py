"""Answers as sheets and screens: formulas guarded, text as text, wide rows as cards."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from rich.console import Console

from workflows.entrypoints import rendering, spreadsheet
from workflows.entrypoints.web.words import value_word
from workflows.entrypoints.wording import Wording

NASTY = ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx", "\rx"]


@pytest.mark.parametrize("text", NASTY)
def test_a_csv_cell_is_never_a_formula(text: str) -> None:
    (row,) = csv.reader(
        io.StringIO(rendering.as_csv([{"name": text}], Wording()).split("\r\n", 1)[1], newline="")
    )
    assert row == [f"'{text}"]


def test_numbers_stay_numbers_and_names_stay_as_they_are() -> None:
    text = rendering.as_csv([{"name": "𠮷", "days_left": -3}], Wording())
    assert text == "姓名,剩余天数\r\n𠮷,-3\r\n"
    assert not text.startswith("\ufeff")


@pytest.mark.parametrize("text", [*NASTY, "http://example.org", "0012"])
def test_a_workbook_holds_text_as_text(text: str) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(spreadsheet.as_xlsx([{"name": text}], Wording(), title="花/名册"))
    )
    cell = book.worksheets[0]["A2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert book.worksheets[0].title == "花名册"


def test_a_vacancy_is_told_by_the_word_of_its_post_and_its_first_day() -> None:
    vacancy = {"post": "member", "since": "2025-03-10", "days": 0, "months": 0, "last": None, "why": ""}
    assert rendering.cell("vacancies", [vacancy], Wording()) == "委员 2025-03-10 起"


def screen(rows: list[dict[str, object]], width: int) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width, highlight=False).print(rendering.table(rows, Wording(), width=width))
    return out.getvalue().splitlines()


def test_many_columns_become_cards() -> None:
    row: dict[str, object] = {f"column_{i}": "一二三四五六七八九十" for i in range(12)}
    lines = screen([row], 80)
    assert len(lines) == 12


@pytest.mark.parametrize("width", [40, 80, 100])
def test_few_columns_are_a_table_of_the_width(width: int) -> None:
    from rich.cells import cell_len

    lines = screen([{"due_on": "2026-06-30", "name": "王", "message": "长" * 120}], width)
    assert max(cell_len(line.rstrip()) for line in lines) <= width
    assert any("2026-06-30" in line for line in lines)


def test_lines_of_a_table_are_one_cell_wide_everywhere() -> None:
    ruled = [line for line in screen([{"name": "王", "status": "due"}], 80) if set(line.strip()) == {"-"}]
    assert ruled


def test_units_are_told_by_name_or_how_many_they_are() -> None:
    assert (
        rendering.units_told({"units": ["甲支部", "乙支部"], "others": ["丙支部"]})
        == "甲支部、乙支部、丙支部"
    )
    assert rendering.cell("wrong", {"number": 0}, Wording("zh")) == "0 个"
    assert value_word("wrong", {"number": 1}) == "1 个"
    assert rendering.units_told({"topic": "x", "number": 1}) == ""
