"""更正 and 撤回 from the page of a record: old and new, why, what it changes; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from tests.entrypoints.web_county import BRANCH, ID_NUMBER, TODAY, county
from tests.entrypoints.web_forms import CLERK, HERE, Clerk, text_of
from workflows.entrypoints.web.site import create_app
from workflows.kernel.clock import moment_of
from workflows.kernel.events import FactCorrected

NAMED = ["王建国", "陈秀兰", "赵国强"]


@pytest.fixture
def clerk() -> Iterator[Clerk]:
    """A clerk at a county of his own, with a meeting of the committee whose people are named."""
    books = county()
    fields: dict[str, Any] = {"type": "committee_meeting", "attending": NAMED[:2], "topics": ["计划"]}
    fields["leave"] = [{"person": "刘福生", "reason": "住院"}]
    fields["resolutions"] = [{"topic": "通过计划", "in_favour": 2, "secret": False}]
    books.marks["named"] = books.act("2026-11-25", "hold_meeting", fields).position
    books.clock.put(moment_of(TODAY, 9))
    with TestClient(create_app(books, actor=CLERK), base_url=HERE) as site:
        yield Clerk(site, books)


def last(clerk: Clerk) -> Any:
    """Return the last record."""
    with clerk.books.log.read() as reading:
        return reading.event_at(reading.head())


def corrected(clerk: Clerk, position: int, field: str, **fields: Any) -> Response:
    """Open the form of one field, check what is filled in and confirm it."""
    path = f"/events/{position}/correct"
    clerk.open(f"{path}?field={field}")
    checked = clerk.post(path, "check", field=field, why="与原件不一致", **fields)
    assert checked.status_code == 200, text_of(checked)
    return clerk.post(path, "confirm", field=field, why="与原件不一致", **fields)


def test_what_can_be_corrected_is_listed_with_what_stands(clerk: Clerk) -> None:
    told = clerk.open(f"/events/{clerk.books.marks['hold_meeting']}/correct")
    assert "应到人数 5 更正 应到人数" in told
    assert "到会人数 5 更正 到会人数" in told
    assert "主持人 王建国 更正 主持人" in told


def test_the_attendance_of_a_meeting_is_corrected_and_the_old_number_stays(clerk: Clerk) -> None:
    position = clerk.books.marks["hold_meeting"]
    path = f"/events/{position}/correct"
    form = clerk.open(f"{path}?field=attending")
    assert "原来写的 5" in form
    before = clerk.count()
    checked = clerk.post(
        path, "check", field="attending", attending="2", why="按签到册", evidence="签到册第3页"
    )
    told = text_of(checked)
    assert "到会人数 5 → 2" in told
    assert "到会人数2，应到人数5，要求不少于1/2（2.5），没有达到" in told
    assert "12 月支部委员会会议：最迟 2026-12-31" in told or "支部委员会会议" in told
    assert clerk.count() == before
    fields = {"field": "attending", "attending": "2", "why": "按签到册", "evidence": "签到册第3页"}
    done = clerk.post(path, "confirm", **fields)
    assert done.status_code == 303
    assert done.headers["location"] == f"/meetings/{position}"
    assert clerk.count() == before + 1
    event = last(clerk).event
    assert isinstance(event, FactCorrected)
    assert (event.field, event.value, event.reason, event.evidence) == (
        "attending", 2, "按签到册", "签到册第3页",
    )  # fmt: skip
    page = text_of(clerk.site.get(f"/meetings/{position}"))
    assert "实到 2 人" in page
    assert "到会人数 5 → 2" in page
    again = clerk.post(path, "confirm", **fields)
    assert again.status_code == 303
    assert clerk.count() == before + 1
    other = clerk.post(path, "confirm", **{**fields, "attending": "3"})
    assert other.status_code == 409


def test_who_came_is_corrected_by_ticking(clerk: Clerk) -> None:
    position = clerk.books.marks["named"]
    path = f"/events/{position}/correct"
    listed = clerk.site.get(path).text
    assert "field=attendees" in listed
    assert "field=attending" not in listed
    page = clerk.site.get(f"{path}?field=attendees").text
    for name in NAMED[:2]:
        assert f'value="{clerk.id_of(name)}" id=' in page
    assert page.count(" checked>") == 2
    ids = [clerk.id_of(name) for name in NAMED]
    clerk.open(f"{path}?field=attendees")
    told = text_of(clerk.post(path, "check", field="attendees", attendees=ids, why="漏了一人"))
    assert "王建国、陈秀兰 → 王建国、陈秀兰、赵国强" in told
    assert "符合要求：到会人数3，应到人数5" in told
    assert corrected(clerk, position, "attendees", attendees=ids).status_code == 303
    assert "到会 3 人 王建国、陈秀兰、赵国强" in text_of(clerk.site.get(f"/meetings/{position}"))


def test_rows_are_filled_in_beforehand_and_corrected(clerk: Clerk) -> None:
    position = clerk.books.marks["named"]
    page = clerk.site.get(f"/events/{position}/correct?field=resolutions").text
    assert (
        'name="resolutions.0.topic" class="full" maxlength="2000" autocomplete="off" value="通过计划"' in page
    )
    fields = {
        "resolutions.0.topic": "通过年度计划",
        "resolutions.0.in_favour": "2",
        "resolutions.0.secret": "false",
    }
    assert corrected(clerk, position, "resolutions", **fields).status_code == 303
    assert last(clerk).event.value[0]["topic"] == "通过年度计划"
    cleared = corrected(clerk, position, "leave")
    assert cleared.status_code == 303
    assert list(last(clerk).event.value) == []


def test_the_day_of_a_step_of_a_person_is_corrected(clerk: Clerk) -> None:
    position = clerk.books.marks["take_oath"]
    done = corrected(clerk, position, "on", on="2026-02-12")
    assert done.status_code == 303
    assert last(clerk).event.value == "2026-02-12"
    assert "2026-02-13 → 2026-02-12" in text_of(clerk.site.get(done.headers["location"]))


def test_votes_are_corrected_number_by_number(clerk: Clerk) -> None:
    position = clerk.books.marks["vote_on_admission"]
    assert corrected(clerk, position, "in_favour", in_favour="17").status_code == 303
    assert last(clerk).event.field == "votes"
    assert last(clerk).event.value["in_favour"] == 17


def test_numbers_of_people_are_neither_shown_nor_filled_in(clerk: Clerk) -> None:
    position = clerk.books.marks["receive_application"]
    for record in clerk.books.log.read().__enter__().load(clerk.books.people["李明"]):
        position = record.position
        break
    page = clerk.site.get(f"/events/{position}/correct")
    assert page.status_code == 200
    assert ID_NUMBER not in page.text
    assert ID_NUMBER not in clerk.site.get(f"/events/{position}/correct?field=id_number").text


def test_a_reason_is_wanted_and_nothing_changes_for_nothing(clerk: Clerk) -> None:
    position = clerk.books.marks["hold_meeting"]
    path, before = f"/events/{position}/correct", clerk.count()
    clerk.open(f"{path}?field=attending")
    without = clerk.post(path, "confirm", field="attending", attending="4")
    assert without.status_code == 422
    assert '<a href="#why">请写明理由</a>' in without.text
    same = clerk.post(path, "check", field="attending", attending="5", why="没有变")
    assert same.status_code == 422
    assert "原来就是这个值" in text_of(same)
    wrong = clerk.post(path, "check", field="attending", attending="很多", why="x")
    assert "请填一个整数" in text_of(wrong)
    assert clerk.count() == before


def test_a_record_is_retracted_and_stays_readable(clerk: Clerk) -> None:
    position = clerk.books.marks["hold_meeting"]
    path, before = f"/events/{position}/retract", clerk.count()
    clerk.open(path)
    told = text_of(clerk.post(path, "check", why="记到了别的支部"))
    assert "支部委员会会议" in told
    done = clerk.post(path, "confirm", why="记到了别的支部")
    assert done.status_code == 303
    assert clerk.count() == before + 1
    assert "已撤回：记到了别的支部" in text_of(clerk.site.get(f"/events/{position}"))
    assert clerk.site.get(f"/events/{position}/correct").status_code == 409
    assert clerk.site.get(f"/events/{position}/retract").status_code == 409
    again = clerk.post(path, "confirm", why="记到了别的支部")
    assert again.status_code == 303
    assert clerk.count() == before + 1


def test_a_correction_is_not_corrected_but_may_be_withdrawn(clerk: Clerk) -> None:
    correction = clerk.books.marks["correction"]
    assert clerk.site.get(f"/events/{correction}/correct").status_code == 409
    clerk.open(f"/events/{correction}/retract")
    assert clerk.post(f"/events/{correction}/retract", "confirm", why="更正错了").status_code == 303


@pytest.mark.parametrize("place", ["0", "x", "99999", "9" * 20])
def test_what_is_not_there_cannot_be_corrected(clerk: Clerk, place: str) -> None:
    for what in ("correct", "retract"):
        assert clerk.site.get(f"/events/{place}/{what}").status_code == 404


@pytest.mark.parametrize("field", ["findings", "unit_id", "roll", "nothing", "held_on"])
def test_what_is_no_field_is_not_corrected(clerk: Clerk, field: str) -> None:
    position = clerk.books.marks["hold_meeting"]
    assert clerk.site.get(f"/events/{position}/correct?field={field}").status_code == 404
    clerk.open(f"/events/{position}/correct?field=attending")
    assert clerk.post(f"/events/{position}/correct", "confirm", field=field, why="x").status_code == 404


def test_corrections_are_guarded_as_other_forms(clerk: Clerk) -> None:
    position, before = clerk.books.marks["hold_meeting"], clerk.count()
    clerk.open(f"/events/{position}/correct?field=attending")
    fields = {"field": "attending", "attending": "4", "why": "x"}
    for path in (f"/events/{position}/correct", f"/events/{position}/retract"):
        assert clerk.post(path, "confirm", origin="http://evil.example", **fields).status_code == 403
        assert clerk.post(path, "confirm", token="0" * 64, **fields).status_code == 403
        assert clerk.post(path, "erase", **fields).status_code == 400
        with TestClient(create_app(clerk.books), base_url=HERE) as reader:
            assert reader.get(path).status_code == 403
    assert "/correct" not in clerk.site.get(f"/events/{position}?as_of=2026-12-01").text
    script = "<script>alert(1)</script>"
    shown = clerk.post(f"/events/{position}/correct", "check", field="attending", attending="4", why=script)
    assert script not in shown.text
    assert clerk.count() == before


def test_a_late_correction_is_of_its_own_day(clerk: Clerk) -> None:
    corrected(clerk, clerk.books.marks["hold_meeting"], "attending", attending="4")
    assert last(clerk).event.corrected_on == date(2026, 12, 4)
    assert clerk.site.get(f"/units/{clerk.books.units[BRANCH]}").status_code == 200
