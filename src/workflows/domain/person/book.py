"""The facts of a person that rules ask for, by name, each with the event it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from workflows.domain.act import OnBooks, step_of
from workflows.domain.facts import OF_THE_ROSTER, Facts, roster_facts, unit_book
from workflows.domain.papers import paper_facts
from workflows.domain.person import events as ev
from workflows.domain.person import member_events as mv
from workflows.domain.person.member_facts import of_member
from workflows.domain.person.relation import is_after
from workflows.domain.person.rough_days import of_admission, of_expiry, of_full_membership
from workflows.domain.person.state import Person
from workflows.domain.stages import Stage
from workflows.domain.waivers import reliefs_of
from workflows.kernel import calendar
from workflows.kernel.approximate import ApproximateDay
from workflows.policies.facts import Done, Fact, FactBook, FactsOnDemand
from workflows.policies.findings import Calc
from workflows.policies.rules import Rules

PROBATION_RULE = "dev-probation-length"
LENGTH_WITHOUT_RULE_MONTHS = 12


def probation_months(rules: Rules, admitted_on: date | None) -> int:
    """Return the length of probation in months in force on the day of admission (``dev-probation-length``).

    Admissions before the first text on the books use the first one known.
    """
    for rule in rules.rules_named(PROBATION_RULE):
        if admitted_on is not None:
            value = rule.value_on(admitted_on) or rule.values[0]
            months = calendar.months_in(int(value.value), getattr(rule, "unit", "month"))
            if months:
                return months
    return LENGTH_WITHOUT_RULE_MONTHS


def facts_of(person: Person, rules: Rules, facts: Facts | None, on: date) -> Mapping[str, Fact]:
    """Return the named facts of a person as of ``on``; ``person`` is already cut at that day."""
    found: dict[str, Fact] = {}

    def put(
        name: str,
        value: Any,
        act: OnBooks | None,
        calc: tuple[Calc, ...] = (),
        approx: ApproximateDay | None = None,
    ) -> None:
        if value is not None:
            if approx is None and act is not None and value == act.on:
                approx = act.approx
            found[name] = Fact(value, act.source if act else None, calc, approx)

    found |= paper_facts(person.this_round, rules.paper_names)
    for step, told in person.each(mv.StepRecorded):
        put(f"{step.name}_on", told.on, told)
    _course(person, put)
    _membership(person, rules, put)
    put("stage", None if person.stage is Stage.NOBODY else person.stage.value, None)
    of_member(person, on, found.get("probation_until"), put)
    put("born_on", person.profile.born_on, None, approx=person.profile.born_approx)
    unit_id = person.unit_id
    if facts is not None and unit_id is not None:
        unit = facts.unit(unit_id, on)
        found |= {k: Fact(v) for k, v in unit_book(unit, None).items()}
        if unit is not None and unit.secretary == person.id:
            found["secretary_since"] = Fact(unit.secretary_since)
        return FactsOnDemand(found, [(OF_THE_ROSTER, partial(roster_facts, facts, unit_id, on))])
    return found


def _course(person: Person, put: Any) -> None:
    if (applied := person.last(ev.ApplicationReceived)) is not None:
        put("applied_on", applied[0].received_on, applied[1])
    elif (since := person.since(Stage.APPLICANT)) is not None:
        put("applied_on", since.on, since.act, approx=since.approx)
    if (talk := person.last(ev.FirstTalkHeld)) is not None:
        put("talked_on", talk[0].held_on, talk[1])
    for name, stage in (("activist_since", Stage.ACTIVIST), ("target_agreed_on", Stage.TARGET_AGREED)):
        if (entry := person.since(stage)) is not None:
            put(name, entry.on, entry.act, approx=entry.approx)
    if (target := person.since(Stage.TARGET)) is not None:
        put("target_on", target.on, target.act, approx=target.approx)
        if person.since(Stage.TARGET_AGREED) is None:
            put("target_agreed_on", target.on, target.act, approx=target.approx)
    if (notice := person.last(ev.NoticePosted)) is not None:
        # days before the notice was up are no days of notice
        starts = max(notice[0].starts_on, notice[0].posted_on)
        put("notice_starts_on", starts, notice[1], approx=notice[0].approximate("starts_on"))
        put("notice_working_days", notice[0].working_days, notice[1])
        closed = person.last(ev.NoticeClosed)
        if closed is not None and is_after(closed[1], notice[1]):
            put("notice_closed_on", closed[0].closed_on, closed[1])
    consents = (act for _, act in person.each(ev.DevelopmentTargetConsented))
    if (consented := next(consents, None)) is not None:
        put("consented_on", consented.on, consented)
    raised, settled = person.last(ev.ObjectionRaised), person.last(ev.ObjectionSettled)
    is_open = raised is not None and (settled is None or is_after(raised[1], settled[1]))
    put("objection_open", is_open, raised[1] if raised else None)
    if (review := person.last(ev.BackgroundReviewConcluded)) is not None:
        put("background_review_passed", review[0].passed, review[1])
    if (course := person.last(ev.IntensiveCourseCompleted)) is not None:
        put("course_days", course[0].whole_days, course[1])
        put("course_hours", course[0].hours, course[1])
        put("special_case", course[0].special_case, course[1])
    if (pre := person.last(ev.PreliminaryReviewConcluded)) is not None:
        put("pre_review_passed", pre[0].passed, pre[1])
        if pre[0].passed is not False:
            put("pre_review_on", pre[0].concluded_on, pre[1])


def _membership(person: Person, rules: Rules, put: Any) -> None:
    refused = person.last(ev.AdmissionRefused)
    approved = person.last(ev.AdmissionApproved)
    vote = person.admission if approved is not None or not person.is_admission_lost else None
    if vote is not None and refused is not None and is_after(refused[1], vote[1]):
        put("admission_passed", False, refused[1])
    elif vote is not None:
        put("admission_voted_on", vote[0].held_on, vote[1])
        put("admission_passed", True if vote[0].passed is None else vote[0].passed, vote[1])
    elif (failed := person.last(ev.AdmissionVoted)) is not None:
        put("admission_passed", False, failed[1])
    if approved is not None:
        put("approved_on", approved[0].approved_on, approved[1])
    admitted = person.admitted if person.is_admitted else None
    if admitted is not None and person.stage in (Stage.PROBATIONARY, Stage.FULL):
        put("probation_from", admitted[0], admitted[1], approx=of_admission(person))
        months = probation_months(rules, admitted[0])
        until = person.probation_until(months)
        if until is not None:
            calc, rough = _of_probation(person, admitted[0], months), of_expiry(person, months)
            put("probation_until", until[0], until[1], calc, rough)
            put("probation_set_on", until[1].on, until[1])
    put("extensions", len(person.extensions), person.extensions[-1][1] if person.extensions else None)
    if (voted := person.conversion) is not None:
        put("conversion_voted_on", voted[0].held_on, voted[1])
        put("conversion_passed", True, voted[1])
        put("outcome", voted[0].outcome, voted[1])
    elif person.conversion_votes:
        put("conversion_passed", False, person.conversion_votes[-1][1])
    if (full := person.full_from) is not None:
        put("full_since", full[0], full[1], approx=of_full_membership(person))


def _of_probation(person: Person, admitted_on: date, months: int) -> tuple[Calc, ...]:
    """Return how the expiry of probation comes about: from the assembly, then each extension."""
    until = calendar.add_months(admitted_on, months)
    lines = [Calc(str(admitted_on), "+", str(months), str(until), "month")]
    for extension, _ in person.extensions:
        later = extension.until or calendar.add_months(until, extension.months)
        lines.append(Calc(str(until), "+", str(extension.months), str(later), "month"))
        until = later
    return tuple(lines)


COPIED_STEPS = frozenset(
    {
        "receive_application",
        "hold_first_talk",
        "confirm_activist",
        "assign_mentors",
        "agree_development_target",
        "file_development_target",
        "list_development_target",
        "assign_sponsors",
        "conclude_background_review",
        "complete_intensive_course",
        "post_notice",
        "vote_on_admission",
        "approve_admission",
        "vote_on_full_membership",
        "approve_full_membership",
    }
)
"""The steps an office's 发展党员台账 has columns for: where their cell is empty, the step was not done."""


