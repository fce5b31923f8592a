"""豁免、暂缓、延长: what one unit or person was let off by name, from a day on, and what it does to a rule.

A rule itself never changes by it: what it found stays visible, with who let it pass, until when, by which
document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import msgspec
from msgspec.structs import replace

from workflows.policies.deadlines import Deadline, Duty
from workflows.policies.findings import Finding, Relief, Verdict

WAIVED = "waived"
"""Why the period of a duty asks nothing: its last day lies in a waiver of the duty."""

LIFTED = frozenset({Verdict.BLOCK, Verdict.INCOMPLETE, Verdict.REFER, Verdict.WARN, Verdict.LATE})
"""What a waiver turns into a note; what merely is so (not passed, a conflict, a convention) stays."""

OF_RULES_ALONE = frozenset({"stage", "input"})
"""Kinds of findings no rule of a pack made: the order of the stages, numbers that cannot be."""

OF_A_RELIEF = (
    "waived_verdict", "waived_on", "waived_until", "hold_since", "hold_until", "extended_on", "extended_to",
    "was_due_on", "authority", "document",
)  # fmt: skip
"""The facts a relief adds to a finding."""

MARKS_OF_A_RELIEF = ("waived_on", "hold_since", "extended_on")
"""By which of them one tells that a finding was relieved, and how: no other finding has any of these."""

RECURRING = ("interval", "term", "cadence")
"""Kinds of rules that set several limits in one case: an extension moves the one it was given for."""


def is_about(relief: Relief, rule: str, aliases: Sequence[str] = ()) -> bool:
    """Say whether a relief is about a rule, named by its id or an alias."""
    return relief.rule == rule or relief.rule in aliases


def holds_on(relief: Relief, day: date) -> bool:
    """Say whether a relief holds on a day: from its own day to its last one, both included."""
    return relief.since <= day and (relief.until is None or day <= relief.until)


def as_if_since(reliefs: Iterable[Relief], first: date, last: date) -> tuple[Relief, ...]:
    """Return the reliefs that hold on some day of a span, as if they had held from its first day on."""
    spans = (r for r in reliefs if r.since <= last and (r.until is None or r.until >= first))
    return tuple(replace(r, since=min(r.since, first)) for r in spans)


def waiver_on(reliefs: Iterable[Relief], rule: str, aliases: Sequence[str], day: date) -> Relief | None:
    """Return the waiver of a rule that holds on a day, the latest given one; None where there is none."""
    found = (r for r in reliefs if r.form == "waived" and is_about(r, rule, aliases) and holds_on(r, day))
    return max(found, key=_order, default=None)


def _order(relief: Relief) -> tuple[date, int]:
    return relief.since, relief.source.position


# --- findings -------------------------------------------------------------------------------------------


def is_relieved(finding: Finding) -> bool:
    """Say whether a finding tells of a relief that let it pass or gave it more time."""
    return any(mark in finding.facts for mark in MARKS_OF_A_RELIEF)


def relieved(finding: Finding, command: str, on: date, reliefs: Sequence[Relief]) -> Finding:
    """Return a finding at an act of ``on`` as the reliefs of that day leave it.

    A waived one is a ``note``; a passed limit that was extended counts from its later day. A maximum that may
    not be passed at all is moved by no extension.
    """
    if finding.kind in OF_RULES_ALONE or finding.verdict not in LIFTED:
        return finding
    waiver = waiver_on(reliefs, finding.rule, finding.aliases, on)
    if waiver is not None:
        told = {
            "waived_verdict": finding.verdict.value,
            "waived_on": waiver.since.isoformat(),
            "waived_until": waiver.until.isoformat() if waiver.until else None,
        }
        return _with(finding, waiver, told, verdict=Verdict.NOTE)
    if finding.verdict is Verdict.BLOCK:
        return finding
    held = _hold_on(finding, command, on, reliefs)
    if held is not None:
        told = {
            "waived_verdict": finding.verdict.value,
            "hold_since": held.since.isoformat(),
            "hold_until": held.until.isoformat() if held.until else None,
        }
        return _with(finding, held, told, verdict=Verdict.NOTE)
    return _extended(finding, command, on, reliefs)


def _hold_on(finding: Finding, command: str, on: date, reliefs: Sequence[Relief]) -> Relief | None:
    """Return what held a passed limit on the day of the act, the latest given; None where nothing did."""
    if finding.verdict is not Verdict.LATE:
        return None
    mine = (r for r in reliefs if r.form == "held" and is_about(r, finding.rule, finding.aliases))
    told = (None, command, str(finding.latest_on))
    return max((r for r in mine if r.subject in told and holds_on(r, on)), key=_order, default=None)


def _extended(finding: Finding, command: str, on: date, reliefs: Sequence[Relief]) -> Finding:
    if finding.latest_on is None or finding.days_late is None:
        return finding
    mine = [relief for relief in reliefs if is_about(relief, finding.rule, finding.aliases)]
    due, last = extended_day(finding.latest_on, finding.kind, command, on, mine)
    if last is None:
        return finding
    told = {
        "extended_on": last.since.isoformat(),
        "was_due_on": str(finding.latest_on),
        "extended_to": due.isoformat(),
    }
    if on <= due:
        told = {"waived_verdict": finding.verdict.value, **told}
        return _with(finding, last, told, verdict=Verdict.NOTE, latest_on=due, days_late=None)
    return _with(finding, last, told, latest_on=due, days_late=(on - due) // timedelta(days=1))


def extended_day(
    due: date, kind: str, command: str, on: date, reliefs: Iterable[Relief]
) -> tuple[date, Relief | None]:
    """Return the day to which the last day of an act was extended by ``on``, and what extended it last.

    ``kind`` is that of the rule, all ``reliefs`` are about it: where it sets several limits in one case, an
    extension moves only the one it was given for.
    """
    last = None
    for relief in sorted((r for r in reliefs if r.form == "extended" and r.since <= on), key=_order):
        one = relief.was_due_on == due if kind in RECURRING else relief.subject in (None, command, str(due))
        if one and relief.due_on is not None and relief.due_on > due:
            due, last = relief.due_on, relief
    return due, last


def _with(finding: Finding, relief: Relief, told: Mapping[str, str | None], **changes: object) -> Finding:
    named = {**told, "authority": relief.authority, "document": relief.document}
    facts = {**finding.facts, **{name: value for name, value in named.items() if value}}
    return replace(finding, facts=facts, because=(*finding.because, relief.source), **changes)


# --- limits and duties ----------------------------------------------------------------------------------


def relieved_limits(limits: Sequence[Deadline], reliefs: Sequence[Relief]) -> list[Deadline]:
    """Return the limits of one case as the reliefs leave them: later days, and what holds them."""
    if not reliefs:
        return list(limits)
    return [_relieved_limit(limit, reliefs) for limit in limits]


def _relieved_limit(limit: Deadline, reliefs: Sequence[Relief]) -> Deadline:
    mine = [r for r in sorted(reliefs, key=_order) if is_about(r, limit.rule, limit.aliases)]
    due, kept = limit.due_on, list[Relief]()
    for relief in mine:
        if relief.form == "extended":
            moves = relief.was_due_on == due if limit.kind in RECURRING else _is_of(relief, limit)
            if not moves or relief.due_on is None or relief.due_on <= due:
                continue
            due = relief.due_on if limit.latest_on is None else min(relief.due_on, limit.latest_on)
        elif relief.form == "held" and not _is_of(relief, limit):
            continue
        kept.append(relief)
    if not kept:
        return limit
    sources = tuple(dict.fromkeys((*limit.because, *(relief.source for relief in kept))))
    first = limit.due_on if due != limit.due_on else None
    return replace(limit, due_on=due, first_due_on=first, reliefs=tuple(kept), because=sources)


def _is_of(relief: Relief, limit: Deadline) -> bool:
    """Say whether a relief given for one subject means this limit: its step, its period or its last day."""
    return relief.subject in (None, limit.subject, limit.due_on.isoformat())


def relieved_duty(duty: Duty, reliefs: Sequence[Relief]) -> Duty:
    """Return a duty of a period as the reliefs leave it: exempt, held, or to be done by a later day.

    A period that was over before a waiver or a hold began is touched only if it is named.
    """
    mine = [r for r in sorted(reliefs, key=_order) if is_about(r, duty.rule, duty.aliases)]
    due, kept = duty.last, list[Relief]()
    for relief in mine:
        if relief.subject not in (None, duty.period, duty.last.isoformat()):
            continue
        if relief.form != "extended" and relief.subject is None and not _touches(relief, duty):
            continue
        if relief.form == "extended":
            if relief.was_due_on != due or relief.due_on is None or relief.due_on <= due:
                continue
            due = relief.due_on
        kept.append(relief)
    if not kept:
        return duty
    waiver = waiver_on(kept, duty.rule, duty.aliases, duty.last)
    return replace(
        duty,
        exempt=duty.exempt or (WAIVED if waiver is not None else ""),
        due_on=due if due != duty.last else None,
        reliefs=tuple(kept),
        because=tuple(dict.fromkeys((*duty.because, *(relief.source for relief in kept)))),
    )


def _touches(relief: Relief, duty: Duty) -> bool:
    return relief.since <= duty.last and (relief.until is None or relief.until >= duty.first)


def holding(limit: Deadline, day: date) -> tuple[Relief, ...]:
    """Return what holds a limit on a day: a waiver or a hold, the oldest first; () where it runs."""
    return tuple(r for r in limit.reliefs if r.form != "extended" and holds_on(r, day))


def is_lapsed(limit: Deadline, day: date) -> bool:
    """Say whether the limit of a period no longer is one: it was waived on its last day, and that is over."""
    if limit.kind != "cadence" or not limit.reliefs:
        return False
    last = limit.first_due_on or limit.due_on
    waivers = [r for r in limit.reliefs if r.form == "waived" and holds_on(r, last)]
    return bool(waivers) and all(r.until is not None and r.until < day for r in waivers)


def beside(
    rule: str, aliases: Sequence[str], made_on: date, asked_on: date, reliefs: Iterable[Relief]
) -> Relief | None:
    """Return the waiver to be told beside a finding kept with an act of ``made_on``, None if none is.

    It covers the day of the act; or it was given afterwards, and holds on the day asked for.
    """
    known = [relief for relief in reliefs if relief.since <= asked_on]
    return waiver_on(known, rule, aliases, made_on) or waiver_on(known, rule, aliases, max(made_on, asked_on))


def as_json(relief: Relief) -> dict[str, object]:
    """Return a relief in JSON form, with the event that gave it."""
    told = {
        "form": relief.form,
        "on": relief.since,
        "until": relief.until,
        "due_on": relief.due_on,
        "was_due_on": relief.was_due_on,
        "authority": relief.authority or None,
        "document": relief.document or None,
        "reason": relief.reason or None,
        "event": relief.source.event,
        "event_id": relief.source.event_id,
        "position": relief.source.position,
        "recorded_on": relief.source.recorded_on,
    }
    plain: dict[str, object] = msgspec.to_builtins(told)
    return plain
