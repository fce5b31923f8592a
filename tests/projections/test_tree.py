"""The tree over random histories: everybody has one home that is there, and roll-ups count each once."""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

from hypothesis import HealthCheck, example, given, settings

from tests.support.tree import BEGIN, DEEDS, PACE, Deed, Gardener
from workflows.application.books import Books, state_of
from workflows.bootstrap import memory_app
from workflows.domain.person.relation import transit_of
from workflows.domain.stages import Stage
from workflows.domain.unit.state import Unit
from workflows.domain.unit.state import evolve as evolve_unit
from workflows.kernel.clock import moment_of
from workflows.kernel.events import fold, history
from workflows.projections.answers import Answering

RELAXED = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


def planted(deeds: list[Deed]) -> tuple[Gardener, Books, list[date]]:
    """Return the tree after some deeds, the books, and the days to look at."""
    app = memory_app()
    app.clock.put(moment_of(date(2026, 6, 30)))
    gardener = Gardener(app.log, app.recording)
    gardener.play(deeds)
    days = [
        BEGIN + timedelta(days=PACE * number + step) for number in range(len(deeds) + 2) for step in (0, 1)
    ]
    return gardener, Books(app.log, app.rules), days


SENT_HOME = [Deed("transfer", 2, 3, 0), Deed("split", 2, 0, 45)]
"""Somebody sent to the very branch they belong to, which then ends on an earlier day."""


@RELAXED
@given(DEEDS)
@example(SENT_HOME)
def test_every_full_member_belongs_to_exactly_one_unit_that_is_there(deeds: list[Deed]) -> None:
    gardener, books, days = planted(deeds)
    for day in days:
        for person_id in gardener.people:
            person = books.person_state(person_id)
            if person.stage_on(day) is not Stage.FULL:
                continue
            home = person.unit_on(day)
            there = home is not None and _is_there(books.unit_state(home), day)
            assert there or transit_of(person.at(day)) is not None, (day, home)


def _is_there(unit: Unit, day: date) -> bool:
    """Say whether a unit is there, or is not yet: its members may have been members before it was set up."""
    founded = unit.established
    return unit.exists_on(day) or (founded is not None and day < founded.established_on)


UNDER_WHAT_NEVER_WAS = [Deed("split", 0, 1), Deed("move", 1, 4), Deed("retract", 0, 0)]
"""A branch is put under a part of a split, which is then taken back."""


@RELAXED
@given(DEEDS)
@example(UNDER_WHAT_NEVER_WAS)
def test_roll_ups_by_either_structure_count_every_member_once(deeds: list[Deed]) -> None:
    gardener, books, days = planted(deeds)
    entries = books.reading.directory.units()
    full = {
        day: Counter(
            books.person_state(p).unit_on(day)
            for p in gardener.people
            if books.person_state(p).stage_on(day) is Stage.FULL
        )
        for day in days
    }
    for structure in (*days[::7], gardener.last_day):
        lines = {entry.id: _line(books, entry.id, structure) for entry in entries}
        roots = [unit for unit, line in lines.items() if len(line) == 1]
        below = [books.below(root, structure) for root in roots]
        assert Counter(unit for part in below for unit in part) == Counter(entry.id for entry in entries)
        for day in days[::5]:
            assert sum(full[day][unit] for part in below for unit in part) == full[day].total()


def _line(books: Books, unit_id: UUID, on: date) -> list[UUID]:
    """Return where a unit stands in the structure of a day, asked upwards: the other computation."""
    line: list[UUID] = []
    here: UUID | None = unit_id
    while here is not None:
        assert here not in line, "a unit stands below itself"
        line.append(here)
        unit = books.unit_state(here)
        ended, told = unit.dated.ended, unit.identity_on(on)
        if ended is not None and ended.merged and ended.on <= on:
            here = ended.into[0]
        else:
            here = told.superior if told is not None else None
    return line


@RELAXED
@given(DEEDS)
def test_a_unit_asked_about_a_day_equals_its_fold_cut_at_that_day(deeds: list[Deed]) -> None:
    gardener, books, days = planted(deeds)
    for unit_id in gardener.units:
        records = books.reading.load(unit_id)
        unit = state_of(unit_id, records)
        assert isinstance(unit, Unit)
        for day in days[::3]:
            folded = fold(evolve_unit, Unit(unit_id), history(records, as_of=day))
            assert unit.at(day).dated == folded.dated
            assert unit.exists_on(day) == folded.exists_on(day)
            if folded.dated.identities:
                assert unit.identity_on(day) == folded.identity


@RELAXED
@given(DEEDS)
def test_no_two_units_bear_one_name_on_one_day(deeds: list[Deed]) -> None:
    _, books, days = planted(deeds)
    entries = books.reading.directory.units()
    for day in days:
        names = Counter(entry.named_on(day) for entry in entries if entry.exists_on(day))
        assert [name for name, count in names.items() if count > 1] == []


@RELAXED
@given(DEEDS)
def test_everything_taken_back_leaves_the_tree_as_it_was(deeds: list[Deed]) -> None:
    gardener, books, days = planted([])
    before = _told(books, gardener, days)
    gardener.play([deed for deed in deeds if deed.verb != "retract"])
    for outcome in reversed(gardener.done):
        gardener.retract(outcome)
    assert _told(Books(gardener.log, gardener.recording.rules), gardener, days) == before  # type: ignore[arg-type]


def _told(books: Books, gardener: Gardener, days: list[date]) -> list[object]:
    first = gardener.people[:9]
    units = [entry.dated for entry in books.reading.directory.units()]
    return [units, [[books.person_state(person).unit_on(day) for day in days] for person in first]]


@RELAXED
@given(DEEDS)
def test_no_unit_has_limits_after_its_end(deeds: list[Deed]) -> None:
    gardener, books, _ = planted(deeds)
    app_day = gardener.last_day
    answering = Answering(gardener.log, gardener.recording.rules, gardener.recording.clock)
    open_now = {UUID(r["unit_id"]) for r in answering.deadlines(on=app_day)["rows"] if not r["person_id"]}
    assert all(books.unit_state(unit).exists_on(app_day) for unit in open_now)
