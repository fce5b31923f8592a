"""会议: the month as a calendar or a list, the minutes of one meeting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from workflows.domain.unit.events import MeetingHeld
from workflows.entrypoints.masking import mask_text
from workflows.entrypoints.period_words import period_word
from workflows.entrypoints.web import export, why
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.told import timeline_told
from workflows.entrypoints.web.forms.quorum import MEETINGS
from workflows.entrypoints.web.lights import Light
from workflows.entrypoints.web.pages.events import LONGEST_POSITION
from workflows.entrypoints.web.paging import LONG_LIST, Pages, chip
from workflows.entrypoints.web.problems import not_found
from workflows.entrypoints.web.timeline import actor_word, field_word, recorded_day
from workflows.entrypoints.web.words import WEEKDAYS, event_word, value_word, word
from workflows.kernel.calendar import Period
from workflows.kernel.events import is_known
from workflows.policies.findings import Verdict

router = APIRouter()
MEETINGS_PATH = "/meetings"
VIEWS = {"month": "月历", "list": "列表"}
DAYS_A_WEEK = 7
VOTES = {"in_favour": "赞成", "written_in_favour": "书面赞成", "against": "反对", "abstained": "弃权"}
MORE_TOLD = ("also", "excluded", "grades", "rituals", "tasks")
SHOWN_A_DAY = 4
"""How many meetings of one day a calendar names; the others are counted."""


@dataclass(frozen=True, slots=True)
class Held:
    """One meeting in a list: who came of how many, what was resolved, whether the rules let it stand."""

    path: str
    on: str
    title: str
    unit: str
    unit_path: str
    present: str
    topics: str
    votes: int
    light: Light
    late: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a calendar; ``is_in``: of the month shown."""

    on: date
    is_in: bool
    is_today: bool
    held: Sequence[Held]
    others: int


def held_of(row: Mapping[str, Any]) -> Held:
    """Return a meeting as a list shows it."""
    late = (date.fromisoformat(row["recorded_on"]) - date.fromisoformat(row["on"])).days
    cell = f"（{row['cell']}）" if row["cell"] else ""
    also = "".join(f"，兼{word('meeting', one)}" for one in row["also"])
    made_up = f"（补 {row['for_period']}）" if row["for_period"] else ""
    told = [f"应到 {row['eligible']}"] if row["eligible"] is not None else []
    told += [f"实到 {row['attending']}"] if row["attending"] is not None else []
    return Held(
        path=f"{MEETINGS_PATH}/{row['position']}",
        on=row["on"],
        title=word("meeting", row["type"]) + also + cell + made_up,
        unit=row["unit"] or "",
        unit_path=f"/units/{row['unit_id']}",
        present="，".join(told) or "没有写",
        topics=mask_text("；".join([*row["topics"], *(f"表决：{one}" for one in row["resolutions"])])),
        votes=len(row["resolutions"]),
        light=_light(row),
        late=f"{row['recorded_on']} 记录，晚 {late} 天" if late > 0 else "当日记录",
    )


def _light(row: Mapping[str, Any]) -> Light:
    if not row["valid"]:
        return Light("over", "无效")
    if row["findings"]:
        worst = row["findings"][0]
        shape = "refer" if worst["verdict"] in ("refer", "not_passed") else "soon"
        return Light(shape, word("verdict", worst["verdict"]))
    return Light("ok", "有效")


