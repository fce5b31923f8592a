"""花名册: who belongs where on a day, what is out of the ordinary, what changed between two days."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.projections.test_two_axes import RULES, log_of
from tests.support.books import Told
from tests.support.happenings import DAYS, HAPPENINGS, PEOPLE, UNIT, Happening
from workflows.application.books import Books
from workflows.projections import roster
from workflows.projections.naming import Naming

STORY = """
[[units]]
name = "甲支部"
kind = "community"
full_members = 4
[[units]]
name = "乙支部"
kind = "community"
full_members = 2
[people]
"王" = { stage = "full", since = 2015-01-15 }
"李" = { stage = "full", since = 2015-01-15 }
"赵" = { stage = "probationary", since = 2025-03-20 }
[[steps]]
on = 2026-01-10
do = "register_absence"
person = "王"
with = { fixed_place = false }
[[steps]]
on = 2026-02-01
do = "exempt_from_meetings"
person = "李"
with = { reason = "年老体弱", until = 2026-06-30 }
[[steps]]
on = 2026-03-01
do = "transfer_person"
person = "赵"
with = { to_unit = "乙支部", in_transit = true, letter = "12号" }
[[steps]]
on = 2026-03-20
do = "examine_transfer_file"
person = "赵"
unit = "乙支部"
[[steps]]
on = 2026-04-01
do = "bar_rights"
person = "王"
with = { until = 2026-09-30 }
[[steps]]
on = 2026-05-01
do = "report_lost_contact"
person = "李"
[[steps]]
on = 2026-11-01
do = "stop_membership"
person = "李"
with = { ground = "lost" }
"""


CELLS = """
[[units]]
name = "甲支部"
full_members = 4
[[units]]
name = "乙支部"
full_members = 2
[people]
"王" = { stage = "full", since = 2015-01-15 }
"李" = { stage = "full", since = 2015-01-15 }
[[steps]]
on = 2026-01-05
do = "form_cell"
with = { name = "一组" }
[[steps]]
on = 2026-01-10
do = "assign_cell"
person = "王"
with = { cell = "一组" }
[[steps]]
on = 2026-03-01
do = "transfer_person"
person = "李"
with = { to_unit = "乙支部" }
[[steps]]
on = 2026-02-01
recorded_on = 2026-03-20
do = "assign_cell"
person = "李"
with = { cell = "一组" }
[[steps]]
on = 2026-04-01
do = "dissolve_cell"
with = { name = "一组" }
"""


def test_nobody_stands_in_a_cell_of_another_unit_or_in_one_that_is_dissolved() -> None:
    told = Told(CELLS)

    def cells(on: date) -> dict[str, str | None]:
        rows = told.answering.roster(on=on)["rows"]
        return {row["person"]: row["cell"] for row in rows if row["person"] in ("王", "李")}

    assert cells(date(2026, 2, 28)) == {"王": "一组", "李": "一组"}
    assert cells(date(2026, 3, 31)) == {"王": "一组", "李": None}
    assert cells(date(2026, 4, 1)) == {"王": None, "李": None}


def marks(told: Told, name: str, on: date) -> list[str]:
    rows = told.answering.roster(on=on)["rows"]
    (row,) = [row for row in rows if row["person"] == name]
    return list(row["marks"])


def test_what_is_out_of_the_ordinary_has_its_first_and_last_day() -> None:
    told = Told(STORY)
    assert marks(told, "王", date(2026, 1, 9)) == []
    assert marks(told, "王", date(2026, 1, 10)) == ["away"]
    assert marks(told, "王", date(2026, 7, 9)) == ["barred", "away"]
    assert marks(told, "王", date(2026, 7, 10)) == ["barred", "floating"]
    assert marks(told, "王", date(2026, 9, 30)) == ["barred", "floating"]
    assert marks(told, "王", date(2026, 10, 1)) == ["floating"]
    assert marks(told, "李", date(2026, 6, 30)) == ["lost", "exempt"]
    assert marks(told, "李", date(2026, 7, 1)) == ["lost"]
    assert marks(told, "李", date(2026, 11, 1)) == ["stopped", "lost"]


def test_who_is_on_the_way_stays_on_the_old_roster_until_received() -> None:
    told = Told(STORY)
    units = {name: told.answering.unit_named(name) for name in ("甲支部", "乙支部")}

    def row(unit: str, on: date) -> dict[str, object] | None:
        rows = told.answering.roster(units[unit], on)["rows"]
        return next((row for row in rows if row["person"] == "赵"), None)

    there = row("甲支部", date(2026, 3, 19))
    assert there is not None
    assert there["circumstances"] == {
        "in_transit": {"since": "2026-03-01", "to": "乙支部", "letter": "12号", "until": None}
    }
    assert row("乙支部", date(2026, 3, 19)) is None
    assert row("甲支部", date(2026, 3, 20)) is None
    received = row("乙支部", date(2026, 3, 20))
    assert received is not None
    assert (received["in_unit_since"], received["marks"]) == ("2026-03-20", [])
    # the new unit sees the whole course; the old one keeps what was its own, as of its days
    history = told.answering.history(told.answering.person_named("赵"))
    assert {r["event"] for r in history["rows"]} >= {"MemberRegistered", "PersonTransferred"}


def test_the_right_to_vote_is_that_of_the_base_of_votes() -> None:
    told = Told(STORY)
    unit = told.answering.unit_named("甲支部")
    for on in (date(2026, 1, 1), date(2026, 4, 1), date(2026, 10, 1), date(2026, 11, 1)):
        with told.answering.opened() as opened:
            counted = opened.books.roster(unit, on)
        rows = told.answering.roster(unit, on)["rows"]
        assert counted is not None
        assert {str(one) for one in counted.voters} == {r["person_id"] for r in rows if r["voting_right"]}
        members = [r for r in rows if "stopped" not in r["marks"]]
        assert Counter(r["stage"] for r in members) == Counter(
            {"full": counted.full, "probationary": counted.probationary}
        ) - Counter({"probationary": 0})


def test_what_changed_between_two_days() -> None:
    told = Told(STORY)
    unit = told.answering.unit_named("甲支部")
    answer = told.answering.roster_changes(unit, date(2026, 1, 1), date(2026, 12, 1))
    assert [(r["on"], r["change"], r["person"], r["event"], r["other"]) for r in answer["rows"]] == [
        ("2026-03-20", "left", "赵", "TransferFileExamined", "乙支部"),
        ("2026-04-01", "barred", "王", "RightsBarred", None),
        ("2026-10-01", "unbarred", "王", "RightsBarred", None),
        ("2026-11-01", "left", "李", "MembershipStopped", None),
    ]
    assert (answer["before"], answer["after"]) == (5, 3)
    both = told.answering.roster_changes(None, date(2026, 1, 1), date(2026, 12, 1))
    first = both["rows"][0]
    assert (first["change"], first["unit"], first["other"]) == ("moved", "乙支部", "甲支部")


@settings(max_examples=60, deadline=None)
@given(HAPPENINGS, DAYS, st.integers(1, 400))
def test_who_joined_and_left_is_the_difference_of_two_days(
    happenings: list[Happening], since: date, days: int
) -> None:
    books = Books(log_of(happenings), RULES)
    people = [books.person_state(who) for who in PEOPLE]
    units, until = frozenset({UNIT}), since + timedelta(days=days)
    told = Counter(
        row["change"] for row in roster.changes(people, Naming(books), since=since, until=until, units=units)
    )
    before, after = (sum(roster.is_counted(p, day, units) for p in people) for day in (since, until))
    assert before + told["joined"] - told["left"] == after


@settings(max_examples=60, deadline=None)
@given(HAPPENINGS, DAYS)
def test_the_rows_are_those_that_the_count_of_the_branch_counts(
    happenings: list[Happening], on: date
) -> None:
    books = Books(log_of(happenings), RULES)
    counted = books.roster(UNIT, on)
    if counted is None:
        return
    people = [books.person_state(who) for who in PEOPLE]
    rows = roster.rows(
        people, books.unit_state, books, books.rules_for, Naming(books), on=on, units=frozenset({UNIT})
    )
    assert sum("stopped" not in row["marks"] for row in rows) == counted.members
    assert {row["person_id"] for row in rows if row["voting_right"]} == {str(one) for one in counted.voters}
