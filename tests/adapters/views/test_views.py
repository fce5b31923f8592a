"""Kept rows: equal to the folded log whoever wrote them, each page once, rebuilt beside the ones in use."""

from collections.abc import Iterator
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from tests.support.books import County, county
from tests.support.happenings import HAPPENINGS, PEOPLE, TREE, TREE_HAPPENINGS, UNIT, Happening, day, entries
from tests.support.tree import Deed, Gardener, deeds_of
from workflows.adapters.memory import PlainIdentity
from workflows.adapters.views.books_log import BooksTransaction
from workflows.adapters.views.rebuild import Rebuilding
from workflows.adapters.views.tables import ROWS, people
from workflows.application.ports import Transaction
from workflows.application.recording import Recording
from workflows.domain.person import events as person
from workflows.domain.unit import events as unit
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Event, FactCorrected, NewEvent
from workflows.kernel.ids import SeededIds, derived
from workflows.projections import development_ledger

TODAY = date(2026, 6, 30)


@pytest.fixture
def told(database_url: str) -> Iterator[County]:
    """A county on an empty database of each kind."""
    with county(database_url, TODAY) as opened:
        yield opened


def new(stream: UUID, version: int, event: Event) -> NewEvent:
    return NewEvent(
        stream_id=stream,
        version=version,
        event_id=derived("views", stream, version),
        event=event,
        actor="tester",
        origin="cli",
        unit_id=UNIT,
    )


def record(told: County, *events: NewEvent, inline: bool = True) -> None:
    def work(transaction: Transaction) -> None:
        records = transaction.append(events)
        if inline:
            told.views(transaction, records)

    told.log.submit(work)


def founded(told: County, *, inline: bool = True) -> None:
    """Four full members of a village branch, an election, an assembly attended by two."""
    events = [
        new(
            UNIT,
            1,
            unit.UnitEstablished(established_on=day(0), name="甲支部", level="branch", kind="village"),
        ),
        new(UNIT, 2, unit.CommitteeElected(held_on=day(30), seats=3)),
        new(
            UNIT,
            3,
            unit.MeetingHeld(
                held_on=day(40),
                type="branch_assembly",
                attending=2,
                resolutions=(unit.Resolution("事项", 2),),
            ),
        ),
    ]
    for who in PEOPLE:
        member = person.MemberRegistered(member_on=day(-100), unit_id=UNIT, full_since=day(-100))
        events.append(new(who, 1, member))
    record(told, *events, inline=inline)


def answers(answering: Any, on: date | None = None) -> list[Any]:
    return [
        answering.deadlines(on=on, status="all"),
        answering.compliance(None, "2024", on),
        answering.compliance(None, "2026", on),
        answering.matrix(None, "2024", on),
        answering.matrix(None, "2026", on, rule="meet-assembly", verdict="missing"),
        answering.cells(None, "2026", on, first=3, count=5),
        answering.pipeline(on=on),
        answering.overview(on=on),
        answering.units(on=on, ended=True),
    ]


def verdict(told: County, answering: Any, period: str = "2024-Q1") -> str:
    rows = answering.compliance(None, period)["rows"]
    return str(next(row["verdict"] for row in rows if row["rule"] == "meet-assembly"))


def assert_live(told: County) -> None:
    """The rows answer for themselves, and say what a fold of the log says."""
    with told.live.opened() as opened:
        assert told.live.live is not None
        assert (
            told.live.live.limits(opened.reading, units=None, person_id=None, on=TODAY, met=True) is not None
        )
    assert answers(told.live) == answers(told.folded)


def test_rows_written_with_the_command_are_there_with_its_answer(told: County) -> None:
    founded(told)
    assert_live(told)
    record(told, new(UNIT, 4, unit.MeetingHeld(held_on=day(200), type="theme_party_day", attending=4)))
    assert_live(told)


def test_a_view_behind_the_log_is_left_to_the_runner_and_the_log_answers_meanwhile(told: County) -> None:
    founded(told, inline=False)
    record(told, new(UNIT, 4, unit.MeetingHeld(held_on=day(200), type="theme_party_day", attending=4)))
    assert answers(told.live) == answers(told.folded)
    assert told.views.run() == 8
    assert_live(told)
    assert told.views.run() == 0


def test_a_refused_command_leaves_no_rows(told: County) -> None:
    founded(told)

    def work(transaction: Transaction) -> None:
        late = unit.MeetingHeld(held_on=day(200), type="theme_party_day", attending=4)
        told.views(transaction, transaction.append([new(UNIT, 4, late)]))
        raise WrongUsage("refused")

    with pytest.raises(WrongUsage):
        told.log.submit(work)
    assert_live(told)