@router.get(MEETINGS_PATH)
def show(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show the meetings of a period as a calendar of the month or as a list."""
    desk, horizon = ask.desk, ask.horizon
    view = ask.choice("view", VIEWS, "month")
    period, unit, kind = _asked(ask)
    if view == "month" and period.kind != "month":
        period = Period.of(min(horizon.as_of, period.last), "month")
    answer = _shown(ask, view, period, unit, kind or None)
    asked = {
        "view": "" if view == "month" else view,
        "period": str(period),
        "unit": str(unit or ""),
        "type": kind,
    }
    query = {name: told for name, told in asked.items() if told}
    pages = Pages.of(answer["total"], ask.page_number, LONG_LIST, MEETINGS_PATH, horizon, query)
    before = Period.of(period.first - timedelta(days=1), period.kind)

    def link(**changed: object) -> str:
        return horizon.link(MEETINGS_PATH, **{**query, **changed})

    return ask.page(
        "meetings.html",
        here=MEETINGS_PATH,
        view=view,
        views=[
            chip(told, link(view="" if name == "month" else name), here=name == view)
            for name, told in VIEWS.items()
        ],
        period=str(period),
        period_told=_period_told(period),
        before=link(period=before),
        after=link(period=period.next()),
        before_told=_period_told(before),
        after_told=_period_told(period.next()),
        unit=str(unit or ""),
        unit_name=desk.unit_name(unit) if unit else "",
        units=desk.choices(unit),
        kind=kind,
        kinds=[(one, word("meeting", one)) for one in MEETINGS],
        total=answer["total"],
        weeks=_weeks(answer, period, horizon.as_of) if view == "month" else [],
        weekdays=WEEKDAYS,
        held=list(enumerate(map(held_of, answer["rows"]), pages.first)) if view == "list" else [],
        pages=pages,
        export_xlsx=horizon.link("/meetings.xlsx", **query),
    )


@router.get("/meetings.xlsx")
@router.get("/meetings.csv")
def save(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the same meetings, same filter, as a workbook or as CSV."""
    period, unit, kind = _asked(ask)
    rows = ask.desk.meetings(unit, period, kind or None, newest_first=True)["rows"]
    head = ("序号", "日期", "会议", "党组织", "应到实到", "议题和决议", "核对", "记录")
    told = [
        (n, one.on, one.title, one.unit, one.present, one.topics, one.light.text, one.late)
        for n, one in enumerate(map(held_of, rows), 1)
    ]
    return export.answer(ask, f"会议-{period}", head, told)


def _shown(ask: Ask, view: str, period: Period, unit: Any, kind: str | None) -> Mapping[str, Any]:
    """Return the meetings of a page: some of each day of a calendar, or of a list the newest first."""
    if view == "month":
        return ask.desk.meetings(unit, period, kind, most_a_day=SHOWN_A_DAY)

    return ask.paged(partial(ask.desk.meetings, unit, period, kind, newest_first=True), LONG_LIST)


def _asked(ask: Ask) -> tuple[Period, Any, str]:
    period = ask.period("period", Period.of(ask.horizon.as_of, "month"))
    return period, ask.unit_filter(), ask.choice("type", MEETINGS)


def _period_told(period: Period) -> str:
    """Return a period with its year."""
    told = period_word(str(period), period.first)
    return told if period.kind == "year" else f"{period.first.year} 年 {told}"


def _weeks(answer: Mapping[str, Any], period: Period, as_of: date) -> list[list[Day]]:
    by_day: dict[str, list[Held]] = {}
    for row in answer["rows"]:
        by_day.setdefault(row["on"], []).append(held_of(row))
    first = period.first - timedelta(days=period.first.weekday())
    weeks = []
    while first <= period.last:
        days = [first + timedelta(days=number) for number in range(DAYS_A_WEEK)]
        weeks.append(
            [
                Day(
                    day,
                    period.holds(day),
                    day == as_of,
                    by_day.get(str(day), []),
                    max(0, answer["days"].get(str(day), 0) - SHOWN_A_DAY),
                )
                for day in days
            ]
        )
        first += timedelta(days=DAYS_A_WEEK)
    return weeks


# --- one meeting --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Resolved:
    """One resolution: its votes and what the rules say of them."""

    topic: str
    votes: str
    light: Light
    told: str


@router.get(MEETINGS_PATH + "/{position}")
def minutes(ask: Annotated[Ask, Depends()], position: str) -> HTMLResponse:
    """Show the minutes of one meeting, with everything they rest on.

    Raises:
        PageProblem: 404, there is no such meeting, or it was not known yet.
    """
    desk, horizon = ask.desk, ask.horizon
    is_number = position.isascii() and position.isdigit() and len(position) <= LONGEST_POSITION
    record = desk.record(int(position)) if is_number else None
    if record is None or not is_known(record, horizon.known_on) or not isinstance(record.event, MeetingHeld):
        raise not_found("次会议")
    rows = desk.app.answering.records(record.stream_id, horizon.known_on)
    row = next((row for row in rows if row["position"] == record.position), None)
    if row is None or row["on"] > str(horizon.as_of):
        raise not_found("次会议")
    facts = row["facts"]
    scene = why.Scene("hold_meeting", record.effective_on, "", desk.name_of)
    findings = list(row.get("findings") or ())

    def told(finding: Mapping[str, Any]) -> why.Why:
        return why.of_finding(finding, scene, desk.head)

    day, kind = date.fromisoformat(row["on"]), str(facts["type"])
    late = (recorded_day(row) - day).days
    timeline = timeline_told(rows, desk, record.stream_id)
    return ask.page(
        "meeting.html",
        here=MEETINGS_PATH,
        position=record.position,
        row=row,
        entry=next(one for one in timeline.entries() if one.position == record.position),
        unit=desk.unit_name(record.stream_id),
        unit_path=f"/units/{record.stream_id}",
        month=str(Period.of(day, "month")),
        title=word("meeting", kind),
        actor=actor_word(row),
        late=late,
        recorded=str(recorded_day(row)),
        facts=facts,
        chair=value_word("chair", facts.get("chair")),
        lecturer=value_word("lecturer", facts["lecturer"]) if facts.get("lecturer") else "",
        present=[value_word("attendees", one) for one in facts.get("attendees") or ()],
        told=[(field_word(name), value_word(name, facts[name])) for name in MORE_TOLD if facts.get(name)],
        leave=[value_word("leave", one) for one in facts.get("leave") or ()],
        exempt=[value_word("exempt", one) for one in facts.get("exempt") or ()],
        topics=[mask_text(str(one)) for one in facts.get("topics") or ()],
        resolved=[_resolved(one, findings) for one in facts.get("resolutions") or ()],
        quorum=[told(one) for one in findings if one["kind"] in ("quorum", "share")],
        findings=[told(one) for one in findings],
        now=[told(one) for one in row.get("now") or ()],
        amendments=[
            one
            for one in timeline.entries()
            if one.position in [int(at) for at in (*row["corrected_by"], row["retracted_by"] or 0)]
        ],
        attachments=list(facts.get("attachments") or ()),
        can_correct=not row["retracted_by"],
        event_title=event_word(str(row["event"])),
    )


def _resolved(one: Mapping[str, Any], findings: Sequence[Mapping[str, Any]]) -> Resolved:
    votes = [f"{told} {one[name]}" for name, told in VOTES.items() if one.get(name) is not None]
    if one.get("secret") is not None:
        votes.append("无记名" if one["secret"] else "记名")
    judged = [f for f in findings if (f.get("facts") or {}).get("item") == one.get("topic")]
    light, told = Light("refer", "没有判断"), ""
    if judged:
        passed = judged[0]["verdict"] in (Verdict.OK.value, Verdict.NOTE.value)
        light = Light("ok", "通过") if passed else Light("over", "没有通过")
        lines = why.calc_lines(judged[0].get("calc") or ())
        told = "；".join(f"{line.left} {line.right}".strip() for line in lines) + f"（{judged[0]['clause']}）"
    return Resolved(mask_text(str(one.get("topic") or "")), "，".join(votes) or "没有写票数", light, told)
