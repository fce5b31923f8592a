"""授牌、摘牌: a plate is hung for a grade that holds and for which the plan has one; it goes with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from workflows.domain.act import Decision, decision
from workflows.domain.campaign import commands as cmd
from workflows.domain.campaign import events as ev
from workflows.domain.campaign.asked import campaign_of, check
from workflows.domain.campaign.rubric import plans_of
from workflows.domain.campaign.state import Campaign
from workflows.domain.case_files import FileCase, decided, finding_of_case
from workflows.policies.findings import Finding, Verdict
from workflows.policies.kinds import Grades
from workflows.policies.rules import Rules

NOT_WRITTEN = "GK"
"""How surely the text was read where it says nothing: common practice."""


@decided.register
def _(command: cmd.HangPlate, case: FileCase) -> Decision:
    held = campaign_of(case).grade_of(case.about)
    event = ev.PlateHung(
        hung_on=command.on,
        about=case.about,
        grade=held[0].grade if held is not None else None,
        awarded_by=command.awarded_by,
        place=command.place,
        document=command.document,
    )
    return decision(event, findings=(*check(case), *_before_hanging(case, event.grade)))


def _before_hanging(case: FileCase, grade: str | None) -> Iterator[Finding]:
    """Yield what the plan says of a plate for a grade, and a block where the unit has one already."""
    hangs = campaign_of(case).plate_of(case.about)
    if hangs is not None:
        told = {"grade": hangs[0].grade, "hung_on": hangs[1].on.isoformat()}
        found = finding_of_case("plate-hangs", Verdict.BLOCK, "block", **told)
        yield msgspec.structs.replace(found, because=(hangs[1].source,))
    if campaign_of(case).is_pending(case.about):
        yield finding_of_case("rating-void", Verdict.BLOCK, "block", unit=str(case.about))
    if grade is None:
        yield finding_of_case("rating-none", Verdict.BLOCK, "block")
        return
    yield _of_the_plan(case, grade)


def _of_the_plan(case: FileCase, grade: str) -> Finding:
    file, on = campaign_of(case), case.command.on
    if not plans_of(file, case.rules, on):
        return finding_of_case("plate-plan-unknown", Verdict.REFER, "warn", grade=grade)
    rules = plate_rules(file, case.rules, on)
    for rule, levels in rules:
        if grade in levels:
            found = finding_of_case("plate-for", Verdict.OK, "record", grade=grade)
            confidence = rule.clause_on(on).confidence
            return msgspec.structs.replace(
                found, clause=rule.cite(on), pack=rule.pack_id, confidence=confidence
            )
    given = list(dict.fromkeys(level for _, levels in rules for level in levels))
    name = "plate-not-for" if given else "plate-of-no-grade"
    told = {"levels": given} if given else {}
    return finding_of_case(name, Verdict.BLOCK, "block", grade=grade, **told)


def plate_rules(file: Campaign, rules: Rules, on: date) -> list[tuple[Grades, tuple[str, ...]]]:
    """Return the rules of the plan of a campaign that put up plates on a day, with the grades each names."""
    plans = plans_of(file, rules, on)
    found = []
    for rule in (rule for pack in rules.packs if pack.id in plans for rule in pack.own_rules):
        value = rule.value_on(on) if isinstance(rule, Grades) and rule.about == Campaign.kind else None
        entries = value.value if value is not None else ()
        levels = tuple(level for one in entries if "plate" in one for level in one.get("levels", ()))
        if isinstance(rule, Grades) and levels:
            found.append((rule, levels))
    return found


@decided.register
def _(command: cmd.TakePlateDown, case: FileCase) -> Decision:
    event = ev.PlateTakenDown(
        taken_down_on=command.on, about=case.about, reason=command.reason, document=command.document
    )
    return decision(event, findings=(*check(case), *_before_taking_down(command, case)))


def _before_taking_down(command: cmd.TakePlateDown, case: FileCase) -> Iterator[Finding]:
    file = campaign_of(case)
    hangs, held = file.plate_of(case.about), file.grade_of(case.about)
    if hangs is None:
        yield finding_of_case("plate-none", Verdict.BLOCK, "block")
    elif (
        held is not None and held[0].grade == hangs[0].grade and not command.reason.strip() and case.complete
    ):
        told = {"grade": held[0].grade, "missing": "reason"}
        yield finding_of_case("plate-reason", Verdict.INCOMPLETE, "block", **told)


def left_hanging(case: FileCase) -> Iterator[Finding]:
    """Yield a note that a plate hangs on when its grade is taken away; no text says when it comes down."""
    hangs = campaign_of(case).plate_of(case.about)
    if hangs is not None:
        told = {"grade": hangs[0].grade, "hung_on": hangs[1].on.isoformat()}
        found = finding_of_case("plate-left-hanging", Verdict.NOTE, "record", **told)
        yield msgspec.structs.replace(found, confidence=NOT_WRITTEN, because=(hangs[1].source,))
