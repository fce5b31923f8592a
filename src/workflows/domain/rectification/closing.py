"""整改销号: closing rests on the facts, on a waiver by name, or on a reason where the unit is no more."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import msgspec

from workflows.domain.act import Decision, Who, decision
from workflows.domain.case_files import FileCase, decided, finding_of_case
from workflows.domain.facts import Broken
from workflows.domain.rectification import commands as cmd
from workflows.domain.rectification import events as ev
from workflows.domain.rectification.state import Rectification
from workflows.policies.findings import Finding, Verdict

STILL_BROKEN, CANNOT_TELL = "close-still-broken", "close-cannot-tell"
BY_ANOTHER, WHO_WANTED = "close-by-another", "close-who"
PERHAPS_THE_SAME = "close-perhaps-the-same"
ITSELF = frozenset({"", "本支部", "本党支部", "党支部", "本单位", "本党组织"})
"""How a waiver says that nobody above gave it."""
BROKEN_THERE = "close-broken-there"
GIVEN_LATE, ENTERED_LATE = "close-waived-late", "close-waived-entered"


@decided.register
def _(command: cmd.CloseOut, case: FileCase) -> Decision:
    told = clean(case, command.on)
    is_in_order = case.file.stage == "accepted" and all(one.rule != STILL_BROKEN for one in told)
    ends_with_the_unit = case.is_gone and not is_in_order
    event = ev.IssueClosedOut(
        closed_on=command.on,
        by=case.who(command.by),
        document=command.document,
        reason=command.reason,
        unit_gone=ends_with_the_unit or None,
    )
    if ends_with_the_unit:
        told = (*case.of_the_gone(command.reason), *_goes_on(case, command.on))
    return decision(event, findings=(*case.check_move(event.move), *by_another(case, event.by), *told))


def _goes_on(case: FileCase, on: date) -> tuple[Finding, ...]:
    """Return that what the problem is about is broken in the unit that the merged one became a part of."""
    problem = problem_of(case)
    heir = case.cases.successor(case.unit_id, on) if case.unit_id is not None else None
    issue = problem.last(ev.IssueOpened)
    if heir is None or problem.rule is None or issue is None:
        return ()
    found = case.cases.broken(problem.rule, heir, on, since=issue[1].on, period=issue[0].period)
    if found is None or not found.what:
        return ()
    told = {"rule": problem.rule, "on": on.isoformat(), "broken": list(found.what), "unit": str(heir)}
    goes_on = finding_of_case(BROKEN_THERE, Verdict.REFER, "warn", **told)
    named = {"label": found.label, "clause": found.clause, "pack": found.pack, "because": found.because}
    return (msgspec.structs.replace(goes_on, **named),)


def by_another(case: FileCase, by: Who | None) -> tuple[Finding, ...]:
    """Return a block where whoever accepts or closes had a hand in putting it right; unsaid is missing.

    Whoever stood on the books under a bare name then may be known by now. Names that differ in what stands
    in brackets only are for a person to tell apart.
    """
    if by is None:
        if not case.complete:
            return ()
        wanted = finding_of_case(WHO_WANTED, Verdict.INCOMPLETE, "block", missing="by")
        return (wanted,)
    others = problem_of(case).put_right_by
    known = {one for other in others for one in (other, case.who(other.name))}
    if by in known:
        return (finding_of_case(BY_ANOTHER, Verdict.BLOCK, "block", person=by.label),)
    if by.name is not None and _plain(by.name) in {_plain(one.name) for one in others if one.name}:
        return (finding_of_case(PERHAPS_THE_SAME, Verdict.REFER, "warn", person=by.label),)
    return ()


def _plain(name: str) -> str:
    return re.sub(r"[（(].*?[）)]|\s", "", name)


def clean(case: FileCase, on: date) -> tuple[Finding, ...]:
    """Return a block while the rule the problem is about is broken in the facts, and was not waived."""
    problem = problem_of(case)
    issue = problem.last(ev.IssueOpened)
    if problem.rule is None or issue is None or case.unit_id is None:
        return ()
    found = case.cases.broken(problem.rule, case.unit_id, on, since=issue[1].on, period=issue[0].period)
    told: dict[str, Any] = {"rule": problem.rule, "on": on.isoformat()}
    if found is not None:
        told["looked"] = list(dict.fromkeys(one.what for one in found.looked if one.state != "ahead"))
    if found is None:
        unsure = finding_of_case(CANNOT_TELL, Verdict.REFER, "warn", **told)
        return (msgspec.structs.replace(unsure, label=label_of(case, problem.rule)),)
    if found.what:
        broken = Finding(
            rule=STILL_BROKEN,
            verdict=Verdict.BLOCK,
            kind="case",
            label=found.label,
            severity="block",
            clause=found.clause,
            pack=found.pack,
            facts={**told, "broken": list(found.what)},
            because=found.because,
        )
        return (broken,)
    if found.waived:
        return _on_a_waiver(case, found, told)
    return ()


def _on_a_waiver(case: FileCase, found: Broken, told: dict[str, Any]) -> tuple[Finding, ...]:
    """Return that the rule is broken and was waived by name, by whom and when.

    A waiver by the unit itself, and one given or recorded only when what it lets pass was over, are referred.
    """
    facts = {**told, "waived": list(found.waived)}
    given = found.waiver
    if given is None:
        return (finding_of_case("close-waived", Verdict.NOTE, "record", **facts),)
    facts |= {"authority": given.authority, "since": given.since.isoformat()}
    waived = finding_of_case("close-waived", Verdict.NOTE, "record", **facts)
    told_all = [waived, *_late(found, facts)]
    unit = case.facts.unit(case.unit_id, case.command.on) if case.unit_id else None
    if (given.authority or "") in {*ITSELF, unit.name if unit else ""}:
        told_all.append(finding_of_case("close-waived-by-itself", Verdict.REFER, "warn", **facts))
    return tuple(told_all)


def _late(found: Broken, facts: dict[str, Any]) -> list[Finding]:
    """Return which periods were over before their waiver was given, or recorded: by whom, how many days."""
    told = []
    for rule, late in (
        (GIVEN_LATE, [one for one in found.late if one.entered_on is None]),
        (ENTERED_LATE, [one for one in found.late if one.entered_on is not None]),
    ):
        if not late:
            continue
        worst = max(late, key=lambda one: one.days)
        entered = {"entered_on": worst.entered_on.isoformat()} if worst.entered_on else {}
        given = {"authority": worst.waiver.authority, "since": worst.waiver.since.isoformat()}
        more = {**facts, **given, **entered, "waived": [one.what for one in late], "days": worst.days}
        one = finding_of_case(rule, Verdict.REFER, "warn", **more)
        told.append(msgspec.structs.replace(one, label=found.label, because=(worst.waiver.source,)))
    return told


def problem_of(case: FileCase) -> Rectification:
    """Return the problem a command is about."""
    if not isinstance(case.file, Rectification):
        raise TypeError("the case is no problem")
    return case.file


def label_of(case: FileCase, rule: str | None) -> str:
    """Return what a rule is called, "" where it is not known."""
    known = case.rules.rule(rule) if rule else None
    return known.label if known is not None else ""
