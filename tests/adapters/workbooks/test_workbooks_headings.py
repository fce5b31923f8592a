"""Every heading under which other offices write a column, and every name they give a sheet."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.adapters.workbooks.making import number, read_one
from workflows.adapters.workbooks.headings import FACTS, TITLES, kind_called, plain_heading
from workflows.adapters.workbooks.rows import SheetKind

HEADINGS: dict[SheetKind, dict[str, list[str]]] = {
    "units": {
        "name": ["支部名称", "党支部名称", "党支部", "支部全称", "党组织名称", "名 称"],
        "superior": ["上级党组织", "隶属党组织", "上级党委", "所属党委", "隶属关系", "主管党委名称"],
        "kind": ["类别", "支部类型", "支部类别", "单位性质", "所属领域"],
        "established_on": ["成立时间", "成立日期", "建立时间", "支部成立日期", "批准成立时间", "设立时间"],
        "elected_on": [
            "本届选举时间",
            "换届时间",
            "上次换届时间",
            "最近一次换届选举日期",
            "本届班子选举时间",
            "选举日期",
        ],
        "term_years": ["任期(年)", "任期", "任期年限", "每届任期（年）", "任期年数"],
        "secretary": ["书记", "党支部书记", "支部书记姓名", "书记姓名", "负责人"],
        "committee": [
            "委员会成员",
            "支委成员",
            "委员",
            "班子成员",
            "支部委员",
            "支委会成员",
            "支部班子成员名单",
        ],
        "cell_count": ["党小组数", "下设党小组数", "党小组个数", "党小组数量（个）"],
    },
    "members": {
        "name": ["姓名", "姓  名", "党员姓名", "*姓名", "姓\n名"],
        "sex": ["性别", "性 别"],
        "ethnicity": ["民族", "族别"],
        "born_on": ["出生日期", "出生年月", "出生时间", "出生年月日"],
        "identity_number": [
            "身份证号",
            "公民身份号码",
            "身份证号码",
            "身份证",
            "证件号码",
            "居民身份证号",
            "身份证件号码",
        ],
        "education": ["学历", "文化程度", "学历/学位", "最高学历"],
        "admitted_on": [
            "入党时间",
            "入党日期",
            "加入党组织日期",
            "加入中国共产党时间",
            "接收为预备党员时间",
            "成为预备党员日期",
        ],
        "full_since": ["转正时间", "转正日期", "转为正式党员时间", "成为正式党员日期", "预备党员转正时间"],
        "branch": [
            "所在党支部",
            "党支部",
            "支部",
            "所在支部",
            "所属党支部",
            "所属支部名称",
            "组织关系所在党支部",
            "所在党组织",
        ],
        "posts": ["党内职务", "支部职务", "职务", "党内任职情况"],
        "phone": ["联系电话", "手机号码", "手机", "手机号", "电话", "联系方式", "本人联系电话"],
    },
    "development": {
        "name": ["姓名", "申请人姓名", "发展对象姓名"],
        "sex": ["性别"],
        "born_on": ["出生日期", "出生年月"],
        "identity_number": ["身份证号", "公民身份号码"],
        "phone": ["联系电话"],
        "branch": ["所在党支部", "支部", "党支部名称"],
        "applied_on": [
            "申请入党时间",
            "递交入党申请书时间",
            "提交入党申请时间",
            "入党申请时间",
            "申请日期",
            "递交申请书日期",
        ],
        "talked_on": ["谈话时间", "派人谈话时间", "党组织谈话日期", "首次谈话时间", "支部派人谈话时间"],
        "activist_on": [
            "确定为入党积极分子时间",
            "列为积极分子时间",
            "确定积极分子日期",
            "成为入党积极分子时间",
            "积极分子确定时间",
        ],
        "mentors": ["培养联系人", "联系人", "培养人", "入党积极分子培养联系人"],
        "target_on": ["确定为发展对象时间", "列为发展对象时间", "确定发展对象日期", "发展对象确定时间"],
        "sponsors": ["入党介绍人", "介绍人", "介绍人姓名"],
        "reviewed_on": ["政治审查时间", "政审时间", "政审完成时间", "政治审查结论时间"],
        "trained_on": ["集中培训时间", "短期集中培训时间", "培训时间", "参加培训起止时间"],
        "notice_on": ["公示开始时间", "公示时间", "公示起止时间", "发展对象公示时间", "接收预备党员公示时间"],
        "voted_on": [
            "支部大会接收时间",
            "支部大会通过时间",
            "支部党员大会讨论接收预备党员时间",
            "接收预备党员时间",
            "入党时间",
        ],
        "approved_on": [
            "上级党委审批时间",
            "党委审批时间",
            "上级党组织审批时间",
            "上级党委批准日期",
            "审批时间",
        ],
        "full_since": ["转正时间", "按期转正时间", "批准转正时间"],
    },
    "meetings": {
        "branch": ["党支部", "支部名称", "所在支部", "召开单位", "组织单位"],
        "held_on": ["日期", "会议时间", "召开时间", "活动日期", "会议（活动）时间", "时间", "召开日期"],
        "type": ["类型", "会议类型", "类别", "活动类型", "会议名称", "组织生活形式"],
        "eligible": ["应到人数", "应到", "应到会人数", "应参加人数", "应到党员数", "应到（人）"],
        "attending": ["实到人数", "实到", "实到会人数", "实际参加人数", "参加人数", "到会人数"],
        "chair": ["主持人", "主持", "会议主持人", "召集人"],
        "lecturer": ["主讲人", "授课人", "党课主讲人"],
        "topics": ["主要内容", "内容", "议题", "会议主题", "会议内容", "主要议题", "学习内容"],
    },
    "dues": {
        "name": ["姓名", "党员姓名", "党员", "交纳人"],
        "identity_number": ["身份证号", "公民身份号码"],
        "born_on": ["出生日期", "出生年月"],
        "branch": ["所在党支部", "支部", "所属支部"],
        "month": ["月份", "所属月份", "交纳月份", "党费月份", "缴费月份", "所属期间"],
        "paid_on": ["交纳日期", "缴纳时间", "交费日期", "收缴日期", "日期"],
        "role": ["党费类别", "人员类别", "类别", "收入来源", "身份"],
        "base": ["计算基数", "党费计算基数", "交纳基数（元）", "月工资收入", "月工资基数（元）"],
        "amount": ["实交金额", "实缴党费", "实交党费（元）", "交纳金额", "已交党费", "金额", "党费（元）"],
    },
    "training": {
        "name": ["姓名", "党员姓名", "参训人员"],
        "identity_number": ["身份证号"],
        "born_on": ["出生日期"],
        "branch": ["所在党支部", "所在支部"],
        "held_on": ["培训日期", "培训时间", "学习时间", "集中培训时间", "日期"],
        "title": ["培训名称", "培训班名称", "培训内容", "学习内容", "班次", "主题"],
        "hours": ["学时", "培训学时", "课时", "学时数", "学习学时"],
        "organizer": ["组织单位", "主办单位", "培训机构"],
    },
}


def _values(canonical: str) -> Any:
    return {
        "name": "甲村党支部",
        "kind": "行政村",
        "term_years": 3,
        "type": "党课",
        "eligible": 9,
        "attending": 8,
        "cell_count": 2,
        "identity_number": number(),
        "phone": "13812345678",
        "born_on": date(1980, 5, 6),
        "sex": "男",
        "posts": "书记",
        "month": "2026-07",
        "role": "在职",
        "base": 4000,
        "amount": 40,
        "hours": 8,
    }.get(canonical, date(2020, 1, 1) if canonical.endswith(("_on", "_since")) else "甲")


def test_every_column_is_tried() -> None:
    assert {kind: list(names) for kind, names in HEADINGS.items()}.keys() == FACTS.keys()
    for kind, facts in FACTS.items():
        assert set(HEADINGS[kind]) == {fact.canonical for fact in facts}


@pytest.mark.parametrize(
    ("kind", "canonical", "heading"),
    [
        (kind, name, heading)
        for kind, names in HEADINGS.items()
        for name, all_ in names.items()
        for heading in all_
    ],
)
def test_a_heading_of_other_offices_means_its_column(kind: SheetKind, canonical: str, heading: str) -> None:
    """Once in a sheet with the table's name, all other columns headed in our own words."""
    always = ("superior",)  # a named table has at least two columns
    facts = [fact for fact in FACTS[kind] if fact.column_needed or fact.canonical in (canonical, *always)]
    headings = [heading if fact.canonical == canonical else fact.title for fact in facts]
    sheet = read_one([headings, [_values(fact.canonical) for fact in facts]], TITLES[kind])
    assert sheet.errors == ()
    assert [column.canonical for column in sheet.columns] == [fact.canonical for fact in facts]
    (row,) = sheet.rows
    assert row.errors == ()


