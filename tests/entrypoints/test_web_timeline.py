"""A correction on a timeline: each field that changed, with the value before and after."""

from __future__ import annotations

from typing import Any

from workflows.entrypoints.web.pages.events import facts_of
from workflows.entrypoints.web.timeline import Change, Timeline


def row(position: int, event: str, **more: Any) -> dict[str, Any]:
    return {
        "position": position,
        "event": event,
        "on": "2026-03-05",
        "recorded_at": "2026-03-05T02:00:00+00:00",
        "actor": "周敏",
        "facts": {},
        **more,
    }


MEETING = row(3, "MeetingHeld", facts={"type": "branch_assembly"}, corrected_by=[4])


def correction(*changes: dict[str, Any]) -> dict[str, Any]:
    facts = {"event": 3, "field": changes[0]["field"], "reason": "签到表"}
    return row(4, "FactCorrected", facts=facts, changes=list(changes))


def test_a_number_shows_old_and_new_and_the_meeting_the_new_one() -> None:
    change = correction({"field": "attending", "old": 12, "new": 15})
    newest, meeting = Timeline([MEETING, change]).entries()
    assert newest.changes == [Change("到会人数", "12", "15")]
    assert newest.text == "更正 召开会议的到会人数（#3）"
    assert newest.reason == "签到表"
    (told,) = meeting.amended
    assert (told.text, told.new, told.path) == ("到会人数更正为", "15", "/events/4")


def test_a_part_shows_only_what_changed_in_it() -> None:
    changes: list[dict[str, Any]] = [
        {"field": "in_favour", "old": 9, "new": 8},
        {"field": "against", "old": None, "new": 1},
    ]
    newest = Timeline([MEETING, correction(*changes)]).entries()[0]
    assert newest.changes == [Change("到会赞成票数", "9", "8"), Change("反对票数", "没有写", "1")]
    assert newest.text == "更正 召开会议的到会赞成票数、反对票数（#3）"


def test_numbers_of_people_are_masked() -> None:
    change = correction({"field": "phone", "old": "13800000001", "new": "13800000002"})
    told = Timeline([MEETING, change]).entries()[0].changes[0]
    assert "13800000001" not in told.old
    assert "13800000002" not in told.new


def test_a_record_of_a_correction_names_the_people_put_in_but_spells_out_no_profile() -> None:
    people = {"event": "FactCorrected", "facts": {"field": "persons", "value": ["外人乙", "王一"]}}
    assert facts_of(people, personal=True) == [("栏目", "人员"), ("改为", "外人乙、王一")]
    profile = {
        "event": "FactCorrected",
        "facts": {"field": "profile", "value": {"name": "欧阳", "born_on": "1990******"}},
    }
    assert facts_of(profile, personal=True)[1] == ("改为", "（个人信息）")
