"""An office workbook of an invented county, with the habits and slips of real ones, to be imported.

Title rows, headings of the office's own with blanks in them, six ways to write a day, footers; four sheets.
Its county, branches and people are others than those of :mod:`workflows.application.demo`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from workflows.application.demo.names import Names
from workflows.application.demo.people import People, Somebody, day_between, years_before
from workflows.kernel.calendar import MONTHS_PER_YEAR, Period, add_months, periods
from workflows.kernel.chance import Chance

COUNTY = "望川县"
AREA = "419902"
"""An area that was never assigned."""

UNITS, MEMBERS, COURSES, MEETINGS = "支部基本情况", "党员花名册", "发展党员台账", "三会一课记录"
FIRST_ROW = 4
"""The first row of data as Excel counts: below title, who reports, headings."""

_HEADINGS = {
    UNITS: (
        "党支部名称", "隶属党组织", "支部类型", "成立时间", "本届选举时间", "任 期(年)", "书 记",
        "委员会成员", "党小组数",
    ),
    MEMBERS: (
        "姓  名", "性 别", "民族", "出生日期", "公民身份号码", "学历", "入党时间", "转正时间", "党支部",
        "党内职务", "手机号码",
    ),
    COURSES: (
        "姓  名", "性 别", "出生日期", "党支部", "递交入党申请书时间", "谈话时间", "列为积极分子时间",
        "培养联系人", "列为发展对象时间", "入党介绍人", "政治审查时间", "集中培训时间", "公示开始时间",
        "支部大会接收时间", "上级党委审批时间", "转正时间",
    ),
    MEETINGS: ("党支部", "会议时间", "类 型", "应 到", "实 到", "主持人", "主要内容"),
}  # fmt: skip
_BRANCHES = (
    ("云岭镇{}村党支部", "望川县云岭镇党委", "行政村"),
    ("云岭镇{}社区党支部", "望川县云岭镇党委", "社区"),
    ("沙河乡{}村党支部", "望川县沙河乡党委", "行政村"),
    ("沙河乡{}村党支部", "望川县沙河乡党委", "行政村"),
    ("北苑街道{}社区党支部", "望川县北苑街道党委", "社区"),
    ("县气象局党支部", "望川县直机关工委", "机关"),
    ("县农业农村局党支部", "望川县直机关工委", "机关"),
    ("县第二实验小学党支部", "望川县教育局党委", "学校"),
    ("县第五中学党支部", "望川县教育局党委", "学校"),
    ("望川县水务集团党支部", "望川县国资公司党委", "国有企业"),
    ("{}建材有限公司党支部", "望川县两新工委", "非公企业"),
    ("{}食品有限公司党支部", "望川县两新工委", "非公企业"),
)
"""(name, superior, kind as the office writes it)"""

_RURAL = ("行政村", "社区")
_POSTS = ("党支部书记", "组织委员", "宣传委员", "纪检委员", "委员")
_TOPICS = (
    "学习上级文件精神",
    "讨论发展党员事项",
    "志愿服务",
    "专题党课",
    "听取支部工作报告",
    "研究年度工作计划",
)


@dataclass(frozen=True, slots=True)
class WrittenSlip:
    """One row spoilt on purpose: the sheet, the row as Excel counts, what is wrong."""

    sheet: str
    row: int
    what: str


@dataclass(slots=True)
class _Branch:
    name: str
    superior: str
    kind: str
    members: list[tuple[Somebody, date, date | None]] = field(default_factory=list)
    posts: dict[str, str] = field(default_factory=dict)

    @property
    def committee(self) -> list[str]:
        return list(self.posts)

    def counted(self, day: date) -> tuple[int, int]:
        """Return (full members, all members) on a day."""
        full = sum(1 for _, _, since in self.members if since and since <= day)
        return full, sum(1 for _, admitted, _ in self.members if admitted <= day)


Rows = list[list[Any]]


class _Book:
    """Everything that will stand in the workbook, before it is spoilt and written."""

    def __init__(self, seed: int, today: date) -> None:
        self.chance, self.today = Chance("office workbook", seed), today
        self.names = Names(self.chance.fork("places"))
        self.people = People(self.names, self.chance.fork("people"), AREA)
        self.rows: dict[str, Rows] = {UNITS: [], MEMBERS: [], COURSES: [], MEETINGS: []}
        for number, (pattern, superior, kind) in enumerate(_BRANCHES):
            self._branch(pattern, superior, kind, self.chance.fork("branch", number))

    def _branch(self, pattern: str, superior: str, kind: str, chance: Chance) -> None:
        branch = _Branch(pattern.format(self.names.place()) if "{}" in pattern else pattern, superior, kind)
        low, high = (22, 36) if kind in _RURAL else (8, 24)
        for _ in range(chance.number(low, high)):
            self._member(branch, chance)
        courses = [self._course(branch, chance) for _ in range(chance.number(2, 4))]
        years = 5 if kind in _RURAL else 3
        elected = self.today - timedelta(days=chance.number(60, 365 * years - 60))
        established = day_between(chance, date(1984, 3, 1), years_before(self.today, 8))
        seats = 5 if len(branch.members) > 20 else 3  # noqa: PLR2004
        settled = [who for who, _, full in branch.members if full and full < add_months(elected, -14)]
        for who, post in zip(chance.some(settled, seats), _POSTS, strict=False):
            branch.posts[who.name] = post
        committee = "、".join(chance.shuffled(branch.committee))
        self.rows[UNITS].append(
            [branch.name, superior, kind, established, elected, years, branch.committee[0], committee,
             len(branch.members) // 12]
        )  # fmt: skip
        for who, admitted, full in sorted(branch.members, key=lambda member: member[1]):
            self.rows[MEMBERS].append(
                [who.name, _sex(who), who.ethnic_group, who.born_on, who.id_number, who.education, admitted,
                 full, branch.name, branch.posts.get(who.name), who.phone]
            )  # fmt: skip
        self.rows[COURSES] += courses
        self.rows[MEETINGS] += self._meetings(branch, chance.fork("meetings"))

    def _member(self, branch: _Branch, chance: Chance) -> None:
        born = day_between(chance, years_before(self.today, 78), years_before(self.today, 27))
        latest = years_before(self.today, 6)
        admitted = add_months(born, MONTHS_PER_YEAR * chance.number(20, 38))
        if admitted > latest:
            admitted = latest - timedelta(days=chance.number(1, 300))
        who = self.people.invent(branch.name, born, office=branch.kind not in _RURAL)
        branch.members.append((who, admitted, add_months(admitted, MONTHS_PER_YEAR)))

    def _course(self, branch: _Branch, chance: Chance) -> list[Any]:
        """Return the row of one course as far as it has come; those admitted join the roster too."""
        applied = self.today - timedelta(days=chance.number(20, 1500))
        age = chance.number(20, 36)
        born = day_between(chance, years_before(applied, age + 1), years_before(applied, age))
        who = self.people.invent(branch.name, born, office=branch.kind not in _RURAL)
        mentors = [member for member, _, _ in branch.members[:8]]
        talked = applied + timedelta(days=chance.number(4, 27))
        activist = add_months(talked, chance.number(3, 7))
        target = add_months(activist, chance.number(12, 17))
        reviewed, trained, notice = (add_months(target, 1) + timedelta(days=days) for days in (0, 20, 35))
        voted = notice + timedelta(days=chance.number(9, 12))
        approved = add_months(voted, chance.number(1, 2))
        full = add_months(voted, MONTHS_PER_YEAR) + timedelta(days=chance.number(0, 40))
        named = {
            "mentors": "、".join(who.name for who in chance.some(mentors, 2)),
            "sponsors": "、".join(who.name for who in chance.some(mentors, 2)),
        }
        days = (applied, talked, activist, target, reviewed, trained, notice, voted, approved, full)
        told = [day if day <= self.today else None for day in days]
        if told[8]:
            counted = add_months(voted, MONTHS_PER_YEAR) if told[9] else None
            branch.members.append((who, voted, counted))
        elif told[7]:
            told[7] = None  # a vote not yet approved is put in the ledger with the approval
        row: list[Any] = [who.name, _sex(who), who.born_on, branch.name, *told[:3]]
        row += [named["mentors"] if told[2] else None, told[3], named["sponsors"] if told[3] else None]
        return row + told[4:]

    def _meetings(self, branch: _Branch, chance: Chance) -> Iterator[list[Any]]:
        """Yield the meetings of a year and a half at least, month by month, from a January on."""
        first = add_months(self.today, -18)
        for period in periods("month", date(first.year, 1, 1), self.today):
            own = chance.fork(str(period))
            kinds = ["主题党日", "支部委员会会议"]
            if Period.of(period.first, "quarter").last == period.last:
                kinds += ["支部党员大会", "党课"]
            for kind in kinds:
                day = period.first.replace(day=own.pick((5, 8, 10, 15, 18, 20, 25)))
                if day <= self.today and not own.happens(0.03):
                    full, members = branch.counted(day)
                    due = {"支部党员大会": full, "支部委员会会议": len(branch.posts)}.get(kind, members)
                    here = due - own.number(0, due // 6)
                    yield [branch.name, day, kind, due, here, branch.committee[0], own.pick(_TOPICS)]


def _sex(who: Somebody) -> str:
    return "女" if who.gender == "female" else "男"


# --- slips --------------------------------------------------------------------------------------------


def _spoil(book: _Book) -> list[WrittenSlip]:
    """Spoil some rows, each in one cell, no two the same."""
    chance, slips = book.chance.fork("slips"), []
    members = [
        place for place, row in enumerate(book.rows[MEMBERS]) if row[9] is None and not _is_named(book, row)
    ]
    picked = iter(chance.shuffled(members))

    def spoil(sheet: str, place: int, column: int, value: Any, what: str) -> None:
        book.rows[sheet][place][column] = value
        slips.append(WrittenSlip(sheet, FIRST_ROW + place, what))

    spoil(MEMBERS, next(picked), 0, None, "name missing")
    place = next(picked)
    number = book.rows[MEMBERS][place][4]
    wrong = next(sign for sign in "0123456789X" if sign != number[-1])
    spoil(MEMBERS, place, 4, number[:-1] + wrong, "identity number has a wrong check character")
    spoil(MEMBERS, next(picked), 6, "不详", "date cannot be read")
    spoil(MEMBERS, next(picked), 7, f"{book.today.year - 4}-02-30", "date does not exist")
    meetings = iter(chance.shuffled(range(len(book.rows[MEETINGS]))))
    place = next(meetings)
    due = book.rows[MEETINGS][place][3]
    spoil(MEETINGS, place, 4, due + 3, "more attended than were due")
    spoil(MEETINGS, next(meetings), 0, "望川县不存在的党支部", "unknown branch")
    spoil(UNITS, chance.number(0, len(_BRANCHES) - 1), 5, "若干", "term is not a number of years")
    started = [place for place, row in enumerate(book.rows[COURSES]) if row[6]]
    place = chance.pick(started)
    early = book.rows[COURSES][place][4] - timedelta(days=30)
    spoil(COURSES, place, 5, early, "talk before the application")
    return slips


def _is_named(book: _Book, row: Sequence[Any]) -> bool:
    """Say whether a member stands in the ledger too: a slip there would speak of two rows."""
    return any(course[0] == row[0] and course[3] == row[8] for course in book.rows[COURSES])


# --- writing ------------------------------------------------------------------------------------------


def write_office_workbook(path: Path, *, seed: int, today: date) -> list[WrittenSlip]:
    """Write the workbook to ``path`` and return the rows spoilt on purpose, in the order of the sheets.

    The same ``seed`` and ``today`` (no act lies after it) give the same cells.
    """
    book = _Book(seed, today)
    slips = _spoil(book)
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.set_properties({"created": datetime.combine(today, time())})
        title = workbook.add_format({"bold": True, "align": "center", "font_size": 16})
        head = workbook.add_format({"bold": True, "border": 1, "text_wrap": True})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in book.rows.items():
            sheet = workbook.add_worksheet(name)
            headings = _HEADINGS[name]
            sheet.merge_range(0, 0, 0, len(headings) - 1, f"{COUNTY}{name}（{today.year}年度）", title)
            sheet.write_string(1, 0, f"填报单位：{COUNTY}县委组织部")
            sheet.write_string(1, 2, f"填报时间：{today.year}年{today.month}月{today.day}日")
            sheet.write_row(2, 0, headings, head)
            sheet.freeze_panes(3, 0)
            sheet.set_column(0, len(headings) - 1, 16)
            styles = book.chance.fork("dates", name)
            for number, row in enumerate(rows, FIRST_ROW - 1):
                for column, value in enumerate(row):
                    _write(sheet, number, column, value, day, styles)
            foot = FIRST_ROW + len(rows)
            sheet.write_string(foot, 0, "制表人：")
            sheet.write_string(foot, 2, "审核人：")
    order = list(book.rows)
    return sorted(slips, key=lambda slip: (order.index(slip.sheet), slip.row))


def _write(sheet: Any, row: int, column: int, value: Any, day: Any, styles: Chance) -> None:
    match value:
        case None:
            return
        case date():
            style = styles.pick(("cell", "2026-1-2", "2026/01/02", "2026.01.02", "2026年1月2日", "20260102"))
            if style == "cell":
                sheet.write_datetime(row, column, datetime.combine(value, time()), day)
            elif style == "20260102":
                sheet.write_number(row, column, int(f"{value:%Y%m%d}"))
            else:
                sheet.write_string(row, column, _written(value, style))
        case int():
            sheet.write_number(row, column, value)
        case _:
            sheet.write_string(row, column, str(value))


def _written(day: date, style: str) -> str:
    match style:
        case "2026/01/02":
            return f"{day:%Y/%m/%d}"
        case "2026.01.02":
            return f"{day:%Y.%m.%d}"
        case "2026年1月2日":
            return f"{day.year}年{day.month}月{day.day}日"
    return day.isoformat()
