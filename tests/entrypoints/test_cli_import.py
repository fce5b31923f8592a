"""An import on the screen and in files: every remark at its row, each file written is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from workflows.adapters.workbooks.remarks import REMARK_HEADINGS
from workflows.entrypoints.cli import zhibu

Run = Callable[..., Result]
HEAD = "党支部,日期,类型,应到人数,实到人数,主持人,主要内容\n"
TOO_FEW = "东河村党支部,2025-03-05,支部委员会会议,3,1,赵一,研究发展党员\n"
TOO_MANY = "东河村党支部,2025-06-05,支部党员大会,12,13,赵一,讨论总结\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """What runs ``zhibu`` on a database that knows one branch."""
    monkeypatch.setenv("ZHIBU_MASTER_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    monkeypatch.setenv("ZHIBU_HOME", str(tmp_path / "home"))
    for name in ("ZHIBU_DATABASE_URL", "ZHIBU_LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def run(*args: str) -> Result:
        return CliRunner().invoke(zhibu, list(args), prog_name="zhibu")

    assert run("init").exit_code == 0
    unit = '{"name": "东河村党支部", "kind": "village"}'
    assert run("record", "establish_unit", "--on", "2020-01-01", "--with", unit).exit_code == 0
    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "会议.csv"
    path.write_text(HEAD + TOO_FEW + TOO_MANY, "utf-8")
    return path


def told(result: Result, code: int = 0) -> Any:
    assert result.exit_code == code, (result.stdout, result.stderr, result.exception)
    return json.loads(result.stdout)


def flat(text: str) -> str:
    return "".join(text.split())


def test_json_has_every_remark_at_its_row_with_clause_and_whether_it_was_recorded(
    home: Run, file: Path
) -> None:
    checked = told(home("import", str(file), "--check", "--format", "json"), 3)["remarks"]
    answer = told(home("import", str(file), "--format", "json"), 3)
    (block,) = [remark for remark in answer["remarks"] if remark["verdict"] == "block"]
    assert {key: block[key] for key in ("sheet", "row", "unit", "person", "rule", "recorded")} == {
        "sheet": "会议", "row": 2, "unit": "东河村党支部", "person": "", "rule": "meet-committee",
        "recorded": True,
    }  # fmt: skip
    assert "支部工作条例" in block["clause"]
    assert [remark["recorded"] for remark in checked] == [False] * len(checked)
    assert [remark["message"] for remark in checked] == [remark["message"] for remark in answer["remarks"]]
    assert len(answer["remarks"]) == len(answer["findings"])
    assert answer["rejects"] is None
    meetings = [
        row
        for row in told(home("history", "东河村", "--format", "json"))["rows"]
        if row["event"] == "MeetingHeld"
    ]
    assert [row["as_history"] for row in meetings] == [True]


def test_the_screen_says_where_the_first_are_that_they_were_recorded_and_what_was_written(
    home: Run, file: Path, tmp_path: Path
) -> None:
    rejects = tmp_path / "退回.xlsx"
    shown = flat(home("import", str(file), "--rejects", str(rejects)).stdout)
    assert "会议第2行" in shown
    assert "都照实补录了" in shown
    assert f"已写入{rejects}：被拒绝的1行，改好后可以直接导入这个文件；“核对时注意到”" in shown
    made = openpyxl.load_workbook(rejects)
    assert made.sheetnames == ["会议", "核对时注意到"]
    blocks = [row for row in made["核对时注意到"].values if row[4] == "不能办理"]
    assert [row[:4] for row in blocks] == [("会议", 2, "东河村党支部", None)]
    assert [row[8] for row in blocks] == ["是"]


def test_the_refused_rows_mended_import_although_the_remarks_stand_beside_them(
    home: Run, file: Path, tmp_path: Path
) -> None:
    rejects = tmp_path / "退回.xlsx"
    assert home("import", str(file), "--rejects", str(rejects)).exit_code == 3
    made = openpyxl.load_workbook(rejects)
    made["会议"]["E2"] = 11
    made.save(rejects)
    again = told(home("import", str(rejects), "--format", "json"))
    assert [(sheet["sheet"], sheet["accepted"]) for sheet in again["sheets"]] == [("会议", 1)]


def test_remarks_alone_are_written_too(home: Run, file: Path, tmp_path: Path) -> None:
    rejects = tmp_path / "退回.xlsx"
    file.write_text(HEAD, "utf-8")
    nothing = flat(home("import", str(file), "--rejects", str(rejects)).stdout)
    assert f"没有写{rejects}" in nothing
    assert not rejects.exists()
    file.write_text(HEAD + TOO_FEW, "utf-8")
    answer = told(home("import", str(file), "--rejects", str(rejects), "--format", "json"))
    assert answer["rejects"] == str(rejects)
    assert openpyxl.load_workbook(rejects).sheetnames == ["核对时注意到"]
    result = home("import", str(rejects))
    assert result.exit_code == 2
    assert "只供查看" in result.stderr


def test_a_check_says_that_nothing_was_recorded_and_how_the_list_is_had(home: Run, file: Path) -> None:
    file.write_text(HEAD + TOO_FEW + TOO_FEW.replace("-03-", "-04-"), "utf-8")
    shown = flat(home("import", str(file), "--check").stdout)
    assert "会议第2、3行" in shown
    assert "只作了核对，什么也没有记录" in shown
    assert "导入时会照实补录" in shown
    assert "--rejects文件.xlsx" in shown
    english = " ".join(home("import", str(file), "--check", "--lang", "en").stdout.split())
    assert "Checked only: nothing was recorded." in english


def test_a_check_names_the_people_of_its_findings_although_it_leaves_nobody(
    home: Run, tmp_path: Path
) -> None:
    path = tmp_path / "发展党员台账.csv"
    path.write_text(
        "姓名,出生日期,支部,递交入党申请书时间,谈话时间,确定为积极分子时间,培养联系人\n"
        "王五,1990-01-02,东河村党支部,2024-01-05,2024-01-20,2024-07-05,\n"
        "周六,1991-01-02,东河村党支部,2024-01-05,2024-01-20,2024-08-05,王五\n",
        "utf-8",
    )
    remarks = told(home("import", str(path), "--check", "--format", "json"))["remarks"]
    about = [remark["message"] for remark in remarks if remark["rule"] == "dev-contact"]
    assert about
    assert all("王五" in message and "已隐去" not in message for message in about)


def test_a_workbook_of_the_import_has_a_sheet_of_remarks(home: Run, file: Path, tmp_path: Path) -> None:
    output = tmp_path / "结果.xlsx"
    result = home("import", str(file), "--format", "xlsx", "--output", str(output))
    assert result.exit_code == 3
    assert result.stdout == ""
    assert f"已写入{output}：“被拒绝的行”1行、“核对时注意到”" in flat(result.stderr)
    made = openpyxl.load_workbook(output)
    assert made.sheetnames == ["被拒绝的行", "核对时注意到"]
    assert tuple(cell.value for cell in made["核对时注意到"][1]) == REMARK_HEADINGS
    first = [cell.value for cell in made["核对时注意到"][2]]
    assert all(first[REMARK_HEADINGS.index(name)] for name in ("工作表", "结论", "注意到的情况"))
    assert first[-1] in ("是", "否")


def test_the_sheet_of_remarks_is_passed_over_by_an_import(home: Run, file: Path, tmp_path: Path) -> None:
    output = tmp_path / "结果.xlsx"
    assert home("import", str(file), "--format", "xlsx", "--output", str(output)).exit_code == 3
    made = openpyxl.load_workbook(output)
    made["被拒绝的行"].delete_rows(1, 9)
    made["被拒绝的行"].append(HEAD.strip().split(","))
    made["被拒绝的行"].append(TOO_FEW.strip().replace("2025-03-05", "2025-04-07").split(","))
    made["被拒绝的行"].title = "会议"
    made.save(output)
    answer = told(home("import", str(output), "--format", "json"))
    assert [(sheet["sheet"], sheet["accepted"]) for sheet in answer["sheets"]] == [("会议", 1)]
    assert answer["refusals"] == []


def test_a_file_that_cannot_be_written_is_told_before_anything_is_recorded(
    home: Run, file: Path, tmp_path: Path
) -> None:
    nowhere = str(tmp_path / "nowhere" / "x.xlsx")
    for arguments in (("--rejects", nowhere), ("--output", nowhere), ("--rejects", str(file))):
        result = home("import", str(file), *arguments)
        assert result.exit_code == 2
        assert "没有写出" in result.stderr
    assert told(home("verify", "--format", "json"))["events"] == 1


def test_a_missing_file_is_told_with_those_named_like_it(home: Run, file: Path, tmp_path: Path) -> None:
    missing = home("import", str(file.with_name("会议记录.csv")))
    assert missing.exit_code == 2
    assert "没有这个文件" in missing.stderr
    assert "名称相近的有：会议.csv" in missing.stderr
    assert "名称相近的有：会议.csv" in home("import", str(file.with_suffix(".xlsx"))).stderr
    assert "名称相近的有：无" in home("import", str(tmp_path / "党员.csv")).stderr
    assert "没有这个文件夹" in home("import", str(tmp_path / "nowhere" / "x.csv")).stderr
    assert "它是文件夹" in home("import", str(tmp_path)).stderr
    assert "没有这个文件" in home("sandbox", str(tmp_path / "story.toml")).stderr


def test_a_text_that_is_no_table_is_told_which_files_are_read(home: Run, tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("# zhibu\n", "utf-8")
    result = home("import", str(readme))
    assert result.exit_code == 2
    assert "只能导入 .xlsx 或 .csv" in result.stderr
    assert "改为 .csv" not in result.stderr
    named = tmp_path / "会议.xlsx"
    named.write_text(HEAD + TOO_FEW, "utf-8")
    assert "改为 .csv" in home("import", str(named)).stderr


def test_an_output_never_takes_the_place_of_a_file_the_command_has_already(
    home: Run, file: Path, tmp_path: Path
) -> None:
    (link := tmp_path / "link.csv").symlink_to(file)
    rejects, before = str(tmp_path / "退回.xlsx"), file.read_text("utf-8")
    for option, arguments in (
        ("FILE", (str(file), "--output", str(file))),
        ("FILE", (str(file), "--format", "json", "--output", str(link))),
        ("FILE", (str(file), "--rejects", str(link))),
        ("--rejects", (str(file), "--rejects", rejects, "--output", rejects)),
    ):
        result = home("import", *arguments)
        assert result.exit_code == 2
        assert f"这条命令要用它作{option}，写进去会盖掉里面的内容" in flat(result.stderr)
    assert not Path(rejects).exists()
    assert file.read_text("utf-8") == before
    assert told(home("verify", "--format", "json"))["events"] == 1


@pytest.mark.parametrize(
    "command", [("sandbox",), ("policy", "check"), ("policy", "impact"), ("policy", "show")]
)
def test_an_output_never_takes_the_place_of_a_story_or_a_pack(
    home: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    file = tmp_path / "own.toml"
    file.write_text('title = "x"\n', "utf-8")
    result = home(*command, str(file), "--output", str(file))
    assert result.exit_code == 2
    assert "没有写出own.toml" in flat(result.stderr)
    assert file.read_text("utf-8") == 'title = "x"\n'


def test_an_output_may_be_named_like_a_pack(
    home: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert home("policy", "show", "central-terms", "--output", "central-terms").exit_code == 0


def test_the_place_of_the_rejects_is_told_on_one_line(home: Run, file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "a-folder-with-a-long-name" / "and-another-one-below-it-that-is-longer"
    folder.mkdir(parents=True)
    rejects = folder / "退回的行.xlsx"
    assert f"\n已写入 {rejects}：\n" in home("import", str(file), "--rejects", str(rejects)).stdout
    file.write_text(HEAD + TOO_FEW, "utf-8")
    none = folder / "没有.xlsx"
    assert f"\n没有写 {none}：\n" in home("import", str(file), "--rejects", str(none)).stdout
