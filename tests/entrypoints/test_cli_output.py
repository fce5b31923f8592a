"""Where answers go: files that are named, workbooks that print; and what is said where there is none."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string

from tests.entrypoints.cli_support import Run, a_county, answered
from workflows.entrypoints import spreadsheet
from workflows.entrypoints.cli.language import pointed
from workflows.entrypoints.web.asking import MENU
from workflows.entrypoints.wording import Wording


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    with a_county(monkeypatch) as (_county, run):
        yield run


@pytest.mark.parametrize(
    "command", [("pipeline",), ("deadlines",), ("ledger", "花名册"), ("ledger", "党组织工作台账")]
)
def test_a_workbook_written_to_a_file_is_named_with_its_rows_and_made_for_paper(
    run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    file = tmp_path / "清单.xlsx"
    result = run(*command, "--format", "xlsx", "--output", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    (sheet,) = openpyxl.load_workbook(file)
    assert f"已写入{file}：{sheet.max_row - 1}行" in "".join(result.stderr.split())
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    headings = [str(cell.value) for cell in sheet[1]]
    ids = [heading for heading in headings if heading in ("党组织编号", "人员编号", "记录编号")]
    assert headings[len(headings) - len(ids) :] == ids
    (last_printed,) = re.findall(r":\$([A-Z]+)\$", sheet.print_area)
    assert column_index_from_string(last_printed) == len(headings) - len(ids)


@pytest.mark.parametrize("kind", ["json", "csv", "table"])
def test_every_form_written_to_a_file_is_named_beside_the_answer(run: Run, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "清单"
    result = run("ledger", "花名册", "--format", kind, "--output", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert file.read_text("utf-8")
    assert f"已写入{file}" in "".join(result.stderr.split())


def test_a_folder_that_is_not_there_is_told_before_anything_is_done(run: Run, tmp_path: Path) -> None:
    output = ("--output", str(tmp_path / "nowhere" / "x"))
    result = run(
        "record", "hold_first_talk", "--person", "王五", "--with", '{"by": "赵一"}', "--as-history",
        "--reason", "补录", *output,
    )  # fmt: skip
    assert result.exit_code == 2
    assert "没有写出" in result.stderr
    talks = [
        r
        for r in answered(run("history", "王五", "--format", "json"))["rows"]
        if r["event"] == "FirstTalkHeld"
    ]
    assert len(talks) == 1


def test_a_pipe_gets_the_bytes_of_a_workbook(run: Run) -> None:
    made = openpyxl.load_workbook(io.BytesIO(run("ledger", "花名册", "--format", "xlsx").stdout_bytes))
    assert made.worksheets[0].max_row > 1


@pytest.mark.skipif(sys.platform == "win32", reason="there are no terminals to open")
def test_a_screen_gets_no_workbook_but_the_option_that_writes_one(tmp_path: Path) -> None:
    screen, terminal = pty.openpty()
    child = subprocess.run(
        [
            sys.executable, "-c", "from workflows.entrypoints.cli import main; main()",
            "deadlines", "--format", "xlsx", "--home", str(tmp_path),
        ],
        stdout=terminal,
        stderr=subprocess.PIPE,
        check=False,
    )  # fmt: skip
    os.close(terminal)
    os.close(screen)
    assert child.returncode == 2
    told = child.stderr.decode("utf-8").splitlines()
    assert len(told) == 3
    assert "--output" in told[2]


def test_long_lists_have_a_line_each_in_a_row_high_enough() -> None:
    steps = [f"第{number}步要办的事情和最早的日期" for number in range(6)]
    sheet = openpyxl.load_workbook(
        io.BytesIO(
            spreadsheet.as_xlsx([{"name": "王五", "next": steps, "unit_id": "x", "rows": 3}], Wording())
        )
    ).worksheets[0]
    assert sheet["B2"].value == "\n".join(steps)
    assert sheet.row_dimensions[2].height >= 6 * 15
    assert [cell.value for cell in sheet[1]][-1] == "党组织编号"
    assert sheet["C2"].value == 3


def test_a_period_that_has_not_begun_is_said_to_be_so(run: Run) -> None:
    assert "2027从2027-01-01开始，到2026-03-20还没有开始" in "".join(
        run("compliance", "--period", "2027").stdout.split()
    )
    assert "has not" not in run("compliance", "--period", "2026").stdout
    assert "还没有开始" not in run("compliance", "--period", "2026").stdout
    assert "on 2026-03-20 there is nothing" in " ".join(
        run("compliance", "--period", "2026-Q3", "--lang", "en").stdout.split()
    )


def test_a_ledger_without_a_name_lists_the_names_of_ledgers(run: Run) -> None:
    rows = answered(run("ledger", "--format", "json"))["rows"]
    for row in rows:
        assert (run("ledger", row["ledger"]).exit_code == 0) is row["available"]
    assert "花名册" in run("ledger").stdout
    assert {row["ledger"] for row in rows if row["available"]} >= {"花名册", "发展党员台账", "党组织工作台账"}


def test_only_units_that_are_named_like_it_are_offered(run: Run) -> None:
    far = run("deadlines", "--unit", "教育局")
    assert far.exit_code == 2
    assert "相近的有：无；写名称里的几个字就可以，全部名称见网页的“支部”（zhibu serve）" in far.stderr
    assert [entry.word for entry in MENU if entry.path == "/units"] == ["支部"]
    near = run("deadlines", "--unit", "东河村支委")
    assert "相近的有：东河村党支部、" in near.stderr
    assert "西山" not in near.stderr
    assert "西山" not in run("history", "东何村党支部").stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("compliance",), "缺少选项 --period。"),
        (("history",), "缺少参数 UNIT_OR_PERSON。"),
        (
            ("deadlines", "--status", "a', 'b."),
            "--status 填写的值无效：“a', 'b.”不可用，只能写其中一个：overdue、due、",
        ),
        (("deadlines", "--unti", "x"), "没有“--unti”这个选项。（是不是想写其中一个：--on、--unit？）"),
        (("deadlines", "x.", "y"), "多写了参数：x. y。"),
    ],
)
def test_wrong_options_are_told_with_chinese_points(run: Run, arguments: tuple[str, ...], told: str) -> None:
    assert told in run(*arguments).stderr


def test_points_in_what_the_user_wrote_stay() -> None:
    assert pointed("“a', 'b”不可用") == "“a', 'b”不可用"


def test_a_file_is_named_on_one_line_however_long_its_path(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "a-folder-with-a-long-name" / "and-another-one-below-it-that-is-longer"
    folder.mkdir(parents=True)
    for kind in ("table", "csv"):
        assert (
            f"已写入 {folder / kind}"
            in run("ledger", "--format", kind, "--output", str(folder / kind)).stderr
        )


def test_only_a_table_of_rows_is_told_with_a_number_of_them(run: Run, tmp_path: Path) -> None:
    told = {
        kind: run("ledger", "花名册", "--format", kind, "--output", str(tmp_path / kind)).stderr
        for kind in ("csv", "xlsx", "json", "table")
    }
    assert {kind for kind, text in told.items() if text.endswith("行\n")} == {"csv", "xlsx"}
    assert told["json"] == f"已写入 {tmp_path / 'json'}\n"
