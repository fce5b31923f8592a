"""导入: each slip at its sheet and row, no other row refused; the same file again records nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from workflows.adapters.workbooks.branches import suggest_branch
from workflows.adapters.workbooks.rows import CellError, Workbook
from workflows.adapters.workbooks.workbook import read_workbook
from workflows.application.books import Books
from workflows.application.importing.run import Importing
from workflows.application.importing.shapes import Report
from workflows.application.importing.undo import UndoingImports
from workflows.bootstrap import MemoryApp, memory_app
from workflows.domain.person import events as person_events
from workflows.domain.stages import Stage
from workflows.domain.unit.events import CommitteeElected
from workflows.kernel.clock import moment_of

TODAY = date(2026, 11, 21)
DATA = Path(__file__).parent.parent / "data"
RECORDED_AND_FLAGGED = {"term is not a number of years", "talk before the application"}


def _app() -> MemoryApp:
    app = memory_app()
    app.clock.put(moment_of(TODAY))
    return app


def _import(app: MemoryApp, book: Workbook, *, check: bool = False) -> Report:
    importing = Importing(app.recording, CellError, suggest_branch)
    return importing.run(book, actor="clerk", check=check)


@pytest.fixture(scope="module")
def books() -> dict[str, Workbook]:
    names = ("county.xlsx", "county-office.xlsx")
    return {name: read_workbook(DATA / name, today=TODAY) for name in names}


@pytest.mark.parametrize("name", ["county.xlsx", "county-office.xlsx"])
def test_every_slip_is_found_at_its_row_and_no_other_row_is_refused(
    books: dict[str, Workbook], name: str
) -> None:
    app = _app()
    report = _import(app, books[name])
    slips = json.loads((DATA / f"{name}.slips.json").read_text())
    refused = {(s["sheet"], s["row"]) for s in slips if s["what"] not in RECORDED_AND_FLAGGED}
    flagged = {(s["sheet"], s["row"]) for s in slips if s["what"] in RECORDED_AND_FLAGGED}
    assert set(report.refused_rows()) == refused
    assert flagged <= {(n.sheet, n.row) for n in report.findings if n.remark is not None}
    assert all(r.trouble.reason and r.trouble.remedy for r in report.refusals)
    size = len(app.log.records)

    again = _import(app, books[name])
    assert len(app.log.records) == size
    assert again.recorded == 0
    assert all(count.accepted == 0 for count in again.sheets)
    assert set(again.refused_rows()) == refused


def test_who_stands_in_both_sheets_is_one_person_with_one_stream(books: dict[str, Workbook]) -> None:
    app = _app()
    _import(app, books["county.xlsx"])
    told = Books(app.log, app.rules)
    unit = next(e.id for e in app.log.directory.units() if e.name == "柳林镇马庄村党支部")
    (person_id,) = told.named(unit)["赵利"]
    person = told.person_state(person_id)
    assert person.profile.id_number is not None
    assert [type(act.event) for act in person.acts][-1] is person_events.FullMembershipGranted
    assert not any(isinstance(act.event, person_events.MemberRegistered) for act in person.acts)
    assert person.full_from is not None
    assert person.full_from[0] == date(2026, 8, 6)  # the expiry of probation, not the day of the meeting
    assert person.stage is Stage.FULL


def test_the_committee_is_elected_by_people_of_the_roster(books: dict[str, Workbook]) -> None:
    app = _app()
    _import(app, books["county.xlsx"])
    told = Books(app.log, app.rules)
    unit = next(e.id for e in app.log.directory.units() if e.name == "城关镇杨塘社区党支部")
    election = told.unit_state(unit).last(CommitteeElected)
    assert election is not None
    posts = {post.post: post.person.person for post in election[0].posts or ()}
    assert set(posts) == {"secretary", "organization", "publicity"}
    assert all(posts.values())
    assert told.unit_state(unit).books_from == date(2025, 1, 1) or told.unit_state(unit).books_from == date(
        2021, 7, 21
    )


def test_a_check_records_nothing_and_says_the_same(books: dict[str, Workbook]) -> None:
    app = _app()
    checked = _import(app, books["county-office.xlsx"], check=True)
    assert app.log.records == []
    done = _import(app, books["county-office.xlsx"])
    assert [(c.sheet, c.accepted, c.refused) for c in checked.sheets] == [
        (c.sheet, c.accepted, c.refused) for c in done.sheets
    ]
    assert len(checked.findings) == len(done.findings)


def test_an_import_undone_leaves_nobody_and_can_be_repeated(books: dict[str, Workbook]) -> None:
    app = _app()
    first = _import(app, books["county-office.xlsx"])
    assert first.batch is not None
    undone = UndoingImports(app.recording).undo(first.batch, actor="clerk", reason="wrong file")
    assert (undone.withdrawn, undone.kept) == (first.recorded, ())
    again = _import(app, books["county-office.xlsx"])
    assert again.recorded == first.recorded
    assert _import(app, books["county-office.xlsx"]).recorded == 0


def _changed(book: Workbook, sheet: str, row: int, **cells: Any) -> Workbook:
    """Return the workbook with some cells of one row changed."""
    pages = []
    for page in book.sheets:
        rows = tuple(
            replace(line, cells={**line.cells, **cells})
            if (page.name, line.row_number) == (sheet, row)
            else line
            for line in page.rows
        )
        pages.append(replace(page, rows=rows))
    return replace(book, sheets=tuple(pages))


@pytest.mark.parametrize(
    ("sheet", "row", "cells"),
    [
        ("支部基本情况", 4, {"kind": "village"}),
        ("支部基本情况", 4, {"elected_on": date(2024, 1, 21)}),
        ("党员花名册", 4, {"admitted_on": date(1974, 9, 11)}),
        ("党员花名册", 4, {"phone": "13900000000"}),
        ("发展党员台账", 5, {"voted_on": date(2024, 4, 14)}),
        ("发展党员台账", 5, {"mentors": ("张三",)}),
        ("三会一课记录", 4, {"attending": 25}),
    ],
)
def test_a_changed_cell_of_a_known_row_is_refused_and_nothing_is_overwritten(
    books: dict[str, Workbook], sheet: str, row: int, cells: dict[str, Any]
) -> None:
    app = _app()
    _import(app, books["county-office.xlsx"])
    size = len(app.log.records)
    known = set(_import(app, books["county-office.xlsx"]).refused_rows())
    report = _import(app, _changed(books["county-office.xlsx"], sheet, row, **cells))
    assert set(report.refused_rows()) - known == {(sheet, row)}
    (trouble,) = report.refused_rows()[sheet, row]
    assert trouble.code == ("changed-cell-hidden" if "phone" in cells else "changed-cell")
    assert len(app.log.records) == size


def test_a_cell_filled_in_later_is_recorded_as_a_further_fact(books: dict[str, Workbook]) -> None:
    app = _app()
    _import(app, _changed(books["county-office.xlsx"], "发展党员台账", 5, approved_on=None, full_since=None))
    size = len(app.log.records)
    report = _import(app, books["county-office.xlsx"])
    added = [type(record.event).__name__ for record in app.log.records[size:]]
    assert added == ["AdmissionApproved", "FullMembershipGranted"]
    assert report.recorded == 2


def test_a_refused_row_of_a_branch_refuses_none_of_its_people(books: dict[str, Workbook]) -> None:
    broken = books["county-office.xlsx"]
    page = next(page for page in broken.sheets if page.kind == "units")
    line = page.rows[0]
    refused = line.refused_for(CellError("成立时间", "不详", "date-unreadable", {"text": "不详"}))
    rows = (refused, *page.rows[1:])
    pages = tuple(replace(p, rows=rows) if p.kind == "units" else p for p in broken.sheets)
    app = _app()
    report = _import(app, replace(broken, sheets=pages))
    usual = set(_import(_app(), broken).refused_rows())
    assert set(report.refused_rows()) == usual | {(page.name, line.row_number)}

    mended = _import(app, broken)
    assert (page.name, line.row_number) not in mended.refused_rows()
    told = Books(app.log, app.rules)
    unit = next(e.id for e in app.log.directory.units() if e.name == line.cells["name"])
    established = told.unit_state(unit).established
    assert established is not None
    assert established.established_on == line.cells["established_on"]
    assert established.kind == line.cells["kind"]


def test_books_begin_with_the_year_of_import_until_meetings_tell_of_an_earlier_one(
    books: dict[str, Workbook],
) -> None:
    whole = books["county-office.xlsx"]
    app = _app()
    _import(app, replace(whole, sheets=tuple(p for p in whole.sheets if p.kind != "meetings")))
    unit = next(e.id for e in app.log.directory.units() if e.name == "柳林镇张河村党支部")
    assert Books(app.log, app.rules).unit_state(unit).books_from == date(2026, 1, 1)
    _import(app, replace(whole, sheets=tuple(p for p in whole.sheets if p.kind == "meetings")))
    assert Books(app.log, app.rules).unit_state(unit).books_from == date(2025, 1, 1)


def test_an_election_copied_from_a_workbook_says_no_number_it_was_not_told(
    books: dict[str, Workbook],
) -> None:
    app = _app()
    _import(app, books["county-office.xlsx"])
    told = Books(app.log, app.rules)
    for entry in app.log.directory.units():
        for election, _ in told.unit_state(entry.id).each(CommitteeElected):
            assert (election.eligible, election.attending) == (None, None)