def test_a_corrected_admission_day_derives_the_branch_anew(told: County) -> None:
    founded(told)
    assert verdict(told, told.live) == "met"
    for who in ("a", "b"):
        late = person.MemberRegistered(member_on=day(-50), unit_id=UNIT, full_since=day(-50))
        record(told, new(derived(who), 1, late))
    assert verdict(told, told.live) == "invalid"
    moved = FactCorrected(
        corrected_on=TODAY, event_id=derived("views", derived("a"), 1), field="full_since",
        value=day(60).isoformat(), reason="记错",
    )  # fmt: skip
    moved_too = FactCorrected(
        corrected_on=TODAY, event_id=derived("views", derived("a"), 1), field="member_on",
        value=day(60).isoformat(), reason="记错",
    )  # fmt: skip
    record(told, new(derived("a"), 2, moved), new(derived("a"), 3, moved_too))
    assert verdict(told, told.live) == "invalid"
    record(
        told,
        new(
            derived("b"), 2,
            FactCorrected(
                corrected_on=TODAY, event_id=derived("views", derived("b"), 1), field="full_since",
                value=day(60).isoformat(), reason="记错",
            ),
        ),
    )  # fmt: skip
    assert verdict(told, told.live) == "met"
    assert_live(told)


def test_two_runners_take_each_page_once(told: County) -> None:
    founded(told, inline=False)
    acts = [unit.MeetingHeld(held_on=day(50 + n), type="theme_party_day", attending=3) for n in range(300)]
    record(told, *(new(UNIT, 4 + n, act) for n, act in enumerate(acts)), inline=False)
    told.views.prepare()
    taken: list[int] = []
    start = Barrier(2)

    def run() -> None:
        start.wait()
        taken.append(told.views.run())

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 307
    assert_live(told)


def test_a_rebuild_fills_the_other_slot_compares_and_switches(told: County) -> None:
    founded(told)
    seen: list[tuple[str, int, int]] = []
    found = Rebuilding(told.views).rebuild(
        progress=lambda view, done, total: seen.append((view, done, total))
    )
    assert [(result.view, result.is_equal) for result in found] == [
        ("directory", True), ("deadlines", True), ("duties", True), ("pipeline", True),
        ("development_ledger", True), ("meetings", True), ("cases", True),
        ("members", True),
    ]  # fmt: skip
    assert {view for view, _, _ in seen} == {result.view for result in found}
    assert_live(told)
    record(told, new(UNIT, 4, unit.MeetingHeld(held_on=day(200), type="theme_party_day", attending=4)))
    assert_live(told)


def test_a_rebuild_says_which_rows_were_not_what_the_log_says(told: County) -> None:
    founded(told)
    table = ROWS["deadlines"]
    with told.store.database.writing() as connection:
        connection.execute(
            update(table).where(table.c.rule == "branch-term").values(last_on=date(2000, 1, 1))
        )
        connection.execute(delete(people).where(people.c.person_id == PEOPLE[0]))
    found = {result.view: result for result in Rebuilding(told.views).rebuild()}
    assert not found["directory"].is_equal
    assert found["deadlines"].differing == (str(UNIT),)
    assert all(result.is_equal for result in Rebuilding(told.views).rebuild())
    with pytest.raises(WrongUsage):
        Rebuilding(told.views).rebuild("no-such-view")


def test_what_is_recorded_during_a_rebuild_is_in_it(told: County, monkeypatch: pytest.MonkeyPatch) -> None:
    founded(told)
    late = [new(UNIT, 4, unit.MeetingHeld(held_on=day(200), type="branch_assembly", attending=4))]

    def meanwhile(view: str, done: int, total: int) -> None:
        if late:
            record(told, late.pop())

    (found,) = Rebuilding(told.views).rebuild("duties", meanwhile)
    assert found.is_equal
    assert_live(told)


