"""Random books: acts entered in any order, corrected, retracted, the retraction retracted again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from workflows.domain import waivers
from workflows.domain.act import Who
from workflows.domain.person import away_events as away
from workflows.domain.person import events as person
from workflows.domain.person import member_events as member
from workflows.domain.unit import events as unit
from workflows.domain.unit import structure_events as tree
from workflows.domain.waivers import ReliefGiven
from workflows.kernel.calendar import Period
from workflows.kernel.events import Event, EventRetracted, FactCorrected, NewEvent, day_field
from workflows.kernel.ids import derived

UNIT = derived("random", "unit")
PEOPLE = tuple(derived("random", "person", number) for number in range(4))
START = date(2024, 1, 1)
FOUNDED = unit.UnitEstablished(established_on=START, name="甲支部", level="branch", kind="village")
TOWN, OTHER, THIRD = (derived("random", "unit", name) for name in ("town", "other", "third"))
TREE = (
    (TOWN, unit.UnitEstablished(established_on=START, name="镇党委", level="committee", kind="village")),
    (
        OTHER,
        unit.UnitEstablished(
            established_on=START, name="乙支部", level="branch", kind="village", superior=TOWN
        ),
    ),
    (THIRD, unit.UnitEstablished(established_on=START, name="丙支部", level="branch", kind="organ")),
)
"""What a history with a changing tree begins with, beside the branch of every history."""


def day(number: int) -> date:
    """Return a day of the two years in which random things happen."""
    return START + timedelta(days=number)


@dataclass(frozen=True)
class Happening:
    """One entry: an act of a stream, or what it does to the entry ``target`` (a place in the list)."""

    stream: UUID
    event: Event | None = None
    target: int = 0
    field: str | None = None
    value: object = None


DAYS = st.integers(0, 700).map(day)
_meetings = st.builds(
    lambda on, type_, attending, votes: Happening(
        UNIT,
        unit.MeetingHeld(
            held_on=on,
            type=type_,
            attending=attending,
            resolutions=(unit.Resolution("事项", votes),) if type_ == "branch_assembly" else (),
        ),
    ),
    DAYS,
    st.sampled_from(["branch_assembly", "theme_party_day", "committee_meeting", "organizational_life"]),
    st.integers(0, 5),
    st.integers(0, 5),
)
_elections = st.builds(
    lambda on, seats: Happening(
        UNIT,
        unit.CommitteeElected(
            held_on=on, posts=tuple(unit.Post(Who(person=who), "member") for who in PEOPLE[:seats])
        ),
    ),
    DAYS,
    st.integers(1, len(PEOPLE)),
)
_reclassified = st.builds(
    lambda on, kind: Happening(UNIT, tree.UnitReclassified(reclassified_on=on, kind=kind)),
    DAYS,
    st.sampled_from(["organ", "community", "non_public"]),
)
_steps = st.sampled_from(
    [
        lambda on: person.ApplicationReceived(received_on=on, unit_id=UNIT),
        lambda on: person.FirstTalkHeld(held_on=on),
        lambda on: person.ActivistConfirmed(confirmed_on=on),
        lambda on: person.SemiannualReviewRecorded(reviewed_on=on),
        lambda on: person.DevelopmentTargetAgreed(agreed_on=on),
        lambda on: person.DevelopmentTargetFiled(filed_on=on),
        lambda on: person.AdmissionVoted(held_on=on, passed=True),
        lambda on: person.AdmissionApproved(approved_on=on),
        lambda on: person.ActivistDropped(dropped_on=on),
        lambda on: person.MemberRegistered(member_on=on, unit_id=UNIT, full_since=on),
        lambda on: member.RightsBarred(barred_on=on, until=on + timedelta(days=90)),
        lambda on: member.PersonTransferred(transferred_on=on, outside="外县某支部"),
        lambda on: member.PersonTransferred(transferred_on=on, unit_id=UNIT),
        lambda on: member.MembershipStopped(stopped_on=on, ground="lost", since=on - timedelta(days=200)),
        lambda on: member.MembershipRestored(restored_on=on),
        lambda on: member.MemberStruckOff(struck_off_on=on),
        lambda on: member.CorrectionOrdered(ordered_on=on, months=6),
        lambda on: member.DeathRecorded(died_on=on),
        lambda on: member.PersonTransferred(transferred_on=on, outside="外县某支部", in_transit=True),
        lambda on: away.ReceiptRecorded(received_on=on, outside="外县某支部"),
        lambda on: away.AbsenceRegistered(left_on=on, purpose="abroad_study", fixed_place=True),
        lambda on: away.AbsenceEnded(back_on=on),
        lambda on: away.ContactLost(lost_on=on),
        lambda on: away.ContactMade(contacted_on=on),
    ]
)
_people = st.builds(lambda who, step, on: Happening(who, step(on)), st.sampled_from(PEOPLE), _steps, DAYS)
OF_THE_UNIT = ("meet-assembly", "meet-theme-day", "meet-assembly-quorum", "branch-term")
OF_PEOPLE = ("dev-first-talk", "dev-activist-review", "dev-object-min", "dev-approve")
_words: dict[str, Any] = {"authority": "镇党委", "document": "文1"}
_RELIEFS = (
    lambda rule, on, until: waivers.RuleWaived(waived_on=on, rule=rule, until=until, **_words),
    lambda rule, on, until: waivers.DeadlineHeld(
        held_on=on, rule=rule, until=until, reason="x", document="文1"
    ),
    lambda rule, on, until: waivers.DeadlineExtended(
        extended_on=on,
        rule=rule,
        was_due_on=Period.of(on, "month").last,
        due_on=until,
        reason="x",
        **_words,
    ),
)
_reliefs = st.builds(
    lambda who, rules, on, days, make: Happening(who, make(rules[who == UNIT], on, on + timedelta(days))),
    st.sampled_from((UNIT, *PEOPLE)),
    st.tuples(st.sampled_from(OF_PEOPLE), st.sampled_from(OF_THE_UNIT)),
    DAYS,
    st.integers(0, 200),
    st.sampled_from(_RELIEFS),
)
_redated = st.builds(
    lambda target, on: Happening(UNIT, target=target, field="on", value=on.isoformat()),
    st.integers(0, 60),
    DAYS,
)
_recounted = st.builds(
    lambda target, count: Happening(UNIT, target=target, field="attending", value=count),
    st.integers(0, 60),
    st.integers(0, 5),
)
_withdrawn = st.builds(lambda target: Happening(UNIT, target=target), st.integers(0, 60))
_ANYTHING = (
    _meetings, _people, _people, _elections, _reliefs, _reclassified, _redated, _recounted, _withdrawn,
)  # fmt: skip
HAPPENINGS = st.lists(st.one_of(*_ANYTHING), min_size=1, max_size=40)

_CHANGES = st.sampled_from(
    [
        lambda on: (UNIT, tree.UnitRenamed(renamed_on=on, name=f"甲{on.month}支部")),
        lambda on: (OTHER, tree.UnitRenamed(renamed_on=on, name=f"乙{on.month}支部")),
        lambda on: (UNIT, tree.UnitMoved(moved_on=on, superior=TOWN)),
        lambda on: (OTHER, tree.UnitMoved(moved_on=on)),
        lambda on: (THIRD, tree.UnitMoved(moved_on=on, superior=OTHER)),
        lambda on: (UNIT, tree.UnitReclassified(reclassified_on=on, kind="non_public")),
        lambda on: (UNIT, tree.UnitMerged(merged_on=on, units=(OTHER,), name="甲乙支部")),
        lambda on: (OTHER, tree.UnitDissolved(dissolved_on=on, into=(UNIT,), merged=True)),
        lambda on: (UNIT, tree.UnitDissolved(dissolved_on=on, into=(THIRD,))),
        lambda on: (UNIT, tree.UnitSplit(split_on=on, into=(THIRD,))),
        lambda on: (OTHER, tree.UnitSplit(split_on=on, into=(THIRD,), ends=True)),
    ]
)
_changes = st.builds(lambda change, on: Happening(*change(on)), _CHANGES, DAYS)
_carried = st.builds(
    lambda who, to, on: Happening(who, member.PersonCarried(carried_on=on, unit_id=to)),
    st.sampled_from(PEOPLE),
    st.sampled_from((UNIT, OTHER, THIRD)),
    DAYS,
)
TREE_HAPPENINGS = st.lists(
    st.one_of(*_ANYTHING, _changes, _changes, _changes, _carried, _withdrawn), min_size=1, max_size=40
)
"""The same among changes of the tree, in no order that the program itself would allow."""

_merged = st.builds(
    lambda other, on: Happening(PEOPLE[0], member.PersonsMerged(merged_on=on, other=other, reason="x")),
    st.sampled_from(PEOPLE[1:]),
    DAYS,
)
_came = st.builds(
    lambda on, type_, names: Happening(
        UNIT,
        unit.MeetingHeld(
            held_on=on,
            type=type_,
            attending=len(names),
            attendees=tuple(Who(person=one) for one in names),
            chair=Who(person=names[0]),
        ),
    ),
    DAYS,
    st.sampled_from(["branch_assembly", "theme_party_day"]),
    st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4, unique=True),
)
_mentors = st.builds(
    lambda whom, on, who: Happening(whom, person.MentorsAssigned(assigned_on=on, persons=(Who(person=who),))),
    st.sampled_from(PEOPLE),
    DAYS,
    st.sampled_from(PEOPLE),
)
_moved = st.builds(
    lambda who, on: Happening(who, member.PersonTransferred(transferred_on=on, unit_id=OTHER)),
    st.sampled_from(PEOPLE),
    DAYS,
)
MERGER_HAPPENINGS = st.lists(
    st.one_of(*_ANYTHING, _merged, _merged, _came, _mentors, _moved, _withdrawn), min_size=1, max_size=40
)
"""The same among mergers of people, which contradict each other as the program would never allow."""


def entries(
    happenings: list[Happening],
    versions: dict[UUID, int] | None = None,
    *,
    founded: Sequence[tuple[UUID, Event]] = (),
) -> list[NewEvent]:
    """Return the entries as new events of a log, the branch founded first; senseless ones left out.

    ``founded``: units that are set up with it.
    """
    versions = {} if versions is None else versions
    done: list[NewEvent] = []

    def add(stream: UUID, event: Event) -> None:
        versions[stream] = versions.get(stream, 0) + 1
        done.append(
            NewEvent(
                stream_id=stream,
                version=versions[stream],
                event_id=derived("random", stream, versions[stream]),
                event=event,
                actor="chance",
                origin="demo",
                unit_id=UNIT,
            )
        )

    beginnings = (FOUNDED, *(event for _, event in founded))
    for stream, event in ((UNIT, FOUNDED), *founded):
        add(stream, event)
    for happening in happenings:
        if happening.event is not None:
            if happening.stream in versions or not isinstance(happening.event, ReliefGiven):
                add(happening.stream, happening.event)  # nobody is let off before being on the books
            continue
        target = done[happening.target % len(done)]
        if target.event in beginnings:
            continue
        if happening.field is None:
            add(target.stream_id, EventRetracted(retracted_on=START, event_id=target.event_id, reason="x"))
        elif not isinstance(target.event, EventRetracted | FactCorrected):
            field = day_field(type(target.event)) if happening.field == "on" else happening.field
            if field not in target.event.__struct_fields__:
                continue
            add(
                target.stream_id,
                FactCorrected(
                    corrected_on=START,
                    event_id=target.event_id,
                    field=field,
                    value=happening.value,
                    reason="x",
                ),
            )
    return done