@pytest.mark.parametrize("kind", list(FACTS))
def test_a_sheet_without_a_telling_name_is_known_by_its_headings(kind: SheetKind) -> None:
    facts = FACTS[kind]
    rows = [[fact.title for fact in facts], [_values(fact.canonical) for fact in facts]]
    assert read_one(rows, "Sheet1").kind == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("支部基本情况", "units"),
        ("基层党组织基本情况", "units"),
        ("2026年党支部信息表", "units"),
        ("党员花名册", "members"),
        ("党员基本情况表", "members"),
        ("支部党员名册", "members"),
        ("发展党员台账", "development"),
        ("发展党员花名册", "development"),
        ("入党积极分子名册", "development"),
        ("三会一课记录", "meetings"),
        ("“三会一课”台账", "meetings"),
        ("组织生活记录", "meetings"),
        ("党费收缴登记表", "dues"),
        ("2026年党费台账", "dues"),
        ("党员教育培训登记", "training"),
        ("学习培训台账", "training"),
        ("Sheet1", None),
        ("填表说明", None),
    ],
)
def test_what_a_sheet_is_called(name: str, kind: SheetKind | None) -> None:
    assert kind_called(name) == kind


@pytest.mark.parametrize(
    ("heading", "plain"),
    [
        ("任 期（年）", "任期"),
        ("*姓  名：", "姓名"),
        ("联系\n电话", "联系电话"),
        ("（姓名）", "姓名"),
        ("【必填】姓名", "姓名"),
    ],
)
def test_a_heading_is_compared_without_blanks_and_remarks(heading: str, plain: str) -> None:
    assert plain_heading(heading) == plain
