"""导入 after the tree changed: old names find their unit, carried people are known, nothing comes twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.support.county import County
from workflows.adapters.workbooks.branches import suggest_branch
from workflows.adapters.workbooks.rows import CellError, Row, Workbook
from workflows.adapters.workbooks.workbook import read_workbook
from workflows.application.importing.run import Importing
from workflows.application.importing.shapes import Report
from workflows.application.importing.units import OLD_NAME
from workflows.domain.person.events import ApplicationReceived, MemberRegistered, Profile
from workflows.kernel.clock import moment_of

TODAY, LATER = date(2026, 11, 21), date(2026, 11, 23)
DATA = Path(__file__).parent.parent / "data"
VILLAGE, TOWN = "柳林镇马庄村党支部", "城关镇杨塘社区党支部"
RENAMED = "柳林镇马家庄村党支部"


@pytest.fixture(scope="module")
def book() -> Workbook:
    """The workbook of the county, only what is about two of its branches."""
    whole = read_workbook(DATA / "county.xlsx", today=TODAY)

    def is_ours(row: Row) -> bool:
        return bool({VILLAGE, TOWN} & {row.cells.get("name"), row.cells.get("branch")})

    sheets = (replace(sheet, rows=tuple(filter(is_ours, sheet.rows))) for sheet in whole.sheets)
    return replace(whole, sheets=tuple(sheets))


class Office:
    """A county that came from a workbook, and the same workbook again after its tree changed."""

    def __init__(self, book: Workbook) -> None:
        self.county, self.book = County(), book
        self.county.app.clock.put(moment_of(TODAY))
        self.first = self.enter(book)
        self.units = {entry.name: entry.id for entry in self.county.app.log.directory.units()}

    def enter(self, book: Workbook) -> Report:
        """Import a workbook."""
        return Importing(self.county.app.recording, CellError, suggest_branch).run(book, actor="clerk")

    @property
    def people(self) -> set[UUID]:
        """Return everybody on the books."""
        kinds = (ApplicationReceived, MemberRegistered)
        return {r.stream_id for r in self.county.app.log.records if isinstance(r.event, kinds)}

    def profile(self, person: UUID) -> Profile | None:
        """Return what is told of somebody where they were put on the books."""
        return next(
            r.event.profile
            for r in self.county.app.log.records
            if r.stream_id == person and isinstance(r.event, ApplicationReceived | MemberRegistered)
        )

    @property
    def records(self) -> int:
        """Return how many records there are."""
        return len(self.county.app.log.records)

    def do(self, verb: str, unit: str, **fields: Any) -> None:
        """Change the tree."""
        outcome = self.county.do(verb, LATER, unit=self.units[unit], as_history=True, **fields)
        assert not outcome.refused


def renamed_in(book: Workbook, old: str, new: str, without: str = "") -> Workbook:
    """Return a workbook that writes another name of a branch wherever it stands, ``without`` a column."""

    def told(cells: Any) -> dict[str, Any]:
        return {
            column: new if value == old else value for column, value in cells.items() if column != without
        }

    sheets = tuple(
        replace(sheet, rows=tuple(replace(row, cells=told(row.cells)) for row in sheet.rows))
        for sheet in book.sheets
    )
    return replace(book, sheets=sheets)


def remarked(report: Report) -> set[tuple[str, str]]:
    """Return which names were said to be old ones, each with the present one."""
    return {
        (str(n.finding.facts["text"]), str(n.finding.facts["unit"]))
        for n in report.findings
        if n.finding is not None and n.finding.rule == OLD_NAME
    }


def test_a_workbook_with_an_old_name_finds_the_unit_and_says_what_it_is_called_now(book: Workbook) -> None:
    office = Office(book)
    assert remarked(office.first) == set()
    office.do("rename_unit", VILLAGE, name=RENAMED)
    size = office.records
    again = office.enter(book)
    assert office.records == size
    assert again.recorded == 0
    assert set(again.refused_rows()) == set(office.first.refused_rows())
    assert remarked(again) == {(VILLAGE, RENAMED)}
    assert remarked(office.enter(renamed_in(book, VILLAGE, RENAMED))) == set()
    assert office.records == size


def test_who_bears_a_name_goes_before_who_bore_it(book: Workbook) -> None:
    office = Office(book)
    office.do("rename_unit", VILLAGE, name=RENAMED)
    office.do("rename_unit", TOWN, name=VILLAGE)
    people = office.people
    again = office.enter(renamed_in(renamed_in(book, VILLAGE, RENAMED), TOWN, VILLAGE))
    assert (remarked(again), again.recorded) == (set(), 0)
    assert office.people == people


def test_after_a_merger_people_are_known_under_the_name_of_the_unit_they_came_to(book: Workbook) -> None:
    office = Office(book)
    office.do("merge_units", TOWN, units=[VILLAGE])
    people, units = office.people, len(office.county.app.log.directory.units())
    sheets = tuple(sheet for sheet in book.sheets if sheet.kind in ("members", "development"))
    merged = renamed_in(replace(book, sheets=sheets), VILLAGE, TOWN, without="id_number")
    again = office.enter(merged)
    assert office.people == people
    assert again.recorded == 0
    assert len(office.county.app.log.directory.units()) == units


def test_after_a_merger_the_workbook_of_before_changes_nothing(book: Workbook) -> None:
    office = Office(book)
    office.do("merge_units", TOWN, units=[VILLAGE])
    size = office.records
    again = office.enter(book)
    assert (office.records, again.recorded) == (size, 0)
    assert set(again.refused_rows()) == set(office.first.refused_rows())


def test_a_namesake_born_on_the_same_day_who_never_came_along_is_somebody_else() -> None:
    county = County()
    first, second = county.branch("甲支部"), county.branch("乙支部", kind="village")
    told: dict[str, Any] = {"name": "张三", "born_on": "1990-01-01", "full_since": "2015-07-01"}
    gone = county.do("register_member", date(2020, 2, 1), unit=first, as_history=True, **told)
    county.do(
        "transfer_person",
        date(2021, 1, 1),
        unit=first,
        person=gone.stream_id,
        to_unit="外县某支部",
        as_history=True,
    )
    county.do("merge_units", date(2022, 1, 1), unit=second, units=["甲支部"], as_history=True)
    other = county.do("register_member", date(2022, 2, 1), unit=second, as_history=True, **told)
    assert other.stream_id != gone.stream_id
    stayed = {**told, "name": "李四"}
    here = county.do("register_member", date(2022, 2, 1), unit=second, as_history=True, **stayed)
    county.do("split_unit", date(2023, 1, 1), unit=second, into=[{"name": "丙支部", "members": ["李四"]}],
              as_history=True)  # fmt: skip
    third = next(e.id for e in county.app.log.directory.units() if e.name == "丙支部")
    again = county.do("register_member", date(2023, 2, 1), unit=third, as_history=True, **stayed)
    assert again.stream_id == here.stream_id


def test_who_was_transferred_is_known_at_the_new_branch_by_name_and_birth_day(book: Workbook) -> None:
    """Without a number: the roster of the branch they went to speaks of them, not of somebody new."""
    office = Office(book)
    sheet = next(sheet for sheet in book.sheets if sheet.kind == "members")
    row = next(row for row in sheet.rows if row.cells.get("branch") == VILLAGE and not row.errors)
    person = next(
        stream
        for stream in office.people
        if (told := office.profile(stream)) is not None
        and (told.name, told.born_on) == (row.cells["name"], row.cells["born_on"])
    )
    home = office.units[TOWN]
    office.county.do("transfer_person", LATER, person=person, to_unit=TOWN, named_unit=home, as_history=True)
    moved = replace(row, cells={**row.cells, "branch": TOWN, "identity_number": None})
    people = office.people
    again = office.enter(replace(book, sheets=(replace(sheet, rows=(moved,)),)))
    assert office.people == people
    assert (again.recorded, again.refused_rows()) == (0, {})
    other = {**moved.cells, "born_on": date(1961, 2, 3)}
    office.enter(replace(book, sheets=(replace(sheet, rows=(replace(moved, cells=other),)),)))
    assert len(office.people) == len(people) + 1