def test_a_stream_that_cannot_be_derived_is_parked_and_the_others_go_on(
    told: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    founded(told, inline=False)
    honest = development_ledger.kept

    def poisoned(state: Any) -> Any:
        if state.id == PEOPLE[1]:
            raise KeyError("an event of long ago")
        return honest(state)

    monkeypatch.setattr(development_ledger, "kept", poisoned)
    told.views.run()
    assert {(stream, error) for _, stream, _, error in told.views.parked()} == {(PEOPLE[1], "KeyError")}
    assert answers(told.live) == answers(told.folded)
    monkeypatch.undo()
    Rebuilding(told.views).rebuild()
    assert told.views.parked() == []
    assert_live(told)


def test_duties_are_derived_further_ahead_before_they_run_out(told: County) -> None:
    founded(told)
    assert not told.views.extend(TODAY)
    later = TODAY + timedelta(days=300)
    assert told.views.extend(later)
    assert not told.views.extend(later)
    for answering in (told.live, told.folded):
        periods = {r["subject"] for r in answering.deadlines(on=date(2028, 1, 1))["rows"]}
        assert "2027-12" in periods
    with told.live.opened() as opened:
        assert told.live.live is not None
        kept = told.live.live.limits(
            opened.reading, units=None, person_id=None, on=date(2028, 1, 1), met=False
        )
        assert kept is not None


def test_the_directory_follows_the_corrected_name_of_a_unit(told: County) -> None:
    founded(told)
    renamed = FactCorrected(
        corrected_on=TODAY, event_id=derived("views", UNIT, 1), field="name", value="乙支部", reason="记错"
    )
    record(told, new(UNIT, 4, renamed))
    assert told.live.unit_named("乙支部") == UNIT
    with told.log.read() as reading:
        assert [entry.name for entry in reading.directory.units()] == ["乙支部"]
        assert set(reading.directory.people_of(UNIT)) == set(PEOPLE)
        assert list(reading.directory.units_of(PEOPLE[0])) == [UNIT]


def play(told: County, events: list[NewEvent], sizes: list[int], *, inline: bool) -> None:
    """Record events some at a time, the rows brought up now with the command, now afterwards."""
    place = 0
    while events:
        size = sizes[place % len(sizes)]
        record(told, *events[:size], inline=inline or place % 2 == 0)
        events, place = events[size:], place + 1
        if place % 3 == 0:
            told.views.run()
    told.views.run()


def assert_rebuilt(told: County) -> None:
    """The rows are those of a rebuild, before and after it."""
    assert_live(told)
    assert all(found.is_equal for found in Rebuilding(told.views).rebuild())
    assert_live(told)


SIZES = st.lists(st.integers(1, 9), min_size=1, max_size=8)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(HAPPENINGS, SIZES, st.booleans())
def test_incremental_rows_equal_rebuilt_ones_equal_the_fold(
    happenings: list[Happening], sizes: list[int], inline: bool
) -> None:
    with county("sqlite://", TODAY) as told:
        play(told, entries(happenings), sizes, inline=inline)
        assert_rebuilt(told)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(TREE_HAPPENINGS, SIZES, st.booleans())
def test_so_they_do_while_the_tree_changes(
    happenings: list[Happening], sizes: list[int], inline: bool
) -> None:
    with county("sqlite://", TODAY) as told:
        play(told, entries(happenings, founded=TREE), sizes, inline=inline)
        assert_rebuilt(told)


@pytest.mark.parametrize("seed", [0, 2, 5])  # merged and dissolved; dissolved and split; merged, split, back
def test_rows_of_a_tree_changed_by_commands_equal_the_fold_on_both_databases(told: County, seed: int) -> None:
    recording = Recording(
        told.log,
        told.rules,
        told.clock,
        PlainIdentity(),
        SeededIds(f"tree/{seed}"),
        allow_future=True,
        inline=(told.views,),
    )
    gardener = Gardener(told.log, recording)
    for deed in deeds_of(seed):
        gardener.play([deed])
    assert gardener.done
    assert_rebuilt(told)


def test_a_merger_taken_back_leaves_the_rows_of_before(told: County) -> None:
    recording = Recording(
        told.log, told.rules, told.clock, PlainIdentity(), SeededIds("back"), inline=(told.views,)
    )
    gardener = Gardener(told.log, recording)
    before = answers(told.live)
    gardener.play([Deed("merge", 1, 2)])
    (merger,) = gardener.done
    assert merger.events == ("UnitMerged",)
    assert_live(told)
    assert without_position(answers(told.live)) != without_position(before)
    gardener.retract(merger)
    assert without_position(answers(told.live)) == without_position(before)
    assert_rebuilt(told)


def without_position(told: list[Any]) -> list[Any]:
    """Return answers without the length of the log they were read from."""
    return [{name: value for name, value in answer.items() if name != "position"} for answer in told]


def test_a_transaction_looks_like_the_port(told: County) -> None:
    def work(transaction: Transaction) -> None:
        assert isinstance(transaction, BooksTransaction)
        assert transaction.claim("scope", "key", UNIT)
        assert not transaction.claim("scope", "key", PEOPLE[0])
        assert transaction.claimed("scope", "key") == UNIT
        transaction.log_command(derived("command"), b"hash", b"answer")
        assert transaction.command(derived("command")) == (b"hash", b"answer")
        assert transaction.head() == 0
        (record,) = transaction.append(
            [
                new(
                    UNIT,
                    1,
                    unit.UnitEstablished(established_on=day(0), name="甲", level="branch", kind="organ"),
                )
            ]
        )
        assert transaction.find_event(record.event_id) == record
        assert transaction.event_at(1) == record
        assert transaction.event_at(2) is None
        assert [entry.name for entry in transaction.directory.units()] == ["甲"]

    told.log.submit(work)
