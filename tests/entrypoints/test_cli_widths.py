"""A screen of any width: names, days and numbers stay whole, the long text has what they leave."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from tests.entrypoints.cli_support import County, Run, a_county
from workflows.entrypoints import rendering
from workflows.entrypoints.widths import Column, fitted, wrapped
from workflows.entrypoints.wording import Wording

LONGEST = "青岚县石门镇中心卫生院离退休干部党支部"
ROWS: Sequence[Mapping[str, Any]] = [
    {"status": "overdue", "due_on": "2026-10-31", "unit": LONGEST, "message": "支部委员会会议没有记录，" * 6},
    {"status": "due", "due_on": "2026-11-30", "unit": "西山村党支部", "message": "主题党日"},
]


def screen(rows: Sequence[Mapping[str, Any]], width: int) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width, highlight=False).print(rendering.table(rows, Wording(), width=width))
    return [line.rstrip() for line in out.getvalue().splitlines()]


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[County, Run]]:
    with a_county(monkeypatch) as made:
        yield made


@pytest.mark.parametrize("width", [46, 60, 72, 80, 100, 160])
def test_a_name_stays_on_one_line_at_any_width(width: int) -> None:
    lines = screen(ROWS, width)
    assert any(LONGEST in line for line in lines)
    assert any("2026-10-31" in line for line in lines)
    assert max(cell_len(line) for line in lines) <= width


def test_a_name_longer_than_the_screen_is_broken_and_not_cut_off() -> None:
    lines = screen([{"name": LONGEST * 2}], 40)
    assert "".join(line.removeprefix("姓名").strip() for line in lines[-3:]) in LONGEST * 2
    assert "…" not in "".join(lines)


def test_the_longest_text_has_what_the_others_leave() -> None:
    columns = [Column("阶段", ["确定为发展对象（待备案或列入）"]), Column("下一步", ["长" * 60])]
    assert fitted([Column("起", ["2026-10-31"], whole=True), *columns], 80) == [10, 16, 50]


def test_what_the_longest_text_does_not_need_goes_to_the_others() -> None:
    assert fitted([Column("阶段", ["一" * 15]), Column("下一步", ["长" * 20])], 62) == [20, 40]


def test_names_that_fill_the_screen_leave_no_table() -> None:
    assert fitted([Column("党组织", ["一" * 19], whole=True), Column("下一步", ["长" * 60])], 44) is None


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("2026-06-05、2026-06-15召开", 16, ["2026-06-05、", "2026-06-15召开"]),
        ("应召开支部党员大会，没有记录。", 20, ["应召开支部党员大会，", "没有记录。"]),
        ("应召开支部党员大会，没有记录。", 18, ["应召开支部党员大", "会，没有记录。"]),
        ("确定为发展对象（待备案）", 16, ["确定为发展对象", "（待备案）"]),
        ("approve full membership", 14, ["approve full", "membership"]),
        ("一\n二", 10, ["一", "二"]),
        ("一" * 7, 6, ["一一一", "一一一", "一"]),
        ("", 10, [""]),
    ],
)
def test_lines_break_where_a_reader_would_break_them(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width) == lines


def test_a_name_in_a_sentence_is_not_broken_either() -> None:
    assert wrapped("提醒松涛镇银坡社区党支部换届", 22, ["松涛镇银坡社区党支部"]) == [
        "提醒",
        "松涛镇银坡社区党支部换",
        "届",
    ]


def test_people_stand_under_their_unit_each_step_on_a_line_of_its_own(county: tuple[County, Run]) -> None:
    lines = [line.rstrip() for line in county[1]("pipeline").stdout.splitlines()]
    assert "东河村党支部" in lines
    (at,) = [number for number, line in enumerate(lines) if line.startswith("王五")]
    assert lines[at].endswith("积极分子备案")
    assert lines[at + 1].startswith(" " * 10)


def test_a_path_is_whole_on_the_line_of_the_word_before_it() -> None:
    path = "/home/secretary/" + "a-long-folder/" * 8 + "退回的行.xlsx"
    lines = wrapped(f"已写入 {path}：被拒绝的2行，{'改好后可以直接导入，' * 5}", 40, paths=[path])
    assert lines[0] == f"已写入 {path}："
    assert max(cell_len(line) for line in lines[1:]) <= 40


def test_a_long_correction_goes_on_under_its_beginning(county: tuple[County, Run]) -> None:
    run = county[1]
    told = run("history", "王五", "--format", "json").stdout
    talk = next(row for row in json.loads(told)["rows"] if row["event"] == "FirstTalkHeld")
    change = {"event": talk["position"], "field": "on", "value": "2024-03-21"}
    reason = "按谈话记录原件核对，原来登记的日期是通知谈话的日子" * 3
    assert run("record", "correct", "--with", json.dumps(change), "--reason", reason).exit_code == 0
    lines = run("history", "王五").stdout.splitlines()
    first = next(at for at, line in enumerate(lines) if "更正：" in line)
    column = cell_len(lines[first].partition("更正：")[0])
    more = []
    for line in lines[first + 1 :]:
        if not line.startswith(" " * column):
            break
        more.append(line)
    assert len(more) > 1
    assert reason in lines[first] + "".join(line.strip() for line in more)
    assert max(cell_len(line) for line in (lines[first], *more)) <= 80
