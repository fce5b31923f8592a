"""党费登记、学习培训: the register of a branch, filled in for all on one sheet, nothing typed twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_county import BRANCH, TODAY, county
from tests.entrypoints.web_forms import CLERK, HERE, Clerk, text_of
from workflows.entrypoints.web.site import create_app
from workflows.kernel.clock import moment_of

PAYING = ("王建国", "陈秀兰", "赵国强")
BASE = "4321.00"


@pytest.fixture
def clerk() -> Iterator[Clerk]:
    """A clerk at a county whose branch recorded three people's dues for October, one's from May on."""
    books = county()
    for name, fields in zip(
        PAYING,
        (
            {"role": "employed", "base": BASE, "amount": "43.21"},
            {"role": "farmer", "amount": "0.50"},
            {"role": "retired", "base": "3000", "amount": "10.00"},
        ),
        strict=True,
    ):
        books.act("2026-10-20", "record_dues", {"month": "2026-10", **fields}, person=name)
    for month in range(5, 12):
        told = {"month": f"2026-{month:02d}", "role": "student", "amount": "0.20"}
        books.act(f"2026-{month:02d}-20", "record_dues", told, person="孙小燕")
    books.clock.put(moment_of(TODAY, 8))
    with TestClient(create_app(books, actor=CLERK), base_url=HERE) as site:
        yield Clerk(site, books)


def sheet(clerk: Clerk, name: str = "dues") -> str:
    return f"/units/{clerk.books.units[BRANCH]}/sheets/{name}"


def own(clerk: Clerk, person: str, **fields: str) -> dict[str, str]:
    """Return the fields of one person, as the sheet names them."""
    return {f"{name}@{clerk.id_of(person)}": text for name, text in fields.items()}


def test_a_register_tells_paid_short_unrecorded_and_unknown(clerk: Clerk) -> None:
    unit = clerk.books.units[BRANCH]
    page = text_of(clerk.site.get(f"/dues?unit={unit}&month=2026-10"))
    assert "王建国 按月领取工资 43.21 43.21 2026-10-20 已交" in page
    assert "陈秀兰 农民 0.20 0.50 2026-10-20 已交" in page
    assert "赵国强 离退休 15.00 10.00 2026-10-20 少交" in page
    assert "刘福生 – – – – 没有记录 2027-04-30 7 个月" in page
    assert "实交合计 53.91 元" in page
    before = text_of(clerk.site.get(f"/dues?unit={unit}&month=2026-04"))
    assert "没有记录" not in before.replace("连续没有记录", "")
    assert "不登记党费" in before
    assert BASE not in clerk.site.get(f"/dues?unit={unit}&month=2026-10").text


def test_the_member_admitted_in_the_month_owes_from_that_month(clerk: Clerk) -> None:
    unit = clerk.books.units[BRANCH]
    assert "李明" not in text_of(clerk.site.get(f"/dues?unit={unit}&month=2025-11"))
    assert "李明" in text_of(clerk.site.get(f"/dues?unit={unit}&month=2026-01"))


def test_a_month_is_entered_for_all_with_last_months_role_and_base(clerk: Clerk) -> None:
    page = clerk.open(f"{sheet(clerk)}?month=2026-11")
    shown = clerk.site.get(f"{sheet(clerk)}?month=2026-11").text
    assert "应交 43.21" in page
    assert BASE not in shown
    assert 'value="43.21"' in shown
    assert 'value="0.50"' in shown
    assert "已交 0.20" in page
    fields: dict[str, Any] = {
        "on": "2026-12-01",
        "month": "2026-11",
        "count": "1",
        "person": [clerk.id_of(name) for name in PAYING],
        **own(clerk, "王建国", role="employed", base="", amount="43.21"),
        **own(clerk, "陈秀兰", role="farmer", base="", amount="0.50"),
        **own(clerk, "赵国强", role="retired", base="", amount="9.00"),
    }
    checked = text_of(clerk.post(sheet(clerk), "check", **fields))
    assert "3 人可以登记" in checked
    assert "15.00" in checked
    asked = clerk.post(sheet(clerk), "confirm", **fields)
    assert asked.status_code == 422
    done = clerk.post(sheet(clerk), "confirm", **fields, why="分两次交")
    assert done.status_code == 303
    told = text_of(clerk.site.get(done.headers["location"]))
    assert "王建国 按月领取工资 43.21 43.21 2026-12-01 已交" in told
    assert "赵国强 离退休 15.00 9.00 2026-12-01 少交" in told
    again = clerk.post(sheet(clerk), "confirm", **fields, why="分两次交")
    assert again.status_code == 303
    assert "王建国 按月领取工资 43.21 43.21" in text_of(clerk.site.get(done.headers["location"]))


def test_a_quarter_is_paid_at_once(clerk: Clerk) -> None:
    clerk.open(f"{sheet(clerk)}?month=2026-11")
    fields: dict[str, Any] = {
        "on": "2026-11-20",
        "month": "2026-11",
        "count": "3",
        "person": [clerk.id_of("陈秀兰")],
        **own(clerk, "陈秀兰", role="farmer", amount="0.50"),
    }
    assert clerk.post(sheet(clerk), "confirm", **fields).status_code == 303
    unit = clerk.books.units[BRANCH]
    for month in ("2026-11", "2026-12", "2027-01"):
        page = text_of(clerk.site.get(f"/dues?unit={unit}&month={month}"))
        assert "陈秀兰 农民 0.20 0.50 2026-11-20 已交" in page


def test_what_cannot_be_is_told_at_its_person(clerk: Clerk) -> None:
    clerk.open(f"{sheet(clerk)}?month=2026-11")
    fields: dict[str, Any] = {
        "on": "2026-12-01", "month": "2026-11", "count": "1", "person": [clerk.id_of("陈秀兰")],
        **own(clerk, "陈秀兰", role="farmer", amount="五角"),
    }  # fmt: skip
    answer = clerk.post(sheet(clerk), "check", **fields)
    assert answer.status_code == 422
    assert "陈秀兰：不是一个金额" in text_of(answer)
    nobody = clerk.post(sheet(clerk), "check", on="2026-12-01", month="2026-11", count="1")
    assert nobody.status_code == 422
    assert "至少勾选一个人" in text_of(nobody)
    assert clerk.site.get(f"/units/{clerk.books.units[BRANCH]}/sheets/nothing").status_code == 404
    unnamed = {**fields, **own(clerk, "陈秀兰", role="", amount="0.50")}
    assert "不登记" in text_of(clerk.post(sheet(clerk), "check", **unnamed))


def test_a_training_is_entered_for_all_and_the_hours_add_up(clerk: Clerk) -> None:
    path = sheet(clerk, "training")
    clerk.open(path)
    fields: dict[str, Any] = {
        "on": "2026-12-01", "title": "党章学习", "organizer": "镇党校", "hours": "8",
        "person": [clerk.id_of("王建国"), clerk.id_of("陈秀兰")],
        **own(clerk, "王建国", hours=""), **own(clerk, "陈秀兰", hours="4"),
    }  # fmt: skip
    assert "2 人可以登记" in text_of(clerk.post(path, "check", **fields))
    done = clerk.post(path, "confirm", **fields)
    assert done.status_code == 303
    told = text_of(clerk.site.get(done.headers["location"]))
    assert "王建国 正式党员 1 8 2026-12-01 党章学习" in told
    assert "陈秀兰 正式党员 1 4 2026-12-01 党章学习" in told
    unit = clerk.books.units[BRANCH]
    assert "王建国" in clerk.site.get(f"/training.csv?unit={unit}&year=2026").content.decode("utf-8-sig")


def test_addresses_that_mean_nothing_are_refused(clerk: Clerk) -> None:
    unit = clerk.books.units[BRANCH]
    assert clerk.site.get(f"/dues?unit={unit}&month=2026-13").status_code == 400
    assert clerk.site.get(f"/dues?unit={unit}&month=2026-Q4").status_code == 400
    assert clerk.site.get(f"/training?unit={unit}&year=x").status_code == 400
    assert clerk.site.get("/dues.csv").status_code == 400
    assert "0.50" in clerk.site.get(f"/dues.csv?unit={unit}&month=2026-10").content.decode("utf-8-sig")


def test_how_a_member_stands_is_told_and_everything_else_is_one_step_away(clerk: Clerk) -> None:
    person = clerk.books.people["党员03"]
    page = text_of(clerk.site.get(f"/people/{person}"))
    assert "党员情况" in page
    assert "连续没有交党费的记录 7 个月" in page
    assert "其他事项" in page
    steps = text_of(clerk.site.get(f"/people/{person}/steps"))
    for matter in ("组织关系", "外出和联系", "党籍和处置", "党费、学习和组织生活"):
        assert matter in steps
    told = clerk.record(clerk.step("党员03", "report_lost_contact"), on="2026-05-20", ways="电话、走访")
    assert "停止党籍" in told
    page = text_of(clerk.site.get(f"/people/{person}"))
    assert "失去联系（ 2026-05-20 起）" in page
    assert "到了，可以办" in page
    assert "最早可于 2026-11-20 办理" in page
    clerk.record(
        clerk.step("党员03", "stop_membership"), on="2026-11-20", ground="lost", since="", document=""
    )
    page = text_of(clerk.site.get(f"/people/{person}"))
    assert "停止党籍（ 2026-11-20 起" in page
    assert "2028-11-20" in page
    roster = text_of(clerk.site.get(f"/roster?unit={clerk.books.units[BRANCH]}"))
    assert "另有停止党籍 1 人" in roster


@pytest.mark.parametrize(
    ("command", "fields", "told"),
    [
        ("exempt_from_meetings", {"reason": "年老体弱"}, "免予参加会议"),
        ("order_correction", {"months": "6", "ground": ""}, "限期改正"),
        ("register_absence", {"purpose": "domestic", "fixed_place": "true", "place": "外省"}, "外出"),
        ("issue_certificate", {"number": "3号", "until": "2027-03-01"}, "开具党员证明信"),
        ("record_graduation", {}, "毕业离校"),
        (
            "reduce_dues",
            {"first_month": "2026-12", "reason": "重病", "discussed_on": "2026-11-30", "document": "批复3号"},
            "少交、免交党费",
        ),
    ],
)
def test_every_matter_of_a_member_has_a_form_of_its_own(
    clerk: Clerk, command: str, fields: dict[str, str], told: str
) -> None:
    assert told in clerk.record(clerk.step("党员05", command), on="2026-12-03", **fields)


def test_the_base_is_shown_on_no_page(clerk: Clerk) -> None:
    person, unit = clerk.books.people["王建国"], clerk.books.units[BRANCH]
    paid = next(
        r["position"] for r in clerk.books.answering.history(person)["rows"] if r["event"] == "DuesRecorded"
    )
    for address in (
        f"/people/{person}", f"/people/{person}/record", f"/people/{person}/history", f"/events/{paid}",
        f"/dues?unit={unit}&month=2026-10", f"/dues.csv?unit={unit}&month=2026-10",
    ):  # fmt: skip
        shown = clerk.site.get(address).text
        assert "43.21" in shown or "record" in address or "history" in address
        assert not any(base in shown for base in ("4321.00", "432100", "4,321")), address
