"""Corrections in a history: the value before and after and the reason, on one line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.entrypoints.cli_support import County, Run, a_county, answered

Made = tuple[County, Run]
MEETING = {"type": "branch_assembly", "attending": 12, "resolutions": [{"topic": "计划", "in_favour": 9}]}


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    with a_county(monkeypatch) as made:
        yield made


def recorded(run: Run, *args: str, **fields: Any) -> int:
    told = answered(run("record", *args, "--with", json.dumps(fields), "--format", "json"))
    position = told["position"]
    assert isinstance(position, int)
    return position


def a_meeting(run: Run) -> int:
    return recorded(run, "hold_meeting", "--unit", "东河村", "--on", "2026-03-05", **MEETING)


def row_of(run: Run, position: int, name: str = "东河村党支部", *more: str) -> Any:
    rows = answered(run("history", name, *more, "--format", "json"))["rows"]
    return next(row for row in rows if row["position"] == position)


def test_a_correction_shows_old_and_new_and_why_on_one_line(county: Made) -> None:
    run = county[1]
    meeting = a_meeting(run)
    change = recorded(run, "correct", event=meeting, field="attending", value=15, reason="签到表")
    lines = run("history", "东河村党支部").stdout.splitlines()
    wanted = f"{change:>6}  2026-03-20  更正：到会人数 12 → 15（第{meeting}号，原因：签到表）"
    assert wanted in [line.rstrip() for line in lines]
    english = run("history", "东河村党支部", "--lang", "en").stdout
    assert f"corrected: attending 12 → 15 (no. {meeting}, reason: 签到表)" in english


def test_json_keeps_its_keys_and_gains_the_changes(county: Made) -> None:
    run = county[1]
    meeting = a_meeting(run)
    change = recorded(run, "correct", event=meeting, field="attending", value=15, reason="签到表")
    row = row_of(run, change)
    assert row["facts"]["value"] == 15
    assert row["changes"] == [{"field": "attending", "old": 12, "new": 15}]
    assert "changes" not in row_of(run, meeting)


def test_each_correction_starts_from_the_one_before(county: Made) -> None:
    run = county[1]
    meeting = a_meeting(run)
    first = recorded(run, "correct", event=meeting, field="attending", value=15, reason="x")
    second = recorded(run, "correct", event=meeting, field="attending", value=16, reason="x")
    assert row_of(run, first)["changes"] == [{"field": "attending", "old": 12, "new": 15}]
    assert row_of(run, second)["changes"] == [{"field": "attending", "old": 15, "new": 16}]


def test_of_a_part_only_what_changed_is_told_and_birth_days_stay_masked(county: Made) -> None:
    run = county[1]
    first = answered(run("history", "王五", "--format", "json"))["rows"][0]["position"]
    change = recorded(run, "correct", event=first, field="born_on", value="1998-05-01", reason="身份证")
    (told,) = row_of(run, change, "王五")["changes"]
    assert told["field"] == "born_on"
    assert told["old"].startswith("1999*")
    assert told["new"].startswith("1998*")
    assert "05-01" not in run("history", "王五").stdout.partition("更正：")[2].partition("\n")[0]


def test_what_was_not_filled_in_before_is_told_so(county: Made) -> None:
    run = county[1]
    meeting = a_meeting(run)
    recorded(run, "correct", event=meeting, field="eligible", value=20, reason="漏填")
    assert "更正：应到人数 没有填 → 20" in run("history", "东河村党支部").stdout


def test_a_retraction_says_which_record_and_why(county: Made) -> None:
    run = county[1]
    meeting = a_meeting(run)
    recorded(run, "retract", event=meeting, reason="重复")
    assert f"撤回：第{meeting}号（原因：重复）" in run("history", "东河村党支部").stdout


def test_a_correction_withdrawn_still_shows_what_it_changed(county: Made) -> None:
    run = county[1]
    meeting = a_meeting(run)
    first = recorded(run, "correct", event=meeting, field="attending", value=15, reason="x")
    recorded(run, "retract", event=first, reason="数错了")
    again = recorded(run, "correct", event=meeting, field="attending", value=14, reason="x")
    assert row_of(run, first)["changes"] == [{"field": "attending", "old": 12, "new": 15}]
    assert row_of(run, again)["changes"] == [{"field": "attending", "old": 12, "new": 14}]


def test_people_before_and_after_are_told_by_name_though_their_names_are_sealed(county: Made) -> None:
    run = county[1]
    talk = next(
        row["position"]
        for row in answered(run("history", "王五", "--format", "json"))["rows"]
        if row["event"] == "FirstTalkHeld"
    )
    recorded(run, "correct", event=talk, field="by", value={"name": "外人甲"}, reason="漏填")
    recorded(run, "correct", event=talk, field="by", value={"name": "外人乙"}, reason="记错")
    screen = run("history", "王五").stdout
    assert "没有填 → 外人甲" in screen
    assert "外人甲 → 外人乙" in screen
    assert "***" not in screen.partition("更正：")[2].partition("现状")[0]


def test_people_are_corrected_by_name_and_keep_their_place_on_the_books(county: Made) -> None:
    run = county[1]
    act = {"persons": ["赵一", "钱二"]}
    with_ = ("--person", "王五", "--on", "2025-01-06", "--as-history", "--reason", "补录")
    mentors = recorded(run, "assign_mentors", *with_, **act)
    change = recorded(run, "更正", 序号=mentors, 栏目="人员", 值=["孙三", "外人乙"], 理由="记错")
    row = row_of(run, change, "王五")
    assert row["changes"] == [{"field": "persons", "old": ["赵一", "钱二"], "new": ["孙三", "外人乙"]}]
    kept = county[0].log.records[change - 1].event.value  # type: ignore[attr-defined]
    assert ["person" in who for who in kept] == [True, False]


def test_a_meeting_is_corrected_to_another_kind_by_its_chinese_name(county: Made) -> None:
    run = county[1]
    meeting = a_meeting(run)
    recorded(run, "correct", event=meeting, field="会议类型", value="主题党日", reason="记错")
    assert row_of(run, meeting)["facts"]["type"] == "theme_party_day"
    wrong = json.dumps({"event": meeting, "field": "type", "value": "聚餐", "reason": "记错"})
    refused = run("record", "correct", "--with", wrong)
    assert refused.exit_code == 2
    assert "theme_party_day（主题党日）" in refused.stderr.replace("\n", "")


def test_what_is_refused_calls_the_record_by_the_word_that_the_help_has_for_it(county: Made) -> None:
    run = county[1]
    help_ = run("record", "更正", "--help").stdout
    refused = run("record", "更正", "--with", json.dumps({"栏目": "日期", "值": "2026-03-05"}))
    assert refused.exit_code == 2
    assert "没有填序号（event）" in refused.stderr
    for line in ("序号（event）", "栏目（field）", "值（value）", "理由（reason）", "依据（evidence）"):
        assert line in help_
        assert line in refused.stderr.replace("\n", "")
    assert "事件（" not in refused.stderr + help_
    twice = run("record", "撤回", "--with", '{"序号": 1, "event": 1}').stderr
    assert "同一栏写了两次：序号" in twice


def test_of_several_people_the_one_that_does_not_fit_is_told_by_its_place(county: Made) -> None:
    run = county[1]
    meeting = a_meeting(run)
    wrong = json.dumps({"event": meeting, "field": "leave", "value": ["赵一", 3], "reason": "x"})
    assert "请假人员（leave）的第2项：" in run("record", "correct", "--with", wrong).stderr
