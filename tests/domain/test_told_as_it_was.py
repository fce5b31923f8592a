"""What was told of a site, an overhaul, a campaign is quoted as told; what is not checked is said."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from tests.domain.test_campaign import OPENED, UNITS
from tests.domain.test_campaign import step as act
from tests.domain.test_listing_and_site import COUNTY, LISTED, PLAN_OF_SITES, PLANNED, UNIT, step
from tests.support.books import Told
from workflows.application.near_names import near_units
from workflows.application.story import Player, read_story
from workflows.bootstrap import story_app
from workflows.entrypoints.wording import Wording
from workflows.policies.findings import Finding

FREE = 'packs = ["overhaul.toml"]\n', ""
STARS = UNITS.replace('packs = ["seed-000-a"]', 'packs = ["seed-004-a"]') + act(
    "2026-01-05", "open_campaign", 'scheme = "seed-004-a", year = 2026'
)


def said_of(findings: tuple[Finding, ...], rule: str) -> str:
    """Return what is told of the first finding of a rule."""
    return Wording("zh").finding(next(one for one in findings if one.rule == rule))


# --- a rate alone, or numbers -----------------------------------------------------------------------------


@pytest.mark.parametrize(("told", "quoted"), [("88", "88%"), ("89.99", "89.99%")])
def test_a_site_told_by_its_rate_is_quoted_by_its_rate_and_no_number_is_invented(
    told: str, quoted: str
) -> None:
    text = UNIT.replace(*PLAN_OF_SITES) + step("2026-01-10", "nominate_site", 'field = "village"')
    found = Told(text + step("2026-11-10", "assess_site", f"satisfaction = {told}")).played[-1].outcome
    (finding,) = (one for one in found.findings if one.rule == "s001-18" and one.kind == "share")
    assert finding.facts == {"satisfied_percent": float(told)}
    said = said_of((finding,), "s001-18")
    assert f"满意率{quoted}，要求不少于90%，没有达到" in said
    assert "人数" not in said


@pytest.mark.parametrize(("rate", "said"), [("55", "超过了50%"), ("45", "没有超过50%")])
def test_an_acceptance_told_by_a_rate_among_fifteen_does_not_speak_of_a_hundred(
    tmp_path: Path, rate: str, said: str
) -> None:
    (tmp_path / "overhaul.toml").write_text(COUNTY, "utf-8")
    story = read_story(PLANNED + step("2026-11-20", "accept_overhaul", f"dissatisfied = {rate}, asked = 15"))
    app = story_app(story, tmp_path)
    found = Player(story, app.recording, app.clock).play()[-1].outcome.findings
    assert f"不满意率{rate}%，{said}" in said_of(found, "accept-dissatisfied")


def test_a_survey_is_quoted_by_its_numbers_where_numbers_were_told_and_by_the_rate_where_not() -> None:
    counted = Told(STARS + act("2026-11-10", "survey_masses", "asked = 50, satisfied = 44", "甲支部"))
    assert "满意人数44，测评人数50" in said_of(counted.played[-1].outcome.findings, "s004a-satisfaction")
    rated = Told(STARS + act("2026-11-10", "survey_masses", "asked = 50, satisfaction = 88", "甲支部"))
    assert "满意率88%，要求不少于95%" in said_of(rated.played[-1].outcome.findings, "s004a-satisfaction")


def test_a_score_is_quoted_as_told_by_the_word_of_the_field() -> None:
    text = PLANNED.replace(FREE[0], 'packs = ["weak-branches"]\n')
    outcome = (
        Told(text + step("2026-11-20", "accept_overhaul", "score = 69.99, dissatisfied = 0"))
        .played[-1]
        .outcome
    )
    said = said_of(outcome.findings, "weak-accept-score")
    assert "得分69.99，" in said
    assert "整数" not in said


# --- who takes part -----------------------------------------------------------------------------------------


def test_a_campaign_is_not_opened_with_a_unit_that_nobody_knows_and_those_near_are_named() -> None:
    named = act("2026-01-05", "open_campaign", 'units = ["甲支部", "丁支部"]')
    outcome = Told(UNITS + named).played[-1].outcome
    assert (outcome.refused, [one.rule for one in outcome.findings]) == (True, ["rating-unit-unknown"])
    assert "没有“丁支部”" in said_of(outcome.findings, "rating-unit-unknown")
    longer = act("2026-01-05", "open_campaign", 'units = ["甲一支部"]')
    told = said_of(Told(UNITS + longer).played[-1].outcome.findings, "rating-unit-unknown")
    assert "相近的有：甲支部" in told


def test_an_old_campaign_may_name_units_that_are_not_on_the_books() -> None:
    old = act("2026-01-05", "open_campaign", 'units = ["丁支部"]').replace(
        "\nsubject", "\nas_history = true\nsubject"
    )
    assert Told(UNITS + old).played[-1].outcome.refused is False


def test_names_are_near_by_what_is_their_own_not_by_what_all_have() -> None:
    known = ["中共河东村党支部", "河西村党支部", "县委办党支部", "东街社区党支部"]
    assert near_units("河东支部", known)[0] == "中共河东村党支部"
    assert near_units("机关党支部", known) == []


# --- reviews and reports that come back ---------------------------------------------------------------------


def test_only_an_assessment_after_the_naming_is_the_first_yearly_review() -> None:
    text = UNIT.replace(*PLAN_OF_SITES)
    for on, do in (
        ("2026-01-10", "nominate_site"),
        ("2026-12-28", "assess_site"),
        ("2026-12-28", "name_site"),
    ):
        text += step(on, do, 'field = "village"' if do == "nominate_site" else "")

    def due(story: str, on: date) -> list[str]:
        return [
            row["due_on"]
            for row in Told(story).rows("deadlines", on=on)
            if row["label"].startswith("命名以后") and row["status"] != "met"
        ]

    assert due(text, date(2027, 6, 1)) == ["2027-12-28"]
    assert due(text + step("2027-12-20", "assess_site"), date(2027, 12, 21)) == []
    assert due(text + step("2027-12-20", "assess_site"), date(2028, 1, 2)) == ["2028-12-28"]


def test_after_a_monthly_report_the_next_one_stands_ahead_with_its_day() -> None:
    reported = (
        LISTED.replace(FREE[0], 'packs = ["weak-branches"]\n')
        + step("2026-03-20", "plan_overhaul", 'measures = ["选好书记"]')
        + step("2026-04-10", "report_monthly", 'month = "2026-04"')
    )
    answering = Told(reported).answering
    (row,) = answering.case_outlines("listing", on=date(2026, 4, 11))["rows"]
    assert row["limit"] == {"due_on": "2026-05-20", "status": "due"}
    limits = answering.case(UUID(row["file_id"]), on=date(2026, 4, 11))["limits"]
    assert [(one["due_on"], one["status"]) for one in limits] == [
        ("2026-04-20", "met"),
        ("2026-05-20", "due"),
    ]


# --- where no plan was adopted ------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["score = 60, passed = true", "score = 60, passed = false"])
def test_an_acceptance_that_no_pack_judges_is_recorded_with_a_note_that_nothing_was_checked(
    given: str,
) -> None:
    outcome = Told(PLANNED.replace(*FREE) + step("2026-11-20", "accept_overhaul", given)).played[-1].outcome
    assert (outcome.refused, str(outcome.verdict)) == (False, "ok")
    assert [(one.rule, str(one.verdict)) for one in outcome.findings] == [("overhaul-not-judged", "note")]
    assert "没有采用写明验收标准的方案" in said_of(outcome.findings, "overhaul-not-judged")


@pytest.mark.parametrize(("on", "noted"), [("2026-12-03", True), ("2026-12-08", False)])
def test_a_grade_decided_while_the_notice_runs_is_noted_where_no_pack_asks_for_its_end(
    on: str, noted: bool
) -> None:
    text = OPENED.replace('packs = ["seed-000-a"]', "").replace('scheme = "seed-000-a", ', "")
    text += act("2026-11-20", "review", 'passed = ["甲支部"]')
    text += act("2026-12-01", "post_notice", "working_days = 5")
    outcome = Told(text + act(on, "confirm_rating", 'grade = "优秀"', "甲支部")).played[-1].outcome
    assert outcome.refused is False
    assert ("rating-notice-runs" in [one.rule for one in outcome.findings]) is noted
    if noted:
        told = said_of(outcome.findings, "rating-notice-runs")
        assert "公示从2026-12-01起5个工作日，到2026-12-07才满" in told