TOLD_BY: Mapping[str, str] = {
    "born_on": "receive_application",
    "applied_on": "receive_application",
    "activist_since": "confirm_activist",
    "target_agreed_on": "agree_development_target",
    "notice_starts_on": "post_notice",
    "background_review_passed": "conclude_background_review",
    "course_days": "complete_intensive_course",
    "course_hours": "complete_intensive_course",
    "pre_review_passed": "conclude_preliminary_review",
    "pre_review_on": "conclude_preliminary_review",
    "admission_voted_on": "vote_on_admission",
    "admission_passed": "vote_on_admission",
    "approved_on": "approve_admission",
    "probation_from": "approve_admission",
    "probation_until": "approve_admission",
    "conversion_voted_on": "vote_on_full_membership",
    "conversion_passed": "vote_on_full_membership",
}
"""The step that tells a fact: once it lies behind, what the books do not tell is unknown, not absent."""


def done_of(person: Person) -> Mapping[str, list[Done]]:
    """Return the acts of this round by the command that led to them."""
    found: dict[str, list[Done]] = {}
    votes = {act.source.event_id for _, act in person.conversion_votes}
    for act in person.this_round:
        is_past = isinstance(act.event, ev.FullMembershipVoted) and act.source.event_id not in votes
        if is_past or not person.stands(act):
            continue
        if counts(act.event):
            found.setdefault(step_of(act.event), []).append(_done(act))
        elif is_taken_back(act, person):
            found.pop(step_of(act.event), None)
    return found


def _done(act: OnBooks) -> Done:
    if isinstance(act.event, mv.TrainingRecorded):
        return act.done(base={"hours": act.event.hours})
    return act.done()


def counts(event: Any) -> bool:
    """A review, vote, examination or pre-review known to have failed does not count as the step done."""
    return all(getattr(event, name, None) is not False for name in ("passed", "agreed", "in_order"))


def is_taken_back(failed: OnBooks, person: Person) -> bool:
    """Say whether a failed act undoes the passes of its step before it: the last one decides.

    A vote on full membership lost on one outcome leaves that which was won on another.
    """
    return not isinstance(failed.event, ev.FullMembershipVoted) or person.conversion is None


def book_of(
    person: Person, rules: Rules, facts: Facts | None, on: date, *, complete: bool = True
) -> FactBook:
    """Return the book of facts on a person as of ``on``."""
    return FactBook(
        facts_of(person, rules, facts, on),
        done_of(person),
        complete=complete,
        course_known=complete and person.course_known,
        copied={act.source.event_id: act.source.recorded_on for act in person.acts if act.is_copied},
        copied_steps=COPIED_STEPS,
        reliefs=reliefs_of(person.acts),
    )
