"""What is to be done is offered where one looks for it, with what the books know filled in."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_cases import MISSED, cases
from tests.entrypoints.web_county import BRANCH, OTHER, county
from tests.entrypoints.web_forms import CLERK, HERE, Clerk, text_of
from workflows.entrypoints.web.forms.duty_form import form_of
from workflows.entrypoints.web.site import create_app

ACT = re.compile(r'<p class="acts"><a class="btn" href="([^"]+)">(登记|补录|办理)<span class="vh">：([^<]+)<')


@pytest.fixture(scope="module")
def clerk() -> Clerk:
    """Someone who may record in the county with a case of every kind."""
    made = cases()
    return Clerk(TestClient(create_app(made.books, actor=CLERK), base_url=HERE), made.books)


@pytest.fixture(scope="module")
def issue() -> tuple[Clerk, str]:
    """A clerk, and the problem of an assembly that was not held, with its owner named."""
    made = cases()
    clerk = Clerk(TestClient(create_app(made.books, actor=CLERK), base_url=HERE), made.books)
    return clerk, f"/issues/{made.ids[MISSED]}"


def offers(page: str) -> dict[str, tuple[str, str]]:
    return {unescape(what): (word, unescape(path)) for path, word, what in ACT.findall(page)}


def test_the_to_do_list_and_the_home_of_a_branch_lead_to_the_form_of_the_act(clerk: Clerk) -> None:
    home = f"/units/{clerk.books.units[BRANCH]}"
    of_branch = offers(clerk.site.get(home).text)
    late = ("补录", f"{home}/acts/hold_meeting?type=theme_party_day&period=2026-11")
    assert late in of_branch.values()
    listed = offers(clerk.site.get("/").text)
    assert listed
    assert any(path.startswith("/people/") and word == "办理" for word, path in listed.values())
    for _, path in [*of_branch.values(), *listed.values()]:
        assert clerk.site.get(path).status_code == 200, path


def test_a_past_day_and_a_visitor_who_may_not_record_are_offered_no_form(clerk: Clerk) -> None:
    assert offers(clerk.site.get("/?as_of=2026-11-20").text) == {}
    with TestClient(create_app(county()), base_url=HERE) as visitor:
        assert offers(visitor.get("/").text) == {}


@pytest.mark.parametrize(
    ("activity", "part", "leads_to"),
    [
        ("cell_meeting", "第一党小组", "hold_meeting?type=cell_meeting&period=2026-11&cell="),
        ("secretary_lecture", None, "hold_meeting?type=party_lecture&period=2026-11"),
        ("talk_in_committee", None, "hold_talk"),
        ("education_report", None, "file_document?kind=education_report&for_period=2026-11"),
        ("hear_report", None, "hear_report"),
        ("record_training", None, ""),
    ],
)
def test_every_duty_is_recorded_where_its_activity_belongs(
    activity: str, part: str | None, leads_to: str
) -> None:
    path = form_of(activity, "u", "2026-11", part)
    assert path.startswith(f"/units/u/acts/{leads_to}") if leads_to else path == ""


def test_what_a_problem_knows_is_not_asked_again(issue: tuple[Clerk, str]) -> None:
    clerk, base = issue
    owner = clerk.id_of("周桂英")
    for command in ("plan_correction", "submit_correction"):
        form = clerk.site.get(f"{base}/acts/{command}").text
        assert f'<option value="{owner}" selected>' in form, command
    replanned = clerk.site.get(f"{base}/acts/plan_correction").text
    assert ">补开党员大会</textarea>" in replanned


def test_officers_stand_first_with_their_post_and_who_put_it_right_is_not_offered(
    issue: tuple[Clerk, str],
) -> None:
    clerk, base = issue
    names = re.findall(r"<option value=\"[^\"]+\">([^<]+)</option>", _select(clerk, base, "close_out"))
    assert names
    assert not any("周桂英" in name for name in names)
    owners = re.findall(r"<option[^>]*>([^<]+)</option>", _select(clerk, base, "plan_correction", "owner"))
    assert owners[1] == "周桂英（书记）"


def _select(clerk: Clerk, base: str, command: str, field: str = "by") -> str:
    form = clerk.site.get(f"{base}/acts/{command}").text
    return form.split(f'<select id="{field}"')[1].split("</select>")[0]


def test_a_problem_leads_to_the_record_it_waits_for_and_the_record_back_to_it(
    issue: tuple[Clerk, str],
) -> None:
    clerk, base = issue
    unit = f"/units/{clerk.books.units[OTHER]}"
    late = f"{unit}/acts/hold_meeting?type=branch_assembly&period=2026-Q3"
    assert late in unescape(clerk.site.get(base).text)
    done = clerk.record(
        late.partition("?")[0], type="branch_assembly", on="2026-12-03", for_period="2026-Q3",
        attending=[clerk.id_of(name) for name in ("周桂英", "吴海", "单立新")],
    )  # fmt: skip
    assert f"有问题等着这件事 {MISSED}" in done
    assert late not in unescape(clerk.site.get(base).text)
    assert "可以销号" in text_of(clerk.site.get(base))
