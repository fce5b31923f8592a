"""支部: the home of a unit: facts, next steps, 三会一课, committee, its past, the last acts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from workflows.application.ports import UnitEntry
from workflows.application.tree import keeper_on
from workflows.entrypoints.answers import explained
from workflows.entrypoints.masking import mask_text
from workflows.entrypoints.web import lights
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.told import timeline_told
from workflows.entrypoints.web.desk import Desk
from workflows.entrypoints.web.forms.offered import offered
from workflows.entrypoints.web.forms.people import POSTS
from workflows.entrypoints.web.grades import MOST_GRADES, grades_of
from workflows.entrypoints.web.lineage import lineage_of
from workflows.entrypoints.web.matters import is_bygone, is_only_watched, matter_of, urgent_first
from workflows.entrypoints.web.pages.terms import renewal_steps, vacancy_of
from workflows.entrypoints.web.pages.year import Cell, cells_of, this_month_and_quarter, tile_of
from workflows.entrypoints.web.problems import not_found
from workflows.entrypoints.web.problems_of_unit import beside_problems, problems_of
from workflows.entrypoints.web.units_told import unit_of
from workflows.entrypoints.web.why import Why, of_deadline
from workflows.entrypoints.web.words import WORDING, level_and_kind, value_word
from workflows.kernel.calendar import Period, add_months

router = APIRouter()
TERM_RULE, REMIND_RULE = "branch-term", "branch-term-remind"
NEXT_STEPS = 5
LAST_DAYS, MOST_ACTS = 30, 12
RELIEFS = {"RuleWaived": "豁免", "DeadlineHeld": "暂缓", "DeadlineExtended": "延长"}


@dataclass(frozen=True, slots=True)
class Term:
    """A term of office: its days, how near its end is, and why it ends that day."""

    begins: str
    ends: str
    light: lights.Light
    why: Why | None


@router.get("/units/{unit_id}")
def show(ask: Annotated[Ask, Depends()], unit_id: str) -> HTMLResponse:
    """Show the home of one unit.

    Raises:
        PageProblem: 404, there is no such unit.
    """
    desk, entry = ask.desk, unit_of(ask, unit_id)
    state = desk.state(entry.id)["state"]
    if not state.get("name"):
        raise not_found("个支部")
    whole = urgent_first(desk.deadlines(entry.id)["rows"])
    here = {str(entry.id), *(str(one) for one in kept_for(desk, entry.id))}
    limits = [row for row in whole if row["unit_id"] in here]
    present = [row for row in limits if not is_bygone(row)]
    present.sort(key=is_only_watched)  # nobody has anything to do there
    overdue = Counter(str(row["unit_id"]) for row in whole if row["status"] == "overdue")
    timeline = timeline_told(desk.history(entry.id)["rows"], desk, entry.id)
    cells = cells_of(entry, desk, desk.horizon.as_of.year)
    recent = [one for one in timeline.entries() if one.on > str(desk.horizon.as_of - timedelta(LAST_DAYS))]
    return ask.page(
        "unit.html",
        here="/units",
        entry=entry,
        state=state,
        undivided=is_undivided(state.get("committee") or ()),
        committee=by_post(state.get("committee") or ()),
        lineage=lineage_of(desk.lineage(entry.id)),
        superior=desk.unit_by_id.get(str(entry.superior)),
        kind=level_and_kind(entry.level, entry.kind),
        secretaries=[post for post in state.get("committee") or () if post["post"] == "secretary"],
        on_committee=persons_of(state.get("committee") or ()),
        term=term_of(state, limits, desk),
        vacancies=[vacancy_of(one) for one in state.get("vacancies") or ()],
        renewal_steps=renewal_steps(desk.terms(entry.id)["rows"], entry.id, desk.horizon.as_of),
        matters=[offered(matter_of(row, desk, with_unit=False), ask) for row in present[:NEXT_STEPS]],
        matters_left=max(0, len(present) - NEXT_STEPS),
        bygone=len(limits) - len(present),
        cells=cells_now(cells, desk.horizon.as_of),
        tiles=[tile_of(cells, one, entry, desk) for one in this_month_and_quarter(desk.horizon.as_of)],
        problems=problems_of(entry, desk, here),
        beside=beside_problems(entry, desk, here),
        reliefs=relieved(timeline.rows, entry, desk),
        votes=votes_of(entry, desk),
        grades=grades_of(state["grades"]),
        grades_left=max(0, len(state["grades"]) - MOST_GRADES),
        beginnings=beginnings(timeline.rows),
        below=[
            {"entry": one, "overdue": overdue[str(one.id)]}
            for one in desk.units
            if one.superior == entry.id and one.exists_on(desk.horizon.as_of)
        ],
        acts=recent[:MOST_ACTS],
        acts_left=max(0, len(recent) - MOST_ACTS),
        acts_total=len(timeline.rows),
    )


def persons_of(committee: Iterable[Mapping[str, Any]]) -> int:
    """Return how many persons a committee has: who holds two posts is one of them."""
    return len({post["person_id"] or post["person"] for post in committee})


def by_post(committee: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return a committee in the order of the office: the secretary first."""
    return sorted(committee, key=lambda one: POSTS.index(one["post"]))


