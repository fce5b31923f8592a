"""``zhibu compliance`` on a screen: counts for several units, period by period for one; both languages."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoints.cli_support import County, Run, a_county, answered
from workflows.entrypoints.wording import Wording

Made = tuple[County, Run]
NAMES = re.compile("东河村党支部|西山村党支部|东河镇党委|《[^》]*》第[一二三四五六七八九十]+条")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    with a_county(monkeypatch) as made:
        east = made[0].east
        for on in (date(2026, 1, 9), date(2026, 2, 3)):
            made[0].act("hold_meeting", on, unit=east, type="theme_party_day", eligible=4, attending=4)
        made[0].act("hold_meeting", date(2026, 2, 20), unit=east, type="branch_assembly", attending=1)
        yield made


def cells_of(run: Run, *args: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answered(run("compliance", *args, "--format", "json"))["rows"]
    return found


def numbers(line: str) -> list[int]:
    return [int(text) for text in line.split()[1:]]


def test_several_units_are_counted_by_duty_and_by_unit(county: Made) -> None:
    run = county[1]
    cells = cells_of(run, "--period", "2026-Q1")
    lines = run("compliance", "--period", "2026-Q1").stdout.splitlines()
    (head,) = [line.split()[1:] for line in lines if line.startswith("事项")]
    assert head == ["已完成", "逾期", "未完成", "无效", "免", "进行中", "待认定"]
    told = Counter(cell["verdict"] for cell in cells if cell["rule"] == "meet-theme-day")
    (row,) = [numbers(line) for line in lines if line.startswith("主题党日")]
    assert row == [told[v] for v in ("met", "late", "missing", "invalid", "exempt", "pending", "refer")]
    own = [line.split()[0] for line in lines if line.startswith(("东河村党支部", "西山村党支部"))]
    assert own == list(dict.fromkeys(cell["unit"] for cell in cells))
    assert not any("召开" in line for line in lines)
    assert any("--all" in line and "--format xlsx" in line for line in lines)


def test_units_of_several_superiors_are_counted_under_them(county: Made) -> None:
    made, run = county
    town = made.act("establish_unit", date(2024, 1, 1), name="南湖镇党委", level="committee")
    made.act("establish_unit", date(2024, 1, 1), superior_id=town, name="南湖村党支部", kind="village")
    screen = run("compliance", "--period", "2025").stdout
    assert "南湖镇党委" in screen
    assert "东河镇党委" in screen
    assert "东河村党支部" not in screen


@pytest.mark.parametrize("args", [("--unit", "东河村"), ("--all",)])
def test_one_branch_or_all_when_asked_is_told_period_by_period(county: Made, args: tuple[str, ...]) -> None:
    screen = county[1]("compliance", "--period", "2026-Q1", *args).stdout
    assert "2026-02-03召开主题党日，期后20天才录入。" in screen
    assert ("西山村党支部" in screen) is (args == ("--all",))
    assert "--all" not in screen


def test_what_was_not_done_or_does_not_count_names_rule_clause_and_numbers(county: Made) -> None:
    made, run = county
    vote = [{"topic": "年度计划", "in_favour": 1}]
    made.act(
        "hold_meeting",
        date(2025, 11, 5),
        unit=made.east,
        type="branch_assembly",
        eligible=4,
        attending=1,
        resolutions=vote,
    )
    screen = "".join(run("compliance", "--period", "2025-Q4", "--unit", "东河村").stdout.split())
    assert "应召开主题党日1次，没有记录。依据：meet-theme-day，《" in screen
    assert "2025-11-05召开的支部党员大会不合规定，不能算数：应到4人，到会1人。没有做到：" in screen
    assert "（meet-assembly-quorum）。依据：" in screen
    assert "依据：meet-assembly，《中国共产党支部工作条例（试行）》第十一条。" in screen


def test_json_has_every_cell_however_it_is_shown(county: Made) -> None:
    run = county[1]
    whole = cells_of(run, "--period", "2026-Q1")
    assert cells_of(run, "--period", "2026-Q1", "--all") == whole
    assert len(whole) > 8


FACTS = {"activity": "party_lecture", "required": 1, "found": 1, "valid": 1, "last_day": "2026-03-31"}
HELD = [{"on": "2026-04-02", "valid": True}]


def exempt(reason: str, on: str = "") -> dict[str, Any]:
    """What an exempt cell tells of its reason."""
    told = {**FACTS, "first_day": "2026-01-01", "exempt": reason}
    return {"facts": {**told, "exempt_on": on} if on else told}


@pytest.mark.parametrize(
    ("verdict", "more", "chinese", "english"),
    [
        ("met", {}, "2026-04-02召开党课。", "party lecture held on 2026-04-02."),
        (
            "met",
            {"recorded_days_late": 5},
            "2026-04-02召开党课，期后5天才录入。",
            "party lecture held on 2026-04-02, entered 5 days after the period.",
        ),
        (
            "late",
            {},
            "党课到2026-04-02才召开，应在2026-03-31以前。",
            "party lecture held only on 2026-04-02, it was due by 2026-03-31.",
        ),
        (
            "missing",
            {"evidence": []},
            "应召开党课1次，没有记录。",
            "party lecture: none on the books, 1 was due.",
        ),
        (
            "missing",
            {"facts": {**FACTS, "required": 2}},
            "应召开党课2次，1次。",
            "party lecture: 1 on the books, 2 were due.",
        ),
        (
            "invalid",
            {"evidence": [{"on": "2026-04-02", "valid": False}]},
            "2026-04-02召开的党课不合规定，不能算数。",
            "party lecture held on 2026-04-02 does not count: it broke a rule.",
        ),
        (
            "invalid",
            {
                "evidence": [{"on": "2026-04-02", "valid": False}],
                "base": {"eligible": 8, "attending": 3, "exempt": 2},
            },
            "2026-04-02召开的党课不合规定，不能算数：应到8人，到会3人（另有2人不计入应到）。",
            "party lecture held on 2026-04-02 does not count: it broke a rule: "
            "3 of 8 came (2 more are not counted in).",
        ),
        (
            "exempt",
            exempt("before-the-books", "2026-02-10"),
            "这一期不作要求：账从2026-02-10记起，2026年一季度从2026-01-01已经开始。",
            "Nothing is asked for: 2026-Q1 began on 2026-01-01, before the books did on 2026-02-10.",
        ),
        (
            "exempt",
            exempt("dissolved", "2026-03-10"),
            "这一期不作要求：党组织2026-03-10撤销，2026年一季度到2026-03-31才完。",
            "Nothing is asked for: the organization was dissolved on 2026-03-10, "
            "before the end of 2026-Q1 on 2026-03-31.",
        ),
        (
            "exempt",
            exempt("not-yet-asked", "2026-02-01"),
            "这一期不作要求：这项要求从2026-02-01起，2026年一季度从2026-01-01已经开始，从下一期起算。",
            "Nothing is asked for: this holds from 2026-02-01, 2026-Q1 had begun on 2026-01-01; "
            "it is from the next period on.",
        ),
        (
            "exempt",
            exempt("not-yet-asked"),
            "这一期不作要求：2026年一季度开始时还没有这项要求，或者还不适用于本组织，从下一期起算。",
            "Nothing is asked for: 2026-Q1 began before this was asked for, or asked of this organization; "
            "it is from the next period on.",
        ),
        (
            "exempt",
            exempt("no-longer-asked", "2026-03-01"),
            "这一期不作要求：这项要求2026-03-01起不再执行，2026年一季度到2026-03-31才完。",
            "Nothing is asked for: this ceased to hold on 2026-03-01, "
            "before the end of 2026-Q1 on 2026-03-31.",
        ),
        (
            "exempt",
            exempt("no-longer-asked"),
            "这一期不作要求：2026年一季度没有完，这项要求就不再有了，或者不再适用于本组织。",
            "Nothing is asked for: this ceased to be asked for, or asked of this organization, "
            "before 2026-Q1 was over.",
        ),
        (
            "exempt",
            exempt("no-members"),
            "这一期不作要求：2026年一季度的第一天或最后一天没有在册党员。",
            "Nothing is asked for: nobody belonged to the branch on the first or on the last day of 2026-Q1.",
        ),
        (
            "refer",
            {"facts": {**FACTS, "unsure": "roster-unknown"}},
            "没有党员名册，也没有任何会议记录，有没有该开的会请人认定。",
            "No roster and no meeting of any kind is on the books: "
            "a person must decide whether anything was due.",
        ),
        (
            "pending",
            {},
            "应在2026-03-31以前召开党课，本期未完。",
            "party lecture is due by 2026-03-31, the period still runs.",
        ),
        (
            "refer",
            {},
            "是否适用要看的情况没有记录，请人认定。",
            "whether it applies depends on what is not on the books: a person must decide.",
        ),
    ],
)
def test_an_explanation_says_what_was_held_and_what_was_due(
    verdict: str, more: dict[str, Any], chinese: str, english: str
) -> None:
    cell = {
        "rule": "county-lecture",
        "verdict": verdict,
        "period": "2026-Q1",
        "facts": FACTS,
        "evidence": HELD,
        "recorded_days_late": None,
    }
    told = tuple(Wording(lang).duty({**cell, **more}) for lang in ("zh", "en"))
    assert told == (chinese, english)


STORY = """
[unit]
name = "甲支部"
full_members = 5
[[ask]]
compliance = { period = "2026-Q1", on = 2026-06-30 }
"""


@pytest.mark.parametrize(("lang", "told"), [("zh", "没有记录。"), ("en", "none on the books")])
def test_an_answer_in_a_story_explains_its_cells_in_the_language_asked_for(
    county: Made, tmp_path: Path, lang: str, told: str
) -> None:
    (tmp_path / "story.toml").write_text(STORY, "utf-8")
    answer = answered(county[1]("sandbox", str(tmp_path / "story.toml"), "--format", "json", "--lang", lang))
    cells = answer["answers"][0]["rows"]
    assert any(told in cell["explanation"] for cell in cells)
    assert any(CHINESE.search(cell["explanation"]) for cell in cells) is (lang == "zh")


def test_in_english_nothing_but_names_is_chinese_and_that_is_said(county: Made) -> None:
    run = county[1]
    for args in (("--period", "2026-Q1"), ("--period", "2026-Q1", "--unit", "东河村")):
        screen = run("compliance", *args, "--lang", "en").stdout
        assert not CHINESE.search(NAMES.sub("", re.sub(r"\s", "", screen)))
        assert "names and titles of regulations stay in Chinese" in screen
    told = answered(run("compliance", "--period", "2026-Q1", "--format", "json", "--lang", "en"))
    assert not any(CHINESE.search(cell["explanation"]) for cell in told["rows"])


REMINDER = {
    "unit": "东河村党支部", "person": None, "matter": "2026-03", "rule": "meet-theme-day",
    "due_on": "2026-03-31", "days_left": 11, "stage": "reminder", "count": 1, "clause": "《条例》第十六条",
    "text": "东河村党支部：……",
}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "theme party day 2026-03 is due by 2026-03-31, in 11 days (《条例》第十六条)."),
        (
            {"stage": "due", "days_left": 0},
            "theme party day 2026-03 is due today, 2026-03-31 (《条例》第十六条).",
        ),
        (
            {"stage": "overdue", "days_left": -2},
            "theme party day 2026-03 was due by 2026-03-31, 2 days ago (《条例》第十六条).",
        ),
        (
            {"stage": "overdue", "count": 3},
            "theme party day 2026-03: 3 are not done, the latest was due by 2026-03-31 (《条例》第十六条).",
        ),
        (
            {"stage": "history", "count": 4},
            "4 passed before reminders began, the latest on 2026-03-31; see the to-do list.",
        ),
        (
            {"matter": "hold_first_talk", "rule": "dev-first-talk", "person": "王五"},
            "hold first talk is due by 2026-03-31, in 11 days (《条例》第十六条).",
        ),
    ],
)
def test_a_reminder_is_told_in_english_too(more: dict[str, Any], told: str) -> None:
    who = "东河村党支部, 王五" if "person" in more else "东河村党支部"
    assert Wording("en").reminder({**REMINDER, **more}) == f"{who}: {told}"


def test_the_reminder_that_is_sent_is_what_chinese_readers_see() -> None:
    assert Wording().reminder(REMINDER) == REMINDER["text"]


def test_one_verdict_of_one_rule_is_listed_and_every_count_of_the_matrix_is_of_those(county: Made) -> None:
    run = county[1]
    whole = cells_of(run, "--period", "2026")
    made = json.loads(run("compliance", "--period", "2026", "--matrix", "--format", "json").stdout)
    assert made["by"] == "rule"
    for verdict, count in made["tiles"].items():
        listed = cells_of(run, "--period", "2026", "--verdict", verdict)
        assert count == len(listed) == sum(cell["verdict"] == verdict for cell in whole)
    of_rule = cells_of(run, "--period", "2026", "--rule", "edu-theme-day")
    assert {cell["rule"] for cell in of_rule} == {"meet-theme-day"}


def test_the_matrix_of_a_rule_has_its_periods_and_totals(county: Made) -> None:
    screen = county[1]("compliance", "--period", "2026-Q1", "--rule", "meet-theme-day", "--matrix").stdout
    lines = screen.splitlines()
    assert [head for head in ("2026-01", "2026-02", "2026-03", "已办/应办") if head in lines[1]] == [
        "2026-01", "2026-02", "2026-03", "已办/应办",
    ]  # fmt: skip
    assert any(line.startswith("合计") for line in lines)
    english = county[1]("compliance", "--period", "2026-Q1", "--matrix", "--lang", "en").stdout
    assert "done/due" in english


def test_a_verdict_that_is_none_is_wrong_usage(county: Made) -> None:
    assert county[1]("compliance", "--period", "2026", "--verdict", "fine").exit_code == 2
