"""What a command of a unit on the list leads to."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from workflows.domain.act import Decision, decision
from workflows.domain.case_files import FileCase, book_of, decided, finding_of_case, plainly
from workflows.domain.facts import Below
from workflows.domain.listing import commands as cmd
from workflows.domain.listing import events as ev
from workflows.domain.listing.acceptance import judged
from workflows.domain.listing.state import Listing
from workflows.domain.shares import whole
from workflows.policies.findings import Finding, Verdict
from workflows.policies.follow_up import follow_up
from workflows.policies.kinds import Mark
from workflows.policies.rule import Act

EARLY = "follow-up-early"
MONTH_AHEAD = "overhaul-month-ahead"
MARK_STANDS, NOT_REPORTED = "overhaul-mark-stands", "overhaul-not-reported"
LISTED_AT, REPORT = "list_unit", "report_monthly"


@decided.register
def _(command: cmd.ListUnit, case: FileCase) -> Decision:
    event = ev.UnitListed(
        listed_on=command.on,
        **case.opening(),
        criteria=tuple(command.criteria),
        listed=command.listed,
        of_units=command.of_units,
        decided_by=command.decided_by,
        document=command.document,
    )
    said: dict[str, Any] = {"marks": list(command.criteria), **told_of_marks(case)}
    said |= {"listed_units": command.listed, "below_standard": command.of_units}
    if command.of_units is None and (below := _below_standard(case)):
        said |= {"below_standard": below.number or None}
    if command.listed is None:
        said |= {"listed_units": len(case.cases.listed_with(case.about, command.on) | {case.about})}
    return decision(event, findings=(*case.check(**said), *_listed_already(case)))


def _below_standard(case: FileCase) -> Below | None:
    """Return who was below the standard, by the plans whose rules ask for it."""
    asking = [rule for rule in case.rules.at(case.command.verb()) if "below_standard" in rule.fact_names()]
    plans = {name for rule in asking for name in (rule.pack_id, rule.pack_title)}
    return case.cases.below_standard(case.about, case.command.on, plans)


def _listed_already(case: FileCase) -> tuple[Finding, ...]:
    """Return what is told of a unit that is on a list already; another list may have other reasons."""
    names = [one for one in case.cases.open_listings(case.about, case.command.on) if one != case.subject]
    if not names:
        return ()
    return (finding_of_case("listed-already", Verdict.WARN, "warn", lacking=names),)


def told_of_marks(case: FileCase) -> dict[str, Any]:
    """Return the facts of the unit for which the marks in force ask."""
    book = case.cases.unit_facts(case.about, case.command.on)
    rate = case.cases.satisfaction(case.about, case.command.on)
    said: dict[str, Any] = {"undone_duties": {}}
    said |= {"satisfaction_percent": None if rate is None else whole(rate)}
    for rule in case.rules.at(LISTED_AT):
        if isinstance(rule, Mark):
            names = (*rule.fact_names(), *((rule.known_by,) if rule.known_by else ()))
            said |= {name: book.value(name) for name in names if name not in said}
            asked = case.cases.undone(case.about, rule.undone, case.command.on, rule.months)
            said["undone_duties"] |= asked
    return said


@decided.register
def _(command: cmd.PlanOverhaul, case: FileCase) -> Decision:
    event = ev.OverhaulPlanned(
        planned_on=command.on,
        measures=tuple(command.measures),
        county_leader=case.who(command.county_leader),
        township_leader=case.who(command.township_leader),
        first_secretary=case.who(command.first_secretary),
        supporting_unit=command.supporting_unit,
        due_on=command.due_on,
        document=command.document,
    )
    said: dict[str, Any] = {
        name: True
        for name in ("county_leader", "township_leader", "first_secretary", "supporting_unit")
        if getattr(command, name) is not None
    }
    said |= {"measures": list(command.measures), "overhaul_due_on": command.due_on}
    return decision(event, findings=case.check(**said))


@decided.register
def _(command: cmd.ReportMonthly, case: FileCase) -> Decision:
    own = f"{command.on:%Y-%m}"
    month = command.month or own
    event = ev.OverhaulReported(reported_on=command.on, month=month, text=command.text)
    findings = case.check()
    if month > own:
        told = {"month": month, "on": command.on.isoformat()}
        findings = (*findings, finding_of_case(MONTH_AHEAD, Verdict.WARN, "warn", **told))
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.AcceptOverhaul, case: FileCase) -> Decision:
    passed, findings = judged(command, case)
    if passed:
        findings = (*findings, *_still_so(case, Verdict.NOTE), *_not_reported(case))
    event = ev.OverhaulAccepted(
        accepted_on=command.on,
        score=command.score,
        dissatisfied=command.dissatisfied,
        asked=command.asked,
        passed=passed,
        text=command.text,
    )
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.DelistUnit, case: FileCase) -> Decision:
    event = ev.UnitDelisted(
        delisted_on=command.on,
        document=command.document,
        reason=command.reason,
        unit_gone=case.is_gone or None,
    )
    ended = case.of_the_gone(command.reason) if case.is_gone else ()
    if not case.is_gone:
        ended = (*_still_so(case, Verdict.REFER), *_not_reported(case))
    return decision(event, findings=(*case.check_move(event.move), *_unsettled(case), *ended))


def _still_so(case: FileCase, verdict: Verdict) -> tuple[Finding, ...]:
    """Return the marks by which the unit was listed and which the facts of the day still bear out."""
    listed, day = case.file.last(ev.UnitListed), case.command.on
    if listed is None:
        return ()
    act = Act(LISTED_AT, day, case.book(**told_of_marks(case)), case.rules.calendar)
    named = [
        one for one in case.rules.at(LISTED_AT) if isinstance(one, Mark) and one.id in listed[0].criteria
    ]
    valued = [(one, one.value_on(day, act.book.value("unit_kind"))) for one in named]
    found = [one for one, value in valued if value is not None and one.borne_out(act, value).holds]
    if not found:
        return ()
    told = finding_of_case(MARK_STANDS, verdict, "warn", lacking=[rule.label for rule in found])
    return (replace(told, clause="；".join(dict.fromkeys(rule.cite(day) for rule in found))),)


def _not_reported(case: FileCase) -> tuple[Finding, ...]:
    """Return by which days a month was to be reported and was not."""
    book = book_of(case.file, case.facts, case.command.on)
    limits = case.rules.deadlines(book, scope=Listing.kind, until=case.command.on)
    missed = [one for one in limits if one.subject == REPORT and one.met_on is None]
    days = [one.due_on.isoformat() for one in missed if one.due_on < case.command.on]
    if not days:
        return ()
    told = finding_of_case(NOT_REPORTED, Verdict.NOTE, "record", lacking=days, number=len(days))
    return (replace(told, label=missed[0].label, clause=missed[0].clause),)


def _unsettled(case: FileCase) -> tuple[Finding, ...]:
    """Return what is told where nobody said whether the unit passed its acceptance."""
    if case.file.stage != "unsettled" or case.is_gone:
        return ()
    verdict = Verdict.INCOMPLETE if case.complete else Verdict.REFER
    return (finding_of_case("overhaul-unsettled", verdict, "block"),)


plainly(cmd.RelistUnit, ev.UnitRelisted, "reason", "decided_by", "document")


@decided.register
def _(command: cmd.EndFollowUp, case: FileCase) -> Decision:
    event = ev.FollowUpEnded(ended_on=command.on, text=command.text)
    findings, delisted = case.check(), case.file.last(ev.UnitDelisted)
    told = follow_up(case.rules, Listing.kind, delisted[1].on) if delisted is not None else None
    if delisted is not None and told is not None and command.on < told.until:
        early = Finding(
            rule=EARLY,
            verdict=Verdict.NOTE,
            kind="case",
            severity="record",
            clause=told.clause,
            pack=told.rule.pack_id if told.rule else "",
            confidence=told.confidence,
            facts={"delisted_on": delisted[1].on.isoformat(), "until": told.until.isoformat()},
            because=(delisted[1].source,),
        )
        findings = (*findings, early)
    return decision(event, findings=findings)
