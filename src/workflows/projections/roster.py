"""花名册: who belongs to units on a day and as what, read off the streams of people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from workflows.domain.act import OnBooks
from workflows.domain.facts import Facts
from workflows.domain.person import events as ev
from workflows.domain.person import member_events as mv
from workflows.domain.person.relation import bars_on, open_correction, stop_on, transit_of
from workflows.domain.person.rough_days import of_admission, of_full_membership
from workflows.domain.person.state import Person
from workflows.domain.person.whereabouts import absence, exemption_on, lost
from workflows.domain.stages import Stage
from workflows.domain.unit.life import cells_of
from workflows.domain.unit.posts import Holding
from workflows.domain.unit.state import Unit
from workflows.kernel import calendar
from workflows.policies.rules import Rules
from workflows.projections.naming import Naming, masked_profile
from workflows.projections.standing import posts_held, posts_of

MEMBERS = (Stage.PROBATIONARY, Stage.FULL)
IN_TRAINING = (Stage.APPLICANT, Stage.ACTIVIST, Stage.TARGET_AGREED, Stage.TARGET)
FLOATING_RULE = "float-def"
ONE_DAY = timedelta(days=1)


def rows(
    people: Iterable[Person],
    unit_of: Callable[[UUID], Unit],
    facts: Facts,
    rules_of: Callable[[UUID | None, date], Rules],
    naming: Naming,
    *,
    on: date,
    units: frozenset[UUID],
    stages: Sequence[Stage] = MEMBERS,
) -> list[dict[str, Any]]:
    """Return one row a person of the units on a day, by unit and day of membership; numbers are masked.

    ``stages``: the members alone, unless others are asked for. ``marks`` tell what is out of the ordinary.
    """
    found = []

    @cache
    def held(unit_id: UUID) -> Sequence[Holding] | None:
        return posts_held(unit_of(unit_id), facts, on)

    @cache
    def cells(unit_id: UUID) -> dict[str, date | None]:
        told = cells_of(unit_of(unit_id).at(on))
        return {cell.name: cell.until for cell in told}

    for person in people:
        unit_id, stage = person.unit_on(on), person.stage_on(on)
        if unit_id not in units or unit_id is None or stage not in stages:
            continue
        cut = person.at(on)
        admitted, full = cut.admitted, cut.full_from
        told = circumstances(cut, rules_of(unit_id, on), naming, on=on)
        is_member = stage in MEMBERS
        found.append(
            {
                "unit": naming.unit(unit_id),
                "unit_id": str(unit_id),
                "person": cut.profile.name,
                "person_id": str(cut.id),
                "stage": stage.value,
                "member_from": admitted[0].isoformat() if admitted and is_member else None,
                "full_since": full[0].isoformat() if full and stage is Stage.FULL else None,
                **_roughly(cut, stage),
                "voting_right": votes_on(cut, on),
                "posts": posts_of(cut, held(unit_id), on),
                "stage_since": cut.stage_since.isoformat() if cut.stage_since else None,
                "in_unit_since": cut.units[-1].on.isoformat(),
                "cell": cell_of(cut, cells(unit_id)),
                "marks": list(told),
                "circumstances": told,
                **{k: v for k, v in masked_profile(cut.profile).items() if k != "name"},
            }
        )
    return sorted(found, key=lambda r: (r["unit"] or "", r["member_from"] or "~", r["person"] or ""))


def votes_on(person: Person, on: date) -> bool:
    """Say whether someone has a vote on a day, as the base of quorum and majority counts them."""
    return person.stage_on(on) is Stage.FULL and not person.is_barred_on(on) and not person.is_stopped_on(on)


def is_counted(person: Person, on: date, units: frozenset[UUID]) -> bool:
    """Say whether someone is among the members of the units on a day: who was stopped is not."""
    return person.stage_on(on) in MEMBERS and not person.is_stopped_on(on) and person.unit_on(on) in units


def cell_of(person: Person, cells: Mapping[str, date | None]) -> str | None:
    """Return the party cell (党小组) someone was last put into, while they stay in the unit and it is there.

    ``cells``: the last day-after of each cell on the books of the unit (None: it is still there).
    """
    since = person.units[-1].on if person.units else date.min
    told = [a.event.cell for a in person.acts if isinstance(a.event, ev.CellAssigned) and a.on >= since]
    return told[-1] if told and cells.get(told[-1] or "") is None else None


def circumstances(person: Person, rules: Rules, naming: Naming, *, on: date) -> dict[str, Any]:
    """Return what is out of the ordinary with a member on a day: by its name, its days and what it says.

    ``person`` is cut at that day. Who is away for as long as ``float-def`` says, with the relation not moved,
    is floating (流动党员) from that day on.
    """
    found: dict[str, Any] = {}
    if person.stage not in MEMBERS:
        return _in_transit(person, naming)
    if (stop := stop_on(person, on)) is not None:
        found["stopped"] = {"since": stop[1].on.isoformat(), "ground": stop[0].ground}
    if person.is_barred_on(on):
        bar = bars_on(person, on)[-1]
        told = {"since": bar.barred_on.isoformat(), "until": bar.until and bar.until.isoformat()}
        found["suspended" if bar.is_suspension else "barred"] = told
    missing = lost(person)
    if missing is not None and missing.found is None:
        found["lost"] = {"since": missing.since.isoformat()}
    found |= _in_transit(person, naming)
    away = absence(person)
    if away is not None and away.ended is None:
        floats = floating_from(away.act.on, rules)
        name = "floating" if floats is not None and floats <= on else "away"
        until = away.event.until
        found[name] = {
            "since": away.act.on.isoformat(),
            "floating_from": floats.isoformat() if floats else None,
            "until": until.isoformat() if until else None,
            "purpose": away.event.purpose,
            "fixed_place": away.event.fixed_place,
        }
    if (exempt := exemption_on(person, on)) is not None:
        until = exempt.until
        found["exempt"] = {
            "since": exempt.exempted_on.isoformat(),
            "until": until.isoformat() if until else None,
            "reason": exempt.reason,
        }
    ordered = open_correction(person)
    if ordered is not None and ordered[2] is None:
        event, act, _ = ordered
        ends = calendar.add_months(act.on, event.months) if event.months else None
        found["correcting"] = {"since": act.on.isoformat(), "until": ends.isoformat() if ends else None}
    return found


def _in_transit(person: Person, naming: Naming) -> dict[str, Any]:
    sent = transit_of(person)
    if sent is None:
        return {}
    to = sent.outside or naming.unit(sent.unit_id)
    told = {"since": sent.transferred_on.isoformat(), "to": to, "letter": sent.letter}
    return {"in_transit": {**told, "until": sent.valid_until.isoformat() if sent.valid_until else None}}


def floating_from(left_on: date, rules: Rules) -> date | None:
    """Return the day from which someone away since ``left_on`` is floating; None where no rule says so."""
    for rule in rules.rules_named(FLOATING_RULE):
        value = rule.value_on(left_on)
        if value is not None:
            return calendar.add(left_on, int(value.value), getattr(rule, "unit", "month"))
    return None


# --- what changed between two days --------------------------------------------------------------------------


def changes(
    people: Iterable[Person], naming: Naming, *, since: date, until: date, units: frozenset[UUID]
) -> list[dict[str, Any]]:
    """Return what changed on the roster after ``since``, up to ``until`` (inclusive), day by day.

    ``change``: joined, left, moved (from one of the units to another), full, barred, unbarred. The members of
    the first day, with those who joined and without those who left, are those of the last day; so a stop of
    membership is one way to leave.
    """
    found = [row for person in people for row in _changes_of(person, naming, since, until, units)]
    return sorted(found, key=lambda r: (r["on"], r["unit"] or "", r["person"] or "", r["change"]))


def _changes_of(
    person: Person, naming: Naming, since: date, until: date, units: frozenset[UUID]
) -> Iterator[dict[str, Any]]:
    days = {entry.on for entry in person.units} | {entry.on for entry in person.stages}
    days |= person.membership_changes | person.bar_changes
    for day in sorted(day for day in days if since < day <= until):
        before, now = (is_counted(person, one, units) for one in (day - ONE_DAY, day))
        home = person.unit_on(day) if now else person.unit_on(day - ONE_DAY)
        for change in _kinds(person, day, before, now):
            act = _cause(person, day, change)
            yield {
                "on": day.isoformat(),
                "change": change,
                "unit": naming.unit(home),
                "unit_id": str(home) if home else None,
                "person": person.profile.name,
                "person_id": str(person.id),
                "stage": (person if now else person.at(day - ONE_DAY)).stage_on(day).value,
                "event": type(act.event).__name__ if act else None,
                "position": act.source.position if act else None,
                "other": _other_side(person, day, change, naming),
            }


def _kinds(person: Person, day: date, before: bool, now: bool) -> Iterator[str]:
    if now and not before:
        yield "joined"
    elif before and not now:
        yield "left"
    elif now and person.unit_on(day) != person.unit_on(day - ONE_DAY):
        yield "moved"
    stages = (person.stage_on(day - ONE_DAY), person.stage_on(day))
    if now and before and stages == MEMBERS:
        yield "full"
    if now and before and person.is_barred_on(day) != person.is_barred_on(day - ONE_DAY):
        yield "barred" if person.is_barred_on(day) else "unbarred"


def _cause(person: Person, day: date, change: str) -> OnBooks | None:
    """Return the act that brought a change about: of that day, the last one that could have."""
    if change in ("barred", "unbarred"):
        bars = [
            act
            for act in person.acts
            if isinstance(act.event, mv.RightsBarred) and act.event.bars and act.on <= day
        ]
        return bars[-1] if bars else None
    wanted = {entry.act.source.event_id for entry in person.units if entry.on == day}
    wanted |= {entry.act.source.event_id for entry in person.stages if entry.on == day}
    wanted |= {act.source.event_id for act in person.acts if act.on == day and _rests(act)}
    told = [act for act in person.acts if act.source.event_id in wanted]
    return told[-1] if told else None


def _rests(act: OnBooks) -> bool:
    return type(act.event).__name__ in ("MembershipStopped", "MembershipRestored")


def _other_side(person: Person, day: date, change: str, naming: Naming) -> str | None:
    """Return where someone came from, or went to, by a transfer of that day."""
    before, after = person.unit_on(day - ONE_DAY), person.unit_on(day)
    if before == after or change not in ("joined", "left", "moved"):
        return None
    if change != "left":
        return naming.unit(before)
    moved = next((entry for entry in reversed(person.units) if entry.on == day), None)
    return naming.unit(after) or (getattr(moved.act.event, "outside", None) if moved else None)


def _roughly(cut: Person, stage: Stage) -> dict[str, Any]:
    """Return the days known only roughly beside those that stand for them; nothing where all are exact."""
    told = {"member_from": of_admission(cut), "stage_since": cut.stages[-1].approx}
    told["in_unit_since"] = cut.units[-1].act.approx
    if stage is Stage.FULL:
        told["full_since"] = of_full_membership(cut)
    return {f"{name}_approx": day.as_json() for name, day in told.items() if day is not None}
