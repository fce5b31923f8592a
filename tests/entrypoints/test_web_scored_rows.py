"""自评 and 初评 on the web: every frozen item laid out, with what is known of it beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_cases import Cases
from tests.entrypoints.web_county import BRANCH, COMMITTEE, OTHER, county
from tests.entrypoints.web_forms import CLERK, HERE, Clerk
from workflows.entrypoints.web.site import create_app
from workflows.kernel.clock import moment_of

RATED, LAST = "评星定级", "去年评星"
CRITERIA = [
    {"id": "党员大会", "title": "党员大会按期召开", "points": 40, "lost": 5, "proved_by": ["meet-assembly"]},
    {"id": "作用", "title": "作用发挥", "points": 60},
    {"id": "否决", "title": "发生违纪案件", "veto": True},
]


@pytest.fixture
def clerk() -> Iterator[tuple[Cases, Clerk]]:
    """A clerk before a campaign that is frozen and not scored, after one of the year before."""
    made = Cases(county())
    both = [BRANCH, OTHER]
    made.act("2025-02-01", "open_campaign", LAST, COMMITTEE, year=2025, units=both)
    points = [{"criterion": "作用", "points": 51, "evidence": "台账"}]
    made.act("2025-11-01", "review", LAST, BRANCH, scores=points)
    made.act("2026-02-01", "open_campaign", RATED, COMMITTEE, year=2026, units=both)
    made.act("2026-02-02", "freeze_rubric", RATED, COMMITTEE, criteria=CRITERIA)
    made.books.clock.put(moment_of(date(2026, 12, 4), 8))
    with TestClient(create_app(made.books, actor=CLERK), base_url=HERE) as site:
        yield made, Clerk(site, made.books)


def form_of(made: Cases, command: str, unit: str = BRANCH) -> str:
    return f"/campaigns/{made.ids[RATED]}/acts/{command}?unit={made.books.units[unit]}"


def filled_in(clerk: Clerk, path: str) -> dict[str, str]:
    """Return what stands in an empty form by field, the records ticked left aside."""
    told = clerk.site.get(path).text
    hidden = re.findall(r'<input type="hidden" name="(scores\.[^"]+)" value="([^"]*)"', told)
    return dict(hidden) | dict(re.findall(r'<input id="(scores\.[^"]+)"[^>]* value="([^"]*)"', told))


def test_a_self_assessment_lists_every_frozen_item_with_its_points_the_facts_and_last_year(
    clerk: tuple[Cases, Clerk],
) -> None:
    made, office = clerk
    told = office.open(form_of(made, "assess_self"))
    for part in (
        "1. 党员大会（40 分）",
        "有一次没有做到扣 5 分",
        "2. 作用（60 分）",
        "上年：51 分",
        "账上：做到，照账上是 40 分",
    ):
        assert part in told, part
    assert "3." not in told, "a veto bears no points"
    assert "一票否决的不打分：否决（账上：由人看）" in told
    assert "再加一项" not in told, "the rubric is frozen: there are no other items"
    told = office.open(f"/campaigns/{made.ids[RATED]}/acts/assess_self")
    assert "2. 作用（60 分）" in told, "the items stand there before a unit is chosen, too"


def test_what_the_records_come_to_stands_in_the_form_and_their_records_are_its_proof(
    clerk: tuple[Cases, Clerk],
) -> None:
    made, office = clerk
    path = form_of(made, "assess_self")
    proposed = filled_in(office, path)
    row = made.books.answering.scores(made.ids[RATED], made.books.units[BRANCH])["rows"][0]["criteria"][0]
    assert proposed["scores.0.points"] == f"{row['by_facts']:g}"
    assert proposed["scores.1.points"] == "", "what only a person can see is not proposed"
    records = re.findall(r'name="scores\.0\.events" value="([^"]+)"[^>]*checked', office.site.get(path).text)
    assert records, "the meetings held are ticked as the proof"
    fields = {
        **proposed,
        "scores.0.events": records,
        "scores.1.points": "55",
        "scores.1.evidence": "走访记录",
    }
    office.record(path, on="2026-12-01", unit=str(made.books.units[BRANCH]), **fields)
    found = made.books.answering.scores(made.ids[RATED], made.books.units[BRANCH])["rows"][0]
    meetings, effect = found["criteria"][:2]
    assert meetings["claim"]["events"] == records
    assert (meetings["claim"]["points"], effect["claim"]["points"]) == (row["by_facts"], 55)
    assert filled_in(office, path)["scores.1.evidence"] == "走访记录", "a second one begins with the first"


def test_a_review_begins_with_the_facts_and_with_claims_that_are_shown_never_with_bare_ones(
    clerk: tuple[Cases, Clerk],
) -> None:
    made, office = clerk
    claims = [{"criterion": "党员大会", "points": 35, "evidence": "台账"}]
    shown = [*claims, {"criterion": "作用", "points": 55, "evidence": "走访记录"}]
    bare = [*claims, {"criterion": "作用", "points": 50}]
    made.act("2026-12-01", "assess_self", RATED, BRANCH, scores=shown)
    made.act("2026-12-01", "assess_self", RATED, OTHER, scores=bare)
    told = office.open(form_of(made, "review"))
    assert "自评：55 分（走访记录）" in told
    proposed = filled_in(office, form_of(made, "review"))
    assert proposed["scores.1.points"] == "55"
    assert proposed["scores.0.points"] == "40", "the facts come before the claim"
    assert proposed["scores.0.evidence"] == "账上：做到", "why it is not what was claimed"
    assert filled_in(office, form_of(made, "review", OTHER))["scores.1.points"] == ""
    asked = told.split("各项得分")[0].split("没有达标")[1]
    assert OTHER not in asked, "passed or not is asked of this one alone"


def test_a_campaign_is_opened_for_the_branches_that_are_there_on_the_day_alone() -> None:
    made = Cases(county())
    gone = {"members_to": BRANCH, "reason": "两个支部合并"}
    assert not made.books.act("2026-11-30", "dissolve_unit", gone, unit=OTHER).refused
    made.books.clock.put(moment_of(date(2026, 12, 4), 8))
    with TestClient(create_app(made.books, actor=CLERK), base_url=HERE) as site:
        form = site.get(f"/units/{made.books.units[COMMITTEE]}/acts/open_campaign").text
    offered = re.findall(r'name="units" value="([^"]+)"([^>]*)>', form)
    ticked = {unit for unit, told in offered if "checked" in told}
    assert str(made.books.units[BRANCH]) in ticked
    assert str(made.books.units[OTHER]) not in dict(offered)
