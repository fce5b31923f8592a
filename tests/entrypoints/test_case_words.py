"""What a case says on the command line and the pages: its state, its rows, its rules, all in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from workflows.adapters import packs
from workflows.entrypoints import case_state
from workflows.entrypoints.case_words import CaseWords
from workflows.entrypoints.row_words import row_told
from workflows.entrypoints.web.cases.inspections import wanting
from workflows.entrypoints.web.words import value_word
from workflows.entrypoints.wording import Wording
from workflows.policies.rules import Rules

ZH, EN = Wording("zh"), Wording("en")
RULES = Rules(packs.shipped(), packs.calendar())
WORDS = CaseWords(RULES, lambda: RULES, date(2026, 12, 1), lambda text: None)

ROWS: list[tuple[dict[str, Any], str]] = [
    (
        {"criterion": "服务体系", "points": 16.5, "events": ["a", "b"], "evidence": "登记簿"},
        "服务体系 16.5 分（2 条记录；登记簿）",
    ),
    ({"id": "服务体系", "points": 16.0, "evidence": None}, "服务体系 16 分"),
    (
        {"id": "服务体系", "title": "“一厅一支部”", "points": 20, "veto": False, "clause": "第三条"},
        "服务体系（20 分）：“一厅一支部”（第三条）",
    ),
    (
        {"id": "违纪", "veto": True, "lost": 0.5, "partly": True, "proved_by": ["每月一次", "每季一次"]},
        "违纪（一票否决；每次扣 0.5 分；按记录看一部分：每月一次、每季一次）",
    ),
    ({"id": "阵地", "met": False, "applies": True, "note": "漏雨"}, "阵地：没有达到（漏雨）"),
    ({"id": "阵地", "applies": True}, "阵地：没有写明达到没有"),
    ({"id": "阵地", "met": None, "applies": False}, "阵地：不适用"),
    ({"point": "会议记录", "in_order": True, "note": ""}, "会议记录：符合要求"),
    ({"point": "会议记录"}, "会议记录：看不出"),
    ({"person": "李四", "votes": 9}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("row", "told"), ROWS)
def test_a_row_of_a_case_is_told_as_one_says_it_on_screens_and_pages_alike(
    row: dict[str, Any], told: str
) -> None:
    assert row_told(row, ZH) == told
    if told:
        assert value_word("scores", row) == told
        assert row_told(row, EN)


def test_facts_speak_of_rules_plans_and_periods_in_words() -> None:
    facts = {
        "rule": "meet-theme-day",
        "scheme": "seed-004-a",
        "period": "2026-Q3",
        "checklist": ["meet-lecture", "会议室"],
        "criteria": [{"id": "制度", "proved_by": ["meet-assembly"], "veto": False}],
        "checked": [{"point": "meet-lecture", "in_order": True}],
        "text": "没有开",
    }
    told = WORDS.facts(facts)
    assert "主题党日" in told["rule"]
    assert told["scheme"] == "《“五星级服务型党支部”创建工作方案》"
    assert told["period"] == "三季度"
    assert told["checklist"][1] == "会议室"
    assert "党课" in told["checklist"][0]
    assert "meet-" not in str(told)
    assert told["text"] == "没有开"


def state(kind: str, **facts: Any) -> dict[str, Any]:
    told = {"kind": kind, "subject": "考评", "unit": "甲党委", "unit_id": "x", "stage": "open", "over": False}
    return case_state.state({**told, **facts}, ZH, WORDS)


def test_the_sample_of_a_campaign_names_the_units_drawn_and_its_seed() -> None:
    told = state("campaign", sample={"count": 2, "units": ["甲支部", "乙支部"], "seed": "20221204"})
    assert told["case_sample"] == "2 个：甲支部、乙支部（抽取种子 20221204）"
    told = state("campaign", sample={"count": 12, "units": [], "seed": None})
    assert told["case_sample"] == "12 个"


def test_every_grade_decided_names_the_branch_the_grade_and_the_day() -> None:
    grade = {
        "unit": "甲支部",
        "unit_id": "y",
        "on": "2026-12-01",
        "event": "RatingConfirmed",
        "grade": "四星级",
    }
    gone = {**grade, "event": "RatingRevoked", "on": "2026-12-20", "grade": None}
    ratings = [{**grade, "score": 88.5, "satisfaction": 97.0}, {**gone, "score": None, "satisfaction": None}]
    assert state("campaign", ratings=ratings)["ratings"] == [
        "甲支部 四星级（2026-12-01 确定等次，得分 88.5，满意率 97%）",
        "甲支部（2026-12-20 取消等次）",
    ]


def test_a_campaign_in_which_nobody_declared_says_so_and_no_nought() -> None:
    assert state("campaign", declared=0)["case_declared"] == "没有记录"
    assert state("campaign", declared=9)["case_declared"] == "9 个"


def test_the_assessments_of_a_site_and_the_acceptance_of_an_overhaul_say_what_they_came_to() -> None:
    seen = {"on": "2026-05-01", "year": 2026, "satisfaction": 91.5, "passed": False, "unmet": ["阵地"]}
    assert state("site", stage="named", assessments=[seen])["assessments"] == [
        "2026-05-01，2026 年度，没有通过，满意率 91.5%，没有达到：阵地"
    ]
    accepted = {"on": "2026-06-01", "score": 82.0, "dissatisfied": 3.5, "passed": True}
    told = state("listing", stage="listed", accepted=accepted)
    assert told["overhaul_accepted"] == "2026-06-01，通过，得分 82，不满意 3.5%"


def test_every_stage_and_every_fact_of_a_state_has_a_word_of_its_own() -> None:
    for kind, names in case_state.NAMES.items():
        for key in names:
            name = case_state.named(key, kind)
            assert ZH.words.known("column", name) or ZH.words.known("fact", name), name


def test_a_problem_of_an_inspection_names_what_the_facts_lack_of_its_rule_with_period_and_group() -> None:
    def cell(rule: str, what: str, outcome: str) -> dict[str, Any]:
        return {"rule": rule, "what": what, "label": "党小组会每月一次", "outcome": outcome, "part": "一组"}

    proofs = [
        cell("meet-assembly", "2026-Q3", "missing"),
        cell("meet-group", "2026-07", "met"),
        cell("meet-group", "2026-08", "missing"),
        cell("meet-group", "2026-09", "invalid"),
    ]
    row = {"rule": "meet-group", "facts": [{"unit": "甲支部", "proofs": proofs}]}
    assert wanting(row) == "账上“党小组会每月一次”没有做到（2026-08 一组、2026-09 一组）"
    own = [{**proof, "rule": "meet-theme-day"} for proof in proofs[2:3]]
    told = {"rule": "meet-theme-day", "facts": [{"unit": "甲支部", "proofs": own}]}
    assert wanting(told) == "账上主题党日没有做到（2026-08 一组）"
    assert wanting({**row, "rule": "meet-committee"}) == ""
