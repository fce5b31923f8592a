"""The command line on a real home: database and keys made, a file imported twice, corrected, verified."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from workflows.entrypoints.cli import zhibu

Run = Callable[..., Result]
CSV = """党支部,日期,类型,应到人数,实到人数,主持人,主要内容
东河村党支部,2025-03-05,支部党员大会,12,10,赵一,讨论计划
东河村党支部,2025-06-05,支部党员大会,12,13,赵一,讨论总结
东河村党支部,2025-09-31,支部党员大会,12,10,赵一,讨论总结
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("ZHIBU_MASTER_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    monkeypatch.setenv("ZHIBU_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ZHIBU_DATABASE_URL", raising=False)
    monkeypatch.delenv("ZHIBU_LANG", raising=False)

    def run(*args: str) -> Result:
        return CliRunner().invoke(zhibu, list(args), prog_name="zhibu")

    return run


def told(result: Result, code: int = 0) -> Any:
    assert result.exit_code == code, (result.stdout, result.stderr, result.exception)
    return json.loads(result.stdout)


def test_init_makes_database_and_keys_and_changes_nothing_again(home: Run, tmp_path: Path) -> None:
    first = home("init", "--format", "json")
    key = (tmp_path / "keys" / "master.key").read_bytes()
    assert told(first) == told(home("init", "--format", "json"))
    assert (tmp_path / "keys" / "master.key").read_bytes() == key
    assert (tmp_path / "home" / "zhibu.db").exists()
    assert told(home("verify", "--format", "json"))["events"] == 0


def test_a_file_is_imported_its_wrong_rows_refused_and_again_nothing_is_new(
    home: Run, tmp_path: Path
) -> None:
    unit = '{"name": "东河村党支部", "kind": "village"}'
    assert home("record", "establish_unit", "--on", "2020-01-01", "--with", unit).exit_code == 0
    file, rejects = tmp_path / "会议.csv", tmp_path / "退回.xlsx"
    file.write_text(CSV, "utf-8")
    checked = told(home("import", str(file), "--check", "--format", "json"), 3)
    assert checked["batch"] is None
    assert told(home("verify", "--format", "json"))["events"] == 1
    first = told(home("import", str(file), "--rejects", str(rejects), "--format", "json"), 3)
    (sheet,) = first["sheets"]
    assert {k: sheet[k] for k in ("rows", "accepted", "refused", "unchanged")} == {
        "rows": 3, "accepted": 1, "refused": 2, "unchanged": 0,
    }  # fmt: skip
    assert [(r["row"], r["column"]) for r in first["refusals"]] == [(3, "实到人数"), (4, "日期")]
    assert all(r["reason"] for r in first["refusals"])
    page = openpyxl.load_workbook(rejects).worksheets[0]
    assert page.max_row == 3
    assert "错误说明" in [cell.value for cell in page[1]]
    again = told(home("import", str(file), "--format", "json"), 3)
    assert again["sheets"][0]["unchanged"] == 1
    assert again["batch"] is None
    undone = told(home("undo-import", first["batch"], "--format", "json"))
    assert undone["withdrawn"] == 1
    assert home("undo-import", "nothing").exit_code == 2


def test_a_file_that_cannot_be_read_is_refused_whole(home: Run, tmp_path: Path) -> None:
    file = tmp_path / "empty.xlsx"
    file.write_bytes(b"")
    result = home("import", str(file))
    assert result.exit_code == 2
    assert "没有导入" in result.stderr
    assert "Nothing was imported" in home("import", str(file), "--lang", "en").stderr
    assert home("import", str(tmp_path / "nope.xlsx")).exit_code == 2


def test_a_database_that_cannot_be_used(home: Run, tmp_path: Path) -> None:
    result = home("deadlines", "--database", "nonsense")
    assert result.exit_code == 2
    assert "打不开数据库" in result.stderr
    (tmp_path / "file").write_text("x")
    assert home("deadlines", "--home", str(tmp_path / "file" / "x")).exit_code == 2


def test_a_lost_key_is_told(home: Run, tmp_path: Path) -> None:
    assert home("init").exit_code == 0
    (tmp_path / "keys" / "master.key").unlink()
    result = home("deadlines")
    assert result.exit_code == 1
    assert "主密钥" in result.stderr
    assert "不要新建" in home("init").stderr


def test_reminders_go_out_once_and_views_equal_the_events(home: Run) -> None:
    unit = '{"name": "东河村党支部", "kind": "village", "books_from": "2025-01-01"}'
    assert home("record", "establish_unit", "--on", "2020-01-01", "--with", unit).exit_code == 0
    shown = told(home("remind", "--dry-run", "--format", "json"))
    assert {row["unit"] for row in shown["rows"]} == {"东河村党支部"}
    assert told(home("remind", "--format", "json"))["rows"] == shown["rows"]
    assert told(home("remind", "--format", "json"))["rows"] == []
    rebuilt = told(home("rebuild", "--format", "json"))["rows"]
    assert rebuilt
    assert all(row["equal"] for row in rebuilt)
    assert home("rebuild", "nope").exit_code == 2
    assert "一致" in home("rebuild", "deadlines").stdout
