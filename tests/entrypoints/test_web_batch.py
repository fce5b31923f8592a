"""Many at once: one meeting, one step, each checked and recorded by itself, nothing half done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from tests.entrypoints.web_county import OTHER, TODAY, county
from tests.entrypoints.web_forms import CLERK, HERE, Clerk, text_of
from workflows.entrypoints.web.site import create_app
from workflows.kernel.clock import moment_of

TEN = [f"申请{number:02d}" for number in range(10)]
TALKED = TEN[:7]
CONFIRM = "/pipeline/batch/confirm_activist"
MEETING: dict[str, Any] = {"on": "2026-12-01", "recommended_by": ["members"]}


@pytest.fixture
def clerk() -> Iterator[Clerk]:
    """A clerk at a county with ten applicants of one branch, of whom three were not talked to yet."""
    books = county()
    for name in TEN:
        books.act("2026-11-10", "receive_application", {"name": name, "born_on": "1999-01-02"})
    for name in TALKED:
        books.act("2026-11-20", "hold_first_talk", {"by": "王建国"}, person=name)
    books.clock.put(moment_of(TODAY, 8))
    with TestClient(create_app(books, actor=CLERK), base_url=HERE) as site:
        yield Clerk(site, books)


def ids_of(clerk: Clerk, names: list[str]) -> list[str]:
    """Return the ids of several people."""
    return [clerk.id_of(name) for name in names]


def open_form(clerk: Clerk, names: list[str], command: str = "confirm_activist") -> str:
    """Open the form of one step for several people; return its text."""
    people = "&".join(f"person={one}" for one in ids_of(clerk, names))
    return clerk.open(f"/pipeline/batch?command={command}&{people}")


def confirmed(clerk: Clerk, path: str, **fields: Any) -> Response:
    """Post what is to be recorded and return the page of its result, to which one is led."""
    led = clerk.post(path, "confirm", **fields)
    assert led.status_code == 303, text_of(led)
    answer: Response = clerk.site.get(led.headers["location"])
    assert answer.status_code == 200
    return answer


def test_the_list_is_where_people_are_chosen(clerk: Clerk) -> None:
    page = clerk.site.get("/pipeline").text
    assert '<form action="/pipeline/batch">' in page
    assert page.count('name="person"') == 15
    assert " checked>" not in page
    assert clerk.site.get("/pipeline", params={"pick": "all"}).text.count(" checked>") == 15


def test_people_with_the_same_next_step_come_to_its_form_at_once(clerk: Clerk) -> None:
    people = "&".join(f"person={one}" for one in ids_of(clerk, TALKED))
    assert "确定入党积极分子：7 人" in clerk.open(f"/pipeline/batch?{people}")


def test_people_with_other_next_steps_are_told_apart(clerk: Clerk) -> None:
    people = "&".join(f"person={one}" for one in ids_of(clerk, TEN))
    told = clerk.open(f"/pipeline/batch?{people}")
    assert "确定入党积极分子 7 人：申请00、申请01" in told
    assert "派人谈话 · 向阳村党支部 3 人：申请07、申请08、申请09" in told
    assert (
        '<option value="confirm_activist">确定入党积极分子'
        in clerk.site.get(f"/pipeline/batch?{people}").text
    )


def test_ten_at_one_meeting_seven_are_recorded_and_three_refused_with_reasons(clerk: Clerk) -> None:
    open_form(clerk, TEN)
    ten = ids_of(clerk, TEN)
    before = clerk.count()
    checked = text_of(clerk.post(CONFIRM, "check", person=ten, **MEETING))
    assert "7 人可以登记，3 人不能" in checked
    assert "申请07 暂时不能确定入党积极分子：缺少派人谈话（《中国共产党发展党员工作细则》第八条）" in checked
    assert clerk.count() == before
    done = text_of(confirmed(clerk, CONFIRM, person=ten, **MEETING))
    assert "登记了 7 人，3 人没有登记" in done
    assert clerk.count() == before + 7
    for name in TEN:
        stage = "入党积极分子" if name in TALKED else "入党申请人"
        assert stage in text_of(clerk.site.get(f"/people/{clerk.id_of(name)}/steps")), name
    with clerk.books.log.read() as reading:
        new = [reading.event_at(before + number) for number in range(1, 8)]
    assert {str(record.stream_id) for record in new if record} == set(ids_of(clerk, TALKED))
    assert {record.effective_on for record in new if record} == {date(2026, 12, 1)}


def test_shown_again_the_same_posting_records_nothing_twice(clerk: Clerk) -> None:
    open_form(clerk, TEN)
    ten = ids_of(clerk, TEN)
    clerk.post(CONFIRM, "confirm", person=ten, **MEETING)
    before = clerk.count()
    again = text_of(confirmed(clerk, CONFIRM, person=ten, **MEETING))
    assert "登记了 7 人，3 人没有登记" in again
    assert clerk.count() == before
    changed = text_of(confirmed(clerk, CONFIRM, person=ten, on="2026-12-02"))
    assert "登记了 0 人" in changed
    assert clerk.count() == before


def test_the_result_has_an_address_of_its_own_that_can_be_shown_again(clerk: Clerk) -> None:
    open_form(clerk, TEN)
    answer = confirmed(clerk, CONFIRM, person=ids_of(clerk, TEN), **MEETING)
    before, address = clerk.count(), str(answer.url)
    assert "申请07" not in address
    again = text_of(clerk.site.get(address))
    assert "登记了 7 人，3 人没有登记" in again
    assert "缺少派人谈话" in again
    assert clerk.count() == before
    # started again, the program no longer knows why they were refused, but what was recorded stands
    with TestClient(create_app(clerk.books, actor="王建国"), base_url=HERE) as later:
        told = text_of(later.get(address))
    assert "登记了 7 人，3 人没有登记" in told
    assert "没有登记；接着办的时候会再说明原因" in told


def test_a_result_that_names_what_is_not_so_is_not_shown(clerk: Clerk) -> None:
    open_form(clerk, TEN)
    confirmed(clerk, CONFIRM, person=ids_of(clerk, TEN[:1]), **MEETING)
    first, other = ids_of(clerk, TEN[:2])
    for query in (f"event=1@{first}", f"event={clerk.count()}@{other}", f"event=x@{first}", "event=1", ""):
        assert clerk.site.get(f"{CONFIRM}/done?{query}").status_code in (400, 404), query
    assert clerk.site.get(f"{CONFIRM}/done?event=9&refused=nobody").status_code == 404
    assert clerk.site.get(f"/pipeline/batch/receive_application/done?refused={first}").status_code == 404


def test_those_refused_can_be_gone_on_with(clerk: Clerk) -> None:
    open_form(clerk, TEN)
    page = confirmed(clerk, CONFIRM, person=ids_of(clerk, TEN), **MEETING).text
    again = page.partition("接着办这 3 人")[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    told = clerk.open(again)
    assert "派人谈话：3 人" in told


def test_who_is_left_out_is_not_recorded(clerk: Clerk) -> None:
    open_form(clerk, TEN)
    before = clerk.count()
    clerk.post(CONFIRM, "confirm", person=ids_of(clerk, TEN[:2]), **MEETING)
    assert clerk.count() == before + 2


def test_ballots_are_each_ones_own(clerk: Clerk) -> None:
    path = "/pipeline/batch/vote_on_admission"
    two = ids_of(clerk, TEN[:2])
    open_form(clerk, TEN[:2], "vote_on_admission")
    votes = {f"in_favour@{two[0]}": "18", f"in_favour@{two[1]}": "x", "on": "2026-12-01", "attending": "19"}
    wrong = clerk.post(path, "check", person=two, **votes)
    assert wrong.status_code == 422
    assert "申请01：请填一个整数，如 12" in text_of(wrong)
    assert f'<a href="#in_favour@{two[1]}">' in wrong.text
    votes[f"in_favour@{two[1]}"] = "7"
    told = text_of(clerk.post(path, "check", person=two, **votes, as_history="yes", why="旧账"))
    assert "到会赞成票数 18" in told
    assert "到会赞成票数 7" in told
    clerk.post(path, "confirm", person=two, **votes, as_history="yes", why="旧账")
    with clerk.books.log.read() as reading:
        events: list[Any] = [reading.event_at(reading.head() - back) for back in (1, 0)]
    assert [(record.event.votes.in_favour, record.as_history) for record in events] == [(18, True), (7, True)]


def test_what_is_shared_and_wrong_is_told_once(clerk: Clerk) -> None:
    open_form(clerk, TEN)
    answer = clerk.post(CONFIRM, "check", person=ids_of(clerk, TEN), on="2026-02-30")
    assert answer.status_code == 422
    assert "有 1 处需要改正 不是一个日期" in text_of(answer)


def test_mentors_are_chosen_for_people_of_one_branch_alone(clerk: Clerk) -> None:
    clerk.books.act(
        "2026-11-30", "receive_application", {"name": "外人", "born_on": "1999-01-02"}, unit=OTHER
    )
    clerk.books.clock.put(moment_of(TODAY, 8))
    people = "&".join(f"person={one}" for one in ids_of(clerk, [TEN[0], "外人"]))
    answer = clerk.site.get(f"/pipeline/batch?command=assign_mentors&{people}")
    assert answer.status_code == 400
    assert "不在一个党支部" in text_of(answer)


@pytest.mark.parametrize("command", ["receive_application", "register_member", "hold_meeting", "no_such"])
def test_what_is_no_step_of_several_people_is_not_there(clerk: Clerk, command: str) -> None:
    people = f"person={clerk.id_of(TEN[0])}"
    assert clerk.site.get(f"/pipeline/batch?command={command}&{people}").status_code == 404
    open_form(clerk, TEN[:2])
    assert clerk.post(f"/pipeline/batch/{command}", "confirm", person=clerk.id_of(TEN[0])).status_code == 404


def test_nobody_too_many_and_strangers_are_refused(clerk: Clerk) -> None:
    assert clerk.site.get("/pipeline/batch").status_code == 400
    many = "&".join(f"person=x{number}" for number in range(61))
    assert clerk.site.get(f"/pipeline/batch?{many}").status_code == 400
    open_form(clerk, TEN)
    nobody = "00000000-0000-0000-0000-000000000000"
    before = clerk.count()
    answer = clerk.post(CONFIRM, "confirm", person=[clerk.id_of(TEN[0]), nobody], **MEETING)
    assert answer.status_code == 404
    assert clerk.count() == before


def test_a_posting_from_elsewhere_is_refused(clerk: Clerk) -> None:
    open_form(clerk, TEN)
    before = clerk.count()
    fields = {"person": ids_of(clerk, TEN), **MEETING}
    assert clerk.post(CONFIRM, "confirm", origin="http://evil.example", **fields).status_code == 403
    assert clerk.post(CONFIRM, "confirm", token="", **fields).status_code == 403
    assert clerk.count() == before
