"""The small parts of the pages: vendored files, names in pinyin, masking, lights, horizons, paging."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

import workflows.entrypoints.web as web
from workflows.entrypoints.masking import mask_id_number, mask_phone, mask_text, masked
from workflows.entrypoints.period_words import period_word
from workflows.entrypoints.web import lights, matters
from workflows.entrypoints.web.desk import Desk
from workflows.entrypoints.web.horizon import Horizon, read_known
from workflows.entrypoints.web.names import initials, matches
from workflows.entrypoints.web.pages.pipeline import span_word
from workflows.entrypoints.web.paging import Pages
from workflows.entrypoints.web.problems import PageProblem
from workflows.entrypoints.web.words import Part, with_days

STATIC = Path(web.__file__).parent / "static"
OURS = {"tokens.css", "zhibu.css", "icon.svg", "page.js", "vendor.lock"}
TODAY = date(2026, 12, 4)


def test_each_of_the_three_talks_of_a_year_has_its_own_name() -> None:
    same_rule = SimpleNamespace(activity="talk_in_committee")
    desk = cast("Desk", SimpleNamespace(rule=lambda *_: same_rule, horizon=SimpleNamespace(as_of=TODAY)))
    talks = ("talk_in_committee", "talk_with_member", "talk_among_members")
    rows = [{"subject": "2026", "rule": "meet-talk", "activity": talk} for talk in talks]
    told = [matters.title_of(row, desk) for row in rows]
    assert [text.split("年")[-1].strip() for text in told] == [
        "委员之间谈心谈话",
        "委员和党员谈心谈话",
        "党员之间谈心谈话",
    ]


def test_what_is_asked_of_a_cell_names_the_meeting_and_the_cell() -> None:
    desk = cast("Desk", SimpleNamespace(rule=lambda *_: None, horizon=SimpleNamespace(as_of=TODAY)))
    row = {"subject": "2026-10 第2党小组", "rule": "meet-cell", "activity": "cell_meeting"}
    assert matters.title_of(row, desk) == "10 月党小组会（第2党小组）"


def test_what_others_wrote_is_unchanged_and_named() -> None:
    files = tomllib.loads((STATIC / "vendor.lock").read_text("utf-8"))["files"]
    for file in files:
        assert hashlib.sha256((STATIC / file["file"]).read_bytes()).hexdigest() == file["sha256"]
        assert (STATIC / file["licence_file"]).read_text("utf-8")
        assert {"name", "version", "licence"} <= file.keys()
    locked = {name for file in files for name in (file["file"], file["licence_file"])}
    assert {path.name for path in STATIC.iterdir()} == OURS | locked


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("单雄信", "sxx"), ("仇英", "qy"), ("曾国藩", "zgf"), ("解学龙", "xxl"), ("朴正", "pz"),
        ("盖叫天", "gjt"), ("区伯", "ob"), ("查良镛", "zly"), ("尉迟恭", "ycg"), ("翟让", "zr"),
        ("员半千", "ybq"), ("李明", "lm"), ("吕布", "lb"), ("欧阳建军", "oyjj"),
    ],
)  # fmt: skip
def test_names_are_found_by_their_initials(name: str, typed: str) -> None:
    assert typed in initials(name)
    assert matches(name, typed.upper())
    assert matches(name, name[1:])
    assert not matches(name, "zzzz")


def test_numbers_are_masked_and_names_are_not() -> None:
    assert mask_id_number("41010519881014002X") == "410***********002X"
    assert mask_phone("13812345606") == "138******06"
    assert mask_text("李明，电话13812345606") == "李明，电话138******06"
    assert mask_text("证号41010519881014002X。") == "证号410***********002X。"
    assert mask_id_number("123") == "***"
    assert masked("profile", {"name": "李明", "phone": "12"}) == {"name": "李明", "phone": "**"}
    assert masked("document", "豫组〔2026〕12号") == "豫组〔2026〕12号"
    chain = "0f13812345606" + "a" * 51
    assert mask_text(f"校验值 {chain}，电话13812345606") == f"校验值 {chain}，电话138******06"


@pytest.mark.parametrize(
    ("left", "status", "remind", "told"),
    [
        (-3, "overdue", None, ("over", "逾期 3 天")),
        (0, "due", None, ("soon", "今天到期")),
        (15, "due", None, ("soon", "还有 15 天")),
        (16, "due", None, ("ok", "还有 16 天")),
        (30, "due", 30, ("soon", "还有 30 天")),
        (31, "due", 30, ("ok", "还有 31 天")),
        (5, "met", None, ("ok", "已办")),
        (5, "held", None, ("refer", "暂缓")),
    ],
)
def test_a_light_says_how_much(left: int, status: str, remind: int | None, told: tuple[str, str]) -> None:
    light = lights.of_deadline({"days_left": left, "status": status}, remind)
    assert (light.shape, light.text) == told


def test_what_rests_stands_behind_what_runs() -> None:
    rows = [
        {
            "due_on": "2026-03-31",
            "status": "held",
            "rule": "meet-assembly",
            "days_left": -90,
            "bygone": False,
            "severity": "warn",
        },
        {
            "due_on": "2026-06-30",
            "status": "overdue",
            "rule": "meet-theme-day",
            "days_left": -1,
            "bygone": False,
            "severity": "warn",
        },
    ]
    assert [row["status"] for row in matters.urgent_first(rows)] == ["overdue", "held"]
    assert [row["status"] for row in matters.near(rows)] == ["overdue"]
    assert [row["rule"] for row in matters.split_by_when(rows, TODAY)["overdue"]] == ["meet-theme-day"]


def test_a_waived_limit_says_until_when() -> None:
    row = {"days_left": -3, "status": "held", "held_by": {"form": "waived", "until": "2026-12-31"}}
    assert lights.of_deadline(row) == lights.Light("free", "豁免至 2026-12-31")
    row["held_by"] = {"form": "held", "until": None}
    assert lights.of_deadline(row) == lights.Light("refer", "暂缓")


def test_a_case_whose_day_was_kept_is_not_said_to_have_none() -> None:
    row = {"over": False, "limit": None}
    assert lights.of_case({**row, "due_on": "2026-12-20"}) == lights.Light("no", "没有未办的期限")
    assert lights.of_case({**row, "due_on": None}) == lights.Light("no", "没有期限")


def test_a_cell_says_what_was_held_or_is_missing() -> None:
    last = date(2026, 12, 31)
    cell = {"verdict": "met", "evidence": [{"on": "2026-12-02"}]}
    assert lights.of_cell(cell, last, TODAY) == lights.Light("ok", "已开 12-02")
    assert lights.of_cell({"verdict": "missing"}, last, TODAY) == lights.Light("over", "缺")
    assert lights.of_cell({"verdict": "exempt"}, last, TODAY) == lights.Light("free", "免")
    assert lights.of_cell({"verdict": "pending"}, last, date(2026, 12, 23)).shape == "no"
    assert lights.of_cell({"verdict": "pending"}, last, date(2026, 12, 24)).shape == "soon"


def test_a_horizon_is_read_from_a_day_a_moment_or_a_position() -> None:
    assert read_known("2026-07-15") == datetime(2026, 7, 15, 15, 59, 59, 999999, UTC)
    assert read_known("@42") == 42
    assert read_known("2026-07-15T09:00") == datetime(2026, 7, 15, 1, 0, tzinfo=UTC)
    for text in ("", "@", "@-1", "@１", "2026", "gestern"):
        with pytest.raises(PageProblem):
            read_known(text)


def test_links_keep_the_horizon_and_only_what_is_said() -> None:
    now = Horizon.read("", "", TODAY)
    assert not now.is_past
    assert now.link("/units", q="", page=2) == "/units?page=2"
    then = Horizon.read("2026-06-30", "2026-07-15", TODAY)
    assert then.is_past
    assert then.link("/units#x") == "/units?as_of=2026-06-30&known_on=2026-07-15#x"
    assert then.known_day == date(2026, 7, 15)


@pytest.mark.parametrize(
    ("since", "told"),
    [
        ("2026-11-22", "12 天"),
        ("2026-11-04", "1 个月"),
        ("2026-11-05", "29 天"),
        ("2025-12-04", "1 年"),
        ("2025-09-01", "1 年 3 个月"),
    ],
)
def test_time_in_a_stage_is_told_in_whole_months(since: str, told: str) -> None:
    assert span_word(since, TODAY) == told


def test_periods_are_said_as_people_say_them() -> None:
    assert period_word("2026-11", TODAY) == "11 月"
    assert period_word("2025-01", TODAY) == "2025 年 1 月"
    assert period_word("2026-Q4", TODAY) == "四季度"
    assert period_word("2025-Q1", TODAY) == "2025 年一季度"
    assert period_word("2026", TODAY) == "2026 年"


def test_days_in_a_sentence_are_cut_out() -> None:
    assert list(with_days("截止 2026-12-01，晚了")) == [
        Part("截止 ", is_day=False),
        Part("2026-12-01", is_day=True),
        Part("，晚了", is_day=False),
    ]


def test_a_list_is_cut_in_pages_that_keep_the_filter() -> None:
    pages = Pages.of(1_400, 10, 50, "/pipeline", Horizon.read("", "", TODAY), {"stage": "activist"})
    assert (pages.first, pages.last, pages.count) == (451, 500, 28)
    assert pages.shown == [1, None, 8, 9, 10, 11, 12, None, 28]
    assert pages.link(2) == "/pipeline?stage=activist&page=2"
    assert pages.link(1) == "/pipeline?stage=activist"
    assert Pages.of(0, 5, 50, "/", pages.horizon, {}).number == 1
    assert list(Pages.of(3, 9, 2, "/", pages.horizon, {}).cut([1, 2, 3])) == [3]
