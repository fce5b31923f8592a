"""案卷 on the web: a list and a page for every kind, a form for every command, nothing typed twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_cases import CAMPAIGN, MISSED, SITE, VISIT, WEAK, Cases, cases
from tests.entrypoints.web_county import BRANCH, COMMITTEE, OTHER
from tests.entrypoints.web_forms import CLERK, HERE, TAG, Clerk, text_of
from workflows.application.case_files import FILES
from workflows.application.commands import commands_of
from workflows.domain.rectification.events import IssueOpened
from workflows.entrypoints.web.cases.kinds import BY_KIND, KINDS
from workflows.entrypoints.web.forms.fields import OTHER as BY_HAND
from workflows.entrypoints.web.forms.fields import Field
from workflows.entrypoints.web.forms.filling import Lists
from workflows.entrypoints.web.forms.posted import Posted
from workflows.entrypoints.web.forms.rows import fill_all
from workflows.entrypoints.web.forms.unit_fields import command_fields
from workflows.entrypoints.web.site import create_app
from workflows.entrypoints.web.words import word

ACTS = [(kind, name) for kind in FILES for name in commands_of(kind)]
CASE_OF = {
    "campaign": CAMPAIGN, "inspection": VISIT, "rectification": MISSED, "listing": WEAK, "site": SITE,
}  # fmt: skip


@pytest.fixture(scope="module")
def shown() -> Iterator[tuple[Cases, Clerk]]:
    """A county that is only looked at."""
    made = cases()
    with TestClient(create_app(made.books, actor=CLERK), base_url=HERE) as site:
        yield made, Clerk(site, made.books)


@pytest.fixture
def filled() -> Iterator[tuple[Cases, Clerk]]:
    """A county of its own, to record in."""
    made = cases()
    with TestClient(create_app(made.books, actor=CLERK), base_url=HERE) as site:
        yield made, Clerk(site, made.books)


def place(made: Cases, subject: str) -> str:
    """Return the page of a case."""
    kind = next(name for name, called in CASE_OF.items() if called == subject)
    return BY_KIND[kind].place(made.ids[subject])


# --- every command of every kind has a form -----------------------------------------------------------------


def test_every_kind_of_case_has_a_list_and_every_stage_a_tab_and_a_word() -> None:
    assert set(BY_KIND) == set(FILES)
    for kind in KINDS:
        stages = set(FILES[kind.kind].table.values())
        assert {stage for tab in kind.tabs for stage in tab.stages} == stages
        assert set(kind.course) <= stages
        assert kind.opening in commands_of(kind.kind)
        assert all(word("stage", f"{kind.kind}.{stage}") != f"{kind.kind}.{stage}" for stage in stages)


def sample(one: Field, place: str) -> list[tuple[str, str]]:
    """Return what somebody would post for a field."""
    told = {
        "day": "2026-12-01", "number": str(one.least or 1), "real": "92.5", "month": "2026-11",
        "yes": "true", "lines": "一\n二", "long": "如实",
    }  # fmt: skip
    if one.kind in ("person", "people"):
        return [(place + BY_HAND, "周敏")]
    if one.kind == "counted":
        return [(place + BY_HAND, "12")]
    if one.kind == "rows":
        return [pair for part in one.parts for pair in sample(part, f"{place}.0.{part.name}")]
    if one.kind in ("choice", "several"):
        return [(place, one.choices[0][0])] if one.choices else []
    return [(place, "2026-Q3" if one.name == "period" else told.get(one.kind, "写明"))]


@pytest.mark.parametrize(("kind", "command"), ACTS)
def test_what_a_form_of_a_case_takes_is_its_command(kind: str, command: str) -> None:
    of = commands_of(kind)[command]
    fields = command_fields(of)
    assert {one.name for one in fields} == set(of.__struct_encode_fields__)
    for one in fields:
        for part in (one, *one.parts):
            assert any("\u4e00" <= letter <= "\u9fff" for letter in part.label), (command, part.name)
            known = [told for _, told in part.choices if told]
            assert all(any("\u4e00" <= letter <= "\u9fff" for letter in told) for told in known)
    left_out = {"events"}  # ids of records, not typed by hand
    given = [
        pair
        for one in fields
        for pair in sample(one, one.name)
        if pair[0].rpartition(".")[2] not in left_out and pair[1]
    ]
    made = fill_all(fields, Posted(given), Lists())
    told = made.roughly(command, latest=date(2026, 12, 4), of_case=True)
    assert made.wrong == {}
    assert told is not None
    assert isinstance(told.command, of)


@pytest.mark.parametrize(("kind", "command"), ACTS)
def test_every_form_of_a_case_opens_and_tells_what_is_wanting(
    shown: tuple[Cases, Clerk], kind: str, command: str
) -> None:
    made, clerk = shown
    opens = command == BY_KIND[kind].opening
    path = f"/units/{made.books.units[BRANCH]}" if opens else place(made, CASE_OF[kind])
    clerk.open(f"{path}/acts/{command}")
    before = clerk.count()
    answer = clerk.post(f"{path}/acts/{command}", "check", on="")
    assert answer.status_code == 422
    assert clerk.count() == before


# --- lists and pages ----------------------------------------------------------------------------------------


def test_the_list_is_by_stage_unit_and_year_and_says_what_to_do_when_it_is_empty(
    shown: tuple[Cases, Clerk],
) -> None:
    made, clerk = shown
    told = clerk.open("/issues")
    assert "全部 2 发现 1 整改中 1 待验收 0 待销号 0 已销号 0 逾期 1" in told
    assert MISSED in clerk.open("/issues?tab=overdue")
    assert "没有符合条件的问题" in clerk.open("/issues?year=2025")
    assert MISSED not in clerk.open(f"/issues?unit={made.books.units[BRANCH]}")
    below = clerk.open(f"/issues?unit={made.books.units[COMMITTEE]}&source=inspection")
    assert f"{VISIT}：问题1" in below
    assert MISSED not in below
    assert "还没有示范点。申报一个示范点点“新增”。" in clerk.open("/sites?as_of=2026-01-01")
    saved = clerk.site.get("/issues.csv?tab=overdue").content.decode("utf-8-sig")
    assert saved.startswith("序号,党组织,名称,阶段,开始日期,期限,期限情况,来源,责任人,证据,说明,措施")
    assert saved.count("\r\n") == 2


def test_a_case_page_tells_where_it_stands_what_comes_next_and_what_belongs_to_it(
    shown: tuple[Cases, Clerk],
) -> None:
    made, clerk = shown
    told = clerk.open(place(made, MISSED))
    assert f"{MISSED} 已有整改措施 {OTHER} · 2026-10-10 开始" in told
    assert "逾期 14 天 下一步：报请验收、报告整改进展" in told
    assert "严重程度 一般问题" in told
    visit = clerk.open(place(made, VISIT))
    assert f"由本案引起 {VISIT}：问题1" in visit
    assert "查看的项目" not in visit
    assert "会议记录：不符合要求" in visit
    with made.books.log.read() as reading:
        problem = next(one for one in reading.directory.files() if one.subject == f"{VISIT}：问题1")
    told = clerk.open(f"/issues/{problem.id}")
    assert "由此引起" in told
    assert f"{VISIT} {COMMITTEE}" in told.partition("由此引起")[2]


@pytest.mark.parametrize("subject", CASE_OF.values())
def test_no_identifier_and_no_english_stands_on_a_page_of_a_case(
    shown: tuple[Cases, Clerk], subject: str
) -> None:
    made, clerk = shown
    for path in (place(made, subject), f"{place(made, subject)}/history"):
        page = clerk.site.get(path).text
        parts = re.findall(
            r'<ol class="tl">.*?</ol>|<ol class="course">.*?</ol>|的状态</h2>.*?</ul>', page, re.S
        )
        told = TAG.sub(" ", " ".join(parts))
        assert told
        assert not any("a" <= letter.lower() <= "z" for letter in told), (path, told)


def test_a_case_is_as_it_was_on_a_day_and_not_there_before(shown: tuple[Cases, Clerk]) -> None:
    made, clerk = shown
    assert "已列出问题" in clerk.open(f"{place(made, MISSED)}?as_of=2026-10-11")
    assert clerk.site.get(f"{place(made, MISSED)}?as_of=2026-10-09").status_code == 404
    assert clerk.site.get(f"/sites/{made.ids[MISSED]}").status_code == 404


def test_every_record_of_a_case_has_a_page_and_all_of_it_can_be_corrected(shown: tuple[Cases, Clerk]) -> None:
    made, clerk = shown
    with made.books.log.read() as reading:
        records = [record for one in made.ids.values() for record in reading.load(one)]
    assert {type(one.event).__name__ for one in records} >= {"IssueOpened", "SiteNominated", "CampaignOpened"}
    for record in records:
        told = clerk.open(f"/events/{record.position}").partition("记录的内容")[2].partition("核对")[0]
        assert not any("a" <= letter.lower() <= "z" for letter in told), (record.position, told)
        page = clerk.site.get(f"/events/{record.position}/correct")
        assert page.status_code == 200
        for field in re.findall(r"correct\?field=([\w.]+)", page.text):
            assert clerk.site.get(f"/events/{record.position}/correct?field={field}").status_code == 200


# --- recording ----------------------------------------------------------------------------------------------


def last(clerk: Clerk) -> Any:
    """Return the last record."""
    with clerk.books.log.read() as reading:
        return reading.event_at(reading.head())


def test_a_missing_cell_is_listed_as_a_problem_with_everything_filled_in(filled: tuple[Cases, Clerk]) -> None:
    made, clerk = filled
    unit = made.books.units[OTHER]
    page = clerk.site.get(f"/compliance/{unit}/meet-assembly/2026-Q2").text
    found = re.search(r'href="(/units/[^"]*open_issue[^"]*)">列为问题', page)
    assert found is not None
    path, _, _ = found[1].partition("?")
    form = clerk.site.get(unescape(found[1])).text
    for stated in (
        'value="2026-Q2"',
        'value="2026年二季度支部党员大会缺"',
        '<option value="meet-assembly" selected',
    ):
        assert stated in form
    told = {"on": "2026-12-04", "source": "compliance", "rule": "meet-assembly", "period": "2026-Q2"}
    told |= {"subject": "二季度党员大会", "severity": "ordinary"}
    assert "已经登记" in clerk.record(path, **told)
    event = last(clerk).event
    assert isinstance(event, IssueOpened)
    assert (event.rule, event.period, event.source) == ("meet-assembly", "2026-Q2", "compliance")
    clerk.open(path)
    twice = clerk.post(path, "check", **told)
    assert twice.status_code == 422
    assert "已有同名的一件，请换一个名称" in text_of(twice)


def test_a_limit_of_a_unit_that_has_passed_is_listed_from_where_it_stands(shown: tuple[Cases, Clerk]) -> None:
    made, clerk = shown
    page = clerk.site.get(f"/units/{made.books.units[OTHER]}").text
    found = [unescape(one) for one in re.findall(r'href="([^"]*open_issue[^"]*)">列为问题', page)]
    asked = next(one for one in found if "rule=branch-term&" in one)
    form = clerk.site.get(asked).text
    assert '<option value="branch-term" selected' in form
    assert 'value="换届选举逾期"' in form
    assert "correction-due" not in "".join(found)
    clerk.open(asked)
    told = {"on": "2026-12-04", "subject": "换届选举逾期", "source": "compliance", "severity": "serious"}
    checked = clerk.post(asked.partition("?")[0], "check", **told, rule="branch-term")
    assert checked.status_code == 200
    assert "违反的规定" in text_of(checked)


def test_an_act_below_the_unit_of_a_case_is_about_that_unit(filled: tuple[Cases, Clerk]) -> None:
    made, clerk = filled
    told = {
        "on": "2026-12-04",
        "unit": str(made.books.units[OTHER]),
        "text": "没有党费公示",
        "severity": "slight",
    }
    page = clerk.record(f"{place(made, VISIT)}/acts/raise_finding", **told)
    assert f"由本案引起 {VISIT}：问题1" in page
    assert last(clerk).event.of_unit == made.books.units[OTHER]


# --- 整改 -------------------------------------------------------------------------------------------------


def test_a_problem_says_why_it_cannot_be_closed_and_then_that_it_can(filled: tuple[Cases, Clerk]) -> None:
    made, clerk = filled
    path = place(made, MISSED)
    told = clerk.open(path)
    assert "不能销号：关联的规定还没有做到 支部党员大会一般每季度召开一次" in told
    assert "《中国共产党支部工作条例（试行）》第十一条" in told
    assert "三季度 没有做到 补录 ：三季度 四季度 没到期" in told
    fields = {"type": "branch_assembly", "attending": 3, "eligible": 3, "for_period": "2026-Q3"}
    made.books.act("2026-11-01", "hold_meeting", fields, unit=OTHER)
    told = clerk.open(path)
    assert "可以销号：关联的规定已经做到" in told
    assert "三季度 2026-11-01 召开会议 做到了" in told
    assert "不能销号" in clerk.open(f"{path}?as_of=2026-10-31")


def test_who_put_it_right_cannot_accept_it_and_is_told_so_at_the_name(filled: tuple[Cases, Clerk]) -> None:
    made, clerk = filled
    zhou, wu = clerk.id_of("周桂英"), clerk.id_of("吴海")
    path = place(made, MISSED)
    clerk.record(f"{path}/acts/submit_correction", on="2026-12-03", by=zhou, why="补开了会")
    clerk.open(f"{path}/acts/accept_correction")
    told = {"on": "2026-12-03", "result": "pass", "on_site": "true"}
    refused = clerk.post(f"{path}/acts/accept_correction", "check", **told, by=zhou)
    assert refused.status_code == 422
    assert 'href="#by"' in refused.text
    assert "是整改的人，不能自己验收" in text_of(refused)
    part = clerk.record(f"{path}/acts/accept_correction", **{**told, "result": "part"}, by=wu)
    assert "现在：正在整改" in part
    clerk.record(f"{path}/acts/submit_correction", on="2026-12-03", by=zhou, why="补开了会")
    clerk.record(f"{path}/acts/reject_correction", on="2026-12-04", by=wu, reason="没有会议记录")
    shown = clerk.open(path)
    assert "验收 2 次" in shown
    assert "2026-12-03 吴海 到现场 部分整改到位，继续整改" in shown
    assert "2026-12-04 吴海 没有会议记录 不合格，退回" in shown


def test_who_is_on_no_books_and_put_it_right_is_refused_by_the_name_that_was_typed(
    filled: tuple[Cases, Clerk],
) -> None:
    made, clerk = filled
    path = place(made, MISSED)
    clerk.record(f"{path}/acts/submit_correction", on="2026-12-03", why="晚了", **{"by.other": "孙凯"})
    form = clerk.open(f"{path}/acts/accept_correction")
    assert "验收人 可以不填" not in form
    told = {"on": "2026-12-03", "result": "pass", "by.other": "孙凯"}
    refused = text_of(clerk.post(f"{path}/acts/accept_correction", "check", **told))
    assert "孙凯是整改的人，不能自己验收" in refused


def test_those_who_hold_a_post_above_can_be_named_beside_the_members(filled: tuple[Cases, Clerk]) -> None:
    made, clerk = filled
    made.books.act(
        "2026-11-01", "appoint_secretary", {"person": "陈秀兰", "post": "secretary"}, unit=COMMITTEE
    )
    form = clerk.open(f"{place(made, MISSED)}/acts/plan_correction")
    assert "周桂英（书记） 单立新（正式党员）" in form
    assert f"吴海（正式党员） 陈秀兰（{COMMITTEE}书记）" in form


def closed_on_a_waiver(made: Cases) -> None:
    """Close the problem while its rule is waived by name; before that, extend it and ask the level above."""
    made.act(
        "2026-10-13",
        "extend_correction",
        MISSED,
        OTHER,
        due_on="2026-11-30",
        reason="防汛",
        authority="镇党委",
    )
    made.act("2026-10-14", "escalate_issue", MISSED, OTHER, reason="召集不起来")
    made.act("2026-10-20", "submit_correction", MISSED, OTHER, by="周桂英")
    made.act("2026-10-21", "accept_correction", MISSED, OTHER, by="吴海")
    waiver = {
        "rule": "meet-assembly",
        "until": "2026-12-31",
        "authority": "青山镇党委",
        "document": "批复 9 号",
    }
    made.books.act("2026-10-22", "waive", waiver, unit=OTHER)
    made.act("2026-10-23", "close_out", MISSED, OTHER, by="吴海")


def test_a_waiver_is_seen_on_the_problem_the_list_and_the_home_of_the_branch(
    filled: tuple[Cases, Clerk],
) -> None:
    made, clerk = filled
    home = f"/units/{made.books.units[OTHER]}"
    before = clerk.open(home)
    assert f"问题整改 1 项 全部 {MISSED} 已有整改措施 逾期 14 天" in before
    closed_on_a_waiver(made)
    on_whose_word, late = "凭豁免销号：青山镇党委，批复 9 号，豁免到 2026-12-31", "才准予，期间过后22天"
    assert f"2026-10-23 {on_whose_word}" in clerk.open(place(made, MISSED))
    assert "凭豁免销号" in clerk.open("/issues?tab=closed")
    assert f"{MISSED} 已销号，{on_whose_word}" in clerk.open(home)
    for page in (place(made, MISSED), home, "/overview", "/overview/drive/rows?of=waived"):
        assert late in clerk.open(page), page


def test_every_round_of_a_problem_stays_on_its_page(filled: tuple[Cases, Clerk]) -> None:
    made, clerk = filled
    asked = f"/units/{made.books.units[COMMITTEE]}"
    closed_on_a_waiver(made)
    assert f"提请这里解决的 {MISSED}" in clerk.open(f"{asked}?as_of=2026-10-15")
    made.act("2026-11-02", "reopen_issue", MISSED, OTHER, reason="又没有开")
    again = "四季度党员大会"
    made.act("2026-11-20", "open_issue", again, OTHER, source="self_check", rule="meet-assembly")
    told = clerk.open(place(made, MISSED))
    assert "延期、暂缓 1 次 2026-10-13 镇党委 防汛 2026-11-20 → 2026-11-30" in told
    assert f"提请上级 1 次 2026-10-14 召集不起来 {COMMITTEE}" in told
    assert "2026-11-02 重新列出 ：又没有开 又列出" in told
    assert f"以后又出现的同类问题 {again}" in told
    assert "同一条规定在这里以前列过 1 次问题" in clerk.open(f"/issues/{made.ids[again]}")


def test_a_finding_is_taken_back_on_its_page_and_its_problem_with_it(filled: tuple[Cases, Clerk]) -> None:
    made, clerk = filled
    with made.books.log.read() as reading:
        records = reading.load(made.ids[VISIT])
        problem = next(one.id for one in reading.directory.files() if one.subject == f"{VISIT}：问题1")
        opening = reading.load(problem)[0].position
    finding = next(one.position for one in records if type(one.event).__name__ == "FindingRaised")
    clerk.open(f"/events/{finding}/correct?field=text")
    mended = clerk.post(f"/events/{finding}/correct", "check", field="text", text="记录不全", why="写全")
    assert "由这一条列出的问题另有记录，不跟着改" in text_of(mended)
    clerk.open(f"/events/{finding}/retract")
    checked = text_of(clerk.post(f"/events/{finding}/retract", "check", why="记错了"))
    assert f"由它引起的问题“{VISIT}：问题1”" in checked
    clerk.post(f"/events/{finding}/retract", "confirm", why="记错了")
    assert clerk.site.get(f"/issues/{problem}").status_code == 404
    assert "已撤回：记错了" in clerk.open(f"/events/{opening}")