def is_undivided(committee: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether a committee was elected whose members have no posts yet."""
    return len(committee) > 1 and all(one["post"] == "member" for one in committee)


def kept_for(desk: Desk, unit_id: UUID) -> list[UUID]:
    """Return the units that are no more by this horizon and whose open cases are now this one's."""
    on, known = desk.horizon.as_of, {one.id: one.dated for one in desk.units}
    ended = [one.id for one in desk.units if one.dated.ended is not None and one.dated.ended.on <= on]
    return [one for one in ended if keeper_on(one, on, known.get) == unit_id]


def votes_of(entry: UnitEntry, desk: Desk) -> list[dict[str, str]]:
    """Return the votes that the roster as known now judges otherwise: what, of whom, how, and the record."""
    told = explained(desk.votes(entry.id), WORDING, desk.name_of)
    return [
        {
            "title": WORDING.event(row["event"]) + (f"（{row['person']}）" if row["person"] else ""),
            "on": row["on"],
            "path": f"/events/{row['position']}",
            "told": " ".join(finding["message"] for finding in row["now"]),
        }
        for row in told["rows"]
    ]


def beginnings(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return when the unit was set up and from when on its books are kept, as far as the records say."""
    told: Mapping[str, Any] = next((row["facts"] for row in rows if row["event"] == "UnitEstablished"), {})
    found = [f"{told['established_on']} 成立"] if told.get("established_on") else []
    if told.get("books_from"):
        found.append(f"账册自 {told['books_from']} 起")
    return found + ([f"党小组 {told['cell_count']} 个"] if told.get("cell_count") else [])


def term_of(state: Mapping[str, Any], limits: Sequence[Mapping[str, Any]], desk: Desk) -> Term | None:
    """Return the running term of office, None before an election is on the books."""
    if not state.get("term_until"):
        return None
    ends = state["term_until"]
    terms = (row for row in limits if row["rule"] == TERM_RULE)
    row = next((row for row in terms if (row["first_due_on"] or row["due_on"]) == ends), None)
    if row is None:
        left = (date.fromisoformat(state["term_until"]) - desk.horizon.as_of).days
        light = lights.of_deadline({"days_left": left, "status": "overdue" if left < 0 else "due"})
        return Term(state["term_from"], state["term_until"], light, None)
    told = of_deadline(row, "本届任期届满", desk.horizon.as_of, desk.head)
    return Term(state["term_from"], state["term_until"], term_light(row, desk), told)


def term_light(row: Mapping[str, Any], desk: Desk) -> lights.Light:
    """Return the light of a term's end: near from the day on which one is to be reminded of it."""
    rule = desk.rules.rule(REMIND_RULE)
    value = rule.value_on(desk.horizon.as_of) if rule else None
    ends = date.fromisoformat(str(row["due_on"]))
    begins = add_months(ends, int(value.value)) if value else ends
    return lights.of_deadline(row, (ends - begins).days)


def cells_now(cells: Sequence[Cell], as_of: date) -> list[Cell]:
    """Return the duties of this month, this quarter and this year, and those of last month left undone."""
    now = {str(period) for period in this_month_and_quarter(as_of)}
    found = [
        cell
        for cell in cells
        if cell.period in now
        or (cell.verdict in ("missing", "invalid") and _just_ended(Period.parse(cell.period), as_of))
    ]
    return sorted(found, key=lambda cell: lights.URGENCY.index(cell.light.shape))


def _just_ended(period: Period, as_of: date) -> bool:
    return period.last < as_of <= period.next().last


@dataclass(frozen=True, slots=True)
class Relieved:
    """What a unit is let off on a day: which rule, how, until when, on whose word."""

    title: str
    told: str
    path: str
    light: lights.Light


def relieved(rows: Sequence[Mapping[str, Any]], entry: UnitEntry, desk: Desk) -> list[Relieved]:
    """Return what lets something pass for a unit on the day asked for, and what was let pass until then."""
    found = []
    for row in rows:
        facts = row["facts"]
        if row["event"] not in RELIEFS or row["retracted_by"]:
            continue
        rule = desk.rule(facts["rule"], entry.id)
        until = str(facts.get("due_on") or facts.get("until") or "")
        over = bool(until) and until < str(desk.horizon.as_of)
        named = ("subject", "authority", "document", "reason")
        told = [value_word(name, facts[name]) for name in named if facts.get(name)]
        shape = (
            lights.Light("no", f"到 {until} 为止")
            if over
            else lights.Light("free", f"至 {until}" if until else "没有定期限")
        )
        title = f"{RELIEFS[row['event']]}：{rule.label if rule else facts['rule']}"
        found.append(Relieved(title, mask_text("，".join(told)), f"/events/{row['position']}", shape))
    return list(reversed(found))
