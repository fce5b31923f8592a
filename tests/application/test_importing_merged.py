"""导入 of somebody entered twice and merged: either row is known, nothing comes twice or is undone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from workflows.adapters.workbooks.branches import suggest_branch
from workflows.adapters.workbooks.rows import CellError
from workflows.adapters.workbooks.workbook import read_workbook
from workflows.application import commands
from workflows.application.amending import Amending, Amendment
from workflows.application.books import Books
from workflows.application.importing.run import Importing
from workflows.application.importing.shapes import Report
from workflows.application.importing.undo import UndoingImports
from workflows.application.recording import Outcome, Request
from workflows.bootstrap import MemoryApp, memory_app
from workflows.kernel.clock import moment_of

TODAY = date(2026, 11, 21)
ROSTER = """姓名,性别,出生年月,学历,所在党支部,入党时间,转正时间
阿·木,男,1990-03-01,大专,甲支部,2015-07-01,2016-07-01
阿木,男,1990-03-01,本科,甲支部,2015-07-01,2016-07-01
"""
DAY = date(2015, 1, 1)


@pytest.fixture
def app() -> MemoryApp:
    made = memory_app()
    made.clock.put(moment_of(TODAY))
    _act(made, "establish_unit", DAY, name="甲支部", kind="community")
    return made


def _act(app: MemoryApp, do: str, on: date, person: UUID | None = None, **fields: object) -> Outcome:
    request = Request(
        command=commands.parse(do, fields, on), actor="x", origin="cli", person_id=person,
        as_history=True, reason="x",
    )  # fmt: skip
    return app.recording.record(request)


def _taken(app: MemoryApp, folder: Path) -> Report:
    path = folder / "党员花名册.csv"
    path.write_text(ROSTER, "utf-8-sig")
    return Importing(app.recording, CellError, suggest_branch).run(
        read_workbook(path, today=TODAY), actor="clerk"
    )


def _merged(app: MemoryApp) -> Outcome:
    with app.log.read() as reading:
        keep, other = reading.directory.people_of(reading.directory.units()[0].id)
    return _act(app, "merge_persons", TODAY, keep, other=str(other), reason="登记了两次")


def test_either_row_is_known_and_the_same_file_records_nothing(app: MemoryApp, tmp_path: Path) -> None:
    assert not _taken(app, tmp_path).refusals
    assert _merged(app).events == ("PersonsMerged",)
    head = len(app.log.records)
    again = _taken(app, tmp_path)
    assert (again.refusals, len(app.log.records)) == ([], head)


def test_a_cell_that_stands_on_neither_stream_is_refused_as_ever(app: MemoryApp, tmp_path: Path) -> None:
    _taken(app, tmp_path)
    _merged(app)
    path = tmp_path / "党员花名册.csv"
    path.write_text(ROSTER.replace("本科", "研究生"), "utf-8-sig")
    book = read_workbook(path, today=TODAY)
    (refused,) = Importing(app.recording, CellError, suggest_branch).run(book, actor="clerk").refusals
    assert refused.row == 3


def test_an_import_is_not_undone_under_somebody_merged(app: MemoryApp, tmp_path: Path) -> None:
    batch = _taken(app, tmp_path).batch
    assert batch is not None
    merged = _merged(app)
    undone = UndoingImports(app.recording).undo(batch, actor="clerk", reason="重来")
    assert undone.withdrawn == 0
    assert len(undone.kept) == 2
    Amending(app.recording).amend(
        Amendment(event=merged.event_ids[0], actor="clerk", origin="cli", reason="是两个人")
    )
    undone = UndoingImports(app.recording).undo(batch, actor="clerk", reason="重来")
    assert undone.withdrawn == 1, "the one kept has records of elsewhere, the other has none any more"


def test_what_the_one_kept_does_not_know_comes_from_the_other(app: MemoryApp, tmp_path: Path) -> None:
    _taken(app, tmp_path)
    keep = _merged(app).stream_id
    assert keep is not None
    with app.log.read() as reading:
        person = Books(reading, app.recording.rules).person_state(keep)
    assert (person.profile.name, person.profile.education) == ("阿·木", "大专")
    assert person.names == ("阿·木", "阿木")
