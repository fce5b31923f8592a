"""党费收缴登记表、学习培训登记表: known by their headings, entered once, compared ever after."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from workflows.adapters.memory import MemoryLog
from workflows.adapters.workbooks.branches import suggest_branch
from workflows.adapters.workbooks.refusal import UnreadableFile
from workflows.adapters.workbooks.rows import CellError
from workflows.adapters.workbooks.workbook import read_workbook
from workflows.application import commands
from workflows.application.books import Books
from workflows.application.importing.run import Importing
from workflows.application.importing.shapes import Report
from workflows.application.importing.undo import UndoingImports
from workflows.application.recording import Request
from workflows.bootstrap import MemoryApp, memory_app
from workflows.domain.person.member_events import DuesRecorded, TrainingRecorded
from workflows.kernel.clock import moment_of

TODAY = date(2026, 11, 21)
DUES = """姓名,所在党支部,所属月份,党费类别,计算基数（元）,实交党费,交纳日期,备注
张三,甲支部,2026年7月,在职,4000,40.00,2026-07-15,
李四,甲支部,2026-07,退休,3000.00,15,,
李四,甲支部,2026.8,退休,3000.00,15.00,2026-08-20,
"""
TRAINING = """姓名,所在支部,培训时间,培训班名称,学时,主办单位
张三,甲支部,2026-06-10,七一集中学习,16,县委党校
李四,甲支部,2026-06-10,七一集中学习,8,县委党校
"""


@pytest.fixture
def app() -> MemoryApp:
    made = memory_app()
    made.clock.put(moment_of(TODAY))

    def act(do: str, on: date, unit: object = None, **fields: object) -> object:
        request = Request(
            command=commands.parse(do, fields, on), actor="x", origin="cli", unit_id=unit,  # type: ignore[arg-type]
            as_history=True, reason="x",
        )  # fmt: skip
        return made.recording.record(request).stream_id

    unit = act("establish_unit", date(2015, 1, 1), name="甲支部", kind="community")
    for name in ("张三", "李四"):
        act("register_member", date(2010, 7, 1), unit, name=name, full_since="2010-07-01")
    for day in ("1980-01-01", "1981-01-01"):
        act("register_member", date(2010, 7, 1), unit, name="王五", born_on=day, full_since="2010-07-01")
    return made


def taken(app: MemoryApp, folder: Path, name: str, text: str) -> Report:
    path = folder / f"{name}.csv"
    path.write_text(text, "utf-8-sig")
    book = read_workbook(path, today=TODAY)
    return Importing(app.recording, CellError, suggest_branch).run(book, actor="clerk")


def events(app: MemoryApp, kind: type) -> list[object]:
    log: MemoryLog = app.log
    return [record.event for record in log.records if isinstance(record.event, kind)]


def test_dues_are_entered_and_the_same_file_again_records_nothing(app: MemoryApp, tmp_path: Path) -> None:
    report = taken(app, tmp_path, "党费收缴登记表", DUES)
    assert report.refusals == []
    assert [(c.rows, c.accepted, c.refused) for c in report.sheets] == [(3, 3, 0)]
    paid = [(e.month, e.role, e.base_fen, e.amount_fen, e.paid_on) for e in events(app, DuesRecorded)]  # type: ignore[attr-defined]
    assert paid == [
        ("2026-07", "employed", 400_000, 4_000, date(2026, 7, 15)),
        ("2026-07", "retired", 300_000, 1_500, date(2026, 7, 31)),
        ("2026-08", "retired", 300_000, 1_500, date(2026, 8, 20)),
    ]
    again = taken(app, tmp_path, "一张没有名字的表", DUES)
    assert [(c.accepted, c.unchanged) for c in again.sheets] == [(0, 3)]
    assert len(events(app, DuesRecorded)) == 3


def test_a_changed_sum_is_refused_without_repeating_it(app: MemoryApp, tmp_path: Path) -> None:
    taken(app, tmp_path, "党费收缴登记表", DUES)
    report = taken(app, tmp_path, "党费收缴登记表", DUES.replace("4000,40.00", "4000,39.87"))
    ((_, row),) = report.refused_rows()
    assert row == 2
    (refusal,) = report.refusals
    assert "39.87" not in refusal.trouble.value + refusal.trouble.reason + refusal.trouble.remedy
    assert refusal.trouble.reason == "与已登记的不一致（号码和金额不在这里写出，请对照原件）"
    assert len(events(app, DuesRecorded)) == 3


def test_a_second_payment_of_a_month_is_a_second_one(app: MemoryApp, tmp_path: Path) -> None:
    twice = DUES + "李四,甲支部,2026-08,退休,3000.00,1.00,2026-09-01,\n"
    assert taken(app, tmp_path, "党费收缴登记表", twice).refusals == []
    assert len(events(app, DuesRecorded)) == 4
    assert taken(app, tmp_path, "党费收缴登记表", twice).recorded == 0


def test_what_the_rates_say_is_told_at_the_row(app: MemoryApp, tmp_path: Path) -> None:
    report = taken(app, tmp_path, "党费收缴登记表", DUES.replace("4000,40.00", "4000,20.00"))
    (found,) = [n for n in report.findings if n.finding and n.finding.kind == "rate"]
    assert (found.row, found.finding.rule if found.finding else "") == (2, "dues-rate-2")
    assert report.refusals == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("赵六,甲支部,2026-07,在职,4000,40,2026-07-15,", "unknown-member"),
        ("王五,甲支部,2026-07,在职,4000,40,2026-07-15,", "member-twice"),
        ("张三,乙支部,2026-07,在职,4000,40,2026-07-15,", "unknown-branch"),
        ("张三,甲支部,七月份,在职,4000,40,2026-07-15,", "month-unreadable"),
        ("张三,甲支部,2026-07,军人,4000,40,2026-07-15,", "dues-role"),
        ("张三,甲支部,2026-07,在职,四千,40,2026-07-15,", "money-unreadable"),
        ("张三,甲支部,2026-07,在职,4000,40.005,2026-07-15,", "money-unreadable"),
    ],
)
def test_a_wrong_row_is_refused_at_its_place(app: MemoryApp, tmp_path: Path, row: str, code: str) -> None:
    report = taken(app, tmp_path, "党费收缴登记表", DUES + row + "\n")
    assert [(r.row, r.trouble.code) for r in report.refusals] == [(5, code)]
    assert len(events(app, DuesRecorded)) == 3


def test_trainings_are_entered_compared_and_undone(app: MemoryApp, tmp_path: Path) -> None:
    report = taken(app, tmp_path, "学习培训登记表", TRAINING)
    assert report.refusals == []
    told = [(e.held_on, e.title, e.hours, e.organizer) for e in events(app, TrainingRecorded)]  # type: ignore[attr-defined]
    assert told == [
        (date(2026, 6, 10), "七一集中学习", 16, "县委党校"),
        (date(2026, 6, 10), "七一集中学习", 8, "县委党校"),
    ]
    assert taken(app, tmp_path, "学习培训登记表", TRAINING).recorded == 0
    changed = taken(app, tmp_path, "学习培训登记表", TRAINING.replace(",16,", ",24,"))
    assert [r.row for r in changed.refusals] == [2]
    assert report.batch is not None
    UndoingImports(app.recording).undo(report.batch, actor="clerk", reason="wrong file")
    books = Books(app.log, app.rules)
    people = [p for unit in books.below(None) for p in app.log.directory.people_of(unit)]
    assert not any(list(books.person_state(p).each(TrainingRecorded)) for p in people)
    assert taken(app, tmp_path, "学习培训登记表", TRAINING).recorded == 2


WIDE = """2026年党费收缴登记表,,,,,,,,
姓名,所在党支部,计算基数（元）,1月,2月份,三月,2026年4月,12月,合计
张三,甲支部,4000,40,40.00,√,,0,120
李四,甲支部,3000.00,15,,15,15,15,60
"""


def paid(app: MemoryApp, name: str) -> list[tuple[str, int | None, date]]:
    with app.log.read() as reading:
        books = Books(reading, app.rules)
        unit = next(iter(reading.directory.units())).id
        (person,) = books.named(unit)[name]
        events = books.person_state(person).each(DuesRecorded)
        return [(event.month, event.amount_fen, act.on) for event, act in events]


def test_a_sheet_with_a_column_for_each_month_is_read_month_by_month(app: MemoryApp, tmp_path: Path) -> None:
    report = taken(app, tmp_path, "党费", WIDE)
    assert [(c.rows, c.accepted, c.refused) for c in report.sheets] == [(2, 2, 0)]
    assert paid(app, "张三") == [
        ("2026-01", 4000, date(2026, 1, 31)),
        ("2026-02", 4000, date(2026, 2, 28)),
        ("2026-03", None, date(2026, 3, 31)),
    ]
    assert [month for month, _, _ in paid(app, "李四")] == ["2026-01", "2026-03", "2026-04", "2026-12"]
    assert paid(app, "李四")[-1] == ("2026-12", 1500, TODAY)
    size = len(app.log.records)
    again = taken(app, tmp_path, "党费", WIDE)
    assert (len(app.log.records), again.recorded) == (size, 0)
    assert [c.unchanged for c in again.sheets] == [2]
    later = taken(app, tmp_path, "党费", WIDE.replace("√,,0,120", "√,40,0,160"))
    assert later.recorded == 1
    assert paid(app, "张三")[-1] == ("2026-04", 4000, date(2026, 4, 30))


def test_a_wrong_month_refuses_its_row_at_the_cell_and_a_changed_one_asks_for_a_correction(
    app: MemoryApp, tmp_path: Path
) -> None:
    report = taken(app, tmp_path, "党费", WIDE.replace("40.00,√", "四十,√"))
    (refusal,) = report.refusals
    assert (refusal.row, refusal.trouble.column, refusal.trouble.code) == (3, "2月份", "money-unreadable")
    assert paid(app, "张三") == []
    assert len(paid(app, "李四")) == 4
    taken(app, tmp_path, "党费", WIDE)
    changed = taken(app, tmp_path, "党费", WIDE.replace("15,,15,15", "15,,16,15"))
    (refusal,) = changed.refusals
    assert (refusal.row, refusal.trouble.column) == (4, "三月")
    assert "更正" in refusal.trouble.remedy
    assert not any(sum_ in refusal.trouble.reason for sum_ in ("1500", "1600", "15", "16"))


def test_a_month_put_to_nought_asks_for_a_correction_and_an_empty_one_says_nothing(
    app: MemoryApp, tmp_path: Path
) -> None:
    taken(app, tmp_path, "党费", WIDE)
    before = paid(app, "李四")
    (refusal,) = taken(app, tmp_path, "党费", WIDE.replace("15,,15,15", "15,,0,15")).refusals
    assert (refusal.row, refusal.trouble.column) == (4, "三月")
    assert "更正" in refusal.trouble.remedy
    empty = taken(app, tmp_path, "党费", WIDE.replace("15,,15,15", "15,,,15"))
    assert (empty.refusals, empty.recorded) == ([], 0)
    assert paid(app, "李四") == before


@pytest.mark.parametrize(
    "line",
    [
        "依据：县组〔2019〕12号",
        "填报单位：2022级甲支部",
        "填表日期：2027年1月10日",
        "联系电话：0571-2019 6688",
        "2025—2026年党费收缴登记表",
    ],
)
def test_only_a_title_of_dues_tells_the_year(app: MemoryApp, tmp_path: Path, line: str) -> None:
    text = WIDE.replace("2026年党费", f"{line},,,,,,,,\n党费")
    (refusal,) = taken(app, tmp_path, "党费", text).refusals
    assert refusal.trouble.code == "dues-year"
    assert "标题或工作表名称" in refusal.trouble.remedy
    assert paid(app, "张三") == []


@pytest.mark.parametrize(
    "title",
    [
        "2026年党费收缴登记表",
        "清河县2026年度党费收缴情况",
        "党费收缴登记表（2026年）",
        "年度：2026",
        "2026年度",
    ],
)
def test_the_title_tells_the_year_whatever_the_other_lines_say(
    app: MemoryApp, tmp_path: Path, title: str
) -> None:
    others = "填报单位：2022级甲支部,填表日期：2027年1月10日,依据：县组〔2019〕12号,,,,,,\n"
    text = WIDE.replace("2026年党费收缴登记表,,,,,,,,\n", f"{title},,,,,,,,\n{others}")
    assert taken(app, tmp_path, "党费", text).refusals == []
    assert paid(app, "张三")[0][0] == "2026-01"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("党费", WIDE.replace("2026年", ""), "dues-year"),
        ("党费", WIDE.replace("三月", "2月"), "column-twice"),
    ],
)
def test_months_without_a_year_or_twice_are_not_read(
    app: MemoryApp, tmp_path: Path, name: str, text: str, code: str
) -> None:
    report = taken(app, tmp_path, name, text)
    assert [r.trouble.code for r in report.refusals] == [code]
    assert paid(app, "张三") == []


def test_months_side_by_side_are_no_dues_where_nothing_says_so(tmp_path: Path) -> None:
    (tmp_path / "到会情况.csv").write_text(WIDE.replace("党费收缴", "到会"), "utf-8-sig")
    with pytest.raises(UnreadableFile):
        read_workbook(tmp_path / "到会情况.csv", today=TODAY)
