"""What a command of a campaign leads to: a score needs proof, a changed one a reason, a sample its seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

import msgspec

from workflows.domain.act import Decision, decision
from workflows.domain.campaign import commands as cmd
from workflows.domain.campaign import events as ev
from workflows.domain.campaign.asked import campaign_of, check, gone, is_there, named, strangers, taking_part
from workflows.domain.campaign.plates import left_hanging
from workflows.domain.campaign.rated import points_of, satisfied_of
from workflows.domain.campaign.rubric import as_typed, frozen_of, left_open, scheme_of
from workflows.domain.campaign.state import Campaign
from workflows.domain.case_files import FileCase, decided, finding_of_case
from workflows.policies.findings import Finding, Verdict


def _scores(given: list[cmd.ScoreGiven]) -> tuple[ev.Scored, ...]:
    return tuple(ev.Scored(one.criterion, one.points, tuple(one.events), one.evidence) for one in given)


def _of_the_rubric(case: FileCase, scores: tuple[ev.Scored, ...]) -> tuple[Finding, ...]:
    """Return a block for points given twice, that the frozen rubric does not know, or more than it gives."""
    criteria = {one.id: one for one in campaign_of(case).criteria}
    times = Counter(one.criterion for one in scores)
    twice = [name for name, number in times.items() if number > 1]
    found = [finding_of_case("rating-twice", Verdict.BLOCK, "block", criterion=name) for name in twice]
    for score in scores:
        known = criteria.get(score.criterion)
        if criteria and known is None:
            found.append(
                finding_of_case("rating-criterion", Verdict.BLOCK, "block", criterion=score.criterion)
            )
        elif known is not None and known.points is not None and score.points > known.points:
            told = {"criterion": score.criterion, "points": score.points, "most": known.points}
            found.append(finding_of_case("rating-points", Verdict.BLOCK, "block", **told))
    return tuple(found)


def _total(
    file: Campaign,
    scores: tuple[ev.Scored, ...],
    told: float | None,
    before: Mapping[str, float],
    total_before: float | None,
) -> float | None:
    """Return the total told, else that of the last points of every criterion; None where it is not known.

    It is not while criteria of the rubric are not scored; nor, without a rubric, after a total that was told
    and is more than the points there are.
    """
    if told is not None or not scores:
        return told
    points = {**before, **{one.criterion: one.points for one in scores}}
    wanting = [one.id for one in file.criteria if not one.veto and one.id not in points]
    is_more = not file.criteria and total_before not in (None, _sum(before))
    return None if wanting or is_more else _sum(points)


def _sum(points: Mapping[str, float]) -> float:
    return round(sum(points.values()), 4)


@decided.register
def _(command: cmd.OpenCampaign, case: FileCase) -> Decision:
    units = named(case, command.units)
    if units is None and case.unit_id is not None:
        below = case.cases.branches_below(case.unit_id, command.on)
        units = ev.Named(units=below) if below else None
    event = ev.CampaignOpened(
        opened_on=command.on,
        **case.opening(),
        scheme=command.scheme,
        year=command.year,
        units=units,
        document=command.document,
        items=tuple(command.items) or msgspec.UNSET,
    )
    found = check(case, campaign_year=command.year, plan_items=command.items or None)
    return decision(event, findings=(*found, *strangers(case, units)))


@decided.register
def _(command: cmd.FreezeRubric, case: FileCase) -> Decision:
    scheme = None if command.criteria else scheme_of(campaign_of(case), case.rules, command.on)
    criteria = (
        frozen_of(scheme, case.rules, command.on)
        if scheme is not None
        else tuple(as_typed(one) for one in command.criteria)
    )
    event = ev.RubricFrozen(
        frozen_on=command.on,
        criteria=criteria,
        document=command.document,
        scheme=scheme.id if scheme is not None else None,
        not_given=scheme.not_given if scheme is not None else None,
    )
    return decision(event, findings=(*check(case), *left_open(event, campaign_of(case))))


@decided.register
def _(command: cmd.Declare, case: FileCase) -> Decision:
    units = named(case, command.units) or ev.Named(units=(case.about,))
    event = ev.UnitDeclared(declared_on=command.on, declared=units, aims_at=command.aims_at)
    return decision(event, findings=check(case, declared_units=campaign_of(case).declared + units.count))


@decided.register
def _(command: cmd.AssessSelf, case: FileCase) -> Decision:
    scores, file = _scores(command.scores), campaign_of(case)
    event = ev.SelfAssessed(
        assessed_on=command.on,
        about=case.about,
        scores=scores,
        score=_total(file, scores, command.score, file.claims_of(case.about), file.claim_of(case.about)),
    )
    bare = [one.criterion for one in scores if one.points > 0 and not one.events and not one.evidence]
    findings = (*check(case), *_of_the_rubric(case, scores), *taking_part(case))
    if bare and case.complete:
        findings = (*findings, finding_of_case("rating-evidence", Verdict.INCOMPLETE, "block", criteria=bare))
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.SurveyMasses, case: FileCase) -> Decision:
    rate = command.satisfaction
    if rate is None:
        rate = ev.rate_of(command.asked, command.satisfied)
    event = ev.MassesSurveyed(
        surveyed_on=command.on,
        about=case.about,
        asked=command.asked,
        satisfied=command.satisfied,
        satisfaction=rate,
    )
    findings = (
        *check(case, **satisfied_of(rate, command.asked, command.satisfied)),
        *taking_part(case),
    )
    if command.asked is not None and (command.satisfied or 0) > command.asked:
        told = {"satisfied": command.satisfied, "asked": command.asked}
        findings = (*findings, finding_of_case("rating-survey", Verdict.BLOCK, "block", **told))
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.Review, case: FileCase) -> Decision:
    scores, file = _scores(command.scores), campaign_of(case)
    is_of_one = isinstance(command.passed, bool) or bool(scores) or command.score is not None
    told = command.passed if not isinstance(command.passed, bool) else None
    event = ev.Reviewed(
        reviewed_on=command.on,
        about=case.about if is_of_one else None,
        passed=command.passed if isinstance(command.passed, bool) else None,
        passing=named(case, told),
        scores=scores,
        score=_total(file, scores, command.score, file.points_of(case.about), file.score_of(case.about)),
        reason=command.reason,
    )
    total = event.score
    told_now = file.passed_with(event).count
    there = _still_there(case)
    asked = check(case, score=total, passed_units=told_now, campaign_units=there, **points_of(total))
    findings = (*asked, *_of_the_rubric(case, scores))
    findings = (*findings, *gone(case, event.passing.units if event.passing else ()))
    findings = (*findings, *(taking_part(case) if is_of_one else ()))
    before = file.reviews_of(case.about) if is_of_one else []
    if before and not command.reason.strip() and case.complete:
        findings = (
            *findings,
            finding_of_case("rating-reason", Verdict.INCOMPLETE, "block", missing="reason"),
        )
    changed = [] if command.reason.strip() or not is_of_one else file.changed_by(event)
    if changed and case.complete:
        findings = (*findings, finding_of_case("rating-changed", Verdict.WARN, "warn", criteria=changed))
    return decision(event, findings=findings)


def _still_there(case: FileCase) -> int | None:
    """Return how many units take part: of those named only the ones that are still there."""
    start = campaign_of(case).start
    if start is None or start.units is None:
        return None
    ended = sum(not is_there(case, unit) for unit in start.units.units)
    return start.units.count - ended


@decided.register
def _(command: cmd.VoidRound, case: FileCase) -> Decision:
    return decision(ev.RoundVoided(voided_on=command.on, reason=command.reason), findings=check(case))


@decided.register
def _(command: cmd.PostRatingNotice, case: FileCase) -> Decision:
    event = ev.RatingNoticePosted(
        posted_on=command.on,
        starts_on=date.fromisoformat(command.starts_on) if command.starts_on else command.on,
        working_days=command.working_days,
        place=command.place,
    )
    return decision(event, findings=check(case, "post_notice"))


@decided.register
def _(command: cmd.Appeal, case: FileCase) -> Decision:
    event = ev.AppealRaised(appealed_on=command.on, about=case.about, reason=command.reason)
    return decision(event, findings=check(case))


@decided.register
def _(command: cmd.SettleAppeal, case: FileCase) -> Decision:
    event = ev.AppealSettled(
        settled_on=command.on, about=case.about, upheld=command.upheld, reason=command.reason
    )
    return decision(event, findings=check(case))


@decided.register
def _(command: cmd.KeepRating, case: FileCase) -> Decision:
    event = ev.RatingKept(
        kept_on=command.on, about=case.about, reason=command.reason, document=command.document
    )
    return decision(event, findings=(*check(case), *_no_grade(case), *_of_a_voided_round(case)))


def _of_a_voided_round(case: FileCase) -> tuple[Finding, ...]:
    """Return a block where the grade is of a voided round: it is decided anew or revoked, never kept."""
    if not campaign_of(case).is_pending(case.about):
        return ()
    return (finding_of_case("rating-void", Verdict.BLOCK, "block", unit=str(case.about)),)


@decided.register
def _(command: cmd.RevokeRating, case: FileCase) -> Decision:
    event = ev.RatingRevoked(
        revoked_on=command.on, about=case.about, reason=command.reason, document=command.document
    )
    return decision(event, findings=(*check(case), *_no_grade(case), *left_hanging(case)))


def _no_grade(case: FileCase) -> tuple[Finding, ...]:
    """Return a block where the unit holds no grade of this campaign: none was decided, or it was revoked."""
    if campaign_of(case).grade_of(case.about) is not None:
        return ()
    return (finding_of_case("rating-none", Verdict.BLOCK, "block"),)
