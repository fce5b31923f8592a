"""Papers on a real home: a file attached by its hash, kept, listed, and checked."""

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
HELLO = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"


@pytest.fixture
def run(own_home: None) -> Run:
    def told(*args: str) -> Result:
        return CliRunner().invoke(zhibu, list(args))

    assert told("init").exit_code == 0
    unit = json.dumps({"name": "甲支部", "established_on": "2015-01-01"})
    assert told("record", "establish_unit", "--with", unit).exit_code == 0
    applied = ("record", "receive_application", "--unit", "甲支部", "--person", "王五", "--on", "2025-03-01")
    assert told(*applied, "--with", '{"born_on": "1999-05-01"}').exit_code == 0
    return told


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "申请书.pdf"
    path.write_bytes(b"hello\n")
    return path


def answered(result: Result, code: int = 0) -> Any:
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def test_a_file_is_attached_by_its_hash_and_no_copy_is_kept(run: Run, paper: Path, tmp_path: Path) -> None:
    told = run("attach", str(paper), "--person", "王五", "--kind", "入党申请书", "--format", "json")
    assert answered(told)["hash"] == HELLO
    assert not (tmp_path / "home" / "attachments").exists()
    listed = answered(run("papers", "王五", "--format", "json"))
    assert listed["wanting"] == 0
    row = listed["rows"][0]
    assert (row["paper"], row["status"]) == ("membership-application", "there")
    assert (row["attached"][0]["name"], row["attached"][0]["kept"]) == ("申请书.pdf", False)


def test_the_hash_may_be_recorded_by_hand_and_must_be_one(run: Run) -> None:
    fields = {"kind": "入党申请书", "hash": HELLO, "dated_on": "2025-02-28"}
    assert run("record", "attach", "--person", "王五", "--with", json.dumps(fields)).exit_code == 0
    wrong = json.dumps({"kind": "入党申请书", "hash": "abc"})
    assert run("record", "attach", "--person", "王五", "--with", wrong).exit_code == 2


def test_a_copy_kept_is_checked(run: Run, paper: Path, tmp_path: Path) -> None:
    kept = ("attach", str(paper), "--person", "王五", "--kind", "入党申请书", "--keep")
    assert run(*kept).exit_code == 0
    copy = tmp_path / "home" / "attachments" / HELLO[:2] / HELLO
    assert copy.read_bytes() == b"hello\n"
    told = answered(run("verify", "--format", "json"))
    assert (told["whole"], told["attachments"]) == (True, {"kept": 1, "missing": [], "changed": []})
    copy.write_bytes(b"other")
    told = answered(run("verify", "--format", "json"), 1)
    assert (told["whole"], told["attachments"]["changed"]) == (False, [HELLO])
    copy.unlink()
    gone = run("verify")
    assert (gone.exit_code, "不见了1份" in gone.output) == (1, True)


def test_a_paper_of_a_unit_is_listed_with_it(run: Run, paper: Path) -> None:
    assert run("attach", str(paper), "--unit", "甲支部", "--kind", "年度计划").exit_code == 0
    row = answered(run("papers", "甲支部", "--format", "json"))["rows"][0]
    assert (row["title"], row["status"]) == ("年度计划", "free")


def test_the_list_of_papers_is_a_workbook_and_a_table(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "材料清单.xlsx"
    assert run("papers", "王五", "--format", "xlsx", "--output", str(path)).exit_code == 0
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    cells = {str(cell) for row in sheet.values for cell in row}
    assert {"入党申请书", "待补", "落款日期"} <= cells
    told = run("papers", "王五").output
    assert "待补材料 1 项" in told
    assert "材料还要补正" in told


def test_a_file_that_is_not_there_or_empty_is_refused(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "空.pdf"
    empty.touch()
    for path in (empty, tmp_path / "没有.pdf"):
        assert run("attach", str(path), "--person", "王五", "--kind", "入党申请书").exit_code == 2
