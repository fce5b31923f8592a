"""What a history tells on a screen, in a sheet and to programs, of what was corrected and taken back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.entrypoints.cli_support import County, Run, a_county, answered
from workflows.application.amending import Amendment
from workflows.entrypoints.cli.values import read_known
from workflows.entrypoints.wording import Wording
from workflows.kernel.clock import moment_of
from workflows.kernel.errors import WrongUsage

Made = tuple[County, Run]


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    with a_county(monkeypatch) as made:
        yield made


def the_talk_moved(county: Made, day: str) -> int:
    """Correct the day of 王五's first talk the day after; return the position of the talk."""
    made, run = county
    rows: list[dict[str, Any]] = answered(run("history", "王五", "--format", "json"))["rows"]
    talk = next(row["position"] for row in rows if row["event"] == "FirstTalkHeld")
    made.clock.put(moment_of(date(2026, 3, 21)))
    made.amending.amend(
        Amendment(event=talk, actor="x", origin="cli", reason="按谈话记录", field="on", value=day)
    )
    return int(talk)


def test_a_corrected_day_stands_on_both_sides_of_what_differs(county: Made) -> None:
    the_talk_moved(county, "2024-03-22")
    _, differing = county[1]("history", "王五", "--diff", "2026-03-20").stdout.split("与", maxsplit=1)
    before = next(line for line in differing.splitlines() if line.startswith("此前"))
    after = next(line for line in differing.splitlines() if line.startswith("此后"))
    assert "2024-03-20" in before
    assert "2024-03-22" in after
    assert "已由第" in after
    assert "更正：召开日 2024-03-20 → 2024-03-22" in differing


def test_a_finding_in_the_history_of_a_person_is_told_of_the_person(county: Made) -> None:
    rows = answered(county[1]("history", "王五", "--format", "json"))["rows"]
    told = [finding["message"] for row in rows for finding in row["findings"]]
    assert any("王五" in message for message in told)
    assert not any("东河村党支部" in message for message in told)
    assert {row["unit"] for row in rows} == {"东河村党支部"}


def test_what_a_sheet_and_a_screen_tell_of_a_history_is_chinese(county: Made) -> None:
    made, run = county
    made.clock.put(moment_of(date(2026, 3, 21)))
    confirmed = answered(run("history", "王五", "--format", "json"))["rows"][-1]
    assert confirmed["event"] == "ActivistConfirmed"
    made.amending.amend(
        Amendment(
            event=confirmed["position"], actor="x", origin="cli", reason="按会议记录", field="on",
            value="2024-06-02",
        )
    )  # fmt: skip
    assert "更正：日期 2024-06-01 → 2024-06-02" in run("history", "王五").stdout
    sheet = list(
        csv.DictReader(io.StringIO(run("history", "王五", "--format", "csv").stdout.lstrip("\ufeff")))
    )
    assert sheet[-1]["更正的内容"] == "日期 2024-06-01 → 2024-06-02"
    assert sheet[-1]["录入时间"].startswith("2026-03-21 ")
    told = "".join(f"{name}{value}" for row in sheet for name, value in row.items() if "编号" not in name)
    assert not re.search(r"[a-z]+_[a-z]+|personal|received|T\d\d:", told)


def test_the_fields_that_can_be_corrected_are_told_in_chinese(county: Made) -> None:
    run = county[1]
    confirmed = answered(run("history", "王五", "--format", "json"))["rows"][-1]["position"]
    wrong = f'{{"event": {confirmed}, "field": "颜色", "value": "红"}}'
    refused = run("record", "correct", "--with", wrong, "--reason", "按会议记录").stderr
    assert "日期（confirmed_on）" in refused.replace("\n", "")


def test_what_was_taken_back_whole_is_still_found_by_its_name(county: Made) -> None:
    made, run = county
    (registered,) = answered(run("history", "赵一", "--format", "json"))["rows"]
    made.clock.put(moment_of(date(2026, 3, 21)))
    made.amending.amend(
        Amendment(event=registered["position"], actor="x", origin="import", reason="撤回导入")
    )
    now = run("history", "赵一")
    assert now.exit_code == 0
    assert "登记已有党员  （已由第12号撤回）" in now.stdout
    before = answered(run("history", "赵一", "--known-on", "2026-03-20", "--format", "json"))
    assert [row["retracted_by"] for row in before["rows"]] == [None]
    assert before["state"]["stage"] == "full"
    assert run("history", "赵二").exit_code == 2


