"""推算的答案: what comes next for one person to the end, and who reaches a step by a wished day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from workflows.domain.person.state import Person
from workflows.domain.stages import RANK
from workflows.kernel.clock import today
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Known
from workflows.policies.acts import ACTS
from workflows.policies.rules import Rules
from workflows.projections.back_planning import Back, back_from
from workflows.projections.naming import Naming, plain
from workflows.projections.opening import Answer, Opened, Opening
from workflows.projections.pipeline import is_done, is_in_course, stages_of_step
from workflows.projections.planning import BY_THE_SUPERIOR, Course, Placed

VERDICTS = ("reaches", "refer", "cannot_tell", "too_late", "blocked")
"""Whether someone reaches a step in time; in this order they are listed."""


class Planning(Opening):
    """Answers that look ahead: nothing is recorded, nothing guessed; every day is one that the rules give."""

    def plan(
        self,
        unit_id: UUID | None = None,
        person_id: UUID | None = None,
        on: date | None = None,
        *,
        by: date | None = None,
        step: str | None = None,
        quota: int | None = None,
        known_on: Known = None,
    ) -> Answer:
        """Answer the steps ahead of one person, or of everybody on the way in a unit and all below.

        With ``step`` the plan ends there; with ``by`` too (the wished day) each row says whether it is
        reached in time, and by when each step before must be done. ``quota``: how many places there are.
        Those who make it stand in the order of the days left, which ranks nobody.

        Raises:
            WrongUsage: ``plan-step-unknown``; ``plan-step-wanted``: a day or a quota without a step.
        """
        day = on or today(self.clock)
        if step is None and (by is not None or quota is not None):
            raise WrongUsage("plan-step-wanted")
        with self.opened(known_on) as opened:
            people = self._planned(opened, unit_id, person_id, day)
            rows, charted = [], set[str]()
            for person in people:
                home = person.unit_on(day)
                rules = opened.books.rules_for(home, day)
                charted |= rules.chart.titles.keys()
                if step is not None and (
                    step not in rules.chart.titles or _has_done(person, step, rules, day)
                ):
                    continue
                course = Course(person, rules, opened.books, day)
                rows.append(row_of(course, opened.naming, until=step, by=by))
            if step is not None and step not in (charted or self.rules.chart.titles):
                raise WrongUsage("plan-step-unknown", step=step)
            if by is not None:
                rows.sort(key=_order)
            answer = self._answer(opened, rows, day, known_on)
        told = {"step": step, "by": by.isoformat() if by else None}
        return {**answer, **told, **(_places(rows, quota) if by is not None else {})}

    def _planned(
        self, opened: Opened, unit_id: UUID | None, person_id: UUID | None, day: date
    ) -> list[Person]:
        if person_id is not None:
            person = opened.books.person(person_id)
            return [person] if person.at(day).acts else []
        units = opened.books.below(unit_id, day)
        here = frozenset(units)
        people = [
            person
            for person in self._people(opened, units)
            if is_in_course(person, day) and person.unit_on(day) in here
        ]
        place = {unit: number for number, unit in enumerate(units)}
        return sorted(
            people,
            key=lambda p: (place[p.unit_on(day) or p.id], p.stage_on(day), opened.naming.person(p.id) or ""),
        )


def _has_done(person: Person, step: str, rules: Rules, day: date) -> bool:
    """Say whether a step was done, or lies before the stage someone is at."""
    cut = person.at(day)
    charted = next((one for pack in rules.packs for one in pack.steps if one.id == step), None)
    if charted is None or charted.repeats:
        return False
    stages = stages_of_step(step)
    is_behind = bool(stages) and max(RANK[stage] for stage in stages) < RANK[cut.stage]
    return is_behind or is_done(charted, cut)


def row_of(course: Course, naming: Naming, *, until: str | None, by: date | None) -> dict[str, Any]:
    """Return the plan of one person in JSON form."""
    person, unit_id = course.person, course.person.unit_id
    ahead = course.ahead(until)
    reached = next((placed for placed in ahead if placed.step.id == until and not placed.blocks), None)
    in_time = by is not None and reached is not None and reached.on <= by
    back = back_from(course, ahead, until, by) if in_time and by is not None and until is not None else None
    steps = _steps(course, ahead, back)
    row: dict[str, Any] = {
        "person": naming.person(person.id),
        "person_id": str(person.id),
        "unit": naming.unit(unit_id),
        "unit_id": str(unit_id) if unit_id else None,
        "stage": person.stage.value,
        "since": person.stage_since.isoformat() if person.stage_since else None,
        "steps": steps,
    }
    if until is None or by is None:
        return row
    spare = [(back.last[one.step.id] - one.on).days for one in ahead if back and one.step.id in back.last]
    verdict = _verdict(ahead, reached, by)
    return {
        **row,
        "verdict": verdict,
        "earliest_on": reached.on.isoformat() if reached and not any(p.rough for p in ahead) else None,
        "provisional": any(placed.provisional for placed in ahead),
        "days_left": min(spare) if spare else None,
        "days_late": (reached.on - by).days if verdict == "too_late" and reached else None,
        "missing": list(dict.fromkeys(name for placed in ahead for name in placed.unknown)),
        "because": _because(ahead),
        "findings": plain([finding for placed in ahead for finding in placed.blocks]),
    }


def _verdict(ahead: Sequence[Placed], reached: Placed | None, by: date) -> str:
    """Return whether a step is reached by a day: too late even where something is unknown stays too late."""
    if reached is None:
        return "blocked"
    if reached.on > by:
        # a day known only roughly may still prove early enough
        return "cannot_tell" if any(placed.rough for placed in ahead) else "too_late"
    if any(placed.unknown for placed in ahead):
        return "cannot_tell"
    return "refer" if any(placed.refers for placed in ahead) else "reaches"


def _steps(course: Course, ahead: Sequence[Placed], back: Back | None) -> list[dict[str, Any]]:
    """Return the steps in their order, those put in that only a later course asks for."""
    provided: list[str] = []
    is_provisional = is_open = False
    told = []
    last = back.last if back else {}
    for placed in _whole(ahead, back):
        row = _step(course, placed, provided, last.get(placed.step.id))
        if is_open:  # counted from a day that nobody can tell yet
            row |= {"earliest_on": None, "latest_on": None}
        is_open = is_open or bool(placed.rough)
        row["only_later"] = placed not in ahead
        is_provisional = is_provisional or (placed.provisional and not row["only_later"])
        row["only_early"] = back is not None and not placed.step.repeats and placed.step.id not in last
        rests = is_provisional or placed.provisional
        told.append({**row, "provisional": rests and placed.on >= course.on})
        provided += [name for name in (*placed.unknown, *placed.refers) if name not in provided]
    return told


def _whole(ahead: Sequence[Placed], back: Back | None) -> list[Placed]:
    found = list(ahead)
    before: str | None = None
    for placed in back.course if back else ():
        if all(one.step.id != placed.step.id for one in ahead):
            place = next((i for i, one in enumerate(found) if one.step.id == before), len(found) - 1)
            found.insert(place + 1, placed)
        before = placed.step.id
    return found


def _step(course: Course, placed: Placed, provided: Sequence[str], do_by: date | None) -> dict[str, Any]:
    step, rule, limit = placed.step, placed.rule, placed.limit
    titles = {**course.rules.chart.paper_titles, **course.rules.chart.titles}
    latest = placed.due or (limit.on if limit else None)
    return {
        "step": step.id,
        "no": step.no,
        "title": step.title,
        "status": _status(course, placed),
        "earliest_on": None if step.repeats or placed.rough else placed.on.isoformat(),
        **({"approx": placed.rough[-1].approx} if placed.rough else {}),
        "latest_on": latest.isoformat() if latest else None,
        "latest_is_planned": limit is not None and limit.is_planned and placed.due is None,
        "do_by": do_by.isoformat() if do_by else None,
        "waits": placed.waits,
        "by_superior": step.id in BY_THE_SUPERIOR,
        "rule": rule.id if rule else step.rule,
        "clause": rule.cite(placed.on) if rule else "",
        "pack": rule.pack_id if rule else None,
        "version": rule.clause_on(placed.on).start.isoformat() if rule else None,
        "confidence": rule.clause_on(placed.on).confidence if rule else None,
        "latest_rule": limit.rule.id if limit else None,
        "unknown": list(placed.unknown),
        "provided": list(provided),
        "missing": list(placed.missing),
        "missing_titles": {n: titles[n] for n in placed.missing if n in titles and n not in ACTS},
        "refers": list(placed.refers),
        "findings": plain(list(placed.blocks)),
    }


def _status(course: Course, placed: Placed) -> str:
    """Return how a step stands: what decides most is said first."""
    if placed.blocks:
        return "blocked"
    if placed.unknown:
        return "cannot_tell"
    if placed.step.repeats:
        return "recurring"
    if not placed.is_free or (placed.step.start is not None and placed.step.start > course.on):
        return "not_earlier"
    return "waits" if placed.on > course.on else "open"


def _because(ahead: Sequence[Placed]) -> list[dict[str, Any]]:
    """Return the rules that make the plan wait, each with the step and the first lawful day."""
    return [
        {
            "step": placed.step.id,
            "title": placed.step.title,
            "rule": placed.rule.id,
            "clause": placed.rule.cite(placed.on),
            "earliest_on": placed.on.isoformat(),
            "days": (placed.on - placed.after).days,
        }
        for placed in ahead
        if placed.waits and placed.rule is not None and not placed.rough
    ]


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    left = row["days_left"]
    return (
        VERDICTS.index(row["verdict"]),
        left if left is not None else row["days_late"] or 0,
        row["earliest_on"] or "",
        row["unit"] or "",
        row["person"] or "",
    )


def _places(rows: Sequence[dict[str, Any]], quota: int | None) -> dict[str, Any]:
    """Return how many make it, and with a quota how many of them there is a place for."""
    counts = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in VERDICTS}
    told: dict[str, Any] = {"counts": counts, "order": "days_left"}
    if quota is not None:
        fits = min(quota, counts["reaches"])
        told |= {"quota": quota, "fits": fits, "over": counts["reaches"] - fits, "free": quota - fits}
    return told
