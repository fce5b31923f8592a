"""确定等次: the score is that of the reviews, the grade that of its band; otherwise it takes a reason."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from workflows.domain.act import Decision, OnBooks, decision
from workflows.domain.campaign import commands as cmd
from workflows.domain.campaign import events as ev
from workflows.domain.campaign.asked import campaign_of, check, taking_part
from workflows.domain.campaign.rated import facts_of_rating, surveyed
from workflows.domain.campaign.rubric import grades_of
from workflows.domain.campaign.state import Campaign
from workflows.domain.case_files import FileCase, decided, finding_of_case
from workflows.domain.facts import Charged
from workflows.policies.facts import Fact
from workflows.policies.findings import Calc, Finding, Verdict

OTHER_SCORE, NO_TOTAL, OTHER_GRADE = "rating-score-differs", "rating-score-alone", "rating-grade-differs"
NO_REVIEW = "rating-not-reviewed"
UNSAID = "rating-over-work-unsaid"

_AGAINST = frozenset({Verdict.BLOCK, Verdict.INCOMPLETE, Verdict.WARN, Verdict.REFER})


@decided.register
def _(command: cmd.ConfirmRating, case: FileCase) -> Decision:
    file = campaign_of(case)
    score = command.score if command.score is not None else file.score_of(case.about)
    satisfaction, _, _ = surveyed(file, case.about, command.satisfaction)
    charged = case.cases.charged(case.about, command.on)
    findings = _by_the_rules(case, command, score, charged)
    findings = (*findings, *_if_over_work(case, command, score, charged, findings), *taking_part(case))
    levels = _levels(findings)
    grade = command.grade or (levels[0] if len(levels) == 1 else None)
    findings = (*findings, *_of_the_score(case, command, levels), *_by_its_band(case, command, score, levels))
    findings = (*findings, *_of_the_grade(case, command.grade))
    findings = (*findings, *_during_its_notice(case, findings))
    if _has_open_appeal(file, case):
        findings = (*findings, finding_of_case("rating-appeal-open", Verdict.BLOCK, "block"))
    event = ev.RatingConfirmed(
        confirmed_on=command.on,
        about=case.about,
        score=score,
        satisfaction=satisfaction,
        grade=grade,
        document=command.document,
        reason=command.reason.strip() or None,
    )
    return decision(event, findings=findings)


def _by_the_rules(
    case: FileCase, command: cmd.ConfirmRating, score: float | None, charged: Charged
) -> tuple[Finding, ...]:
    file = campaign_of(case)
    said = facts_of_rating(file, case.about, score, command.satisfaction, command.grade)
    said |= {"inspected": case.cases.visited(case.about, command.on, file.year or command.on.year)}
    said |= {"case_filed_on": charged.case_filed, "faulted_on": charged.faulted}
    return check(case, **said)


def _if_over_work(
    case: FileCase,
    command: cmd.ConfirmRating,
    score: float | None,
    charged: Charged,
    found: Iterable[Finding],
) -> tuple[Finding, ...]:
    """Refer what would speak against a rating if a censure of which nobody said it was over work."""
    open_ = charged.unsaid
    if open_ is None or (charged.faulted is not None and charged.faulted.value >= open_.value):
        return ()
    supposed = _by_the_rules(case, command, score, charged._replace(faulted=open_))
    known = {(one.pack, one.rule, one.label) for one in found if one.verdict in _AGAINST}
    new = [o for o in supposed if o.verdict in _AGAINST and (o.pack, o.rule, o.label) not in known]
    return tuple(_unsaid(one, open_, charged.unsaid_form) for one in new)


def _unsaid(found: Finding, censured: Fact, form: str) -> Finding:
    told = {"censured_on": censured.value.isoformat(), "censure": form}
    referred = finding_of_case(UNSAID, Verdict.REFER, "warn", **told)
    because = (censured.source,) if censured.source is not None else ()
    return replace(
        referred,
        label=found.label,
        clause=found.clause,
        pack=found.pack,
        version=found.version,
        confidence=found.confidence,
        because=because,
    )


def _levels(findings: Iterable[Finding]) -> list[str]:
    """Return the level that each rule of bands gives the score, each once."""
    told = (str(f.facts["level"]) for f in findings if f.kind == "bands" and "level" in f.facts)
    return list(dict.fromkeys(told))


def _unless_said(case: FileCase, command: cmd.ConfirmRating, finding: Finding) -> Finding:
    """Return what differs from what the books come to: as a warning with a reason, refused without one."""
    if command.reason.strip() or not case.complete:
        return replace(finding, verdict=Verdict.WARN, severity="warn")
    return replace(finding, facts={**finding.facts, "missing": "reason"})


def _of_the_score(case: FileCase, command: cmd.ConfirmRating, levels: list[str]) -> tuple[Finding, ...]:
    """Return that the score told is not the total of the reviews, with the sum; or that there is no total."""
    file = campaign_of(case)
    acts = counting(file, case)
    if command.score is None:
        return ()
    if not acts:
        return _without_a_review(case, command)
    total = file.score_of(case.about)
    because = tuple(act.source for act in acts)
    days = list(dict.fromkeys(act.on.isoformat() for act in acts))
    if total is None:
        points = file.points_of(case.about)
        unscored = [one.id for one in file.criteria if not one.veto and one.id not in points]
        told = {"score": command.score, "reviewed_on": days, "criteria": unscored}
        return (replace(finding_of_case(NO_TOTAL, Verdict.REFER, "warn", **told), because=because),)
    if round(command.score, 4) == round(total, 4):
        return ()
    charged = case.cases.charged(case.about, command.on)
    by_total = _levels(_by_the_rules(case, command, total, charged))
    told = {
        "score": command.score,
        "total": total,
        "parts": _parts(file, case),
        "reviewed_on": days,
        "level": levels,
        "level_of_total": by_total,
    }
    found = finding_of_case(OTHER_SCORE, Verdict.INCOMPLETE, "block", **told)
    more = Calc(f"{total:g}", "<" if total < command.score else ">", f"{command.score:g}")
    return (_unless_said(case, command, replace(found, because=because, calc=(more,))),)


def _without_a_review(case: FileCase, command: cmd.ConfirmRating) -> tuple[Finding, ...]:
    """Refer a score that rests on no review, where others were given points by theirs; it takes a reason.

    A campaign in which nobody was given any tells of its grades what a paper told.
    """
    file = campaign_of(case)
    given = (one for one, _ in file.each(ev.Reviewed) if one.scores or one.score is not None)
    if next(given, None) is None:
        return ()
    alone = finding_of_case(NO_REVIEW, Verdict.REFER, "warn", score=command.score)
    if command.reason.strip() or not case.complete:
        return (alone,)
    wanted = {**alone.facts, "missing": "reason"}
    return (replace(alone, verdict=Verdict.INCOMPLETE, severity="block", facts=wanted),)


def counting(file: Campaign, case: FileCase) -> list[OnBooks]:
    """Return the reviews that the total of a unit rests on: those of the round that holds that gave points.

    From the last one that told a total of its own, where one did.
    """
    given = [
        act
        for act in file.acts_of_round
        if isinstance(act.event, ev.Reviewed)
        and act.event.about == case.about
        and (act.event.scores or act.event.score is not None)
    ]
    whole = [place for place, act in enumerate(given) if not getattr(act.event, "scores", ())]
    return given[whole[-1] :] if whole else given


def _parts(file: Campaign, case: FileCase) -> list[str]:
    """Return the points that make the total, by criterion; () where it was told as a whole."""
    points = file.points_of(case.about)
    is_sum = round(sum(points.values()), 4) == file.score_of(case.about)
    return [f"{name} {number:g}" for name, number in points.items()] if is_sum else []


def _by_its_band(
    case: FileCase, command: cmd.ConfirmRating, score: float | None, levels: list[str]
) -> tuple[Finding, ...]:
    if command.grade is None or not levels or command.grade in levels:
        return ()
    told = {"grade": command.grade, "level": levels[0], "score": None if score is None else f"{score:g}"}
    found = finding_of_case(OTHER_GRADE, Verdict.INCOMPLETE, "block", **told)
    return (_unless_said(case, command, found),)


def _of_the_grade(case: FileCase, grade: str | None) -> tuple[Finding, ...]:
    """Refer a grade that the plan does not know, and one of a unit that a re-check found rated wrongly."""
    file, found = campaign_of(case), list[Finding]()
    known = grades_of(file, case.rules, case.command.on)
    if grade is not None and known and grade not in known:
        told = {"grade": grade, "levels": list(known)}
        found.append(finding_of_case("rating-grade-unknown", Verdict.REFER, "warn", **told))
    if file.is_found_wrong(case.about):
        found.append(finding_of_case("rating-found-wrong", Verdict.REFER, "warn", unit=str(case.about)))
    return tuple(found)


def _during_its_notice(case: FileCase, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return a note that the notice was running, where no rule in force says that it has to be over."""
    posted = campaign_of(case).last(ev.RatingNoticePosted)
    if posted is None or any(one.kind == "notice" for one in findings):
        return ()
    start, days = posted[0].starts_on or posted[1].on, posted[0].working_days
    last = case.rules.calendar.last_working_day(start, days)[0] if days else None
    if last is None or not start <= case.command.on <= last:
        return ()
    told = {"since": start.isoformat(), "until": last.isoformat(), "number": days}
    found = finding_of_case("rating-notice-runs", Verdict.NOTE, "record", **told)
    return (replace(found, because=(posted[1].source,)),)


def _has_open_appeal(file: Campaign, case: FileCase) -> bool:
    """Say whether a unit appealed more often than was settled."""
    raised = sum(event.about == case.about for event, _ in file.each(ev.AppealRaised))
    settled = sum(event.about == case.about for event, _ in file.each(ev.AppealSettled))
    return raised > settled
