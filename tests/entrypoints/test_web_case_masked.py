"""What a case is called and what is said in it: numbers masked everywhere, a past day says no more."""

from __future__ import annotations

import io
from datetime import date
from typing import NamedTuple

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook
from starlette.testclient import TestClient

from tests.entrypoints.web_cases import CAMPAIGN, MISSED, Cases, cases
from tests.entrypoints.web_county import BRANCH, COMMITTEE, OTHER
from tests.entrypoints.web_forms import CLERK, HERE
from workflows.application import commands
from workflows.application.amending import Amending, Amendment
from workflows.application.recording import Request
from workflows.entrypoints.masking import masked
from workflows.entrypoints.web.site import create_app
from workflows.kernel.errors import WrongUsage

ID_NUMBER, PHONE = "110101199003071234", "13800138000"
SHOWN_ID, SHOWN_PHONE = "110***********1234", "138******00"
BOTH = f"{ID_NUMBER}，电话{PHONE}"
NAMED = f"张某{ID_NUMBER}反映的问题"
GRADING = f"考评{PHONE}"
LISTED = f"整顿{PHONE}"
RENAMED = "改了名称的问题"


class Site(NamedTuple):
    """The site over the books of a county, and its cases."""

    client: TestClient
    made: Cases

    def said(self, path: str) -> str:
        """Return all that a page or a sheet says."""
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        if ".xlsx" not in path:
            return answer.text
        book = load_workbook(io.BytesIO(answer.content))
        return " ".join(
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        )


@pytest.fixture(scope="module")
def site() -> Site:
    made = cases()
    made.act("2026-10-11", "open_issue", NAMED, OTHER, source="self_check", text=BOTH, due_on="2026-11-15")
    made.act("2026-10-12", "plan_correction", NAMED, OTHER, measure=BOTH, owner="周桂英")
    made.act("2026-10-13", "escalate_issue", NAMED, OTHER, reason=BOTH)
    made.act("2026-10-15", "submit_correction", NAMED, OTHER)
    made.act("2026-10-16", "reject_correction", NAMED, OTHER, reason=BOTH)
    made.act("2026-10-05", "assess_self", CAMPAIGN, BRANCH, score=90)
    made.act("2026-10-06", "review", CAMPAIGN, BRANCH, score=80, reason=BOTH)
    made.act("2026-10-07", "open_campaign", GRADING, COMMITTEE, scheme="规范化考评", year=2026, units=2)
    made.act("2026-10-08", "assess_self", GRADING, BRANCH, score=90)
    made.act("2026-10-08", "list_unit", LISTED, BRANCH, criteria=["班子不健全"], decided_by="县委")
    opened = next(one for one in made.books.log.records if one.stream_id == made.ids[MISSED])
    Amending(made.books.recording).amend(
        Amendment(
            event=opened.event_id, field="subject", value=RENAMED, actor=CLERK, origin="web", reason="写错了"
        )
    )
    return Site(TestClient(create_app(made.books, actor=CLERK), base_url=HERE), made)


PAGES = (
    "/", "/issues", "/issues.csv", "/issues.xlsx", "/issues/{issue}", "/issues/{issue}/history",
    "/issues/{issue}/acts/report_progress", "/listings/candidates", "/issues?as_of=2026-10-20",
    "/issues/{issue}?as_of=2026-10-20",
    "/overview", "/overview/rows?of=problem.open", "/overview/rows.csv?of=problem.open",
    "/overview/rows.xlsx?of=problem.open", "/overview/drive", "/overview/drive/rows?of=total",
    "/overview/drive/rows.csv?of=total", "/overview/drive/rows.xlsx?of=total", "/deadlines", "/deadlines.csv",
    "/deadlines.xlsx", "/units/{other}", "/units/{other}/history", "/units/{branch}", "/units/{committee}",
    "/campaigns", "/campaigns/{campaign}", "/campaigns/{campaign}/units/{branch}",
    "/campaigns/{campaign}/scores.csv", "/campaigns/{grading}", "/campaigns/{grading}/history",
    "/campaigns/{grading}/units/{branch}", "/campaigns/{grading}/scores.csv", "/listings",
    "/listings/{listed}",     "/listings/{listed}/acts/plan_overhaul", "/classes", "/events/{opening}",
    "/events/{opening}/correct", "/listings.csv", "/campaigns.xlsx",
)  # fmt: skip


def places(site: Site) -> dict[str, object]:
    made = site.made
    opening = next(one.position for one in made.books.log.records if one.stream_id == made.ids[NAMED])
    units = {"other": OTHER, "branch": BRANCH, "committee": COMMITTEE}
    files = {"issue": NAMED, "campaign": CAMPAIGN, "grading": GRADING, "listed": LISTED}
    return {
        "opening": opening,
        **{name: made.books.units[unit] for name, unit in units.items()},
        **{name: made.ids[subject] for name, subject in files.items()},
    }


@pytest.mark.parametrize("page", PAGES)
def test_no_page_and_no_sheet_says_a_number_of_somebody(site: Site, page: str) -> None:
    told = site.said(page.format(**places(site)))
    assert ID_NUMBER not in told
    assert PHONE not in told


@pytest.mark.parametrize(
    "page",
    [
        "/issues",
        "/issues/{issue}",
        "/issues/{issue}/history",
        "/overview/drive/rows.csv?of=total",
        "/deadlines",
    ],
)
def test_what_a_case_is_called_is_shown_with_the_number_masked(site: Site, page: str) -> None:
    assert NAMED.replace(ID_NUMBER, SHOWN_ID) in site.said(page.format(**places(site)))


