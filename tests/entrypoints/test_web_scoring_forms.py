"""自评、初评、定等次 on their forms: every criterion stands there, nothing is typed twice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_cases import Cases
from tests.entrypoints.web_county import BRANCH, COMMITTEE, OTHER, county
from tests.entrypoints.web_forms import CLERK, HERE, Clerk, text_of
from workflows.domain.campaign import events as ev
from workflows.entrypoints.web.site import create_app
from workflows.kernel.clock import moment_of

ROUND, PLAN = "2026年创星", "seed-004-a"
STARS = ("服务体系", "服务队伍", "服务机制", "服务保障", "服务业绩")
CLAIM = (19, 18, 19, 18, 19)


@dataclass
class Round:
    """A campaign by a plan of five stars, opened for two branches, and the clerk at its forms."""

    made: Cases
    clerk: Clerk

    @property
    def base(self) -> str:
        """Return the page of the campaign."""
        return f"/campaigns/{self.made.ids[ROUND]}"

    def act(self, command: str, branch: str = "") -> str:
        """Return the form of an act, about a branch."""
        return f"{self.base}/acts/{command}" + (f"?unit={self.unit(branch)}" if branch else "")

    def unit(self, branch: str) -> str:
        """Return the id of a branch."""
        return str(self.made.books.units[branch])

    def page(self) -> str:
        """Return what the page of the campaign says."""
        return text_of(self.clerk.site.get(self.base))

    def next(self) -> str:
        """Return which act comes next, "" for none."""
        found = re.search(r"下一步：(\S+)", self.page())
        return found[1] if found else ""

    def today(self, day: str) -> None:
        """Let it be a day."""
        self.made.books.clock.put(moment_of(date.fromisoformat(day), 8))


@pytest.fixture
def stars() -> Round:
    made = Cases(county())
    made.books.act("2026-01-10", "adopt_pack", {"pack": PLAN}, unit=COMMITTEE)
    made.act("2026-05-08", "open_campaign", ROUND, COMMITTEE, scheme=PLAN, year=2026, units=[BRANCH, OTHER])
    made.books.clock.put(moment_of(date(2026, 11, 30), 8))
    return Round(made, Clerk(TestClient(create_app(made.books, actor=CLERK), base_url=HERE), made.books))


def frozen(stars: Round) -> Round:
    stars.made.act("2026-05-10", "freeze_rubric", ROUND, COMMITTEE)
    return stars


def points(given: tuple[float, ...], **evidence: str) -> dict[str, str]:
    """Return the rows of a form: the points of every star, and what proves them."""
    rows = {f"scores.{place}.criterion": name for place, name in enumerate(STARS)}
    rows |= {f"scores.{place}.points": str(number) for place, number in enumerate(given)}
    return rows | {f"scores.{STARS.index(name)}.evidence": told for name, told in evidence.items()}


def claimed(stars: Round) -> Round:
    """Both branches assessed themselves, the masses were asked."""
    frozen(stars)
    for branch in (BRANCH, OTHER):
        told = [
            {"criterion": name, "points": number, "evidence": "台账"}
            for name, number in zip(STARS, CLAIM, strict=True)
        ]
        stars.made.act("2026-10-08", "assess_self", ROUND, branch, scores=told)
        stars.made.act("2026-10-12", "survey_masses", ROUND, branch, asked=100, satisfied=97)
    stars.today("2026-11-30")
    return stars


def values(page: str, name: str) -> list[str]:
    return re.findall(rf'<input id="{name}"[^>]* value="([^"]*)"', page)


def last(stars: Round) -> object:
    with stars.made.books.log.read() as reading:
        record = reading.event_at(reading.head())
    return record.event if record is not None else None


def test_the_rubric_of_the_plan_is_frozen_without_a_word_typed_and_said_before_it_is(stars: Round) -> None:
    form = stars.clerk.open(stars.act("freeze_rubric"))
    assert "的 5 项，不用写" in form
    checked = text_of(stars.clerk.post(stars.act("freeze_rubric"), "check", on="2026-11-30"))
    assert "冻结的标准 5 项：服务体系（20 分）、服务队伍（20 分）" in checked


def test_who_declares_is_asked_once_and_those_who_have_not_are_ticked(stars: Round) -> None:
    frozen(stars).made.act("2026-05-20", "declare", ROUND, COMMITTEE, units=[OTHER])
    page = stars.clerk.site.get(stars.act("declare")).text
    assert 'name="unit"' not in page
    boxes = re.findall(r'name="units" value="([^"]+)"[^>]*?( checked)?>', page)
    assert {unit for unit, ticked in boxes if ticked} == {stars.unit(BRANCH)}
    stars.clerk.open(stars.act("declare"))
    assert "请选申报的党组织" in text_of(stars.clerk.post(stars.act("declare"), "check", on="2026-11-30"))


def test_what_stands_in_a_form_is_about_the_branch_it_was_opened_for(stars: Round) -> None:
    page = frozen(stars).clerk.site.get(stars.act("assess_self", BRANCH)).text
    offered = page.split('name="unit"')[1].split("</select>")[0]
    assert re.findall(r'<option value="([^"]+)"', offered) == [stars.unit(BRANCH)]


@pytest.mark.parametrize(
    ("given", "row", "told"),
    [
        (points((25, 18, 19, 18, 19), **dict.fromkeys(STARS, "台账")), "scores.0.points", "25"),
        (points(CLAIM, 服务体系="台账"), "scores.1.evidence", "服务队伍"),
    ],
)
def test_what_is_wrong_with_a_star_is_said_at_its_row(
    stars: Round, given: dict[str, str], row: str, told: str
) -> None:
    frozen(stars)
    path = stars.act("assess_self", BRANCH)
    stars.clerk.open(path)
    page = stars.clerk.post(path, "check", on="2026-11-30", unit=stars.unit(BRANCH), **given).text
    at_row = re.search(rf'<span class="err" id="{re.escape(row)}-e">([^<]*)', page)
    assert at_row is not None
    assert told in at_row[1]


def test_a_review_begins_from_the_claim_and_a_changed_star_wants_its_reason_at_the_field(
    stars: Round,
) -> None:
    claimed(stars)
    path = stars.act("review", BRANCH)
    page = stars.clerk.site.get(path).text
    assert [values(page, rf"scores\.{place}\.points") for place in range(5)] == [[str(n)] for n in CLAIM]
    given = {"on": "2026-11-30", "unit": stars.unit(BRANCH), "passed": "true", **points((19, 16, 19, 18, 19))}
    stars.clerk.open(path)
    refused = stars.clerk.post(path, "check", **given)
    assert re.search(r'id="reason-e">[^<]*服务队伍', refused.text)
    stars.clerk.record(path, **given, reason="联络员换了两次")
    event = last(stars)
    assert isinstance(event, ev.Reviewed)
    assert (event.score, event.passed, event.reason) == (91, True, "联络员换了两次")


def test_one_review_stands_once_beside_the_claim_and_its_reason_where_it_changed_something(
    stars: Round,
) -> None:
    claimed(stars)
    given = [{"criterion": name, "points": n} for name, n in zip(STARS, (19, 16, 19, 18, 19), strict=True)]
    stars.made.act("2026-11-02", "review", ROUND, BRANCH, scores=given, passed=True, reason="换了两次")
    stars.today("2026-11-30")
    page = stars.clerk.site.get(f"{stars.base}/units/{stars.unit(BRANCH)}").text
    assert "<del>" not in page
    assert page.count("理由：换了两次") == 1


def test_what_comes_next_follows_the_plan_to_the_plate_on_the_wall_and_down_again(stars: Round) -> None:
    assert stars.next() == "冻结考评标准"
    made = frozen(stars).made
    assert stars.next() == "自评"
    for branch in (BRANCH, OTHER):
        made.act("2026-10-08", "assess_self", ROUND, branch, score=93)
    assert stars.next() == "党员群众测评", "the plan asks for it before a grade is confirmed"
    for branch in (BRANCH, OTHER):
        made.act("2026-10-12", "survey_masses", ROUND, branch, asked=100, satisfied=97)
    assert stars.next() == "初评"
    for branch in (BRANCH, OTHER):
        made.act("2026-11-02", "review", ROUND, branch, score=93, passed=True)
    made.act("2026-11-05", "draw_sample", ROUND, COMMITTEE, sampled=1, seed="7")
    made.act("2026-11-06", "recheck", ROUND, COMMITTEE, wrong=0)
    made.act("2026-11-08", "post_notice", ROUND, COMMITTEE, working_days=5)
    for branch in (BRANCH, OTHER):
        made.act("2026-11-20", "confirm_rating", ROUND, branch)
    assert stars.next() == "授牌"
    for branch in (BRANCH, OTHER):
        made.act("2026-11-25", "hang_plate", ROUND, branch)
    assert stars.next() == ""
    made.act("2026-11-28", "revoke_rating", ROUND, BRANCH, reason="台账造假")
    assert stars.next() == "摘牌"
    assert f"/acts/take_plate_down?unit={stars.unit(BRANCH)}" in stars.clerk.site.get(stars.base).text


def test_a_grade_off_its_band_is_asked_for_its_reason_once(stars: Round) -> None:
    claimed(stars)
    for branch in (BRANCH, OTHER):
        stars.made.act("2026-11-02", "review", ROUND, branch, score=88, passed=True, reason="按台账")
    stars.today("2026-11-30")
    path = stars.act("confirm_rating", BRANCH)
    assert "不写就按分数段，是三星级" in stars.clerk.open(path)
    given = {"on": "2026-11-30", "unit": stars.unit(BRANCH), "score": "88", "grade": "四星级"}
    refused = stars.clerk.post(path, "check", **given)
    assert re.search(r'id="reason-e">[^<]*按分数88是三星级', refused.text)
    checked = stars.clerk.post(path, "check", **given, reason="会议研究")
    assert 'name="why"' not in checked.text.replace('type="hidden" name="why"', "")
    done = stars.clerk.record(path, **given, reason="会议研究")
    assert "rating-grade-differs" not in done


def test_who_was_found_wrong_is_asked_for_even_if_it_is_nobody(stars: Round) -> None:
    claimed(stars)
    stars.made.act("2026-11-02", "review", ROUND, COMMITTEE, passed=[BRANCH, OTHER])
    stars.made.act("2026-11-05", "draw_sample", ROUND, COMMITTEE, sampled=1, seed="7")
    stars.today("2026-11-30")
    path = stars.act("recheck")
    stars.clerk.open(path)
    assert "请选有误的" in text_of(stars.clerk.post(path, "check", on="2026-11-30"))
    assert "有误的 0 个" in stars.clerk.record(path, on="2026-11-30", **{"wrong.other": "0"})
