"""合并重复的人: whether two who were entered can be one person, fact by fact; nothing is guessed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from workflows.domain.act import OF_A_MERGER, OnBooks, step_of
from workflows.domain.papers import PaperAttached
from workflows.domain.person import away_events as away
from workflows.domain.person import events as ev
from workflows.domain.person import member_events as mv
from workflows.domain.person.joined import ANY_NUMBER, ONCE, days_of, differences, is_same_act, may_agree
from workflows.domain.person.rough_days import of_full_membership
from workflows.domain.person.state import Person
from workflows.domain.stages import ENDED, Stage
from workflows.domain.waivers import DeadlineExtended, DeadlineHeld, RuleWaived
from workflows.kernel.events import Event
from workflows.policies.findings import Finding, Verdict

DOTS = str.maketrans(dict.fromkeys("·•・‧∙⋅．｡●", "·"))


def contradictions(keep: Person, other: Person, both: Person) -> tuple[Finding, ...]:
    """Return what forbids that two are one person: each a fact that both tell, and tell differently.

    ``keep`` and ``other`` are what each stream tells by itself, ``both`` what they tell together.
    """
    found = (_profiles, _since, _taken_over, _out_of_order, _apart)
    return (*_steps(both), *(one for told in found for one in told(keep, other)))


def noticed(keep: Person, other: Person) -> tuple[Finding, ...]:
    """Return what differs and yet may be: of these the word of ``keep`` stands."""
    found = []
    if written(keep.profile.name) != written(other.profile.name):
        found.append(noted("merge-names-differ", keep=str(keep.id), other=str(other.id)))
    for act in other.acts:
        same = next((mine for mine in keep.acts if is_same_act(mine.event, act.event)), None)
        if same is not None and (fields := _telling(same, act)):
            facts = {"fields": fields, "on": act.on.isoformat(), "step": step_of(act.event)}
            places = {"position": same.source.position, "other_position": act.source.position}
            found.append(noted("merge-told-differently", **facts, **places))
        if same is None:
            found += [_both_count(mine, act) for mine in keep.acts if _is_alike(mine.event, act.event)][:1]
    return tuple(found)


ALIKE_BY: Mapping[type[Event], str] = {
    mv.DuesRecorded: "month",
    mv.DuesReduced: "first_month",
    mv.TrainingRecorded: "title",
    mv.StepRecorded: "name",
    mv.PapersReturned: "returned",
    away.CertificateIssued: "number",
    PaperAttached: "kind",
    RuleWaived: "rule",
    DeadlineHeld: "rule",
    DeadlineExtended: "rule",
}
"""Of what may happen any number of times a day: what tells one from another, where both tell it."""


def _is_alike(one: Event, other: Event) -> bool:
    """Say whether two records that both count may yet be of one act: of one day, or dues of one month."""
    if type(one) is not type(other) or not isinstance(one, ANY_NUMBER):
        return False
    name = ALIKE_BY.get(type(one))
    if name is not None and name in differences(one, other):
        return False
    return isinstance(one, mv.DuesRecorded) or one.effective_on == other.effective_on


def _both_count(mine: OnBooks, theirs: OnBooks) -> Finding:
    """Return the note that two records count both, since they differ: a person knows which is too much."""
    places = {"position": mine.source.position, "other_position": theirs.source.position}
    if isinstance(mine.event, mv.DuesRecorded):
        return noted("merge-dues-twice", month=mine.event.month, **places)
    facts = {"on": mine.on.isoformat(), "step": step_of(mine.event)}
    return noted("merge-both-count", fields=_telling(mine, theirs), **facts, **places)


def written(name: str | None) -> str:
    """Return a name without what is written now one way and now another: spaces, width, the dot."""
    text = unicodedata.normalize("NFKC", (name or "").translate(DOTS)).translate(DOTS)
    return "".join(text.split()).casefold()


def refused(rule: str, **facts: Any) -> Finding:
    """Return the finding that a merger cannot be."""
    return _finding(rule, Verdict.BLOCK, **facts)


def noted(rule: str, **facts: Any) -> Finding:
    """Return a finding that only tells something of a merger."""
    return _finding(rule, Verdict.NOTE, **facts)


def referred(rule: str, **facts: Any) -> Finding:
    """Return a finding that a person has to judge before or after a merger."""
    return _finding(rule, Verdict.REFER, **facts)


SEVERITY = {Verdict.BLOCK: "block", Verdict.REFER: "warn"}


def _finding(rule: str, verdict: Verdict, **facts: Any) -> Finding:
    severity = SEVERITY.get(verdict, "record")
    return Finding(rule=rule, verdict=verdict, kind=OF_A_MERGER, severity=severity, facts=facts)


def _telling(one: OnBooks, other: OnBooks) -> list[str]:
    """Return the fields of which two records of an act tell different things; who and where are told apart.

    Where somebody was transferred to is told here: until they were received it is nobody's home.
    """
    apart = {"profile"} if isinstance(one.event, mv.PersonTransferred) else {"profile", "unit_id"}
    return [name for name in differences(one.event, other.event) if name not in apart]


# --- who they are ---------------------------------------------------------------------------------------


def _profiles(keep: Person, other: Person) -> Iterator[Finding]:
    one, two = keep.profile, other.profile
    if one.id_number and two.id_number and one.id_number.upper() != two.id_number.upper():
        yield refused("merge-id-numbers")
    born, born_too = _born(one), _born(two)
    if born is not None and born_too is not None and not may_agree(born, born_too):
        yield refused("merge-born", one=_as_text(born), two=_as_text(born_too))
    sex, sex_too = _sex(one), _sex(two)
    if sex and sex_too and sex != sex_too:
        yield refused("merge-sexes", one=sex, two=sex_too)


_BORN, _ODD_FOR_MEN = slice(6, 14), slice(-2, -1)


def may_be_born_together(one: ev.Profile, other: ev.Profile) -> bool | None:
    """Say whether two may be born on one day, by papers or identity number; None where one is not told."""
    born, born_too = _born(one), _born(other)
    return None if born is None or born_too is None else may_agree(born, born_too)


def _born(profile: ev.Profile) -> tuple[date, date] | None:
    """Return between which days someone was born, by the papers or else by the identity number."""
    if profile.born_approx is not None:
        return profile.born_approx.first, profile.born_approx.last
    if profile.born_on is not None:
        return profile.born_on, profile.born_on
    try:
        day = date.fromisoformat((profile.id_number or "")[_BORN])
    except ValueError:
        return None
    return day, day


def _sex(profile: ev.Profile) -> str | None:
    if profile.gender:
        return profile.gender
    digit = (profile.id_number or "")[_ODD_FOR_MEN]
    return ("男" if int(digit) % 2 else "女") if digit.isdigit() else None


def _as_text(days: tuple[date, date]) -> str:
    first, last = days
    return first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"


# --- what they did --------------------------------------------------------------------------------------


def _steps(both: Person) -> Iterator[Finding]:
    """Yield the steps that happen once in a course and stand on different days in the two streams."""
    starts = (0, *both.rounds, len(both.acts))
    for begin, end in pairwise(starts):
        acts = both.acts[begin:end]
        for kind in (*ONCE, ev.AdmissionVoted, ev.FullMembershipVoted):
            found = [a for a in acts if isinstance(a.event, kind) and _is_final(a.event)]
            own = [act for act in found if not act.is_joined]
            joined = [act for act in found if act.is_joined]
            if own and joined:
                yield _twice(own[0], joined[0])


def _is_final(event: Event) -> bool:
    """Say whether an act is not taken again: a vote that was lost, or extended probation, may be."""
    if isinstance(event, ev.FullMembershipVoted) and event.outcome != "grant":
        return False
    return getattr(event, "passed", None) is not False


def _twice(one: OnBooks, other: OnBooks) -> Finding:
    return refused(
        "merge-steps",
        step=step_of(one.event),
        one=_as_text(days_of(one.event)),
        two=_as_text(days_of(other.event)),
        position=one.source.position,
        other_position=other.source.position,
    )


Span = tuple[date, date]


def _since(keep: Person, other: Person) -> Iterator[Finding]:
    """Yield the days of admission and of full membership that a registration and a course tell otherwise."""
    for name, tell in (("admitted_on", _admitted), ("full_since", _full)):
        one, two = tell(keep), tell(other)
        if one is not None and two is not None and not may_agree(one, two):
            yield refused("merge-since", field=name, one=_as_text(one), two=_as_text(two))


def _taken_over(keep: Person, other: Person) -> Iterator[Finding]:
    """Yield who stood at a stage when the books began, and by the other stream came to it only later."""
    for one, two in ((keep, other), (other, keep)):
        for act in one.acts:
            event = act.event
            entry = two.since(Stage(event.stage)) if isinstance(event, ev.CourseTakenOver) else None
            if entry is not None and entry.first_on > act.on:
                days = {"one": act.on.isoformat(), "two": entry.on.isoformat()}
                yield refused("merge-stage", stage=entry.stage.value, **days)


def _admitted(person: Person) -> Span | None:
    """Return the day of the vote or the one registered; the day of the approval alone tells neither."""
    found = person.admitted
    if found is None:
        return None
    day, act = found
    fields: Mapping[type[Any], str] = {ev.AdmissionVoted: "held_on", ev.MemberRegistered: "admitted_on"}
    name = fields.get(type(act.event))
    if name is None:
        return None
    rough = act.event.approximate(name)
    return (rough.first, rough.last) if rough is not None else (day, day)


def _full(person: Person) -> Span | None:
    found, rough = person.full_from, of_full_membership(person)
    if found is None:
        return None
    return (rough.first, rough.last) if rough is not None else (found[0], found[0])


def _out_of_order(keep: Person, other: Person) -> Iterator[Finding]:
    for one, two in ((keep, other), (other, keep)):
        died = next((act for act in one.acts if isinstance(act.event, mv.DeathRecorded)), None)
        later = [act for act in two.acts if died is not None and act.first_on > died.on]
        if died is not None and later:
            last = later[-1]
            facts = {"on": last.on.isoformat(), "step": step_of(last.event), "position": last.source.position}
            yield refused("merge-after-death", died_on=died.on.isoformat(), **facts)
        applied = (act for act in two.acts if isinstance(act.event, ev.ApplicationReceived))
        for act in applied:
            if one.stage_on(act.first_on) in (Stage.PROBATIONARY, Stage.FULL):
                yield refused("merge-applied-later", on=act.on.isoformat(), position=act.source.position)


# --- where they belonged --------------------------------------------------------------------------------


def _apart(keep: Person, other: Person) -> Iterator[Finding]:
    """Yield the first day on which the two belonged to different units that nobody moved between."""
    days = sorted(
        {e.on for p in (keep, other) for e in p.units} | {s.on for p in (keep, other) for s in p.stages}
    )
    for day in days:
        here, there = (_home(person, day) for person in (keep, other))
        if here is None or there is None or here == there or _has_moved(here, there, keep, other):
            continue
        yield refused("merge-units", on=day.isoformat(), unit=str(here), other_unit=str(there))
        return


def _home(person: Person, day: date) -> UUID | None:
    gone = (Stage.NOBODY, Stage.DECEASED, *ENDED)
    return None if person.stage_on(day) in gone else person.unit_on(day)


def _has_moved(one: UUID, two: UUID, *people: Person) -> bool:
    """Say whether either was transferred between two units, perhaps not yet received."""
    for person in people:
        been = {entry.unit_id for entry in person.units}
        sent = {a.event.unit_id for a in person.acts if isinstance(a.event, mv.PersonTransferred)}
        if {one, two} <= been | sent:
            return True
    return False
