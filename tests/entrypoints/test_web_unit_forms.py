"""Forms of a unit: any command by its fields, rows without a script, meetings by the roster of their day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_county import BRANCH, COMMITTEE, POSTS, county
from tests.entrypoints.web_forms import CLERK, HERE, Clerk, text_of
from workflows.application.commands import commands
from workflows.domain.unit.commands import UnitCommand
from workflows.domain.waivers import Relieving
from workflows.entrypoints.web.forms.rows import MOST_ROWS
from workflows.entrypoints.web.forms.unit_fields import OF_THE_CLOCK, has_unit_form, unit_fields
from workflows.entrypoints.web.site import create_app

ACTS = sorted(name for name in commands() if has_unit_form(name))
KINDS = {
    "day", "number", "money", "month", "yes", "choice", "text", "long", "lines", "person", "people",
    "several", "rows", "part",
}  # fmt: skip


@pytest.fixture
def clerk() -> Iterator[Clerk]:
    """A clerk at a county of his own."""
    books = county()
    with TestClient(create_app(books, actor=CLERK), base_url=HERE) as site:
        yield Clerk(site, books)


def at(clerk: Clerk, command: str, unit: str = BRANCH) -> str:
    """Return where an act of a unit is done."""
    return f"/units/{clerk.books.units[unit]}/acts/{command}"


def last(clerk: Clerk) -> Any:
    """Return the last record."""
    with clerk.books.log.read() as reading:
        return reading.event_at(reading.head())


# --- every command has a form -------------------------------------------------------------------------------


def test_every_command_of_a_unit_but_the_clocks_has_a_form() -> None:
    of_units = {name for name, kind in commands().items() if issubclass(kind, UnitCommand | Relieving)}
    assert of_units - OF_THE_CLOCK <= set(ACTS)
    assert "hold_first_talk" not in ACTS


@pytest.mark.parametrize("command", ACTS)
def test_a_form_has_a_place_for_each_field_of_its_command(command: str) -> None:
    names = {one.name for one in unit_fields(command)}
    told = set(commands()[command].__struct_encode_fields__) - {"text"}
    assert names == told
    for one in unit_fields(command):
        for part in (one, *one.parts):
            assert part.kind in KINDS
            assert any("\u4e00" <= letter <= "\u9fff" for letter in part.label), (command, part.name)


@pytest.mark.parametrize("command", ACTS)
def test_every_form_opens_and_tells_what_is_wanted(clerk: Clerk, command: str) -> None:
    clerk.open(at(clerk, command))
    before = clerk.count()
    answer = clerk.post(at(clerk, command), "check", on="")
    assert answer.status_code == 422
    assert "有" in text_of(answer)
    assert clerk.count() == before


def test_what_can_be_done_is_listed_in_the_words_of_the_office(clerk: Clerk) -> None:
    told = clerk.open(f"/units/{clerk.books.units[BRANCH]}/acts")
    assert "会议和组织生活 支部党员大会 支部委员会会议" in told
    page = clerk.site.get(f"/units/{clerk.books.units[BRANCH]}/acts").text
    for command in ACTS:
        assert f"/acts/{command}" in page, command


# --- rows ---------------------------------------------------------------------------------------------------


def election(clerk: Clerk) -> dict[str, Any]:
    """Return an election of five of seven, as a form posts it."""
    fields: dict[str, Any] = {"on": "2026-12-03", "eligible": "21", "attending": "20", "seats": "5"}
    for number, (name, post) in enumerate(POSTS.items()):
        fields |= {f"candidates.{number}.person": clerk.id_of(name), f"candidates.{number}.votes": "18"}
        fields |= {f"posts.{number}.person": clerk.id_of(name), f"posts.{number}.said": post}
    fields |= {"candidates.5.person": clerk.id_of("党员01"), "candidates.5.votes": "3"}
    return fields | {"candidates.6.person": "", "candidates.6.votes": ""}


def test_an_election_is_recorded_row_by_row(clerk: Clerk) -> None:
    path, fields = at(clerk, "elect_committee"), election(clerk)
    clerk.open(path)
    checked = text_of(clerk.post(path, "check", **fields))
    assert "王建国，得赞成票数 18" in checked
    assert "王建国，书记" in checked
    asked = clerk.post(path, "confirm", **fields)  # before its time: what deviates is recorded with a reason
    assert "请写明原因" in text_of(asked)
    done = clerk.post(path, "confirm", **fields, why="上级同意提前换届")
    assert done.status_code == 303, text_of(done)
    event = last(clerk).event
    assert [one.votes for one in event.candidates] == [18] * 5 + [3]
    assert {str(one.person.person): one.post for one in event.posts} == {
        clerk.id_of(name): post for name, post in POSTS.items()
    }
    assert "已经登记" in text_of(clerk.site.get(done.headers["location"]))


def test_one_more_row_keeps_what_stands_in_the_others(clerk: Clerk) -> None:
    path = at(clerk, "elect_committee")
    clerk.open(path)
    answer = clerk.post(path, "add:candidates", **{"candidates.0.votes": "7", "candidates.3.votes": "9"})
    assert answer.status_code == 200
    page = answer.text
    assert 'name="candidates.4.votes"' in page
    assert 'name="candidates.5.votes"' not in page
    assert 'name="candidates.0.votes"' in page
    assert 'value="7"' in page
    assert 'value="9"' in page


def test_a_new_row_says_nothing_by_itself(clerk: Clerk) -> None:
    path = at(clerk, "hold_meeting")
    clerk.open(path)
    page = clerk.post(path, "add:resolutions", **{"resolutions.0.topic": "计划"}).text
    chosen = page.partition('id="resolutions.1.secret"')[2].partition("</select>")[0]
    assert '<option value="" selected>' in chosen
    assert chosen.count(" selected") == 1


def test_what_is_wrong_in_a_row_is_told_at_its_place(clerk: Clerk) -> None:
    path, fields = at(clerk, "elect_committee"), election(clerk)
    clerk.open(path)
    wrong = clerk.post(path, "check", **{**fields, "candidates.1.votes": "很多", "candidates.2.person": ""})
    assert wrong.status_code == 422
    assert '<a href="#candidates.1.votes">请填一个整数，如 12</a>' in wrong.text
    assert '<a href="#candidates.2.person">请填写人员</a>' in wrong.text
    twice = clerk.post(path, "check", **{**fields, "posts.1.person": fields["posts.0.person"]})
    assert "同一个人写了两次" in text_of(twice)


def test_a_row_too_many_is_none(clerk: Clerk) -> None:
    path = at(clerk, "elect_committee")
    clerk.open(path)
    page = clerk.post(path, "back", **{"candidates.999.votes": "7"}).text
    rows = {int(number) for number in re.findall(r'name="candidates\.(\d+)\.', page)}
    assert len(rows) <= MOST_ROWS


def test_somebody_off_the_books_is_written_by_hand(clerk: Clerk) -> None:
    path = at(clerk, "hold_meeting", COMMITTEE)
    fields: dict[str, Any] = {"on": "2026-12-03", "type": "duty_review", "eligible": "9", "attending": "9"}
    clerk.open(path)
    done = clerk.post(path, "confirm", **fields, **{"chair.other": "韩书记"})
    assert done.status_code == 303, text_of(done)
    assert last(clerk).event.chair.name == "韩书记"


def test_a_branch_is_set_up_below(clerk: Clerk) -> None:
    path = at(clerk, "establish_unit", COMMITTEE)
    told = clerk.open(path)
    assert "上级党组织" in told
    fields: dict[str, Any] = {
        "on": "2026-12-01", "name": "新村党支部", "level": "branch", "kind": "village",
        "superior": str(clerk.books.units[COMMITTEE]), "roster_known": "true",
    }  # fmt: skip
    done = clerk.post(path, "confirm", **fields, as_history="yes", why="批复后登记")
    assert done.status_code == 303, text_of(done)
    assert last(clerk).event.superior == clerk.books.units[COMMITTEE]
    assert "新村党支部" in text_of(clerk.site.get(done.headers["location"]))
    wrong = clerk.post(path, "check", **{**fields, "superior": "00000000-0000-0000-0000-000000000000"})
    assert "不在名单里" in text_of(wrong)


# --- meetings -----------------------------------------------------------------------------------------------

COMMITTEE_MEETING: dict[str, Any] = {
    "type": "committee_meeting",
    "on": "2026-12-03",
    "topics": "研究换届\n研究党费",
}


def ids(clerk: Clerk, *names: str) -> list[str]:
    """Return the ids of several people."""
    return [clerk.id_of(name) for name in names]


def test_a_committee_meeting_is_ticked_off_on_the_committee_of_its_day(clerk: Clerk) -> None:
    path = at(clerk, "hold_meeting")
    told = clerk.open(f"{path}?type=committee_meeting")
    assert "应到 5 人，须到 3 人；已勾 0 人 不足" in told
    assert "王建国 书记" in told
    assert "党员01 没到会" not in told
    three = ids(clerk, "王建国", "陈秀兰", "赵国强")
    absent: dict[str, Any] = {
        f"absence.{clerk.id_of('孙小燕')}": "leave",
        f"because.{clerk.id_of('孙小燕')}": "出差",
    }
    fields: dict[str, Any] = {**COMMITTEE_MEETING, **absent, "attending": three, "chair": three[0]}
    checked = text_of(clerk.post(path, "check", **fields))
    assert "到会 3 人：王建国、陈秀兰、赵国强；请假 1 人：孙小燕（出差）" in checked
    assert "没到会，没有写原因 1 人：刘福生" in checked
    done = clerk.post(path, "confirm", **fields)
    assert done.status_code == 303
    event = last(clerk).event
    assert (event.type, event.held_on, event.attending) == ("committee_meeting", date(2026, 12, 3), 3)
    assert [(str(one.person.person), one.reason) for one in event.leave] == [(clerk.id_of("孙小燕"), "出差")]
    assert event.topics == ("研究换届", "研究党费")
    before = clerk.count()
    assert clerk.post(path, "confirm", **fields).headers["location"] == done.headers["location"]
    assert clerk.count() == before


def test_two_of_five_are_no_meeting_of_the_committee_and_the_arithmetic_is_told(clerk: Clerk) -> None:
    path, before = at(clerk, "hold_meeting"), clerk.count()
    clerk.open(path)
    fields: dict[str, Any] = {**COMMITTEE_MEETING, "attending": ids(clerk, "王建国", "陈秀兰")}
    refused = clerk.post(path, "confirm", **fields)
    assert refused.status_code == 422
    told = text_of(refused)
    assert "到会人数2，应到人数5，要求不少于1/2（2.5），没有达到" in told
    assert "第十二条" in told
    assert "已勾 2 人 不足" in told
    assert clerk.count() == before
    kept = clerk.post(path, "confirm", **fields, as_history="yes", why="当年就是这样开的")
    assert kept.status_code == 303
    assert last(clerk).as_history


def test_an_assembly_votes_with_the_voters_of_its_day(clerk: Clerk) -> None:
    path = at(clerk, "hold_meeting")
    told = clerk.open(f"{path}?type=branch_assembly&on=2026-12-03")
    assert "应到 21 人，须到 11 人" in told
    assert "李明 预备党员" in told
    many = ids(clerk, *POSTS, *(f"党员{number:02d}" for number in range(1, 6)))
    vote = {"resolutions.0.topic": "推荐先进", "resolutions.0.in_favour": "10"}
    fields: dict[str, Any] = {"type": "branch_assembly", "on": "2026-12-03", **vote}
    refused = clerk.post(path, "check", **fields, attending=[*many, clerk.id_of("李明")])
    assert refused.status_code == 422
    assert "到会人数10，应到人数21，要求不少于1/2（10.5），没有达到" in text_of(refused)
    more = [*many, clerk.id_of("党员06")]
    done = clerk.post(path, "confirm", **{**fields, "resolutions.0.in_favour": "11"}, attending=more)
    assert done.status_code == 303, text_of(done)
    assert last(clerk).event.attending == 11
    assert last(clerk).event.resolutions[0].in_favour == 11


def test_all_are_ticked_at_once_but_those_told_absent(clerk: Clerk) -> None:
    path = at(clerk, "hold_meeting")
    clerk.open(path)
    page = clerk.post(path, "all", **COMMITTEE_MEETING, **{f"absence.{clerk.id_of('刘福生')}": "exempt"}).text
    assert page.count('name="attending"') == 5
    assert page.count(" checked data-counts>") == 4


def test_nobody_is_both_there_and_absent_and_nobody_unknown_is_there(clerk: Clerk) -> None:
    path = at(clerk, "hold_meeting")
    clerk.open(path)
    king = clerk.id_of("王建国")
    both = clerk.post(path, "check", **COMMITTEE_MEETING, attending=[king], **{f"absence.{king}": "leave"})
    assert "王建国又勾了到会，又写了没到会" in text_of(both)
    stranger = clerk.post(path, "check", **COMMITTEE_MEETING, attending=[clerk.id_of("党员01")])
    assert "不在名单里" in text_of(stranger)
    nobody = clerk.post(path, "check", **COMMITTEE_MEETING)
    assert "请勾选到会的人" in text_of(nobody)


def test_grades_are_asked_at_an_appraisal_alone(clerk: Clerk) -> None:
    path = at(clerk, "hold_meeting")
    assert "评议等次" not in clerk.open(f"{path}?type=branch_assembly")
    assert "评议等次" in clerk.open(f"{path}?type=democratic_appraisal")
    here = ids(clerk, *POSTS, *(f"党员{number:02d}" for number in range(1, 17)))
    fields: dict[str, Any] = {"type": "democratic_appraisal", "on": "2026-12-03", "attending": here}
    grades = {"grades.outstanding": "6", "grades.qualified": "15"}
    done = clerk.post(path, "confirm", **fields, **grades)
    assert done.status_code == 303, text_of(done)
    assert (last(clerk).event.grades.outstanding, last(clerk).event.grades.qualified) == (6, 15)


def test_the_done_page_is_of_the_record_it_names(clerk: Clerk) -> None:
    for event in ("", "x", "1", "9999999999999", "4"):
        answer = clerk.site.get(at(clerk, "hold_meeting") + f"/done?event={event}")
        assert answer.status_code == 404, event
    assert clerk.site.get(at(clerk, "mark_term_due")).status_code == 404
    assert clerk.site.get(at(clerk, "receive_application")).status_code == 404
    assert clerk.site.get("/units/nothing/acts").status_code == 404


# --- what is let pass ---------------------------------------------------------------------------------------


def test_a_limit_leads_to_what_may_be_let_pass_and_the_rule_is_chosen_beforehand(clerk: Clerk) -> None:
    unit = clerk.books.units[BRANCH]
    link = f"/units/{unit}/acts?rule=meet-theme-day&amp;subject=2026-11"
    assert link in clerk.site.get(f"/units/{unit}").text
    told = clerk.open(f"/units/{unit}/acts?rule=meet-theme-day&subject=2026-11")
    assert "准予豁免" in told
    assert "召开会议" not in told
    page = clerk.site.get(f"/units/{unit}/acts/extend_deadline?rule=meet-theme-day&subject=2026-11").text
    assert '<option value="meet-theme-day" selected>' in page
    assert 'value="2026-11"' in page


def test_a_limit_is_extended_and_the_page_of_the_branch_tells_it(clerk: Clerk) -> None:
    path = at(clerk, "extend_deadline")
    fields: dict[str, Any] = {"on": "2026-12-02", "rule": "meet-theme-day", "subject": "2026-11"}
    fields |= {
        "due_on": "2026-12-20",
        "reason": "防汛",
        "authority": "青山镇党委",
        "document": "青党〔2026〕7号",
    }
    clerk.open(path)
    checked = text_of(clerk.post(path, "check", **fields))
    assert "由 2026-11-30 改为 2026-12-20" in checked
    done = clerk.post(path, "confirm", **fields)
    assert done.status_code == 303, text_of(done)
    told = text_of(clerk.site.get(f"/units/{clerk.books.units[BRANCH]}"))
    assert "豁免、暂缓、延长 1 项" in told
    assert "青党〔2026〕7号" in told
    unknown = clerk.post(path, "check", **{**fields, "rule": "no-such-rule"})
    assert "不在名单里" in text_of(unknown)
    sooner = clerk.post(path, "check", **{**fields, "due_on": "2026-11-20"}, command_id=clerk.id_of("李明"))
    assert sooner.status_code == 422


def test_a_limit_of_a_person_is_held_for_that_person(clerk: Clerk) -> None:
    person = clerk.id_of("李明")
    base = f"/people/{person}/acts"
    told = clerk.open(f"{base}?rule=dev-convert-assembly&subject=vote_on_full_membership")
    assert "李明" in told
    path = f"{base}/hold_deadline"
    fields = {
        "on": "2026-12-02",
        "rule": "dev-convert-assembly",
        "reason": "住院",
        "document": "青党〔2026〕8号",
    }
    clerk.open(path)
    done = clerk.post(path, "confirm", **fields)
    assert done.status_code == 303, text_of(done)
    assert str(last(clerk).stream_id) == person
    assert clerk.site.get(done.headers["location"]).status_code == 200
    for command in ("hold_meeting", "take_oath", "nothing"):
        assert clerk.site.get(f"{base}/{command}").status_code == 404
    assert clerk.site.get("/people/nobody/acts/waive").status_code == 404