@pytest.mark.parametrize("page", ["/issues/{issue}", "/campaigns/{campaign}/units/{branch}"])
def test_a_reason_is_shown_with_its_numbers_masked(site: Site, page: str) -> None:
    told = site.said(page.format(**places(site)))
    assert SHOWN_ID in told
    assert SHOWN_PHONE in told


def test_an_id_of_the_program_is_no_number_of_somebody() -> None:
    stream = "01a23e59-c7e8-7d2e-857f-f13912345678"
    assert masked("file_id", stream) == stream


@pytest.mark.parametrize("number", [ID_NUMBER, PHONE])
def test_a_case_is_not_opened_under_a_number_of_somebody_but_as_history(site: Site, number: str) -> None:
    books = site.made.books
    command = commands.parse(
        "open_issue", {"source": "self_check", "text": "活动室漏雨"}, date(2026, 12, 4), of_case=True
    )
    request = Request(
        command=command, actor=CLERK, origin="web", unit_id=books.units[OTHER], subject=f"张某{number}"
    )
    with pytest.raises(WrongUsage) as refused:
        books.recording.record(request)
    assert refused.value.code == "subject-personal"
    assert number not in str(refused.value.facts)
    past = replace(request, as_history=True, reason="旧台账")
    assert books.recording.record(past, preview=True).events


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (f"张某{ID_NUMBER}", "subject-personal"),
        (f"电话{PHONE}", "subject-personal"),
        (NAMED, "subject-personal"),
    ],
)
def test_a_case_is_not_called_by_a_number_of_somebody_by_a_correction_either(
    site: Site, value: str, code: str
) -> None:
    made = site.made
    opened = next(one for one in made.books.log.records if one.stream_id == made.ids[MISSED])
    asked = Amendment(
        event=opened.event_id, field="subject", value=value, actor=CLERK, origin="web", reason="更正"
    )
    with pytest.raises(WrongUsage) as refused:
        Amending(made.books.recording).amend(asked)
    assert refused.value.code == code
    assert ID_NUMBER not in str(refused.value.facts)


def test_a_case_is_not_called_by_the_name_of_another_by_a_correction_either(site: Site) -> None:
    made = site.made
    made.act("2026-10-20", "open_issue", "灯坏了", OTHER, source="self_check")
    made.act("2026-10-20", "open_issue", "窗坏了", OTHER, source="self_check")
    opened = next(one for one in made.books.log.records if one.stream_id == made.ids["窗坏了"])
    asked = Amendment(
        event=opened.event_id, field="subject", value="灯坏了", actor=CLERK, origin="web", reason="更正"
    )
    with pytest.raises(WrongUsage) as refused:
        Amending(made.books.recording).amend(asked)
    assert refused.value.code == "subject-exists"


def test_an_inspection_of_such_a_name_in_old_papers_can_still_find_a_problem(site: Site) -> None:
    made = site.made
    made.act(
        "2026-12-04", "plan_inspection", f"督查{PHONE}", COMMITTEE, manner="unannounced", inspectors=["周敏"]
    )
    checked = [{"point": "会议记录", "in_order": False, "note": "缺两次"}]
    told = made.act("2026-12-04", "record_visit", f"督查{PHONE}", COMMITTEE, checked=checked)
    fields = {"text": "会议记录不全", "due_on": "2027-01-20"}
    live = Request(
        command=commands.parse("raise_finding", fields, date(2026, 12, 4), of_case=True),
        actor=CLERK,
        origin="web",
        unit_id=made.books.units[BRANCH],
        file_id=told.stream_id,
    )
    assert made.books.recording.record(live, preview=True).verdict == "ok"


# --- a past day ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("past", ["as_of=2026-10-01", "known_on=2026-09-01"])
@pytest.mark.parametrize("page", ["", "/history", "/acts/plan_correction", "/acts/plan_correction/done"])
def test_a_day_before_a_case_was_opened_knows_nothing_of_it(site: Site, page: str, past: str) -> None:
    made = site.made
    records = [one for one in made.books.log.records if one.stream_id == made.ids[MISSED]]
    answer = site.client.get(f"/issues/{made.ids[MISSED]}{page}?event={records[1].position}&{past}")
    assert answer.status_code == 404
    assert MISSED not in answer.text
    assert RENAMED not in answer.text


def test_a_case_is_called_on_a_past_day_as_it_was_known_then(site: Site) -> None:
    made = site.made
    corrected = [one.position for one in made.books.log.records if one.stream_id == made.ids[MISSED]][-1]
    page = f"/issues/{made.ids[MISSED]}/history"
    assert f"<h1>{RENAMED}" in site.said(page)
    before = site.said(f"{page}?known_on=@{corrected - 1}")
    assert MISSED in before
    assert RENAMED not in before


def test_what_was_done_later_is_not_told_on_an_earlier_day(site: Site) -> None:
    made = site.made
    planned = [one for one in made.books.log.records if one.stream_id == made.ids[MISSED]][1]
    page = f"/issues/{made.ids[MISSED]}/acts/plan_correction/done?event={planned.position}"
    assert site.client.get(f"{page}&as_of=2026-10-11").status_code == 404
    assert site.client.get(f"{page}&as_of=2026-10-12").status_code == 200
