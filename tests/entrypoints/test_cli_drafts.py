"""``zhibu policy impact``, ``adopt``, ``retire``: tried first, then in force, then taken back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.application.test_adoption import plan
from tests.entrypoints.test_cli_policy_check import MENDED, STORY, WRONG
from workflows.entrypoints.cli import zhibu
from workflows.entrypoints.cli.drafts import SHEET
from workflows.entrypoints.cli.layout import SHEETS
from workflows.entrypoints.wording import Wording

Run = Callable[..., Result]
COUNTY, BRANCH = "甲县委员会", "东河村党支部"


@pytest.fixture
def run(own_home: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    def invoke(*args: str) -> Result:
        return CliRunner().invoke(zhibu, list(args), prog_name="zhibu")

    (tmp_path / "plan.toml").write_text(plan(), "utf-8")
    monkeypatch.chdir(tmp_path)
    county = json.dumps({"name": COUNTY, "level": "county"})
    branch = json.dumps({"name": BRANCH, "kind": "village", "superior": COUNTY})
    assert invoke("record", "establish_unit", "--on", "2015-01-01", "--with", county).exit_code == 0
    assert invoke("record", "establish_unit", "--on", "2020-01-01", "--with", branch).exit_code == 0
    return invoke


def told(result: Result) -> Any:
    assert result.exit_code == 0, (result.stdout, result.stderr, result.exception)
    return json.loads(result.stdout)


def lectures(run: Run) -> int:
    cells = told(run("compliance", "--period", "2026", "--on", "2026-12-31", "--format", "json"))["rows"]
    return sum(cell["rule"] == "county-lecture" and cell["verdict"] != "exempt" for cell in cells)


def test_a_draft_is_tried_without_being_recorded(run: Run) -> None:
    answer = told(run("policy", "impact", "plan.toml", "--on", "2026-12-31", "--format", "json"))
    assert answer["counts"]["verdict"] == 4
    assert lectures(run) == 0
    shown = run("policy", "impact", "plan.toml", "--on", "2026-12-31").stdout
    assert "共 4 处不同，涉及 1 个党组织" in shown
    assert "履行情况：党课每季度至少一次，4 处 待认定 4" in shown


def test_a_pack_is_adopted_from_a_file_and_taken_back(run: Run) -> None:
    adopted = run("policy", "adopt", "plan.toml", "--unit", COUNTY, "--on", "2026-03-01")
    assert adopted.exit_code == 0, adopted.stderr
    assert "已记录：采用规则包" in adopted.stdout
    assert lectures(run) == 3
    assert run("policy", "retire", "county-plan", "--unit", COUNTY, "--on", "2026-06-01").exit_code == 0
    assert lectures(run) == 0
    assert run("verify").exit_code == 0
    assert run("rebuild").exit_code == 0


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("impact", "nothing.toml"), 2, "nothing.toml"),
        (("impact", "no-such"), 2, "no-such"),
        (("impact", "central-branch"), 2, "全国性规定"),
        (("impact", "broken.toml"), 3, "broken.toml"),
        (("adopt", "plan.toml", "--unit", "无此支部"), 2, "无此支部"),
        (("adopt", "plan.toml", "--unit", COUNTY, "--running", "county-talk=maybe"), 2, "county-talk=maybe"),
        (("retire", "county-plan", "--unit", COUNTY), 2, "没有采用它"),
    ],
)
def test_what_cannot_be_done_is_told_in_three_parts(
    run: Run, tmp_path: Path, args: tuple[str, ...], code: int, words: str
) -> None:
    (tmp_path / "broken.toml").write_text('id = "x"\n', "utf-8")
    result = run("policy", *args)
    assert result.exit_code == code
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 3


def test_a_pack_in_a_history_is_named_and_its_text_is_not_printed(run: Run) -> None:
    run("policy", "adopt", "plan.toml", "--unit", COUNTY, "--on", "2026-03-01")
    shown = run("history", COUNTY).stdout
    assert "county-plan" in shown
    assert "[[rules]]" not in shown
    kept = told(run("history", COUNTY, "--format", "json"))["rows"]
    assert "[[rules]]" in kept[-1]["facts"]["text"]


def standing(run: Run, *args: str) -> dict[str, tuple[bool, list[str]]]:
    rows = told(run("policy", "show", "dev-first-talk", "--format", "json", *args))["rows"]
    return {row["rule"]: (row["holds"], row["overrides"]) for row in rows}


def test_of_a_rule_every_layer_is_shown_and_which_of_them_holds(run: Run, tmp_path: Path) -> None:
    national = {"dev-first-talk": (True, list[str]())}
    assert standing(run, "--on", "2026-03-02") == national
    run("policy", "adopt", "plan.toml", "--unit", COUNTY, "--on", "2026-03-01")
    assert standing(run, "--on", "2026-02-28", "--unit", BRANCH) == national
    assert standing(run, "--on", "2026-03-02", "--unit", BRANCH) == {
        "dev-first-talk": (False, []),
        "county-talk": (True, ["dev-first-talk"]),
    }
    (tmp_path / "plan.toml").write_text(plan(days=60), "utf-8")
    run("policy", "adopt", "plan.toml", "--unit", COUNTY, "--on", "2026-05-01")
    assert standing(run, "--on", "2026-05-02", "--unit", BRANCH) == {
        "dev-first-talk": (True, ["county-talk"]),
        "county-talk": (False, []),
    }
    shown = run("policy", "show", "dev-first-talk", "--on", "2026-05-02", "--unit", BRANCH).stdout
    assert "中央：收到入党申请书后一个月内派人谈话：1个月（执行这一条）" in shown
    assert "（不执行）" in shown
    assert "历年的规定" in shown


def test_a_rule_out_of_force_on_a_day_is_said_to_be(run: Run) -> None:
    assert "这一天没有施行的规定" in run("policy", "show", "dev-oath", "--on", "2020-01-01").stdout


def test_an_author_mends_five_mistakes_and_is_then_told_whom_the_pack_would_touch(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "qingshan.toml"
    file.write_text(WRONG, "utf-8")
    wrong = run("policy", "check", str(file))
    assert wrong.exit_code == 3
    assert [line[:1] for line in wrong.stdout.splitlines()].count("第") == 5
    file.write_text(MENDED, "utf-8")
    stories = tmp_path / "qingshan.scenarios"
    stories.mkdir()
    (stories / "talk.toml").write_text(STORY, "utf-8")
    sound = run("policy", "check", str(file))
    assert sound.exit_code == 0, sound.output
    assert "1 个剧本都与预期相符" in sound.stdout
    shown = run("policy", "impact", str(file), "--on", "2026-12-31").stdout
    assert "共 8 处不同，涉及 2 个党组织" in shown
    assert "履行情况：党课每季度至少一次，8 处 待认定 4、未完成" in shown


def test_no_two_columns_of_a_sheet_have_the_same_heading(run: Run) -> None:
    sheets = [SHEET, *SHEETS.values()]
    for sheet in sheets:
        headings = [Wording("zh").column(name) for name in sheet]
        assert len(set(headings)) == len(headings), headings
    printed = run("policy", "impact", "plan.toml", "--on", "2026-12-31", "--format", "csv").stdout
    headings = printed.splitlines()[0].split(",")
    assert len(set(headings)) == len(headings) == len(SHEET)


def test_what_was_adopted_is_found_again_with_its_adopter_and_its_days(run: Run) -> None:
    start = ("--from", "2027-01-01", "--on", "2026-03-01")
    assert run("policy", "adopt", "plan.toml", "--unit", COUNTY, *start).exit_code == 0
    of_branch = ("--unit", BRANCH, "--on", "2026-03-02")
    (row,) = told(run("policy", "list", *of_branch, "--format", "json"))["rows"]
    assert (row["id"], row["adopted_by"], row["from"], row["until"]) == (
        "county-plan", COUNTY, "2027-01-01", None,
    )  # fmt: skip
    assert (
        told(run("policy", "list", "--unit", BRANCH, "--on", "2026-02-28", "--format", "json"))["rows"] == []
    )
    shown = run("policy", "show", "county-plan", *of_branch).stdout
    assert f"由{COUNTY}采用，2027-01-01 起执行" in shown
    assert "county-lecture  党课每季度至少一次" in shown
    end = ("--from", "2028-01-01", "--on", "2026-03-03")
    assert run("policy", "retire", "county-plan", "--unit", COUNTY, *end).exit_code == 0
    (row,) = told(run("policy", "list", "--unit", BRANCH, "--on", "2026-03-04", "--format", "json"))["rows"]
    assert (row["from"], row["until"]) == ("2027-01-01", "2027-12-31")


def test_a_rule_is_found_by_a_word_and_a_near_id_is_told(run: Run) -> None:
    run("policy", "adopt", "plan.toml", "--unit", COUNTY, "--on", "2026-03-01")
    found = told(run("policy", "list", "--rules", "党课每季度", "--unit", BRANCH, "--format", "json"))["rows"]
    assert [(row["id"], row["pack"]) for row in found] == [("county-lecture", "county-plan")]
    national = told(run("policy", "list", "--rules", "dev-first-talk", "--format", "json"))["rows"]
    assert [row["id"] for row in national] == ["dev-first-talk"]
    every = told(run("policy", "list", "--rules", "--format", "json"))["rows"]
    assert len(every) > len(national)
    unknown = run("policy", "show", "dev-first-tolk")
    assert unknown.exit_code == 2
    assert "dev-first-talk" in unknown.stderr
    assert "county-lecture" in run("policy", "show", "county-lectur", "--unit", BRANCH).stderr


def test_the_history_of_a_rule_has_every_layer_and_the_day_its_adoption_holds_from(run: Run) -> None:
    start = ("--from", "2027-01-01", "--on", "2026-03-01")
    run("policy", "adopt", "plan.toml", "--unit", COUNTY, *start)
    args = ("policy", "show", "dev-first-talk", "--unit", BRANCH, "--on", "2026-06-01")
    history = told(run(*args, "--format", "json"))["history"]
    of_county = [(row["from"], row["value"]) for row in history if row["id"] == "county-talk"]
    assert of_county == [("2027-01-01", "15天")]
    assert any(row["id"] == "dev-first-talk" for row in history)
    assert "county-talk  收到入党申请书后十五日内派人谈话" in run(*args).stdout


def test_a_value_older_than_the_clause_of_the_day_is_told_with_both_days(run: Run) -> None:
    shown = run("policy", "show", "dev-object-min", "--on", "2026-06-01").stdout.replace("\n", "")
    assert "这个数 2014-05-28 起；这一天的依据（2026-05-18 起）" in shown
    before = run("policy", "show", "dev-object-min", "--on", "2026-01-01").stdout.replace("\n", "")
    assert "2014-05-28 起，《中国共产党发展党员工作细则》第十三条，凭一般了解" in before


def test_no_rows_are_counted_below_a_rule_that_is_not_in_force(run: Run) -> None:
    shown = run("policy", "show", "dev-oath", "--on", "2020-01-01").stdout
    assert "历年的规定" in shown
    assert "共 0 行" not in shown
