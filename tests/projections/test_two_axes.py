"""State as of a day and as known at a position, against another computation; views against folds."""

from datetime import date

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.happenings import DAYS, HAPPENINGS, PEOPLE, UNIT, Happening, entries
from tests.support.scenario import rules
from workflows.adapters.memory import MemoryLog
from workflows.application.books import Books, state_of
from workflows.domain.person import events as person
from workflows.domain.person import member_events as member
from workflows.domain.person.state import Person, summary
from workflows.domain.person.state import evolve as evolve_person
from workflows.domain.unit.events import CommitteeElected, MeetingHeld
from workflows.kernel.clock import FixedClock, moment_of
from workflows.kernel.events import Event, EventRetracted, FactCorrected, Recorded, fold, history
from workflows.projections import deadlines, duties
from workflows.projections.answers import Answering
from workflows.projections.naming import Naming

RULES = rules()
RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def log_of(happenings: list[Happening]) -> MemoryLog:
    log = MemoryLog(FixedClock(moment_of(date(2026, 6, 30))))
    log.append(entries(happenings))
    return log


# --- the other computation: no fold, each question asked of the bare list of entries ----------------


def is_withdrawn(entry: Recorded, known: list[Recorded]) -> bool:
    """An entry is withdrawn if some retraction of it is not itself withdrawn."""
    return any(
        isinstance(other.event, EventRetracted)
        and other.event.event_id == entry.event_id
        and other.position > entry.position
        and not is_withdrawn(other, known)
        for other in known
    )


def as_corrected(entry: Recorded, known: list[Recorded]) -> Event:
    fields = msgspec.to_builtins(entry.event)
    for other in sorted(known, key=lambda record: record.position):
        if (
            isinstance(other.event, FactCorrected)
            and other.event.event_id == entry.event_id
            and not is_withdrawn(other, known)
        ):
            fields[other.event.field] = other.event.value
    return msgspec.convert(fields, type(entry.event))


def told(records: list[Recorded], as_of: date, known_on: int) -> list[Event]:
    known = [record for record in records if record.position <= known_on]
    facts = [
        (event.effective_on, record.position, event)
        for record in known
        if not isinstance(record.event, EventRetracted | FactCorrected) and not is_withdrawn(record, known)
        for event in [as_corrected(record, known)]
        if event.effective_on <= as_of
    ]
    return [event for _, _, event in sorted(facts, key=lambda fact: fact[:2])]


ENDED = ("withdrawn", "dropped", "struck_off")
ORDER = ("applicant", "activist", "target_agreed", "target", "probationary", "full", *ENDED, "deceased")
LEADS_TO = {
    person.ActivistConfirmed: "activist",
    person.DevelopmentTargetAgreed: "target_agreed",
    person.DevelopmentTargetFiled: "target",
    person.AdmissionApproved: "probationary",
    person.ActivistDropped: "dropped",
    person.MemberRegistered: "full",
    member.MemberStruckOff: "struck_off",
    member.DeathRecorded: "deceased",
}


def stage_after(events: list[Event]) -> str | None:
    stage: str | None = None
    for event in events:
        if isinstance(event, person.ApplicationReceived):
            stage = "applicant" if stage in (None, *ENDED) else stage
        elif (to := LEADS_TO.get(type(event))) and (stage is None or ORDER.index(to) > ORDER.index(stage)):
            stage = to
    return stage


@RELAXED
@given(HAPPENINGS, DAYS, st.integers(0, 60))
def test_states_are_what_the_bare_list_of_entries_says(
    happenings: list[Happening], as_of: date, known_on: int
) -> None:
    log = log_of(happenings)
    books = Books(log, RULES, known_on=known_on)
    unit = books.unit_state(UNIT).at(as_of)
    expected = told(log.load(UNIT), as_of, known_on)
    assert [act.event for act in unit.acts] == expected
    elections = [event.held_on for event in expected if isinstance(event, CommitteeElected)]
    assert (unit.election[0].held_on if unit.election else None) == (elections[-1] if elections else None)
    for who in PEOPLE:
        state = books.person_state(who)
        expected = told(log.load(who), as_of, known_on)
        assert [act.event for act in state.at(as_of).acts] == expected
        assert summary(state, as_of, 12)["stage"] == stage_after(expected)


@RELAXED
@given(HAPPENINGS, DAYS, st.integers(0, 60))
def test_a_state_asked_about_a_day_equals_its_fold_cut_at_that_day(
    happenings: list[Happening], as_of: date, known_on: int
) -> None:
    log = log_of(happenings)
    for who in PEOPLE:
        records = log.load(who)
        whole = state_of(who, records, known_on=known_on)
        cut = fold(evolve_person, Person(who), history(records, as_of=as_of, known_on=known_on))
        if records and isinstance(whole, Person):
            assert summary(whole, as_of, 12) == summary(cut, as_of, 12)


@RELAXED
@given(HAPPENINGS, DAYS, st.integers(0, 60))
def test_an_assembly_is_judged_by_the_members_of_its_day_as_known(
    happenings: list[Happening], as_of: date, known_on: int
) -> None:
    log = log_of(happenings)
    state = Answering(log, RULES, FixedClock(moment_of(date(2026, 6, 30)))).state(UNIT, as_of, known_on)
    found = iter(state["resolutions"] or [])
    for event in told(log.load(UNIT), as_of, known_on):
        if not isinstance(event, MeetingHeld):
            continue
        voters = sum(has_vote(told(log.load(who), event.held_on, known_on), event.held_on) for who in PEOPLE)
        for resolution in event.resolutions:
            attending, votes = event.attending or 0, resolution.in_favour or 0
            assert next(found)["passed"] == (attending * 2 >= voters and votes * 2 > voters)
    assert next(found, None) is None


def has_vote(events: list[Event], on: date) -> bool:
    bars = [event for event in events if isinstance(event, member.RightsBarred)]
    at_home = any(getattr(event, "unit_id", None) == UNIT for event in events)
    barred = any(bar.until is None or on <= bar.until for bar in bars)
    return stage_after(events) == "full" and at_home and not barred


@RELAXED
@given(HAPPENINGS, DAYS)
def test_rows_derived_for_ever_and_read_for_a_day_equal_rows_derived_for_that_day(
    happenings: list[Happening], as_of: date
) -> None:
    """What is kept has no clock: asked for a day after all acts, it says what a fold of that day says."""
    log = log_of(happenings)
    books = Books(log, RULES)
    horizon = date(2027, 12, 31)
    day = max([as_of, *(act.on for who in (UNIT, *PEOPLE) for act in books.state(who).acts)])
    naming = Naming(books)

    def rows(until: date) -> list[object]:
        found = deadlines.of_unit(books.unit_state(UNIT), RULES, books, on=until, until=until)
        for who in PEOPLE:
            found += deadlines.of_person(books.person_state(who), RULES, books, on=until, until=until)
        return list(deadlines.answered(found, naming, on=day, status="all"))

    assert rows(horizon) == rows(day)
    unit = books.unit_state(UNIT)
    kept = [d for d in duties.derive(unit, RULES, books, on=horizon, until=horizon) if d.first <= day]
    assert kept == duties.derive(unit, RULES, books, on=day, until=day)
