"""抽取复查对象 on its form: who takes part and passed, how many, and a seed by which anyone draws again."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from tests.entrypoints.web_forms import text_of
from tests.entrypoints.web_story import Shown, step, unit
from workflows.domain.campaign.state import drawn

RATED, HOLDER = "2026 年达标验收", "机关党委"
BRANCHES = [f"{name}支部" for name in "甲乙丙丁戊"]
PASSED = BRANCHES[:4]


def listed(names: list[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


STORY = (
    'title = "a sample is drawn"\npacks = ["central", "seed-000-a"]\n'
    + unit(HOLDER, "organ", "committee")
    + "".join(unit(name, "organ", "branch", HOLDER) for name in [*BRANCHES, "己支部"])
    + step(
        "2026-01-10", "open_campaign", HOLDER, RATED,
        f'scheme = "seed-000-a", year = 2026, units = {listed(BRANCHES)}',
    )
    + step("2026-11-20", "review", HOLDER, RATED, f"passed = {listed(PASSED)}")
)  # fmt: skip


@pytest.fixture
def shown() -> Shown:
    return Shown(STORY)


def form(shown: Shown, command: str) -> str:
    return shown.place("campaign", "/campaigns", RATED) + f"/acts/{command}"


def ids(shown: Shown) -> dict[str, str]:
    rows = shown.books.answering.units()["rows"]
    return {row["unit"]: row["unit_id"] for row in rows}


def test_the_form_offers_who_takes_part_ticks_who_passed_and_says_how_many_have_to_be_drawn(
    shown: Shown,
) -> None:
    told = shown.clerk.open(form(shown, "draw_sample"))
    page = shown.site.get(form(shown, "draw_sample")).text
    passed = page.split('id="passed"')[1].split("</fieldset>")[0]
    assert len(re.findall(r'type="checkbox"', passed)) == len(BRANCHES)
    assert len(re.findall(r" checked", passed)) == len(PASSED)
    sampled = page.split('id="sampled"')[1].split("</fieldset>")[0]
    assert [name for name in BRANCHES if name in sampled] == PASSED
    assert "己支部" not in passed + sampled, "it takes no part"
    assert HOLDER not in passed + sampled, "it holds the campaign"
    assert "达标 4 个，至少抽 2 个（不少于 30%，" in told
    assert "涉及的党组织" not in told


def test_a_number_and_a_seed_say_at_the_check_who_is_drawn_and_what_share_that_is(shown: Shown) -> None:
    path, units = form(shown, "draw_sample"), ids(shown)
    shown.clerk.open(path)
    given: dict[str, Any] = {"on": "2026-12-01", "passed": [units[name] for name in PASSED], "seed": "甲子"}
    told = shown.clerk.post(path, "check", **given, **{"sampled.other": "2"}).text
    lot = drawn([UUID(units[name]) for name in PASSED], 2, "甲子")
    first, second = (next(name for name in PASSED if units[name] == str(one)) for one in lot)
    assert f"抽 2/4（50%）：{first}、{second}" in told
    assert "种子“甲子”" in told


def test_too_few_are_refused_with_the_clause_and_the_share(shown: Shown) -> None:
    path = form(shown, "draw_sample")
    shown.clerk.open(path)
    too_few = {"on": "2026-12-01", "seed": "1", "sampled.other": "1"}
    told = text_of(shown.clerk.post(path, "check", **too_few))
    assert "抽查比例在初评达标数的30%以上" in told
    assert shown.clerk.post(path, "confirm", **too_few).status_code != 303
    assert shown.clerk.post(path, "confirm", **{**too_few, "sampled.other": "2"}).status_code == 303


def test_the_form_of_the_re_check_offers_the_sample_alone(shown: Shown) -> None:
    shown.clerk.record(form(shown, "draw_sample"), **{"on": "2026-12-01", "seed": "7", "sampled.other": "2"})
    page = shown.site.get(form(shown, "recheck")).text
    wrong = page.split('id="wrong"')[1].split("</fieldset>")[0]
    assert len(re.findall(r'type="checkbox"', wrong)) == 2
    assert page.split('id="sampled"')[1].split("</fieldset>")[0].count(" checked") == 2
