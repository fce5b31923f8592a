"""案卷一览: the light row of a case says what the whole one does, and the kept one what the fold says."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.books import County, county
from tests.support.happenings import DAYS, OTHER, TOWN, TREE, UNIT, Happening, day, entries
from workflows.adapters.views.rebuild import Rebuilding
from workflows.adapters.views.tables import ROWS
from workflows.application.ports import Transaction
from workflows.domain import waivers
from workflows.domain.act import Who
from workflows.domain.rectification import events as issue
from workflows.domain.site import events as site
from workflows.domain.unit.structure_events import UnitMoved
from workflows.kernel.events import NewEvent
from workflows.kernel.ids import derived

TODAY = date(2026, 6, 30)
CASES = tuple(derived("random", "case", number) for number in range(4))
SITE = derived("random", "site")
WHO = Who(name="赵")
LIGHT = ("file_id", "kind", "subject", "stage", "over", "opened_on", "last_on")


def opened(number: int, on: date, *, due: int | None = None) -> Happening:
    told = issue.IssueOpened(
        opened_on=on,
        subject=f"问题{number}",
        of_unit=(UNIT, OTHER)[number % 2],
        source=("inspection", "self_check")[number // 2],
        rule="meet-theme-day",
        due_on=None if due is None else on + timedelta(due),
        recurs=CASES[:1] if number == 3 else (),
    )
    return Happening(CASES[number], told)


_STEPS = st.sampled_from(
    [
        lambda on, n: issue.CorrectionPlanned(planned_on=on, measure="补", owner=WHO),
        lambda on, n: issue.CorrectionPlanned(planned_on=on, measure="补", due_on=on + timedelta(n)),
        lambda on, n: issue.ProgressReported(reported_on=on, text="在办"),
        lambda on, n: issue.CorrectionSubmitted(submitted_on=on, by=WHO),
        lambda on, n: issue.CorrectionAccepted(accepted_on=on, by=WHO, result=("part", "pass")[n % 2]),
        lambda on, n: issue.CorrectionRejected(rejected_on=on, by=WHO, due_on=on + timedelta(n)),
        lambda on, n: issue.IssueClosedOut(closed_on=on, by=WHO),
        lambda on, n: issue.IssueClosedOut(closed_on=on, by=WHO, reason="撤销", unit_gone=True),
        lambda on, n: issue.IssueReopened(reopened_on=on, reason="又有"),
        lambda on, n: issue.IssueEscalated(escalated_on=on, to_unit=TOWN),
        lambda on, n: issue.CorrectionExtended(extended_on=on, due_on=on + timedelta(n)),
        lambda on, n: issue.CorrectionHeld(held_on=on, until=on + timedelta(n)),
        lambda on, n: waivers.RuleWaived(
            waived_on=on, rule="correction-due", until=on + timedelta(n), authority="镇党委", document="文1"
        ),
    ]
)  # fmt: skip
_acts = st.builds(
    lambda number, step, on, n: Happening(CASES[number], step(on, n)),
    st.integers(0, 3), _STEPS, DAYS, st.integers(0, 1200),
)  # fmt: skip
_redated = st.builds(
    lambda target, on: Happening(UNIT, target=target, field="on", value=on.isoformat()),
    st.integers(0, 60), DAYS,
)  # fmt: skip
_withdrawn = st.builds(lambda target: Happening(UNIT, target=target), st.integers(0, 60))
_moved = st.builds(lambda on: Happening(OTHER, UnitMoved(moved_on=on)), DAYS)
HISTORIES = st.tuples(
    st.lists(DAYS, min_size=4, max_size=4),
    st.lists(st.one_of(_acts, _acts, _acts, _redated, _withdrawn, _moved), max_size=30),
).map(lambda drawn: [*(opened(n, on, due=40 * n or None) for n, on in enumerate(drawn[0])), *drawn[1]])


def record(told: County, events: list[NewEvent], *, inline: bool) -> None:
    def work(transaction: Transaction) -> None:
        records = transaction.append(events)
        if inline:
            told.views(transaction, records)

    told.log.submit(work)
    told.views.run()


def is_kept(told: County, on: date) -> bool:
    with told.live.opened() as opened:
        assert told.live.live is not None
        return told.live.live.cases(opened.reading, "rectification", units=None, on=on) is not None


def numbers(answering: Any, on: date) -> list[Any]:
    return [
        *(answering.case_outlines("rectification", unit, on) for unit in (None, TOWN, OTHER)),
        answering.case_outlines("site", None, on),
        *(answering.drive(None, period, on) for period in ("2024", "2025-Q2", "2026")),
        answering.drive_rows("total", None, "2025", on),
        answering.overview(None, on)["total"],
    ]


def assert_so_on(told: County, on: date) -> None:
    """What is kept says what the fold says, and a light row what the whole one says."""
    assert numbers(told.live, on) == numbers(told.folded, on)
    light, whole = (
        ask("rectification", None, on)["rows"] for ask in (told.live.case_outlines, told.live.cases)
    )
    assert sorted(row["file_id"] for row in light) == sorted(row["file_id"] for row in whole)
    by_id = {row["file_id"]: row for row in whole}
    for row in light:
        full = by_id[row["file_id"]]
        limit = full["limit"] and {name: full["limit"][name] for name in ("due_on", "status")}
        assert row == {**{name: full[name] for name in (*LIGHT, "source")}, "limit": limit}
    for row in told.live.drive_rows("total", None, "2025", on)["rows"]:
        full, figures = by_id[row["file_id"]], set(row["figures"])
        assert ("recurring" in figures) == bool(full["recurs"])
        assert ("escalated" in figures) == (full["level"] is not None and not full["over"])
        assert ("waived" in figures) == (full["waiver"] is not None)
        assert {"total", full["stage"]} <= figures


def closed(number: int, on: date) -> list[Happening]:
    """A problem that is found, put right and closed within ten days."""
    steps = [
        issue.CorrectionPlanned(planned_on=on + timedelta(2), measure="补", owner=WHO),
        issue.CorrectionSubmitted(submitted_on=on + timedelta(4), by=WHO),
        issue.CorrectionAccepted(accepted_on=on + timedelta(6), by=Who(name="钱")),
        issue.IssueClosedOut(closed_on=on + timedelta(8), by=Who(name="钱")),
    ]
    return [opened(number, on, due=30), *(Happening(CASES[number], step) for step in steps)]


LATELY = [opened(0, day(20)), *closed(3, day(640)), *closed(1, day(690))]
BACK = [*closed(2, day(300)), Happening(CASES[2], issue.IssueReopened(reopened_on=day(500), reason="又有"))]


@example(LATELY, True, 0)
@example(BACK, False, 10)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(HISTORIES, st.booleans(), st.integers(0, 400))
def test_a_kept_row_says_on_any_day_from_now_on_what_the_fold_says(
    happenings: list[Happening], inline: bool, ahead: int
) -> None:
    with county("sqlite://", TODAY) as told:
        events = entries(happenings, founded=TREE)
        for start in range(0, len(events), 7):
            record(told, events[start : start + 7], inline=inline)
        on = TODAY + timedelta(ahead)
        assert is_kept(told, on)
        assert_so_on(told, on)
        assert all(found.is_equal for found in Rebuilding(told.views).rebuild("cases"))
        assert_so_on(told, on)


@example(LATELY, day(693))
@example(BACK, day(480))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(HISTORIES, DAYS)
def test_a_day_of_the_past_is_told_from_the_cases_themselves(happenings: list[Happening], on: date) -> None:
    with county("sqlite://", TODAY) as told:
        record(told, entries(happenings, founded=TREE), inline=True)
        assert_so_on(told, on)


@pytest.fixture
def told(database_url: str) -> Iterator[County]:
    """A county on an empty database of each kind, with two problems, one closed out, and a site."""
    with county(database_url, TODAY) as here:
        nominated = site.SiteNominated(nominated_on=day(5), subject="示范点", of_unit=UNIT, level="county")
        happened = [opened(0, day(10), due=30), *closed(1, day(11)), Happening(SITE, nominated)]
        record(here, entries(happened, founded=TREE), inline=True)
        yield here


def test_lists_and_numbers_are_read_from_the_rows_on_both_databases(told: County) -> None:
    assert is_kept(told, TODAY)
    assert_so_on(told, TODAY)
    (row,) = told.live.case_outlines("site", on=TODAY)["rows"]
    assert (row["stage"], row["level"], row["limit"]) == ("nominated", "county", None)
    rows = told.live.case_outlines("rectification", on=TODAY)["rows"]
    assert [(row["subject"], row["stage"]) for row in rows] == [("问题0", "found"), ("问题1", "closed")]
    assert rows[0]["limit"] == {"due_on": day(40).isoformat(), "status": "overdue"}
    assert all(found.is_equal for found in Rebuilding(told.views).rebuild())
    assert_so_on(told, TODAY)


def test_the_row_of_a_case_holds_no_word_of_what_was_found(told: County) -> None:
    with told.store.database.reading() as connection:
        kept = connection.exec_driver_sql(f"SELECT payload FROM {ROWS['cases'].name}").scalars().all()
    assert len(kept) == 3
    assert all("赵" not in bytes(one).decode() and "补" not in bytes(one).decode() for one in kept)


def test_some_rows_alone_stand_in_the_order_asked_for(told: County) -> None:
    ids = [CASES[1], SITE, CASES[0]]
    rows = told.live.cases("rectification", on=TODAY, among=ids)["rows"]
    assert [row["file_id"] for row in rows] == [str(one) for one in ids]
