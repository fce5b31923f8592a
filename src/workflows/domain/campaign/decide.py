"""What a command of a campaign leads to: a score needs proof, a changed one a reason, a sample its seed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from workflows.domain.act import Decision, decision
from workflows.domain.campaign import commands as cmd
from workflows.domain.campaign import events as ev
from workflows.domain.campaign.rated import facts_of_rating, points_of, satisfied_of, surveyed
from workflows.domain.campaign.rubric import as_typed, frozen_of, left_open, of_the_plan, scheme_of
from workflows.domain.campaign.state import Campaign, drawn
from workflows.domain.case_files import FileCase, decided, finding_of_case
from workflows.policies.findings import Finding, Verdict

MOST_NAMED = 8


def _taking_part(case: FileCase) -> tuple[Finding, ...]:
    """Return a block where the unit rated takes no part; the one that holds a campaign of others does not."""
    start = _campaign(case).start
    units = start.units.units if start is not None and start.units is not None else ()
    if not units or case.about in units:
        return ()
    told = {"unit": str(case.about), "units": [str(unit) for unit in units[:MOST_NAMED]], "count": len(units)}
    return (finding_of_case("rating-not-taking-part", Verdict.BLOCK, "block", **told),)


def _campaign(case: FileCase) -> Campaign:
    if not isinstance(case.file, Campaign):
        raise TypeError("the case is no campaign")
    return case.file


def _check(case: FileCase, move: str = "", /, **said: Any) -> tuple[Finding, ...]:
    """Return what the stage and the rules say; of several plans of rating only the one named is asked."""
    start = _campaign(case).start
    named = start.scheme if start is not None else getattr(case.command, "scheme", None)
    return of_the_plan(case.check_move(move or case.command.verb(), **said), named, case.rules)


def _named(case: FileCase, told: int | list[str] | None) -> ev.Named | None:
    """Return the units meant: those found below the one that holds the campaign, the other names as told."""
    if told is None:
        return None
    if isinstance(told, int):
        return ev.Named(number=told)
    found = [(name, case.cases.unit_below(case.unit_id, name, case.command.on)) for name in told]
    return ev.Named(
        units=tuple(unit for _, unit in found if unit is not None),
        others=tuple(name for name, unit in found if unit is None),
    )


def _scores(given: list[cmd.ScoreGiven]) -> tuple[ev.Scored, ...]:
    return tuple(ev.Scored(one.criterion, one.points, tuple(one.events), one.evidence) for one in given)


def _of_the_rubric(case: FileCase, scores: tuple[ev.Scored, ...]) -> tuple[Finding, ...]:
    """Return a block for points that the frozen rubric does not know, or more than it gives."""
    criteria = {one.id: one for one in _campaign(case).criteria}
    found = []
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


def _total(scores: tuple[ev.Scored, ...], told: float | None) -> float | None:
    return told if told is not None or not scores else round(sum(one.points for one in scores), 4)


@decided.register
def _(command: cmd.OpenCampaign, case: FileCase) -> Decision:
    units = _named(case, command.units)
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
    )
    return decision(event, findings=_check(case, campaign_year=command.year))


@decided.register
def _(command: cmd.FreezeRubric, case: FileCase) -> Decision:
    scheme = None if command.criteria else scheme_of(_campaign(case), case.rules, command.on)
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
    return decision(event, findings=(*_check(case), *left_open(event, _campaign(case))))


@decided.register
def _(command: cmd.Declare, case: FileCase) -> Decision:
    units = _named(case, command.units) or ev.Named(units=(case.about,))
    event = ev.UnitDeclared(declared_on=command.on, declared=units, aims_at=command.aims_at)
    return decision(event, findings=_check(case, declared_units=_campaign(case).declared + units.count))


@decided.register
def _(command: cmd.AssessSelf, case: FileCase) -> Decision:
    scores = _scores(command.scores)
    event = ev.SelfAssessed(
        assessed_on=command.on, about=case.about, scores=scores, score=_total(scores, command.score)
    )
    bare = [one.criterion for one in scores if one.points > 0 and not one.events and not one.evidence]
    findings = (*_check(case), *_of_the_rubric(case, scores), *_taking_part(case))
    if bare and case.complete:
        findings = (*findings, finding_of_case("rating-evidence", Verdict.INCOMPLETE, "block", criteria=bare))
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.SurveyMasses, case: FileCase) -> Decision:
    rate = command.satisfaction
    if rate is None and command.asked and command.satisfied is not None:
        rate = round(100 * command.satisfied / command.asked, 2)
    event = ev.MassesSurveyed(
        surveyed_on=command.on,
        about=case.about,
        asked=command.asked,
        satisfied=command.satisfied,
        satisfaction=rate,
    )
    findings = (
        *_check(case, **satisfied_of(rate, command.asked, command.satisfied)),
        *_taking_part(case),
    )
    if command.asked is not None and (command.satisfied or 0) > command.asked:
        told = {"satisfied": command.satisfied, "asked": command.asked}
        findings = (*findings, finding_of_case("rating-survey", Verdict.BLOCK, "block", **told))
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.Review, case: FileCase) -> Decision:
    scores, file = _scores(command.scores), _campaign(case)
    is_of_one = isinstance(command.passed, bool) or bool(scores) or command.score is not None
    told = command.passed if not isinstance(command.passed, bool) else None
    event = ev.Reviewed(
        reviewed_on=command.on,
        about=case.about if is_of_one else None,
        passed=command.passed if isinstance(command.passed, bool) else None,
        passing=_named(case, told),
        scores=scores,
        score=_total(scores, command.score),
        reason=command.reason,
    )
    total = event.score
    told_now = file.passed_with(event).count
    asked = _check(case, score=total, passed_units=told_now, **points_of(total))
    findings = (*asked, *_of_the_rubric(case, scores))
    findings = (*findings, *(_taking_part(case) if is_of_one else ()))
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


@decided.register
def _(command: cmd.DrawSample, case: FileCase) -> Decision:
    file = _campaign(case)
    passed = _named(case, command.passed) or file.passed
    seed = None if command.seed is None else str(command.seed)
    sampled = _named(case, command.sampled)
    findings: tuple[Finding, ...] = ()
    if sampled is None:
        sampled = ev.Named(number=0)
        findings = (finding_of_case("sample-size", Verdict.INCOMPLETE, "block", missing="sampled"),)
    elif sampled.number is not None and passed.units and seed is not None:
        sampled = ev.Named(units=drawn(passed.units, sampled.number, seed))
    elif sampled.units and seed is not None and passed.units:
        again = drawn(passed.units, sampled.count, seed)
        if set(again) != set(sampled.units):
            findings = (finding_of_case("sample-not-drawn", Verdict.BLOCK, "block", seed=seed),)
    if seed is None and case.complete:
        findings = (*findings, finding_of_case("sample-seed", Verdict.NOTE, "record", missing="seed"))
    if sampled.count > passed.count:
        told = {"sampled": sampled.count, "passed": passed.count}
        findings = (*findings, finding_of_case("sample-over", Verdict.BLOCK, "block", **told))
    event = ev.SampleDrawn(drawn_on=command.on, passed=passed, sampled=sampled, seed=seed)
    asked = _check(case, sampled_units=sampled.count, passed_units=passed.count)
    return decision(event, findings=(*asked, *findings))


@decided.register
def _(command: cmd.Recheck, case: FileCase) -> Decision:
    file = _campaign(case)
    held = file.sample.sampled if file.sample else ev.Named(number=0)
    sampled = _named(case, command.sampled) or held
    wrong = _named(case, command.wrong) or ev.Named()
    event = ev.Rechecked(rechecked_on=command.on, sampled=sampled, wrong=wrong, concealed=command.concealed)
    findings = _check(case, sampled_units=sampled.count, wrong_units=wrong.count, concealed=command.concealed)
    if wrong.count > sampled.count:
        told = {"wrong": wrong.count, "sampled": sampled.count}
        findings = (*findings, finding_of_case("sample-over", Verdict.BLOCK, "block", **told))
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.VoidRound, case: FileCase) -> Decision:
    return decision(ev.RoundVoided(voided_on=command.on, reason=command.reason), findings=_check(case))


@decided.register
def _(command: cmd.PostRatingNotice, case: FileCase) -> Decision:
    event = ev.RatingNoticePosted(
        posted_on=command.on,
        starts_on=date.fromisoformat(command.starts_on) if command.starts_on else command.on,
        working_days=command.working_days,
        place=command.place,
    )
    return decision(event, findings=_check(case, "post_notice"))


@decided.register
def _(command: cmd.Appeal, case: FileCase) -> Decision:
    event = ev.AppealRaised(appealed_on=command.on, about=case.about, reason=command.reason)
    return decision(event, findings=_check(case))


@decided.register
def _(command: cmd.SettleAppeal, case: FileCase) -> Decision:
    event = ev.AppealSettled(
        settled_on=command.on, about=case.about, upheld=command.upheld, reason=command.reason
    )
    return decision(event, findings=_check(case))


@decided.register
def _(command: cmd.ConfirmRating, case: FileCase) -> Decision:
    file = _campaign(case)
    score = _score_of(file, case.about, command.score)
    satisfaction, _, _ = surveyed(file, case.about, command.satisfaction)
    said = facts_of_rating(file, case.about, score, command.satisfaction, command.grade)
    findings = (*_check(case, **said), *_taking_part(case))
    levels = [f.facts["level"] for f in findings if f.kind == "bands" and "level" in f.facts]
    grade = command.grade or (str(levels[0]) if len(set(map(str, levels))) == 1 else None)
    if command.grade is not None and levels and command.grade not in map(str, levels):
        told = {"grade": command.grade, "level": levels[0], "score": score}
        findings = (*findings, finding_of_case("rating-grade-differs", Verdict.WARN, "warn", **told))
    if _has_open_appeal(file, case.about):
        findings = (*findings, finding_of_case("rating-appeal-open", Verdict.BLOCK, "block"))
    event = ev.RatingConfirmed(
        confirmed_on=command.on,
        about=case.about,
        score=score,
        satisfaction=satisfaction,
        grade=grade,
        document=command.document,
    )
    return decision(event, findings=findings)


def _score_of(file: Campaign, unit_id: UUID, told: float | None) -> float | None:
    if told is not None:
        return told
    scores = [review.score for review in file.reviews_of(unit_id) if review.score is not None]
    return scores[-1] if scores else None


def _has_open_appeal(file: Campaign, unit_id: UUID) -> bool:
    """Say whether a unit appealed more often than was settled."""
    raised = sum(event.about == unit_id for event, _ in file.each(ev.AppealRaised))
    settled = sum(event.about == unit_id for event, _ in file.each(ev.AppealSettled))
    return raised > settled


@decided.register
def _(command: cmd.KeepRating, case: FileCase) -> Decision:
    event = ev.RatingKept(
        kept_on=command.on, about=case.about, reason=command.reason, document=command.document
    )
    return decision(event, findings=(*_check(case), *_no_grade(case)))


@decided.register
def _(command: cmd.RevokeRating, case: FileCase) -> Decision:
    event = ev.RatingRevoked(
        revoked_on=command.on, about=case.about, reason=command.reason, document=command.document
    )
    return decision(event, findings=(*_check(case), *_no_grade(case)))


def _no_grade(case: FileCase) -> tuple[Finding, ...]:
    """Return a block where the unit holds no grade of this campaign: none was decided, or it was revoked."""
    told = _campaign(case).ratings().get(case.about, [])
    if told and isinstance(told[-1].event, ev.RatingConfirmed):
        return ()
    return (finding_of_case("rating-none", Verdict.BLOCK, "block"),)
