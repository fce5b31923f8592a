"""Forms against those who mean ill: other sites, other browsers, other hosts, and what cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_county import BRANCH, county
from tests.entrypoints.web_forms import CLERK, HERE, Clerk, text_of
from workflows.entrypoints.web.forms.posted import MOST_BYTES
from workflows.entrypoints.web.headers import HEADERS
from workflows.entrypoints.web.site import create_app

TALK = {"on": "2026-12-04"}


@pytest.fixture
def clerk() -> Iterator[Clerk]:
    """A clerk with the form of a talk open, in a county of his own."""
    books = county()
    with TestClient(create_app(books, actor=CLERK), base_url=HERE) as site:
        found = Clerk(site, books)
        found.open(found.step("何志强", "hold_first_talk"))
        yield found


def path_of(clerk: Clerk) -> str:
    """Return where the form that is open is posted to."""
    return clerk.step("何志强", "hold_first_talk")


# --- from elsewhere -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://127.0.0.1:8000",
        "http://127.0.0.1:9999",
        "http://127.0.0.1",
        "null",
        "x",
    ],
)
def test_what_another_site_posts_is_refused(clerk: Clerk, origin: str) -> None:
    before = clerk.count()
    answer = clerk.post(path_of(clerk), "confirm", origin=origin, **TALK)
    assert answer.status_code == 403
    assert "这次提交不是从本系统的页面来的" in text_of(answer)
    assert clerk.count() == before


def test_what_comes_from_nowhere_is_refused(clerk: Clerk) -> None:
    assert clerk.post(path_of(clerk), "confirm", origin=None, **TALK).status_code == 403


def test_an_old_browser_that_tells_only_the_page_it_comes_from_is_taken(clerk: Clerk) -> None:
    data = {**clerk.carried, **TALK, "do": "check"}
    ours = clerk.site.post(path_of(clerk), data=data, headers={"referer": f"{HERE}/people/x"})
    assert ours.status_code == 200
    theirs = clerk.site.post(path_of(clerk), data=data, headers={"referer": "http://evil.example/"})
    assert theirs.status_code == 403


def test_what_the_browser_says_is_cross_site_is_refused(clerk: Clerk) -> None:
    data = {**clerk.carried, **TALK, "do": "confirm"}
    headers = {"origin": HERE, "sec-fetch-site": "cross-site"}
    assert clerk.site.post(path_of(clerk), data=data, headers=headers).status_code == 403


def test_without_the_token_of_the_form_nothing_is_recorded(clerk: Clerk) -> None:
    before = clerk.count()
    for token in ("", "0" * 64, "中"):
        answer = clerk.post(path_of(clerk), "confirm", token=token, **TALK)
        assert answer.status_code == 403
        assert "什么也没有登记" in text_of(answer)
    assert clerk.count() == before


def test_the_token_of_another_browser_is_refused(clerk: Clerk) -> None:
    with TestClient(create_app(clerk.books, actor=CLERK), base_url=HERE) as other:
        theirs = Clerk(other, clerk.books)
        theirs.open(path_of(clerk))
    clerk.carried["token"] = theirs.carried["token"]
    assert clerk.post(path_of(clerk), "confirm", **TALK).status_code == 403


def test_no_script_reads_the_cookie_and_no_other_site_sends_it(clerk: Clerk) -> None:
    with TestClient(create_app(clerk.books, actor=CLERK), base_url=HERE) as other:
        told = other.get(path_of(clerk)).headers["set-cookie"]
        assert "HttpOnly" in told
        assert "SameSite=lax" in told
        assert "set-cookie" not in other.get(path_of(clerk)).headers


@pytest.mark.parametrize("bound", ["0.0.0.0", "192.168.1.20"])  # noqa: S104  # what is refused
def test_pages_record_only_where_the_server_is_bound_to_this_machine(clerk: Clerk, bound: str) -> None:
    site = create_app(clerk.books, actor=CLERK)

    async def elsewhere(scope: Any, receive: Any, send: Any) -> None:
        await site({**scope, "server": (bound, 8000)} if scope["type"] == "http" else scope, receive, send)

    visitor = TestClient(elsewhere, base_url=HERE)
    answer = visitor.get(path_of(clerk))
    assert answer.status_code == 403
    told = text_of(answer)
    for part in ("不能在网页上登记", "还没有登录功能", "zhibu record"):
        assert part in told
    posted = visitor.post(path_of(clerk), data={**TALK, "do": "confirm"}, headers={"origin": HERE})
    assert posted.status_code == 403
    assert "/steps" not in visitor.get(f"/people/{clerk.id_of('何志强')}").text


def test_pages_without_an_actor_only_show(clerk: Clerk) -> None:
    with TestClient(create_app(clerk.books), base_url=HERE) as reader:
        assert reader.get(path_of(clerk)).status_code == 403
        assert reader.get("/people/new").status_code == 403
        assert "/steps" not in reader.get(f"/people/{clerk.id_of('何志强')}").text
        assert "登记人" not in reader.get("/pipeline").text


def test_a_page_of_the_past_has_no_way_to_record(clerk: Clerk) -> None:
    page = clerk.site.get(f"/people/{clerk.id_of('何志强')}", params={"as_of": "2026-11-20"}).text
    assert "/steps" not in page


# --- what is posted -------------------------------------------------------------------------------------


def test_an_unknown_step_or_person_is_not_there(clerk: Clerk) -> None:
    person = clerk.id_of("何志强")
    for path in (
        f"/people/{person}/steps/no_such_step",
        f"/people/{person}/steps/hold_meeting",
        f"/people/{person}/steps/adopt_pack",
        "/people/00000000-0000-0000-0000-000000000000/steps/hold_first_talk",
        "/people/nobody/steps/hold_first_talk",
        f"/people/{next(iter(clerk.books.units.values()))}/steps/hold_first_talk",
    ):
        assert clerk.site.get(path).status_code == 404, path
        assert clerk.post(path, "confirm", **TALK).status_code == 404, path


def test_what_is_too_much_is_refused_unread(clerk: Clerk) -> None:
    assert clerk.post(path_of(clerk), "check", on="2026-12-04", by="长" * MOST_BYTES).status_code == 413
    many = "&".join(f"f{number}=1" for number in range(5000))
    headers = {"origin": HERE, "content-type": "application/x-www-form-urlencoded"}
    assert clerk.site.post(path_of(clerk), content=many, headers=headers).status_code == 400


def test_only_a_form_is_read(clerk: Clerk) -> None:
    headers = {"origin": HERE}
    assert clerk.site.post(path_of(clerk), json={"do": "confirm"}, headers=headers).status_code == 415
    files = {"file": ("a.txt", b"x")}
    assert clerk.site.post(path_of(clerk), data=TALK, files=files, headers=headers).status_code == 415
    headers["content-type"] = "application/x-www-form-urlencoded"
    for body in (b"on=%ff%fe", "on=中".encode("gb18030"), b"on=a%00b"):
        assert clerk.site.post(path_of(clerk), content=body, headers=headers).status_code in (400, 403)


def test_a_field_that_is_too_long_is_told_at_its_field(clerk: Clerk) -> None:
    path = clerk.step("张雨桐", "file_activist")
    clerk.open(path)
    answer = clerk.post(path, "check", on="2026-12-04", document="长" * 2001)
    assert answer.status_code == 422
    assert "不能多于 2000 个字，现在有 2001 个字" in text_of(answer)


def test_a_field_given_twice_is_refused(clerk: Clerk) -> None:
    answer = clerk.post(path_of(clerk), "check", on=["2026-12-04", "2026-12-03"])
    assert answer.status_code == 400
    assert "给了 2 次" in text_of(answer)


def test_fields_that_are_not_asked_for_change_nothing(clerk: Clerk) -> None:
    more = {
        "actor": "别人",
        "origin_": "api",
        "unit_id": "x",
        "person_id": clerk.id_of("李明"),
        "role": "admin",
    }
    done = clerk.post(path_of(clerk), "confirm", **TALK, **more)
    assert done.status_code == 303
    with clerk.books.log.read() as reading:
        record = reading.event_at(reading.head())
    assert record is not None
    assert (str(record.stream_id), record.actor, record.origin) == (clerk.id_of("何志强"), CLERK, "web")


def test_nobody_is_chosen_who_is_not_on_the_list(clerk: Clerk) -> None:
    strangers = (
        clerk.id_of("周桂英"),
        str(clerk.books.units["向阳村党支部"]),
        "00000000-0000-0000-0000-000000000000",
    )
    for stranger in strangers:
        told = clerk.post(path_of(clerk), "check", **TALK, by=stranger)
        assert told.status_code == 422
        assert "不在名单里，请重新选" in text_of(told)
        by_hand = clerk.post(path_of(clerk), "check", **TALK, **{"by.other": stranger})
        assert "请写名称，不写编号" in text_of(by_hand)


SCRIPT = "<script>alert(1)</script>{{7*7}}\"'><img src=x onerror=alert(1)>"


def test_script_in_text_stays_text(clerk: Clerk) -> None:
    checked = clerk.post(path_of(clerk), "check", **TALK, **{"by.other": SCRIPT})
    assert checked.status_code == 200
    assert "<script>alert" not in checked.text
    assert "<img" not in checked.text
    assert SCRIPT in unescape(checked.text)
    done = clerk.post(path_of(clerk), "confirm", **TALK, **{"by.other": SCRIPT})
    page = clerk.site.get(f"/people/{clerk.id_of('何志强')}").text
    assert done.status_code == 303
    assert "<script>alert" not in page
    assert "{{7*7}}" in page


def test_a_form_without_its_number_or_button_is_refused(clerk: Clerk) -> None:
    assert clerk.post(path_of(clerk), "confirm", command_id="x", **TALK).status_code == 400
    assert clerk.post(path_of(clerk), "erase", **TALK).status_code == 400


def test_the_done_page_shows_records_of_that_person_alone(clerk: Clerk) -> None:
    other = clerk.books.marks["vote_on_admission"]
    for event in (str(other), "0", "-1", "x", "9" * 40):
        path = f"{path_of(clerk)}/done"
        assert clerk.site.get(path, params={"event": event}).status_code == 404, event


def test_every_answer_to_a_form_carries_the_headers(clerk: Clerk) -> None:
    for answer in (
        clerk.site.get(path_of(clerk)),
        clerk.post(path_of(clerk), "check", **TALK),
        clerk.post(path_of(clerk), "check", on="x"),
        clerk.post(path_of(clerk), "confirm", origin="http://evil.example"),
        clerk.post(path_of(clerk), "confirm", **TALK),
    ):
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
        assert answer.headers["Cache-Control"] == "no-store"
        assert " style=" not in answer.text
        assert "<script>" not in answer.text


# --- forms of a unit ------------------------------------------------------------------------------------

OF_A_UNIT = ("hold_meeting", "elect_committee", "establish_unit", "waive", "extend_deadline", "adopt_pack")


@pytest.mark.parametrize("command", OF_A_UNIT)
def test_forms_of_a_unit_are_guarded_as_those_of_people(clerk: Clerk, command: str) -> None:
    path, before = f"/units/{clerk.books.units[BRANCH]}/acts/{command}", clerk.count()
    clerk.open(path)
    fields = {"on": "2026-12-04"}
    assert clerk.post(path, "confirm", origin="http://evil.example", **fields).status_code == 403
    assert clerk.post(path, "confirm", origin=None, **fields).status_code == 403
    assert clerk.post(path, "confirm", token="0" * 64, **fields).status_code == 403
    assert clerk.post(path, "erase", **fields).status_code == 400
    assert clerk.post(path, "check", on=["2026-12-04", "2026-12-03"]).status_code == 400
    headers = {"origin": HERE}
    assert clerk.site.post(path, json={"do": "confirm"}, headers=headers).status_code == 415
    assert clerk.site.post(path, data={"on": "x" * MOST_BYTES}, headers=headers).status_code == 413
    with TestClient(create_app(clerk.books), base_url=HERE) as reader:
        assert reader.get(path).status_code == 403
        assert reader.get(path.rpartition("/")[0]).status_code == 403
    assert clerk.count() == before


def test_script_in_a_row_stays_text(clerk: Clerk) -> None:
    path = f"/units/{clerk.books.units[BRANCH]}/acts/hold_meeting"
    clerk.open(path)
    here = [clerk.id_of(name) for name in ("王建国", "陈秀兰", "赵国强")]
    fields: dict[str, Any] = {"type": "committee_meeting", "on": "2026-12-03", "attending": here}
    absent = clerk.id_of("孙小燕")
    fields |= {"resolutions.0.topic": SCRIPT, f"absence.{absent}": "leave", f"because.{absent}": SCRIPT}
    for answer in (
        clerk.post(path, "back", **fields),
        clerk.post(path, "check", **fields),
        clerk.site.get(clerk.post(path, "confirm", **fields).headers["location"]),
    ):
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text


def test_rows_and_reasons_of_those_who_are_not_there_change_nothing(clerk: Clerk) -> None:
    path = f"/units/{clerk.books.units[BRANCH]}/acts/hold_meeting"
    clerk.open(path)
    here = [clerk.id_of(name) for name in ("王建国", "陈秀兰", "赵国强")]
    stranger = clerk.id_of("周桂英")
    more = {
        f"absence.{stranger}": "leave", "absence.x": "leave", f"absence.{clerk.id_of('刘福生')}": "fled",
        "exempt.0.person": stranger, "resolutions.x.topic": "x", "resolutions.0.passed": "true",
        "roll": stranger,
    }  # fmt: skip
    done = clerk.post(path, "confirm", type="committee_meeting", on="2026-12-03", attending=here, **more)
    assert done.status_code == 303, text_of(done)
    with clerk.books.log.read() as reading:
        event: Any = getattr(reading.event_at(reading.head()), "event", None)
    assert (event.leave, event.exempt, event.resolutions, event.attending) == ((), (), (), 3)
