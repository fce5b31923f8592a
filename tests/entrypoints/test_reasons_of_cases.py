"""What a case finds of itself is told in both languages, whatever its facts are called."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

import workflows
from tests.entrypoints.web_cases import MISSED, cases
from tests.entrypoints.web_county import OTHER
from tests.entrypoints.web_forms import CLERK, HERE, Clerk
from workflows.domain.case_files import finding_of_case
from workflows.entrypoints.catalogue import Lang
from workflows.entrypoints.web.site import create_app
from workflows.entrypoints.wording import Wording
from workflows.policies.findings import Finding, Verdict

SOURCES = Path(str(workflows.__file__)).parent
RULE, DAY, LATER = "meet-assembly", "2026-04-30", "2026-07-05"
BROKEN = {"rule": RULE, "on": LATER, "looked": ["2026-Q1"], "broken": ["2026-Q1"]}
WAIVED = {
    "rule": RULE, "on": LATER, "looked": ["2026-Q1"], "waived": ["2026-Q1"], "authority": "镇党委",
    "since": DAY,
}  # fmt: skip
POINTS = {"points": ["a", "b"], "labels": ["会议记录", "党费"]}
UNIT, UNITS, REASON = {"unit": "甲支部"}, {"units": ["甲支部", "乙支部"]}, {"missing": "reason"}
PLATE = {"grade": "五星级", "hung_on": DAY}
SCORES = {"score": 96.0, "reviewed_on": [DAY], "level": ["五星级"]}

FACTS: dict[str, dict[str, Any]] = {
    "close-still-broken": BROKEN,
    "accept-still-broken": BROKEN,
    "reopen-due-wanted": {"was_due_on": DAY},
    "close-cannot-tell": {"rule": RULE, "on": LATER},
    "close-waived": WAIVED,
    "close-waived-late": WAIVED | {"days": 5},
    "close-waived-entered": WAIVED | {"days": 5, "entered_on": LATER},
    "correction-put-off-late": {"due_on": DAY, "on": LATER},
    "close-waived-by-itself": WAIVED,
    "close-perhaps-the-same": {"person": "李（兼）"},
    "close-by-another": {"person": "李"},
    "close-who": {"missing": "by"},
    "case-unit-gone": UNIT,
    "case-handed-on": UNIT | {"successor": "乙支部"},
    "retract-still-broken": {"subject": "一季度的党员大会", "rule": RULE, "broken": ["2026-Q1"]},
    "close-broken-there": BROKEN | UNIT,
    "case-gone-reason": UNIT | REASON,
    "issue-recurs": {"rule": RULE, "times": 2},
    "issue-relapse": {"rule": RULE, "closed_on": DAY, "until": LATER},
    "follow-up-early": {"delisted_on": DAY, "until": LATER},
    "correction-due": {"due_on": DAY, "on": LATER},
    "correction-held-before": {"until": DAY, "on": LATER},
    "correction-due-earlier": {"due_on": DAY, "was_due_on": LATER},
    "retract-along": {"subject": "一季度督查：问题1", "position": 7},
    "escalate-to-whom": {"missing": "to"},
    "rating-not-taking-part": UNIT | UNITS | {"count": 2},
    "inspection-pack": {"pack": "seed-003"},
    "visit-not-in-order": POINTS,
    "end-not-looked": POINTS,
    "end-not-raised": POINTS,
    "finding-no-point": POINTS,
    "finding-point": {"point": "会议", "labels": ["会议记录"]},
    "visit-not-looked": POINTS,
    "listed-already": {"lacking": ["软弱涣散整顿"]},
    "overhaul-half": {"labels": ["群众满意"]},
    "overhaul-outcome": {},
    "overhaul-unsettled": {},
    "overhaul-claimed": {"rules": ["weak-score"]},
    "site-not-assessed": {},
    "site-failed": {"assessed_on": DAY},
    "site-outcome-open": {},
    "site-level-differs": {"site_level": "county", "was_level": None},
    "site-criterion": {"criterion": "有旗"},
    "site-criteria-open": {"criteria": ["a"], "labels": ["有阵地"]},
    "rating-criterion": {"criterion": "党课"},
    "rating-twice": {"criterion": "党课"},
    "rating-unit-gone": UNITS,
    "rating-grade-unknown": {"grade": "特优", "levels": ["优秀", "合格"]},
    "rating-found-wrong": UNIT,
    "rating-points": {"criterion": "党课", "points": 12.0, "most": 10.0},
    "rating-no-points": {},
    "rating-criteria-unknown": {"scheme": "seed-004-b", "not_given": "附件没有"},
    "rating-no-criteria": {"scheme": "seed-004-b"},
    "rating-evidence": {"criteria": ["党课"]},
    "rating-survey": {"satisfied": 11, "asked": 10},
    "rating-reason": REASON,
    "rating-changed": {"criteria": ["党课"]},
    "rating-grade-differs": {"grade": "四星级", "level": "五星级", "score": None},
    "rating-score-differs": SCORES | {"total": 80.0, "parts": ["党课 80"], "level_of_total": []},
    "rating-score-alone": {"score": 96.0, "reviewed_on": [DAY], "criteria": ["党课"]},
    "rating-over-work-unsaid": {"censured_on": DAY, "censure": "criticised", "label": "当年没有被通报"},
    "rating-not-reviewed": {"score": 96.0} | REASON,
    "rating-appeal-open": {},
    "rating-none": {},
    "rating-void": UNIT,
    "plate-for": {"grade": "五星级"},
    "plate-hangs": PLATE | {"grade": None},
    "plate-none": {},
    "plate-not-for": {"grade": "三星级", "levels": ["五星级"]},
    "plate-of-no-grade": {"grade": "三星级"},
    "plate-plan-unknown": {"grade": "五星级"},
    "plate-reason": {"grade": "五星级"} | REASON,
    "plate-left-hanging": PLATE,
    "sample-size": {"missing": "sampled"},
    "sample-not-drawn": {"seed": "7"},
    "sample-seed": {"missing": "seed"},
    "sample-passed-differs": UNITS,
    "sample-passed-count": {"told": 4, "passed": 3},
    "sample-not-passed": UNITS,
    "recheck-other-sample": {"sampled": 40, "drawn": 3},
    "recheck-not-sampled": UNITS,
    "sample-over": {"sampled": 4, "passed": 3},
}  # fmt: skip
"""The facts of every code, as the domain tells them; unknown where one may be."""

MESSAGES = tomllib.loads((SOURCES / "entrypoints/messages.toml").read_text("utf-8"))
CODES: dict[str, list[str]] = MESSAGES["case"]
LACKING = {"overhaul-half": ("dissatisfied",), "overhaul-outcome": ("passed",)}
SAID = {
    "reopen-due-wanted": (DAY,),
    "correction-due-earlier": (DAY, LATER),
    "close-still-broken": ("2026-Q1",),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", CODES)
def test_every_finding_of_a_case_is_told(code: str, lang: Lang) -> None:
    told = finding_of_case(code, Verdict.REFER, "warn", **FACTS.get(code, named_in(code)))
    said = Wording(lang).finding(replace(told, missing=LACKING.get(code, ()), days_late=3))
    assert "None" not in said
    periods = {"2026-Q1": "2026年一季度"} if lang == "zh" else {}
    assert all(periods.get(value, value) in said for value in SAID.get(code, ())), said


def test_every_finding_that_a_case_makes_has_its_sentences() -> None:
    made = {code for file in SOURCES.rglob("*.py") for code in codes(ast.parse(file.read_text("utf-8")))}
    assert len(made) > 50
    assert made | set(FACTS) <= set(CODES)


def named_in(code: str) -> dict[str, Any]:
    """Return something for each fact that the sentences about a code name: for one not told of above."""
    said = [*CODES[code], *MESSAGES["remedy"].get(code, ())]
    names = {name for text in said for _, name, _, _ in Formatter().parse(text) if name}
    return dict.fromkeys(names, DAY)


def codes(module: ast.Module) -> Iterator[str]:
    """Yield the codes of the findings of cases that a module makes, told by themselves or by a constant."""
    known: dict[str, str] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Assign):
            targets = node.targets[0].elts if isinstance(node.targets[0], ast.Tuple) else node.targets
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            for target, value in zip(targets, values, strict=False):
                if isinstance(target, ast.Name) and isinstance(value, ast.Constant):
                    known[target.id] = str(value.value)
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "finding_of_case":
            match node.args[0]:
                case ast.Constant(value=str(code)):
                    yield code
                case ast.Name(id=name) if name in known:
                    yield known[name]


def test_a_problem_reopened_after_its_day_is_opened_with_its_history_and_its_records() -> None:
    made = cases()
    made.act("2026-10-20", "submit_correction", MISSED, OTHER, by="周桂英")
    made.act("2026-10-21", "accept_correction", MISSED, OTHER, by="周敏", result="pass", on_site=True)
    made.act("2026-10-22", "close_out", MISSED, OTHER, by="周敏")
    again = made.act("2026-11-21", "reopen_issue", MISSED, OTHER, reason="四季度又没有开")
    made.act(
        "2026-11-22", "plan_correction", MISSED, OTHER, measure="补开", owner="周桂英", due_on="2026-12-10"
    )
    sooner = made.act(
        "2026-11-23", "extend_correction", MISSED, OTHER, reason="提前", due_on="2026-12-09",
        authority="镇党委", document="文",
    )  # fmt: skip
    place = f"/issues/{made.ids[MISSED]}"
    with TestClient(create_app(made.books, actor=CLERK), base_url=HERE) as site:
        told = Clerk(site, made.books)
        for path in (place, f"{place}/history", f"/events/{again.position}", f"/events/{sooner.position}"):
            told.open(path)
        assert "原来的期限 2026-11-20 已经过了" in told.open(f"/events/{again.position}")
        assert "不晚于现在的期限 2026-12-10" in told.open(f"/events/{sooner.position}")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_extension_past_the_last_day_allowed_is_told(lang: Lang) -> None:
    facts = {"was_due_on": DAY, "extended_to": LATER}
    beyond = Finding(rule="dev-vote-delay", verdict=Verdict.BLOCK, kind="extension", label="x", facts=facts)
    said = Wording(lang).finding(replace(beyond, latest_on=date(2026, 5, 31)))
    assert all(day in said for day in (DAY, LATER, "2026-05-31")), said
