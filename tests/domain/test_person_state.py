"""A person's state, whatever the order: an earlier day read off it equals the fold cut at that day."""

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import example
from hypothesis import given as over
from hypothesis import strategies as st

from tests.support.builders import a_probationary_member
from tests.support.scenario import PERSON, UNIT, recorded
from workflows.domain.person import events as ev
from workflows.domain.person import member_events as mv
from workflows.domain.person.state import Person, evolve, summary
from workflows.domain.stages import DEVELOPMENT as TABLE
from workflows.domain.stages import MOVES, Stage, machine_of
from workflows.kernel.events import Event, fold, history
from workflows.kernel.ids import derived

ELSEWHERE = derived("test", "another unit")
FIRST = date(2018, 1, 1)
DAYS = st.dates(FIRST, date(2026, 12, 31))


def _event(kind: int, day: date) -> Event:
    later = day + timedelta(days=200)
    kinds: list[Callable[[], Event]] = [
        lambda: ev.ApplicationReceived(received_on=day, unit_id=UNIT),
        lambda: ev.FirstTalkHeld(held_on=day),
        lambda: ev.ActivistConfirmed(confirmed_on=day),
        lambda: ev.DevelopmentTargetAgreed(agreed_on=day),
        lambda: ev.DevelopmentTargetFiled(filed_on=day),
        lambda: ev.DevelopmentTargetListed(listed_on=day),
        lambda: ev.AdmissionVoted(held_on=day, passed=True),
        lambda: ev.AdmissionVoted(held_on=day, passed=False),
        lambda: ev.AdmissionApproved(approved_on=day),
        lambda: ev.FullMembershipVoted(held_on=day, outcome="extend", months=6, passed=True),
        lambda: ev.ProbationExtended(approved_on=day, months=6),
        lambda: ev.FullMembershipGranted(approved_on=day),
        lambda: ev.ProbationAnnulled(approved_on=day),
        lambda: ev.ApplicationWithdrawn(withdrawn_on=day),
        lambda: mv.RightsBarred(barred_on=day, until=later),
        lambda: ev.MemberRegistered(member_on=day, unit_id=UNIT, admitted_on=day, full_since=later),
        lambda: mv.PersonTransferred(transferred_on=day, unit_id=ELSEWHERE),
        lambda: mv.PersonTransferred(transferred_on=day, unit_id=UNIT, in_transit=True),
        lambda: mv.PersonTransferred(transferred_on=day, outside="外县某支部"),
        lambda: mv.TransferFileExamined(examined_on=day, in_order=True, unit_id=UNIT),
        lambda: mv.MembershipStopped(stopped_on=day, ground="lost"),
        lambda: mv.MembershipRestored(restored_on=day),
        lambda: mv.MemberStruckOff(struck_off_on=day),
        lambda: mv.DeathRecorded(died_on=day),
    ]
    return kinds[kind]()


EVENTS = st.lists(st.builds(_event, st.integers(0, 23), DAYS), max_size=14)


@over(EVENTS, DAYS)
@example([_event(15, FIRST), _event(12, FIRST), _event(0, FIRST + timedelta(days=1))], FIRST)
def test_an_earlier_day_read_off_the_state_equals_the_fold_cut_at_that_day(
    events: list[Event], day: date
) -> None:
    records = [recorded(event, i) for i, event in enumerate(events, 1)]
    whole = fold(evolve, Person(PERSON), history(records))
    cut = fold(evolve, Person(PERSON), history(records, as_of=day))
    assert whole.at(day) == cut.at(day)
    assert summary(whole, day, 12) == summary(cut, day, 12)


@over(EVENTS)
def test_the_order_of_entering_changes_nothing_once_all_days_differ(events: list[Event]) -> None:
    days = {event.effective_on for event in events}
    if len(days) < len(events):
        return
    there = [recorded(event, i) for i, event in enumerate(events, 1)]
    back = [recorded(event, i) for i, event in enumerate(reversed(events), 1)]
    forth = fold(evolve, Person(PERSON), history(there))
    other = fold(evolve, Person(PERSON), history(back))
    assert summary(forth, date(2030, 1, 1), 12) == summary(other, date(2030, 1, 1), 12)


def test_probation_runs_from_the_assembly_not_from_the_approval() -> None:
    records = [recorded(e, i) for i, e in enumerate(a_probationary_member(date(2025, 3, 20)), 1)]
    person = fold(evolve, Person(PERSON), history(records))
    told = summary(person, date(2025, 12, 1), 12)
    assert (told["stage"], told["probation_from"], told["probation_until"]) == (
        "probationary",
        date(2025, 3, 20),
        date(2026, 3, 20),
    )
    assert summary(person, date(2025, 4, 1), 12)["stage"] == "target"


@over(st.lists(st.sampled_from(sorted({move for _, move in MOVES})), max_size=25))
def test_the_table_and_the_machine_of_transitions_agree(moves: list[str]) -> None:
    machine = machine_of([s.value for s in Stage], TABLE, "nobody")
    here = "nobody"
    for move in moves:
        target = MOVES.get((here, move))
        allowed = bool(getattr(machine, f"may_{move}")())
        assert allowed == (target is not None)
        if target is not None:
            machine.trigger(move)
            here = target
            assert machine.state == here
