"""One step as a form: filled in, checked with the rules, recorded once, and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_county import BRANCH, COMMITTEE, OTHER, county
from tests.entrypoints.web_forms import CLERK, HERE, Clerk, text_of
from workflows.application.commands import commands
from workflows.application.recording import Recording
from workflows.entrypoints.web.forms.fields import fields_of, has_form
from workflows.entrypoints.web.site import create_app

SECRET = {"secret": "true"}


@pytest.fixture
def clerk() -> Iterator[Clerk]:
    """A clerk at a county of his own, where no act can be of a day to come."""
    books = county()
    told = books.recording
    books.recording = Recording(books.log, books.rules, books.clock, told.identity, told.new_id)
    with TestClient(create_app(books, actor=CLERK), base_url=HERE) as site:
        yield Clerk(site, books)


# --- the form -------------------------------------------------------------------------------------------


def test_the_page_of_a_person_leads_to_the_form_of_the_next_step(clerk: Clerk) -> None:
    page = clerk.site.get(f"/people/{clerk.id_of('何志强')}").text
    assert f'href="{clerk.step("何志强", "hold_first_talk")}"' in page
    told = clerk.open(clerk.step("何志强", "hold_first_talk"))
    assert "派人谈话：何志强 ① 填写 ② 核对 ③ 完成" in told
    assert "最迟 2026-12-04" in told
    assert "收到入党申请书后一个月内派人谈话 《中国共产党发展党员工作细则》第七条" in told


def test_the_day_stands_first_and_is_today(clerk: Clerk) -> None:
    clerk.open(clerk.step("何志强", "hold_first_talk"))
    page = clerk.site.get(clerk.step("何志强", "hold_first_talk")).text
    assert page.index('name="on"') < page.index('name="by"')
    assert 'value="2026-12-04"' in page


def test_only_those_whom_the_rules_take_on_that_day_can_be_chosen(clerk: Clerk) -> None:
    told = clerk.open(clerk.step("张雨桐", "assign_mentors"))
    chosen, _, others = told.partition("不能选的")
    assert "王建国 正式党员" in chosen
    assert "李明" not in chosen.partition("培养联系人")[2]
    assert "李明：现为预备党员" in others
    assert "郑晓雯：现为入党申请人" in others


def test_the_list_of_people_follows_the_day_filled_in(clerk: Clerk) -> None:
    path = clerk.step("张雨桐", "assign_mentors")
    clerk.open(path)
    told = text_of(clerk.post(path, "day", on="2025-01-10"))
    assert "李明：现为入党积极分子" in told
    assert "郑晓雯" not in told


def test_every_command_of_a_person_has_a_form_with_a_word_for_each_field(clerk: Clerk) -> None:
    for name in filter(has_form, commands()):
        assert {field.name for field in fields_of(name)} >= {"on"}
        told = clerk.open(clerk.step("李明", name))
        for field in fields_of(name):
            assert field.label in told, (name, field.name)
            assert field.label.isascii() is False, (name, field.name)
            assert all(word and not word.isascii() for _, word in field.choices), (name, field.name)


def test_other_things_to_do_are_those_of_the_stage(clerk: Clerk) -> None:
    told = text_of(clerk.site.get(f"/people/{clerk.id_of('何志强')}/steps"))
    assert "撤回入党申请" in told
    assert "转接组织关系" in told
    assert "限期改正" not in told
    assert "限期改正" in text_of(clerk.site.get(f"/people/{clerk.id_of('李明')}/steps"))


# --- check ----------------------------------------------------------------------------------------------


def test_the_check_tells_every_answer_the_rules_and_what_will_change(clerk: Clerk) -> None:
    path = clerk.step("何志强", "hold_first_talk")
    clerk.open(path)
    before = clerk.count()
    told = text_of(clerk.post(path, "check", on="2026-12-04", by=clerk.id_of("王建国")))
    assert "办理日期 2026-12-04 修改" in told
    assert "谈话人 王建国 修改" in told
    assert "1个月内的最后一天是 2026-12-04" in told
    assert "派人谈话：办结（期限 2026-12-04" in told
    assert clerk.count() == before


def test_a_change_leads_back_to_the_form_with_everything_in_it(clerk: Clerk) -> None:
    path = clerk.step("何志强", "hold_first_talk")
    clerk.open(path)
    page = clerk.post(path, "edit:by", on="2026-12-01", by=clerk.id_of("陈秀兰")).text
    assert 'value="2026-12-01"' in page
    assert f'<option value="{clerk.id_of("陈秀兰")}" selected>' in page
    assert "autofocus" in page.partition('id="by"')[2][:120]


def test_what_the_rules_do_not_allow_is_told_on_top_and_at_its_field(clerk: Clerk) -> None:
    path = clerk.step("李明", "vote_on_full_membership")
    clerk.open(path)
    before = clerk.count()
    answer = clerk.post(
        path, "check", on="2026-12-04", eligible="21", attending="30", in_favour="29", **SECRET
    )
    assert answer.status_code == 422
    assert "<title>有 1 处需要改正：" in answer.text
    assert '<div class="errsum" role="alert" tabindex="-1" autofocus' in answer.text
    assert '<a href="#attending">不能讨论转正：到会30人，多于应到21人' in answer.text
    assert 'value="29"' in answer.text
    assert clerk.count() == before


def test_what_cannot_be_read_is_told_at_its_field(clerk: Clerk) -> None:
    path = clerk.step("李明", "vote_on_full_membership")
    clerk.open(path)
    told = text_of(clerk.post(path, "check", on="2026-13-40", eligible="many", outcome="promote"))
    assert "有 3 处需要改正" in told
    for line in ("不是一个日期，应写作 2026-06-30", "请填一个整数，如 12", "不在名单里，请重新选"):
        assert line in told


def test_a_day_to_come_is_refused_at_the_day(clerk: Clerk) -> None:
    path = clerk.step("何志强", "hold_first_talk")
    clerk.open(path)
    answer = clerk.post(path, "check", on="2026-12-05")
    assert answer.status_code == 422
    assert '<a href="#on">' in answer.text


def test_what_comes_late_is_recorded_with_a_reason_only(clerk: Clerk) -> None:
    path = clerk.step("李明", "vote_on_full_membership")
    fields = {"on": "2026-12-04", "attending": "20", "in_favour": "19", "secret": "true"}
    clerk.open(path)
    assert "为什么这样办" in text_of(clerk.post(path, "check", **fields))
    before = clerk.count()
    refused = clerk.post(path, "confirm", **fields)
    assert refused.status_code == 422
    assert "请写明原因" in text_of(refused)
    assert clerk.count() == before
    done = clerk.post(path, "confirm", **fields, why="森林防火值守，会议改期")
    assert done.status_code == 303
    with clerk.books.log.read() as reading:
        record = reading.event_at(reading.head())
    assert record is not None
    assert (record.reason, record.as_history, record.actor, record.origin) == (
        "森林防火值守，会议改期", False, CLERK, "web",
    )  # fmt: skip


def test_what_happened_against_the_rules_is_entered_as_history_with_a_reason(clerk: Clerk) -> None:
    path = clerk.step("张雨桐", "agree_development_target")
    fields: dict[str, Any] = {"on": "2026-12-01", "opinions": ["members", "mentors"]}
    clerk.open(path)
    blocked = clerk.post(path, "check", **fields)
    assert blocked.status_code == 422
    assert "最早可于2027-06-03办理" in text_of(blocked)
    assert "补录要写理由" in text_of(clerk.post(path, "check", **fields, as_history="yes"))
    late = {**fields, "as_history": "yes", "why": "会议记录如此"}
    told = text_of(clerk.post(path, "check", **late))
    assert "按补录登记" in told
    assert "补录的理由 会议记录如此" in told
    done = clerk.post(path, "confirm", **late)
    assert "现在是确定为发展对象" in text_of(clerk.site.get(done.headers["location"]))


# --- recorded -------------------------------------------------------------------------------------------


def test_what_was_recorded_is_told_with_what_follows(clerk: Clerk) -> None:
    told = clerk.record(clerk.step("何志强", "hold_first_talk"), on="2026-12-04")
    assert f"第 {clerk.count()} 条记录" in told
    assert "接下来 确定入党积极分子" in told
    assert "回到待办" in told


def test_a_form_posted_twice_records_once(clerk: Clerk) -> None:
    path = clerk.step("何志强", "hold_first_talk")
    clerk.record(path, on="2026-12-04")
    before = clerk.count()
    again = clerk.post(path, "confirm", on="2026-12-04")
    assert again.status_code == 303
    assert again.headers["location"].endswith(f"event={before}")
    checked = clerk.post(path, "check", on="2026-12-04")
    assert str(checked.url).endswith(f"event={before}")
    assert "已经登记" in text_of(checked)
    assert clerk.count() == before


def test_the_back_button_cannot_change_what_was_recorded(clerk: Clerk) -> None:
    path = clerk.step("何志强", "hold_first_talk")
    clerk.record(path, on="2026-12-04")
    before = clerk.count()
    changed = clerk.post(path, "confirm", on="2026-12-03")
    assert changed.status_code == 409
    assert "请在那条记录上更正" in text_of(changed)
    assert clerk.count() == before


def test_somebody_new_is_received_by_a_unit(clerk: Clerk) -> None:
    fields = {"unit": str(clerk.books.units[BRANCH]), "on": "2026-12-01", "name": "沈文涛"}
    clerk.open("/people/new")
    assert "请填写出生日期" in text_of(clerk.post("/people/new", "check", **fields))
    told = clerk.record("/people/new", **fields, born_on="2000-05-01", gender="男")
    assert "沈文涛：收到入党申请书" in told
    assert "接下来 派人谈话 最迟 2027-01-01" in told
    assert "沈文涛" in text_of(clerk.site.get("/pipeline"))


def test_who_is_too_young_is_not_received(clerk: Clerk) -> None:
    fields = {
        "unit": str(clerk.books.units[BRANCH]),
        "on": "2026-12-01",
        "name": "小沈",
        "born_on": "2010-05-01",
    }
    clerk.open("/people/new")
    answer = clerk.post("/people/new", "check", **fields)
    assert answer.status_code == 422
    assert '<a href="#born_on">' in answer.text


def test_who_is_on_the_books_is_not_put_down_twice(clerk: Clerk) -> None:
    fields = {
        "unit": str(clerk.books.units[BRANCH]),
        "on": "2026-12-01",
        "name": "何志强",
        "born_on": "1998-02-03",
    }
    clerk.open("/people/new")
    assert clerk.post("/people/new", "check", **fields).status_code == 422


def test_a_member_is_transferred_to_a_unit_that_is_chosen(clerk: Clerk) -> None:
    path = clerk.step("党员01", "transfer_person")
    told = clerk.open(path)
    assert OTHER in told
    done = clerk.record(
        path, on="2026-12-01", to_unit=str(clerk.books.units[OTHER]), reason="工作调动", why="r"
    )
    assert "转接组织关系" in done
    assert OTHER in text_of(clerk.site.get(f"/people/{clerk.id_of('党员01')}"))


def test_a_member_is_transferred_to_a_unit_that_is_not_on_these_books(clerk: Clerk) -> None:
    path = clerk.step("党员02", "transfer_person")
    clerk.open(path)
    other = {"on": "2026-12-01", "to_unit.other": "邻县某村党支部", "reason": "搬家", "why": "搬家"}
    assert "邻县某村党支部（不在本系统）" in text_of(clerk.post(path, "check", **other))
    assert clerk.post(path, "confirm", **other).status_code == 303


def test_dues_are_recorded_in_yuan_for_a_month(clerk: Clerk) -> None:
    path = clerk.step("党员03", "record_dues")
    clerk.open(path)
    wrong = text_of(clerk.post(path, "check", on="2026-12-01", month="2026-13", base="x", role="employed"))
    assert "不是一个月份" in wrong
    assert "不是一个金额" in wrong
    fields = {"on": "2026-12-01", "month": "2026-12", "role": "employed", "base": "3000", "amount": "15.00"}
    assert "交纳党费" in clerk.record(path, **fields, why="按月")


def test_a_unit_above_can_be_named_too(clerk: Clerk) -> None:
    assert COMMITTEE in clerk.open("/people/new")


def test_who_rests_from_membership_is_not_offered(clerk: Clerk) -> None:
    path = clerk.step("党员04", "stop_membership")
    assert "停止党籍" in clerk.record(path, on="2026-12-01", ground="abroad", since="2019-01-01", why="出国")
    told = clerk.open(clerk.step("张雨桐", "assign_mentors"))
    assert "党员04：停止党籍期间" in told.partition("不能选的")[2]
