"""``zhibu policy check`` for whoever types Chinese: the line, and what was probably meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.entrypoints.test_cli_policy_check import MENDED, check
from workflows.application.expecting import unmet


def first_flaw(folder: Path, text: str) -> str:
    file = folder / "qingshan.toml"
    file.write_text(text, "utf-8")
    result = check(str(file), "--format", "json")
    assert result.exit_code == 3, result.output
    return str(json.loads(result.stdout)["flaws"][0]["message"])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("title = “青山县办法”", '引号应是英文的 "'),
        ('title = "青山县办法"，', "逗号应是英文的 ,"),
        ('title ＝ "青山县办法"', "等号应是英文的 ="),
        ("issued_on = ２０２６-01-10", "数字应是半角的 2026-01-10"),
        ("issued_on = 2026年1月10日", "日期写作 2026-01-10"),
        ("issued_on = 2026.1.10", "日期写作 2026-01-10"),
        ("issued_on = 2026-1-10", "日期写作 2026-01-10"),
        ("issued_on = 2024-02-30", "没有这一天：2024年2月30日"),
        ('title = "青山县办法', "少了一个引号"),
        ("values = 18个月", "只写数字 18，不写单位"),
        ("level = county", '文字要写在英文引号里："county"'),
        ('title "青山县办法"', "少了等号"),
    ],
)
def test_a_line_that_cannot_be_read_is_shown_with_the_probable_cause(
    tmp_path: Path, line: str, told: str
) -> None:
    assert first_flaw(tmp_path, f'id = "qingshan"\n{line}\n') == f"第2行 {told}：{line}"


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("issued_on = 2026-01-10", 'issued_on = "2026年1月10日"', "日期写作 2026-01-10，不加引号"),
        ('title = "青山县办法"', "title = 1", "应是文字，写在英文引号里"),
        ('on = ["hold_first_talk"]', 'on = "hold_first_talk"', "应是一列，写在方括号 [ ] 里"),
        ('severity = "block"', 'severity = "应当"', "应是 block（应当）、warn（一般）、record（记录）"),
        ('level = "county"', 'level = "县"', "central（中央）、department（中央部门）、province（省）"),
        ('confidence = "VT"', 'confidence = "原文"', "应是 VT（读过原文）、VQ（引自逐字引文）"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_in_chinese(
    tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    assert told in first_flaw(tmp_path, MENDED.replace(right, wrong, 1))


def test_a_number_in_quotation_marks_is_told_once_at_the_line_of_the_values(tmp_path: Path) -> None:
    text = MENDED.replace("value = 18", 'value = "18"')
    at = next(n for n, line in enumerate(text.splitlines(), 1) if '"18"' in line)
    assert first_flaw(tmp_path, text) == (
        f"第{at}行 q-object.values 值应是整数，填的是 '18'；只写数字，不加引号和单位"
    )


def test_one_pair_of_brackets_where_two_belong_is_told_at_that_header(tmp_path: Path) -> None:
    text = MENDED[: MENDED.index("[[rules]]", MENDED.index("q-talk"))].replace("[[rules]]", "[rules]")
    assert first_flaw(tmp_path, text) == "第8行 rules 应写作 [[rules]]（两层方括号），写成了 [rules]"


def test_a_command_named_in_chinese_is_told_with_its_identifier(tmp_path: Path) -> None:
    text = MENDED.replace('on = ["agree_development_target"]', 'on = ["确定发展对象"]')
    assert "是不是 agree_development_target？" in first_flaw(tmp_path, text)


def test_a_file_begun_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    file = tmp_path / "qingshan.toml"
    file.write_text(MENDED, "utf-8-sig")
    assert check(str(file)).exit_code == 0


def test_a_file_in_another_encoding_and_one_that_is_not_there_are_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "qingshan.toml"
    file.write_text(MENDED, "gbk")
    assert "UTF-8" in check(str(file)).stderr
    assert "没有这个文件" in check(str(tmp_path / "qingshang.toml")).stderr


def test_an_answer_that_is_not_as_expected_is_told_by_the_row_that_comes_nearest() -> None:
    rows = [
        {"id": "0198", "rule": "a", "period": "2026-Q1", "verdict": "met"},
        {"id": "0199", "rule": "b", "period": "2026-Q1", "verdict": "late"},
    ]
    expected = {"rows": [{"rule": "b", "period": "2026-Q1", "verdict": "met"}]}
    assert unmet(expected, {"rows": rows}) == [
        'rows[0]: {"rule": "b", "period": "2026-Q1", "verdict": "met"}'
        ' ≠ {"rule": "b", "period": "2026-Q1", "verdict": "late"}'
    ]
