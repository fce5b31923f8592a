"""Whatever bytes and cells come: one refusal or a reading, never another exception."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.workbooks.making import MEETINGS, ROSTER, TODAY, book, member, moment, read_one
from workflows.adapters.workbooks.guard import inspect
from workflows.adapters.workbooks.headings import FACTS, TITLES
from workflows.adapters.workbooks.refusal import UnreadableFile
from workflows.adapters.workbooks.rows import ErrorValue, MonthShown, Spread, TimeOfDay, Uncalculated

GOOD = book({"党员花名册": [ROSTER, member()], "三会一课记录": [MEETINGS]})

PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(
        ["李明", "2024年1月", "17人", "男", "合计", "制表人：", "支部党员大会", "姓名", "{x}", "党支部书记"]
    )
    | st.dates()
    | st.just(moment(2024, 1, 20, 14, 30))
    | st.builds(MonthShown, st.dates())
    | st.builds(TimeOfDay, st.text(max_size=8))
    | st.builds(ErrorValue, st.text(max_size=8))
    | st.builds(Uncalculated, st.text(max_size=8))
)
CELLS = PLAIN | st.builds(Spread, PLAIN)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=12), st.integers(0, 400)
)
def test_the_guard_answers_every_broken_archive(changes: list[tuple[int, int]], cut: int) -> None:
    content = bytearray(GOOD)
    for at, byte in changes:
        content[at] = byte
    try:
        inspected = inspect(io.BytesIO(bytes(content[: len(content) - cut])), "x.xlsx")
    except UnreadableFile as refused:
        assert refused.reason  # noqa: PT017 - either is right, a third is not
    else:
        assert inspected.kind in ("xlsx", "csv")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["x.xlsx", "x.csv", ""]))
def test_the_guard_answers_any_bytes(content: bytes, name: str) -> None:
    try:
        inspect(io.BytesIO(content), name)
    except UnreadableFile as refused:
        assert refused.remedy  # noqa: PT017


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(FACTS)), st.data())
def test_any_cells_under_known_headings_are_read_or_refused_in_words(kind: Any, data: st.DataObject) -> None:
    facts = FACTS[kind]
    row = st.lists(CELLS, max_size=len(facts) + 1)
    sheet = read_one([[fact.title for fact in facts], *data.draw(st.lists(row, max_size=4))], TITLES[kind])
    for line in sheet.rows:
        assert all(error.reason and error.remedy for error in line.errors)
        assert all(flag.message for flag in line.flags)
        assert line.errors or set(line.cells) == {fact.canonical for fact in facts}
        days = [value for value in line.cells.values() if isinstance(value, date)]
        assert all(type(day) is date and day <= TODAY for day in days)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(CELLS, max_size=8), max_size=6),
    st.sampled_from(["党员花名册", "Sheet1", "三会一课记录"]),
)
def test_any_sheet_gets_a_layout(rows: list[list[Any]], name: str) -> None:
    sheet = read_one(rows, name)
    assert all(error.reason for error in sheet.errors)
    assert not (sheet.errors and sheet.rows)