def a_problem(county: Made, subject: str) -> None:
    made, _ = county
    made.act(
        "open_issue",
        date(2026, 3, 2),
        unit=made.east,
        subject=subject,
        text="三月没有开",
    )


def test_a_problem_that_was_withdrawn_says_by_whom_when_and_why_and_shows_its_history(county: Made) -> None:
    made, run = county
    a_problem(county, "主题党日没有开")
    answer = answered(run("history", "主题党日没有开", "--format", "json"))
    assert answer["withdrawn"] is None
    (opened,) = answer["rows"]
    made.clock.put(moment_of(date(2026, 3, 21)))
    made.amending.amend(Amendment(event=opened["position"], actor="赵一", origin="cli", reason="写错了支部"))
    shown = run("history", "主题党日没有开").stdout
    assert "已撤回：2026-03-21 由 赵一 撤回" in shown
    assert "理由：写错了支部" in shown
    assert "三月没有开" in shown
    withdrawn = answered(run("history", "主题党日没有开", "--format", "json"))["withdrawn"]
    assert (withdrawn["actor"], withdrawn["on"]) == ("赵一", "2026-03-21")
    refused = run("record", "close_out", "--subject", "主题党日没有开", "--with", '{"销号人": "赵一"}')
    assert refused.exit_code == 2
    assert "“主题党日没有开”已经撤回" in refused.stderr
    assert "2026-03-21 由 赵一 撤回，理由：写错了支部" in refused.stderr


def test_a_case_is_found_by_a_part_of_its_name_after_units_and_people(county: Made) -> None:
    a_problem(county, "东河村的活动室漏雨")
    run = county[1]
    assert run("history", "活动室漏雨").stdout.startswith("东河村的活动室漏雨")
    assert run("history", "东河村").stdout.startswith("东河村党支部")
    near = run("history", "东河村的活动室漏水")
    assert near.exit_code == 2
    assert "东河村的活动室漏雨" in near.stderr.rpartition("相近的有：")[2]


def test_the_history_of_a_unit_calls_it_by_the_name_of_a_unit(county: Made) -> None:
    shown = county[1]("history", "东河村党支部").stdout
    assert "名称：东河村党支部" in shown
    assert re.search(r"^名称 +东河村党支部", shown, re.MULTILINE)
    assert "姓名" not in shown


OPENED: dict[str, dict[str, Any]] = {
    "open_campaign": {"scheme": "seed-004-a", "year": 2026},
    "plan_inspection": {"manner": "spot", "checklist": ["meet-lecture", "活动场所"]},
    "open_issue": {"source": "inspection", "rule": "meet-lecture", "period": "2026-Q1", "text": "没有讲"},
    "list_unit": {"criteria": ["三会一课不落实"], "listed": 3, "of_units": 30},
    "nominate_site": {"level": "township", "field": "village"},
}


@pytest.mark.parametrize("opening", OPENED)
def test_the_history_of_a_case_of_every_kind_is_told_without_a_word_of_the_program(
    county: Made, opening: str
) -> None:
    made, run = county
    case = made.act(opening, date(2026, 3, 2), unit=made.east, subject="这一件", **OPENED[opening])
    if opening == "plan_inspection":
        checked = [{"point": "meet-lecture", "in_order": False}]
        made.act("record_visit", date(2026, 3, 3), file=case, unit=made.east, checked=checked)
    for told in (run("history", "这一件").stdout, run("history", "这一件", "--diff", "@1").stdout):
        assert not re.search(r"[A-Za-z]{2,}", told.replace("@1", "")), told
    sheet = run("history", "这一件", "--format", "csv").stdout
    facts = [row["内容"] for row in csv.DictReader(io.StringIO(sheet))]
    assert not [line for line in facts if re.search(r"[A-Za-z]{2,}", line)]


@pytest.mark.parametrize("option", ["--known-on", "--diff"])
def test_knowledge_that_cannot_be_read_names_the_option_that_was_wrong(option: str) -> None:
    with pytest.raises(WrongUsage) as refused:
        read_known("昨天", option)
    assert f"读不懂“昨天”：{option} 应是日期、时刻或 @序号" in Wording("zh").problem_text(refused.value)
